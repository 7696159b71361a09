//! Any number of users, in requests that take a hundred of them.
//!
//! The server takes a request as a whole, or refuses it as a whole. One that is refused for users that it names is sent again
//! without them. Where it names none, the users are halved until those are found for whom it is; but a 403 that names none is
//! about the workspace or the key, and a failure.

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::client::Client;
use crate::error::{ApiError, Delivery, Error};
use crate::jobs::in_flight::run_bounded;
use crate::jobs::job::Run;
use crate::jobs::member_report::{MemberChange, MemberOutcome, SoFar};

/// One change of many users of a workspace.
pub(super) struct Batch<'a> {
    pub client: &'a Client,
    pub run: &'a Run,
    pub workspace: &'a str,
    pub change: MemberChange,
    pub so_far: &'a SoFar,
}

impl Batch<'_> {
    /// Does it to these users, several requests at the same time. After a failure that is no refusal no further chunk is
    /// begun, and the first such failure is returned.
    pub async fn apply(&self, users: &[String]) -> Result<(), Error> {
        let mut result = Ok(());
        let mut chunks = Vec::new();
        for chunk in users.chunks(self.change.users_per_request()) {
            chunks.push(self.chunk(chunk.to_vec()));
        }
        run_bounded(self.run.concurrency(), chunks, |chunk| match chunk {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                if result.is_ok() {
                    result = Err(error);
                }
                ControlFlow::Break(())
            }
        })
        .await;
        result
    }

    /// Does it to the users of one request, with as many more requests as refusals take.
    async fn chunk(&self, users: Vec<String>) -> Result<(), Error> {
        let mut parts = vec![users];
        while let Some(part) = parts.pop() {
            self.set(&part, MemberOutcome::Unknown("the request is under way, or was dropped".to_owned()));
            match self.send(&part).await {
                Ok(unconfirmed) => {
                    let (unknown, done): (Vec<_>, Vec<_>) =
                        part.into_iter().partition(|user| unconfirmed.contains(user));
                    self.set(&done, MemberOutcome::Done);
                    self.set(&unknown, MemberOutcome::Unknown("the answer does not show the user".to_owned()));
                }
                Err(error) => parts.extend(self.refused(part, error)?),
            }
            let (settled, total) = self.so_far.settled();
            self.run.progress(settled, total);
        }
        Ok(())
    }

    /// Sends one request. Returns the users of whom the answer does not tell that it was done.
    async fn send(&self, users: &[String]) -> Result<HashSet<String>, Error> {
        match self.change {
            MemberChange::Add => {
                let added = self.run.request(self.client.bulk_add_members(self.workspace, users)).await?;
                // The server counts, and shows, the users that were named, new or not.
                let mut unconfirmed = HashSet::new();
                if usize::try_from(added.added_count).map_or(true, |count| count < users.len()) {
                    unconfirmed.extend(users.iter().cloned());
                    for member in added.data {
                        unconfirmed.remove(&member.user_id);
                    }
                }
                Ok(unconfirmed)
            }
            MemberChange::Remove => {
                self.run.request(self.client.bulk_remove_members(self.workspace, users)).await?;
                Ok(HashSet::new())
            }
        }
    }

    /// Settles what a refusal says, and returns the parts that are to be sent instead. Any other failure is returned.
    fn refused(&self, users: Vec<String>, error: Error) -> Result<Vec<Vec<String>>, Error> {
        let Some(refusal) = refusal(&error, &users) else {
            let outcome = match error.delivery() {
                Delivery::Unknown => MemberOutcome::Unknown(error.to_string()),
                Delivery::NotSent | Delivery::Answered => MemberOutcome::Left,
            };
            self.set(&users, outcome);
            return Err(error);
        };
        let why = MemberOutcome::Refused(refusal.message().to_owned());
        let listed = listed_users(refusal);
        let (named, mut others): (Vec<String>, Vec<String>) = users.into_iter().partition(|user| listed.contains(user));
        if !named.is_empty() {
            self.set(&named, why);
            self.set(&others, MemberOutcome::Left);
            return Ok(if others.is_empty() { Vec::new() } else { vec![others] });
        }
        if others.len() <= 1 {
            self.set(&others, why);
            return Ok(Vec::new());
        }
        self.set(&others, MemberOutcome::Left);
        // A name in a text is a hint of where to divide, and no verdict: it may be a word like any other.
        let (hinted, rest) = others.iter().cloned().partition::<Vec<_>, _>(|user| is_named_in(refusal.message(), user));
        if !hinted.is_empty() && !rest.is_empty() {
            return Ok(vec![hinted, rest]);
        }
        let half = others.split_off(others.len() / 2);
        Ok(vec![half, others])
    }

    fn set(&self, users: &[String], outcome: MemberOutcome) {
        self.so_far.set(self.change, users, &outcome);
    }
}

/// The answer, if it refuses the request for what is in it, so that another request may be taken.
fn refusal<'a>(error: &'a Error, users: &[String]) -> Option<&'a ApiError> {
    match error {
        Error::BadRequest(e) | Error::Conflict(e) => Some(e),
        // Where a 403 is about users, it names them all. Any other is about the workspace, or the key.
        Error::Forbidden(e) => {
            let listed = listed_users(e);
            users.iter().any(|user| listed.contains(user) || is_named_in(e.message(), user)).then_some(&**e)
        }
        Error::Api(e) if matches!(e.status(), 413 | 422) => Some(e),
        _ => None,
    }
}

/// The users for whom the request was refused, as the refusal lists them for programs.
fn listed_users(refusal: &ApiError) -> Vec<String> {
    let metadata = refusal.metadata().unwrap_or_default();
    let many = metadata.get("user_ids").and_then(|users| users.as_array()).into_iter().flatten();
    let users = many.chain(metadata.get("user_id"));
    users.filter_map(|user| user.as_str()).map(str::to_owned).collect()
}

/// Whether a text has the id in it, and not as a part of a longer one.
fn is_named_in(text: &str, user: &str) -> bool {
    let is_of_id = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    !user.is_empty()
        && text.match_indices(user).any(|(start, _)| {
            let (before, behind) = (text.get(..start), text.get(start + user.len()..));
            let ends = |c: Option<char>| c.is_none_or(|c| !is_of_id(c));
            ends(before.and_then(|text| text.chars().next_back())) && ends(behind.and_then(|text| text.chars().next()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_in_a_text_only_as_a_whole() {
        let text = "Some members are managed by SCIM: user_10, user_2.";
        assert!(is_named_in(text, "user_10") && is_named_in(text, "user_2"));
        assert!(!is_named_in(text, "user_1") && !is_named_in(text, "ser_2") && !is_named_in(text, ""));
    }
}
