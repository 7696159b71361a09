//! An account as it is saved: what stands in the file, and the file.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::account::model::{Interval, Member, present};
use crate::account::state::{AccountState, Record};
use crate::errors::InvalidState;

/// The version of the format that this sandbox writes, and the only one that it reads.
pub(crate) const VERSION: u64 = 1;

/// An account that was saved: its organization, and its workspaces with their members, budgets and owners of API keys, in
/// the order of their creation, with all ids and times. Keys of the API are not part of it.
///
/// It is JSON, to be written by hand as well: a user needs no more than a `user_id`, a workspace no more than a `slug`, a
/// member no more than the `user_id`, and a budget no more than `interval` and `limit_usd`. What is left out, the
/// sandbox fills in, but for `include_byok_in_budgets` and `disabled_server_tools` of a workspace: answers leave them out,
/// too. Workspaces have the fields that the API shows, and `default`, which one of them may have.
///
/// ```
/// use openrouter_sandbox::{Sandbox, SavedState};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let state: SavedState = r#"{
///     "version": 1,
///     "organization": [{"user_id": "user_ada", "role": "admin"}, {"user_id": "user_ben", "scim_managed": true}],
///     "workspaces": [
///         {"slug": "default", "default": true},
///         {"slug": "production", "members": [{"user_id": "user_ben"}], "budgets": [{"interval": "daily", "limit_usd": 5}]}
///     ]
/// }"#
/// .parse()?;
/// let sandbox = Sandbox::builder().state(state).in_memory()?;
/// assert_eq!(sandbox.members("production")?[0]["user_id"], "user_ben");
///
/// let same = Sandbox::builder().state(sandbox.save()).in_memory()?;
/// assert_eq!(same.workspaces(), sandbox.workspaces());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SavedState(pub(crate) SavedAccount);

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedAccount {
    version: u64,
    #[serde(default)]
    pub(crate) organization: Vec<SavedUser>,
    #[serde(default)]
    pub(crate) workspaces: Vec<SavedWorkspace>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedUser {
    pub(crate) user_id: String,
    pub(crate) role: Option<String>,
    pub(crate) created_at: Option<String>,
    #[serde(default)]
    pub(crate) scim_managed: bool,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct SavedWorkspace {
    #[serde(default)]
    pub(crate) default: bool,
    pub(crate) id: Option<Uuid>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(crate) default_guardrail_id: Option<Option<Uuid>>,
    pub(crate) slug: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// The other settings, by the names that requests have for them.
    #[serde(flatten)]
    pub(crate) settings: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) include_byok_in_budgets: Option<bool>,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    pub(crate) created_by: Option<String>,
    #[serde(default)]
    pub(crate) members: Vec<SavedMember>,
    #[serde(default)]
    pub(crate) budgets: Vec<SavedBudget>,
    /// Whether there ever was a budget; it need not be said where there are some.
    #[serde(default)]
    pub(crate) had_budgets: bool,
    /// The users with active API keys in the workspace.
    #[serde(default)]
    pub(crate) api_key_owners: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedMember {
    pub(crate) user_id: String,
    pub(crate) id: Option<Uuid>,
    pub(crate) role: Option<String>,
    pub(crate) created_at: Option<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedBudget {
    pub(crate) interval: Interval,
    pub(crate) limit_usd: f64,
    pub(crate) id: Option<Uuid>,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
}

impl SavedState {
    /// What an account consists of now.
    pub(crate) fn of(state: &AccountState) -> Self {
        let organization = state.organization.iter().map(|(user_id, user)| SavedUser {
            user_id: user_id.clone(),
            role: Some(user.role.clone()),
            created_at: Some(user.created_at.clone()),
            scim_managed: user.scim_managed,
        });
        let workspaces = state.records().map(|record| SavedWorkspace::of(record, state.is_default(record)));
        Self(SavedAccount { version: VERSION, organization: organization.collect(), workspaces: workspaces.collect() })
    }

    /// The state as JSON, which [`str::parse`] reads.
    pub fn to_json(&self) -> String {
        // Names and values of the account: none of them is something that JSON cannot say.
        serde_json::to_string_pretty(&self.0).unwrap_or_default() + "\n"
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is no state; the message names the file, and the line and the field.
    pub fn read(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| about(path, &error, error.kind()))?;
        text.parse().map_err(|error: InvalidState| about(path, &error, io::ErrorKind::InvalidData))
    }

    /// Writes a file, in one step: whatever happens meanwhile, there is either the old file or the new one.
    ///
    /// # Errors
    ///
    /// When the file cannot be written; the message names it.
    pub fn write(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        let temporary = Temporary::beside(path).map_err(|error| about(path, &error, error.kind()))?;
        temporary.replace(self.to_json().as_bytes()).map_err(|error| about(path, &error, error.kind()))
    }

    /// Checks that [`write`](Self::write) can write a file, and leaves it as it is.
    ///
    /// # Errors
    ///
    /// When the file cannot be written; the message names it.
    pub fn check_writable(path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        Temporary::beside(path).map(drop).map_err(|error| about(path, &error, error.kind()))
    }
}

impl FromStr for SavedState {
    type Err = InvalidState;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        // Some editors put a byte order mark in front.
        let json = json.strip_prefix('\u{feff}').unwrap_or(json);
        // Of another version, only the version can be understood.
        #[derive(Deserialize)]
        struct Versioned {
            version: u64,
        }
        let Versioned { version } = read_json(json)?;
        if version != VERSION {
            let message = format!("this sandbox reads version {VERSION}, and not {version}");
            return Err(InvalidState::new("version", message));
        }
        read_json(json).map(Self)
    }
}

fn read_json<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, InvalidState> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let read = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| InvalidState::new(&error.path().to_string(), error.inner()))?;
    deserializer.end().map_err(|error| InvalidState::new("", error))?;
    Ok(read)
}

