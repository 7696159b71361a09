//! What must hold of a walk, by what the SDK's documentation promises.

use std::collections::HashSet;

use uuid::Uuid;

use super::Rule;
use super::list::Order;
use super::scenario::{Lie, Scenario};
use super::world::World;

/// How often a list must have changed since rows came, so that it may be said to change as fast as it is read.
const OUTRUN: u64 = 24;

/// What is known of a walk, to be held against what was promised of it.
#[derive(Debug, Default)]
pub struct Check {
    /// The rows that the walk gave, in the order in which it did.
    pub given: Vec<Uuid>,
    had: HashSet<Uuid>,
    /// The list as it was when the first page was answered. None while no stream has got a page.
    pub start: Option<Start>,
    /// How many changes there had been when the latest rows were given.
    changes_when_given: u64,
    /// The rows that were sent, where rows can move.
    pub sent: HashSet<Uuid>,
    /// Whether a row moved that had been sent. Where it stands then says nothing of the rows in front of it.
    pub known_row_moved: bool,
    /// Whether several pages were fetched at once, so that their answers may be older than what is known.
    pub concurrent: bool,
    /// Whether a total was wrong, and whether rows were.
    pub wrong_total: bool,
    pub wrong_rows: bool,
    /// Whether a page had fewer rows than it could have had.
    pub short: bool,
    /// How many requests got an answer that ends the walk.
    pub refused: u64,
    /// How many requests failed, and are repeated.
    pub failed: u64,
    /// How many streams there were.
    pub streams: u64,
    /// The rule that the next request would break.
    pub closed: Option<Rule>,
    pub violations: Vec<(Rule, String)>,
}

/// The list at the start of a walk.
#[derive(Debug)]
pub struct Start {
    /// The row just before the walk's first one, by which it knows its way.
    last_before: Option<Uuid>,
    before: HashSet<Uuid>,
    own: Vec<Uuid>,
}

impl Check {
    /// Whether the server has said what is not true.
    pub fn has_lied(&self) -> bool {
        self.wrong_total || self.wrong_rows
    }

    pub fn has(&self, rule: Rule) -> bool {
        self.violations.iter().any(|(broken, _)| *broken == rule)
    }
}

impl World {
    /// The first page is answered.
    pub fn begin(&mut self) {
        if self.check.start.is_some() {
            return;
        }
        self.list.forget_moves();
        let rows = &self.list.rows;
        let offset = self.scenario.offset as usize;
        let (before, own) = rows.split_at(rows.len().min(offset));
        let last_before = offset.checked_sub(1).and_then(|last| before.get(last).copied());
        let before = before.iter().copied().collect();
        self.check.start = Some(Start { last_before, before, own: own.to_vec() });
    }

    /// A stream is there, and says that it is at an offset.
    pub fn arrive(&mut self, offset: u64) {
        let place = self.scenario.offset + self.check.given.len() as u64;
        if offset != place && self.is_quiet() {
            self.violate(Rule::WrongOffset, format!("a stream begins at {offset}, the next row is at {place}"));
        }
    }

    /// The walk gives rows: the first of them stands at `offset`, it says, and behind them it is at `reached`.
    pub fn give(&mut self, rows: &[Uuid], offset: Option<u64>, reached: u64) {
        self.counts.rows += rows.len() as u64;
        self.check.changes_when_given = self.list.changes;
        let quiet = self.is_quiet();
        let place = self.scenario.offset + self.check.given.len() as u64;
        if quiet && (offset.is_some_and(|offset| offset != place) || reached != place + rows.len() as u64) {
            let what = format!("{offset:?} to {reached} for {} rows at {place}", rows.len());
            self.violate(Rule::WrongOffset, what);
        }
        if rows.len() as u64 > self.settings.limit || rows.is_empty() {
            self.violate(Rule::OverLimit, format!("a page of {} rows", rows.len()));
        }
        for &id in rows {
            if !self.list.ever_had(id) {
                self.violate(Rule::Unknown, format!("{id}"));
            }
            if !self.check.had.insert(id) {
                self.violate(Rule::Twice, format!("{id}"));
            }
            let before = self.check.start.as_ref().is_some_and(|start| start.before.contains(&id));
            // Where a known row has moved to the front, what is behind it there seems to be the walk's own.
            if before && !self.list.has_moved(id) && !self.check.known_row_moved {
                self.violate(Rule::BeforeStart, format!("{id}"));
            }
            self.check.given.push(id);
        }
    }

    /// Whether nothing has changed, and nothing was wrong.
    fn is_quiet(&self) -> bool {
        self.list.changes == 0 && !self.check.has_lied()
    }

