//! The program: arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser;
use onrecord::cli;
use onrecord::error::Error;
use onrecord::report;

// Results are many small strings that threads make and hand on.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::Args::parse().run() {
        Ok(outcome) => outcome.into(),
        // Whoever reads us has seen enough, as `head` does.
        Err(err) if err.is_broken_pipe() => ExitCode::SUCCESS,
        Err(err @ Error::Interrupted(_)) => {
            report::error(&err);
            // As a shell reports a program that was stopped by Ctrl-C.
            ExitCode::from(130)
        }
        Err(err) => {
            report::error(&err);
            ExitCode::from(2)
        }
    }
}
