//! What all requests to a sandbox share.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::account::handle::Account;
use crate::clock::Clock;
use crate::faults::plan::ActivePlan;
use crate::faults::script::Scripts;
use crate::ids::Ids;
use crate::pipeline::access_log::AccessLog;
use crate::pipeline::hooks::Hooks;
use crate::pipeline::journal::Journal;
use crate::pipeline::observers::Observers;
use crate::profile::ServerProfile;
use crate::spec::contract::Contract;

/// The state of a server: the account behind the API, and what tests have set up around it.
#[derive(Debug)]
pub(crate) struct ServerState {
    pub(crate) contract: &'static Contract,
    pub(crate) server: ServerProfile,
    /// Whether a key is a management key.
    pub(crate) keys: HashMap<String, bool>,
    pub(crate) account: Account,
    /// What the `Date` of answers shows.
    pub(crate) clock: Clock,
    pub(crate) request_ids: Ids,
    pub(crate) hooks: Mutex<Hooks>,
    pub(crate) observers: Mutex<Observers>,
    pub(crate) faults: Mutex<ActivePlan>,
    pub(crate) scripts: Mutex<Scripts>,
    pub(crate) journal: Mutex<Journal>,
    pub(crate) access_log: AccessLog,
}

impl ServerState {
    /// A server for an account, with nothing set up yet.
    pub(crate) fn new(
        contract: &'static Contract,
        server: ServerProfile,
        keys: HashMap<String, bool>,
        account: Account,
        clock: Clock,
        request_ids: Ids,
        access_log: AccessLog,
    ) -> Self {
        Self {
            contract,
            server,
            keys,
            account,
            clock,
            request_ids,
            hooks: Mutex::default(),
            observers: Mutex::default(),
            faults: Mutex::default(),
            scripts: Mutex::default(),
            journal: Mutex::default(),
            access_log,
        }
    }
}
