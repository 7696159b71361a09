//! A real terminal: questions, Ctrl-C, and colours.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use openrouter_sandbox::{Fault, FaultPlan, Sandbox, When};
use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};

use crate::support::{folder, orw, orw_at, run, server};

/// However busy the machine is.
const PATIENCE: Option<u64> = Some(60_000);

fn terminal(mut command: Command) -> PtySession {
    command.stdin(Stdio::inherit());
    spawn_command(command, PATIENCE).unwrap()
}

/// What is left of the output, and the exit code.
fn end(mut session: PtySession) -> (String, i32) {
    let rest = session.exp_eof().unwrap();
    match session.process().wait().unwrap() {
        WaitStatus::Exited(_, code) => (rest, code),
        other => panic!("it ended by {other:?}: {rest}"),
    }
}

/// A file with a workspace in it.
fn state(name: &str) -> String {
    let state = folder(name).join("demo.json").to_str().unwrap().to_owned();
    assert_eq!(run(&mut orw(&["--sandbox", &state, "create", "staging"])).0, 0);
    assert!(Path::new(&state).exists());
    state
}

fn is_there(state: &str) -> bool {
    run(&mut orw(&["--sandbox", state, "get", "staging"])).0 == 0
}

#[test]
fn a_workspace_is_deleted_by_typing_its_slug() {
    let state = state("typed");
    let mut session = terminal(orw(&["--sandbox", &state, "delete", "staging"]));
    session.exp_string("Type staging to delete it: ").unwrap();
    session.send_line("staging").unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 0, "{rest}");
    assert!(rest.contains("deleted workspace staging"), "{rest}");
    assert!(!is_there(&state));
}

#[test]
fn any_other_word_deletes_nothing() {
    let state = state("other-word");
    let mut session = terminal(orw(&["--sandbox", &state, "delete", "staging"]));
    session.exp_string("Type staging to delete it: ").unwrap();
    session.send_line("yes").unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 130, "{rest}");
    assert!(rest.contains("nothing was changed"), "{rest}");
    assert!(is_there(&state));
}

#[test]
fn ctrl_c_ends_a_question() {
    let state = state("interrupted-question");
    let mut session = terminal(orw(&["--sandbox", &state, "delete", "staging"]));
    session.exp_string("Type staging to delete it: ").unwrap();
    session.send_control('c').unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 130, "{rest}");
    assert!(rest.contains("stopped by Ctrl-C: nothing was changed"), "{rest}");
    assert!(is_there(&state));
}

#[test]
fn a_plan_is_shown_and_applied_after_a_yes() {
    let folder = folder("confirmed");
    let (state, manifest) = (folder.join("demo.json"), folder.join("fleet.yaml"));
    std::fs::write(&manifest, "workspaces: [{slug: staging}]").unwrap();
    let arguments = ["--sandbox", state.to_str().unwrap(), "apply", "-f", manifest.to_str().unwrap()];
    let mut session = terminal(orw(&arguments));
    session.exp_string("+ staging").unwrap();
    session.exp_string("Apply this plan? [y/N] ").unwrap();
    session.send_line("y").unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 0, "{rest}");
    assert!(is_there(state.to_str().unwrap()));
}

#[test]
fn ctrl_c_ends_a_job_and_tells_what_is_done_and_how_to_go_on() {
    let sandbox = server(Sandbox::builder().organization_members(200));
    sandbox.create_workspace("production").unwrap();
    // The second request is processed, and its answer never comes.
    let stall: Fault = "stall".parse().unwrap();
    sandbox.set_faults(FaultPlan::default().sequence("bulk_add_workspace_members", [None, Some(stall)])).unwrap();
    let (arrived, arrivals) = mpsc::channel();
    sandbox.before("bulk_add_workspace_members", move |_, number| arrived.send(number).unwrap()).unwrap();
    let users: Vec<String> = (1..=200).map(|number| format!("user_{number}")).collect();
    let mut arguments = vec!["members", "add", "production", "--concurrency", "1"];
    arguments.extend(users.iter().map(String::as_str));
    let mut session = terminal(orw_at(&sandbox, &arguments));
    assert_eq!([arrivals.recv().unwrap(), arrivals.recv().unwrap()], [1, 2]);
    session.send_control('c').unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 130, "{rest}");
    let line = "stopped by Ctrl-C: of 200 users, 100 are done or were so already, 0 were refused, and 100 are left";
    assert!(rest.contains(line), "{rest}");
    assert!(rest.contains("run the same command again"), "{rest}");

    // Which is so.
    sandbox.set_faults(FaultPlan::default()).unwrap();
    sandbox.clear_hooks();
    assert_eq!(run(&mut orw_at(&sandbox, &arguments)).0, 0);
    assert_eq!(sandbox.members("production").unwrap().len(), 200);
}

