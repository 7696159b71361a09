//! `orw create`.

use openrouter_workspaces::body::CreateWorkspaceRequest;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::changes::Change;
use crate::settings::Settings;

/// Creates a workspace
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The name used in URLs and commands: lowercase letters, digits, and single hyphens between them
    slug: String,
    #[command(flatten)]
    settings: Settings<CreateWorkspaceRequest>,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let settings = self.settings.or("name", &self.slug).or("slug", &self.slug);
        let body = settings.body()?;
        if context.dry_run {
            let created = [Change::add(format!("workspace {}", self.slug))];
            let settings = settings
                .fields()
                .iter()
                .filter(|(name, _)| *name != "slug")
                .map(|(name, value)| Change::between(name, serde_json::Value::Null, value.clone()));
            let changes: Vec<_> = created.into_iter().chain(settings.flatten()).collect();
            context.client.create_from(body).check()?;
            context.is_free(&self.slug).await?;
            context.out.changes(&changes)?;
            return Ok(Exit::Done);
        }
        context.sending();
        let workspace = context.client.create_from(body).await?;
        context.out.done(&workspace, &format!("created workspace {} ({})", workspace.slug, workspace.id))?;
        Ok(Exit::Done)
    }
}
