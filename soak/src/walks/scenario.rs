//! What varies from walk to walk.

use fastrand::Rng;

use super::list::{Change, Order};

/// How a walk goes.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Whether it is a list of members, or of workspaces.
    pub members: bool,
    pub order: Order,
    pub rows: usize,
    pub offset: u64,
    pub limit: Option<u64>,
    /// The most rows that the server sends at once.
    pub cap: usize,
    /// How likely it is that a page has fewer rows than it could have.
    pub short: f64,
    pub by_items: bool,
    pub concurrency: usize,
    /// How likely it is that something changes at a point where it can.
    pub churn: f64,
    pub changes: &'static [Change],
    /// How much changes at most. A list that grows for ever has no end to walk to.
    pub most_changes: u64,
    /// How likely it is that a request fails.
    pub faults: f64,
    /// How likely it is that a page is wrong.
    pub lies: f64,
    /// What is wrong with each page from some answer on.
    pub stubborn: Option<(Lie, u64)>,
    /// The longest time in ms that passes before a request is looked at, and again before its answer comes.
    pub latency: u64,
    /// How likely it is that the consumer takes its time before the next row or page.
    pub pauses: f64,
    /// How likely it is that the walk is stopped before the next row or page.
    pub stops: f64,
    /// How likely it is that the future of `next` is dropped.
    pub interrupts: f64,
}

/// What can be wrong with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// The total of another time.
    OldTotal,
    MoreTotal,
    FewerTotal,
    /// A total of 0, whatever is sent.
    NoTotal,
    /// The rows and the total that were sent last.
    Repeat,
    /// The rows from the beginning, wherever they were asked for.
    IgnoreOffset,
}

impl Lie {
    /// Those that a walk meets now and then.
    pub const ONCE: [Self; 5] = [Self::OldTotal, Self::MoreTotal, Self::FewerTotal, Self::Repeat, Self::IgnoreOffset];
    /// Those that a server may insist on.
    const ALWAYS: [Self; 5] = [Self::MoreTotal, Self::FewerTotal, Self::NoTotal, Self::Repeat, Self::IgnoreOffset];
}

const EVERYTHING: &[Change] = {
    use Change::*;
    &[Create, Create, Create, Create, Delete, Delete, Delete, Touch, Touch, Replace, Replace, DeleteMany, DeleteGiven]
};

const MIXES: [&[Change]; 9] = {
    use Change::*;
    [
        EVERYTHING,
        &[
            Create, Create, Create, Create, Create, Delete, Delete, Delete, Delete, Touch, Replace, DeleteMany,
            DeleteAll,
        ],
        &[Create],
        &[Delete],
        &[Touch],
        &[Replace],
        &[DeleteGiven],
        &[DeleteGiven, DeleteGiven, Create],
        &[Create, Delete],
    ]
};

impl Scenario {
    pub fn draw(rng: &mut Rng) -> Self {
        let limit = match rng.u8(0..8) {
            0 | 1 => None,
            2 => Some(100),
            3 => Some(rng.u64(98..=100)),
            4 | 5 => Some(rng.u64(1..=12)),
            _ => Some(rng.u64(1..=100)),
        };
        let cap = match rng.u8(0..8) {
            0 => rng.usize(2..=12),
            1 => rng.usize(2..=100),
            _ => usize::MAX,
        };
        let page = limit.unwrap_or(100).min(cap as u64) as usize;
        let rows = rows(page, rng);
        let offset = match rng.u8(0..20) {
            0..=14 => 0,
            15 => 1,
            16 | 17 => rng.u64(0..=rows as u64),
            18 => rows as u64,
            _ => rows as u64 + rng.u64(1..60),
        };
        let concurrency = match rng.u8(0..20) {
            0..=6 => 1,
            7..=16 => rng.usize(1..=8),
            17 => 0,
            18 => 64,
            _ => usize::MAX,
        };
        let churn = pick(&[0.0, 0.0, 0.0, 0.0, 0.03, 0.1, 0.2, 0.4, 0.7], rng);
        let lies = pick(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.05, 0.2], rng);
        let stubborn = (lies == 0.0 && rng.u8(0..40) == 0).then(|| {
            let lie = pick(&Lie::ALWAYS, rng);
            (lie, if lie == Lie::NoTotal { 0 } else { rng.u64(0..5) })
        });
        Self {
            members: rng.u8(0..4) > 0,
            order: pick(&Order::ALL, rng),
            rows,
            offset,
            limit,
            cap,
            short: pick(&[0.0, 0.0, 0.0, 0.3], rng),
            by_items: rng.bool(),
            concurrency,
            churn,
            changes: pick(&MIXES, rng),
            most_changes: pick(&[3, 20, 60, 250], rng),
            faults: pick(&[0.0, 0.0, 0.0, 0.05, 0.25], rng),
            lies,
            stubborn,
            latency: pick(&[0, 5, 100, 1_500], rng),
            pauses: pick(&[0.0, 0.0, 0.05, 0.3], rng),
            stops: pick(&[0.0, 0.0, 0.02, 0.1], rng),
            interrupts: pick(&[0.0, 0.0, 0.3], rng),
        }
    }

    /// How many rows a page has at most for the caller.
    pub fn page(&self) -> u64 {
        self.limit.unwrap_or(100)
    }
}

/// How many rows there are, where so many fit on a page.
fn rows(page: usize, rng: &mut Rng) -> usize {
    match rng.u8(0..20) {
        0 => rng.usize(0..=400),
        1..=6 => rng.usize(0..=12),
        7..=12 => (page * rng.usize(0..=8) + rng.usize(0..3)).saturating_sub(1).min(400),
        13..=15 => (page.saturating_sub(1) * rng.usize(0..=8) + rng.usize(0..4)).min(400),
        _ => rng.usize(0..=(page * 30).min(200)),
    }
}

pub fn pick<T: Copy>(choices: &[T], rng: &mut Rng) -> T {
    choices[rng.usize(0..choices.len())]
}
