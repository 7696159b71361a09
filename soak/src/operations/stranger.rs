//! Another client of the account, which gets in between two requests, and does its worst.

use std::sync::{Arc, Mutex, PoisonError};

use openrouter_sandbox::Sandbox;
use serde_json::Value;
use uuid::Uuid;

use crate::operations::record::Record;

/// The other client.
#[derive(Clone, Debug)]
pub(crate) struct Stranger {
    sandbox: Arc<Sandbox>,
    /// The default workspace, which belongs to everybody.
    default: String,
    /// How often it gets in.
    rate: f64,
    rng: Arc<Mutex<fastrand::Rng>>,
}

impl Stranger {
    pub fn new(sandbox: Arc<Sandbox>, rate: f64, seed: u64) -> Self {
        let default = sandbox.account().workspace("default").ok().and_then(|w| Some(w["id"].as_str()?.to_owned()));
        let default = default.unwrap_or_default();
        Self { sandbox, default, rate, rng: Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))) }
    }

    /// Changes what a request is about, just before it is processed.
    pub fn interfere(&self, record: &mut Record, request: usize) {
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        if rng.f64() >= self.rate {
            return;
        }
        let call = &record.calls[record.requests[request].call];
        let slug = call.slug.clone().filter(|_| call.target.is_empty() || rng.bool());
        let reference = slug.unwrap_or_else(|| call.target.clone());
        match record.truth.find(&reference).map(|id| id.to_string()) {
            Some(id) if !reference.is_empty() => match rng.u8(0..8) {
                0..=1 => self.delete(record, &id),
                2..=3 => self.rename(record, &id, &format!("{reference}-moved-{}", rng.u16(..))),
                n @ 4..=5 if Uuid::try_parse(&reference).is_err() => {
                    // Another one under the same slug.
                    match n {
                        4 => self.delete(record, &id),
                        _ => self.rename(record, &id, &format!("moved-{}", rng.u32(..))),
                    }
                    self.create(record, &reference);
                }
                6 => self.join(record, &id, &format!("user_{}", rng.u8(1..=20))),
                _ => self.create(record, &format!("stranger-{}", rng.u32(..))),
            },
            _ if reference.is_empty() || Uuid::try_parse(&reference).is_ok() => {
                self.create(record, &format!("stranger-{}", rng.u32(..)));
            }
            _ => match record.truth.present().map(|workspace| workspace.id.to_string()).last() {
                // One that is older than the call.
                Some(id) if rng.u8(0..3) == 0 => self.rename(record, &id, &reference),
                _ => self.create(record, &reference),
            },
        }
    }

    fn create(&self, record: &mut Record, slug: &str) {
        if let Ok(id) = self.sandbox.account().create_workspace(slug) {
            let (now, fields) = (record.now(), self.fields(&id));
            record.truth.created(now, None, fields);
            record.note(None, format_args!("stranger creates {slug} as {id}"));
        }
    }

    fn rename(&self, record: &mut Record, id: &str, slug: &str) {
        if id != self.default && self.sandbox.account().rename_workspace(id, slug) == Ok(true) {
            let (now, fields) = (record.now(), self.fields(id));
            record.truth.updated(now, None, fields);
            record.note(None, format_args!("stranger renames {id} to {slug}"));
        }
    }

    fn delete(&self, record: &mut Record, id: &str) {
        let workspace = record.truth.find(id);
        if id != self.default && self.sandbox.account().delete_workspace(id).is_ok() {
            let now = record.now();
            workspace.into_iter().for_each(|id| record.truth.deleted(now, id));
            record.note(None, format_args!("stranger deletes {id}"));
        }
    }

    fn join(&self, record: &mut Record, id: &str, user: &str) {
        if id != self.default && self.sandbox.account().add_member(id, user).is_ok() {
            let workspace = record.truth.find(id).and_then(|id| record.truth.get_mut(id));
            if let Some(workspace) = workspace {
                workspace.members.insert(user.to_owned());
            }
            record.note(None, format_args!("stranger adds {user} to {id}"));
        }
    }

    /// A workspace as the API shows it.
    fn fields(&self, id: &str) -> Value {
        self.sandbox.account().workspace(id).unwrap_or_default()
    }
}
