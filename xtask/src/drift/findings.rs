//! What a comparison has found so far.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Class, Key};
use super::shape::Shape;

/// What has been found so far, the same thing in several operations once.
#[derive(Default)]
pub struct Findings {
    /// The operations that are being compared, with the status in case of an error.
    pub within: BTreeSet<String>,
    pub found: BTreeMap<Key, (Class, BTreeSet<String>)>,
    /// Every place that both documents have.
    pub reached: BTreeSet<String>,
    /// The place that was reached last, which is reached many times in a row.
    last: String,
    /// What their document tells of its schemas, by place.
    pub told: BTreeMap<String, Told>,
}

/// What a document tells people of a schema.
#[derive(Debug, Default)]
pub struct Told {
    pub description: String,
    /// The texts among its examples.
    pub examples: BTreeSet<String>,
}

impl Findings {
    /// What is noted from here on belongs to this operation.
    pub fn enter(&mut self, operation: &str) {
        self.within = BTreeSet::from([operation.to_owned()]);
    }

    /// Notes what their document tells of a schema.
    pub fn describe(&mut self, place: &str, shape: &Shape) {
        let told = self.told.entry(place.to_owned()).or_default();
        if !told.description.contains(&shape.description) {
            told.description = format!("{} {}", told.description, shape.description);
        }
        told.examples.extend(shape.examples.iter().filter_map(|example| example.as_str().map(str::to_owned)));
    }

    /// Notes that both documents have a place, and are compared there.
    pub fn reach(&mut self, place: &str) {
        if self.last != place {
            self.last.clear();
            self.last.push_str(place);
            self.reached.insert(place.to_owned());
        }
    }

    /// Notes a difference.
    pub fn note(&mut self, class: Class, place: &str, what: &str, ours: impl AsRef<str>, theirs: impl AsRef<str>) {
        let [place, what, ours, theirs] = [place, what, ours.as_ref(), theirs.as_ref()].map(str::to_owned);
        let key = Key { place, what, ours, theirs };
        let (noted, uses) = self.found.entry(key).or_insert_with(|| (class, BTreeSet::new()));
        // The same texts can mean more in one operation than in another.
        *noted = class.min(*noted);
        uses.extend(self.within.iter().cloned());
    }

    /// Notes a flag that is set on one side only.
    pub fn flag(&mut self, class: Class, place: &str, what: &str, ours: bool, theirs: bool) {
        let [ours, theirs] = [ours, theirs].map(|flag| if flag { "yes" } else { "no" });
        self.same(class, place, what, ours, theirs);
    }

    /// Notes a difference where there is one.
    pub fn same(&mut self, class: Class, place: &str, what: &str, ours: impl AsRef<str>, theirs: impl AsRef<str>) {
        self.reach(place);
        if ours.as_ref() != theirs.as_ref() {
            self.note(class, place, what, ours, theirs);
        }
    }
}
