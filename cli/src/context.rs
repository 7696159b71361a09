//! What a command has while it runs: the client, the output, and whoever sits there.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::time::Duration;

use openrouter_workspaces::jobs::{Job, Task};
use openrouter_workspaces::{Client, Error, WorkspaceBudget};

use crate::failure::Failure;
use crate::output::changes::{self, Change};
use crate::output::{Output, tell};
use crate::progress::Bar;
use crate::question;

/// What a command has while it runs.
pub(crate) struct Context {
    pub(crate) client: Client,
    pub(crate) out: Output,
    pub(crate) dry_run: bool,
    pub(crate) concurrency: usize,
    yes: bool,
    so_far: RefCell<Box<dyn Fn() -> String>>,
    has_begun: Cell<bool>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("client", &self.client).field("out", &self.out).finish_non_exhaustive()
    }
}

impl Context {
    pub(crate) fn new(client: Client, out: Output, concurrency: usize, dry_run: bool, yes: bool) -> Self {
        let so_far = RefCell::new(Box::new(|| "nothing was changed".to_owned()) as Box<dyn Fn() -> String>);
        Self { client, out, dry_run, concurrency, yes, so_far, has_begun: Cell::new(false) }
    }

    /// Gives a job the number of requests under way, and a progress bar. The time is that of each call: somebody who has had
    /// enough of a job ends it.
    pub(crate) fn job<T: Task>(&self, what: &'static str, job: Job<T>) -> Job<T> {
        let bar = Bar::new(what);
        job.timeout(Duration::MAX)
            .concurrency(self.concurrency)
            .on_progress(move |progress| bar.set(progress.settled, progress.total))
    }

    /// Changes begin: says from now on what was done, if a signal ends the command.
    pub(crate) fn if_interrupted(&self, so_far: impl Fn() -> String + 'static) {
        self.has_begun.set(true);
        *self.so_far.borrow_mut() = Box::new(so_far);
    }

    /// A single request is on its way, which cannot be taken back.
    pub(crate) fn sending(&self) {
        self.if_interrupted(|| "the request was on its way, and may have been applied".to_owned());
    }

    /// Whether something may have been changed.
    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun.get()
    }

    /// What was done by now.
    pub(crate) fn so_far(&self) -> String {
        (self.so_far.borrow())()
    }

    /// Shows what is to be changed, and asks whether it may be if anything is removed. Whether to go on: with `--dry-run` it
    /// ends here.
    pub(crate) async fn agree(&self, changes: &[Change], question: &str) -> Result<bool, Failure> {
        if self.dry_run {
            self.out.changes(changes)?;
            return Ok(false);
        }
        let removes = changes.iter().any(Change::removes);
        if removes || self.out.is_for_people() {
            self.show(&changes::render(changes))?;
        }
        if removes {
            self.confirm(question).await?;
        }
        Ok(true)
    }

    /// The id of a workspace. Another one may take its slug while a question is open.
    pub(crate) async fn id(&self, workspace: &str) -> Result<String, Failure> {
        Ok(self.client.get(workspace).await?.id.to_string())
    }

    /// Fails if another workspace has this slug, as the server would: a dry run does not ask it.
    pub(crate) async fn is_free(&self, slug: &str) -> Result<(), Failure> {
        match self.client.get(slug).await {
            Err(Error::NotFound(_)) => Ok(()),
            Err(error) => Err(error.into()),
            Ok(_) => Err(Failure::slug_taken(slug)),
        }
    }

    /// The budgets of a workspace, and whether spend on one's own provider keys counts. A call that may make one request alone
    /// cannot tell a workspace that never had a budget from one that is not there: then it is looked up here.
    pub(crate) async fn budgets(&self, workspace: &str) -> Result<(Vec<WorkspaceBudget>, Option<bool>), Error> {
        match self.client.list_budgets(workspace).await {
            Err(error @ Error::NotFound(_)) if error.attempts() < 2 || error.gave_up().is_some() => {
                let there = self.client.get(workspace).await?;
                Ok((Vec::new(), there.include_byok_in_budgets))
            }
            budgets => budgets.map(|list| (list.data, list.include_byok_in_budgets)),
        }
    }

    /// Whether there was a question about these changes, which may have been open for long.
    pub(crate) fn has_asked(&self, changes: &[Change]) -> bool {
        !self.yes && changes.iter().any(Change::removes)
    }

    /// Shows what a question is about. Programs get nothing but results on their stdout, and on stderr only what somebody is
    /// to be asked about.
    pub(crate) fn show(&self, text: &str) -> Result<(), Failure> {
        if self.out.is_for_people() {
            return self.out.text(text);
        }
        if !self.yes && question::can_be_asked() {
            tell(text.trim_end());
        }
        Ok(())
    }

    /// Asks for a yes.
    pub(crate) async fn confirm(&self, question: &str) -> Result<(), Failure> {
        match self.yes {
            true => Ok(()),
            false => question::yes_or_no(question).await,
        }
    }

    /// Asks for a word to be typed.
    pub(crate) async fn confirm_by_typing(&self, question: &str, word: &str) -> Result<(), Failure> {
        match self.yes {
            true => Ok(()),
            false => question::word(question, word).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use openrouter_sandbox::Sandbox;

    use super::*;
    use crate::output::format::Format;

    #[test]
    fn a_job_has_no_time_but_that_of_its_calls() {
        let sandbox = Sandbox::builder().in_memory().unwrap();
        let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
        let client = client.http_service(sandbox.service()).build().unwrap();
        let context = Context::new(client.clone(), Output::new(Format::Table), 16, false, false);
        let job = context.job("reading workspaces", client.list().all());
        assert!(format!("{job:?}").contains(&format!("timeout: {:?}", Duration::MAX)), "{job:?}");
    }
}
