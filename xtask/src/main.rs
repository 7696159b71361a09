//! Chores of this repository: `cargo xtask <task>`.

mod api;
#[path = "../../codegen/mod.rs"]
mod codegen;
mod drift;
mod members;
mod package;
mod regen;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

/// Chores of this repository.
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Refresh everything that is derived from openapi/workspaces.yaml and checked in
    Regen {
        /// Change nothing; exit with 1 and name what is stale
        #[arg(long)]
        check: bool,
    },
    /// List the public API of the published libraries in xtask/api
    Api {
        /// Change nothing; exit with 1 and name each item that has come or gone
        #[arg(long)]
        check: bool,
    },
    /// Package what is published, and build and test each package from its tarball
    Package {
        /// Build the packages, and leave their tests out
        #[arg(long)]
        no_test: bool,
    },
    /// Compare the contract with OpenRouter's own OpenAPI document: exits with 0 if they agree, 1 if not, 2 if it cannot
    /// be told
    Drift(drift::Args),
    /// Random operations against a faulty sandbox, on simulated time; `soak --help` tells more
    #[command(disable_help_flag = true)]
    Soak(Rest),
    /// The official SDKs, this one and Schemathesis against the sandbox; `conformance --help` tells more
    #[command(disable_help_flag = true)]
    Conformance(Rest),
}

/// What is passed on as it is.
#[derive(Debug, clap::Args)]
struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    args: Vec<String>,
}

fn main() -> ExitCode {
    if api::is_rustdoc() {
        return api::rustdoc(std::env::args_os().skip(1));
    }
    let root = root();
    match Cli::parse().task {
        Task::Regen { check: false } => report(regen::write(&root)),
        Task::Regen { check: true } => report(regen::check(&root)),
        Task::Api { check: false } => report(api::write(&root)),
        Task::Api { check: true } => report(api::check(&root)),
        Task::Package { no_test } => report(package::check(&root, if no_test { "build" } else { "test" })),
        Task::Drift(args) => drift(&root, &args),
        Task::Soak(rest) => run_package(&root, "soak", &["--release"], &rest.args),
        Task::Conformance(rest) => run_package(&root, "conformance", &[], &rest.args),
    }
}

/// The root of the repository.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).join("..")
}

fn report(outcome: Result<String, String>) -> ExitCode {
    match outcome {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn drift(root: &Path, args: &drift::Args) -> ExitCode {
    match drift::run(root, args) {
        Ok((report, clean)) => {
            print!("{report}");
            if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// Runs a chore that is a package of its own: it needs the SDK, and the other chores must work when that is broken.
fn run_package(root: &Path, package: &str, build: &[&str], args: &[String]) -> ExitCode {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let run = ["run", "--quiet", "--package", package];
    match Command::new(cargo).args(run).args(build).arg("--").args(args).current_dir(root).status() {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("cannot run cargo: {error}");
            ExitCode::FAILURE
        }
    }
}
