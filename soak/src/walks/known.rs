//! What is known of a walk, to be held against what was promised of it.

use std::collections::HashSet;

use uuid::Uuid;

use super::Rule;

/// What is known of a walk.
#[derive(Debug, Default)]
pub struct Known {
    /// The rows that the walk gave, in the order in which it did.
    pub given: Vec<Uuid>,
    pub had: HashSet<Uuid>,
    /// The list as it was when the first page was answered. None while no stream has got a page.
    pub start: Option<Start>,
    /// How many changes there had been when the latest rows were given.
    pub changes_when_given: u64,
    /// The rows that were sent, where rows can move.
    pub sent: HashSet<Uuid>,
    /// Whether a row moved that had been sent. Where it stands then says nothing of the rows in front of it.
    pub row_moved: bool,
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
    pub last_before: Option<Uuid>,
    pub before: HashSet<Uuid>,
    pub own: Vec<Uuid>,
}

impl Known {
    /// Whether the server has said what is not true.
    pub fn has_lied(&self) -> bool {
        self.wrong_total || self.wrong_rows
    }

    pub fn has(&self, rule: Rule) -> bool {
        self.violations.iter().any(|(broken, _)| *broken == rule)
    }
}
