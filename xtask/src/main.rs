//! Chores of this repository: `cargo xtask <task>`.

#[path = "../../codegen/mod.rs"]
mod codegen;
mod regen;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
usage: cargo xtask <task>

  regen           refresh everything that is derived from openapi/workspaces.yaml and checked in
  regen --check   change nothing; exit with 1 and name what is stale
  soak            random operations against a faulty sandbox; `soak --help` tells more";

fn main() -> ExitCode {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&package).join("..");
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    if let ["soak", rest @ ..] = args.as_slice() {
        return soak(&root, rest);
    }
    let outcome = match args.as_slice() {
        ["regen"] => regen::write(&root),
        ["regen", "--check"] => regen::check(&root),
        ["--help" | "-h" | "help"] | ["regen", "--help" | "-h"] => Ok(USAGE.to_owned()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
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

/// Runs the soak, which is a program of its own: it needs the SDK, and the other chores must work when that is broken.
fn soak(root: &Path, args: &[&str]) -> ExitCode {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let run = ["run", "--quiet", "--package", "soak", "--"];
    match Command::new(cargo).args(run).args(args).current_dir(root).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot run cargo: {error}");
            ExitCode::FAILURE
        }
    }
}
