//! The sandbox that jobs run against.

use openrouter_sandbox::{Behaviour, Fault, Sandbox, SandboxBuilder};

use crate::common::simulated::on_paused_clock;
pub use crate::common::simulated::{client, client_with, members, requests, users};

/// A sandbox on the paused clock of the test, with 300 users, whose lists of budgets are empty where there is none.
pub fn simulated() -> SandboxBuilder {
    on_paused_clock().organization_members(300).behaviour(Behaviour::BudgetsNotFound, false)
}

pub fn sandbox() -> Sandbox {
    simulated().in_memory().expect("the options are valid")
}

/// A sandbox where this goes wrong with the first calls of an operation.
pub fn with_faults(operation: &str, faults: impl IntoIterator<Item = Option<Fault>>) -> Sandbox {
    let plan = openrouter_sandbox::FaultPlan::default().sequence(operation, faults);
    simulated().faults(plan).in_memory().expect("the options are valid")
}

/// The same users as a sorted list.
pub fn sorted(mut users: Vec<String>) -> Vec<String> {
    users.sort();
    users
}
