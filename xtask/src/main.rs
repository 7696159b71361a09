//! Chores of this repository: `cargo xtask <task>`.

#[path = "../../codegen/mod.rs"]
mod codegen;
mod regen;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <task>

  regen           refresh everything that is derived from openapi/workspaces.yaml and checked in
  regen --check   change nothing; exit with 1 and name what is stale";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["regen"] => regen::write(),
        ["regen", "--check"] => regen::check(),
        ["--help" | "-h" | "help"] => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
