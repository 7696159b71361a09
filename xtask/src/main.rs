//! Chores of this repository: `cargo xtask <task>`.

#[path = "../../codegen/mod.rs"]
mod codegen;
mod regen;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <task>

  regen           refresh everything that is derived from openapi/workspaces.yaml and checked in
  regen --check   change nothing; exit with 1 and name what is stale";

fn main() -> ExitCode {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&package).join("..");
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
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
