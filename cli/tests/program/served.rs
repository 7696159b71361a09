//! `orw sandbox`, which is the program `openrouter-sandbox` under another name.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::support::{KEY, ending_signals, folder, orw, run};

/// A sandbox that serves, and its URL. It ends with the test, however that ends.
struct Served {
    child: Child,
    url: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        // What follows is not read any more.
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some(url) = line.trim().strip_prefix("Base URL: ").map(str::to_owned) else {
            let mut errors = String::new();
            child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
            panic!("it does not serve: {errors}");
        };
        Self { child, url }
    }

    fn call(&self, arguments: &[&str]) -> (i32, String, String) {
        run(orw(arguments).env("OPENROUTER_BASE_URL", &self.url).env("OPENROUTER_API_KEY", KEY))
    }

    fn send(&self, signal: &str) {
        let sent = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn end(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

#[test]
fn it_has_the_flags_of_the_program() {
    let served = Served::start(orw(&[
        "sandbox",
        "--host",
        "localhost",
        "--port",
        "0",
        "--key",
        KEY,
        "--inference-key",
        "sk-or-v1-inference",
        "--scim-member",
        "user_scim",
        "--behaviour",
        "budgets-not-found=off",
        "--page-cap",
        "3",
        "--seed-workspaces",
        "7",
        "--fault-seed",
        "7",
        "--fault-rate",
        "1",
        "--faults",
        "503",
        "--fault-operation",
        "delete_workspace",
    ]));
    let (code, out, err) = served.call(&["list", "-o", "ids"]);
    assert_eq!((code, out.lines().count()), (0, 8), "{err}");
    let (code, _, err) = served.call(&["delete", "workspace-1", "--yes", "--retries", "0"]);
    assert!(code == 5 && err.contains("503"), "{err}");
    let (code, _, err) = served.call(&["members", "remove", "workspace-1", "user_scim", "--yes"]);
    assert_eq!(code, 0, "{err}");
}

#[test]
fn its_help_names_the_faults_and_behaviours() {
    let (code, out, _) = run(&mut orw(&["sandbox", "-h"]));
    assert_eq!(code, 0);
    for word in ["budgets-not-found", "503-after", "--inference-key", "The mix: "] {
        assert!(out.contains(word), "{word}: {out}");
    }
}

#[test]
fn what_keeps_it_from_starting_is_wrong_usage() {
    for (arguments, expected) in [
        (&["--fault-rate", "2"][..], "choose a number from 0 to 1"),
        (&["--host", "nowhere"], "choose an IP address"),
        (&["--state", "/nonexistent/demo.json"], "/nonexistent/demo.json"),
    ] {
        let (code, out, err) = run(&mut orw(&[&["sandbox", "--port", "0"], arguments].concat()));
        assert_eq!((code, out.as_str()), (4, ""), "{err}");
        assert!(err.contains(expected), "{err}");
    }
}

#[test]
fn a_signal_ends_it_and_it_keeps_the_account() {
    for signal in ending_signals() {
        let state = folder(&format!("served-{signal}")).join("demo.json");
        let state = state.to_str().unwrap();
        let served = Served::start(orw(&["sandbox", "--port", "0", "--key", KEY, "--state", state]));
        assert_eq!(served.call(&["create", "staging"]).0, 0);
        served.send(signal);
        assert!(served.end().success(), "{signal}");
        assert_eq!(run(&mut orw(&["--sandbox", state, "get", "staging"])).0, 0, "{signal}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn it_outlives_its_terminal_where_hangups_are_ignored() {
    let mut command = Command::new("sh");
    let script = "trap '' HUP; exec \"$0\" sandbox --port 0 --key \"$1\"";
    command.args(["-c", script, env!("CARGO_BIN_EXE_orw"), KEY]);
    let served = Served::start(command);
    served.send("HUP");
    assert_eq!(served.call(&["list"]).0, 0);
    served.send("TERM");
    assert!(served.end().success());
}
