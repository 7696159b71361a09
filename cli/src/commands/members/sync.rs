//! `orw members sync`.

use crate::commands::members::{report, watch};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::changes::Change;
use crate::output::counted;
use crate::user_ids::UserIds;

/// Makes the members of a workspace those that are given: adds who is missing, and removes all others
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Slug or id
    workspace: String,
    #[command(flatten)]
    users: UserIds,
    /// Removes nobody
    #[arg(long)]
    keep_others: bool,
    /// Takes an empty list for what is meant: everybody is removed
    #[arg(long)]
    allow_empty: bool,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let Self { workspace, users, keep_others, allow_empty } = self;
        let users = if allow_empty { users.read().await? } else { users.read_some().await? };
        let id = context.id(&workspace).await?;
        let job = || {
            let job = context.client.sync_members(&id, &users);
            if keep_others { job.keep_others() } else { job }
        };
        let diff = context.job("reading members", job().dry_run()).await?;
        let question = format!("Remove {} from {workspace}?", counted(diff.remove.len(), "member"));
        let changes: Vec<Change> =
            diff.add.iter().map(Change::add).chain(diff.remove.iter().map(Change::remove)).collect();
        if !context.agree(&changes, &question).await? {
            return Ok(Exit::Done);
        }
        if context.has_asked(&changes) && context.job("reading members", job().dry_run()).await? != diff {
            return Err(Failure::moved());
        }
        // Whoever joins from now on was not shown.
        let job = if diff.remove.is_empty() { job().keep_others() } else { job() };
        watch(context, job.so_far());
        report(context, context.job("changing members", job).await)
    }
}
