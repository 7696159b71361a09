//! The binary.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use openrouter_sandbox::Sandbox;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openrouter-sandbox"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Ends the program with the test, however that ends.
struct Running(Child);

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
    assert_eq!(line(), format!("export OPENROUTER_BASE_URL={url} OPENROUTER_API_KEY={key}"));

    let request = reqwest::Client::new().get(format!("{url}/workspaces")).bearer_auth(key);
    let body: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(body["total_count"], 4);
}

#[cfg(unix)]
#[test]
fn it_stops_cleanly_on_signals() {
    for signal in ["INT", "TERM"] {
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
