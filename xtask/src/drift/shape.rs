//! What a schema means, one level of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};

use super::limits::Limits;
use super::text::joined;

/// What a schema says of null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Null {
    /// Nothing, as a schema without a type.
    #[default]
    Unsaid,
    Allowed,
    Refused,
}

/// The values of an enum, written as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    pub known: BTreeSet<String>,
    /// Whether other values may come.
    pub open: bool,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    pub required: bool,
    pub schema: Value,
    read: OnceLock<Arc<Shape>>,
}

impl Field {
    pub fn new(required: bool, schema: Value) -> Self {
        Self { required, schema, read: OnceLock::new() }
    }

    /// What its schema means, which is read once.
    pub fn shape_of(&self, read: impl FnOnce() -> Arc<Shape>) -> &Shape {
        self.read.get_or_init(read)
    }
}

/// What an object may have besides its fields.
#[derive(Clone, Debug, Default)]
pub enum Additional {
    #[default]
    Anything,
    Nothing,
    Schema(Value),
}

/// What a schema means. Schemas inside it are still as they were written.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// The types without null; `None` where any may come.
    pub types: Option<BTreeSet<String>>,
    pub null: Null,
    /// More than one where `allOf` demands it.
    pub formats: BTreeSet<String>,
    pub values: Option<Values>,
    pub limits: Limits,
    pub default: Option<Value>,
    /// Everything that is said of it.
    pub description: String,
    pub deprecated: bool,
    pub read_only: bool,
    pub write_only: bool,
    pub fields: BTreeMap<String, Field>,
    pub items: Option<Value>,
    pub additional: Additional,
    /// `oneOf` and `anyOf` that mean more than null, an open enum, or several types.
    pub alternatives: Vec<Value>,
    /// Keywords of which nothing is made: each with all that it demands, as it is written.
    pub others: BTreeMap<String, Vec<Value>>,
    /// What upstream gives as examples.
    pub examples: Vec<Value>,
    /// Why a part of it cannot be read.
    pub unreadable: BTreeSet<String>,
}

impl Shape {
    /// What two schemas mean that both hold.
    pub fn and(mut self, other: Self) -> Self {
        self.types = match (self.types, other.types) {
            (Some(a), Some(b)) => Some(common(&a, &b)),
            (a, b) => a.or(b),
        };
        self.null = match (self.null, other.null) {
            (Null::Refused, _) | (_, Null::Refused) => Null::Refused,
            (Null::Allowed, _) | (_, Null::Allowed) => Null::Allowed,
            _ => Null::Unsaid,
        };
        self.formats.extend(other.formats);
        self.values = match (self.values, other.values) {
            (Some(a), Some(b)) => Some(a.and(b)),
            (a, b) => a.or(b),
        };
        self.limits = self.limits.and(other.limits);
        self.default = self.default.or(other.default);
        self.description = format!("{} {}", self.description, other.description);
        self.deprecated |= other.deprecated;
        self.read_only |= other.read_only;
        self.write_only |= other.write_only;
        for (name, field) in other.fields {
            let both = match self.fields.remove(&name) {
                Some(mine) => {
                    Field::new(mine.required || field.required, json!({ "allOf": [mine.schema, field.schema] }))
                }
                None => field,
            };
            self.fields.insert(name, both);
        }
        self.items = match (self.items, other.items) {
            (Some(a), Some(b)) => Some(json!({ "allOf": [a, b] })),
            (a, b) => a.or(b),
        };
        self.additional = match (self.additional, other.additional) {
            (Additional::Anything, b) => b,
            (a, Additional::Anything) => a,
            (Additional::Schema(a), Additional::Schema(b)) => Additional::Schema(json!({ "allOf": [a, b] })),
            _ => Additional::Nothing,
        };
        self.alternatives.extend(other.alternatives);
        for (key, values) in other.others {
            self.others.entry(key).or_default().extend(values);
        }
        self.examples.extend(other.examples);
        self.unreadable.extend(other.unreadable);
        self
    }

    /// A schema of which nothing is known.
    pub fn unreadable(why: String) -> Self {
        Self { unreadable: BTreeSet::from([why]), ..Self::default() }
    }

    /// Whether it allows no value at all: it has to be an object and a text, or to be more and less than something.
    pub fn is_impossible(&self) -> bool {
        let no_value = |types: &BTreeSet<String>| types.iter().all(|name| self.limits.contradict(name));
        let none_listed = self.values.as_ref().is_some_and(|values| !values.open && values.known.is_empty());
        self.null != Null::Allowed && (self.types.as_ref().is_some_and(no_value) || none_listed)
    }

    /// Whether it is so for its types alone.
    pub fn has_no_type(&self) -> bool {
        self.null != Null::Allowed && self.types.as_ref().is_some_and(BTreeSet::is_empty)
    }

    /// Without what goes without saying.
    pub fn tidy(mut self) -> Self {
        let is = |name: &str| self.types.as_ref().is_some_and(|types| types.iter().eq([name]));
        if is("boolean") && self.values.as_ref().is_some_and(|v| v.known.iter().eq(["false", "true"])) {
            self.values = None;
        }
        if is("integer") {
            self.limits.make_inclusive();
        }
        self
    }
}

impl Values {
    fn and(self, other: Self) -> Self {
        match (self.open, other.open) {
            (true, true) => Self { known: self.known.union(&other.known).cloned().collect(), open: true },
            (true, false) => other,
            (false, true) => self,
            (false, false) => Self { known: self.known.intersection(&other.known).cloned().collect(), open: false },
        }
    }
}

/// Types as a report names them; `None` where any may come.
pub fn type_text(types: Option<&BTreeSet<String>>) -> String {
    match types {
        None => "any".to_owned(),
        Some(types) if types.is_empty() => "null".to_owned(),
        Some(types) => joined(types, " or "),
    }
}

/// Whether a type is one of these, every integer being a number.
pub fn is_among(name: &str, types: &BTreeSet<String>) -> bool {
    types.contains(name) || (name == "integer" && types.contains("number"))
}

/// The types in both.
fn common(a: &BTreeSet<String>, b: &BTreeSet<String>) -> BTreeSet<String> {
    let among = |these: &BTreeSet<String>, those: &BTreeSet<String>| -> BTreeSet<String> {
        these.iter().filter(|name| is_among(name, those)).cloned().collect()
    };
    &among(a, b) | &among(b, a)
}
