//! What `plan`, `apply` and `export` have in common: reading manifests and accounts, and showing plans and reports.

pub(crate) mod failures;
pub(crate) mod plan_rows;
pub(crate) mod report_rows;

use std::fmt::Display;
use std::path::{Path, PathBuf};

use openrouter_workspaces_fleet::{Account, ApplyError, Manifest, Plan, PlanOptions, ReadAccount, Source, plan};

use crate::context::Context;
use crate::failure::Failure;
use crate::input::{self, Input, is_standard, waiting};
use crate::progress::Bar;

/// The manifests, and what is made of them.
#[derive(Debug, clap::Args)]
pub(crate) struct ManifestArgs {
    /// A manifest, or a folder with some, or `-` for stdin; can be repeated, and all of them merge
    #[arg(short, long = "file", value_name = "PATH", required = true)]
    files: Vec<PathBuf>,
    /// Deletes the workspaces that the manifests do not name; never the default one
    #[arg(long)]
    prune: bool,
    /// Deletes others even if no workspace has the slug `default`, so that the default one cannot be told from them
    #[arg(long, requires = "prune")]
    prune_without_default: bool,
}

impl ManifestArgs {
    /// Reads the manifests and the account, and compares them.
    pub(crate) async fn plan(&self, context: &Context) -> Result<Plan, Failure> {
        let files = self.files.clone();
        let manifest = waiting(move || load(&files)).await?;
        self.check(&manifest)?;
        let account = read(context, Account::read_for(&context.client, &manifest)).await?;
        let options = PlanOptions::default().prune(self.prune).prune_without_default(self.prune_without_default);
        plan(&manifest, &account, &options).map_err(|error| failures::plan(&error, &account))
    }

    /// A manifest of nothing, such as a file that was cut off, is taken for a mistake where all else would be deleted.
    fn check(&self, manifest: &Manifest) -> Result<(), Failure> {
        if self.prune && manifest.workspaces.is_empty() {
            return Err(Failure::usage(
                "the manifest names no workspace, and --prune would delete all of them",
                "name those that are to stay; if none is, name the default one: `workspaces: [{slug: default}]`",
            ));
        }
        Ok(())
    }
}

/// Reads manifests, what stdin has before all others.
fn load(files: &[PathBuf]) -> Result<Manifest, Failure> {
    let (stdin, files): (Vec<&PathBuf>, Vec<&PathBuf>) = files.iter().partition(|path| is_standard(path));
    let mut sources = Vec::new();
    if let Some(stdin) = stdin.first() {
        let Input { name, text } = input::read_blocking(stdin)?;
        sources.push(Source { name: name.display().to_string(), text });
    }
    Manifest::load_with(sources, files).map_err(|errors| failures::manifest(&errors))
}

/// Reads an account, with a progress bar.
pub(crate) async fn read(context: &Context, account: ReadAccount) -> Result<Account, Failure> {
    let bar = Bar::new("reading workspaces");
    let account = account.concurrency(context.concurrency);
    Ok(account.on_progress(move |progress| bar.set(progress.read, progress.total)).await?)
}

/// Reads a plan that was written by `orw plan --out`. One that was changed since is not even shown.
pub(crate) async fn saved_plan(path: &Path) -> Result<Plan, Failure> {
    let Input { name, text } = input::read(path).await?;
    let malformed =
        |error: &dyn Display| Failure::malformed(&name, error, "make the plan again with `orw plan --out FILE`");
    let plan: Plan =
        serde_json::from_str(&text).map_err(|error| malformed(&format_args!("cannot be read as a plan: {error}")))?;
    if plan.is_unchanged() { Ok(plan) } else { Err(malformed(&ApplyError::Changed)) }
}
