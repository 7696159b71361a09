//! What the server remembers of the account.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use axum::http::StatusCode;
use chrono::{DateTime, SecondsFormat, Utc};
use indexmap::IndexMap;
use serde_json::json;
use uuid::Uuid;

use crate::account::model::{Budget, Interval, Member, OrganizationMember, Workspace, WorkspaceSettings};
use crate::account::order::ListOrder;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::profile::ServerProfile;
use crate::spec::refusal::Refusal;

/// A workspace, and what is deleted together with it.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) workspace: Workspace,
    /// The members that were added, by user id, in the order of their addition.
    pub(crate) members: IndexMap<String, Member>,
    pub(crate) budgets: BTreeMap<Interval, Budget>,
    /// Whether a budget was ever set.
    pub(crate) had_budgets: bool,
    /// The users with active API keys in this workspace.
    pub(crate) key_owners: BTreeSet<String>,
}

impl Record {
    /// A workspace to which nothing belongs yet.
    pub(crate) fn new(workspace: Workspace) -> Self {
        Self {
            workspace,
            members: IndexMap::new(),
            budgets: BTreeMap::new(),
            had_budgets: false,
            key_owners: BTreeSet::new(),
        }
    }
}

/// The account: its organization, and its workspaces in the order of their creation.
#[derive(Debug)]
pub(crate) struct AccountState {
    /// Numbered in the order of creation, so that neither a page nor a deletion has to move the others.
    records: BTreeMap<u64, Record>,
    by_id: HashMap<Uuid, u64>,
    by_slug: BTreeMap<String, u64>,
    created: u64,
    /// The default workspace, unless it was deleted.
    pub(crate) default_workspace: Option<Uuid>,
    pub(crate) organization: IndexMap<String, OrganizationMember>,
    pub(crate) server: ServerProfile,
    page_cap: usize,
    pub(crate) order: ListOrder,
    clock: Clock,
    pub(crate) ids: Ids,
    /// The latest time that was told.
    pub(crate) latest: DateTime<Utc>,
}

impl AccountState {
    /// An account without users and workspaces.
    pub(crate) fn new(server: ServerProfile, page_cap: usize, order: ListOrder, clock: Clock, ids: Ids) -> Self {
        Self {
            records: BTreeMap::new(),
            by_id: HashMap::new(),
            by_slug: BTreeMap::new(),
            created: 0,
            default_workspace: None,
            organization: IndexMap::new(),
            server,
            page_cap,
            order,
            latest: clock.now(),
            clock,
            ids,
        }
    }

    /// Adds the default workspace of a new account.
    pub(crate) fn insert_default_workspace(&mut self, created_at: DateTime<Utc>) {
        let workspace = Workspace::default_of_account(self.ids.next(), timestamp(created_at), &self.server);
        self.default_workspace = Some(workspace.id);
        self.insert(workspace);
    }

    /// The current time as the API writes it. It never runs backwards, whatever the clock does.
    pub(crate) fn now(&mut self) -> String {
        self.latest = self.latest.max(self.clock.now());
        timestamp(self.latest)
    }

    /// Whether there is a workspace with this id.
    pub(crate) fn has(&self, id: Uuid) -> bool {
        self.by_id.contains_key(&id)
    }

    /// The workspace with this id or slug.
    pub(crate) fn record(&self, reference: &str) -> Result<&Record, Refusal> {
        self.number(reference).and_then(|number| self.records.get(&number)).ok_or_else(workspace_not_found)
    }

    /// The workspace with this id or slug, to be changed. Its slug is changed by [`AccountState::update`].
    pub(crate) fn record_mut(&mut self, reference: &str) -> Result<&mut Record, Refusal> {
        self.number(reference).and_then(|number| self.records.get_mut(&number)).ok_or_else(workspace_not_found)
    }

