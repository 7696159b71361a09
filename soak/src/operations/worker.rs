//! A worker: it sends one request after the other, or gives it up half way, and has the outcome judged.

use std::sync::Arc;
use std::time::Duration;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::operation::{Operation, Paged};
use openrouter_workspaces::{Client, Delivery, Error, Request, RetryConfig};
use serde::Serialize;
use tokio::time::timeout;

use crate::operations::judge::{Told, judge};
use crate::operations::promise::Promise;
use crate::operations::record::{CallRecord, Limits, Shared};
use crate::operations::wire::CALL;

/// After how many milliseconds at most a call is given up half way: early, in the middle, late.
pub(crate) const PATIENCE: [u64; 3] = [60, 400, 3_000];

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
    /// Begins a walk over a list. It has no limits of its own: each of its pages has.
    pub fn begin_walk<O: Paged>(&mut self, _: &Request<O>, target: &str) -> usize {
        let limits = Limits { deadline: Duration::MAX, max_elapsed: Duration::MAX, ..self.limits };
        let call = self.begin::<O>(target, None, limits);
        self.record.lock().calls[call].walk = true;
        call
    }

    /// Begins a call.
    fn begin<O: Operation>(&mut self, target: &str, slug: Option<String>, limits: Limits) -> usize {
        let (name, is_write) = (O::NAME, O::METHOD != "GET");
        let mut record = self.record.lock();
        let (number, began, target) = (record.calls.len(), record.now(), target.to_owned());
        let holder = record.truth.find(&target);
        let (ended, requests, walk, metered) = (None, Vec::new(), false, false);
        record.note(Some(number), format_args!("{name} {target} {}", slug.as_deref().unwrap_or_default()));
        let call = CallRecord { name, is_write, target, slug, walk, metered, limits, began, ended, holder, requests };
        record.calls.push(call);
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
    pub async fn send<O>(&mut self, target: &str, slug: Option<String>, metered: bool, request: Request<O>)
    where
        O: Operation<Output: Serialize>,
    {
        let (limits, retry) = self.limits(O::NAME);
        let call = self.begin::<O>(target, slug, limits);
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
