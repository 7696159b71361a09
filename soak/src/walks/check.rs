//! What must hold of a walk, by what the SDK's documentation promises.

use std::collections::HashSet;

use uuid::Uuid;

use super::Rule;
use super::known::Start;
use super::list::Order;
use super::scenario::{Lie, Scenario};
use super::world::World;

/// How often a list must have changed since rows came, so that it may be said to change as fast as it is read.
const OUTRUN: u64 = 24;

impl World {
    /// The first page is answered.
    pub fn begin(&mut self) {
        if self.known.start.is_some() {
            return;
        }
        self.list.forget_moves();
        let rows = &self.list.rows;
        let offset = self.scenario.offset as usize;
        let (before, own) = rows.split_at(rows.len().min(offset));
        let last_before = offset.checked_sub(1).and_then(|last| before.get(last).copied());
        let before = before.iter().copied().collect();
        self.known.start = Some(Start { last_before, before, own: own.to_vec() });
    }

    /// A stream is there, and says that it is at an offset.
    pub fn arrive(&mut self, offset: u64) {
        let place = self.scenario.offset + self.known.given.len() as u64;
        if offset != place && self.is_quiet() {
            self.violate(Rule::WrongOffset, format!("a stream begins at {offset}, the next row is at {place}"));
        }
    }

    /// The walk gives rows: the first of them stands at `offset`, it says, and behind them it is at `reached`.
    pub fn give(&mut self, rows: &[Uuid], offset: Option<u64>, reached: u64) {
        self.counts.rows += rows.len() as u64;
        self.known.changes_when_given = self.list.changes;
        let quiet = self.is_quiet();
        let place = self.scenario.offset + self.known.given.len() as u64;
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
            if !self.known.had.insert(id) {
                self.violate(Rule::Twice, format!("{id}"));
            }
            let before = self.known.start.as_ref().is_some_and(|start| start.before.contains(&id));
            // Where a known row has moved to the front, what is behind it there seems to be the walk's own.
            if before && !self.list.has_moved(id) && !self.known.row_moved {
                self.violate(Rule::BeforeStart, format!("{id}"));
            }
            self.known.given.push(id);
        }
    }

    /// Whether nothing has changed, and nothing was wrong.
    fn is_quiet(&self) -> bool {
        self.list.changes == 0 && !self.known.has_lied()
    }

    /// Whether all rows that the walk has given are gone, and the one before its first, too.
    fn knows_nothing(&self) -> bool {
        let gone = |id: &Uuid| !self.list.rows.contains(id) || self.list.has_moved(*id);
        let before = self.known.start.as_ref().and_then(|start| start.last_before);
        before.iter().chain(&self.known.given).all(gone)
    }

    /// Whether the documentation has a reason for a walk to end with an error: a server that contradicts itself, or, from an
    /// offset, that everything is gone that the walk knows, or that it was passed by a search because another row moved.
    pub fn may_fail(&self) -> bool {
        self.known.has_lied() || self.scenario.offset > 0 && (self.knows_nothing() || self.list.has_moves())
    }

    /// Whether the list has changed so often since rows came that it may be given up on.
    pub fn outruns_the_walk(&self) -> bool {
        self.list.changes - self.known.changes_when_given >= OUTRUN
    }

    /// The walk has ended with an error because the server contradicts itself. Where it sends the same rows all the time,
    /// or none although some are left, and nothing changes, that takes a few pages, and not as many as a list that changes
    /// is given.
    pub fn give_up(&mut self) {
        let Some(Start { own, .. }) = &self.known.start else { return };
        let most = most_pages(&self.scenario, own.len() as u64) + 16;
        let pages = self.counts.requests - self.known.failed;
        let alone = self.known.streams == 1 && !self.known.short && !self.known.concurrent && self.known.refused == 0;
        let insists = matches!(self.scenario.stubborn, Some((Lie::MoreTotal | Lie::Repeat, _)));
        if alone && insists && self.list.changes == 0 && pages > most {
            self.violate(Rule::TooManyRequests, format!("{pages} pages until it gave up, {most} would do"));
        }
    }

    /// The walk has come to its end.
    pub fn end(&mut self) {
        let Some(Start { own, .. }) = &self.known.start else { return };
        let own = own.clone();
        if self.is_quiet() && self.known.given != own {
            let what = format!("{} rows were given of {}, or in another order", self.known.given.len(), own.len());
            self.violate(Rule::NotTheList, what);
        }
        let there: HashSet<_> = self.list.rows.iter().filter(|id| !self.list.has_moved(**id)).collect();
        let throughout: Vec<_> = own.iter().filter(|id| there.contains(id)).copied().collect();
        let missing = throughout.iter().filter(|id| !self.known.had.contains(id)).count();
        // A server has to keep the order of its rows. Where one that is known jumps over others, they may seem to have been
        // passed; to the front it jumps over none that were not, unless an answer is older than the jump.
        let order_kept = self.list.order == Order::LastChangedFirst && !self.known.concurrent;
        let jumped = self.known.row_moved && !order_kept;
        let misled = self.known.wrong_rows && (self.list.changes > 0 || self.counts.lies > 1);
        if missing > 0 && (jumped || misled) {
            self.counts.excused += 1;
        } else if missing > 0 {
            self.violate(Rule::Missing, format!("{missing} of {} rows", throughout.len()));
        }
        if missing == 0 && !self.list.has_moves() && !self.known.wrong_rows {
            let throughout_set: HashSet<_> = throughout.iter().collect();
            if !self.known.given.iter().filter(|id| throughout_set.contains(id)).eq(&throughout) {
                self.violate(Rule::OutOfOrder, "rows that were there all the time".to_owned());
            }
        }
        let pages = self.counts.requests - self.known.failed;
        let most = most_pages(&self.scenario, own.len() as u64);
        let alone = self.known.streams == 1 && !self.known.short && self.known.refused == 0;
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
