//! Reading an account, or what a manifest needs of it.

use std::collections::HashMap;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use openrouter_workspaces::{BudgetSet, Client, Error, MAX_CONCURRENCY, Workspace, WorkspaceMember};

use crate::account::{Account, AccountWorkspace, Part};
use crate::manifest::Manifest;

impl Account {
    /// Reads the whole account: all workspaces with their members and budgets.
    ///
    /// One request for 100 workspaces; for each workspace, one for 100 members, and one for the budgets, or two where there
    /// never was one.
    pub fn read(client: &Client) -> ReadAccount {
        ReadAccount::new(client, |_| Parts { members: true, budgets: true })
    }

    /// Reads what a plan of this manifest needs: all workspaces, and of those that the manifest names, the members and
    /// budgets that it manages.
    pub fn read_for(client: &Client, manifest: &Manifest) -> ReadAccount {
        let mut needs = HashMap::<String, Parts>::new();
        for entry in &manifest.workspaces {
            for slug in [Some(&entry.slug), entry.renamed_from.as_ref()].into_iter().flatten() {
                let parts = needs.entry(slug.clone()).or_default();
                parts.members |= entry.members.is_some();
                parts.budgets |= entry.budgets.is_some();
            }
        }
        ReadAccount::new(client, move |workspace| needs.get(&workspace.slug).copied().unwrap_or_default())
    }
}

/// How far [`ReadAccount`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadProgress {
    /// How many lists of members and of budgets have been read, or could not be read.
    pub read: usize,
    /// How many there are in all.
    pub total: usize,
}

/// What of a workspace is to be read besides its settings.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) members: bool,
    pub(crate) budgets: bool,
}

type Needs = Box<dyn Fn(&Workspace) -> Parts + Send + Sync>;
type OnProgress = Arc<dyn Fn(ReadProgress) + Send + Sync>;

/// Reading an account: `.await` does it. Made by [`Account::read`] and [`Account::read_for`]. It results in an [`Account`],
/// or in an [`Error`] if the list of workspaces cannot be read. Any other part that cannot be read is [`Part::Failed`].
#[must_use = "an account is only read by `.await`"]
pub struct ReadAccount {
    client: Client,
    needs: Needs,
    concurrency: usize,
    on_progress: Option<OnProgress>,
}

impl ReadAccount {
    pub(crate) fn new(client: &Client, needs: impl Fn(&Workspace) -> Parts + Send + Sync + 'static) -> Self {
        Self { client: client.clone(), needs: Box::new(needs), concurrency: 8, on_progress: None }
    }

    /// How many requests are under way at the same time at most. Default: 8; at most [`MAX_CONCURRENCY`], which stands for
    /// any larger number, as 1 does for 0.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.clamp(1, MAX_CONCURRENCY);
        self
    }

    /// Calls this whenever a list of members or of budgets has been read, and once when it is known how many there are.
    pub fn on_progress(mut self, callback: impl Fn(ReadProgress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(callback));
        self
    }

    async fn run(self) -> Result<Account, Error> {
        let list = self.client.list().items().concurrency(self.concurrency);
        let mut account = Account::default();
        let mut jobs = Vec::new();
        for (place, workspace) in list.try_collect().await?.into_iter().enumerate() {
            let parts = (self.needs)(&workspace);
            let id = workspace.id.to_string();
            jobs.extend(parts.members.then(|| (place, id.clone(), Kind::Members)));
            jobs.extend(parts.budgets.then_some((place, id, Kind::Budgets)));
            account.workspaces.push(AccountWorkspace { workspace, members: Part::NotRead, budgets: Part::NotRead });
        }
        let total = jobs.len();
        self.progress(0, total);
        let client = &self.client;
        let jobs = jobs.into_iter().map(|(place, id, kind)| async move { (place, kind.read(client, id).await) });
        let mut results = stream::iter(jobs).buffer_unordered(self.concurrency);
        let (mut read, mut gone) = (0, vec![false; account.workspaces.len()]);
        while let Some((place, result)) = results.next().await {
            if let (Some(there), Some(gone)) = (account.workspaces.get_mut(place), gone.get_mut(place)) {
                *gone |= result.put(there);
            }
            read += 1;
            self.progress(read, total);
        }
        let mut gone = gone.into_iter();
        account.workspaces.retain(|_| !gone.next().unwrap_or(false));
        Ok(account)
    }

    fn progress(&self, read: usize, total: usize) {
        if let Some(callback) = &self.on_progress {
            callback(ReadProgress { read, total });
        }
    }
}

/// A part of a workspace.
enum Kind {
    Members,
    Budgets,
}

/// A part of a workspace that was read.
enum ReadPart {
    Members(Result<Vec<WorkspaceMember>, Error>),
    Budgets(Result<BudgetSet, Error>),
}

impl Kind {
    async fn read(self, client: &Client, id: String) -> ReadPart {
        match self {
            Self::Members => ReadPart::Members(client.list_members(id).items().try_collect().await),
            // Its time is that of its calls.
            Self::Budgets => ReadPart::Budgets(client.get_budgets(id).timeout(Duration::MAX).await),
        }
    }
}

impl ReadPart {
    /// Puts it into its workspace, and tells whether that was deleted after it was listed: then it is left out.
    fn put(self, there: &mut AccountWorkspace) -> bool {
        match self {
            // Of budgets this may also mean that there never was one, where no request was left to look that up.
            Self::Members(Err(Error::NotFound(_))) => return true,
            Self::Members(members) => there.members = members.into(),
            Self::Budgets(budgets) => there.budgets = budgets.into(),
        }
        false
    }
}

impl IntoFuture for ReadAccount {
    type Output = Result<Account, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for ReadAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadAccount").field("concurrency", &self.concurrency).finish_non_exhaustive()
    }
}
