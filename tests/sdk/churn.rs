//! Walks over a server with state, while others create and delete rows between any two pages.

use std::collections::BTreeSet;

use openrouter_sandbox::{ListOrder, Sandbox};
use openrouter_workspaces::Client;

fn client(sandbox: &Sandbox) -> Client {
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
    builder.build().expect("the settings are valid")
}

/// A linear congruential generator, so that a failure can be repeated.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

#[tokio::test]
async fn rows_that_exist_throughout_come_once_in_every_order_and_at_any_concurrency() {
    for order in [ListOrder::OldestFirst, ListOrder::NewestFirst, ListOrder::BySlug] {
        for concurrency in [1, 4, 16] {
            for limit in [100, 30] {
                let sandbox = Sandbox::builder().seed_workspaces(300).list_order(order).start().await.unwrap();
                let before: BTreeSet<String> = slugs(&sandbox);
                let mut state = 7 + concurrency as u64;
                let churn = move |account: &openrouter_sandbox::Account, call: u64| {
                    // A delete and a create, so that the total tells nothing.
                    let there = account.workspaces();
                    let victim = &there[next(&mut state) % there.len()]["slug"];
                    if victim != "default" {
                        account.delete_workspace(victim.as_str().unwrap()).unwrap();
                        account.create_workspace(&format!("{:x}-{call}", next(&mut state) % 4096)).unwrap();
                    }
                };
                sandbox.before("list_workspaces", churn).unwrap();
                let walk = client(&sandbox).list().limit(limit).items().concurrency(concurrency);
                let rows = walk.try_collect().await.unwrap();
                let after = slugs(&sandbox);

                let came: BTreeSet<String> = rows.iter().map(|row| row.slug.clone()).collect();
                let context = format!("{order:?}, {concurrency} at once, {limit} a page");
                assert_eq!(came.len(), rows.len(), "{context}: a row came twice");
                let missing: Vec<_> = before.intersection(&after).filter(|slug| !came.contains(*slug)).collect();
                assert!(missing.is_empty(), "{context}: {missing:?} are missing");
            }
        }
    }
}

#[tokio::test]
async fn a_list_that_nobody_changes_costs_at_most_one_percent_more_requests_and_one() {
    for (rows, needed) in [(99, 1), (100, 1), (101, 2), (199, 2), (200, 2), (300, 3), (1_000, 10), (10_000, 100)] {
        for concurrency in [1, 4, 16] {
            // The default workspace is a row as well.
            let sandbox = Sandbox::builder().seed_workspaces(rows - 1).start().await.unwrap();
            let all = client(&sandbox).list().items().concurrency(concurrency).try_collect().await.unwrap();
            assert_eq!(all.len(), rows);
            let requests = sandbox.journal().len();
            assert!(requests <= needed + needed / 100 + 1, "{rows} rows, {concurrency} at once: {requests} requests");
        }
    }
}

fn slugs(sandbox: &Sandbox) -> BTreeSet<String> {
    sandbox.workspaces().iter().map(|workspace| workspace["slug"].as_str().unwrap().to_owned()).collect()
}
