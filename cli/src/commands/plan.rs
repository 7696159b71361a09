//! `orw plan`.

use std::path::PathBuf;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fleet::{ManifestArgs, plan_rows};
use crate::input::is_standard;
use crate::output::write_file;

/// Shows what `apply` would do
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    manifest: ManifestArgs,
    /// Writes the plan, as JSON, for `orw apply --plan`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Exits with 2 if there is something to do
    #[arg(long)]
    exit_code: bool,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        if self.out.as_deref().is_some_and(is_standard) {
            let hint = "leave --out away, and give `--output json`: that is what `orw apply --plan -` reads";
            return Err(Failure::usage("stdout has what the plan shows, and cannot be its file, too", hint));
        }
        let plan = self.manifest.plan(context).await?;
        if let Some(path) = &self.out {
            write_file(path, &serde_json::to_string_pretty(&plan).map_err(std::io::Error::from)?)?;
        }
        let text = plan_rows::render(&plan, context.out.columns);
        context.out.document(&plan, &plan_rows::rows(&plan), &text)?;
        Ok(if self.exit_code && !plan.is_empty() { Exit::Planned } else { Exit::Done })
    }
}
