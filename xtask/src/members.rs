//! The members of the workspace that are published, as cargo tells.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// What cargo knows of the workspace, as far as the chores need it.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    /// All members, until [`published`] has left out what is not published.
    pub packages: Vec<Package>,
    pub target_directory: PathBuf,
}

#[derive(Debug, Deserialize)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub description: Option<String>,
    pub documentation: Option<String>,
    pub license: Option<String>,
    pub keywords: Vec<String>,
    pub categories: Vec<String>,
    pub dependencies: Vec<Dependency>,
    publish: Option<Vec<String>>,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
pub struct Dependency {
    pub name: String,
    pub features: Vec<String>,
    pub uses_default_features: bool,
    kind: Option<String>,
    path: Option<PathBuf>,
    req: String,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
}

impl Package {
    pub fn has_library(&self) -> bool {
        self.targets.iter().any(|target| target.kind.iter().any(|kind| kind == "lib"))
    }

    /// The name of the folder that its tarball unpacks to.
    pub fn folder(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// The dependencies that cargo leaves out of the published manifest: those of tests that have a path and no version.
    pub fn unpublished_dependencies(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().filter(|d| d.kind.as_deref() == Some("dev") && d.path.is_some() && d.req == "*")
    }
}

/// The cargo that runs this, in the root of the repository.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    command.current_dir(root);
    command
}

/// Runs a command, and fails if it does.
pub fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| format!("cannot run {}: {e}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}")) }
}

/// The members that are published, in the order of their names.
pub fn published(root: &Path) -> Result<Workspace, String> {
    let output = cargo(root)
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .map_err(|e| format!("cannot run cargo: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let mut workspace: Workspace =
        serde_json::from_slice(&output.stdout).map_err(|e| format!("cargo metadata cannot be read: {e}"))?;
    workspace.packages.retain(|package| package.publish.as_ref().is_none_or(|registries| !registries.is_empty()));
    workspace.packages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(workspace)
}
