//! How a walk finds its way through a list that others change meanwhile. Without any I/O.
//!
//! Offsets name positions, not rows. When a row is deleted, all rows behind it move forward, and the next page would skip
//! one; when a row is created, the next page would repeat one. So a page overlaps the one before. A page whose first row
//! is known continues where the walk has got to, for the rows of one answer are contiguous; a page whose first row is not
//! known may have skipped rows, and the walk goes back until it meets a row that it knows. Rows that come again are
//! dropped by their ids.
//!
//! An overlap can cost a request (see [`plan`](crate::plan)). Where it would cost too much, pages meet at a seam, and a
//! seam is only trusted as long as nothing hints at a change: the total stays the same, no row comes twice, and no row
//! is new. With a hint, the walk goes over everything behind the first seam again, with overlap.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::failure::PaginationError;
use crate::plan::{self, Ask, Known};

/// A row that was created less than this before the walk began counts as new: clocks differ.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(10);

/// How far a walk goes back when it has lost its way. Doubled each time in a row.
const STEP_BACK: u64 = 16;

/// How many pages in a row may bring nothing new and begin with the same row as another, before the server is taken to
/// send the same rows for ever.
const MAX_STALLED: u32 = 4;

/// What a walk has got to. It survives the walk's end, so that another walk can go on from it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// The position behind the last row that was taken.
    pub cursor: u64,
    /// Where the walk began. Rows before it are not given.
    floor: u64,
    /// The rows that were taken, with the number of seams before them.
    pub seen: HashMap<Uuid, u32>,
    /// How many rows there are, as the latest answer says.
    total: Option<i128>,
    /// Whether the server has sent more rows than it says there are.
    total_is_wrong: bool,
    /// Where the first of the seams is, and how many there are.
    first_seam: u64,
    seams: u32,
    /// Whether something hints at a change.
    changed: bool,
    /// When the walk began, by the server's clock.
    began: Option<DateTime<Utc>>,
}

impl Progress {
    /// A walk that begins at an offset.
    pub fn at(offset: u64) -> Self {
        Self { cursor: offset, floor: offset, ..Self::default() }
    }

    /// How many rows there are, as far as it is known and makes sense.
    fn rows(&self) -> u64 {
        self.total.and_then(|total| u64::try_from(total).ok()).unwrap_or(0)
    }
}

/// A walk that is under way.
#[derive(Debug)]
pub(crate) struct Walk {
    pub progress: Progress,
    /// How many new rows a page should bring.
    step: u64,
    /// The most that can be asked for.
    max: u64,
    /// The most that the server sends at once.
    cap: u64,
    /// How often in a row the walk has gone back.
    lost: u32,
    /// The first row of the first page, and of the latest one, and where they were asked for.
    landmarks: [Option<(Uuid, u64)>; 2],
    /// How many pages in a row began with the same row as another from elsewhere, and brought nothing.
    stalled: u32,
    /// How many answers there were. A walk that needs absurdly many is going in circles.
    answers: u64,
}

/// A page that was sent.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub rows: Vec<T>,
    pub total_count: i64,
    /// The server's clock.
    pub date: Option<DateTime<Utc>>,
}

/// What becomes of an answer.
#[derive(Debug)]
pub(crate) struct Taken<T> {
    /// The rows that are new.
    pub rows: Vec<T>,
    /// Where the first of them is.
    pub offset: u64,
    pub next: Next,
}

/// How a walk goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// As planned.
    GoOn,
    /// What was asked for ahead is of no use any more.
    Replan,
    /// There are no more rows.
    End,
}

impl Walk {
    /// A walk that brings `step` new rows at a time, where at most `max` rows can be asked for.
    pub fn new(progress: Progress, step: u64, max: u64) -> Self {
        let (lost, landmarks, stalled, answers) = Default::default();
        Self { progress, step, max, cap: max, lost, landmarks, stalled, answers }
    }

    /// The pages to ask for from here on. One alone, as long as it is not known how many rows there are.
    pub fn plan(&self) -> Vec<Ask> {
        let Progress { cursor, floor, total_is_wrong, changed, ref seen, .. } = self.progress;
        let first = self.answers == 0;
        let invalid = !(1..=self.max).contains(&self.step);
        if invalid || (first && seen.is_empty()) {
            return vec![Ask { offset: cursor, limit: self.step, overlap: 0, rows: self.step }];
        }
        let total = if first || total_is_wrong { cursor.saturating_add(1) } else { self.progress.rows() };
        let careful = first || total_is_wrong || changed;
        plan::pages(Known { cursor, floor, total, step: self.step, max: self.max, cap: self.cap, careful })
    }

