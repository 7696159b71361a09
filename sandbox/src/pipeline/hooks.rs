//! Hooks: what happens to the account just before a request is processed.

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

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
pub(crate) struct Hooks(HashMap<String, Vec<Hook>>);

impl Hooks {
    pub(crate) fn add(&mut self, operation_id: &str, run: Run) {
        self.0.entry(operation_id.to_owned()).or_default().push(Hook { requests: 0, run });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Runs the hooks of an operation in the order in which they were added. While they run nothing is locked, so that they
/// may do whatever a test may do.
pub(crate) fn run(hooks: &Mutex<Hooks>, account: &Account, operation_id: &str) {
    let Some(mut due) = lock(hooks).0.remove(operation_id) else {
        return;
    };
    for hook in &mut due {
        hook.requests += 1;
        (hook.run)(account, hook.requests);
    }
    let mut all = lock(hooks);
    let added = all.0.remove(operation_id).unwrap_or_default();
    due.extend(added);
    all.0.insert(operation_id.to_owned(), due);
}
