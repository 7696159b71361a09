//! `cargo xtask drift` from the outside: how it exits, and what it prints where.

use std::io::Write;
use std::process::{Command, Stdio};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/workspaces.yaml");

/// Exit status, standard output, and standard error of a run that reads this from standard input.
fn run(args: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("drift")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xtask runs");
    // A run that fails early does not read it.
    let _ = child.stdin.take().expect("standard input is piped").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("xtask ends");
    let text = |bytes| String::from_utf8(bytes).expect("the output is text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A file with nothing recorded in it.
fn nothing_recorded() -> String {
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-deviations.yaml");
    std::fs::write(path, "# nothing\n").expect("the file can be written");
    path.to_owned()
}

#[test]
fn no_drift_is_0() {
    let nothing = nothing_recorded();
    let (code, stdout, stderr) = run(&["--upstream", CONTRACT, "--deviations", &nothing], "");
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.starts_with("openapi/workspaces.yaml against "), "{stdout}");
    let summary = "12 of 12 operations compared: 0 differences (0 breaking, 0 additive, 0 documentation), 0 recorded \
                   deviations, 0 stale records\n";
    assert!(stdout.ends_with(summary), "{stdout}");
}

#[test]
fn drift_is_1_and_one_line() {
    let contract = std::fs::read_to_string(CONTRACT).expect("the contract is there");
    let upstream = contract.replace("[admin, member]", "[admin, member, guest]");
    let nothing = nothing_recorded();
    let (code, stdout, stderr) = run(&["--upstream", "-", "--deviations", &nothing], &upstream);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{stdout}");
    assert_eq!(
        lines[..2],
        [
            "openapi/workspaces.yaml against standard input (OpenRouter Workspaces API 1.0.0, OpenAPI 3.0.3)",
            "additive       response WorkspaceMember.role: enum value: ours absent; theirs guest  \
             [bulk_add_workspace_members, list_workspace_members]",
        ]
    );
}

#[test]
fn the_formats_are_json_and_markdown() {
    let nothing = nothing_recorded();
    let report = |format| run(&["--upstream", CONTRACT, "--deviations", &nothing, "--format", format], "").1;
    let json: serde_json::Value = serde_json::from_str(&report("json")).expect("the report is JSON");
    assert_eq!(json["compared"], 12);
    assert!(report("markdown").starts_with("# Drift from upstream\n"));
}

#[test]
fn a_record_that_upstream_never_deviated_from_is_1() {
    // The contract does not deviate from itself, so that everything that is recorded is stale.
    let (code, stdout, _) = run(&["--upstream", CONTRACT], "");
    assert_eq!(code, Some(1));
    assert!(stdout.contains("\nstale          response Workspace.created_at: format: ours date-time; theirs none  "));
}

#[test]
fn what_cannot_be_told_is_2() {
    let (code, stdout, stderr) = run(&["--upstream", "no/such/file.json"], "");
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.starts_with("no/such/file.json: cannot be read: "), "{stderr}");

    let (code, stdout, stderr) = run(&["--upstream", "-"], "{\"openapi\": \"3.1.0\", \"pa");
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.starts_with("standard input: is cut off: the JSON ends too early: "), "{stderr}");

    let (code, _, stderr) = run(&["--upstream", CONTRACT, "--deviations", "no/such/file.yaml"], "");
    assert_eq!(code, Some(2));
    assert!(stderr.starts_with("no/such/file.yaml: cannot be read: "), "{stderr}");

    let (code, _, stderr) = run(&["--upstream", CONTRACT, "--deviations", CONTRACT], "");
    assert_eq!(code, Some(2));
    assert!(stderr.contains("workspaces.yaml: "), "{stderr}");

    let (code, _, stderr) = run(&[], "");
    assert_eq!(code, Some(2));
    assert!(stderr.contains("--upstream <FILE>"), "{stderr}");
}

#[test]
fn two_documents_of_upstreams_are_compared_with_each_other() {
    let contract = std::fs::read_to_string(CONTRACT).expect("the contract is there");
    let now = contract.replace("[admin, member]", "[admin, member, guest]");
    let (code, stdout, stderr) = run(&["--since", CONTRACT, "--upstream", "-"], &now);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    assert!(
        stdout.contains("\nadditive       response WorkspaceMember.role: enum value: was absent; now guest  ["),
        "{stdout}"
    );
    let (code, stdout, _) = run(&["--since", CONTRACT, "--upstream", CONTRACT], "");
    assert_eq!(code, Some(0), "{stdout}");

    let (code, _, stderr) = run(&["--since", "-", "--upstream", "-"], &now);
    assert_eq!((code, stderr.as_str()), (Some(2), "standard input cannot be both documents\n"));
    let (code, _, stderr) = run(&["--since", "no/such/file", "--upstream", CONTRACT], "");
    assert_eq!(code, Some(2));
    assert!(stderr.starts_with("no/such/file: cannot be read: "), "{stderr}");
    let (code, _, stderr) = run(&["--since", CONTRACT, "--upstream", CONTRACT, "--deviations", CONTRACT], "");
    assert_eq!(code, Some(2));
    assert!(stderr.contains("cannot be used with"), "{stderr}");
}

#[test]
fn the_contract_agrees_with_the_document_like_upstreams_that_the_checks_compare_it_with() {
    let upstream = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/upstream.yaml");
    let (code, stdout, stderr) = run(&["--upstream", upstream], "");
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    assert!(stdout.contains("\n12 of 12 operations compared: 0 differences "), "{stdout}");
    let checks = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/run")).expect("the checks");
    assert!(checks.contains("\nstep cargo xtask drift --upstream xtask/tests/upstream.yaml\n"));
}
