//! All that a walk shares: what the server has, what the consumer got, and what is checked of both.

use std::fmt::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fastrand::Rng;
use tokio::time::Instant;
use uuid::Uuid;

use super::known::Known;
use super::list::List;
use super::report::Counts;
use super::scenario::{Scenario, pick};
use super::{Rule, Sabotage};

/// The most that a walk may send, for each page that is fetched at once: where it has lost its way, what was asked for ahead
/// is of no use, page after page. The longest walk that does not lose it takes a few hundred requests.
const MAX_REQUESTS: u64 = 2_000;

/// What a walk shares. One thread has it, so that nobody ever waits for it.
#[derive(Clone, Debug)]
pub struct Shared {
    world: Arc<Mutex<World>>,
    in_flight: Arc<AtomicUsize>,
}

impl Shared {
    pub fn new(world: World) -> Self {
        Self { world: Arc::new(Mutex::new(world)), in_flight: Arc::default() }
    }

    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request is on its way. Returns how many there are, this one included.
    pub fn take_off(&self) -> (Flight, usize) {
        let others = self.in_flight.fetch_add(1, Ordering::Relaxed);
        (Flight(self.in_flight.clone()), others + 1)
    }
}

/// A request that is in flight for as long as this exists.
#[derive(Debug)]
pub struct Flight(Arc<AtomicUsize>);

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The settings of the stream that is under way.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub limit: u64,
    pub concurrency: usize,
    pub by_items: bool,
}

#[derive(Debug)]
pub struct World {
    pub scenario: Scenario,
    pub sabotage: Option<Sabotage>,
    pub rng: Rng,
    pub list: List,
    pub known: Known,
    pub counts: Counts,
    pub settings: Settings,
    pub start: Option<Instant>,
    pub trace: String,
    /// The page that was sent last.
    pub last: (Vec<Uuid>, i64),
    /// All totals that were true at some time.
    pub totals: Vec<i64>,
    /// Whether an answer of the stream has more rows than its total allows.
    pub total_is_wrong: bool,
}

impl World {
    pub fn new(scenario: Scenario, sabotage: Option<Sabotage>, mut rng: Rng) -> Self {
        let list = List::new(scenario.order, scenario.rows, &mut rng);
        let settings =
            Settings { limit: scenario.page(), concurrency: scenario.concurrency, by_items: scenario.by_items };
        let mut world = Self {
            sabotage,
            rng,
            list,
            known: Known::default(),
            counts: Counts { walks: 1, ..Counts::default() },
            settings,
            start: None,
            trace: String::new(),
            last: (Vec::new(), 0),
            totals: Vec::new(),
            total_is_wrong: false,
            scenario,
        };
        world.trace = format!("{:?}\n", world.scenario);
        world
    }

    /// Writes a line into the trace.
    pub fn note(&mut self, line: fmt::Arguments<'_>) {
        let ms = self.start.map_or(0, |start| start.elapsed().as_millis());
        // Memory takes what is written.
        let _ = writeln!(self.trace, "{ms} {line}");
    }

    /// A rule is broken. Of each rule, a walk keeps the first time.
    pub fn violate(&mut self, rule: Rule, what: String) {
        self.note(format_args!("*** {rule}: {what}"));
        if !self.known.has(rule) {
            self.known.violations.push((rule, what));
        }
    }

    /// Whether something happens that has this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.rng.f64() < probability
    }

    /// A point at which others may change the list.
    pub fn may_change(&mut self) {
        if self.list.changes >= self.scenario.most_changes || !self.happens(self.scenario.churn) {
            return;
        }
        let mut note = String::new();
        for _ in 0..self.rng.usize(1..=3) {
            let change = pick(self.scenario.changes, &mut self.rng);
            let before = self.list.changes;
            let moved = self.list.change(change, &self.known.given, &mut self.rng, &mut note);
            self.counts.changes += self.list.changes - before;
            self.known.row_moved |= moved.is_some_and(|id| self.known.sent.contains(&id));
        }
        self.totals.push(self.list.rows.len() as i64);
        if !note.is_empty() {
            self.note(format_args!("change{note}"));
        }
    }

    /// A request has come in. Whether it should be answered at all.
    pub fn count_request(&mut self, offset: u64, limit: u64, in_flight: usize) -> bool {
        self.counts.requests += 1;
        self.note(format_args!("> {offset}+{limit}"));
        if let Some(rule) = self.known.closed {
            self.violate(rule, format!("a request for {offset}+{limit}"));
        }
        let Settings { limit: page, concurrency, .. } = self.settings;
        // The last row of the page before is asked for once more, within the most that can be asked for.
        let first = self.known.start.is_none() && self.scenario.offset == 0;
        let most = if first { page } else { (page + 1).min(100) };
        if limit > most {
            self.violate(Rule::OverLimit, format!("{limit} rows asked for where a page has {page}"));
        }
        let allowed = concurrency.clamp(1, openrouter_workspaces::MAX_CONCURRENCY);
        if in_flight > allowed {
            self.violate(Rule::TooManyAtOnce, format!("{in_flight} requests at once, allowed are {allowed}"));
        }
        let most = MAX_REQUESTS * (allowed as u64).max(10);
        if self.counts.requests == most {
            self.violate(Rule::Endless, format!("{most} requests"));
        }
        self.counts.requests < most
    }
}
