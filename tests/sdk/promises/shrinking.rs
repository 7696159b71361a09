//! Walks over lists that get shorter: because others delete rows, and because the walk's own rows are deleted.

use std::collections::BTreeSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use openrouter_workspaces::Error;

use crate::promises::service::Memory;
use crate::promises::table::{Table, number, rest};

/// Asserts that a walk over 100 rows, one at a time, ends without an error, and in how many requests at most.
async fn assert_ends_well(case: &str, service: &Memory) -> Vec<usize> {
    let came = rest(service.client().list().limit(1).items()).await;
    let came = came.unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(BTreeSet::from_iter(&came).len(), came.len(), "{case}: a row came twice");
    assert!(service.count() <= 400, "{case}: {} requests", service.count());
    came
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_deleted_from_the_front_one_row_a_request() {
    let service = Table::new(100).serve_changing(|rows, page| {
        if page > 0 && !rows.is_empty() {
            rows.remove(0);
        }
    });
    assert_ends_well("from the front", &service).await;
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_deleted_from_the_end_one_row_a_request() {
    let service = Table::new(100).serve_changing(|rows, page| {
        if page > 0 {
            rows.pop();
        }
    });
    let came = assert_ends_well("from the end", &service).await;
    assert_eq!(came, Vec::from_iter(0..came.len()));
    assert!(came.len() >= 50, "half of the list is passed before it is gone: {came:?}");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_deleted_as_a_whole() {
    for when in [1, 2, 3, 17, 50, 99] {
        let service = Table::new(100).serve_changing(move |rows, page| {
            if page == when {
                rows.clear();
            }
        });
        assert_eq!(assert_ends_well("at once", &service).await, Vec::from_iter(0..when));
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_deleted_at_random() {
    for seed in 0..100 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let service = Table::new(100).serve_changing(move |rows, _| {
            for _ in 0..rng.usize(0..4) {
                if !rows.is_empty() {
                    rows.remove(rng.usize(0..rows.len()));
                }
            }
        });
        assert_ends_well(&format!("seed {seed}"), &service).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_clean_up_that_deletes_what_the_walk_gives_gets_every_row() {
    for limit in [1, 7, 10, 50, 100] {
        for concurrency in [1, 8] {
            let case = format!("{limit} a page, {concurrency} at once");
            let table = Table::new(100);
            let service = table.serve();
            let client = service.client();
            let mut items = client.list().limit(limit).items().concurrency(concurrency);
            let mut deleted = 0;
            while let Some(row) = items.try_next().await.unwrap_or_else(|error| panic!("{case}: {error}")) {
                client.delete(row.id.to_string()).await.unwrap();
                deleted += 1;
            }
            assert_eq!((deleted, table.rows().len()), (100, 0), "{case}");
            // A deletion makes what was asked for ahead useless.
            let pages = service.count() - 100;
            assert!(pages <= 200 + 100 * (concurrency - 1), "{case}: {pages} pages");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_clean_up_that_deletes_eight_rows_at_once_gets_every_row() {
    for rows in [100, 450] {
        for concurrency in [1, 8] {
            let table = Table::new(rows);
            let client = table.serve().client();
            let items = client.list().limit(10).items().concurrency(concurrency);
            let deletions = items.map_ok(|row| {
                let client = client.clone();
                async move { client.delete(row.id.to_string()).await.map(|_| number(&row.slug)) }
            });
            let deleted: Vec<usize> = deletions.try_buffer_unordered(8).try_collect().await.unwrap();
            assert_eq!(BTreeSet::from_iter(deleted), BTreeSet::from_iter(0..rows), "{concurrency} at once");
            assert_eq!(table.rows().len(), 0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_clean_up_page_by_page_gets_every_row() {
    for (rows, limit) in [(100, 10), (250, 100), (100, 1)] {
        let table = Table::new(rows);
        let client = table.serve().client();
        let mut pages = client.list().limit(limit).pages();
        let mut deleted = 0;
        while let Some(page) = pages.try_next().await.unwrap() {
            let deletions = stream::iter(page.data).map(|row| client.delete(row.id.to_string()).into_future());
            let results: Vec<Result<_, Error>> = deletions.buffer_unordered(8).collect().await;
            deleted += results.into_iter().map(Result::unwrap).count();
        }
        assert_eq!((deleted, table.rows().len()), (rows, 0), "{limit} a page");
    }
}

/// `items`: "Walks over all rows from the offset on". Who keeps the first five and deletes the rest must not lose those.
#[tokio::test(start_paused = true)]
async fn a_walk_from_an_offset_never_gives_the_rows_before_it() {
    for (rows, limit) in [(15, 5), (15, 100), (300, 100)] {
        let table = Table::new(rows);
        let client = table.serve().client();
        let mut items = client.list().offset(5).limit(limit).items();
        while let Some(row) = items.try_next().await.unwrap() {
            client.delete(row.id.to_string()).await.unwrap();
        }
        assert_eq!(*table.rows(), [0, 1, 2, 3, 4], "{rows} rows, {limit} a page");
    }
}
