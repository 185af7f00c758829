//! `wirereport init`: a settings file to start from.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use super::exit::Failure;
use super::text::{print, print_verbatim};
use crate::settings;

/// Write a settings file to start from.
///
/// Every setting stands in it, commented out, with its default and what it means.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to make; it must not exist yet. `-` prints it.
    #[arg(default_value = "config/wirereport.toml")]
    file: PathBuf,
}

pub(super) fn execute(args: &Args) -> Result<(), Failure> {
    if args.file.as_os_str() == "-" {
        return print_verbatim(settings::init_text());
    }
    let name = args.file.display();
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Failure::failed(format_args!("{name} is already there; name another file"))
        }
        _ => Failure::failed(format_args!("cannot make {name}: {error}")),
    };
    if let Some(folder) = args.file.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    File::create_new(&args.file)
        .and_then(|mut file| file.write_all(settings::init_text().as_bytes()))
        .map_err(failed)?;
    print(&format!("wrote {name}; `wirereport validate` checks it\n"))
}
