//! `orw schema`.

use openrouter_workspaces_fleet::manifest_schema;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{self, Output};

/// Prints the JSON Schema of manifests, with which editors check and complete them
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

impl Args {
    pub(crate) fn run(self, out: &Output) -> Result<Exit, Failure> {
        out.text(&output::json(&manifest_schema())?)?;
        Ok(Exit::Done)
    }
}
