//! The sandbox as a program.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]

use std::process::ExitCode;

use clap::Parser;
use openrouter_sandbox::program::{self, Options};

/// A server that speaks OpenRouter's Workspaces API and keeps everything in memory.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments { options } = Arguments::parse();
    match program::run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
