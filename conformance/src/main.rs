//! `cargo xtask conformance`: the official SDKs, this one and Schemathesis against the sandbox.
//!
//! Every SDK carries out the same script, each against sandboxes of its own. What it makes of the answers and what it
//! sends is brought into a normal form and compared with ours. A difference is either known, and listed with its reason,
//! or a failure. Manifests are held against accounts as the Python SDK reads and writes them.

#![forbid(unsafe_code)]

mod deviation;
mod diff;
mod driver;
mod findings;
mod fleet;
mod install;
mod normal;
mod ours;
mod report;
mod run;
mod schemathesis;
mod script;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use serde_json::Value;

use crate::driver::{Driver, Process};
use crate::install::Program;
use crate::report::Report;
use crate::script::Scenario;

/// A run that takes longer is broken.
const LIMIT: Duration = Duration::from_secs(600);

/// Runs the official TypeScript and Python SDKs and ours through the same script, Schemathesis through the contract, and
/// workspaces as code through the Python SDK, all against the sandbox.
///
/// Exits with 0 if there is nothing that is not known, 1 if there is, and 2 if something could not be run.
#[derive(Debug, Parser)]
#[command(name = "conformance", bin_name = "cargo xtask conformance")]
struct Args {
    /// Run only this one
    #[arg(long)]
    only: Option<Part>,
    /// The seed of Schemathesis
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many test cases Schemathesis makes for each operation at most, in each of its random phases
    #[arg(long, default_value_t = 100)]
    examples: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    Typescript,
    Python,
    Schemathesis,
    Fleet,
}

impl Args {
    fn includes(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let start = Instant::now();
    // Whichever branch loses is dropped, and the processes that it has started end with it.
    let outcome = tokio::select! {
        outcome = tokio::time::timeout(LIMIT, conformance(&args)) => {
            outcome.unwrap_or_else(|_| Err(format!("it took more than {} s, and was ended", LIMIT.as_secs())))
        }
        _ = tokio::signal::ctrl_c() => Err("interrupted".to_owned()),
    };
    match outcome {
        Ok(report) => {
            println!("{report}\nIt took {:.0} s.", start.elapsed().as_secs_f64());
            if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("conformance could not be run: {error}");
            ExitCode::from(2)
        }
    }
}

async fn conformance(args: &Args) -> Result<Report, String> {
    let target = target()?;
    let scenarios = script::load()?;
    let deviations = deviation::load()?;
    let typescript = async {
        match args.includes(Part::Typescript) {
            true => theirs("typescript", &install::typescript(&target).await?, &scenarios).await.map(Some),
            false => Ok(None),
        }
    };
    let python = async {
        if !args.includes(Part::Python) && !args.includes(Part::Fleet) {
            return Ok((None, None));
        }
        // It is installed once for both.
        let program = install::python(&target).await?;
        let script = async {
            match args.includes(Part::Python) {
                true => theirs("python", &program, &scenarios).await.map(Some),
                false => Ok(None),
            }
        };
        let fleet = async {
            match args.includes(Part::Fleet) {
                true => fleet::run(&program, &deviations).await.map(Some),
                false => Ok(None),
            }
        };
        tokio::try_join!(script, fleet)
    };
    let schemathesis = async {
        match args.includes(Part::Schemathesis) {
            true => schemathesis::run(&target, args.seed, args.examples).await.map(Some),
            false => Ok(None),
        }
    };
    let ours = run::run(&scenarios, Driver::Ours);
    let (ours, typescript, (python, fleet), schemathesis) = tokio::try_join!(ours, typescript, python, schemathesis)?;
    let peers = typescript.into_iter().chain(python).collect();
    Ok(Report::new(&scenarios, &ours, peers, deviations, schemathesis, fleet))
}

/// The name of another SDK, and what every step led to with it.
async fn theirs(
    name: &'static str,
    program: &Program,
    scenarios: &[Scenario],
) -> Result<(&'static str, Vec<Value>), String> {
    let process = Process::start(program)?;
    let records = run::run(scenarios, Driver::Process(Box::new(process))).await;
    Ok((name, records.map_err(|error| format!("{name}: {error}"))?))
}

/// The place for everything that is installed or written: below the build directory, which this program is in.
fn target() -> Result<PathBuf, String> {
    let program = std::env::current_exe().map_err(|error| format!("cannot tell where this program is: {error}"))?;
    let target =
        program.ancestors().nth(2).ok_or("this program is in no build directory: run cargo xtask conformance")?;
    Ok(target.join("conformance"))
}
