//! `cargo xtask drift`: does the contract still describe the API?

mod api;
mod compare;
mod deviations;
mod difference;
mod document;
mod limits;
mod reading;
mod report;
mod schemas;
mod shape;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use api::Api;
use compare::compare;
use deviations::Deviations;
use document::Document;
use report::Report;

use crate::codegen;

/// How the report is written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Format {
    /// A line for each difference
    #[default]
    Text,
    /// For programs
    Json,
    /// For the body of an issue
    Markdown,
}

#[derive(Debug, clap::Args)]
pub struct Args {
    /// OpenRouter's OpenAPI document, 3.0 or 3.1, YAML or JSON; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub upstream: String,
    /// How to write the report
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Another contract than openapi/workspaces.yaml
    #[arg(long, value_name = "FILE")]
    pub contract: Option<PathBuf>,
    /// Another list of deviations than openapi/deviations.yaml
    #[arg(long, value_name = "FILE")]
    pub deviations: Option<PathBuf>,
}

/// The report, and whether it has nothing to act on; an error where that could not be told.
pub fn run(root: &Path, args: &Args) -> Result<(String, bool), String> {
    let file = |given: &Option<PathBuf>, usual: &str| given.clone().unwrap_or_else(|| root.join(usual));
    let name = |given: &Option<PathBuf>, usual: &str| {
        given.as_ref().map_or_else(|| usual.to_owned(), |path| path.display().to_string())
    };
    let read = |path: PathBuf, name: &str| fs::read(path).map_err(|e| format!("{name}: cannot be read: {e}"));

    let contract_name = name(&args.contract, codegen::PATH);
    let contract = read(file(&args.contract, codegen::PATH), &contract_name)?;
    let deviations_name = name(&args.deviations, deviations::PATH);
    let deviations = read(file(&args.deviations, deviations::PATH), &deviations_name)?;
    let upstream_name = if args.upstream == "-" { "standard input" } else { &args.upstream };
    let upstream = Document::read(&args.upstream)?;

    let report = report(
        (&contract_name, &Document::parse(&contract).map_err(|e| format!("{contract_name}: {e}"))?),
        (upstream_name, &upstream),
        (&deviations_name, &String::from_utf8_lossy(&deviations)),
    )?;
    let text = match args.format {
        Format::Text => report.text(),
        Format::Json => report.json(),
        Format::Markdown => report.markdown(),
    };
    Ok((text, report.is_clean()))
}

/// Compares two documents, each with its name, in the light of the deviations that are meant.
pub fn report(
    (contract_name, contract): (&str, &Document),
    (upstream_name, upstream): (&str, &Document),
    (deviations_name, deviations): (&str, &str),
) -> Result<Report, String> {
    let deviations = Deviations::parse(deviations).map_err(|e| format!("{deviations_name}: {e}"))?;
    let ours = Api::of(contract).map_err(|e| format!("{contract_name}: {e}"))?;
    let theirs = Api::of(upstream).map_err(|e| format!("{upstream_name}: {e}"))?;
    let itself = compare(&ours, &ours).map_err(|e| format!("{contract_name}: {e}"))?;
    let comparison = compare(&ours, &theirs).map_err(|e| format!("{upstream_name}: {e}"))?;
    Ok(Report {
        contract: contract_name.to_owned(),
        upstream: upstream_name.to_owned(),
        title: upstream.title(),
        operations: ours.operations.values().map(|operation| operation.name.clone()).collect(),
        compared: comparison.operations,
        sorted: deviations.sort(comparison.differences, &comparison.reached, &itself.reached),
    })
}
