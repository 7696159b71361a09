//! Walks that stop and go on: nothing is lost, and nothing comes twice, whatever happens meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openrouter_workspaces::{Client, ResumePoint};

use crate::promises::service::Memory;
use crate::promises::table::{Table, number, rest, sorted, take};

/// The point as another process reads it.
fn stored(point: &ResumePoint) -> ResumePoint {
    serde_json::from_str(&serde_json::to_string(point).unwrap()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn rows_that_moved_before_the_stop_come_after_it() {
    for stop in [1, 2, 3, 4, 40, 96, 97, 98, 99] {
        let table = Table::new(300);
        let client = table.serve().client();
        let mut items = client.list().items();
        let mut came = take(&mut items, 100).await;
        // Rows 5 to 7 go, and three come behind the end, so that the total tells nothing.
        table.rows().drain(5..8);
        table.rows().extend(300..303);
        came.extend(take(&mut items, stop).await);
        came.extend(rest(client.list().items().resume_from(stored(&items.resume_point()))).await.unwrap());
        assert!(came.contains(&101) && came.contains(&102), "stopped behind {stop} rows of the second page");
        assert_eq!(sorted(came), Vec::from_iter(0..303), "stopped behind {stop} rows of the second page");
    }
}

#[tokio::test(start_paused = true)]
async fn rows_that_move_while_the_walk_is_stopped_are_not_lost() {
    for stop in [1, 99, 100, 101, 150, 199, 200, 298] {
        let table = Table::new(300);
        let client = table.serve().client();
        let mut items = client.list().items();
        let mut came = take(&mut items, stop).await;
        let point = stored(&items.resume_point());
        // Most of what came is deleted, from the front, and as many come behind the end.
        let gone = stop.min(120);
        table.rows().drain(..gone);
        table.rows().extend(300..300 + gone);
        came.extend(rest(client.list().items().resume_from(point)).await.unwrap());
        assert_eq!(sorted(came), Vec::from_iter(0..300 + gone), "stopped behind {stop} rows");
    }
}

/// What a random walk met, and what it gave.
struct Run {
    /// The rows that were there all the time.
    throughout: BTreeSet<usize>,
    /// How often each row came.
    came: BTreeMap<usize, usize>,
}

/// Changes the list: rows go, rows come, or as many of each.
fn change(table: &Table, throughout: &mut BTreeSet<usize>, rng: &mut fastrand::Rng, next: &mut usize) {
    let mut rows = table.rows();
    for _ in 0..rng.usize(1..4) {
        let at = rng.usize(0..=rows.len());
        let most = [1, 1, 3, 120][rng.usize(0..4)].min(rows.len() - at);
        let count = rng.usize(0..=most);
        let (deletes, creates) = [(true, false), (false, true), (true, true)][rng.usize(0..3)];
        if deletes {
            rows.drain(at..at + count).for_each(|row| {
                throughout.remove(&row);
            });
        }
        for _ in 0..if creates { count } else { 0 } {
            let place = [rng.usize(0..=rows.len()), rows.len()][rng.usize(0..2)];
            rows.insert(place, *next);
            *next += 1;
        }
    }
}

/// Walks with any limit and concurrency, stops behind any row, and goes on in another client from what was stored.
async fn random_walk(seed: u64) -> Run {
    let mut rng = fastrand::Rng::with_seed(seed);
    let size = [0, 1, 5, 99, 100, 101, 200, 250, 300, rng.usize(0..500)][rng.usize(0..10)];
    let table = Table::new(size);
    let probability = [0.0, 0.1, 0.4][rng.usize(0..3)];
    let throughout = Arc::new(Mutex::new(BTreeSet::from_iter(0..size)));
    let changes = Arc::new(Mutex::new((fastrand::Rng::with_seed(!seed), size, 40)));
    let now = {
        let (table, throughout, changes) = (table.clone(), throughout.clone(), changes.clone());
        move |probability: f64| {
            let (rng, next, left) = &mut *changes.lock().unwrap();
            // A list that grew for ever would never be read to its end.
            if rng.f64() < probability && *left > 0 {
                *left -= 1;
                change(&table, &mut throughout.lock().unwrap(), rng, next);
            }
            Duration::from_millis(rng.u64(0..30))
        }
    };
    let (answering, at_every_request) = (table.clone(), now.clone());
    let service = Memory::new(move |request, _| {
        let delay = at_every_request(probability);
        answering.answer(request).after(delay)
    });

    let mut came = BTreeMap::new();
    let mut point = None;
    for stops in 0.. {
        let client: Client = service.client();
        let limit = [100, 100, 50, 10, 3, 1 + rng.u64(0..99)][rng.usize(0..6)];
        let concurrency = [1, 1, 2, 4, 16][rng.usize(0..5)];
        let mut items = client.list_members("production").limit(limit).items().concurrency(concurrency);
        if let Some(point) = point.take() {
            items = items.resume_from(point);
        }
        // The last walk goes to the end.
        let stop = if stops < 5 { rng.usize(0..200) } else { usize::MAX };
        let mut given = 0;
        let ended = loop {
            if given == stop {
                break false;
            }
            match items.try_next().await.unwrap_or_else(|error| panic!("seed {seed}: {error}")) {
                Some(row) => *came.entry(number(&row.user_id)).or_insert(0) += 1,
                None => break true,
            }
            given += 1;
        };
        if ended {
            break;
        }
        point = Some(stored(&items.resume_point()));
        drop(items);
        now(0.5);
    }
    let throughout = throughout.lock().unwrap().clone();
    Run { throughout, came }
}

#[tokio::test(start_paused = true)]
async fn any_walk_stopped_behind_any_row_with_any_change_gives_what_is_there_throughout_exactly_once() {
    for seed in 0..200 {
        let Run { throughout, came } = random_walk(seed).await;
        let twice: Vec<_> = came.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "seed {seed}: {twice:?} came more than once");
        let missing: Vec<_> = throughout.iter().filter(|row| !came.contains_key(row)).collect();
        assert!(missing.is_empty(), "seed {seed}: {missing:?} are missing");
    }
}

/// README: a row that exists throughout comes exactly once, "whether or not the walk is stopped and resumed".
#[tokio::test(start_paused = true)]
async fn a_walk_is_resumed_after_many_rows_were_created_in_front() {
    for (limit, stop, created) in [(100, 8_000, 7_000), (10, 900, 700), (1, 90, 80)] {
        let table = Table::new(stop + 50);
        let client = table.serve().client();
        let mut items = client.list().limit(limit).items();
        let mut came = take(&mut items, stop).await;
        let point = items.resume_point();
        table.rows().splice(0..0, 100_000..100_000 + created);
        let more = rest(client.list().limit(limit).items().resume_from(point)).await;
        came.extend(more.unwrap_or_else(|error| panic!("{limit} a page: {error}")));
        let old: BTreeSet<usize> = came.into_iter().filter(|row| *row < 100_000).collect();
        assert_eq!(old.len(), stop + 50);
    }
}
