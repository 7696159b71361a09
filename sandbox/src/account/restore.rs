//! Restoring an account from what was saved of it, which may have been written by hand.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::account::budget_order::check_order;
use crate::account::model::{Budget, Member, OrganizationMember, Workspace, WorkspaceSettings, guardrail};
use crate::account::saved::{SavedBudget, SavedMember, SavedState, SavedUser, SavedWorkspace};
use crate::account::state::{AccountState, Record};
use crate::errors::InvalidState;
use crate::spec::contract::Contract;
use crate::spec::refusal::Refusal;

impl AccountState {
    /// Fills an account without users and workspaces.
    pub(crate) fn restore(&mut self, saved: &SavedState, contract: &Contract) -> Result<(), InvalidState> {
        for (number, user) in saved.0.organization.iter().enumerate() {
            self.restore_user(user, &format!("organization[{number}]"))?;
        }
        for (number, workspace) in saved.0.workspaces.iter().enumerate() {
            self.restore_workspace(workspace, contract, &format!("workspaces[{number}]"))?;
        }
        Ok(())
    }

    fn restore_user(&mut self, saved: &SavedUser, at: &str) -> Result<(), InvalidState> {
        let user = OrganizationMember {
            role: saved.role.clone().unwrap_or_else(|| "member".to_owned()),
            created_at: self.restore_time(saved.created_at.as_ref(), at, "created_at")?,
            scim_managed: saved.scim_managed,
        };
        match self.organization.insert(saved.user_id.clone(), user) {
            Some(_) => Err(invalid(at, "user_id", format!("{} is there already", saved.user_id))),
            None => Ok(()),
        }
    }

    fn restore_workspace(&mut self, saved: &SavedWorkspace, contract: &Contract, at: &str) -> Result<(), InvalidState> {
        let id = saved.id.unwrap_or_else(|| self.ids.next());
        if self.has(id) {
            return Err(invalid(at, "id", format!("{id} is there already")));
        }
        if saved.default && self.default_workspace.is_some() {
            return Err(invalid(at, "default", "another workspace is the default one already"));
        }
        if saved.default && !saved.members.is_empty() {
            return Err(invalid(at, "members", "everyone in the organization belongs to the default workspace"));
        }
        let settings = restore_settings(saved, contract, at)?;
        self.check_slug(&settings.slug, None).map_err(|refusal| refused(at, &refusal))?;

        let created_at = self.restore_time(saved.created_at.as_ref(), at, "created_at")?;
        let mut workspace = Workspace::new(id, settings, saved.created_by.clone(), created_at);
        workspace.default_guardrail_id = saved.default_guardrail_id.unwrap_or_else(|| Some(guardrail(id)));
        workspace.include_byok_in_budgets = saved.include_byok_in_budgets;
        if let Some(time) = &saved.updated_at {
            workspace.updated_at = Some(self.restore_time(Some(time), at, "updated_at")?);
        }

        let mut record = Record::new(workspace);
        for (number, member) in saved.members.iter().enumerate() {
            self.restore_member(&mut record, member, &format!("{at}.members[{number}]"))?;
        }
        for (number, budget) in saved.budgets.iter().enumerate() {
            self.restore_budget(&mut record, budget, contract, &format!("{at}.budgets[{number}]"))?;
        }
        record.had_budgets |= saved.had_budgets;
        record.key_owners = saved.api_key_owners.iter().cloned().collect();
        if saved.default {
            self.default_workspace = Some(id);
        }
        self.insert_record(record);
        Ok(())
    }

