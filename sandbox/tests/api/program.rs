//! The binary.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use openrouter_sandbox::{FaultPlan, Sandbox};

pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openrouter-sandbox"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Ends the program with the test, however that ends.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn it_says_where_it_is_and_serves_there() {
    let mut child = Running(program(&["--port", "0", "--seed-workspaces", "3"]).spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    let url = line().strip_prefix("Base URL: ").unwrap().to_owned();
    let key = line().strip_prefix("API key:  ").unwrap().to_owned();
    line();
    assert_eq!(line(), format!("export OPENROUTER_BASE_URL='{url}' OPENROUTER_API_KEY='{key}'"));

    let request = reqwest::Client::new().get(format!("{url}/workspaces")).bearer_auth(key);
    let body: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(body["total_count"], 4);
}

/// The signals that end a program. SIGHUP is none where whoever runs the tests has it ignored, as `nohup` does: programs
/// that they start ignore it as well.
#[cfg(unix)]
fn ending_signals() -> Vec<&'static str> {
    let hung_up = Command::new("sh").args(["-c", "kill -s HUP $$"]).status().unwrap();
    ["INT", "TERM", "HUP"].into_iter().filter(|signal| *signal != "HUP" || !hung_up.success()).collect()
}

#[cfg(unix)]
#[test]
fn it_stops_cleanly_on_signals() {
    for signal in ending_signals() {
        let mut child = Running(program(&["--port", "0"]).spawn().unwrap());
        let mut line = String::new();
        BufReader::new(child.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let id = child.0.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status().unwrap();
        assert!(sent.success());
        assert!(child.0.wait().unwrap().success(), "{signal}");
    }
}

#[tokio::test]
async fn a_taken_port_is_explained() {
    let sandbox = Sandbox::start().await.unwrap();
    let port = sandbox.port().to_string();
    let output = program(&["--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.starts_with(&format!("error: port {port} is taken")), "{message}");
}

#[test]
fn an_address_that_nothing_can_listen_on_is_named() {
    // One of another machine's, and one of many machines at once.
    for host in ["192.0.2.1", "ff02::1"] {
        let message = refused(&["--host", host, "--port", "8080"]);
        assert!(message.starts_with(&format!("error: cannot listen on {host}, port 8080: ")), "{message}");
    }
}

/// The error of a program that does not start.
pub fn refused(arguments: &[&str]) -> String {
    let mut child = Running(program(arguments).spawn().unwrap());
    let mut line = String::new();
    // One that starts would say where it is, and never end.
    BufReader::new(child.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "", "it starts with {arguments:?}");
    let mut errors = String::new();
    child.0.stderr.as_mut().unwrap().read_to_string(&mut errors).unwrap();
    assert!(!child.0.wait().unwrap().success());
    errors
}

#[tokio::test]
async fn faults_follow_from_the_flags() {
    let flags =
        ["--port", "0", "--key", "k", "--fault-rate", "0.5", "--fault-seed", "7", "--faults", "503,429-seconds"];
    let mut child = Running(program(&flags).spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let url = lines.next().unwrap().unwrap().strip_prefix("Base URL: ").unwrap().to_owned();

    let faults = ["503", "429-seconds"].map(|name| name.parse().unwrap());
    let plan = FaultPlan::new(7).rate_all(0.5, faults);
    let mut statuses = HashSet::new();
    for call in 1..=20 {
        let response = reqwest::Client::new().get(format!("{url}/workspaces")).bearer_auth("k").send().await.unwrap();
        let expected = plan.fault("list_workspaces", call).map_or("200".to_owned(), |fault| fault.kind());
        assert_eq!(response.status().as_str(), expected);
        statuses.insert(expected);
    }
    assert_eq!(statuses.len(), 3);
}

#[tokio::test]
async fn faults_can_be_limited_to_operations() {
    let flags =
        ["--port", "0", "--key", "k", "--fault-rate", "1", "--fault-operation", "get_workspace", "--faults", "503"];
    let mut child = Running(program(&flags).spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let url = lines.next().unwrap().unwrap().strip_prefix("Base URL: ").unwrap().to_owned();
    for (path, status) in [("/workspaces", 200), ("/workspaces/default", 503)] {
        let response = reqwest::Client::new().get(format!("{url}{path}")).bearer_auth("k").send().await.unwrap();
        assert_eq!(response.status(), status);
    }
}

#[test]
fn an_unknown_fault_is_explained() {
    let message = refused(&["--faults", "503,rest"]);
    assert!(message.contains("there is no fault rest: choose from latency"), "{message}");
}

#[test]
fn an_impossible_rate_is_explained() {
    for rate in ["2", "-0.1", "NaN", "often"] {
        let message = refused(&[&format!("--fault-rate={rate}")]);
        assert!(message.contains("choose a number from 0 to 1"), "{message}");
    }
}

#[test]
fn an_unknown_operation_for_faults_is_explained() {
    let message = refused(&["--port", "0", "--faults", "503", "--fault-operation", "list"]);
    assert_eq!(message, "error: the sandbox has no operation list\n");
}

#[test]
fn the_help_lists_the_faults() {
    let output = program(&["--help"]).output().unwrap();
    // Its lines end where those of the terminal do, if clap was built so.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = words(&String::from_utf8(output.stdout).unwrap());
    for (name, meaning) in openrouter_sandbox::Fault::NAMES {
        assert!(help.contains(&words(&format!("{name}: {meaning}"))), "{name}");
    }
}
