//! The deviations from upstream that are meant: `openapi/deviations.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::compare::Comparison;
use super::difference::{Difference, Key};

/// Where they are, seen from the root of the package.
pub const PATH: &str = "openapi/deviations.yaml";

/// The same deviation at any number of places, with the reason for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(rename = "where")]
    places: Vec<String>,
    what: String,
    ours: String,
    theirs: String,
    /// What upstream's description has to say, where the reason is that it says so.
    says: Option<String>,
    reason: String,
}

/// What was recorded, and why.
#[derive(Debug, Default)]
pub struct Deviations(BTreeMap<Key, Record>);

#[derive(Debug)]
struct Record {
    says: Option<String>,
    reason: String,
}

/// A difference that is meant.
pub struct Recorded {
    pub difference: Difference,
    pub reason: String,
}

/// A deviation that is recorded and no longer so.
#[derive(Debug)]
pub struct Stale {
    pub key: Key,
    pub why: String,
}

/// Differences, told apart by whether they are meant.
pub struct Sorted {
    pub unexpected: Vec<Difference>,
    pub recorded: Vec<Recorded>,
    pub stale: Vec<Stale>,
}

impl Deviations {
    /// Parses the file's text.
    pub fn parse(yaml: &str) -> Result<Self, String> {
        // A file with nothing but comments has none.
        let entries: Option<Vec<Entry>> = serde_norway::from_str(yaml).map_err(|e| e.to_string())?;
        let mut known = BTreeMap::new();
        for Entry { places, what, ours, theirs, says, reason } in entries.unwrap_or_default() {
            if reason.trim().is_empty() || places.is_empty() {
                return Err(format!("`{what}`: a deviation needs a `where` and a `reason`"));
            }
            for place in places {
                let key = Key { place, what: what.clone(), ours: ours.clone(), theirs: theirs.clone() };
                if known.contains_key(&key) {
                    return Err(format!("recorded twice: {key}"));
                }
                known.insert(key, Record { says: says.clone(), reason: reason.trim().to_owned() });
            }
        }
        Ok(Self(known))
    }

    /// Tells what is recorded from what is not. `ours` are the places of our contract: a deviation below something that
    /// upstream lacks altogether is neither there nor stale.
    pub fn sort(&self, comparison: Comparison, ours: &BTreeSet<String>) -> Sorted {
        let Comparison { differences, reached, descriptions, .. } = comparison;
        let mut sorted = Sorted { unexpected: Vec::new(), recorded: Vec::new(), stale: Vec::new() };
        for (key, record) in &self.0 {
            let there = differences.iter().any(|difference| difference.key == *key);
            let why = match &record.says {
                Some(text) if there && !says(&descriptions, key, text) => {
                    format!("while upstream says {text:?}, which it does not")
                }
                _ if !there && (reached.contains(&key.place) || !ours.contains(&key.place)) => {
                    "and no longer so".to_owned()
                }
                _ => continue,
            };
            sorted.stale.push(Stale { key: key.clone(), why });
        }
        for difference in differences {
            match self.0.get(&difference.key) {
                Some(record) => sorted.recorded.push(Recorded { difference, reason: record.reason.clone() }),
                None => sorted.unexpected.push(difference),
            }
        }
        sorted
    }
}

/// Whether upstream says this at a place.
fn says(descriptions: &BTreeMap<String, String>, key: &Key, text: &str) -> bool {
    descriptions.get(&key.place).is_some_and(|description| description.contains(text))
}
