//! `orw members list`.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::counted;

/// Lists all members of a workspace
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Slug or id
    workspace: String,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let list = context.client.list_members(self.workspace).all().max_rows(usize::MAX);
        let members = context.job("reading members", list).await?;
        context.out.list(&members, &counted(members.len(), "member"))?;
        Ok(Exit::Done)
    }
}
