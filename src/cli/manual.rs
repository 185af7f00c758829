//! `wirereport completions` and `wirereport man`.

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

/// Print the manual page.
#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {}

pub(super) fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "wirereport", &mut text);
    print(&String::from_utf8_lossy(&text))
}

pub(super) fn man(ManArgs {}: &ManArgs) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut text).map_err(Failure::failed)?;
    print(&String::from_utf8_lossy(&text))
}
