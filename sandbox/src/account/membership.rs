//! Who belongs to a workspace: to the default one everyone in the organization, to any other those who were added.

use indexmap::IndexMap;

use crate::account::model::Member;
use crate::account::order::ListOrder;
use crate::account::state::{AccountState, Record};
use crate::errors::UnknownName;

impl AccountState {
    /// Members of a workspace in this order, from `offset` on, at most `limit`.
    pub(crate) fn members(&self, record: &Record, order: ListOrder, offset: usize, limit: usize) -> Vec<Member> {
        let id = record.workspace.id;
        if self.is_default(record) {
            let users = page(&self.organization, order, offset, limit);
            users.into_iter().map(|(user_id, user)| Member::implicit(id, user_id, user)).collect()
        } else {
            let members = page(&record.members, order, offset, limit);
            members.into_iter().map(|(_, member)| member.clone()).collect()
        }
    }

    /// How many members a workspace has.
    pub(crate) fn member_count(&self, record: &Record) -> usize {
        match self.is_default(record) {
            true => self.organization.len(),
            false => record.members.len(),
        }
    }

    /// Makes a user of the organization a member, if that is not so already, as it is in the default workspace.
    pub(crate) fn join(&mut self, reference: &str, user_id: &str) -> Result<(), UnknownName> {
        let (created_at, id) = (self.now(), self.ids.next());
        let user = self.organization.get(user_id).cloned().ok_or_else(|| UnknownName::new("user", user_id))?;
        let unknown = |_| UnknownName::new("workspace", reference);
        if self.is_default(self.record(reference).map_err(unknown)?) {
            return Ok(());
        }
        let record = self.record_mut(reference).map_err(unknown)?;
        let member = Member::new(id, record.workspace.id, user_id, &user, created_at);
        record.members.entry(user_id.to_owned()).or_insert(member);
        Ok(())
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
