//! `orw list`.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::counted;

/// Lists all workspaces
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let list = context.client.list().all().max_rows(usize::MAX);
        let workspaces = context.job("reading workspaces", list).await?;
        context.out.list(&workspaces, &counted(workspaces.len(), "workspace"))?;
        Ok(Exit::Done)
    }
}
