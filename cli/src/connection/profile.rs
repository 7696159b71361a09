//! Profiles: accounts under a name, in a file of the platform's configuration folder.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::Deserialize;

use crate::connection::private_file;
use crate::failure::Failure;
use crate::output::format::Format;

/// An account under a name.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) key_file: Option<PathBuf>,
    pub(crate) key: Option<String>,
    pub(crate) base_url: Option<String>,
    pub(crate) output: Option<Format>,
    pub(crate) concurrency: Option<NonZeroUsize>,
}

/// Without the key.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("key_file", &self.key_file)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Profiles {
    default: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

impl Profile {
    /// Reads a profile by its name, or the default one. Where there is no file, there is none.
    pub(crate) fn read(name: Option<&str>) -> Result<Self, Failure> {
        let path = file();
        let Some(path) = path.filter(|path| path.exists()) else {
            return name.map_or(Ok(Self::default()), |name| Err(unknown(name, None, &[])));
        };
        let text = fs::read_to_string(&path).map_err(Failure::at(&path))?;
        let mut file: Profiles = toml::from_str(&text).map_err(|error| malformed(&path, &text, &error))?;
        if file.profiles.values().any(|profile| profile.key.is_some()) {
            private_file::check(&path, &fs::metadata(&path).map_err(Failure::at(&path))?)?;
        }
        let Some(name) = name.map(str::to_owned).or(file.default) else {
            return Ok(Self::default());
        };
        let names: Vec<String> = file.profiles.keys().cloned().collect();
        let mut profile = file.profiles.remove(&name).ok_or_else(|| unknown(&name, Some(&path), &names))?;
        profile.key_file = profile.key_file.map(|key_file| resolved(&path, key_file));
        Ok(profile)
    }
}

/// Where the profiles are, be there any or not.
pub(crate) fn file() -> Option<PathBuf> {
    let folder = etcetera::choose_base_strategy().ok()?.config_dir();
    Some(folder.join("orw").join("config.toml"))
}

/// A file beside the profiles, or in the home folder.
fn resolved(profiles: &Path, file: PathBuf) -> PathBuf {
    match (file.strip_prefix("~"), etcetera::home_dir()) {
        (Ok(rest), Ok(home)) => home.join(rest),
        _ => profiles.parent().map_or(file.clone(), |folder| folder.join(&file)),
    }
}

/// Where the file is wrong, without quoting it: a key may stand there.
fn malformed(path: &Path, text: &str, error: &toml::de::Error) -> Failure {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let message = format!("{}, line {line}: {}", path.display(), error.message());
    Failure::usage(message, "correct that line: a profile has key_file, key, base_url, output and concurrency")
}

fn unknown(name: &str, path: Option<&Path>, names: &[String]) -> Failure {
    let path = path.map(Path::to_owned).or_else(file);
    let path = path.map_or("the configuration".to_owned(), |path| path.display().to_string());
    let hint = match names {
        [] => format!("add [profiles.{name}] to it, with a key_file"),
        names => format!("it has: {}", names.join(", ")),
    };
    Failure::usage(format!("there is no profile {name:?} in {path}"), hint)
}
