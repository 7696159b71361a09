//! The operations on members.

use indexmap::IndexSet;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::account::model::Member;
use crate::account::state::{AccountState, Record};
use crate::spec::refusal::Refusal;
use crate::spec::request::ValidatedRequest;

/// The users that a request names. One who is named twice counts once.
#[derive(Deserialize)]
struct Users {
    user_ids: IndexSet<String>,
}

pub(crate) fn list(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let record = state.record(&request.workspace()?)?;
    let limit = state.page_size(request.parameter("limit")?);
    let members = state.members(record, state.order, request.parameter("offset")?, limit);
    Ok(json!({"data": members, "total_count": state.member_count(record)}))
}

pub(crate) fn add(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let reference = request.workspace()?;
    let workspace_id = explicit_members(state, &reference)?.workspace.id;
    let created_at = state.now();
    let mut candidates = Vec::new();
    let mut strangers = Vec::new();
    for user_id in request.body::<Users>()?.user_ids {
        match state.organization.get(&user_id) {
            Some(user) => {
                candidates.push(Member::new(state.ids.next(), workspace_id, &user_id, user, created_at.clone()));
            }
            None => strangers.push(user_id),
        }
    }
    if !strangers.is_empty() {
        return Err(Refusal::bad_request("Some users are not members of the organization")
            .with_metadata(json!({"field": "user_ids", "user_ids": strangers})));
    }

    let members = &mut state.record_mut(&reference)?.members;
    for candidate in &mut candidates {
        // One who is a member already keeps the membership, and the answer shows that one.
        *candidate = members.entry(candidate.user_id.clone()).or_insert_with(|| candidate.clone()).clone();
    }
    // The real server counts the users named, new or not.
    Ok(json!({"data": candidates, "added_count": candidates.len()}))
}

pub(crate) fn remove(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let reference = request.workspace()?;
    let record = explicit_members(state, &reference)?;
    let users = request.body::<Users>()?.user_ids;
    let members = || users.iter().map(String::as_str).filter(|user| record.members.contains_key(*user));
    let is_managed = |user: &&str| state.organization.get(*user).is_some_and(|user| user.scim_managed);
    let managed: Vec<&str> = members().filter(is_managed).collect();
    if !managed.is_empty() {
        let message = format!("Some members are managed by SCIM: {}", managed.join(", "));
        return Err(Refusal::forbidden(message).with_metadata(json!({"field": "user_ids", "user_ids": managed})));
    }
    let busy: Vec<&str> = members().filter(|user| record.key_owners.contains(*user)).collect();
    if !busy.is_empty() {
        let message = format!("Some members have active API keys in this workspace: {}", busy.join(", "));
        return Err(Refusal::bad_request(message).with_metadata(json!({"field": "user_ids", "user_ids": busy})));
    }

    let members = &mut state.record_mut(&reference)?.members;
    let before = members.len();
    members.retain(|user_id, _| !users.contains(user_id));
    Ok(json!({"removed_count": before - members.len()}))
}

/// The workspace, unless it is the default one, to which everyone belongs anyway.
fn explicit_members<'a>(state: &'a AccountState, reference: &str) -> Result<&'a Record, Refusal> {
    let record = state.record(reference)?;
    if state.is_default(record) {
        return Err(Refusal::forbidden("Cannot modify members of the default workspace"));
    }
    Ok(record)
}
