//! `cargo xtask drift`: does the contract still describe the API?

mod api;
mod compare;
mod deviations;
mod difference;
mod document;
mod findings;
mod limits;
mod meaning;
mod operation;
mod operation_reader;
mod pagination;
mod reading;
mod references;
mod report;
mod schemas;
mod shape;
mod summary;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use api::Api;
use compare::compare;
use deviations::Deviations;
use difference::SIDES;
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
    /// An earlier document of theirs, to compare with in place of the contract
    #[arg(long, value_name = "OLD", conflicts_with_all = ["contract", "deviations"])]
    pub since: Option<String>,
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
    let report = match &args.since {
        Some(old) => {
            if old == "-" && args.upstream == "-" {
                return Err("standard input cannot be both documents".to_owned());
            }
            let (old_name, old) = read_upstream(old)?;
            let (new_name, new) = read_upstream(&args.upstream)?;
            changes((&old_name, &document(&old_name, &old)?), (&new_name, &document(&new_name, &new)?))?
        }
        None => {
            let (contract_name, contract) = read(root, args.contract.as_deref(), codegen::PATH)?;
            let (deviations_name, deviations) = read(root, args.deviations.as_deref(), deviations::PATH)?;
            let (upstream_name, upstream) = read_upstream(&args.upstream)?;
            report(
                (&contract_name, &document(&contract_name, &contract)?),
                (&upstream_name, &document(&upstream_name, &upstream)?),
                (&deviations_name, &String::from_utf8_lossy(&deviations)),
            )?
        }
    };
    let text = match args.format {
        Format::Text => report.text(),
        Format::Json => report.json(),
        Format::Markdown => report.markdown(),
    };
    Ok((text, report.is_clean()))
}

fn document(name: &str, bytes: &[u8]) -> Result<Document, String> {
    Document::parse(bytes).map_err(|e| format!("{name}: {e}"))
}

/// The name and the content of a file that was given, or else of the usual one.
fn read(root: &Path, given: Option<&Path>, usual: &str) -> Result<(String, Vec<u8>), String> {
    let (name, path) = match given {
        Some(path) => (path.display().to_string(), path.to_owned()),
        None => (usual.to_owned(), root.join(usual)),
    };
    let content = fs::read(path).map_err(|e| format!("{name}: cannot be read: {e}"))?;
    Ok((name, content))
}

/// The name and the content of a file, or of standard input where its name is `-`.
fn read_upstream(file: &str) -> Result<(String, Vec<u8>), String> {
    let (name, content) = if file == "-" {
        let mut content = Vec::new();
        ("standard input", io::stdin().read_to_end(&mut content).map(|_| content))
    } else {
        (file, fs::read(file))
    };
    Ok((name.to_owned(), content.map_err(|e| format!("{name}: cannot be read: {e}"))?))
}

/// Compares the contract with upstream's document, each with its name, in the light of the deviations that are meant.
pub fn report(
    (contract_name, contract): (&str, &Document),
    (upstream_name, upstream): (&str, &Document),
    (deviations_name, deviations): (&str, &str),
) -> Result<Report, String> {
    let deviations = Deviations::parse(deviations).map_err(|e| format!("{deviations_name}: {e}"))?;
    let (ours, theirs) = (api(contract_name, contract)?, api(upstream_name, upstream)?);
    let itself = compare(&ours, &ours);
    let comparison = compare(&ours, &theirs);
    Ok(Report {
        contract: contract_name.to_owned(),
        upstream: upstream_name.to_owned(),
        title: upstream.title(),
        sides: SIDES,
        operations: ours.operations.values().map(|operation| operation.name.clone()).collect(),
        compared: comparison.operations,
        sorted: deviations.sort(comparison, &itself.reached),
    })
}

/// Compares two documents of upstream's, each with its name, in the same way.
pub fn changes((old_name, old): (&str, &Document), (new_name, new): (&str, &Document)) -> Result<Report, String> {
    let (was, now) = (api(old_name, old)?, api(new_name, new)?);
    let comparison = compare(&was, &now);
    Ok(Report {
        contract: old_name.to_owned(),
        upstream: new_name.to_owned(),
        title: new.title(),
        sides: ["was", "now"],
        operations: was.operations.values().map(|operation| operation.name.clone()).collect(),
        compared: comparison.operations,
        sorted: Deviations::default().sort(comparison, &BTreeSet::new()),
    })
}

fn api<'a>(name: &str, document: &'a Document) -> Result<Api<'a>, String> {
    Api::of(document).map_err(|e| format!("{name}: {e}"))
}