    fn restore_member(&mut self, record: &mut Record, saved: &SavedMember, at: &str) -> Result<(), InvalidState> {
        let created_at = self.restore_time(saved.created_at.as_ref(), at, "created_at")?;
        let id = saved.id.unwrap_or_else(|| self.ids.next());
        let Some(user) = self.organization.get(&saved.user_id) else {
            return Err(invalid(at, "user_id", format!("the organization has no user {}", saved.user_id)));
        };
        let mut member = Member::new(id, record.workspace.id, &saved.user_id, user, created_at);
        if let Some(role) = &saved.role {
            member.role = role.clone();
        }
        match record.members.insert(saved.user_id.clone(), member) {
            Some(_) => Err(invalid(at, "user_id", format!("{} is there already", saved.user_id))),
            None => Ok(()),
        }
    }

    fn restore_budget(
        &mut self,
        record: &mut Record,
        saved: &SavedBudget,
        contract: &Contract,
        at: &str,
    ) -> Result<(), InvalidState> {
        check_body(contract, "upsert_workspace_budget", &json!({"limit_usd": saved.limit_usd}), at)?;
        check_order(&record.budgets, saved.interval, saved.limit_usd)
            .map_err(|refusal| invalid(at, "limit_usd", refusal.message()))?;
        let created_at = self.restore_time(saved.created_at.as_ref(), at, "created_at")?;
        let id = saved.id.unwrap_or_else(|| self.ids.next());
        let mut budget = Budget::new(id, record.workspace.id, saved.interval, saved.limit_usd, created_at);
        if let Some(time) = &saved.updated_at {
            budget.updated_at = self.restore_time(Some(time), at, "updated_at")?;
        }
        record.had_budgets = true;
        match record.budgets.insert(saved.interval, budget) {
            Some(_) => Err(invalid(at, "interval", format!("there is a {} budget already", saved.interval))),
            None => Ok(()),
        }
    }

    /// A time as it was saved, or the current one. Time goes on from the latest of them.
    fn restore_time(&mut self, saved: Option<&String>, at: &str, field: &str) -> Result<String, InvalidState> {
        let Some(time) = saved else {
            return Ok(self.now());
        };
        let parsed = DateTime::parse_from_rfc3339(time)
            .map_err(|_| invalid(at, field, format!("{time} is no time such as 2026-03-02T08:15:00.000Z")))?;
        self.latest = self.latest.max(parsed.with_timezone(&Utc));
        Ok(time.clone())
    }
}

/// What requests set of a workspace, held against the contract as a request would be.
fn restore_settings(saved: &SavedWorkspace, contract: &Contract, at: &str) -> Result<WorkspaceSettings, InvalidState> {
    let name = saved.name.as_ref().unwrap_or(&saved.slug);
    let known = json!(WorkspaceSettings::named("", ""));
    if let Some(unknown) = saved.settings.keys().find(|field| known.get(field.as_str()).is_none()) {
        return Err(invalid(at, unknown, "a workspace has no such field"));
    }
    let mut settings: Map<String, Value> = saved.settings.clone();
    settings.insert("name".to_owned(), json!(name));
    settings.insert("slug".to_owned(), json!(saved.slug));
    let settings = Value::Object(settings);
    check_body(contract, "create_workspace", &settings, at)?;
    WorkspaceSettings::deserialize(settings)
        .map(WorkspaceSettings::normalized)
        .map_err(|error| InvalidState::new(at, error))
}

/// Holds something against the contract's rules for the body of an operation.
fn check_body(contract: &Contract, operation_id: &str, body: &Value, at: &str) -> Result<(), InvalidState> {
    let operation = contract.operations.iter().find(|operation| operation.id == operation_id);
    let schema = operation.and_then(|operation| operation.body.as_ref());
    let checked = schema.map_or(Ok(()), |schema| schema.check("", body));
    checked.map_err(|refusal| refused(at, &refusal))
}

/// What the API would refuse, whose message begins with the field.
fn refused(at: &str, refusal: &Refusal) -> InvalidState {
    InvalidState::new("", format!("{at}.{}", refusal.message()))
}

fn invalid(at: &str, field: &str, problem: impl Display) -> InvalidState {
    InvalidState::new(&format!("{at}.{field}"), problem)
}
