//! What a signal leaves, and what is told about it.

use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};

use openrouter_sandbox::{Fault, FaultPlan, Sandbox};

use crate::support::{ending_signals, orw_at, run, server, told};

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn spawned(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The second request of an operation never gets its answer. Every request is told to the receiver.
fn stall_at_the_second(sandbox: &Sandbox, operation: &'static str) -> Receiver<usize> {
    let stall: Fault = "stall".parse().unwrap();
    sandbox.set_faults(FaultPlan::default().sequence(operation, [None, Some(stall)])).unwrap();
    let (arrived, arrivals) = mpsc::channel();
    sandbox.before(operation, move |_, number| arrived.send(number as usize).unwrap()).unwrap();
    arrivals
}

#[test]
fn a_job_tells_what_is_done_and_the_same_command_does_the_rest() {
    for signal in ending_signals() {
        let name = if signal == "INT" { "Ctrl-C".to_owned() } else { format!("SIG{signal}") };
        let sandbox = server(Sandbox::builder().organization_members(200));
        sandbox.create_workspace("production").unwrap();
        let arrivals = stall_at_the_second(&sandbox, "bulk_add_workspace_members");
        let users: Vec<String> = (1..=200).map(|number| format!("user_{number}")).collect();
        let mut arguments = vec!["members", "add", "production", "--concurrency", "1"];
        arguments.extend(users.iter().map(String::as_str));
        let child = spawned(orw_at(&sandbox, &arguments));
        assert_eq!([arrivals.recv().unwrap(), arrivals.recv().unwrap()], [1, 2]);
        send(&child, signal);
        let (code, _, err) = told(child.wait_with_output().unwrap());
        let line = format!("error: stopped by {name}: of 200 users, 100 are done or were so already");
        assert!(code == 130 && err.contains(&line) && err.contains("run the same command again"), "{err}");
        sandbox.set_faults(FaultPlan::default()).unwrap();
        sandbox.clear_hooks();
        assert_eq!(run(&mut orw_at(&sandbox, &arguments)).0, 0);
        assert_eq!(sandbox.members("production").unwrap().len(), 200);
    }
}

#[test]
fn budgets_tell_which_are_set() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("production").unwrap();
    let arrivals = stall_at_the_second(&sandbox, "upsert_workspace_budget");
    let arguments = ["budgets", "apply", "production", "--monthly", "100", "--weekly", "40", "--daily", "9"];
    let child = spawned(orw_at(&sandbox, &[&arguments[..], &["-o", "json"]].concat()));
    assert_eq!([arrivals.recv().unwrap(), arrivals.recv().unwrap()], [1, 2]);
    send(&child, "TERM");
    let (code, _, err) = told(child.wait_with_output().unwrap());
    // A request was under way.
    assert!(err.contains(r#""may_be_applied":true"#), "{err}");
    let line = "stopped by SIGTERM: in force now: 100 USD monthly (the weekly limit is not certain); \
                left: 40 USD weekly, 9 USD daily";
    assert!(code == 130 && err.contains(line), "{err}");
    sandbox.set_faults(FaultPlan::default()).unwrap();
    sandbox.clear_hooks();
    assert_eq!(run(&mut orw_at(&sandbox, &arguments)).0, 0);
    assert_eq!(sandbox.budgets("production").unwrap().len(), 3);
}

#[test]
fn what_is_read_from_stdin_keeps_no_signal_waiting() {
    let sandbox = server(Sandbox::builder());
    for arguments in [
        &["members", "add", "production", "-"][..],
        &["plan", "-f", "-"],
        &["apply", "--plan", "-"],
        &["budgets", "apply", "production", "-f", "-"],
    ] {
        let mut command = orw_at(&sandbox, arguments);
        let mut child = spawned({
            command.stdin(Stdio::piped());
            command
        });
        // More than a pipe holds, so that it is being read when all is written.
        let mut stdin = child.stdin.take().unwrap();
        std::io::Write::write_all(&mut stdin, "# nothing\n".repeat(100_000).as_bytes()).unwrap();
        send(&child, "TERM");
        let (code, _, err) = told(child.wait_with_output().unwrap());
        assert!(code == 130 && err.contains("stopped by SIGTERM: nothing was changed"), "{arguments:?}: {err}");
        drop(stdin);
    }
    assert!(sandbox.journal().is_empty());
}
