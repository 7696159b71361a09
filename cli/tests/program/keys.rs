//! The key is in nothing that is printed.

use openrouter_sandbox::Sandbox;

use crate::support::{KEY, abandoned_url, folder, orw, orw_at, repository, run, server};

fn assert_hidden(arguments: &[&str], (_, out, err): &(i32, String, String)) {
    assert!(!out.contains(KEY) && !err.contains(KEY), "{arguments:?} shows the key:\n{out}\n{err}");
}

#[test]
fn no_command_shows_the_key() {
    let sandbox = server(Sandbox::builder().seed_workspaces(1));
    let nobody = abandoned_url();
    let commands: &[&[&str]] = &[
        &["list"],
        &["get", "workspace-1"],
        &["get", KEY],
        &["create", KEY],
        &["create", "mine", "--description", "no key here"],
        &["create", "mine"],
        &["update", "mine", "--name", "Mine"],
        &["members", "add", "mine", "user_1", KEY],
        &["members", "list", "mine"],
        &["members", "sync", "mine", "user_2", "--yes"],
        &["members", "remove", "mine", "user_2", "--yes"],
        &["budgets", "set", "mine", "monthly", "10"],
        &["budgets", "set", "mine", KEY, "10"],
        &["budgets", "list", "mine"],
        &["budgets", "get", "mine", "monthly"],
        &["budgets", "apply", "mine", "--daily", "1", "--yes"],
        &["budgets", "delete", "mine", "daily", "--yes"],
        &["plan", "-f", "examples/fleet"],
        &["apply", "-f", "examples/fleet", "--yes"],
        &["export"],
        &["delete", "mine", "--yes"],
        &["list", "--base-url", &nobody, "--retries", "0"],
        &["list", "--base-url", "http://example.com"],
        &["list", KEY],
        &["list", "--api-key", KEY],
        &["schema"],
        &["man"],
        &["completions", "bash"],
    ];
    for arguments in commands {
        for more in [&["-vv"][..], &["-vv", "-o", "json"]] {
            let arguments = [arguments, more].concat();
            assert_hidden(&arguments, &run(orw_at(&sandbox, &arguments).current_dir(repository())));
        }
    }
}

#[test]
fn verbose_shows_the_requests() {
    let sandbox = server(Sandbox::builder());
    let (_, out, err) = run(&mut orw_at(&sandbox, &["get", "default", "-v", "-o", "ids"]));
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(err.contains("GET /workspaces/{id}") && err.contains("http.response.status_code=200"), "{err}");
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_refused_and_not_shown() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    let file = folder("key-file").join("my.key");
    fs::write(&file, KEY).unwrap();
    let nobody = abandoned_url();
    let arguments = ["list", "--base-url", &nobody, "--retries", "0", "--key-file", file.to_str().unwrap()];
    for (mode, expected) in [(0o644, 4), (0o640, 4), (0o604, 4), (0o600, 6), (0o400, 6)] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let ended = run(&mut orw(&arguments));
        assert_eq!(ended.0, expected, "{mode:o}: {}", ended.2);
        assert_hidden(&arguments, &ended);
    }
}

#[test]
fn a_key_at_the_wrong_place_of_a_file_is_not_shown_and_goes_nowhere() {
    let sandbox = server(Sandbox::builder());
    let file = folder("misplaced").join("file");
    let path = file.to_str().unwrap();
    let commands: [(&[&str], String); 4] = [
        (&["members", "add", "default", "--file", path], format!("{KEY}\n")),
        (&["members", "add", "default", "--file", path], format!("user_1 {KEY}\n")),
        (&["budgets", "apply", "default", "--file", path], format!("monthly: {KEY}\n")),
        (&["apply", "--yes", "--plan", path], format!("{{\"version\": {KEY:?}}}")),
    ];
    for (arguments, text) in commands {
        std::fs::write(&file, text).unwrap();
        for more in [&[][..], &["-o", "json"]] {
            let ended = run(&mut orw_at(&sandbox, &[arguments, more].concat()));
            assert_eq!(ended.0, 4, "{}", ended.2);
            assert_hidden(arguments, &ended);
        }
    }
    assert!(sandbox.journal().is_empty());
}

#[test]
fn a_key_as_an_argument_is_refused_and_goes_nowhere() {
    let sandbox = server(Sandbox::builder());
    let (code, _, err) = run(&mut orw_at(&sandbox, &["create", KEY]));
    assert_eq!(code, 4);
    assert!(err.contains("a key is never an argument"), "{err}");
    assert!(sandbox.journal().is_empty());
}