    /// Takes the new rows of an answer, if it continues where the walk has got to.
    pub fn take<T>(
        &mut self,
        ask: Ask,
        answer: Answer<T>,
        identity: impl Fn(&T) -> (Uuid, DateTime<Utc>),
    ) -> Result<Taken<T>, PaginationError> {
        self.answers += 1;
        let Answer { rows: mut data, total_count, date } = answer;
        let (total, rows) = (i128::from(total_count), data.len() as u64);
        let end = ask.offset.saturating_add(rows);
        self.check_sanity(ask, total, rows)?;

        let progress = &mut self.progress;
        let careful = progress.changed;
        let grown = progress.total.map_or(0, |before| total - before);
        progress.total = Some(total);
        progress.changed |= grown != 0;
        progress.total_is_wrong |= rows > 0 && i128::from(end) > total;
        let began = *progress.began.get_or_insert_with(|| date.unwrap_or_else(|| SystemTime::now().into()));
        let recent = began.checked_sub_signed(CLOCK_TOLERANCE).unwrap_or(DateTime::<Utc>::MIN_UTC);

        let first = progress.seen.is_empty();
        let first_id = data.first().map(|row| identity(row).0);
        // The first page, and the beginning of the list, continue nothing.
        let start = ask.offset == 0 || first;
        let trusted = |row: &T| {
            let seams = progress.seen.get(&identity(row).0);
            seams.is_some_and(|seams| !progress.changed || *seams == 0)
        };
        if ask.offset < progress.floor && !first {
            // Rows have moved in front of where the walk began: what comes before those it knows is not its own.
            let foreign = data.iter().position(&trusted).unwrap_or(0);
            data.drain(..foreign);
        }
        if !start && ask.overlap > 0 && !data.first().is_some_and(trusted) {
            self.go_back(ask);
            return Ok(Taken { rows: Vec::new(), offset: ask.offset, next: Next::Replan });
        }
        self.lost = 0;
        if !start && ask.overlap == 0 && !careful {
            let news = |row: &T| {
                let (id, created_at) = identity(row);
                progress.seen.contains_key(&id) || created_at > recent
            };
            if progress.changed || data.iter().any(news) {
                // The rows come in order if the walk goes over the seam before it gives them.
                let seam = if progress.seams == 0 { ask.offset } else { progress.first_seam };
                self.go_over(seam);
                return Ok(Taken { rows: Vec::new(), offset: ask.offset, next: Next::Replan });
            }
        }
        if !start && ask.overlap == 0 {
            progress.first_seam = if progress.seams == 0 { ask.offset } else { progress.first_seam };
            progress.seams += 1;
        }

        let (mut known, mut gained) = (0, 0);
        data.retain(|row| {
            let (id, created_at) = identity(row);
            match progress.seen.entry(id) {
                Entry::Occupied(mut seams) => {
                    known += 1;
                    gained += u64::from(*seams.get() > progress.seams);
                    seams.insert(progress.seams.min(*seams.get()));
                    false
                }
                Entry::Vacant(entry) => {
                    gained += 1;
                    entry.insert(progress.seams);
                    progress.changed |= !first && created_at > recent;
                    true
                }
            }
        });
        progress.changed |= known != ask.overlap;
        let again = |id| self.landmarks.iter().flatten().any(|(mark, at)| *mark == id && *at != ask.offset);
        self.stalled = match first_id {
            _ if gained > 0 => 0,
            Some(id) if rows > ask.overlap && again(id) => self.stalled + 1,
            _ => self.stalled,
        };
        let landmark = first_id.map(|id| (id, ask.offset));
        self.landmarks = [self.landmarks[0].or(landmark), landmark];
        if self.stalled >= MAX_STALLED {
            return Err(self.contradiction("the server sends only rows that it has sent before"));
        }
        let next = self.arrive(ask, end, rows);
        Ok(Taken { rows: data, offset: ask.offset.saturating_add(known), next })
    }

    /// Moves behind the rows of an answer, and decides how to go on.
    fn arrive(&mut self, ask: Ask, end: u64, rows: u64) -> Next {
        let progress = &mut self.progress;
        progress.cursor = end;
        if progress.changed && progress.seams > 0 {
            let seam = progress.first_seam;
            self.go_over(seam);
            return Next::Replan;
        }
        let last = match progress.total_is_wrong {
            true => rows <= ask.overlap,
            false => progress.total.is_some_and(|total| i128::from(end) >= total),
        };
        let all = i128::from(progress.floor) + progress.seen.len() as i128 >= progress.total.unwrap_or(0);
        if last && self.stalled > 0 && !all {
            // It may be the end, or a server that goes in circles: once more, from farther back.
            self.go_back(ask);
            return Next::Replan;
        }
        if last {
            return Next::End;
        }
        if rows != ask.rows {
            // The server sends fewer rows at once than was thought, or more.
            self.cap = rows.max(1);
            return Next::Replan;
        }
        Next::GoOn
    }

    /// Goes back to a seam; or to the end of the list, if that has come before it.
    fn go_over(&mut self, seam: u64) {
        let progress = &mut self.progress;
        let rows = progress.rows();
        progress.changed = true;
        progress.seams = 0;
        progress.cursor = match progress.total_is_wrong {
            true => seam,
            false => seam.min(rows.saturating_sub(1)),
        };
    }

    /// Goes back to find a row that is known, farther each time in a row.
    fn go_back(&mut self, ask: Ask) {
        let back = STEP_BACK.saturating_mul(1 << self.lost.min(40));
        self.lost += 1;
        self.progress.changed = true;
        self.progress.cursor = ask.offset.min(self.progress.rows()).saturating_sub(back);
    }

    /// Refuses an answer that cannot be true, and a walk that goes in circles.
    fn check_sanity(&self, ask: Ask, total: i128, rows: u64) -> Result<(), PaginationError> {
        let left = total - i128::from(ask.offset);
        if rows == 0 && left > 0 && !self.progress.total_is_wrong {
            return Err(self.contradiction(&format!("the server sends no rows, although {left} are left")));
        }
        let needed = total.max(0) / i128::from(self.step.min(self.cap).max(1));
        if i128::from(self.answers) > 64 + 8 * needed {
            return Err(self.contradiction("the list changes faster than it can be read"));
        }
        Ok(())
    }

    fn contradiction(&self, problem: &str) -> PaginationError {
        PaginationError { problem: problem.to_owned(), offset: self.progress.cursor }
    }
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
