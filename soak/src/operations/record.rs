//! The record of a history: which calls there were, what they sent, what the server did, and which promises broke.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;
use uuid::Uuid;

use crate::operations::budget::Budget;
use crate::operations::promise::{Promise, Violation};
use crate::operations::truth::Truth;

/// How many of the lines that concern a violation are printed with it.
const LINES: usize = 40;

/// A call of the SDK.
#[derive(Debug)]
pub(crate) struct CallRecord {
    /// The name of the client's method.
    pub name: &'static str,
    /// Whether it would change something.
    pub is_write: bool,
    /// What the path names: a slug or an id. Empty where it names nothing.
    pub target: String,
    /// The slug that is asked for, by a create or an update.
    pub slug: Option<String>,
    /// Whether it is a walk, whose pages are calls of their own.
    pub walk: bool,
    /// Whether it draws on the small retry budget.
    pub metered: bool,
    pub limits: Limits,
    pub began: u64,
    pub ended: Option<u64>,
    /// The workspace that had the slug, or was the one of that id, when the call began.
    pub holder: Option<Uuid>,
    /// Its requests, by their numbers.
    pub requests: Vec<usize>,
}

/// How much a call may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub max_attempts: u32,
    pub max_elapsed: Duration,
    pub deadline: Duration,
    pub reconcile: bool,
}

/// A request as it was sent.
#[derive(Debug)]
pub(crate) struct RequestRecord {
    pub call: usize,
    pub sent: u64,
    pub method: String,
    pub path: String,
    /// What the client got to hear, and when.
    pub answer: Option<(u64, Answer)>,
    /// What the server did with it.
    pub processed: Option<Processed>,
    /// Whether the client stopped waiting.
    pub dropped: bool,
}

/// What a client got to hear.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    Refused,
    Broken,
    Status { status: u16, wait: Option<Duration> },
}

/// What the server did with a request.
#[derive(Debug)]
pub(crate) struct Processed {
    /// Whether the client was not waiting any more.
    pub late: bool,
    pub status: u16,
    /// The workspace that it was about.
    pub workspace: Option<Uuid>,
    /// What the server answers; null for the page of a list.
    pub body: Value,
}

impl RequestRecord {
    pub fn is_write(&self) -> bool {
        self.method != "GET"
    }

    pub fn status(&self) -> Option<u16> {
        match self.answer {
            Some((_, Answer::Status { status, .. })) => Some(status),
            _ => None,
        }
    }

    /// Whether the client could know that the server did nothing.
    pub fn did_nothing(&self) -> bool {
        matches!(self.answer, Some((_, Answer::Refused))) || self.status() == Some(429)
    }

    /// Whether the client could not know what the server did, unless it understood a success.
    pub fn is_doubtful(&self) -> bool {
        match self.status() {
            Some(status) => matches!(status, 200..300 | 303 | 408 | 500..),
            None => !matches!(self.answer, Some((_, Answer::Refused))),
        }
    }

    /// Whether the server did what was asked for.
    pub fn was_applied(&self) -> bool {
        self.is_write() && self.processed.as_ref().is_some_and(|processed| (200..300).contains(&processed.status))
    }
}

/// The record of a history.
#[derive(Debug)]
pub(crate) struct Record {
    start: Instant,
    /// The number of its first call among all histories.
    pub first: u64,
    pub calls: Vec<CallRecord>,
    pub requests: Vec<RequestRecord>,
    pub truth: Truth,
    /// By how much the clock of what is created lags behind that of the answers, in milliseconds.
    pub lag: u64,
    /// Whether the server never lies about its lists.
    pub honest: bool,
    /// Whether time can be judged, because it is simulated.
    pub timed: bool,
    /// The small retry budget.
    pub budget: Budget,
    /// Why writes were given up whose outcome is unknown.
    pub unknown: BTreeMap<&'static str, u64>,
    pub trace: String,
    pub violations: Vec<Violation>,
}

/// A record that calls, the wire and the server share.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<Mutex<Record>>);

impl Shared {
    pub fn new(first: u64, lag: u64, honest: bool, timed: bool) -> Self {
        let (calls, requests, truth, unknown, trace, violations) = Default::default();
        let (start, budget) = (Instant::now(), Budget::full());
        Self(Arc::new(Mutex::new(Record {
            start,
            first,
            calls,
            requests,
            truth,
            lag,
            honest,
            timed,
            budget,
            unknown,
            trace,
            violations,
        })))
    }

    pub fn lock(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    /// Milliseconds since the history began.
    pub fn now(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }

    /// Writes down what happens, and for which call.
    pub fn note(&mut self, call: Option<usize>, what: impl Display) {
        let now = self.now();
        let written = match call {
            Some(call) => writeln!(self.trace, "{now} #{} {what}", self.first + call as u64),
            None => writeln!(self.trace, "{now} {what}"),
        };
        debug_assert!(written.is_ok(), "a string takes everything");
    }

    /// The requests of a call.
    pub fn requests_of(&self, call: usize) -> impl DoubleEndedIterator<Item = &RequestRecord> + ExactSizeIterator {
        self.calls[call].requests.iter().map(|request| &self.requests[*request])
    }

    /// Writes down that a promise broke, with what led to it.
    pub fn broken(&mut self, promise: Promise, call: Option<usize>, what: impl Display) {
        self.note(call, format_args!("BROKEN {promise:?}: {what}"));
        let number = call.map(|call| self.first + call as u64);
        let lines = self.lines_about(call);
        self.violations.push(Violation { promise, number, what: what.to_string(), lines });
    }

    /// The last lines that concern a call or what it is about.
    fn lines_about(&self, call: Option<usize>) -> Vec<String> {
        let mut words = Vec::new();
        if let Some(record) = call.and_then(|call| self.calls.get(call)) {
            words.push(format!("#{} ", self.first + call.unwrap_or_default() as u64));
            let slugs = [Some(&record.target).filter(|target| !target.is_empty()), record.slug.as_ref()];
            words.extend(slugs.into_iter().flatten().cloned());
            words.extend(record.holder.map(|id| id.to_string()));
        }
        let concerns = |line: &&str| words.is_empty() || words.iter().any(|word| line.contains(word));
        let mut lines: Vec<String> = self.trace.lines().rev().filter(concerns).take(LINES).map(str::to_owned).collect();
        lines.reverse();
        lines
    }
}
