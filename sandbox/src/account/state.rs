//! What the server remembers of the account.

use std::collections::{BTreeMap, HashMap, HashSet};

use axum::http::StatusCode;
use chrono::{DateTime, SecondsFormat, Utc};
use indexmap::IndexMap;
use serde_json::json;
use uuid::Uuid;

use crate::account::model::{Budget, Interval, Member, OrganizationMember, Workspace, WorkspaceSettings};
use crate::account::order::ListOrder;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::spec::refusal::Refusal;

/// A workspace, and what is deleted together with it.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) workspace: Workspace,
    /// The members that were added, by user id, in the order of their addition.
    pub(crate) members: IndexMap<String, Member>,
    pub(crate) budgets: BTreeMap<Interval, Budget>,
    /// The users with active API keys in this workspace.
    pub(crate) key_owners: HashSet<String>,
}

/// The account: its organization, and its workspaces in the order of their creation.
#[derive(Debug)]
pub(crate) struct AccountState {
    /// Numbered in the order of creation, so that neither a page nor a deletion has to move the others.
    records: BTreeMap<u64, Record>,
    by_id: HashMap<Uuid, u64>,
    by_slug: BTreeMap<String, u64>,
    created: u64,
    default_workspace: Uuid,
    pub(crate) organization: IndexMap<String, OrganizationMember>,
    page_cap: usize,
    pub(crate) order: ListOrder,
    clock: Clock,
    pub(crate) ids: Ids,
    latest: DateTime<Utc>,
}

impl AccountState {
    /// An account with an organization of users, each with a role there, and the default workspace, all of which have
    /// been there since `created_at`.
    pub(crate) fn new(
        organization: impl IntoIterator<Item = (String, String)>,
        page_cap: usize,
        order: ListOrder,
        created_at: DateTime<Utc>,
        clock: Clock,
        ids: Ids,
    ) -> Self {
        let mut state = Self {
            records: BTreeMap::new(),
            by_id: HashMap::new(),
            by_slug: BTreeMap::new(),
            created: 0,
            default_workspace: Uuid::nil(),
            organization: IndexMap::new(),
            page_cap,
            order,
            latest: clock.now(),
            clock,
            ids,
        };
        let created_at = timestamp(created_at);
        state.organization = organization
            .into_iter()
            .map(|(user_id, role)| {
                let created_at = created_at.clone();
                (user_id, OrganizationMember { role, created_at })
            })
            .collect();
        let workspace =
            Workspace::new(state.ids.next(), WorkspaceSettings::named("Default", "default"), None, created_at);
        state.default_workspace = workspace.id;
        state.insert(workspace);
        state
    }

    /// The current time as the API writes it. It never runs backwards, whatever the clock does.
    pub(crate) fn now(&mut self) -> String {
        self.latest = self.latest.max(self.clock.now());
        timestamp(self.latest)
    }

    /// The workspace with this id or slug.
    pub(crate) fn record(&self, reference: &str) -> Result<&Record, Refusal> {
        self.number(reference).and_then(|number| self.records.get(&number)).ok_or_else(workspace_not_found)
    }

    /// The workspace with this id or slug, to be changed. Its slug is changed by [`AccountState::update`].
    pub(crate) fn record_mut(&mut self, reference: &str) -> Result<&mut Record, Refusal> {
        self.number(reference).and_then(|number| self.records.get_mut(&number)).ok_or_else(workspace_not_found)
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
        self.created += 1;
        self.by_id.insert(workspace.id, self.created);
        self.by_slug.insert(workspace.settings.slug.clone(), self.created);
        let record =
            Record { workspace, members: IndexMap::new(), budgets: BTreeMap::new(), key_owners: HashSet::new() };
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
        }
    }

    /// How many rows a page has at most if a request asks for `limit`.
    pub(crate) fn page_size(&self, limit: usize) -> usize {
        self.page_cap.min(limit)
    }

    /// Whether this is the default workspace, to which everyone in the organization belongs.
    pub(crate) fn is_default(&self, record: &Record) -> bool {
        record.workspace.id == self.default_workspace
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
