//! All that a run shares: which process lives, what it sent, what the server did, and what broke.

use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fastrand::Rng;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::Rule;
use super::report::Counts;

/// When a process is killed, seen from one of its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Before it is sent.
    Before,
    /// While it is on its way, which it may go on or not.
    OnItsWay,
    /// After the server has it and its answer, while that is on its way.
    Answered,
    /// While the body of the answer comes.
    Body,
}

/// A kill that is to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kill {
    /// At which of the requests of the process, from 1.
    pub request: u64,
    pub moment: Moment,
}

/// How it stands with the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Alive,
    /// It is killed, and its memory not yet gone.
    Killed,
    Gone,
}

/// A request that was sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exchange {
    /// Whether it would change something, and is not only about users whom the server refuses.
    pub is_write: bool,
    pub process: usize,
    /// Whether its client has the answer, or has given it up.
    pub is_over: bool,
}

/// What the server has made of a request. What is not in the request is empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Processed {
    pub process: usize,
    /// Whether its client had given it up by then.
    pub is_late: bool,
    pub operation: String,
    pub slug: String,
    pub status: u16,
    pub is_write: bool,
    pub interval: String,
    pub limit: Option<f64>,
}

impl Processed {
    pub fn is_done(&self) -> bool {
        self.is_write && (200..300).contains(&self.status)
    }
}

/// What a run shares. One thread has it, so that nobody ever waits for it.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub fn new(start: Instant, rng: Rng, fault_rate: f64) -> Self {
        Self(Arc::new(Mutex::new(World {
            start,
            rng,
            fault_rate,
            trace: String::new(),
            process: 0,
            life: Life::Gone,
            sent: 0,
            kill: None,
            killed: Arc::new(Notify::new()),
            exchanges: Vec::new(),
            refused: BTreeSet::new(),
            joined: BTreeSet::new(),
            processed: Vec::new(),
            counts: Counts::default(),
            violations: Vec::new(),
        })))
    }

    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct World {
    start: Instant,
    pub rng: Rng,
    pub fault_rate: f64,
    pub trace: String,
    /// The latest process.
    pub process: usize,
    pub life: Life,
    /// How many requests it has sent.
    pub sent: u64,
    pub kill: Option<Kill>,
    /// Tells the run that the process is killed.
    pub killed: Arc<Notify>,
    pub exchanges: Vec<Exchange>,
    /// Users whom the server refuses, to whom a job has to try again what it was asked for.
    pub refused: BTreeSet<String>,
    /// Who is a member of what, or has been made one.
    pub joined: BTreeSet<(String, String)>,
    /// What the server has processed, in its order.
    pub processed: Vec<Processed>,
    pub counts: Counts,
    pub violations: Vec<(Rule, String)>,
}

impl World {
    /// Writes down what happened.
    pub fn note(&mut self, line: fmt::Arguments<'_>) {
        let now = self.start.elapsed().as_millis();
        // Memory takes what is written.
        let _ = writeln!(self.trace, "{now:>8} p{} {line}", self.process);
    }

    pub fn violate(&mut self, rule: Rule, what: impl fmt::Display) {
        self.note(format_args!("! {rule}: {what}"));
        self.violations.push((rule, what.to_string()));
    }

    /// A process begins.
    pub fn begin(&mut self, kill: Option<Kill>) {
        self.process += 1;
        (self.life, self.sent, self.kill) = (Life::Alive, 0, kill);
        self.counts.starts += 1;
        self.note(format_args!("starts, to be killed: {kill:?}"));
    }

    /// The process is killed: from now on it does nothing.
    pub fn kill(&mut self, moment: Moment) {
        if self.life == Life::Alive {
            self.life = Life::Killed;
            self.counts.kills += 1;
            self.counts.moments[moment as usize] += 1;
            self.note(format_args!("is killed"));
            self.killed.notify_one();
        }
    }

    /// Whether a write of these operations about a workspace was done late, since so much was processed.
    pub fn has_late(&self, since: usize, slug: &str, operations: &[&str]) -> bool {
        let concerns = |done: &&Processed| done.slug == slug && operations.contains(&done.operation.as_str());
        self.processed.iter().skip(since).filter(concerns).any(|done| done.is_late && done.is_done())
    }
}
