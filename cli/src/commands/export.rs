//! `orw export`.

use std::path::PathBuf;

use openrouter_workspaces_fleet::{Account, export};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::format::Format;
use crate::output::{tell, write_file};
use crate::{fleet, output};

/// Prints the account as a manifest, with which there is nothing to do
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Writes it into a file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let account = fleet::read(context, Account::read(&context.client)).await?;
        let export = export(&account);
        let text = match context.out.format {
            Format::Json => output::json(&export.manifest.to_json())?,
            _ => export.manifest.to_yaml(),
        };
        match &self.out {
            Some(path) => write_file(path, &text)?,
            None => context.out.text(&text)?,
        }
        for left_out in &export.left_out {
            tell(&format!("left out: {}", output::text::clean(&left_out.to_string())));
        }
        Ok(Exit::Done)
    }
}
