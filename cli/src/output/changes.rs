//! What is to be changed, as a difference.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::output::listed::Listed;
use crate::output::style;
use crate::output::text::{clean, number};

/// What happens to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Add,
    Change,
    Remove,
}

impl Kind {
    /// What happens to a thing that has one value and gets another one, null being none.
    pub(crate) fn of(before: &Value, after: &Value) -> Self {
        match (before, after) {
            (Value::Null, _) => Self::Add,
            (_, Value::Null) => Self::Remove,
            _ => Self::Change,
        }
    }
}

/// A change of one thing.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Change {
    kind: Kind,
    /// The thing, as in `monthly budget`.
    what: String,
    before: Value,
    after: Value,
}

impl Change {
    /// The change from one value to another one, null being none. Nothing if they are the same.
    pub(crate) fn between(what: impl Into<String>, before: Value, after: Value) -> Option<Self> {
        (before != after).then(|| Self { kind: Kind::of(&before, &after), what: what.into(), before, after })
    }

    /// A thing that there will be.
    pub(crate) fn add(what: impl Into<String>) -> Self {
        Self { kind: Kind::Add, what: what.into(), before: Value::Null, after: Value::Null }
    }

    /// A thing that there will be no more.
    pub(crate) fn remove(what: impl Into<String>) -> Self {
        Self { kind: Kind::Remove, what: what.into(), before: Value::Null, after: Value::Null }
    }

    pub(crate) fn removes(&self) -> bool {
        self.kind == Kind::Remove
    }
}

impl Listed for Change {
    const ID: &'static str = "what";
    const COLUMNS: &'static [&'static str] = &["kind", "what", "before", "after"];
}

/// A line for each change, and how many there are of each kind.
pub(crate) fn render(changes: &[Change]) -> String {
    let mut text = String::new();
    for Change { kind, what, before, after } in changes {
        let (sign, style) = look(*kind);
        let values = match (before, after) {
            (Value::Null, Value::Null) => String::new(),
            (Value::Null, after) => format!(": {}", shown(after)),
            (before, Value::Null) => format!(": {}", shown(before)),
            (before, after) => format!(": {} -> {}", shown(before), shown(after)),
        };
        text.push_str(&format!("{style}{sign} {}{values}{style:#}\n", clean(what)));
    }
    text.push_str(&count(changes.iter().map(|change| change.kind)));
    text.push('\n');
    text
}

/// The sign and the colour of a change.
pub(crate) fn look(kind: Kind) -> (char, anstyle::Style) {
    match kind {
        Kind::Add => ('+', style::ADD),
        Kind::Change => ('~', style::CHANGE),
        Kind::Remove => ('-', style::REMOVE),
    }
}

/// As in `2 to add, 1 to change, 0 to remove`.
pub(crate) fn count(kinds: impl Iterator<Item = Kind> + Clone) -> String {
    let of = |kind| kinds.clone().filter(|other| *other == kind).count();
    match (of(Kind::Add), of(Kind::Change), of(Kind::Remove)) {
        (0, 0, 0) => "nothing to do".to_owned(),
        (add, change, remove) => format!("{add} to add, {change} to change, {remove} to remove"),
    }
}

/// A value on one line, as JSON has it.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Number(limit) => number(limit),
        other => clean(&other.to_string()),
    }
}
