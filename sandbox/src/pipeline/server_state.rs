//! What all requests to a sandbox share.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::account::handle::Account;
use crate::faults::plan::ActivePlan;
use crate::faults::script::Scripts;
use crate::pipeline::hooks::Hooks;
use crate::pipeline::journal::Journal;
use crate::spec::contract::Contract;

/// The state of a server: the account behind the API, and what tests have set up around it.
#[derive(Debug)]
pub(crate) struct ServerState {
    pub(crate) contract: &'static Contract,
    /// Whether a key is a management key.
    pub(crate) keys: HashMap<String, bool>,
    pub(crate) account: Account,
    pub(crate) hooks: Mutex<Hooks>,
    pub(crate) faults: Mutex<ActivePlan>,
    pub(crate) scripts: Mutex<Scripts>,
    pub(crate) journal: Mutex<Journal>,
}

impl ServerState {
    /// A server for an account, with nothing set up yet.
    pub(crate) fn new(contract: &'static Contract, keys: HashMap<String, bool>, account: Account) -> Self {
        Self {
            contract,
            keys,
            account,
            hooks: Mutex::default(),
            faults: Mutex::default(),
            scripts: Mutex::default(),
            journal: Mutex::default(),
        }
    }
}
