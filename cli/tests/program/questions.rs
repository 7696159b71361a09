//! What others do while a question is open: nothing is removed that was not shown.

use std::process::{Command, Stdio};

use openrouter_sandbox::Sandbox;
use rexpect::process::WaitStatus;
use rexpect::session::spawn_command;

use crate::support::{orw_at, run, server};

/// However busy the machine is.
const PATIENCE: Option<u64> = Some(60_000);

/// A workspace with two members and a budget.
fn account() -> Sandbox {
    let sandbox = server(Sandbox::builder().organization_members(9));
    sandbox.create_workspace("staging").unwrap();
    by_hand(&sandbox, &["members", "add", "staging", "user_1", "user_2"]);
    by_hand(&sandbox, &["budgets", "set", "staging", "monthly", "100"]);
    sandbox
}

fn by_hand(sandbox: &Sandbox, arguments: &[&str]) {
    assert_eq!(run(&mut orw_at(sandbox, arguments)).0, 0, "{arguments:?}");
}

/// Runs a command in a terminal, and says yes after all this was done. The exit code, and what was printed after the question.
fn yes_after(sandbox: &Sandbox, arguments: &[&str], meanwhile: &[&[&str]]) -> (i32, String) {
    answered_after(sandbox, arguments, ("[y/N] ", "y"), meanwhile)
}

/// The same with the end of the question, and its answer.
fn answered_after(
    sandbox: &Sandbox,
    arguments: &[&str],
    (question, answer): (&str, &str),
    meanwhile: &[&[&str]],
) -> (i32, String) {
    let mut command: Command = orw_at(sandbox, arguments);
    command.stdin(Stdio::inherit());
    let mut session = spawn_command(command, PATIENCE).unwrap();
    session.exp_string(question).unwrap();
    meanwhile.iter().for_each(|arguments| by_hand(sandbox, arguments));
    session.send_line(answer).unwrap();
    let rest = session.exp_eof().unwrap();
    match session.process().wait().unwrap() {
        WaitStatus::Exited(_, code) => (code, rest),
        other => panic!("it ended by {other:?}: {rest}"),
    }
}

fn members(sandbox: &Sandbox, workspace: &str) -> String {
    run(&mut orw_at(sandbox, &["members", "list", workspace, "-o", "ids"])).1
}

fn budgets(sandbox: &Sandbox, workspace: &str) -> String {
    run(&mut orw_at(sandbox, &["budgets", "list", workspace, "-o", "ids"])).1
}

#[test]
fn a_member_who_joined_after_the_question_is_not_removed() {
    let sandbox = account();
    let sync = ["members", "sync", "staging", "user_1"];
    let (code, rest) = yes_after(&sandbox, &sync, &[&["members", "add", "staging", "user_7"]]);
    assert_eq!(code, 5, "{rest}");
    assert!(rest.contains("nothing was changed") && rest.contains("run the same command again"), "{rest}");
    assert_eq!(members(&sandbox, "staging"), "user_1\nuser_2\nuser_7\n");

    // Nobody else was there the second time.
    assert_eq!(yes_after(&sandbox, &sync, &[]).0, 0);
    assert_eq!(members(&sandbox, "staging"), "user_1\n");
}

#[test]
fn a_user_who_became_a_member_after_the_question_is_not_removed() {
    let sandbox = account();
    let remove = ["members", "remove", "staging", "user_1", "user_7"];
    let (code, rest) = yes_after(&sandbox, &remove, &[&["members", "add", "staging", "user_7"]]);
    assert_eq!(code, 5, "{rest}");
    assert_eq!(members(&sandbox, "staging"), "user_1\nuser_2\nuser_7\n");
    assert_eq!(yes_after(&sandbox, &remove, &[]).0, 0);
    assert_eq!(members(&sandbox, "staging"), "user_2\n");
}

#[test]
fn a_workspace_that_was_changed_after_the_question_is_not_deleted() {
    let meanwhile: [&[&str]; 4] = [
        &["update", "staging", "--slug", "production"],
        &["update", "staging", "--description", "Live traffic"],
        &["members", "add", "staging", "user_7"],
        &["budgets", "set", "staging", "monthly", "700"],
    ];
    let question = ("Type staging to delete it: ", "staging");
    for change in meanwhile {
        let sandbox = account();
        let (code, rest) = answered_after(&sandbox, &["delete", "staging"], question, &[change]);
        assert_eq!(code, 5, "{change:?}: {rest}");
        assert!(rest.contains("nothing was changed"), "{change:?}: {rest}");
    }
    let sandbox = account();
    assert_eq!(answered_after(&sandbox, &["delete", "staging"], question, &[]).0, 0);
}

#[test]
fn a_budget_that_was_set_after_the_question_is_not_deleted() {
    let sandbox = account();
    let apply = ["budgets", "apply", "staging", "--weekly", "5"];
    let (code, rest) = yes_after(&sandbox, &apply, &[&["budgets", "set", "staging", "daily", "1"]]);
    assert_eq!(code, 5, "{rest}");
    assert_eq!(budgets(&sandbox, "staging"), "monthly\ndaily\n");

    let delete = ["budgets", "delete", "staging", "monthly"];
    let (code, rest) = yes_after(&sandbox, &delete, &[&["budgets", "set", "staging", "monthly", "700"]]);
    assert_eq!(code, 5, "{rest}");
    assert_eq!(budgets(&sandbox, "staging"), "monthly\ndaily\n");
}

#[test]
fn a_workspace_that_takes_the_slug_after_the_question_is_left_alone() {
    let commands: [&[&str]; 4] = [
        &["members", "remove", "staging", "user_1"],
        &["members", "sync", "staging", "user_2"],
        &["budgets", "delete", "staging", "monthly"],
        &["budgets", "apply", "staging", "--daily", "1"],
    ];
    for command in commands {
        let sandbox = account();
        let taken: [&[&str]; 4] = [
            &["update", "staging", "--slug", "before"],
            &["create", "staging"],
            &["members", "add", "staging", "user_1", "user_2"],
            &["budgets", "set", "staging", "monthly", "100"],
        ];
        let (code, rest) = yes_after(&sandbox, command, &taken);
        assert_eq!(code, 0, "{command:?}: {rest}");
        assert_eq!(members(&sandbox, "staging"), "user_1\nuser_2\n", "{command:?}");
        assert_eq!(budgets(&sandbox, "staging"), "monthly\n", "{command:?}");
    }
}
