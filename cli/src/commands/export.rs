//! `orw export`.

use std::path::PathBuf;

use openrouter_workspaces_fleet::{Account, export};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fleet::failures;
use crate::input::is_standard;
use crate::output::format::Format;
use crate::output::{counted, tell, write_file};
use crate::{fleet, output};

/// Prints the account as a manifest, with which there is nothing to do
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Writes it into a file; `-` is stdout
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
        match self.out.filter(|path| !is_standard(path)) {
            Some(path) => write_file(&path, &text)?,
            None => context.out.text(&text)?,
        }
        let unread: Vec<_> = failures::unread_parts(&account).collect();
        if unread.is_empty() || context.out.format != Format::Json {
            for left_out in &export.left_out {
                tell(&format!("left out: {}", output::text::clean(&left_out.to_string())));
            }
        }
        if unread.is_empty() {
            return Ok(Exit::Done);
        }
        let message = format!("{} of the account could not be read, and left out", counted(unread.len(), "part"));
        let hint = match unread.iter().all(|failure| failure.status == Some(403)) {
            true => "the account may not read them, as budgets on a plan that has none; the manifest has all else",
            false => "run it again; the manifest has all else",
        };
        let failure = Failure::new(Exit::Partly, "unread", message, hint);
        Err(failure.with("left_out", serde_json::json!(export.left_out)))
    }
}
