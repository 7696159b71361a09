//! `orw apply`.

use std::path::PathBuf;

use openrouter_workspaces_fleet::{Event, Plan, apply};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fleet::{ManifestArgs, failures, plan_rows, report_rows, saved_plan};
use crate::output::counted;
use crate::progress::Bar;

/// Makes the account as manifests say: shows the plan, asks, and carries it out
#[derive(Debug, clap::Args)]
#[command(override_usage = "orw apply [OPTIONS] --file <PATH>...\n       orw apply [OPTIONS] --plan <FILE>")]
pub(crate) struct Args {
    #[command(flatten)]
    manifest: Option<ManifestArgs>,
    /// A plan of `orw plan --out`, or `-` for stdin; it is refused if it was edited, or if the account is not as it was then
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "prune", "prune_without_default"], required_unless_present = "files")]
    plan: Option<PathBuf>,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let plan = match (&self.plan, &self.manifest) {
            (Some(path), _) => saved_plan(path).await?,
            (None, Some(manifest)) => manifest.plan(context).await?,
            (None, None) => {
                return Err(Failure::usage("there is no manifest", "give one with --file, or a plan with --plan"));
            }
        };
        let text = match self.plan.is_some() && plan.is_empty() {
            // Nothing was read, so that there is no telling how the account is.
            true => "nothing to do: the plan has no steps\n".to_owned(),
            false => plan_rows::render(&plan, context.out.columns),
        };
        if context.dry_run {
            if self.plan.is_some() {
                // It was made for what there was then.
                let job = apply(&context.client, &plan).concurrency(context.concurrency);
                job.check().await.map_err(|error| failures::apply(&error))?;
            }
            context.out.document(&plan, &plan_rows::rows(&plan), &text)?;
            return Ok(Exit::Done);
        }
        context.show(&text)?;
        if !plan.is_empty() {
            context.confirm("Apply this plan?").await?;
        }
        carry_out(context, &plan).await
    }
}

async fn carry_out(context: &Context, plan: &Plan) -> Result<Exit, Failure> {
    let bar = Bar::new("applying");
    let job = apply(&context.client, plan).concurrency(context.concurrency).on_event(move |event| {
        if let Event::Ended { settled, total, .. } = event {
            bar.set(settled, total);
        }
    });
    let so_far = job.so_far();
    context.if_interrupted(move || so_far.get().to_string());
    let report = job.await.map_err(|error| failures::apply(&error))?;
    let done = plan.counts().actions;
    let text =
        if done == 0 || !report.is_complete() { String::new() } else { format!("done: {}\n", counted(done, "step")) };
    context.out.document(&report, &report_rows::rows(&report), &text)?;
    if report.is_complete() { Ok(Exit::Done) } else { Err(failures::incomplete(&report)) }
}
