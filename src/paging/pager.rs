//! How a walk finds its way through a list that others change meanwhile. Without any I/O, and without a clock.
//!
//! Offsets name positions, not rows. When a row is deleted, all rows behind it move forward, and the next page would skip
//! one; when a row is created, the next page would repeat one. So a page overlaps the one before by a row. Where its first
//! row is known, nothing is between the two: the rows of one answer are contiguous, and whatever existed all the time and
//! comes before a known row has been taken before it. Where its first row is not known, rows may have been skipped, and
//! the pager goes back until it meets a row that it knows, or the beginning. Rows that come again are dropped by their ids.

use uuid::Uuid;

use crate::paging::seen::SeenRows;

/// How far the pager goes back when it has lost its way. Doubled each time in a row.
const STEP_BACK: u64 = 16;

/// How many pages in a row may be no use at all, before the server is taken to contradict itself.
const MAX_STALLED: u32 = 8;

/// How many answers in a row may bring nothing, on top of those that it takes to go over all pages again.
const MAX_FRUITLESS: u64 = 64;

/// How many rows are passed at most in search of one that is known, besides those that stood before the walk, until a new one
/// comes. A server that has other rows in each answer would be asked for ever.
const MAX_PASSED: u64 = 100_000;

/// What is said of a list whose rows do not stay where they are for long enough.
const TOO_FAST: &str = "the list changes faster than it can be read";

/// How many pages are planned at once. The server says how many there are, and may say anything.
const MAX_PLANNED: usize = 1 << 12;

/// What a walk has got to. It survives the walk's end, so that another walk can go on from it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// The position behind the last row that was taken.
    pub cursor: u64,
    /// Where the walk began. Rows before it are not given.
    pub floor: u64,
    /// The rows that were taken, and the one before the walk's first, if it did not begin with the list.
    pub seen: SeenRows,
}

impl Progress {
    /// A walk that begins at an offset.
    pub fn at(offset: u64) -> Self {
        Self { cursor: offset, floor: offset, seen: SeenRows::default() }
    }
}

/// A page to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageRequest {
    pub offset: u64,
    pub limit: u64,
    /// How many rows of the page before are asked for again.
    pub overlap: u64,
}

/// A page that was sent.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub rows: Vec<T>,
    pub total_count: i64,
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

/// A walk that is under way.
#[derive(Debug)]
pub(crate) struct Pager {
    pub progress: Progress,
    /// How many new rows a page should bring.
    step: u64,
    /// The most that can be asked for.
    max: u64,
    /// The most that the server sends at once.
    cap: u64,
    /// How many rows there are, as the latest answer says. Unknown before the first one.
    total: Option<u64>,
    /// Whether the server has sent more rows than it says there are.
    total_is_wrong: bool,
    /// How often in a row the pager has gone back.
    lost: u32,
    /// The rows that were passed since the beginning of the list was found to have no row that is known: it cannot be told
    /// yet which are the walk's own. Empty where nothing is searched for.
    passed: SeenRows,
    /// How many rows were passed in all searches since a new row came.
    searched: u64,
    /// The first rows of the first page and of the latest one, and where they were asked for.
    landmarks: [Option<(Uuid, u64)>; 2],
    /// How many pages in a row cannot be true together with others.
    stalled: u32,
    /// How many answers in a row have brought nothing.
    fruitless: u64,
    /// Whether the end was asked for once more since a row came, because rows seem to be missing.
    end_checked: bool,
}

impl Pager {
    /// A walk that brings `step` new rows at a time, where at most `max` rows can be asked for.
    pub fn new(progress: Progress, step: u64, max: u64) -> Self {
        Self {
            progress,
            step,
            max,
            cap: max,
            total: None,
            total_is_wrong: false,
            lost: 0,
            passed: SeenRows::default(),
            searched: 0,
            landmarks: [None; 2],
            stalled: 0,
            fruitless: 0,
            end_checked: false,
        }
    }

