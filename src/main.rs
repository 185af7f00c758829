//! Wiring only: the command line in, an exit code out.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use wirereport::cli::{Cli, Exit};

/// How long what is still open may take to be closed.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and versions come this way too, and are no misuse. A terminal that is gone cannot be told.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(Exit::Usage as u8) } else { ExitCode::SUCCESS };
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| wirereport::cli::Failure::failed(format_args!("cannot start: {error}")));
    let outcome = runtime.and_then(|runtime| {
        let outcome = runtime.block_on(cli.execute());
        // What hangs must not keep the process: whoever gave up over it wants to be started again.
        runtime.shutdown_timeout(CLOSE_WITHIN);
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}
