//! Installing the official SDKs and Schemathesis from their registries, at pinned versions.
//!
//! Everything is below the build directory, and stays there until what it was made from changes.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

/// A program to run, in its directory.
#[derive(Debug)]
pub struct Program {
    pub directory: PathBuf,
    path: PathBuf,
    args: Vec<OsString>,
}

impl Program {
    /// The program as a command that ends when it is dropped. Nothing of the user's settings for OpenRouter or for
    /// proxies reaches it.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.args).current_dir(&self.directory).kill_on_drop(true).env("NO_PROXY", "127.0.0.1");
        command.env("no_proxy", "127.0.0.1");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OPENROUTER_") {
                command.env_remove(name);
            }
        }
        command
    }

    /// A message about a program that does not run as it should.
    pub fn failed(&self, why: &str) -> String {
        let directory = self.directory.display();
        format!("cannot run {}: {why}; remove {directory} and run this again", self.path.display())
    }
}

/// The official TypeScript SDK and its driver.
pub async fn typescript(target: &Path) -> Result<Program, String> {
    let directory = target.join("typescript");
    let lock = include_str!("../typescript/package-lock.json");
    need("node", "install Node.js 20 or later, from https://nodejs.org or your system's packages").await?;
    let driver = write(&directory, "driver.mjs", include_str!("../typescript/driver.mjs"))?;
    if !is_current(&directory, lock) {
        need("npm", "install npm, which comes with Node.js from https://nodejs.org").await?;
        eprintln!("installing the TypeScript SDK");
        write(&directory, "package.json", include_str!("../typescript/package.json"))?;
        write(&directory, "package-lock.json", lock)?;
        let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        run(Command::new("npm").args(npm).current_dir(&directory), "").await?;
        mark_current(&directory, lock)?;
    }
    Ok(Program { directory, path: "node".into(), args: vec![driver.into()] })
}

/// The official Python SDK and its driver.
pub async fn python(target: &Path) -> Result<Program, String> {
    let directory = target.join("python");
    let path = venv("the Python SDK", &directory, include_str!("../python/requirements.txt")).await?.join("python");
    let driver = write(&directory, "driver.py", include_str!("../python/driver.py"))?;
    Ok(Program { directory, path, args: vec![driver.into()] })
}

/// Schemathesis.
pub async fn schemathesis(target: &Path) -> Result<Program, String> {
    let directory = target.join("schemathesis");
    let path = venv("Schemathesis", &directory, include_str!("../schemathesis/requirements.txt")).await?.join("st");
    Ok(Program { directory, path, args: Vec::new() })
}

/// The version of the other SDK with this name.
pub fn version(peer: &str) -> Option<&'static str> {
    let (list, start) = match peer {
        "typescript" => (include_str!("../typescript/package.json"), "\"@openrouter/sdk\": \""),
        _ => (include_str!("../python/requirements.txt"), "openrouter=="),
    };
    let version = list.lines().find_map(|line| line.trim().strip_prefix(start))?;
    version.split(['"', ' ']).next()
}

/// A virtual environment with exactly what is pinned, and its directory of programs.
async fn venv(name: &str, directory: &Path, requirements: &str) -> Result<PathBuf, String> {
    let venv = directory.join("venv");
    let programs = venv.join("bin");
    if is_current(directory, requirements) {
        return Ok(programs);
    }
    need("python3", "install Python 3.11 or later, from https://python.org or your system's packages").await?;
    eprintln!("installing {name}");
    let list = write(directory, "requirements.txt", requirements)?;
    let hint = "; if Python says that ensurepip is missing: apt-get install python3-venv";
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv), hint).await?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
    let hint = "; the pinned packages need Python 3.11 or later";
    run(Command::new(programs.join("python")).args(pip).args(["--require-hashes", "-r"]).arg(list), hint).await?;
    mark_current(directory, requirements)?;
    Ok(programs)
}

/// Checks that a program is there.
async fn need(program: &str, how: &str) -> Result<(), String> {
    match Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().await {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} does not work ({status}): {how}")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(format!("{program} is missing: {how}")),
        Err(error) => Err(format!("{program} cannot be run ({error}): {how}")),
    }
}

async fn run(command: &mut Command, hint: &str) -> Result<(), String> {
    let name = format!("{:?}", command.as_std());
    let output = command.kill_on_drop(true).stdin(Stdio::null()).output().await;
    let output = output.map_err(|error| format!("cannot run {name}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => {
            let said = [output.stdout, output.stderr].concat();
            Err(format!("{name} failed ({}){hint}\n{}", output.status, String::from_utf8_lossy(&said).trim()))
        }
    }
}

/// What the installation was made from, written once it is complete.
const MARK: &str = "installed";

fn is_current(directory: &Path, lock: &str) -> bool {
    std::fs::read_to_string(directory.join(MARK)).is_ok_and(|installed| installed == lock)
}

fn mark_current(directory: &Path, lock: &str) -> Result<(), String> {
    write(directory, MARK, lock).map(drop)
}

/// Writes a file, and the directory if need be.
pub fn write(directory: &Path, name: &str, text: &str) -> Result<PathBuf, String> {
    let path = directory.join(name);
    std::fs::create_dir_all(directory)
        .and_then(|()| std::fs::write(&path, text))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_are_pinned() {
        for peer in ["typescript", "python"] {
            let version = version(peer).unwrap();
            assert!(version.split('.').all(|part| part.parse::<u32>().is_ok()), "{version}");
        }
    }

    #[test]
    fn what_is_installed_is_current_until_the_lock_changes() {
        let directory = std::env::temp_dir().join(format!("conformance-{}", std::process::id()));
        assert!(!is_current(&directory, "a==1"));
        mark_current(&directory, "a==1").unwrap();
        assert!(is_current(&directory, "a==1") && !is_current(&directory, "a==2"));
        std::fs::remove_dir_all(directory).unwrap();
    }
}
