//! `orw update`.

use openrouter_workspaces::Workspace;
use openrouter_workspaces::body::UpdateWorkspaceRequest;
use serde_json::{Map, Value};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::changes::Change;
use crate::settings::Settings;

/// Changes the settings of a workspace that are given; all others stay as they are
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Slug or id
    workspace: String,
    #[command(flatten)]
    settings: Settings<UpdateWorkspaceRequest>,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let Self { workspace, settings } = self;
        if settings.is_empty() {
            return Err(Failure::usage("there is nothing to change", "give a setting; `orw update --help` lists them"));
        }
        let body = settings.body()?;
        let request = context.client.update_from(&workspace, body.clone());
        if context.dry_run {
            request.check()?;
            let now = context.client.get(workspace).await?;
            if let Some(slug) = body.slug.as_ref().filter(|slug| slug.as_str() != now.slug) {
                context.is_free(slug).await?;
            }
            context.out.changes(&changes(&now, &body, settings.fields())?)?;
            return Ok(Exit::Done);
        }
        context.sending();
        let changed = request.await?;
        context.out.done(&changed, &format!("changed workspace {}", changed.slug))?;
        Ok(Exit::Done)
    }
}

/// What differs from what is there. What is only written in another way, such as a list in another order, does not.
fn changes(
    now: &Workspace,
    body: &UpdateWorkspaceRequest,
    settings: &Map<String, Value>,
) -> Result<Vec<Change>, Failure> {
    let differing = body.differing_fields(now);
    let now = serde_json::to_value(now).map_err(std::io::Error::from)?;
    let before = |name: &str| now.get(name).cloned().unwrap_or_default();
    let settings = settings.iter().filter(|(name, _)| differing.contains(name));
    Ok(settings.filter_map(|(name, after)| Change::between(name, before(name), after.clone())).collect())
}
