//! The limits that a schema sets: lengths, ranges, patterns.

use std::collections::BTreeMap;

use serde_json::Value;

/// The keywords whose larger value allows less, and the ones whose smaller value does.
const LOWER: [&str; 5] = ["minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"];
const UPPER: [&str; 5] = ["maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"];

/// The limits of a schema by keyword. Those that allow everything are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits(BTreeMap<&'static str, Limit>);

#[derive(Clone, Debug, PartialEq)]
enum Limit {
    Number(f64),
    Text(String),
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
    for key in LOWER.into_iter().chain(UPPER).chain(["multipleOf"]) {
        if let Some(number) = schema[key].as_f64() {
            limits.insert(key, Limit::Number(number));
        }
    }
    for (inclusive, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if schema[exclusive] == true
            && let Some(limit) = limits.remove(inclusive)
        {
            limits.insert(exclusive, limit);
        }
    }
    for key in ["minLength", "minItems", "minProperties"] {
        if limits.get(key) == Some(&Limit::Number(0.0)) {
            limits.remove(key);
        }
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        limits.insert("pattern", Limit::Text(pattern.to_owned()));
    }
    if schema["uniqueItems"] == true {
        limits.insert("uniqueItems", Limit::Text("yes".to_owned()));
    }
    Limits(limits)
}

impl Limits {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The limits of both, the tighter one where both have it.
    pub fn and(mut self, other: Self) -> Result<Self, String> {
        for (key, limit) in other.0 {
            match self.0.get(key) {
                Some(mine) if *mine == limit => {}
                Some(mine) => match change(key, Some(mine), Some(&limit)) {
                    Change::Tighter => {
                        self.0.insert(key, limit);
                    }
                    Change::Looser => {}
                    Change::Other => return Err(format!("a schema has `{key}` twice, by `allOf`")),
                },
                None => {
                    self.0.insert(key, limit);
                }
            }
        }
        Ok(self)
    }

    /// For integers: more than 0 is at least 1.
    pub fn make_inclusive(&mut self) -> Result<(), String> {
        let mut inclusive = BTreeMap::new();
        for (exclusive, key, step) in [("exclusiveMinimum", "minimum", 1.0), ("exclusiveMaximum", "maximum", -1.0)] {
            if let Some(Limit::Number(number)) = self.0.remove(exclusive) {
                inclusive.insert(key, Limit::Number(number + step));
            }
        }
        *self = std::mem::take(self).and(Self(inclusive))?;
        Ok(())
    }

    /// Where the other limits are not these: the keyword, both values, and what that means.
    pub fn changes(&self, other: &Self) -> Vec<(&'static str, String, String, Change)> {
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
            Some(Limit::Text(text)) => text.clone(),
        }
    }
}

fn change(key: &str, from: Option<&Limit>, to: Option<&Limit>) -> Change {
    match (from, to) {
        (None, Some(_)) => Change::Tighter,
        (Some(_), None) => Change::Looser,
        (Some(Limit::Number(from)), Some(Limit::Number(to))) if key != "multipleOf" => {
            if (to > from) == LOWER.contains(&key) { Change::Tighter } else { Change::Looser }
        }
        _ => Change::Other,
    }
}
