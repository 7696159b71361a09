//! `orw members remove`.

use std::collections::{BTreeSet, HashSet};

use crate::commands::members::{report, watch};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::changes::Change;
use crate::output::counted;
use crate::user_ids::UserIds;

/// Removes users from a workspace; whoever is no member is passed over
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
        let id = context.id(&workspace).await?;
        let going = async || {
            let list = context.client.list_members(&id).all().max_rows(usize::MAX);
            let members = context.job("reading members", list).await?;
            let members: HashSet<&str> = members.iter().map(|member| member.user_id.as_str()).collect();
            let going: BTreeSet<&String> = users.iter().filter(|user| members.contains(user.as_str())).collect();
            Ok::<Vec<Change>, Failure>(going.into_iter().map(Change::remove).collect())
        };
        let changes = going().await?;
        let question = format!("Remove {} from {workspace}?", counted(changes.len(), "member"));
        if !context.agree(&changes, &question).await? {
            return Ok(Exit::Done);
        }
        if context.has_asked(&changes) && going().await? != changes {
            return Err(Failure::moved());
        }
        let job = context.client.remove_members(&id, &users);
        watch(context, job.so_far());
        report(context, context.job("removing members", job).await)
    }
}
