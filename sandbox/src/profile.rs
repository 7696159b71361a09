//! What a server does that depends on its age, or on the account.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// One thing that servers of the API do differently from each other. Each can be switched by itself:
/// [`SandboxBuilder::behaviour`](crate::SandboxBuilder::behaviour), or the program's flag `--behaviour NAME=on|off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Behaviour {
    /// The list of budgets of a workspace that never had one is answered with 404. Otherwise the list is empty, as
    /// OpenRouter's document describes it.
    BudgetsNotFound,
    /// The default workspace of a new account has no default guardrail: its `default_guardrail_id` is null.
    NullGuardrail,
    /// The default workspace of a new account lacks the fields `include_byok_in_budgets` and `disabled_server_tools`
    /// until they are set for the first time.
    MissingFields,
    /// The account is not on the Enterprise plan: every operation on budgets is refused with 403.
    BudgetsForbidden,
    /// The account cannot delete its default workspace yet: that is refused with 403, confirmed or not.
    DefaultDeletionForbidden,
    /// The deletion of the default workspace is confirmed by `confirm_default_settings_deletion`, and the later name
    /// means nothing.
    OldConfirmation,
    /// The server does not know `disabled_server_tools` yet: it ignores the field in requests, and answers lack it.
    NoServerTools,
}

/// A behaviour's name and meaning on the command line, and whether the servers of August and of October 2026 have it.
type Row = (Behaviour, &'static str, &'static str, bool, bool);

/// All that is known about servers, as data.
const TABLE: &[Row] = &[
    (
        Behaviour::BudgetsNotFound,
        "budgets-not-found",
        "the budgets of a workspace that never had one are answered with 404; otherwise with an empty list",
        true,
        true,
    ),
    (Behaviour::NullGuardrail, "null-guardrail", "the default workspace's default_guardrail_id is null", true, true),
    (
        Behaviour::MissingFields,
        "missing-fields",
        "the default workspace lacks include_byok_in_budgets and disabled_server_tools until they are set",
        true,
        true,
    ),
    (
        Behaviour::BudgetsForbidden,
        "budgets-forbidden",
        "the account is not on the Enterprise plan: budgets are refused with 403",
        false,
        false,
    ),
    (
        Behaviour::DefaultDeletionForbidden,
        "default-deletion-forbidden",
        "deleting the default workspace is refused with 403, confirmed or not",
        true,
        false,
    ),
    (
        Behaviour::OldConfirmation,
        "old-confirmation",
        "deleting the default workspace is confirmed by confirm_default_settings_deletion",
        true,
        false,
    ),
    (
        Behaviour::NoServerTools,
        "no-server-tools",
        "disabled_server_tools is unknown: ignored in requests, missing from answers",
        true,
        false,
    ),
];

impl Behaviour {
    /// Every behaviour with its name on the command line and what it means.
    pub fn all() -> impl Iterator<Item = (Self, &'static str, &'static str)> {
        TABLE.iter().map(|(behaviour, name, meaning, ..)| (*behaviour, *name, *meaning))
    }
}

impl FromStr for Behaviour {
    type Err = UnknownBehaviour;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::all().find(|(_, known, _)| *known == name);
        found.map(|(behaviour, ..)| behaviour).ok_or_else(|| UnknownBehaviour(name.to_owned()))
    }
}

/// A name that no behaviour has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownBehaviour(String);

impl fmt::Display for UnknownBehaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Behaviour::all().map(|(_, name, _)| name).collect();
        write!(f, "there is no behaviour {}: choose from {}", self.0, names.join(", "))
    }
}

impl Error for UnknownBehaviour {}

/// How a server of a certain age behaves: a set of [`Behaviour`]s. The default is the server of October 2026.
///
/// ```
/// use openrouter_sandbox::{Behaviour, ServerProfile};
///
/// let old: ServerProfile = "2026-08".parse()?;
/// assert!(old.has(Behaviour::DefaultDeletionForbidden));
/// assert!(!ServerProfile::default().has(Behaviour::DefaultDeletionForbidden));
/// # Ok::<(), openrouter_sandbox::UnknownServer>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerProfile(BTreeSet<Behaviour>);

impl ServerProfile {
    /// The names that [`str::parse`] understands, the newest first.
    pub const NAMES: &'static [&'static str] = &["2026-10", "2026-08"];

    /// The server of October 2026.
    pub fn october_2026() -> Self {
        Self(TABLE.iter().filter(|row| row.4).map(|row| row.0).collect())
    }

    /// The server of August 2026.
    pub fn august_2026() -> Self {
        Self(TABLE.iter().filter(|row| row.3).map(|row| row.0).collect())
    }

    /// Whether the server does this.
    pub fn has(&self, behaviour: Behaviour) -> bool {
        self.0.contains(&behaviour)
    }

    /// The same server with one behaviour switched on or off.
    #[must_use]
    pub fn with(mut self, behaviour: Behaviour, on: bool) -> Self {
        if on {
            self.0.insert(behaviour);
        } else {
            self.0.remove(&behaviour);
        }
        self
    }

    /// The name under which the server knows a parameter of the contract.
    pub(crate) fn parameter<'a>(&self, name: &'a str) -> &'a str {
        match name {
            "confirm_default_workspace_deletion" if self.has(Behaviour::OldConfirmation) => {
                "confirm_default_settings_deletion"
            }
            _ => name,
        }
    }

    /// Whether the server knows a field of the contract's requests.
    pub(crate) fn knows_field(&self, name: &str) -> bool {
        name != "disabled_server_tools" || !self.has(Behaviour::NoServerTools)
    }
}

impl Default for ServerProfile {
    fn default() -> Self {
        Self::october_2026()
    }
}

impl FromStr for ServerProfile {
    type Err = UnknownServer;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "2026-10" => Ok(Self::october_2026()),
            "2026-08" => Ok(Self::august_2026()),
            _ => Err(UnknownServer(name.to_owned())),
        }
    }
}

/// A name that no server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownServer(String);

impl fmt::Display for UnknownServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no server {}: choose from {}", self.0, ServerProfile::NAMES.join(", "))
    }
}

impl Error for UnknownServer {}
