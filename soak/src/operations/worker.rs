//! A worker: one random call after the other, on workspaces of its own and on some that all workers fight for.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::{Client, Delivery, Error, Request, RetryConfig, operation};
use serde::Serialize;
use tokio::time::timeout;

use crate::operations::judge::{Told, judge};
use crate::operations::record::{CallRecord, Limits, Shared};
use crate::operations::walk;
use crate::operations::wire::CALL;
use crate::report::Promise;

/// How many slugs a worker has for itself, and how many all have together.
const OWN: usize = 4;
const COMMON: usize = 3;

/// After how many milliseconds at most a call is given up half way: early, in the middle, late.
pub(crate) const PATIENCE: [u64; 3] = [60, 400, 3_000];

/// The intervals with a limit that fits under the next one.
const INTERVALS: [(&str, f64); 4] = [("daily", 1.0), ("weekly", 10.0), ("monthly", 100.0), ("lifetime", 1000.0)];

/// A worker.
#[derive(Debug)]
pub(crate) struct Worker {
    pub number: usize,
    pub record: Shared,
    pub sandbox: Arc<Sandbox>,
    pub client: Client,
    /// One whose retries are paid from a small budget.
    pub metered: Client,
    pub rng: fastrand::Rng,
    pub limits: Limits,
    pub retry: RetryConfig,
    /// What the calls have said of their failure, by their numbers.
    pub deliveries: Vec<(usize, Option<Delivery>)>,
}

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
            (_, 1..=4) => self.send("delete", &reference, None, metered, self.client(metered).delete(&reference)).await,
            (_, 5..=12) => self.update(&reference, other, metered).await,
            (_, 13..=15) => self.send("get", &reference, None, metered, self.client(metered).get(&reference)).await,
            (_, 16..=20) => self.set_budget(&reference, metered).await,
            (_, 21) => {
                let (interval, _) = INTERVALS[self.rng.usize(0..4)];
                let request = self.client(metered).get_budget(&reference, interval);
                self.send("get_budget", &reference, None, metered, request).await;
            }
            (_, 22) => {
                let (interval, _) = INTERVALS[self.rng.usize(0..4)];
                let request = self.client(metered).delete_budget(&reference, interval);
                self.send("delete_budget", &reference, None, metered, request).await;
            }
            (_, 23..=24) => {
                let request = self.client(metered).list_budgets(&reference);
                self.send("list_budgets", &reference, None, metered, request).await;
            }
            (_, 25..=28) => {
                let users = self.users();
                let request = self.client(metered).bulk_add_members(&reference, users);
                self.send("bulk_add_members", &reference, None, metered, request).await;
            }
            (_, 29..=31) => {
                let users = self.users();
                let request = self.client(metered).bulk_remove_members(&reference, users);
                self.send("bulk_remove_members", &reference, None, metered, request).await;
            }
            (_, 32..=36) => walk::members(self, &reference).await,
            (_, 37) => walk::workspaces(self).await,
            _ => self.send("get", &other, None, false, self.client.get(&other)).await,
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
        self.send("create", "", Some(slug), metered, request).await;
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
        self.send("update", reference, slug, metered, request).await;
    }

    async fn set_budget(&mut self, reference: &str, metered: bool) {
        let (interval, base) = INTERVALS[self.rng.usize(0..4)];
        // Sometimes one that is larger than any other, which the server must refuse where there is another.
        let limit = if self.rng.u8(0..8) == 0 { 5_000.0 } else { base + f64::from(self.rng.u8(0..80)) / 100.0 * base };
        let mut request = self.client(metered).set_budget(reference, interval, limit);
        if self.rng.u8(0..4) == 0 {
            request = request.include_byok_in_budgets(self.rng.bool());
        }
        self.send("set_budget", reference, None, metered, request).await;
    }

    /// Begins a call.
    pub fn begin(&mut self, name: &'static str, target: &str, slug: Option<String>, limits: Limits) -> usize {
        let walk = matches!(name, "list" | "list_members");
        let mut record = self.record.lock();
        let (number, began, target) = (record.calls.len(), record.now(), target.to_owned());
        let holder = record.truth.find(&target);
        let (ended, requests, metered) = (None, Vec::new(), false);
        record.note(Some(number), format_args!("{name} {target} {}", slug.as_deref().unwrap_or_default()));
        record.calls.push(CallRecord { name, target, slug, walk, metered, limits, began, ended, holder, requests });
        number
    }

    /// Limits that are sometimes tighter than usual, and the retries that go with them.
    fn limits(&mut self, name: &str) -> (Limits, RetryConfig) {
        let (mut limits, mut retry) = (self.limits, self.retry.clone());
        if self.rng.u8(0..6) == 0 {
            limits.deadline = Duration::from_millis(self.rng.u64(100..4_000));
        }
        if self.rng.u8(0..6) == 0 {
            limits.max_elapsed = Duration::from_millis(self.rng.u64(100..4_000));
        }
        if self.rng.u8(0..6) == 0 {
            limits.max_attempts = self.rng.u32(1..5);
        }
        limits.reconcile = name == "create" || self.rng.u8(0..12) > 0;
        retry.max_attempts = limits.max_attempts;
        retry.max_elapsed_time = limits.max_elapsed;
        retry.reconcile = limits.reconcile;
        (limits, retry)
    }

    /// Sends a request, or gives it up half way, and judges what comes of it.
    async fn send<O>(
        &mut self,
        name: &'static str,
        target: &str,
        slug: Option<String>,
        metered: bool,
        request: Request<O>,
    ) where
        O: operation::Operation,
        O::Output: Serialize,
    {
        let (limits, retry) = self.limits(name);
        let call = self.begin(name, target, slug, limits);
        self.record.lock().calls[call].metered = metered;
        let request = request.header(CALL, &call.to_string()).timeout(limits.deadline).retry(retry);
        let patience = self.rng.usize(0..PATIENCE.len());
        let patience = match self.rng.u8(0..20) {
            0 => Duration::from_millis(self.rng.u64(0..PATIENCE[patience])),
            _ => Duration::MAX,
        };
        let sending = request.send_with_meta();
        let Ok(result) = timeout(patience, sending).await else {
            self.give_up(call);
            return;
        };
        let result: Result<Told, Error> = result.map(|response| Told {
            attempts: response.attempts(),
            evidence: response.evidence(),
            value: serde_json::to_value(&response.data).unwrap_or_default(),
        });
        self.deliveries.push((call, result.as_ref().err().map(Error::delivery)));
        judge(&mut self.record.lock(), call, &result);
    }

    /// The future of a call was dropped.
    fn give_up(&mut self, call: usize) {
        let mut record = self.record.lock();
        let now = record.now();
        record.calls[call].ended = Some(now);
        record.note(Some(call), "dropped");
        if record.requests_of(call).any(|request| request.answer.is_none() && !request.dropped) {
            record.broken(Promise::Stray, Some(call), "a request goes on after its call was dropped");
        }
        drop(record);
        self.deliveries.push((call, None));
    }
}
