//! `cargo xtask soak`: see the library.

use std::process::ExitCode;

use clap::Parser;

/// Random operations of a model against a faulty sandbox; fails if anything is lost, done twice, hangs, or leaks.
#[derive(Debug, Parser)]
#[command(name = "soak")]
struct Args {
    /// Operations in all.
    #[arg(long, default_value_t = 20_000)]
    ops: u64,
    /// The probability with which something goes wrong with a request, from 0 to 1.
    #[arg(long, default_value_t = 0.3)]
    fault_rate: f64,
    /// What the operations and the faults follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Operations at the same time.
    #[arg(long, default_value_t = 64)]
    workers: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Args { ops, fault_rate, seed, workers } = Args::parse();
    if !(0.0..=1.0).contains(&fault_rate) {
        eprintln!("--fault-rate must be from 0 to 1, is {fault_rate}");
        return ExitCode::from(2);
    }
    match soak::run(soak::Config { ops, fault_rate, seed, workers }).await {
        Ok(report) => {
            print!("{report}");
            if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("cannot start the sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}
