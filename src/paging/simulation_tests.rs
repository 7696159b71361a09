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

/// Walks the list a page at a time. What happens to it before each answer is told by the answer's number. Returns the ids
/// that came, and how many answers it took.
fn walk_while(
    list: &mut List,
    (offset, step): (u64, u64),
    happens: impl Fn(&mut List, u64),
) -> Result<(Vec<Uuid>, u64), String> {
    let mut pager = Pager::new(Progress::at(offset), step, 100);
    let mut came = Vec::new();
    for number in 0..2_000 {
        happens(list, number);
        let page = pager.plan()[0];
        let taken = pager.take(page, list.answer(page), |id| *id)?;
        came.extend(taken.rows);
        if taken.next == Next::End {
            return Ok((came, number + 1));
        }
    }
    panic!("it does not end");
}

fn create_in_front(list: &mut List, rows: usize) {
    (0..rows).for_each(|_| list.create(0));
}

#[test]
fn a_walk_from_an_offset_passes_what_is_created_in_front_of_it_page_by_page() {
    let mut list = List::new(100, 100, 0);
    let own = list.rows[50..].to_vec();
    let crowded = |list: &mut List, number| {
        if number == 1 {
            create_in_front(list, 200)
        }
    };
    let (came, requests) = walk_while(&mut list, (50, 10), crowded).expect("an honest server");
    assert_eq!(came, own);
    // Some on the way back to the beginning, 25 up to the walk's own rows, and those that it takes anyway.
    assert!(requests <= 40, "{requests} requests");
}

#[test]
fn what_moves_while_the_own_rows_are_searched_for_is_noticed() {
    let mut list = List::new(100, 100, 0);
    let own = list.rows[50..].to_vec();
    let (came, _) = walk_while(&mut list, (50, 10), |list, number| match number {
        1 => create_in_front(list, 200),
        // The own rows are now in front of the page that is asked for.
        12 => drop(list.rows.drain(..200)),
        _ => {}
    })
    .expect("an honest server");
    assert_eq!(came, own);
}

#[test]
fn a_search_that_gets_nowhere_is_an_error_and_no_loop() {
    let (own, foreign) = (List::new(100, 100, 0), List::new(1_000, 10, 0).rows.split_off(500));
    let mut pager = Pager::new(Progress::at(50), 10, 100);
    let page = pager.plan()[0];
    pager.take(page, own.answer(page), |id| *id).expect("an honest page");
    // A server that sends the same rows from wherever it is asked, and does not say how many there are.
    let same = || Answer { rows: foreign[..10].to_vec(), total_count: 0 };
    let answers = (0..200).map(|_| pager.take(pager.plan()[0], same(), |id| *id));
    let problem = answers.filter_map(Result::err).next().expect("an error");
    assert_eq!(problem, "the list changes faster than it can be read");
}

/// Nothing comes of such a walk while it searches, so that nobody would see that it does not end.
#[test]
fn a_search_through_rows_that_never_end_is_an_error() {
    let started = || {
        let mut pager = Pager::new(Progress::at(2_000), 100, 100);
        let list = List::new(3_000, 100, 0);
        let page = pager.plan()[0];
        pager.take(page, list.answer(page), |id| *id).expect("an honest page");
        pager
    };
    let mut next = 1_u128 << 64;
    let mut fresh = |count: usize| -> Vec<Uuid> {
        (0..count)
            .map(|_| {
                next += 1;
                Uuid::from_u128(next)
            })
            .collect()
    };
    let known = List::new(3_000, 100, 0).rows[2_050];
    // Each answer has other rows; or goes on behind the latest one, whatever the total says; or every third one ends with a row
    // that is known, behind which there are others again.
    for (overlaps, known, total_count) in [
        (false, None, 300),
        (false, None, i64::MAX),
        (true, None, 1),
        (true, None, i64::MAX),
        (true, Some(known), 10_000),
        (false, Some(known), 10_000),
    ] {
        let (mut pager, mut last) = (started(), None);
        let answers = (0..5_000).map(|number| {
            let page = pager.plan()[0];
            let mut rows = fresh(100);
            if let Some(row) = last.filter(|_| overlaps && page.overlap > 0) {
                rows[0] = row;
            }
            last = rows.last().copied();
            if let Some(known) = known.filter(|_| number % 3 == 2) {
                rows[99] = known;
            }
            pager.take(page, Answer { rows, total_count }, |id| *id)
        });
        let problem = answers.filter_map(Result::err).next().expect("an error");
        // A row that is known wherever it is asked for may be said of it as well.
        let expected = known.is_some() || problem == "the list changes faster than it can be read";
        assert!(expected, "{overlaps} {known:?} {total_count}: {problem}");
    }
}

#[test]
fn a_server_that_sends_few_rows_for_long_and_then_many_is_not_taken_for_a_list_that_changes() {
    let mut list = List::new(1_000, 2, 0);
    let more_from = |from| {
        move |list: &mut List, number| {
            if number == from {
                list.cap = 100
            }
        }
    };
    let (came, _) = walk_while(&mut list, (0, 100), more_from(150)).expect("an honest server");
    assert_eq!(came, list.rows);
    // Nor while the rows of a walk are searched for behind others.
    let mut list = List::new(700, 100, 0);
    let own = list.rows[50..].to_vec();
    let (came, _) = walk_while(&mut list, (50, 100), |list, number| {
        if number == 1 {
            create_in_front(list, 600);
            list.cap = 2;
        }
        more_from(200)(list, number);
    })
    .expect("an honest server");
    assert_eq!(came, own);
}

#[test]
fn the_way_back_over_thousands_of_rows_takes_few_requests() {
    let mut list = List::new(10_000, 100, 0);
    let the_first_are_deleted = |list: &mut List, number| {
        if number == 50 {
            drop(list.rows.drain(..3_000))
        }
    };
    let (came, requests) = walk_while(&mut list, (0, 100), the_first_are_deleted).expect("an honest server");
    assert!(list.rows.iter().all(|row| came.contains(row)));
    // 50 before, 8 on the way back, and 63 from there on.
    assert!(requests <= 50 + 8 + 63, "{requests} requests");
}

#[test]
fn a_list_that_is_emptied_ends_the_walk_wherever_it_began() {
    for offset in [0, 50] {
        let mut list = List::new(100, 100, 0);
        let first = list.rows[offset as usize..][..10].to_vec();
        let emptied = |list: &mut List, number| {
            if number == 1 {
                list.rows.clear()
            }
        };
        let (came, requests) = walk_while(&mut list, (offset, 10), emptied).expect("an honest server");
        assert_eq!((came, requests), (first, 2));
    }
}
