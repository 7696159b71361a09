//! The sandbox as a program.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]

mod program;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::program::options::Options;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = Options::parse();
    let port = options.port;
    match program::run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            eprintln!("error: port {port} is taken: choose another with --port, or a free one with --port 0");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
