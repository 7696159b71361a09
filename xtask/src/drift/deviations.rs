//! The deviations from upstream that are meant: `openapi/deviations.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::compare::Comparison;
use super::difference::{Difference, Key};
use super::findings::Told;
use crate::codegen::schema_types::pattern_of;

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
    /// The format that upstream's examples have to be of, all of them and at least one, where the reason rests on them.
    examples: Option<String>,
    reason: String,
}

/// What was recorded, and why.
#[derive(Debug, Default)]
pub struct Deviations(BTreeMap<Key, Record>);

#[derive(Debug)]
struct Record {
    says: Option<String>,
    examples: Option<String>,
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
        for Entry { places, what, ours, theirs, says, examples, reason } in entries.unwrap_or_default() {
            if reason.trim().is_empty() || places.is_empty() {
                return Err(format!("`{what}`: a deviation needs a `where` and a `reason`"));
            }
            if let Some(format) = examples.as_ref().filter(|format| pattern_of(format).is_none()) {
                return Err(format!("`{what}`: nothing is known of examples that are `{format}`"));
            }
            for place in places {
                let key = Key { place, what: what.clone(), ours: ours.clone(), theirs: theirs.clone() };
                if known.contains_key(&key) {
                    return Err(format!("recorded twice: {key}"));
                }
                let (says, examples, reason) = (says.clone(), examples.clone(), reason.trim().to_owned());
                known.insert(key, Record { says, examples, reason });
            }
        }
        Ok(Self(known))
    }

    /// Tells what is recorded from what is not. `ours` are the places of our contract: a deviation below something that
    /// upstream lacks altogether is neither there nor stale.
    pub fn sort(&self, comparison: Comparison, ours: &BTreeSet<String>) -> Sorted {
        let Comparison { differences, reached, told, .. } = comparison;
        let mut sorted = Sorted { unexpected: Vec::new(), recorded: Vec::new(), stale: Vec::new() };
        for (key, record) in &self.0 {
            let there = differences.iter().any(|difference| difference.key == *key);
            let why = if there {
                record.unfounded(told.get(&key.place))
            } else {
                let gone = reached.contains(&key.place) || !ours.contains(&key.place);
                gone.then(|| "and no longer so".to_owned())
            };
            let Some(why) = why else { continue };
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

impl Record {
    /// Why the reason no longer holds, where it rests on what upstream tells of the place and that has changed.
    fn unfounded(&self, told: Option<&Told>) -> Option<String> {
        if let Some(text) = &self.says
            && told.is_none_or(|told| !told.description.contains(text))
        {
            return Some(format!("while upstream says {text:?}, which it does not"));
        }
        let format = self.examples.as_ref()?;
        let pattern = regex_lite::Regex::new(&pattern_of(format)?).ok()?;
        let examples = told.map(|told| &told.examples).filter(|examples| !examples.is_empty());
        match examples.map(|examples| examples.iter().find(|example| !pattern.is_match(example))) {
            Some(None) => None,
            Some(Some(example)) => Some(format!("while upstream's examples are {format}, which {example:?} is not")),
            None => Some(format!("while upstream's examples are {format}, and it has none")),
        }
    }
}