#[test]
fn ctrl_c_ends_the_reading_of_users_from_stdin() {
    let sandbox = server(Sandbox::builder());
    let mut command = orw_at(&sandbox, &["members", "add", "production", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    // More than a pipe holds, so that it is being read when all is written.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all("user_1\n".repeat(100_000).as_bytes()).unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let (ended, end) = mpsc::channel();
    std::thread::spawn(move || ended.send(child.wait().unwrap()));
    let status = end.recv_timeout(Duration::from_secs(60)).expect("it ends while stdin is open");
    assert_eq!(status.code(), Some(130));
    drop(stdin);
    assert!(sandbox.journal().is_empty());
}

#[test]
fn ctrl_c_ends_applying_and_applying_again_does_what_is_left() {
    let sandbox = server(Sandbox::builder());
    let manifest = folder("interrupted-apply").join("fleet.yaml");
    std::fs::write(&manifest, "workspaces: [{slug: one}, {slug: two, members: [user_1]}]").unwrap();
    let lost = Fault::Reset(When::After);
    sandbox
        .set_faults(
            FaultPlan::default()
                .sequence("bulk_add_workspace_members", vec![Some("stall".parse().unwrap()), Some(lost)]),
        )
        .unwrap();
    let (arrived, arrivals) = mpsc::channel();
    sandbox.before("bulk_add_workspace_members", move |_, _| arrived.send(()).unwrap()).unwrap();
    let arguments = ["apply", "-f", manifest.to_str().unwrap(), "--yes", "--concurrency", "1"];
    let mut session = terminal(orw_at(&sandbox, &arguments));
    arrivals.recv().unwrap();
    session.send_control('c').unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 130, "{rest}");
    assert!(rest.contains("stopped by Ctrl-C: of 3 actions, 2 are done"), "{rest}");
    sandbox.set_faults(FaultPlan::default()).unwrap();
    assert_eq!(run(&mut orw_at(&sandbox, &arguments)).0, 0);
    assert_eq!(run(&mut orw_at(&sandbox, &["plan", "-f", manifest.to_str().unwrap(), "--exit-code"])).0, 0);
}

#[test]
fn a_sandbox_serves_until_ctrl_c_and_keeps_the_account() {
    let state = folder("served").join("demo.json");
    let mut session = terminal(orw(&["sandbox", "--port", "0", "--state", state.to_str().unwrap()]));
    let (_, export) = session.exp_regex("export OPENROUTER_BASE_URL='[^']+' OPENROUTER_API_KEY='[^']+'").unwrap();
    let [url, key] = [1, 3].map(|place| export.split('\'').nth(place).unwrap().to_owned());
    let mut create = orw(&["create", "staging"]);
    create.env("OPENROUTER_BASE_URL", url).env("OPENROUTER_API_KEY", key);
    assert_eq!(run(&mut create).0, 0);
    session.send_control('c').unwrap();
    assert_eq!(end(session).1, 0);
    assert!(is_there(state.to_str().unwrap()));
}

#[test]
fn what_others_have_written_steers_no_terminal_in_tables_sentences_and_errors() {
    // Names of the server, and of files.
    let name = "\u{1b}]0;stolen\u{7}\u{202e}";
    let sandbox = server(Sandbox::builder());
    assert_eq!(run(&mut orw_at(&sandbox, &["create", "staging", "--name", name])).0, 0);
    let plan = folder("steering").join(format!("{name}.json"));
    std::fs::write(&plan, format!("{{\"version\": {name:?}}}")).unwrap();
    let plan = plan.to_str().unwrap();
    for arguments in [
        &["list"][..],
        &["get", "staging"],
        &["delete", "staging", "-n"],
        &["apply", "--plan", plan],
        &["plan", "-f", plan],
    ] {
        let (out, _) = end(terminal(orw_at(&sandbox, &[arguments, &["--color", "never"]].concat())));
        assert!(out.contains("stolen") && !out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{arguments:?}: {out:?}");
    }
}

#[test]
fn a_terminal_has_colours_unless_they_are_not_wanted() {
    let arguments = ["--sandbox", "create", "staging", "--dry-run"];
    let mut coloured = orw(&arguments);
    coloured.env("TERM", "xterm-256color");
    assert!(end(terminal(coloured)).0.contains("\u{1b}[32m+ workspace staging"));
    let mut plain = orw(&arguments);
    plain.env("TERM", "xterm-256color").env("NO_COLOR", "1");
    assert!(!end(terminal(plain)).0.contains('\u{1b}'));
}
