//! `wirereport completions` and `wirereport man`.

use std::path::PathBuf;

use clap::CommandFactory;

use super::Cli;
use super::exit::Failure;
use super::text::print;

/// Print a shell's completions.
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    shell: clap_complete::Shell,
}

/// Print the manual page, or write the pages of all commands.
#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// The command whose page is meant, for example `posts retry`.
    command: Vec<String>,
    /// Write every page into this directory, for example /usr/local/share/man/man1.
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    all: Option<PathBuf>,
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "wirereport", &mut text);
    print(&String::from_utf8_lossy(&text))
}

pub(super) fn man(args: &ManArgs) -> Result<(), Failure> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    if let Some(dir) = &args.all {
        let written = clap_mangen::generate_to(root, dir);
        return written
            .map_err(|error| Failure::failed(format_args!("cannot write to {}: {error}", dir.display())));
    }
    let mut command = &root;
    for name in &args.command {
        command = command.find_subcommand(name).ok_or_else(|| {
            Failure::usage(format_args!("no command is called {name}; `wirereport help` lists them"))
        })?;
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text).map_err(Failure::failed)?;
    print(&String::from_utf8_lossy(&text))
}
