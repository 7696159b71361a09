//! `cargo xtask soak`: see the library.

use std::process::ExitCode;

use clap::Parser;
use soak::{Config, fleets, kills, walks};

/// Random operations of the SDK on simulated time, against a faulty sandbox; or walks over a list that others change; or jobs,
/// or plans of a manifest, that are killed at any request and made again. Fails if a promise breaks.
#[derive(Debug, Parser)]
#[command(name = "soak")]
struct Args {
    /// Operations in all.
    #[arg(long, default_value_t = 100_000, conflicts_with = "walks")]
    ops: u64,
    /// Simulates so many paginated walks instead of operations.
    #[arg(long)]
    walks: Option<u64>,
    /// Kills a program of jobs so many times instead, and starts it again.
    #[arg(long, conflicts_with_all = ["ops", "walks"])]
    kills: Option<u64>,
    /// Plans and applies so many random manifests, each to an account of its own, instead; killed, and beside others.
    #[arg(long, conflicts_with_all = ["ops", "walks", "kills"])]
    fleets: Option<u64>,
    /// Does so many operations over sockets of this machine instead, in real time and as one history.
    #[arg(long, conflicts_with_all = ["ops", "walks", "kills", "fleets", "from", "only"])]
    sockets: Option<u64>,
    /// The probability with which something goes wrong with a request, from 0 to 1; walks have their own.
    #[arg(long, default_value_t = 0.3, conflicts_with = "walks")]
    fault_rate: f64,
    /// What everything follows from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of the operation to begin with, or of the walk, the run of the program that is killed, or the fleet.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Runs just the history of this operation, or this walk, run or fleet, and prints all that happened to it.
    #[arg(long, conflicts_with = "from")]
    only: Option<u64>,
}

fn main() -> ExitCode {
    let Args { ops, walks, kills, fleets, sockets, fault_rate, seed, from, only } = Args::parse();
    if !(0.0..=1.0).contains(&fault_rate) {
        eprintln!("--fault-rate must be from 0 to 1, is {fault_rate}");
        return ExitCode::from(2);
    }
    let is_clean = match (walks, kills, fleets, sockets) {
        (Some(walks), ..) => {
            let report = walks::run(walks::Config { walks, seed, from: Some(from), only });
            print!("{report}");
            report.is_clean()
        }
        (None, Some(kills), ..) => {
            let report = kills::run(kills::Config { kills, fault_rate, seed, from, only });
            print!("{report}");
            report.is_clean()
        }
        (None, None, Some(fleets), _) => {
            let report = fleets::run(fleets::Config { fleets, fault_rate, seed, from, only });
            print!("{report}");
            report.is_clean()
        }
        (None, None, None, Some(ops)) => {
            let report = soak::run_over_sockets(Config { ops, fault_rate, seed, from });
            print!("{report}");
            report.is_clean()
        }
        (None, None, None, None) => {
            let (from, ops) = only.map_or((from, ops), |only| (only, only + 1));
            let report = soak::run_with(Config { ops, fault_rate, seed, from }, |_, trace| print_about(only, trace));
            print!("{report}");
            report.is_clean()
        }
    };
    if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints what happened to an operation.
fn print_about(operation: Option<u64>, trace: &str) {
    if let Some(operation) = operation {
        let concerns = |line: &&str| line.contains(&format!(" #{operation} "));
        trace.lines().filter(concerns).for_each(|line| println!("{line}"));
    }
}