    /// The pages to ask for from here on. One alone, as long as it is not known how many rows there are.
    pub fn plan(&self) -> Vec<PageRequest> {
        let Progress { mut cursor, floor, ref seen } = self.progress;
        // What the contract does not allow is sent as it is, to be refused by the check of the request.
        if (seen.is_empty() && floor == 0) || !(1..=self.max).contains(&self.step) {
            return vec![PageRequest { offset: cursor, limit: self.step, overlap: 0 }];
        }
        let total = self.total.filter(|_| !self.total_is_wrong).unwrap_or(0);
        let mut pages = Vec::new();
        while pages.len() < MAX_PLANNED && (pages.is_empty() || cursor < total) {
            let overlap = cursor.min(1);
            let limit = self.step.saturating_add(overlap).min(self.max);
            pages.push(PageRequest { offset: cursor - overlap, limit, overlap });
            cursor = cursor.saturating_add(limit.min(self.cap).saturating_sub(overlap).clamp(1, self.step));
        }
        pages
    }

    /// Takes the new rows of an answer, if it continues where the walk has got to. An error is the reason why the pages
    /// cannot be true.
    pub fn take<T>(
        &mut self,
        page: PageRequest,
        answer: Answer<T>,
        id: impl Fn(&T) -> Uuid,
    ) -> Result<Taken<T>, String> {
        let Answer { mut rows, total_count } = answer;
        let (sent, total) = (rows.len() as u64, u64::try_from(total_count).unwrap_or(0));
        let end = page.offset.saturating_add(sent);
        let first = self.progress.seen.is_empty();
        if self.total.replace(total) != Some(total) {
            // What cannot be true of one list can be of one that changes.
            self.stalled = 0;
        }
        self.total_is_wrong |= sent > 0 && end > total;
        self.count_fruitless()?;

        if let Some(before) = rows.first().filter(|_| first && page.overlap > 0) {
            // The row before the walk is known from now on, and so never given.
            self.progress.seen.insert(id(before));
        }
        let known = |row: &T| self.progress.seen.contains(id(row));
        let empty = total == 0 && sent == 0 && !self.total_is_wrong;
        if page.offset < self.progress.floor || !self.passed.is_empty() {
            // Rows have moved in front of where the walk began: what comes before those it knows is not its own.
            let own = rows.iter().position(known);
            let searching = page.offset == 0 || !self.passed.is_empty();
            if own.is_none() && searching && !first && !empty {
                let next = self.search(page, rows.iter().map(id), total)?;
                return Ok(Taken { rows: Vec::new(), offset: page.offset, next });
            }
            self.passed = SeenRows::default();
            rows.drain(..own.unwrap_or(0));
        }
        let continues = page.offset == 0 || first || empty || rows.first().is_some_and(known);
        if sent <= page.overlap && end < total && !self.total_is_wrong {
            // A count that is older than its page is told from a server that has no rows to send by asking again.
            self.stall(format!("the server sends no rows, although {} are left", total - end))?;
        }
        if !continues {
            let next = self.lose_way(page, total);
            return Ok(Taken { rows: Vec::new(), offset: page.offset, next });
        }
        self.lost = 0;

        let landmark = rows.first().map(|row| (id(row), end - rows.len() as u64));
        // No more than was asked for is given at a time, and what comes behind it is asked for once more.
        let (mut taken, mut passed) = (0, sent - rows.len() as u64);
        rows.retain(|row| {
            if taken == self.step {
                return false;
            }
            passed += 1;
            let new = self.progress.seen.insert(id(row));
            taken += u64::from(new);
            new
        });
        let whole = passed == sent;
        self.notice(landmark, taken, sent > page.overlap)?;
        let reached = page.offset.saturating_add(passed);
        // Where the list does not reach up to where the walk begins, the walk waits there.
        let nothing = self.progress.seen.is_empty();
        self.progress.cursor = if nothing { reached.max(self.progress.floor) } else { reached };
        let next = match self.is_end(page, end, sent, total) {
            _ if !whole => Next::Replan,
            end => self.go_on(page, sent, end),
        };
        Ok(Taken { rows, offset: reached.saturating_sub(taken), next })
    }

    fn is_end(&self, page: PageRequest, end: u64, sent: u64, total: u64) -> bool {
        if self.total_is_wrong { sent <= page.overlap } else { end >= total }
    }

    /// Decides how to go on behind the rows of an answer.
    fn go_on(&mut self, page: PageRequest, sent: u64, end: bool) -> Next {
        let Progress { floor, ref seen, .. } = self.progress;
        let given = (seen.len() as u64).saturating_sub(floor.min(1));
        let all = floor.saturating_add(given) >= self.total.unwrap_or(0);
        if end && !all && (self.stalled > 0 || !self.end_checked) {
            // It may be the end, and rows may have come in front of those that were given. Or the server has sent another
            // page than it was asked for, or goes in circles: once more, from farther back.
            self.end_checked = true;
            self.go_back(page.offset);
            return Next::Replan;
        }
        if end { Next::End } else { self.next_page(page, sent) }
    }

