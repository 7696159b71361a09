//! Walks over a simulated list that changes between any two answers.

use std::collections::{HashMap, VecDeque};

use super::*;

/// A list in a stable order.
struct List {
    rows: Vec<Uuid>,
    next_id: u128,
    rng: fastrand::Rng,
    cap: u64,
}

impl List {
    fn new(rows: u64, cap: u64, seed: u64) -> Self {
        let rows: Vec<Uuid> = (0..rows).map(|id| Uuid::from_u128(u128::from(id))).collect();
        Self { next_id: rows.len() as u128, rows, rng: fastrand::Rng::with_seed(seed), cap }
    }

    fn answer(&self, page: PageRequest) -> Answer<Uuid> {
        let from = usize::try_from(page.offset).unwrap().min(self.rows.len());
        let until = (from + page.limit.min(self.cap) as usize).min(self.rows.len());
        Answer { rows: self.rows[from..until].to_vec(), total_count: self.rows.len() as i64 }
    }

    fn create(&mut self, at: usize) {
        self.next_id += 1;
        self.rows.insert(at.min(self.rows.len()), Uuid::from_u128(self.next_id));
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
/// Where it changes, it is also stopped at any row, and resumed. Returns the ids that came, and how many requests it took.
fn walk(
    list: &mut List,
    (offset, step): (u64, u64),
    concurrency: usize,
    change: f64,
) -> Result<(Vec<Uuid>, u64), String> {
    let mut pager = Pager::new(Progress::at(offset), step, 100);
    let mut planned = VecDeque::new();
    let mut in_flight: VecDeque<(PageRequest, Option<Answer<Uuid>>)> = VecDeque::new();
    let (mut came, mut requests) = (Vec::new(), 0);
    loop {
        if in_flight.is_empty() && planned.is_empty() {
            planned = pager.plan().into();
        }
        while in_flight.len() < concurrency
            && let Some(page) = planned.pop_front()
        {
            in_flight.push_back((page, None));
            requests += 1;
        }
        while in_flight.front().is_some_and(|(_, answer)| answer.is_none()) {
            let chosen = list.rng.usize(0..in_flight.len());
            let (page, answer) = &mut in_flight[chosen];
            answer.get_or_insert_with(|| list.answer(*page));
            if list.rng.f64() < change {
                list.change();
            }
        }
        let Some((page, Some(answer))) = in_flight.pop_front() else { unreachable!() };
        let taken = pager.take(page, answer, |id| *id)?;
        assert!(taken.rows.len() as u64 <= step, "no page has more rows than were asked for");
        if change > 0.0 && list.rng.u8(0..20) == 0 {
            // Stopped in the middle of a page: what was not given is not seen.
            let given = list.rng.usize(0..=taken.rows.len());
            came.extend(&taken.rows[..given]);
            let mut progress = pager.progress;
            progress.cursor = progress.cursor.saturating_sub((taken.rows.len() - given) as u64);
            taken.rows[given..].iter().for_each(|id| progress.seen.remove(*id));
            pager = Pager::new(progress, step, 100);
            planned.clear();
            in_flight.clear();
            continue;
        }
        came.extend(&taken.rows);
        match taken.next {
            Next::GoOn => {}
            Next::Replan => {
                planned.clear();
                in_flight.clear();
            }
            Next::End => return Ok((came, requests)),
        }
    }
}

#[test]
fn what_exists_throughout_comes_exactly_once_whatever_changes() {
    let (walks, mut failed) = (1_500, 0);
    for seed in 0..walks {
        let mut rng = fastrand::Rng::with_seed(seed);
        let rows = [0, 1, 5, 99, 100, 101, 200, 250, 300, 400, 1_000, rng.u64(0..1_200)][rng.usize(0..12)];
        let step = [100, 100, 99, 50, 10, 1 + rng.u64(0..99)][rng.usize(0..6)];
        let cap = [100, 100, 100, 30, 2 + rng.u64(0..99)][rng.usize(0..5)];
        let concurrency = [1, 1, 2, 4, 16][rng.usize(0..5)];
        let change = [0.05, 0.2, 0.5][rng.usize(0..3)];
        let offset = [0, 0, 0, 1, rng.u64(0..150)][rng.usize(0..5)];
        let mut list = List::new(rows, cap, seed);
        let (foreign, before) = list.rows.split_at(list.rows.len().min(offset as usize));
        let (foreign, before) = (foreign.to_vec(), before.to_vec());
        let context = format!("seed {seed}: {rows} rows from {offset}, step {step}, cap {cap}, {concurrency} at once");
        let (came, _) = match walk(&mut list, (offset, step), concurrency, change) {
            Ok(came) => came,
            // What is left of a walk from an offset, when all that it knows is gone, cannot be told.
            Err(_) if offset > 0 => {
                failed += 1;
                continue;
            }
            Err(error) => panic!("{context}: {error}"),
        };

        let mut times = HashMap::new();
        came.iter().for_each(|id| *times.entry(*id).or_insert(0) += 1);
        assert!(times.values().all(|n| *n == 1), "{context}: a row came twice");
        // A walk from behind the end of the list has not seen any row before it.
        let known = offset <= rows;
        assert!(!known || !foreign.iter().any(|id| times.contains_key(id)), "{context}: a row from before came");
        let throughout = before.iter().filter(|id| list.rows.contains(id));
        let missing: Vec<_> = throughout.filter(|id| !times.contains_key(id)).collect();
        assert!(missing.is_empty(), "{context}: {} rows are missing", missing.len());
    }
    assert!(failed * 50 <= walks, "{failed} of {walks} walks failed");
}

#[test]
fn where_nothing_changes_the_overlap_is_all_that_is_asked_for_twice() {
    for rows in (0..700_u64).chain([9_900, 9_999, 10_000, 10_001]) {
        for concurrency in [1, 16] {
            let mut list = List::new(rows, 100, rows);
            let (came, requests) = walk(&mut list, (0, 100), concurrency, 0.0).expect("an honest server");
            assert_eq!(came, list.rows);
            // The first page brings 100 rows, and every other one 99.
            assert_eq!(requests, 1 + rows.saturating_sub(100).div_ceil(99), "{rows} rows");
        }
    }
}

#[test]
fn a_list_that_is_deleted_while_it_is_read_is_read_to_its_end() {
    for (rows, step) in [(100, 1), (100, 7), (1_000, 100), (250, 100)] {
        let mut list = List::new(rows, 100, 0);
        let mut pager = Pager::new(Progress::at(0), step, 100);
        let mut came = 0;
        for requests in 1.. {
            assert!(requests <= 3 * rows, "{rows} rows by {step}: too many requests");
            let page = pager.plan()[0];
            let taken = pager.take(page, list.answer(page), |id| *id).expect("an honest server");
            came += taken.rows.len() as u64;
            list.rows.retain(|id| !taken.rows.contains(id));
            if taken.next == Next::End {
                break;
            }
        }
        assert_eq!((came, list.rows.len()), (rows, 0), "{rows} rows by {step}");
    }
}

#[test]
fn a_page_that_was_not_asked_for_costs_a_request_and_no_rows() {
    for (rows, step) in [(33, 20), (60, 20), (250, 100), (100, 7)] {
        for (wrong, back) in (0..10).flat_map(|wrong| (1..=step + 3).map(move |back| (wrong, back))) {
            let list = List::new(rows, 100, 0);
            let mut pager = Pager::new(Progress::at(0), step, 100);
            let mut came = Vec::new();
            for number in 0.. {
                assert!(number < 60, "{rows} rows by {step}, {back} rows too early: it does not end");
                let page = pager.plan()[0];
                let early = if number == wrong { back } else { 0 };
                let sent = list.answer(PageRequest { offset: page.offset.saturating_sub(early), ..page });
                let taken = pager.take(page, sent, |id| *id).expect("a server that errs once");
                came.extend(taken.rows);
                if taken.next == Next::End {
                    break;
                }
            }
            came.sort_unstable();
            assert_eq!(came, list.rows, "{rows} rows by {step}, request {wrong}, {back} rows too early");
        }
    }
}
