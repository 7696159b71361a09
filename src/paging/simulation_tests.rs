//! Walks over a simulated list that changes between any two answers.

use std::collections::VecDeque;

use super::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    id: Uuid,
    created_at: DateTime<Utc>,
}

/// A list in a stable order, whose server counts seconds by its answers.
struct List {
    rows: Vec<Row>,
    next_id: u128,
    rng: fastrand::Rng,
    cap: u64,
    now: DateTime<Utc>,
}

impl List {
    fn new(rows: u64, cap: u64, seed: u64) -> Self {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let row = |id| Row { id: Uuid::from_u128(u128::from(id)), created_at: start };
        Self {
            rows: (0..rows).map(row).collect(),
            next_id: u128::from(rows),
            rng: fastrand::Rng::with_seed(seed),
            cap,
            now: start + TimeDelta::days(1),
        }
    }

    fn answer(&self, ask: Ask) -> Answer<Row> {
        let from = usize::try_from(ask.offset).unwrap().min(self.rows.len());
        let until = (from + ask.limit.min(self.cap) as usize).min(self.rows.len());
        let total_count = self.rows.len() as i64;
        Answer { rows: self.rows[from..until].to_vec(), total_count, date: Some(self.now) }
    }

    fn create(&mut self, at: usize) {
        self.next_id += 1;
        self.rows.insert(at.min(self.rows.len()), Row { id: Uuid::from_u128(self.next_id), created_at: self.now });
    }

    fn change(&mut self) {
        for _ in 0..self.rng.usize(1..4) {
            let at = self.rng.usize(0..=self.rows.len());
            match self.rng.u8(0..32) {
                // Many at once.
                28.. => {
                    let count = self.rng.usize(0..=(self.rows.len() - at).min(250));
                    drop(self.rows.drain(at..at + count));
                }
                n if n >= 20 => self.create(at),
                n if n >= 10 && at < self.rows.len() => drop(self.rows.remove(at)),
                _ if at < self.rows.len() => {
                    // A row goes, another comes: the total tells nothing.
                    self.rows.remove(at);
                    let place = self.rng.usize(0..=self.rows.len());
                    self.create(place);
                }
                _ => {}
            }
        }
    }
}

/// Walks the list with pages fetched ahead, answered in any order, and changes with a probability between two answers.
/// Returns the ids that came, and how many requests that took.
fn walk(
    list: &mut List,
    (offset, step): (u64, u64),
    concurrency: usize,
    change: f64,
) -> Result<(Vec<Uuid>, u64), PaginationError> {
    let mut walk = Walk::new(Progress::at(offset), step, 100);
    let mut planned = VecDeque::new();
    let mut in_flight: VecDeque<(Ask, Option<Answer<Row>>)> = VecDeque::new();
    let (mut came, mut requests) = (Vec::new(), 0);
    loop {
        if in_flight.is_empty() && planned.is_empty() {
            planned = walk.plan().into();
        }
        while in_flight.len() < concurrency
            && let Some(ask) = planned.pop_front()
        {
            in_flight.push_back((ask, None));
            requests += 1;
        }
        if in_flight.is_empty() {
            return Ok((came, requests));
        }
        while in_flight.front().is_some_and(|(_, answer)| answer.is_none()) {
            let chosen = list.rng.usize(0..in_flight.len());
            let (ask, answer) = &mut in_flight[chosen];
            answer.get_or_insert_with(|| list.answer(*ask));
            if list.rng.f64() < change {
                list.change();
            }
        }
        let Some((ask, Some(answer))) = in_flight.pop_front() else { unreachable!() };
        let taken = walk.take(ask, answer, |row| (row.id, row.created_at))?;
        came.extend(taken.rows.iter().map(|row| row.id));
        match taken.next {
            Next::GoOn => {}
            Next::Replan => {
                planned.clear();
                in_flight.clear();
            }
            Next::End => return Ok((came, requests)),
        }
        if change > 0.0 && list.rng.u8(0..20) == 0 {
            // Interrupted, and resumed.
            walk = Walk::new(walk.progress, step, 100);
            planned.clear();
            in_flight.clear();
        }
    }
}

#[test]
fn what_exists_throughout_comes_exactly_once_whatever_changes() {
    for seed in 0..3_000 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let rows = [0, 1, 5, 99, 100, 101, 200, 250, 300, 400, 1_000, rng.u64(0..1_200)][rng.usize(0..12)];
        let step = [100, 100, 99, 50, 10, 10 + rng.u64(0..91)][rng.usize(0..6)];
        let cap = [100, 100, 100, 30, 10 + rng.u64(0..91)][rng.usize(0..5)];
        let concurrency = [1, 1, 2, 4, 16][rng.usize(0..5)];
        let change = [0.05, 0.2, 0.5][rng.usize(0..3)];
        let offset = [0, 0, 0, 1, rng.u64(0..150)][rng.usize(0..5)];
        let mut list = List::new(rows, cap, seed);
        let before: Vec<Uuid> = list.rows.iter().skip(offset as usize).map(|row| row.id).collect();
        let context = format!("seed {seed}: {rows} rows from {offset}, step {step}, cap {cap}, {concurrency} at once");
        let (came, _) =
            walk(&mut list, (offset, step), concurrency, change).unwrap_or_else(|e| panic!("{context}: {e}"));

        let mut times = HashMap::new();
        came.iter().for_each(|id| *times.entry(*id).or_insert(0) += 1);
        assert!(times.values().all(|n| *n == 1), "{context}: a row came twice");
        let after: Vec<Uuid> = list.rows.iter().map(|row| row.id).collect();
        let throughout = before.iter().filter(|id| after.contains(id));
        let missing: Vec<_> = throughout.filter(|id| !times.contains_key(id)).collect();
        assert!(missing.is_empty(), "{context}: {} rows are missing", missing.len());
    }
}

#[test]
fn nothing_changes_nothing_is_asked_for_in_vain() {
    for rows in (0..700_u64).chain([9_900, 9_999, 10_000, 10_001]) {
        for concurrency in [1, 16] {
            let mut list = List::new(rows, 100, rows);
            let (came, requests) = walk(&mut list, (0, 100), concurrency, 0.0).expect("an honest server");
            assert_eq!(came, list.rows.iter().map(|row| row.id).collect::<Vec<_>>());
            let needed = rows.div_ceil(100).max(1);
            assert!(requests <= needed + needed * 3 / 100, "{rows} rows: {requests} requests, {needed} needed");
        }
    }
}
