//! Files with a key in them, which nobody else may read.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::failure::Failure;
use crate::input::without_mark;

/// Reads a file with a key in it. One that others can read is refused.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    let mut file = File::open(path).map_err(Failure::at(path))?;
    let metadata = file.metadata().map_err(Failure::at(path))?;
    check(path, &metadata)?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(Failure::at(path))?;
    Ok(without_mark(text))
}

/// Refuses a file with a key in it that others can read.
#[cfg(unix)]
pub(super) fn check(path: &Path, metadata: &fs::Metadata) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;

    let mode = metadata.permissions().mode() & 0o777;
    // What comes through a pipe, as from `<(pass show openrouter)`, lies nowhere that others could read it.
    if !metadata.is_file() || mode & 0o077 == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(Failure::usage(
        format!("{path} holds a key, and others can read it (mode {mode:o})"),
        format!("run `chmod 600 {path}`, and make a new key if others may have read it"),
    ))
}

/// Who may read a file is not told by its mode here.
#[cfg(not(unix))]
pub(super) fn check(_path: &Path, _metadata: &fs::Metadata) -> Result<(), Failure> {
    Ok(())
}
