//! Profiles, and which key is taken.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use openrouter_sandbox::Sandbox;

use crate::support::{KEY, folder, orw, run, server};

/// Writes the profiles, so that a mode of them can be tried.
fn write(folder: &Path, text: &str, mode: u32) {
    let file = folder.join("orw").join("config.toml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
}

fn orw_with(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = orw(arguments);
    command.env("XDG_CONFIG_HOME", folder);
    command
}

#[test]
fn a_profile_has_a_key_a_url_and_an_output() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("profile");
    let url = sandbox.base_url();
    write(
        &folder,
        &format!("default = 'work'\n[profiles.work]\nkey = '{KEY}'\nbase_url = '{url}'\noutput = 'csv'\n"),
        0o600,
    );
    let (code, out, err) = run(&mut orw_with(&folder, &["list"]));
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("created_at,"), "{out}");
    let (code, out, _) = run(&mut orw_with(&folder, &["list", "--profile", "work", "-o", "ids"]));
    assert_eq!((code, out.lines().count()), (0, 1));
    let (code, _, err) = run(orw_with(&folder, &["list"]).env("ORW_PROFILE", "home"));
    assert_eq!(code, 4);
    assert!(err.contains("no profile \"home\"") && err.contains("it has: work"), "{err}");
}

#[test]
fn a_named_profile_goes_before_the_environment_which_goes_before_the_default_one() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("precedence");
    let url = sandbox.base_url();
    let other = "sk-or-v1-another-key";
    write(&folder, &format!("default = 'work'\n[profiles.work]\nkey = '{other}'\nbase_url = '{url}'\n"), 0o600);
    let at = |command: &mut Command| run(command.env("OPENROUTER_BASE_URL", url)).0;
    assert_eq!(at(orw_with(&folder, &["list"]).env("OPENROUTER_API_KEY", KEY)), 0);
    assert_eq!(at(orw_with(&folder, &["list", "--profile", "work"]).env("OPENROUTER_API_KEY", KEY)), 5);
    assert_eq!(at(&mut orw_with(&folder, &["list"])), 5);
}

#[test]
fn a_key_file_stands_beside_the_profiles() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("beside");
    write(&folder, &format!("[profiles.work]\nkey_file = 'work.key'\nbase_url = '{}'\n", sandbox.base_url()), 0o600);
    let key = folder.join("orw").join("work.key");
    fs::write(&key, format!("{KEY}\n")).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let (code, _, err) = run(&mut orw_with(&folder, &["list", "--profile", "work"]));
    assert_eq!(code, 0, "{err}");
}

#[test]
fn profiles_with_a_key_that_others_can_read_are_refused() {
    let folder = folder("open");
    write(&folder, &format!("default = 'work'\n[profiles.work]\nkey = '{KEY}'\n"), 0o644);
    let (code, _, err) = run(&mut orw_with(&folder, &["list"]));
    assert_eq!(code, 4);
    assert!(err.contains("chmod 600") && !err.contains(KEY), "{err}");
}

#[test]
fn profiles_without_a_key_are_no_secret() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("no-secret");
    write(&folder, &format!("[profiles.work]\nbase_url = '{}'\n", sandbox.base_url()), 0o644);
    let mut list = orw_with(&folder, &["list", "--profile", "work"]);
    let (code, _, err) = run(list.env("OPENROUTER_API_KEY", KEY));
    assert_eq!(code, 0, "{err}");
}

#[test]
fn a_sandbox_needs_no_profile_also_where_the_environment_names_one() {
    let (code, _, err) = run(orw(&["--sandbox", "list"]).env("ORW_PROFILE", "work"));
    assert_eq!(code, 0, "{err}");
}

#[test]
fn what_is_wrong_in_profiles_is_told_with_its_line_and_without_the_key() {
    let folder = folder("malformed");
    for line in [format!("key = {KEY}"), format!("kye = '{KEY}'"), format!("output = '{KEY}'"), format!("{KEY} = 1")] {
        let text = format!("[profiles.work]\n{line}\n");
        write(&folder, &text, 0o600);
        let (code, _, err) = run(&mut orw_with(&folder, &["list", "--profile", "work"]));
        assert_eq!(code, 4);
        assert!(err.contains("line 2") && !err.contains(KEY), "{err}");
    }
}

