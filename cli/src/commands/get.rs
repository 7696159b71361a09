//! `orw get`.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Shows a workspace with all its settings
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Slug or id
    workspace: String,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let workspace = context.client.get(self.workspace).await?;
        context.out.one(&workspace)?;
        Ok(Exit::Done)
    }
}
