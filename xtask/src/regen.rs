//! Keeps what is derived from the contract and checked in the same as what a build would generate.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::codegen;

/// The checked-in client, compiled when the feature `codegen` is off.
const CLIENT: &str = "openapi/client.rs";

/// Writes the client of the package at `root` where it is not up to date, and says whether it was.
pub fn write(root: &Path) -> Result<String, String> {
    let client = codegen::generate_in(root).map_err(|e| e.to_string())?;
    if current(root)?.as_deref() == Some(client.as_bytes()) {
        return Ok(format!("{CLIENT} is up to date"));
    }
    // A rename is all or nothing: no interruption leaves half a file to compile.
    let draft = root.join(format!("{CLIENT}.new"));
    let written = fs::write(&draft, client).and_then(|()| fs::rename(&draft, root.join(CLIENT)));
    written.map_err(|e| {
        // What failed is worth telling, and not that its leftover cannot be removed either.
        let _ = fs::remove_file(&draft);
        format!("{CLIENT} cannot be written: {e}")
    })?;
    Ok(format!("{CLIENT} is refreshed from {}", codegen::PATH))
}

/// Says whether the client of the package at `root` is up to date, as an error where it is not. Changes nothing.
pub fn check(root: &Path) -> Result<String, String> {
    let client = codegen::generate_in(root).map_err(|e| e.to_string())?;
    match current(root)? {
        Some(content) if content == client.as_bytes() => Ok(format!("{CLIENT} is up to date")),
        Some(_) => Err(format!("{CLIENT} is stale: run `cargo xtask regen` and commit it")),
        None => Err(format!("{CLIENT} is missing: run `cargo xtask regen` and commit it")),
    }
}

/// What is checked in, if anything.
fn current(root: &Path) -> Result<Option<Vec<u8>>, String> {
    match fs::read(root.join(CLIENT)) {
        Ok(content) => Ok(Some(content)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(format!("{CLIENT} cannot be read: {e}")),
    }
}