    /// All workspaces with what belongs to them, oldest first.
    pub(crate) fn records(&self) -> impl ExactSizeIterator<Item = &Record> {
        self.records.values()
    }

    /// All workspaces, oldest first.
    pub(crate) fn workspaces(&self) -> impl ExactSizeIterator<Item = &Workspace> {
        self.records.values().map(|record| &record.workspace)
    }

    /// Workspaces in the order of lists, from `offset` on, at most `limit`.
    pub(crate) fn page(&self, offset: usize, limit: usize) -> Vec<&Workspace> {
        let records: Vec<&Record> = match self.order {
            ListOrder::OldestFirst => self.records.values().skip(offset).take(limit).collect(),
            ListOrder::NewestFirst => self.records.values().rev().skip(offset).take(limit).collect(),
            ListOrder::BySlug => {
                let numbers = self.by_slug.values().skip(offset).take(limit);
                numbers.filter_map(|number| self.records.get(number)).collect()
            }
        };
        records.into_iter().map(|record| &record.workspace).collect()
    }

    /// Adds a workspace. Its slug must be free.
    pub(crate) fn insert(&mut self, workspace: Workspace) {
        self.insert_record(Record::new(workspace));
    }

    /// Adds a workspace with what belongs to it. Its slug must be free.
    pub(crate) fn insert_record(&mut self, record: Record) {
        self.created += 1;
        self.by_id.insert(record.workspace.id, self.created);
        self.by_slug.insert(record.workspace.settings.slug.clone(), self.created);
        self.records.insert(self.created, record);
    }

    /// Refuses a slug that belongs to a workspace other than the one with this id.
    pub(crate) fn check_slug(&self, slug: &str, id: Option<Uuid>) -> Result<(), Refusal> {
        let owner = self.by_slug.get(slug);
        if owner.is_none() || owner == id.and_then(|id| self.by_id.get(&id)) {
            return Ok(());
        }
        let message = format!("slug: another workspace is called {slug}");
        Err(Refusal::new(StatusCode::CONFLICT, message).with_metadata(json!({"field": "slug"})))
    }

    /// Gives a workspace other settings. It is found under its new slug from now on.
    pub(crate) fn update(&mut self, reference: &str, settings: WorkspaceSettings) -> Result<&Workspace, Refusal> {
        let number = self.number(reference).ok_or_else(workspace_not_found)?;
        self.check_slug(&settings.slug, Some(self.record(reference)?.workspace.id))?;
        let now = self.now();
        let workspace = &mut self.records.get_mut(&number).ok_or_else(workspace_not_found)?.workspace;
        if workspace.settings != settings {
            self.by_slug.remove(&workspace.settings.slug);
            self.by_slug.insert(settings.slug.clone(), number);
            workspace.settings = settings;
            workspace.updated_at = Some(now);
        }
        Ok(workspace)
    }

    /// Forgets a workspace with all that belongs to it.
    pub(crate) fn remove(&mut self, id: Uuid) {
        if let Some(record) = self.by_id.remove(&id).and_then(|number| self.records.remove(&number)) {
            self.by_slug.remove(&record.workspace.settings.slug);
            self.default_workspace = self.default_workspace.filter(|default| *default != id);
        }
    }

    /// How many rows a page has at most if a request asks for `limit`.
    pub(crate) fn page_size(&self, limit: usize) -> usize {
        self.page_cap.min(limit)
    }

    /// Whether this is the default workspace, to which everyone in the organization belongs.
    pub(crate) fn is_default(&self, record: &Record) -> bool {
        self.default_workspace == Some(record.workspace.id)
    }

    fn number(&self, reference: &str) -> Option<u64> {
        let by_id = || self.by_id.get(&Uuid::try_parse(reference).ok()?);
        self.by_slug.get(reference).or_else(by_id).copied()
    }
}

/// A time as the API writes it.
pub(crate) fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn workspace_not_found() -> Refusal {
    Refusal::not_found("Workspace not found")
}
