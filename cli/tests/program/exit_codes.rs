//! What the program ends with. The codes of wrong usage, of plans, and of what is partly done are in the snapshots.

use openrouter_sandbox::Sandbox;

use crate::support::{folder, orw, orw_at, repository, run, server};

#[test]
fn what_is_done_ends_with_0() {
    let sandbox = server(Sandbox::builder());
    let (code, out, err) = run(&mut orw_at(&sandbox, &["create", "production", "-o", "ids"]));
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(sandbox.workspaces()[1]["id"], out.trim_end());
}

#[test]
fn a_key_that_the_server_does_not_know_ends_with_5() {
    let sandbox = server(Sandbox::builder());
    let (code, _, err) = run(orw_at(&sandbox, &["list"]).env("OPENROUTER_API_KEY", "sk-or-v1-another-one"));
    assert_eq!(code, 5, "{err}");
    assert!(err.contains("status 401") && err.contains("next:  check the key"), "{err}");
}

#[test]
fn a_server_that_is_not_there_ends_with_6() {
    let sandbox = server(Sandbox::builder());
    let url = sandbox.base_url().to_owned();
    drop(sandbox);
    let mut command = orw(&["list", "--retries", "0", "--base-url", &url, "-o", "json"]);
    let (code, out, err) = run(command.env("OPENROUTER_MANAGEMENT_KEY", "sk-or-v1-any-key"));
    assert_eq!((code, out.as_str()), (6, ""), "{err}");
    let error: serde_json::Value = serde_json::from_str(&err).unwrap();
    assert_eq!((&error["error"]["kind"], &error["error"]["exit_code"]), (&"connect".into(), &6.into()));
}

#[test]
fn stderr_is_json_and_nothing_else_where_output_is() {
    let folder = folder("json-stderr");
    let (state, manifest) = (folder.join("demo.json"), folder.join("fleet.yaml"));
    std::fs::write(&manifest, "workspaces: [{slug: one, members: [user_nobody]}]").unwrap();
    let apply = ["--sandbox", state.to_str().unwrap(), "apply", "-f", manifest.to_str().unwrap(), "-o", "json"];
    for (more, expected) in [(&[][..], 4), (&["--yes"][..], 3)] {
        let (code, out, err) = run(&mut orw(&[&apply, more].concat()));
        let error: serde_json::Value = serde_json::from_str(&err).unwrap();
        assert_eq!((code, &error["error"]["exit_code"]), (expected, &expected.into()), "{out}");
        assert!(out.is_empty() || serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out}");
    }
}

#[test]
fn a_url_that_is_not_the_apis_ends_with_6() {
    let sandbox = server(Sandbox::builder());
    let url = format!("{}/nowhere", sandbox.base_url());
    let (code, _, err) = run(&mut orw_at(&sandbox, &["list", "--base-url", &url]));
    assert_eq!(code, 6, "{err}");
    assert!(err.contains("--base-url"), "{err}");
}

#[test]
fn the_first_command_of_the_readme_needs_nothing() {
    let state = folder("first-command").join("demo.json");
    let orw = |arguments: &[&str]| {
        let sandbox = ["--sandbox", state.to_str().unwrap()];
        run(orw(&[&sandbox, arguments].concat()).current_dir(repository()))
    };
    let (code, out, err) = orw(&["apply", "-f", "examples/fleet", "--yes"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let (code, out, _) = orw(&["plan", "-f", "examples/fleet", "--exit-code"]);
    assert_eq!(code, 0, "{out}");
}
