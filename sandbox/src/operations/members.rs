//! The operations on members.

use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::account::order::ListOrder;
use crate::account::state::{OrganizationMember, Record, State};
use crate::sandbox::UnknownName;
use crate::spec::refusal::Refusal;
use crate::spec::request::Call;

/// A membership as the API shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Member {
    id: Uuid,
    workspace_id: Uuid,
    user_id: String,
    role: String,
    created_at: String,
}

impl Member {
    fn new(workspace_id: Uuid, user_id: &str, user: &OrganizationMember, created_at: String) -> Self {
        Self { id: Uuid::new_v4(), workspace_id, user_id: user_id.to_owned(), role: user.role.clone(), created_at }
    }

    /// A membership that exists without having been added: its id follows from the user and the workspace.
    fn implicit(workspace_id: Uuid, user_id: &str, user: &OrganizationMember) -> Self {
        Self {
            id: Uuid::new_v5(&workspace_id, user_id.as_bytes()),
            ..Self::new(workspace_id, user_id, user, user.created_at.clone())
        }
    }
}

/// The users that a request names. Naming one twice is naming him once.
#[derive(Deserialize)]
struct Users {
    user_ids: IndexSet<String>,
}

/// Members of a workspace in this order, from `offset` on, at most `limit`.
pub(crate) fn of(state: &State, record: &Record, order: ListOrder, offset: usize, limit: usize) -> Vec<Member> {
    let id = record.workspace.id;
    if id == state.default_workspace {
        let users = page(&state.organization, order, offset, limit);
        users.into_iter().map(|(user_id, user)| Member::implicit(id, user_id, user)).collect()
    } else {
        let members = page(&record.members, order, offset, limit);
        members.into_iter().map(|(_, member)| member.clone()).collect()
    }
}

fn page<T>(rows: &IndexMap<String, T>, order: ListOrder, offset: usize, limit: usize) -> Vec<(&String, &T)> {
    match order {
        ListOrder::OldestFirst => rows.iter().skip(offset).take(limit).collect(),
        ListOrder::NewestFirst => rows.iter().rev().skip(offset).take(limit).collect(),
        ListOrder::BySlug => {
            let mut sorted: Vec<_> = rows.iter().collect();
            sorted.sort_unstable_by_key(|(user_id, _)| *user_id);
            sorted.into_iter().skip(offset).take(limit).collect()
        }
    }
}

/// Makes a user of the organization a member, if that is not so already.
pub(crate) fn join(state: &mut State, reference: &str, user_id: &str) -> Result<(), UnknownName> {
    let created_at = state.now();
    let user = state.organization.get(user_id).cloned().ok_or_else(|| UnknownName::new("user", user_id))?;
    let record = state.record_mut(reference).map_err(|_| UnknownName::new("workspace", reference))?;
    let member = Member::new(record.workspace.id, user_id, &user, created_at);
    record.members.entry(user_id.to_owned()).or_insert(member);
    Ok(())
}

pub(crate) fn list(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let record = state.record(&call.workspace()?)?;
    let members = of(state, record, state.order, call.parameter("offset")?, state.limit(call)?);
    let total_count = match record.workspace.id == state.default_workspace {
        true => state.organization.len(),
        false => record.members.len(),
    };
    Ok(json!({"data": members, "total_count": total_count}))
}

pub(crate) fn add(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let reference = call.workspace()?;
    let workspace_id = explicit_members(state, &reference)?.workspace.id;
    let created_at = state.now();
    let mut candidates = Vec::new();
    for user_id in call.body::<Users>()?.user_ids {
        let user = state.organization.get(&user_id).ok_or_else(|| {
            Refusal::bad_request(format!("user_ids: {user_id} is no member of the organization"))
                .with_metadata(json!({"field": "user_ids", "user_id": user_id}))
        })?;
        candidates.push(Member::new(workspace_id, &user_id, user, created_at.clone()));
    }

    let members = &mut state.record_mut(&reference)?.members;
    let before = members.len();
    for candidate in &mut candidates {
        // One who is a member already keeps the membership, and the answer shows that one.
        *candidate = members.entry(candidate.user_id.clone()).or_insert_with(|| candidate.clone()).clone();
    }
    Ok(json!({"data": candidates, "added_count": members.len() - before}))
}

pub(crate) fn remove(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let reference = call.workspace()?;
    let record = explicit_members(state, &reference)?;
    let users = call.body::<Users>()?.user_ids;
    let busy: Vec<&String> =
        users.iter().filter(|user| record.members.contains_key(*user) && record.key_owners.contains(*user)).collect();
    if let Some(user_id) = busy.first() {
        let message = format!("user_ids: {user_id} has active API keys here: revoke them first");
        return Err(Refusal::bad_request(message).with_metadata(json!({"field": "user_ids", "user_ids": busy})));
    }

    let members = &mut state.record_mut(&reference)?.members;
    let before = members.len();
    members.retain(|user_id, _| !users.contains(user_id));
    Ok(json!({"removed_count": before - members.len()}))
}

/// The workspace, unless it is the default one, to which everyone belongs anyway.
fn explicit_members<'a>(state: &'a State, reference: &str) -> Result<&'a Record, Refusal> {
    let record = state.record(reference)?;
    if record.workspace.id == state.default_workspace {
        return Err(Refusal::bad_request(
            "The default workspace has every member of the organization: nobody is added to it or removed from it",
        ));
    }
    Ok(record)
}
