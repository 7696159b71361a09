//! Pipes on both ends.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use openrouter_sandbox::Sandbox;

use crate::support::{folder, orw, orw_at, run, server, told};

#[test]
fn a_reader_who_has_enough_ends_it_quietly() {
    // Far more than a pipe holds.
    let sandbox = server(Sandbox::builder().seed_workspaces(1_000));
    let mut child =
        orw_at(&sandbox, &["list", "-o", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "[\n");
    let (code, _, err) = told(child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (0, ""));
}

/// A pipe that nobody reads, as after `head -1` has ended.
fn unread() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn what_is_to_be_done_is_done_though_nobody_reads_about_it() {
    let sandbox = server(Sandbox::builder());
    let file = folder("unread").join("fleet.yaml");
    let apply = ["apply", "-f", file.to_str().unwrap(), "--yes"];
    for (members, expected) in [("[user_1]", 0), ("[user_nobody]", 3)] {
        std::fs::write(&file, format!("workspaces: [{{slug: team, name: Team {expected}, members: {members}}}]"))
            .unwrap();
        let status = orw_at(&sandbox, &apply).stdout(unread()).stderr(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(expected));
        assert_eq!(sandbox.workspaces()[1]["name"], format!("Team {expected}"));
    }
}

#[test]
fn members_are_read_from_stdin() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("production").unwrap();
    let mut child = orw_at(&sandbox, &["members", "add", "production", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"user_id\nuser_1\nuser_2\n").unwrap();
    let (code, out, err) = told(child.wait_with_output().unwrap());
    assert_eq!((code, out.as_str(), err.as_str()), (0, "2 added, 0 removed, 0 already so\n", ""));
    assert_eq!(sandbox.members("production").unwrap().len(), 2);
}

#[test]
fn the_ids_of_one_workspace_are_the_members_of_another() {
    let sandbox = server(Sandbox::builder());
    for slug in ["one", "other"] {
        sandbox.create_workspace(slug).unwrap();
    }
    assert_eq!(run(&mut orw_at(&sandbox, &["members", "add", "one", "user_1", "user_4"])).0, 0);
    let mut list = orw_at(&sandbox, &["members", "list", "one", "-o", "ids"]).stdout(Stdio::piped()).spawn().unwrap();
    let (code, _, err) =
        run(orw_at(&sandbox, &["members", "sync", "other", "-"]).stdin(Stdio::from(list.stdout.take().unwrap())));
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(list.wait().unwrap().success());
    assert_eq!(sandbox.members("other").unwrap().len(), 2);
}

#[test]
fn nothing_is_coloured_where_there_is_no_terminal_unless_it_is_asked_for() {
    let plain = run(&mut orw(&["--sandbox", "create", "staging", "--dry-run"])).1;
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    let coloured = run(&mut orw(&["--sandbox", "create", "staging", "--dry-run", "--color", "always"])).1;
    assert!(coloured.contains("\u{1b}[32m+ workspace staging"), "{coloured:?}");
}

#[test]
fn no_file_is_called_like_stdout() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("dash");
    std::fs::write(folder.join("fleet.yaml"), "workspaces: [{slug: team}]").unwrap();
    let run = |arguments: &[&str]| run(orw_at(&sandbox, arguments).current_dir(&folder));
    let (code, out, err) = run(&["export", "--out", "-"]);
    assert_eq!((code, &out), (0, &run(&["export"]).1), "{err}");
    let (code, out, err) = run(&["plan", "-f", "fleet.yaml", "--out", "-"]);
    assert_eq!((code, out.as_str()), (4, ""), "{err}");
    assert!(err.contains("--output json"), "{err}");
    // What the error advises.
    std::fs::write(folder.join("plan.json"), run(&["plan", "-f", "fleet.yaml", "--output", "json"]).1).unwrap();
    assert_eq!(run(&["apply", "--plan", "plan.json", "--yes"]).0, 0);
    assert!(!folder.join("-").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_written_as_a_whole_is_what_it_was() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("whole");
    let file = folder.join("account.yaml");
    std::fs::write(&file, "old").unwrap();
    // No file may have a byte: as on a full disk.
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" export --out account.yaml";
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", script, env!("CARGO_BIN_EXE_orw")]).current_dir(&folder);
    limited.env("OPENROUTER_BASE_URL", sandbox.base_url()).env("OPENROUTER_API_KEY", crate::support::KEY);
    let (code, _, err) = run(&mut limited);
    assert!(code == 4 && err.contains("account.yaml: "), "{err}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    assert_eq!(run(orw_at(&sandbox, &["export", "--out", "account.yaml"]).current_dir(&folder)).0, 0);
    assert!(std::fs::read_to_string(&file).unwrap().contains("default"));
}

/// Its name is so long that there can be no other file beside it.
#[test]
fn a_file_that_cannot_be_replaced_is_written() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("replaced");
    let name = "a".repeat(255);
    std::fs::write(folder.join(&name), "old").unwrap();
    let (code, _, err) = run(orw_at(&sandbox, &["export", "--out", &name]).current_dir(&folder));
    assert_eq!(code, 0, "{err}");
    assert!(std::fs::read_to_string(folder.join(&name)).unwrap().contains("default"));
}
