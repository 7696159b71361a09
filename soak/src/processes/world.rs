//! All that a simulation shares: which process lives, what it sent, what the server did, and what broke.

use std::fmt::{self, Write};
use std::ops::AddAssign;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fastrand::Rng;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::Simulation;

/// When a process is killed, seen from one of its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
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
pub(crate) struct Kill {
    /// At which of the requests of the process, from 1.
    pub request: u64,
    pub moment: Moment,
}

impl Kill {
    /// At one of so many requests, at any moment of it.
    pub fn draw(rng: &mut Rng, requests: u64) -> Self {
        let request = rng.u64(1..=requests);
        let moments = [Moment::Before, Moment::OnItsWay, Moment::Answered, Moment::Body];
        Self { request, moment: moments[rng.usize(0..4)] }
    }
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
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub process: usize,
    /// Method and path, as in `PATCH /workspaces/...`.
    pub target: String,
    /// Its body; null if there is none.
    pub asked: Value,
    /// Whether its client has the answer, or has given it up.
    pub is_over: bool,
}

impl Exchange {
    /// Whether it would change something.
    pub fn is_write(&self) -> bool {
        !self.target.starts_with("GET ")
    }
}

/// What the server has made of a request. What is not in the request is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Processed {
    /// The process that sent it; 0 is another client.
    pub process: usize,
    /// Whether its client had given it up by then.
    pub is_late: bool,
    pub operation: String,
    /// Id and slug of the workspace that it is about, and has afterwards.
    pub id: String,
    pub slug: String,
    pub status: u16,
    pub is_write: bool,
    pub interval: String,
    pub asked: Value,
}

impl Processed {
    pub fn is_done(&self) -> bool {
        self.is_write && (200..300).contains(&self.status)
    }

    /// The limit that it sets.
    pub fn limit(&self) -> Option<f64> {
        self.asked["limit_usd"].as_f64()
    }
}

/// What is counted of processes and their requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Times that the program was started.
    pub starts: u64,
    pub kills: u64,
    /// Kills before the request was sent, on its way, while the answer was on its way, and while its body came.
    pub moments: [u64; 4],
    pub requests: u64,
    pub writes: u64,
    /// Writes that were done after their process was gone, or had given them up.
    pub late: u64,
    pub faults: u64,
}

impl AddAssign for Traffic {
    fn add_assign(&mut self, other: Self) {
        self.starts += other.starts;
        self.kills += other.kills;
        self.moments.iter_mut().zip(other.moments).for_each(|(sum, more)| *sum += more);
        self.requests += other.requests;
        self.writes += other.writes;
        self.late += other.late;
        self.faults += other.faults;
    }
}

/// What all parts of a simulation share. One thread has it, so that nobody ever waits for it.
pub(crate) struct Shared<S: Simulation>(Arc<Mutex<World<S>>>);

impl<S: Simulation> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Simulation> Shared<S> {
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
            processed: Vec::new(),
            traffic: Traffic::default(),
            violations: Vec::new(),
            own: S::default(),
        })))
    }

    pub fn lock(&self) -> MutexGuard<'_, World<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) struct World<S: Simulation> {
    start: Instant,
    pub rng: Rng,
    /// Requests are slow with a tenth of this probability.
    pub fault_rate: f64,
    pub trace: String,
    /// The latest process.
    pub process: usize,
    pub(super) life: Life,
    /// How many requests it has sent.
    pub sent: u64,
    pub(super) kill: Option<Kill>,
    /// Tells that the process is killed.
    pub(super) killed: Arc<Notify>,
    pub exchanges: Vec<Exchange>,
    /// What the server has processed, in its order.
    pub processed: Vec<Processed>,
    pub traffic: Traffic,
    pub violations: Vec<(S::Rule, String)>,
    /// What this simulation keeps besides.
    pub own: S,
}

impl<S: Simulation> World<S> {
    /// Writes down what happened.
    pub fn note(&mut self, line: fmt::Arguments<'_>) {
        let now = self.start.elapsed().as_millis();
        // Memory takes what is written.
        let _ = writeln!(self.trace, "{now:>8} p{} {line}", self.process);
    }

    pub fn violate(&mut self, rule: S::Rule, what: impl fmt::Display) {
        self.note(format_args!("! {rule}: {what}"));
        self.violations.push((rule, what.to_string()));
    }

    /// A process begins.
    pub(super) fn begin(&mut self, kill: Option<Kill>) {
        self.process += 1;
        (self.life, self.sent, self.kill) = (Life::Alive, 0, kill);
        self.traffic.starts += 1;
        self.note(format_args!("starts, to be killed: {kill:?}"));
    }

    /// The process is killed: from now on it does nothing.
    pub(super) fn kill(&mut self, moment: Moment) {
        if self.life == Life::Alive {
            self.life = Life::Killed;
            self.traffic.kills += 1;
            self.traffic.moments[moment as usize] += 1;
            self.note(format_args!("is killed"));
            self.killed.notify_one();
        }
    }

    /// The writes that were sent since so many requests.
    pub fn writes(&self, since: usize) -> impl Iterator<Item = &Exchange> {
        self.exchanges[since..].iter().filter(|sent| sent.is_write())
    }

    /// Whether a write of these operations about a workspace was done late, since so much was processed.
    pub fn has_late(&self, since: usize, slug: &str, operations: &[&str]) -> bool {
        let concerns = |done: &&Processed| done.slug == slug && operations.contains(&done.operation.as_str());
        self.processed.iter().skip(since).filter(concerns).any(|done| done.is_late && done.is_done())
    }
}
