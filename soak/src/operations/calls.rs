//! The calls that workers make: one at random after the other, on workspaces of the worker's own and on some that all fight
//! for.

use std::collections::BTreeSet;
use std::time::Duration;

use openrouter_workspaces::Client;

use crate::operations::walk;
use crate::operations::worker::Worker;

/// How many slugs a worker has for itself, and how many all have together.
const OWN: usize = 4;
const COMMON: usize = 3;

/// The intervals with a limit that fits under the next one.
const INTERVALS: [(&str, f64); 4] = [("daily", 1.0), ("weekly", 10.0), ("monthly", 100.0), ("lifetime", 1000.0)];

impl Worker {
    /// One random call.
    pub async fn operate(&mut self) {
        let (slug, other) = self.slugs();
        let holder = self.record.lock().truth.find(&slug);
        let reference = match holder {
            Some(id) if self.rng.u8(0..4) == 0 => id.to_string(),
            _ => slug.clone(),
        };
        let metered = self.rng.bool();
        match (holder, self.rng.u8(0..40)) {
            (None, 0..=28) | (Some(_), 0) => self.create(slug, metered).await,
            (_, 1..=4) => self.send(&reference, None, metered, self.client(metered).delete(&reference)).await,
            (_, 5..=12) => self.update(&reference, other, metered).await,
            (_, 13..=15) => self.send(&reference, None, metered, self.client(metered).get(&reference)).await,
            (_, 16..=20) => self.set_budget(&reference, metered).await,
            (_, 21) => {
                let (interval, _) = INTERVALS[self.rng.usize(0..4)];
                let request = self.client(metered).get_budget(&reference, interval);
                self.send(&reference, None, metered, request).await;
            }
            (_, 22) => {
                let (interval, _) = INTERVALS[self.rng.usize(0..4)];
                let request = self.client(metered).delete_budget(&reference, interval);
                self.send(&reference, None, metered, request).await;
            }
            (_, 23..=24) => {
                let request = self.client(metered).list_budgets(&reference);
                self.send(&reference, None, metered, request).await;
            }
            (_, 25..=28) => {
                let users = self.users();
                let request = self.client(metered).bulk_add_members(&reference, users);
                self.send(&reference, None, metered, request).await;
            }
            (_, 29..=31) => {
                let users = self.users();
                let request = self.client(metered).bulk_remove_members(&reference, users);
                self.send(&reference, None, metered, request).await;
            }
            (_, 32..=36) => walk::members(self, &reference).await,
            (_, 37) => walk::workspaces(self).await,
            _ => self.send(&other, None, false, self.client.get(&other)).await,
        }
        if self.rng.u8(0..4) == 0 {
            tokio::time::sleep(Duration::from_millis(self.rng.u64(0..2_000))).await;
        }
    }

    fn client(&self, metered: bool) -> &Client {
        if metered { &self.metered } else { &self.client }
    }

    /// A slug, and the other one that its workspace is renamed to and back.
    fn slugs(&mut self) -> (String, String) {
        let slug = match self.rng.u8(0..5) {
            0 => format!("common-{}", self.rng.usize(0..COMMON)),
            _ => format!("own-{}-{}", self.number, self.rng.usize(0..OWN)),
        };
        let renamed = format!("{slug}-renamed");
        if self.rng.u8(0..3) == 0 { (renamed, slug) } else { (slug, renamed) }
    }

    fn users(&mut self) -> BTreeSet<String> {
        (0..self.rng.u8(1..5)).map(|_| format!("user_{}", self.rng.u8(1..=20))).collect()
    }

    async fn create(&mut self, slug: String, metered: bool) {
        // Sometimes as others would, with nothing but the slug for a name.
        let name = if self.rng.bool() { slug.clone() } else { format!("Made {}", self.rng.u16(..)) };
        let mut request = self.client(metered).create(name, &slug);
        if self.rng.u8(0..3) == 0 {
            request = request.description(format!("Text {}", self.rng.u16(..)));
        }
        if self.rng.u8(0..4) == 0 {
            request = request.io_logging_api_key_ids([3, 1, 2]);
        }
        self.send("", Some(slug), metered, request).await;
    }

    async fn update(&mut self, reference: &str, other: String, metered: bool) {
        let mut request = self.client(metered).update(reference);
        let mut slug = None;
        request = match self.rng.u8(0..4) {
            0 => request.description(None),
            1 => request.description(format!("Text {}", self.rng.u16(..))),
            2 => request.name(format!("Renamed {}", self.rng.u16(..))),
            _ => request.io_logging_sampling_rate(f64::from(self.rng.u16(1..=10_000)) / 10_000.0),
        };
        if self.rng.u8(0..3) == 0 {
            request = request.slug(&other);
            slug = Some(other);
        }
        self.send(reference, slug, metered, request).await;
    }

    async fn set_budget(&mut self, reference: &str, metered: bool) {
        let (interval, base) = INTERVALS[self.rng.usize(0..4)];
        // Sometimes one that is larger than any other, which the server must refuse where there is another.
        let limit = if self.rng.u8(0..8) == 0 { 5_000.0 } else { base + f64::from(self.rng.u8(0..80)) / 100.0 * base };
        let mut request = self.client(metered).set_budget(reference, interval, limit);
        if self.rng.u8(0..4) == 0 {
            request = request.include_byok_in_budgets(self.rng.bool());
        }
        self.send(reference, None, metered, request).await;
    }
}