fn about(path: &Path, error: &dyn fmt::Display, kind: io::ErrorKind) -> io::Error {
    io::Error::new(kind, format!("{}: {error}", path.display()))
}

/// A file beside the one that is to be replaced by it. It is removed unless it has taken that one's place.
struct Temporary {
    path: PathBuf,
    target: PathBuf,
    file: fs::File,
}

impl Temporary {
    fn beside(path: &Path) -> io::Result<Self> {
        // A link is followed, so that it stays a link.
        let target = match fs::canonicalize(path) {
            Ok(target) => target,
            // One that leads nowhere would be replaced by the file.
            Err(_) if path.is_symlink() => return Err(io::Error::other("it is a link to a file that is not there")),
            Err(_) => path.to_owned(),
        };
        if target.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut name = target.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_owned();
        name.push(format!(".{}.tmp", Uuid::new_v4().simple()));
        let path = target.with_file_name(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        Ok(Self { path, target, file })
    }

    fn replace(mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_all()?;
        if let Ok(old) = fs::metadata(&self.target) {
            fs::set_permissions(&self.path, old.permissions())?;
        }
        fs::rename(&self.path, &self.target)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // It is gone already if it has taken the other's place.
        let _ = fs::remove_file(&self.path);
    }
}

impl SavedWorkspace {
    fn of(record: &Record, default: bool) -> Self {
        let workspace = &record.workspace;
        let mut settings = match serde_json::to_value(&workspace.settings) {
            Ok(Value::Object(settings)) => settings,
            _ => Map::new(),
        };
        settings.remove("slug");
        let name = settings.remove("name").and_then(|name| name.as_str().map(str::to_owned));
        Self {
            default,
            id: Some(workspace.id),
            default_guardrail_id: Some(workspace.default_guardrail_id),
            slug: workspace.settings.slug.clone(),
            name,
            settings,
            include_byok_in_budgets: workspace.include_byok_in_budgets,
            created_at: Some(workspace.created_at.clone()),
            updated_at: workspace.updated_at.clone(),
            created_by: workspace.created_by.clone(),
            members: record.members.values().map(SavedMember::of).collect(),
            budgets: record
                .budgets
                .iter()
                .rev()
                .map(|(interval, budget)| SavedBudget {
                    interval: *interval,
                    limit_usd: budget.limit_usd,
                    id: Some(budget.id),
                    created_at: Some(budget.created_at.clone()),
                    updated_at: Some(budget.updated_at.clone()),
                })
                .collect(),
            had_budgets: record.had_budgets,
            api_key_owners: record.key_owners.iter().cloned().collect(),
        }
    }
}

impl SavedMember {
    fn of(member: &Member) -> Self {
        Self {
            user_id: member.user_id.clone(),
            id: Some(member.id),
            role: Some(member.role.clone()),
            created_at: Some(member.created_at.clone()),
        }
    }
}
