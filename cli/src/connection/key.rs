//! Where the key comes from. It is never an argument, for everyone on the machine can read those.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use openrouter_workspaces::ApiKey;

use crate::connection::profile::Profile;
use crate::failure::Failure;
use crate::options::GlobalOptions;

/// The one that can only be a management key comes first: the other may be a key for inference.
const VARIABLES: [&str; 2] = ["OPENROUTER_MANAGEMENT_KEY", "OPENROUTER_API_KEY"];

/// What keys begin with.
const PREFIX: &str = "sk-or-";

/// Whether a text has something in it that looks like a key.
pub(crate) fn looks_like_one(text: &str) -> bool {
    text.contains(PREFIX)
}

/// The text without what looks like a key: an error may quote a file in which one stands at the wrong place.
pub(crate) fn hidden(text: &str) -> String {
    let mut parts = text.split(PREFIX);
    let mut hidden = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        hidden.extend([PREFIX, "...", rest]);
    }
    hidden
}

/// The key from the environment.
pub(crate) fn from_env() -> Option<ApiKey> {
    let set = |name| std::env::var(name).ok().filter(|key| !key.trim().is_empty());
    VARIABLES.into_iter().find_map(set).map(ApiKey::new)
}

/// The key: of `--key-file`, of the profile that is used, or of the environment.
pub(crate) fn find(options: &GlobalOptions, profile: &Profile) -> Result<ApiKey, Failure> {
    match options.key_file.as_deref().or(profile.key_file.as_deref()) {
        Some(path) => Ok(ApiKey::new(read_private(path)?)),
        None => profile.key.as_deref().map(ApiKey::new).or_else(from_env).ok_or_else(|| {
            let hint = "set OPENROUTER_API_KEY, or give --key-file FILE, or add a profile (see `orw --help`); \
                        `--sandbox` needs no key";
            Failure::usage("there is no API key", hint)
        }),
    }
}

/// Reads a file with a key in it. One that others can read is refused.
pub(crate) fn read_private(path: &Path) -> Result<String, Failure> {
    let mut file = File::open(path).map_err(Failure::at(path))?;
    let metadata = file.metadata().map_err(Failure::at(path))?;
    check_private(path, &metadata)?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(Failure::at(path))?;
    Ok(text)
}

/// Refuses a file with a key in it that others can read.
#[cfg(unix)]
pub(super) fn check_private(path: &Path, metadata: &fs::Metadata) -> Result<(), Failure> {
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
pub(super) fn check_private(_path: &Path, _metadata: &fs::Metadata) -> Result<(), Failure> {
    Ok(())
}
