//! Each operation of the API has a command.

use std::collections::BTreeSet;

use openrouter_workspaces::CONTRACT;

use crate::support::{orw, run};

/// Each operation with its command; one that is to have none has an empty one.
const COMMANDS: [(&str, &str); 12] = [
    ("list_workspaces", "list"),
    ("create_workspace", "create"),
    ("get_workspace", "get"),
    ("update_workspace", "update"),
    ("delete_workspace", "delete"),
    ("list_workspace_members", "members list"),
    ("bulk_add_workspace_members", "members add"),
    ("bulk_remove_workspace_members", "members remove"),
    ("list_workspace_budgets", "budgets list"),
    ("get_workspace_budget", "budgets get"),
    ("upsert_workspace_budget", "budgets set"),
    ("delete_workspace_budget", "budgets delete"),
];

#[test]
fn every_operation_of_the_contract_has_its_command() {
    let ids = CONTRACT.lines().filter_map(|line| line.trim_start().strip_prefix("operationId: "));
    let known: BTreeSet<_> = COMMANDS.iter().map(|(id, _)| *id).collect();
    assert_eq!(known, ids.collect(), "a line in COMMANDS for each, and a file in cli/src/commands for its command");
    for (_, command) in COMMANDS {
        let arguments: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let (code, _, err) = run(&mut orw(&arguments));
        assert_eq!(code, 0, "{command}: {err}");
    }
}
