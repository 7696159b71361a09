//! The limits that a schema sets: lengths, ranges, patterns.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::text::joined;

/// The keywords whose larger value allows less, and the ones whose smaller value does.
const LOWER: [&str; 5] = ["minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"];
const UPPER: [&str; 5] = ["maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"];

/// The limits of a schema by keyword. Those that allow everything are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits(BTreeMap<&'static str, Limit>);

#[derive(Clone, Debug, PartialEq)]
enum Limit {
    Number(f64),
    /// Demands of which none is more than another: patterns, steps. All of them hold.
    All(BTreeSet<String>),
}

/// How one limit compares with another of the same keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Tighter,
    Looser,
    /// Neither can be said.
    Other,
}

/// The limits of a schema, whether a 3.0 or a 3.1 document writes them.
pub fn read(schema: &Value) -> Limits {
    let mut limits = BTreeMap::new();
    let one = |demand: String| Limit::All(BTreeSet::from([demand]));
    for (key, value) in schema.as_object().into_iter().flatten() {
        let limit = match (key.as_str(), value) {
            ("minLength" | "minItems" | "minProperties", Value::Number(number)) if number.as_f64() == Some(0.0) => {
                continue;
            }
            ("multipleOf", Value::Number(step)) => ("multipleOf", one(step.as_f64().unwrap_or_default().to_string())),
            ("pattern", Value::String(pattern)) => ("pattern", one(pattern.clone())),
            ("uniqueItems", Value::Bool(true)) => ("uniqueItems", one("yes".to_owned())),
            (key, Value::Number(number)) => match LOWER.into_iter().chain(UPPER).find(|known| *known == key) {
                Some(known) => (known, Limit::Number(number.as_f64().unwrap_or_default())),
                None => continue,
            },
            _ => continue,
        };
        limits.insert(limit.0, limit.1);
    }
    for (inclusive, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if schema[exclusive] == true
            && let Some(limit) = limits.remove(inclusive)
        {
            limits.insert(exclusive, limit);
        }
    }
    Limits(limits)
}

impl Limits {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The limits of both, the tighter one where both have it.
    pub fn and(mut self, other: Self) -> Self {
        for (key, limit) in other.0 {
            let both = match (self.0.remove(key), limit) {
                (Some(Limit::All(mine)), Limit::All(more)) => Limit::All(&mine | &more),
                (Some(mine), limit) if change(key, Some(&mine), Some(&limit)) == Change::Looser => mine,
                (_, limit) => limit,
            };
            self.0.insert(key, both);
        }
        self
    }

    /// For integers: more than 0 is at least 1, and at least 0.5 is so, too.
    pub fn make_inclusive(&mut self) {
        let mut inclusive = BTreeMap::new();
        for (exclusive, key) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            if let Some(Limit::Number(number)) = self.0.remove(exclusive) {
                let next = if key == "minimum" { number.floor() + 1.0 } else { number.ceil() - 1.0 };
                inclusive.insert(key, Limit::Number(next));
            }
        }
        for (key, limit) in &mut self.0 {
            match (*key, limit) {
                ("minimum", Limit::Number(number)) => *number = number.ceil(),
                ("maximum", Limit::Number(number)) => *number = number.floor(),
                ("multipleOf", Limit::All(steps)) => steps.retain(|step| step != "1"),
                _ => {}
            }
        }
        self.0.retain(|_, limit| *limit != Limit::All(BTreeSet::new()));
        *self = std::mem::take(self).and(Self(inclusive));
    }

    /// Whether nothing of a type keeps to both ends.
    pub fn contradict(&self, of: &str) -> bool {
        let number = |key: &str| match self.0.get(key) {
            Some(Limit::Number(number)) => Some(*number),
            _ => None,
        };
        let crossed = |least: &str, most: &str| matches!((number(least), number(most)), (Some(a), Some(b)) if a > b);
        let touching = |least: &str, most: &str| matches!((number(least), number(most)), (Some(a), Some(b)) if a >= b);
        match of {
            "string" => crossed("minLength", "maxLength"),
            "array" => crossed("minItems", "maxItems"),
            "object" => crossed("minProperties", "maxProperties"),
            "integer" | "number" => {
                crossed("minimum", "maximum")
                    || touching("exclusiveMinimum", "maximum")
                    || touching("minimum", "exclusiveMaximum")
                    || touching("exclusiveMinimum", "exclusiveMaximum")
            }
            _ => false,
        }
    }

    /// Where the other limits are not these: the keyword, both values, and what that means.
    pub fn changes(&self, other: &Self) -> Vec<(&'static str, String, String, Change)> {
        if self == other {
            return Vec::new();
        }
        let keys = LOWER.into_iter().chain(UPPER).chain(["multipleOf", "pattern", "uniqueItems"]);
        let changed = keys.filter(|key| self.0.get(key) != other.0.get(key));
        changed
            .map(|key| (key, self.text(key), other.text(key), change(key, self.0.get(key), other.0.get(key))))
            .collect()
    }

    fn text(&self, key: &str) -> String {
        match self.0.get(key) {
            None => "none".to_owned(),
            Some(Limit::Number(number)) => number.to_string(),
            Some(Limit::All(demands)) => joined(demands, " and "),
        }
    }
}

fn change(key: &str, from: Option<&Limit>, to: Option<&Limit>) -> Change {
    match (from, to) {
        (None, Some(_)) => Change::Tighter,
        (Some(_), None) => Change::Looser,
        (Some(Limit::Number(from)), Some(Limit::Number(to))) => {
            if (to > from) == LOWER.contains(&key) {
                Change::Tighter
            } else {
                Change::Looser
            }
        }
        (Some(Limit::All(from)), Some(Limit::All(to))) if from.is_subset(to) => Change::Tighter,
        (Some(Limit::All(from)), Some(Limit::All(to))) if from.is_superset(to) => Change::Looser,
        _ => Change::Other,
    }
}
