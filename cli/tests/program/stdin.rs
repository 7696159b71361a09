//! Manifests, plans and budgets from stdin.

use std::io::Write;
use std::process::Stdio;

use crate::support::{folder, orw, run, told};

/// Runs the program with a text on stdin.
fn given(text: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = orw(arguments);
    command.env("TEAM", "core").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    told(child.wait_with_output().unwrap())
}

#[test]
fn a_manifest_is_read_from_stdin_as_yaml_and_as_json() {
    for text in [
        "workspaces:\n  - slug: staging\n    name: Team ${TEAM}\n",
        r#"{"workspaces": [{"slug": "staging", "name": "Team ${TEAM}"}]}"#,
    ] {
        let (code, out, err) = given(text, &["--sandbox", "plan", "-f", "-"]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("+ staging") && out.contains("Team core"), "{out}");
    }
}

#[test]
fn it_merges_with_files() {
    let file = folder("stdin-merge").join("fleet.yaml");
    std::fs::write(&file, "workspaces: [{slug: production}]").unwrap();
    let text = "workspaces: [{slug: staging}]";
    let (code, out, err) = given(text, &["--sandbox", "plan", "-f", file.to_str().unwrap(), "-f", "-"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("+ staging") && out.contains("+ production"), "{out}");
}

#[test]
fn what_is_wrong_on_stdin_is_said_to_be_there() {
    for (arguments, text) in [
        (&["plan", "-f", "-"][..], "workspaces: [{slug: staging, nmae: x}]"),
        (&["plan", "-f", "-"], "workspaces: ["),
        (&["apply", "--yes", "--plan", "-"], "{\"version\": true}"),
        (&["budgets", "apply", "default", "-f", "-"], "mothly: 3"),
        (&["members", "add", "default", "-"], "user 1"),
    ] {
        let (code, _, err) = given(text, &[&["--sandbox"], arguments].concat());
        assert!(code == 4 && err.contains("<stdin>"), "{arguments:?}: {err}");
    }
}

#[test]
fn a_plan_goes_from_one_command_to_the_other() {
    let folder = folder("stdin-plan");
    let (state, file) = (folder.join("demo.json"), folder.join("fleet.yaml"));
    let state = state.to_str().unwrap();
    std::fs::write(&file, "workspaces: [{slug: staging}]").unwrap();
    let (code, plan, _) = run(&mut orw(&["--sandbox", state, "plan", "-f", file.to_str().unwrap(), "-o", "json"]));
    assert_eq!(code, 0);
    let (code, out, err) = given(&plan, &["--sandbox", state, "apply", "--plan", "-", "--yes"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(run(&mut orw(&["--sandbox", state, "get", "staging"])).0, 0);
}

#[test]
fn budgets_are_read_from_stdin() {
    let (code, out, err) = given("monthly: 100\n", &["--sandbox", "budgets", "apply", "default", "-f", "-", "-n"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("100"), "{out}");
}
