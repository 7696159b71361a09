//! `cargo xtask soak`: see the library.

use std::process::ExitCode;

use clap::Parser;

/// Random operations of the SDK on simulated time, against a faulty sandbox; fails if a promise breaks.
#[derive(Debug, Parser)]
#[command(name = "soak")]
struct Args {
    /// Operations in all.
    #[arg(long, default_value_t = 100_000)]
    ops: u64,
    /// The probability with which something goes wrong with a request, from 0 to 1.
    #[arg(long, default_value_t = 0.3)]
    fault_rate: f64,
    /// What everything follows from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The operation to begin with.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Runs just the history of this operation, and prints all that happened to it.
    #[arg(long)]
    only: Option<u64>,
}

fn main() -> ExitCode {
    let Args { ops, fault_rate, seed, from, only } = Args::parse();
    if !(0.0..=1.0).contains(&fault_rate) {
        eprintln!("--fault-rate must be from 0 to 1, is {fault_rate}");
        return ExitCode::from(2);
    }
    let (from, ops) = only.map_or((from, ops), |only| (only, only + 1));
    let report = soak::run_with(soak::Config { ops, fault_rate, seed, from }, |_, trace| {
        if let Some(only) = only {
            let concerns = |line: &&str| line.contains(&format!(" #{only} "));
            trace.lines().filter(concerns).for_each(|line| println!("{line}"));
        }
    });
    print!("{report}");
    if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