    /// Whether all rows that the walk has given are gone, and the one before its first, too.
    fn knows_nothing(&self) -> bool {
        let gone = |id: &Uuid| !self.list.rows.contains(id) || self.list.has_moved(*id);
        let before = self.check.start.as_ref().and_then(|start| start.last_before);
        before.iter().chain(&self.check.given).all(gone)
    }

    /// Whether the documentation has a reason for a walk to end with an error: a server that contradicts itself, or, from an
    /// offset, that everything is gone that the walk knows, or that it was passed by a search because another row moved.
    pub fn may_fail(&self) -> bool {
        self.check.has_lied() || self.scenario.offset > 0 && (self.knows_nothing() || self.list.has_moves())
    }

    /// Whether the list has changed so often since rows came that it may be given up on.
    pub fn outruns_the_walk(&self) -> bool {
        self.list.changes - self.check.changes_when_given >= OUTRUN
    }

    /// The walk has ended with an error because the server contradicts itself. Where it sends the same rows all the time,
    /// or none although some are left, and nothing changes, that takes a few pages, and not as many as a list that changes
    /// is given.
    pub fn give_up(&mut self) {
        let Some(Start { own, .. }) = &self.check.start else { return };
        let most = most_pages(&self.scenario, own.len() as u64) + 16;
        let pages = self.counts.requests - self.check.failed;
        let alone = self.check.streams == 1 && !self.check.short && !self.check.concurrent && self.check.refused == 0;
        let insists = matches!(self.scenario.stubborn, Some((Lie::MoreTotal | Lie::Repeat, _)));
        if alone && insists && self.list.changes == 0 && pages > most {
            self.violate(Rule::TooManyRequests, format!("{pages} pages until it gave up, {most} would do"));
        }
    }

    /// The walk has come to its end.
    pub fn end(&mut self) {
        let Some(Start { own, .. }) = &self.check.start else { return };
        let own = own.clone();
        if self.is_quiet() && self.check.given != own {
            let what = format!("{} rows were given of {}, or in another order", self.check.given.len(), own.len());
            self.violate(Rule::NotTheList, what);
        }
        let there: HashSet<_> = self.list.rows.iter().filter(|id| !self.list.has_moved(**id)).collect();
        let throughout: Vec<_> = own.iter().filter(|id| there.contains(id)).copied().collect();
        let missing = throughout.iter().filter(|id| !self.check.had.contains(id)).count();
        // A server has to keep the order of its rows. Where one that is known jumps over others, they may seem to have been
        // passed; to the front it jumps over none that were not, unless an answer is older than the jump.
        let order_kept = self.list.order == Order::LastChangedFirst && !self.check.concurrent;
        let jumped = self.check.known_row_moved && !order_kept;
        let misled = self.check.wrong_rows && (self.list.changes > 0 || self.counts.lies > 1);
        if missing > 0 && (jumped || misled) {
            self.counts.excused += 1;
        } else if missing > 0 {
            self.violate(Rule::Missing, format!("{missing} of {} rows", throughout.len()));
        }
        if missing == 0 && !self.list.has_moves() && !self.check.wrong_rows {
            let throughout_set: HashSet<_> = throughout.iter().collect();
            if !self.check.given.iter().filter(|id| throughout_set.contains(id)).eq(&throughout) {
                self.violate(Rule::OutOfOrder, "rows that were there all the time".to_owned());
            }
        }
        let pages = self.counts.requests - self.check.failed;
        let most = most_pages(&self.scenario, own.len() as u64);
        let alone = self.check.streams == 1 && !self.check.short && self.check.refused == 0;
        if alone && self.is_quiet() && pages > most {
            self.violate(Rule::TooManyRequests, format!("{pages} pages for {} rows, {most} would do", own.len()));
        }
    }
}

/// The most pages that a walk asks for where nothing changes. Each but the first has the last row of the page before, too.
fn most_pages(scenario: &Scenario, rows: u64) -> u64 {
    let (page, cap) = (scenario.page(), scenario.cap as u64);
    let gain = (page + 1).min(100).min(cap) - 1;
    if scenario.offset > 0 {
        return rows.div_ceil(gain).max(1);
    }
    let first = page.min(cap);
    let rest = rows.saturating_sub(first).div_ceil(gain);
    // That the server sends fewer rows than a page and the overlap is only seen by the second page, when others are on
    // their way already.
    let ahead = scenario.concurrency.clamp(1, openrouter_workspaces::MAX_CONCURRENCY) as u64 - 1;
    1 + rest + if page == cap && page < 100 { rest.min(ahead) } else { 0 }
}
