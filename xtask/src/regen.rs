//! Keeps what is derived from the contract and checked in the same as what a build would generate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::codegen;

const CONTRACT: &str = "openapi/workspaces.yaml";

/// A checked-in file with what it should contain.
struct Derived {
    path: &'static str,
    content: String,
}

/// Writes every derived file that is not up to date.
pub fn write() -> ExitCode {
    run(|root, file| {
        fs::write(root.join(file.path), &file.content)
            .map_err(|e| format!("cannot write {}: {e}", file.path))?;
        println!("{} refreshed", file.path);
        Ok(ExitCode::SUCCESS)
    })
}

/// Names every derived file that is not up to date.
pub fn check() -> ExitCode {
    run(|_, file| {
        eprintln!(
            "{} is stale: run `cargo xtask regen` and commit it",
            file.path
        );
        Ok(ExitCode::FAILURE)
    })
}

fn run(stale: impl Fn(&Path, &Derived) -> Result<ExitCode, String>) -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let result = derive(&root).and_then(|files| {
        let mut code = ExitCode::SUCCESS;
        for file in &files {
            let current = fs::read_to_string(root.join(file.path)).unwrap_or_default();
            if current == file.content {
                println!("{} is up to date", file.path);
            } else {
                code = stale(&root, file)?;
            }
        }
        Ok(code)
    });
    result.unwrap_or_else(|message| {
        eprintln!("{message}");
        ExitCode::FAILURE
    })
}

fn derive(root: &Path) -> Result<Vec<Derived>, String> {
    let yaml =
        fs::read_to_string(root.join(CONTRACT)).map_err(|e| format!("cannot read {CONTRACT}: {e}"))?;
    let client = codegen::generate(&yaml).map_err(|e| e.to_string())?;
    Ok(vec![Derived {
        path: "openapi/client.rs",
        content: client,
    }])
}
