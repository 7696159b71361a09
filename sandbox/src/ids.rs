//! Ids.

use std::sync::{Arc, Mutex};

use uuid::{Builder, Uuid};

use crate::random::Random;
use crate::sync::lock;

/// Where ids come from: from chance, or from a seed, so that they are the same each time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids(Option<Arc<Mutex<Random>>>);

impl Ids {
    /// Ids that follow from a seed, and from what is there already, so that none of them comes again.
    pub(crate) fn seeded(seed: u64, there: &str) -> Self {
        Self(Some(Arc::new(Mutex::new(Random::new(seed, &format!("ids{there}"), 0)))))
    }

    pub(crate) fn next(&self) -> Uuid {
        let Some(random) = &self.0 else {
            return Uuid::new_v4();
        };
        let mut random = lock(random);
        let bits = u128::from(random.next()) << 64 | u128::from(random.next());
        Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }
}
