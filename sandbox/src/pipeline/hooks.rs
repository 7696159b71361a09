//! Hooks: what happens to the account just before a request is processed.

use std::collections::HashMap;
use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex};

use crate::account::handle::Account;
use crate::sync::lock;

/// Code to run before a request for an operation, with the number of the request.
type Run = Box<dyn FnMut(&Account, u64) + Send>;

struct Hook {
    requests: u64,
    run: Run,
}

/// The hooks, by operation.
#[derive(Default)]
pub(crate) struct Hooks {
    hooks: HashMap<String, Vec<Hook>>,
    /// Held by the request whose hooks run: in memory, another one may come at the same time.
    turns: HashMap<String, Arc<Mutex<()>>>,
    /// How often they were cleared.
    cleared: u64,
}

impl Hooks {
    pub(crate) fn add(&mut self, operation_id: &str, run: Run) {
        self.turns.entry(operation_id.to_owned()).or_default();
        self.hooks.entry(operation_id.to_owned()).or_default().push(Hook { requests: 0, run });
    }

    pub(crate) fn clear(&mut self) {
        self.hooks.clear();
        self.cleared += 1;
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.hooks.keys()).finish()
    }
}

/// Runs the hooks of an operation in the order in which they were added, for one request after the other. While they run
/// nothing else is locked, so that they may do whatever a test may do.
pub(crate) fn run(hooks: &Mutex<Hooks>, account: &Account, operation_id: &str) {
    let Some(turn) = lock(hooks).turns.get(operation_id).cloned() else {
        return;
    };
    let _turn = lock(&turn);
    let mut due = Due::take(hooks, operation_id);
    for hook in &mut due.hooks {
        hook.requests += 1;
        (hook.run)(account, hook.requests);
    }
}

/// The hooks of an operation while they run. They come back to the others when it is dropped, also where one has panicked.
struct Due<'a> {
    all: &'a Mutex<Hooks>,
    operation_id: &'a str,
    hooks: Vec<Hook>,
    cleared: u64,
}

impl<'a> Due<'a> {
    fn take(all: &'a Mutex<Hooks>, operation_id: &'a str) -> Self {
        let mut hooks = lock(all);
        let cleared = hooks.cleared;
        Self { all, operation_id, hooks: hooks.hooks.remove(operation_id).unwrap_or_default(), cleared }
    }
}

impl Drop for Due<'_> {
    fn drop(&mut self) {
        let mut all = lock(self.all);
        // After one that has cleared them, only those that were added since are left.
        if all.cleared == self.cleared {
            let own = all.hooks.entry(self.operation_id.to_owned()).or_default();
            self.hooks.append(own);
            *own = mem::take(&mut self.hooks);
        }
    }
}
