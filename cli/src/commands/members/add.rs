//! `orw members add`.

use crate::commands::members::{report, watch};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::changes::Change;
use crate::user_ids::UserIds;

/// Adds users to a workspace; whoever is a member already stays one
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Slug or id
    workspace: String,
    #[command(flatten)]
    users: UserIds,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let (workspace, users) = (self.workspace, self.users.read_some().await?);
        if context.dry_run {
            let diff = context.client.sync_members(workspace, users).keep_others().dry_run();
            let diff = context.job("reading members", diff).await?;
            context.out.changes(&diff.add.into_iter().map(Change::add).collect::<Vec<_>>())?;
            return Ok(Exit::Done);
        }
        let job = context.client.add_members(workspace, users);
        watch(context, job.so_far());
        report(context, context.job("adding members", job).await)
    }
}
