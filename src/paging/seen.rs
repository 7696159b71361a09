//! The rows that a walk has given.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Ids are spread over several sets, so that no set is large when it has to grow: it then takes half as much again.
const SETS: usize = 64;

/// A set of ids, for a million of which it takes about 36 MB.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Uuid>", into = "Vec<Uuid>")]
pub(crate) struct SeenRows {
    sets: Vec<HashSet<Uuid>>,
    len: usize,
}

impl SeenRows {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn contains(&self, id: Uuid) -> bool {
        self.sets.get(place(id)).is_some_and(|set| set.contains(&id))
    }

    /// Adds an id, and tells whether it was not there.
    pub fn insert(&mut self, id: Uuid) -> bool {
        if self.sets.is_empty() {
            self.sets = vec![HashSet::new(); SETS];
        }
        let new = self.sets.get_mut(place(id)).is_some_and(|set| set.insert(id));
        self.len += usize::from(new);
        new
    }

    pub fn remove(&mut self, id: Uuid) {
        let removed = self.sets.get_mut(place(id)).is_some_and(|set| set.remove(&id));
        self.len -= usize::from(removed);
    }
}

/// The set of an id. The last byte is as random as any in an id of any version.
fn place(id: Uuid) -> usize {
    let [.., last] = id.into_bytes();
    usize::from(last) % SETS
}

impl From<Vec<Uuid>> for SeenRows {
    fn from(ids: Vec<Uuid>) -> Self {
        let mut seen = Self::default();
        for id in ids {
            seen.insert(id);
        }
        seen
    }
}

impl From<SeenRows> for Vec<Uuid> {
    fn from(seen: SeenRows) -> Self {
        let mut ids: Self = seen.sets.into_iter().flatten().collect();
        ids.sort_unstable();
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_are_counted_when_they_come_and_go() {
        let ids = [1, 2, 1 + 256].map(Uuid::from_u128);
        let mut seen = SeenRows::default();
        seen.remove(ids[0]);
        assert_eq!(ids.map(|id| seen.insert(id)), [true; 3]);
        assert!(!seen.insert(ids[0]));
        seen.remove(ids[0]);
        seen.remove(ids[0]);
        assert_eq!((seen.len(), seen.contains(ids[0]), seen.contains(ids[2])), (2, false, true));
        ids.into_iter().for_each(|id| seen.remove(id));
        assert!(seen.is_empty());
    }
}
