//! The binary in earnest: its state, its log, its flags.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, ExitStatus};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::program::{Running, program, refused};
use crate::state::Folder;

/// A program that serves.
struct Served {
    child: Running,
    url: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let arguments: Vec<&str> = ["--port", "0", "--key", "k"].iter().chain(arguments).copied().collect();
        let mut child = Running(program(&arguments).spawn().unwrap());
        let mut line = String::new();
        BufReader::new(child.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Base URL: ").expect("it does not serve").to_owned();
        Self { child, url }
    }

    async fn post(&self, path: &str, body: Value) -> StatusCode {
        let request = Client::new().post(format!("{}{path}", self.url)).bearer_auth("k").json(&body);
        request.send().await.unwrap().status()
    }

    async fn call(&self, method: &str, path: &str) -> (StatusCode, Value) {
        let request = Client::new().request(method.parse().unwrap(), format!("{}{path}", self.url)).bearer_auth("k");
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// Ends it with a signal. Returns how it ended, and what it wrote to stderr.
    #[cfg(unix)]
    fn stop(mut self, signal: &str) -> (ExitStatus, String) {
        let sent = Command::new("kill").args(["-s", signal, &self.child.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let status = self.child.0.wait().unwrap();
        let mut errors = String::new();
        self.child.0.stderr.as_mut().unwrap().read_to_string(&mut errors).unwrap();
        (status, errors)
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn the_account_is_saved_on_signals_and_loaded_at_the_next_start() {
    let folder = Folder::new();
    let file = folder.file();
    let flags = ["--state", text(&file), "--seed-workspaces", "1", "--scim-member", "user_9"];
    let mut before = Value::Null;
    for (signal, slug) in [("TERM", "a"), ("INT", "b")] {
        let served = Served::start(&flags);
        if !before.is_null() {
            assert_eq!(served.call("GET", "/workspaces").await.1, before);
        }
        assert_eq!(served.post("/workspaces", json!({"name": slug, "slug": slug})).await, 201);
        let users = json!({"user_ids": ["user_9"]});
        assert_eq!(served.post(&format!("/workspaces/{slug}/members/add"), users.clone()).await, 200);
        assert_eq!(served.post(&format!("/workspaces/{slug}/members/remove"), users).await, 403);
        before = served.call("GET", "/workspaces").await.1;
        let (status, errors) = served.stop(signal);
        assert!(status.success(), "{errors}");
        assert_eq!(folder.names(), ["state.json"]);
    }
    assert_eq!(before["total_count"], 4);
    let state = openrouter_sandbox::SavedState::read(&file).unwrap();
    let sandbox = openrouter_sandbox::Sandbox::builder().state(state).in_memory().unwrap();
    assert_eq!(json!(sandbox.workspaces()), before["data"]);
}

#[test]
fn a_broken_file_is_refused_and_stays_as_it_is() {
    let folder = Folder::new();
    let file = folder.file();
    for (broken, message) in [
        (
            "{\"version\": 1,\n \"workspaces\": [{\"slug\": 7}]}",
            "workspaces[0].slug: invalid type: integer `7`, expected a string at line 2",
        ),
        ("{\"version\": 1, \"workspaces\": [{\"slug\": \"A\"}]}", "workspaces[0].slug: the value does not match"),
        ("", "EOF while parsing a value at line 1"),
        ("{\"version\": 9}", "version: this sandbox reads version 1, and not 9"),
    ] {
        fs::write(&file, broken).unwrap();
        let refusal = refused(&["--port", "0", "--state", text(&file)]);
        assert!(refusal.starts_with(&format!("error: {}: {message}", file.display())), "{refusal}");
        assert_eq!(fs::read_to_string(&file).unwrap(), broken);
        assert_eq!(folder.names(), ["state.json"]);
    }
}

#[test]
fn a_file_that_could_not_be_written_is_refused_at_the_start() {
    let folder = Folder::new();
    let file = folder.0.join("none").join("state.json");
    let refusal = refused(&["--port", "0", "--state", text(&file)]);
    assert!(refusal.starts_with(&format!("error: {}: ", file.display())), "{refusal}");
}

#[cfg(unix)]
#[tokio::test]
async fn requests_are_logged_if_that_is_asked_for() {
    for (flags, lines) in [(&["--log"][..], 2), (&[][..], 0)] {
        let served = Served::start(flags);
        served.call("GET", "/workspaces?limit=1").await;
        served.call("DELETE", "/workspaces/none").await;
        let (_, errors) = served.stop("TERM");
        assert_eq!(errors.lines().count(), lines, "{errors}");
        if lines > 0 {
            assert!(errors.contains("Z GET /api/v1/workspaces?limit=1 200 - "), "{errors}");
            assert!(errors.contains("Z DELETE /api/v1/workspaces/none 404 - "), "{errors}");
        }
    }
}

#[tokio::test]
async fn it_plays_a_server_of_another_age_and_with_other_behaviour() {
    let deletion = "/workspaces/default?confirm_default_settings_deletion=true";
    let old = Served::start(&["--server", "2026-08"]);
    assert_eq!(old.call("DELETE", deletion).await.0, 403);
    let enabled = Served::start(&["--server", "2026-08", "--behaviour", "default-deletion-forbidden=off"]);
    assert_eq!(enabled.call("DELETE", deletion).await.0, 200);
    let new = Served::start(&[]);
    assert_eq!(new.call("DELETE", deletion).await.0, 400);
    assert_eq!(new.call("GET", "/workspaces/default/budgets").await.0, 404);
    let described = Served::start(&["--behavior", "budgets-not-found=off,null-guardrail=off"]);
    assert_eq!(described.call("GET", "/workspaces/default/budgets").await.0, 200);
    assert!(described.call("GET", "/workspaces/default").await.1["data"]["default_guardrail_id"].is_string());
}

#[cfg(unix)]
#[tokio::test]
async fn it_listens_where_it_is_told_and_warns_if_others_can_reach_it() {
    for (host, warns) in [("0.0.0.0", true), ("127.0.0.1", false), ("localhost", false)] {
        let served = Served::start(&["--host", host]);
        assert!(served.url.starts_with("http://127.0.0.1:"), "{}", served.url);
        assert_eq!(served.call("GET", "/workspaces").await.0, 200);
        let (_, errors) = served.stop("TERM");
        assert_eq!(errors.starts_with("warning: the sandbox listens on 0.0.0.0"), warns, "{errors}");
    }
}

#[cfg(unix)]
#[test]
fn what_it_prints_to_be_exported_is_read_back_by_a_shell() {
    let key = "it's-$HOME-`id`-\"x\";#&\\";
    let mut child = Running(program(&["--port", "0", "--key", key]).spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let export = lines.find_map(|line| line.ok().filter(|line| line.starts_with("export "))).unwrap();
    let script = format!("{export}; printf '%s %s' \"$OPENROUTER_BASE_URL\" \"$OPENROUTER_API_KEY\"");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    let read = String::from_utf8(output.stdout).unwrap();
    let (url, read) = read.split_once(' ').unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert_eq!(read, key);
}

#[test]
fn what_cannot_be_is_refused_with_the_flag_and_its_rule() {
    let rule = "visible ASCII characters";
    for (flags, flag, rule) in [
        (["--key", ""], "--key", rule),
        (["--key", "a b"], "--key", rule),
        (["--key", "schlüssel"], "--key", rule),
        (["--inference-key", ""], "--inference-key", rule),
        (["--seed-workspaces", "1000000000000"], "--seed-workspaces", "a whole number from 0 to 100000"),
        (["--seed-workspaces", "99999999999999999999999"], "--seed-workspaces", "a whole number from 0 to 100000"),
        (["--seed-workspaces", "many"], "--seed-workspaces", "a whole number from 0 to 100000"),
        (["--organization-members", "100001"], "--organization-members", "a whole number from 0 to 100000"),
        (["--fault-rate", "NaN"], "--fault-rate", "a number from 0 to 1"),
        (["--faults", "oversize=1000000000000"], "--faults", "1000000000 bytes are the most"),
        (["--faults", "latency=1-99999999999"], "--faults", "a day, 86400000 ms, is the longest"),
        (["--scim-member", ""], "--scim-member", "an id that is not empty"),
        (["--host", "example"], "--host", "choose an IP address"),
        (["--server", "2026-09"], "--server", "choose from 2026-10, 2026-08"),
        (["--behaviour", "budgets=on"], "--behaviour", "choose from budgets-not-found"),
        (["--behaviour", "null-guardrail"], "--behaviour", "choose null-guardrail=on or null-guardrail=off"),
    ] {
        let message = refused(&flags);
        assert!(message.contains(flag) && message.contains(rule), "{flags:?}: {message}");
    }
    let message = refused(&["--port", "0", "--key", "k", "--inference-key", "k"]);
    assert!(message.starts_with("error: a key that may not manage is the management key"), "{message}");
}
