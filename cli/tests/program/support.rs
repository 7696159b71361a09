//! Running the program, against a server or without one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use openrouter_sandbox::{Sandbox, SandboxBuilder};

pub const KEY: &str = "sk-or-v1-0123456789abcdef0123456789abcdef";

/// The program, with nothing of the environment but what a test gives it.
pub fn orw(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orw"));
    command.args(arguments).env_clear().env("XDG_CONFIG_HOME", "/nonexistent").env("ORW_SANDBOX_SEED", "7");
    command.stdin(Stdio::null());
    command
}

/// A server with a known key. It runs on a thread of its own.
pub fn server(builder: SandboxBuilder) -> Sandbox {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(builder.key(KEY).start()).unwrap()
}

/// The signals that end a program. SIGHUP is none where whoever runs the tests has it ignored, as `nohup` does: programs
/// that they start ignore it as well.
#[cfg(unix)]
pub fn ending_signals() -> Vec<&'static str> {
    let hung_up = Command::new("sh").args(["-c", "kill -s HUP $$"]).status().unwrap();
    ["INT", "TERM", "HUP"].into_iter().filter(|signal| *signal != "HUP" || !hung_up.success()).collect()
}

/// The base URL of a server that is gone.
pub fn abandoned_url() -> String {
    server(Sandbox::builder()).base_url().to_owned()
}

/// The program, with a server and its key.
pub fn orw_at(sandbox: &Sandbox, arguments: &[&str]) -> Command {
    let mut command = orw(arguments);
    command.env("OPENROUTER_BASE_URL", sandbox.base_url()).env("OPENROUTER_API_KEY", KEY);
    command
}

/// The exit code, and what was written to stdout and to stderr.
pub fn run(command: &mut Command) -> (i32, String, String) {
    told(command.output().unwrap())
}

pub fn told(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// An empty folder for a test.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