    /// Decides whether what was planned behind an answer can stay.
    fn next_page(&mut self, page: PageRequest, sent: u64) -> Next {
        if sent == page.limit.min(self.cap) {
            return Next::GoOn;
        }
        // The server sends fewer rows at once than was thought, or more.
        self.cap = if sent > page.overlap { sent } else { self.cap };
        Next::Replan
    }

    /// Passes rows, none of which is known, on the way from the beginning of the list to one that is. The list may change
    /// meanwhile: as in a walk, a page has to begin with a row that was passed.
    fn search(&mut self, page: PageRequest, mut rows: impl Iterator<Item = Uuid>, total: u64) -> Result<Next, String> {
        let first = rows.next();
        if page.offset > 0 && !first.is_some_and(|row| self.passed.contains(row)) {
            return Ok(self.lose_way(page, total));
        }
        self.lost = 0;
        let (mut sent, mut passed) = (0, 0);
        for row in first.into_iter().chain(rows) {
            passed += u64::from(self.passed.insert(row));
            sent += 1;
        }
        let end = page.offset.saturating_add(sent);
        if self.is_end(page, end, sent, total) {
            return Err("all rows that it has given, and the one before them, are gone".to_owned());
        }
        self.searched = self.searched.saturating_add(passed);
        if self.searched > self.progress.floor.saturating_add(MAX_PASSED) {
            return Err(TOO_FAST.to_owned());
        }
        if passed > 0 {
            self.fruitless = 0;
        }
        self.progress.cursor = end;
        Ok(self.next_page(page, sent))
    }

    /// Goes back from a page that begins with a row that was not met yet.
    fn lose_way(&mut self, page: PageRequest, total: u64) -> Next {
        self.go_back(if self.total_is_wrong { page.offset } else { page.offset.min(total) });
        Next::Replan
    }

    /// Goes back to find a row that is known, farther each time in a row.
    fn go_back(&mut self, from: u64) {
        let back = STEP_BACK.saturating_mul(1 << self.lost.min(40));
        self.lost += 1;
        self.progress.cursor = from.saturating_sub(back);
    }

    /// Counts the answers that bring nothing. They are as many as there are pages at most, when everything has moved.
    fn count_fruitless(&mut self) -> Result<(), String> {
        self.fruitless += 1;
        // The rows before the walk's first have to be passed, too, where everything has moved.
        let rows = (self.progress.seen.len() as u64).saturating_add(self.progress.floor.min(self.total.unwrap_or(0)));
        let pages = rows.saturating_add(self.passed.len() as u64) / self.step.min(self.cap).saturating_sub(1).max(1);
        if self.fruitless > MAX_FRUITLESS.saturating_add(pages.saturating_mul(2)) {
            return Err(TOO_FAST.to_owned());
        }
        Ok(())
    }

    /// Notices a server that sends the same rows wherever it is asked to begin.
    fn notice(&mut self, landmark: Option<(Uuid, u64)>, gained: u64, more_expected: bool) -> Result<(), String> {
        let mut repeats = false;
        for (mark, place) in self.landmarks.iter_mut().flatten() {
            if let Some((row, at)) = landmark
                && *mark == row
                && *place != at
            {
                // Rows that were created in front may have moved it: there it is from now on.
                *place = at;
                repeats = more_expected;
            }
        }
        self.landmarks = [self.landmarks[0].or(landmark), landmark];
        if gained > 0 {
            (self.stalled, self.fruitless, self.searched, self.end_checked) = (0, 0, 0, false);
        } else if repeats {
            self.stall("the server sends only rows that it has sent before".to_owned())?;
        } else if more_expected {
            self.stalled = 0;
        }
        Ok(())
    }

    fn stall(&mut self, problem: String) -> Result<(), String> {
        self.stalled += 1;
        if self.stalled >= MAX_STALLED { Err(problem) } else { Ok(()) }
    }
}

#[cfg(test)]
#[path = "simulation_tests.rs"]
mod tests;
