//! Wiring only: the command line in, an exit code out.

use std::process::ExitCode;

use clap::Parser;
use wirereport::cli::{Cli, Exit};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and versions come this way too, and are no misuse. A terminal that is gone cannot be told.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(Exit::Usage as u8) } else { ExitCode::SUCCESS };
        }
    };
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| wirereport::cli::Failure::failed(format_args!("cannot start: {error}")))
        .and_then(|runtime| runtime.block_on(cli.execute()));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("wirereport: {failure}");
            ExitCode::from(failure.exit as u8)
        }
    }
}
