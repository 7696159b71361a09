//! `cargo xtask` from the outside: what it prints, how it exits, and what it leaves on disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CONTRACT: &str = include_str!("../../openapi/workspaces.yaml");
const CLIENT: &str = include_str!("../../openapi/client.rs");

/// A copy of what `regen` reads and writes, removed at the end.
struct Tree(PathBuf);

impl Tree {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(root.join("xtask")).expect("a directory for the copy");
        fs::create_dir_all(root.join("openapi")).expect("a directory for the copy");
        let tree = Self(root);
        tree.put("workspaces.yaml", CONTRACT);
        tree.put("client.rs", CLIENT);
        tree
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.join("openapi").join(file)
    }

    fn put(&self, file: &str, content: &str) {
        fs::write(self.path(file), content).expect("the file can be written");
    }

    /// The files with their contents, of which `regen` may change one and must leave no other behind.
    fn files(&self) -> Vec<(String, String)> {
        let entries = fs::read_dir(self.0.join("openapi")).expect("the directory is there");
        let mut files: Vec<_> = entries
            .map(|entry| {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                (name, fs::read_to_string(path).unwrap_or_default())
            })
            .collect();
        files.sort();
        files
    }

    /// The exit status, standard output, and standard error of a run.
    fn run(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(args)
            .env("CARGO_MANIFEST_DIR", self.0.join("xtask"))
            .output()
            .expect("xtask runs");
        let text = |bytes| String::from_utf8(bytes).expect("the output is text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// Asserts that a run succeeds with this line.
    #[track_caller]
    fn succeeds(&self, args: &[&str], line: &str) {
        assert_eq!(self.run(args), (Some(0), format!("{line}\n"), String::new()));
    }

    /// Asserts that a run fails with this line and changes nothing.
    #[track_caller]
    fn fails(&self, args: &[&str], line: &str) {
        let before = self.files();
        assert_eq!(self.run(args), (Some(1), String::new(), format!("{line}\n")));
        assert!(self.files() == before, "files were changed");
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const REGEN: &[&str] = &["regen"];
const CHECK: &[&str] = &["regen", "--check"];

#[test]
fn what_is_checked_in_is_up_to_date() {
    let tree = Tree::new("fresh");
    let before = tree.files();
    tree.succeeds(CHECK, "openapi/client.rs is up to date");
    tree.succeeds(REGEN, "openapi/client.rs is up to date");
    assert!(tree.files() == before, "files were changed");
}

#[test]
fn a_changed_contract_makes_the_client_stale_until_regen() {
    let tree = Tree::new("stale");
    let changed = CONTRACT.replace("[admin, member]", "[admin, member, guest]");
    assert_ne!(changed, CONTRACT);
    tree.put("workspaces.yaml", &changed);
    tree.fails(CHECK, "openapi/client.rs is stale: run `cargo xtask regen` and commit it");
    tree.succeeds(REGEN, "openapi/client.rs is refreshed from openapi/workspaces.yaml");
    let client = fs::read_to_string(tree.path("client.rs")).expect("the client is there");
    assert!(client.contains("Self::Guest => \"guest\""), "the client is not of the changed contract");
    assert_eq!(tree.files().len(), 2, "something is left behind");
    tree.succeeds(CHECK, "openapi/client.rs is up to date");
}

#[test]
fn an_edited_client_is_stale_down_to_its_last_byte() {
    let tree = Tree::new("edited");
    tree.put("client.rs", CLIENT.trim_end());
    tree.fails(CHECK, "openapi/client.rs is stale: run `cargo xtask regen` and commit it");
    tree.succeeds(REGEN, "openapi/client.rs is refreshed from openapi/workspaces.yaml");
    assert!(fs::read_to_string(tree.path("client.rs")).is_ok_and(|client| client == CLIENT));
}

#[test]
fn a_broken_contract_changes_nothing() {
    let tree = Tree::new("broken");
    tree.put("workspaces.yaml", "openapi: 3.1.0\n");
    for args in [REGEN, CHECK] {
        tree.fails(
            args,
            "openapi/workspaces.yaml:1: openapi: progenitor reads 3.0.x only, not 3.1.0; write the contract as 3.0.3",
        );
    }
}

#[test]
fn a_misspelt_keyword_changes_nothing_and_is_told_with_its_line_and_the_right_word() {
    let tree = Tree::new("misspelt");
    let changed = CONTRACT.replacen("          maxItems: 100\n", "          maxitems: 100\n", 1);
    let line = changed.lines().position(|line| line.contains("maxitems")).expect("it was changed") + 1;
    tree.put("workspaces.yaml", &changed);
    for args in [REGEN, CHECK] {
        tree.fails(
            args,
            &format!(
                "openapi/workspaces.yaml:{line}: schema BulkAddWorkspaceMembersRequest, property user_ids: `maxitems` is no \
                 keyword of a schema; did you mean `maxItems`?"
            ),
        );
    }
}

#[test]
fn a_contract_that_progenitor_gives_up_on_changes_nothing_and_shows_no_panic() {
    let tree = Tree::new("panic");
    let odd = "    Odd:\n      not:\n        $ref: '#/components/schemas/Role'\n    Role:\n";
    tree.put("workspaces.yaml", &CONTRACT.replace("    Role:\n", odd));
    let before = tree.files();
    for args in [REGEN, CHECK] {
        let (code, stdout, stderr) = tree.run(args);
        assert_eq!((code, stdout.as_str()), (Some(1), ""));
        let start =
            "openapi/workspaces.yaml: progenitor gave up on this contract: not yet implemented: unhandled not schema";
        assert!(stderr.starts_with(start) && stderr.lines().count() == 1, "{stderr}");
    }
    assert!(tree.files() == before, "files were changed");
}

#[test]
fn a_missing_contract_is_named() {
    let tree = Tree::new("no-contract");
    fs::remove_file(tree.path("workspaces.yaml")).expect("the contract was there");
    let reason = fs::read(tree.path("workspaces.yaml")).expect_err("it is gone");
    for args in [REGEN, CHECK] {
        tree.fails(args, &format!("openapi/workspaces.yaml: cannot be read: {reason}"));
    }
}

#[test]
fn a_missing_client_is_named_and_written() {
    let tree = Tree::new("no-client");
    fs::remove_file(tree.path("client.rs")).expect("the client was there");
    tree.fails(CHECK, "openapi/client.rs is missing: run `cargo xtask regen` and commit it");
    tree.succeeds(REGEN, "openapi/client.rs is refreshed from openapi/workspaces.yaml");
    tree.succeeds(CHECK, "openapi/client.rs is up to date");
}

#[test]
fn a_client_that_cannot_be_read_is_named() {
    let tree = Tree::new("unreadable");
    fs::remove_file(tree.path("client.rs")).expect("the client was there");
    fs::create_dir(tree.path("client.rs")).expect("a directory in its place");
    let reason = fs::read(tree.path("client.rs")).expect_err("a directory is no file");
    for args in [REGEN, CHECK] {
        tree.fails(args, &format!("openapi/client.rs cannot be read: {reason}"));
    }
}

#[test]
fn help_is_on_standard_output() {
    let tree = Tree::new("help");
    for args in [&["--help"][..], &["-h"], &["help"], &["regen", "--help"]] {
        let (code, stdout, stderr) = tree.run(args);
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
        assert!(stdout.contains("Usage: cargo xtask "), "{stdout}");
    }
}

#[test]
fn anything_else_is_a_usage_error() {
    let tree = Tree::new("usage");
    let before = tree.files();
    for args in [&[][..], &["regenerate"], &["regen", "--chek"], &["regen", "--check", "now"], &["--check"], &[""]] {
        let (code, stdout, stderr) = tree.run(args);
        assert_eq!((code, stdout.as_str()), (Some(2), ""));
        assert!(stderr.contains("Usage: cargo xtask "), "{stderr}");
    }
    assert!(tree.files() == before, "files were changed");
}
