//! What a plan does, step by step.

use std::fmt;

use openrouter_workspaces::{BudgetInterval, Workspace};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// One step of a plan, which takes one request, or one for 100 users.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Action {
    /// What is done, with what was there before and will be there after.
    #[serde(flatten)]
    pub change: Change,
    /// Why.
    pub reason: String,
}

/// What a step does. As JSON it has its name in the field `action`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// A workspace is created.
    Create {
        /// Its name, its slug, and its settings.
        fields: Map<String, Value>,
    },
    /// Settings of a workspace are changed, its slug among them if it is renamed.
    Update {
        /// The settings that differ.
        fields: Vec<FieldChange>,
    },
    /// Users become members.
    AddMembers {
        /// How many members there are before; 0 in a new workspace.
        before: usize,
        /// Who becomes one.
        users: Vec<String>,
    },
    /// Users stop being members.
    RemoveMembers {
        /// How many members there are before this step.
        before: usize,
        /// Who stops being one.
        users: Vec<String>,
    },
    /// A budget is set.
    SetBudget {
        /// Which one.
        interval: BudgetInterval,
        /// Its limit in US dollars before; `None` if there is none.
        before: Option<f64>,
        /// Its limit in US dollars after. It is the same as before if only `include_byok` changes.
        after: f64,
        /// Whether spend on one's own provider keys counts for all budgets, if that is set with this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        include_byok: Option<ByokChange>,
    },
    /// A budget is removed.
    DeleteBudget {
        /// Which one.
        interval: BudgetInterval,
        /// Its limit in US dollars before.
        before: f64,
    },
    /// A workspace is deleted, with all that it has.
    Delete {
        /// The workspace as it is before.
        workspace: Box<Workspace>,
    },
}

/// A setting that changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// Its value before; null if there is none.
    pub before: Value,
    /// Its value after; null clears it.
    pub after: Value,
}

/// Whether spend on one's own provider keys counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ByokChange {
    /// Before; `None` where the server does not tell.
    pub before: Option<bool>,
    /// After.
    pub after: bool,
}

/// By hand, for serde knows no unknown fields where some are flattened. What is read is compared with what it would be written
/// as, and has no field beyond that.
impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Value::deserialize(deserializer)?;
        let Fields { change, reason } = Fields::deserialize(&read).map_err(D::Error::custom)?;
        let action = Self { change, reason };
        let written = serde_json::to_value(&action).map_err(D::Error::custom)?;
        match surplus(&read, &written) {
            Some(field) => Err(D::Error::custom(format_args!("a step of a plan has no field `{field}`"))),
            None => Ok(action),
        }
    }
}

/// An action as it is read.
#[derive(Deserialize)]
struct Fields {
    #[serde(flatten)]
    change: Change,
    reason: String,
}

/// The path of a field of what was read that is not there when it is written. One that is null is the same as none.
fn surplus(read: &Value, written: &Value) -> Option<String> {
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            read.iter().filter(|(_, value)| !value.is_null()).find_map(|(name, value)| match written.get(name) {
                None => Some(name.clone()),
                Some(there) => surplus(value, there).map(|path| joined(name, &path)),
            })
        }
        (Value::Array(read), Value::Array(written)) => {
            let mut pairs = read.iter().zip(written).enumerate();
            pairs.find_map(|(index, (read, written))| Some(joined(&format!("[{index}]"), &surplus(read, written)?)))
        }
        _ => None,
    }
}

fn joined(start: &str, rest: &str) -> String {
    let dot = if rest.starts_with('[') { "" } else { "." };
    format!("{start}{dot}{rest}")
}

impl Action {
    pub(super) fn new(change: Change, reason: impl Into<String>) -> Self {
        Self { change, reason: reason.into() }
    }

    /// The slug that a workspace had before, where this renames it.
    pub fn renamed_from(&self) -> Option<&str> {
        let Change::Update { fields } = &self.change else { return None };
        fields.iter().find(|change| change.field == "slug").and_then(|change| change.before.as_str())
    }
}

/// As in `change name, description` or `add 2 members`. No values are named.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { .. } => f.write_str("create"),
            Self::Update { fields } => {
                let names: Vec<&str> = fields.iter().map(|change| change.field.as_str()).collect();
                write!(f, "change {}", names.join(", "))
            }
            Self::AddMembers { users, .. } => write!(f, "add {}", members(users)),
            Self::RemoveMembers { users, .. } => write!(f, "remove {}", members(users)),
            Self::SetBudget { interval, .. } => write!(f, "set the {} budget", interval.as_str()),
            Self::DeleteBudget { interval, .. } => write!(f, "delete the {} budget", interval.as_str()),
            Self::Delete { .. } => f.write_str("delete"),
        }
    }
}

fn members(users: &[String]) -> String {
    match users.len() {
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    }
}