#[test]
fn errors_are_json_where_a_profile_says_that_output_is() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("json-errors");
    let url = sandbox.base_url();
    write(
        &folder,
        &format!("default = 'work'\n[profiles.work]\nkey = '{KEY}'\nbase_url = '{url}'\noutput = 'json'\n"),
        0o600,
    );
    let (code, _, err) = run(&mut orw_with(&folder, &["get", "nothing"]));
    let error: serde_json::Value = serde_json::from_str(&err).unwrap();
    assert_eq!((code, &error["error"]["status"]), (5, &404.into()));
}

#[test]
fn a_profile_beside_a_sandbox_is_refused_and_one_of_the_environment_is_passed_over() {
    let folder = folder("profile-and-sandbox");
    write(&folder, "[profiles.work]\noutput = 'json'\n", 0o600);
    let (code, _, err) = run(&mut orw_with(&folder, &["--sandbox", "--profile", "work", "list"]));
    assert!(code == 4 && err.contains("--profile") && err.contains("--sandbox"), "{err}");
    let (code, out, err) = run(orw_with(&folder, &["--sandbox", "list"]).env("ORW_PROFILE", "home"));
    assert!(code == 0 && out.starts_with("SLUG"), "{err}");
}

#[test]
fn a_key_file_takes_the_place_of_the_profiles_key_and_all_else_of_it_holds() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("key-file-and-profile");
    let (url, key) = (sandbox.base_url(), folder.join("my.key"));
    write(&folder, &format!("[profiles.work]\nkey = 'sk-or-v1-other'\nbase_url = '{url}'\noutput = 'ids'\n"), 0o600);
    fs::write(&key, KEY).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let arguments = ["list", "--profile", "work", "--key-file", key.to_str().unwrap()];
    let (code, out, err) = run(&mut orw_with(&folder, &arguments));
    assert_eq!((code, out.lines().count()), (0, 1), "{err}");
}

#[test]
fn what_a_profile_says_of_the_output_is_passed_over_where_a_command_does_not_have_it() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("profile-format");
    write(
        &folder,
        &format!("[profiles.work]\nkey = '{KEY}'\nbase_url = '{}'\noutput = 'csv'\n", sandbox.base_url()),
        0o600,
    );
    let (code, out, err) = run(&mut orw_with(&folder, &["export", "--profile", "work"]));
    assert!(code == 0 && out.contains("workspaces:"), "{err}");
}

#[test]
fn the_key_of_a_profile_goes_to_no_server_that_the_environment_alone_names() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("key-and-environment");
    let profiles = folder.join("orw");
    write(
        &folder,
        &format!(
            "default = 'work'\n[profiles.work]\nkey = '{KEY}'\n[profiles.filed]\nkey_file = 'a.key'\n[profiles.none]\n"
        ),
        0o600,
    );
    fs::write(profiles.join("a.key"), KEY).unwrap();
    fs::set_permissions(profiles.join("a.key"), Permissions::from_mode(0o600)).unwrap();
    let (url, key) = (sandbox.base_url(), profiles.join("a.key"));
    let at = |arguments: &[&str]| run(orw_with(&folder, arguments).env("OPENROUTER_BASE_URL", url));
    for profile in [&[][..], &["--profile", "work"], &["--profile", "filed"]] {
        let (code, out, err) = at(&[&["list"][..], profile].concat());
        assert_eq!((code, out.as_str()), (4, ""), "{profile:?}: {err}");
        assert!(err.contains("OPENROUTER_BASE_URL") && err.contains("--base-url"), "{profile:?}: {err}");
        assert_eq!(sandbox.journal().len(), 0, "{profile:?}");
        // Whoever types both means both.
        assert_eq!(at(&[&["list", "--base-url", url][..], profile].concat()).0, 0, "{profile:?}");
        sandbox.clear_journal();
    }
    // A key that is none of the profile's goes where the environment says.
    assert_eq!(at(&["list", "--profile", "work", "--key-file", key.to_str().unwrap()]).0, 0);
    let mut list = orw_with(&folder, &["list", "--profile", "none"]);
    assert_eq!(run(list.env("OPENROUTER_BASE_URL", url).env("OPENROUTER_API_KEY", KEY)).0, 0);
}
