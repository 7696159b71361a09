//! The generator against contracts with one thing wrong: each is refused in one line that says what and where.

mod bodies;
mod documents;
mod enums;
mod examples;
mod keywords;
mod limits;
mod operations;
mod output;
mod places;
mod requests;
mod types;

use crate::codegen;

const CONTRACT: &str = include_str!("../../../openapi/workspaces.yaml");

/// Marks the line that the error has to name.
const HERE: &str = "# here";

/// The contract with one text, which it has exactly once, replaced.
fn changed(from: &str, to: &str) -> String {
    assert_eq!(CONTRACT.matches(from).count(), 1, "the contract has this not exactly once: {from}");
    CONTRACT.replace(from, to)
}

/// Asserts that a contract is refused with this message, on the line marked with `# here`, if any is.
#[track_caller]
fn refused(yaml: &str, message: &str) {
    let line = yaml.lines().position(|line| line.ends_with(HERE));
    let line = line.map(|index| format!(":{}", index + 1)).unwrap_or_default();
    let error = codegen::generate(yaml).expect_err("the contract should be refused");
    assert_eq!(error.to_string(), format!("openapi/workspaces.yaml{line}: {message}"));
}
