//! The deviations from upstream that are meant: `openapi/deviations.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

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
    reason: String,
}

/// What was recorded, and why.
#[derive(Debug, Default)]
pub struct Deviations(BTreeMap<Key, String>);

/// A difference that is meant.
pub struct Recorded {
    pub difference: Difference,
    pub reason: String,
}

/// Differences, told apart by whether they are meant.
pub struct Sorted {
    pub unexpected: Vec<Difference>,
    pub recorded: Vec<Recorded>,
    /// Deviations that are recorded and no longer there.
    pub stale: Vec<Key>,
}

impl Deviations {
    /// Parses the file's text.
    pub fn parse(yaml: &str) -> Result<Self, String> {
        // A file with nothing but comments has none.
        let entries: Option<Vec<Entry>> = serde_norway::from_str(yaml).map_err(|e| e.to_string())?;
        let mut known = BTreeMap::new();
        for entry in entries.unwrap_or_default() {
            if entry.reason.trim().is_empty() || entry.places.is_empty() {
                return Err(format!("`{}`: a deviation needs a `where` and a `reason`", entry.what));
            }
            for place in entry.places {
                let key =
                    Key { place, what: entry.what.clone(), ours: entry.ours.clone(), theirs: entry.theirs.clone() };
                if let Some((key, _)) = known.get_key_value(&key) {
                    return Err(format!("recorded twice: {key}"));
                }
                known.insert(key, entry.reason.trim().to_owned());
            }
        }
        Ok(Self(known))
    }

    /// Tells what is recorded from what is not. `reached` are the places that were compared, `ours` those of our
    /// contract: a deviation below something that upstream lacks altogether is neither there nor stale.
    pub fn sort(&self, differences: Vec<Difference>, reached: &BTreeSet<String>, ours: &BTreeSet<String>) -> Sorted {
        let stale = self.0.keys().filter(|key| {
            let there = differences.iter().any(|difference| difference.key == **key);
            !there && (reached.contains(&key.place) || !ours.contains(&key.place))
        });
        let stale = stale.cloned().collect();
        let (mut unexpected, mut recorded) = (Vec::new(), Vec::new());
        for difference in differences {
            match self.0.get(&difference.key) {
                Some(reason) => recorded.push(Recorded { difference, reason: reason.clone() }),
                None => unexpected.push(difference),
            }
        }
        Sorted { unexpected, recorded, stale }
    }
}
