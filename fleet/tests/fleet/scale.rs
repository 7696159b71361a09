//! What it costs: 30 workspaces of 130 members and four budgets, and a thousand workspaces, where an answer takes 20 ms.

use std::fmt::Write;
use std::time::Duration;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces_fleet::{Account, Manifest, PlanOptions, apply, plan};
use tokio::time::Instant;

use crate::support::{client, described, manifest, requests, users};

/// As many workspaces, with as many members each.
fn fleet(workspaces: usize, members: usize) -> Manifest {
    let users = users(1..=members).join(", ");
    let mut text = "defaults: {default_provider_sort: price}\nworkspaces:\n".to_owned();
    for number in 1..=workspaces {
        writeln!(text, "  - slug: team-{number}\n    description: A team\n    members: [{users}]").unwrap();
        writeln!(text, "    budgets: {{lifetime: 9000, monthly: 1000, weekly: 300, daily: 50}}").unwrap();
    }
    manifest(&text)
}

/// How many requests something took, and how long.
async fn measured<T>(sandbox: &Sandbox, what: &str, job: impl Future<Output = T>) -> (T, usize, Duration) {
    requests(sandbox);
    let start = Instant::now();
    let result = job.await;
    let (count, time) = (requests(sandbox).len(), start.elapsed());
    println!("{what}: {count} requests in {time:?}");
    (result, count, time)
}

#[tokio::test(start_paused = true)]
async fn thirty_workspaces_of_130_members_and_four_budgets() {
    let sandbox = described().organization_members(130).in_memory().unwrap();
    let client = client(&sandbox);
    let manifest = fleet(30, 130);
    let planned = async {
        let account = Account::read_for(&client, &manifest).concurrency(16).await.unwrap();
        plan(&manifest, &account, &PlanOptions::default()).unwrap()
    };
    let from_nothing = async {
        let report = apply(&client, &planned.await).concurrency(16).await.unwrap();
        assert!(report.is_complete(), "{report}");
    };
    let ((), count, time) = measured(&sandbox, "plan and apply from nothing", from_nothing).await;
    assert!(count <= 215 && time <= Duration::from_millis(800), "{count} requests in {time:?}");

    let again = async {
        let account = Account::read_for(&client, &manifest).concurrency(16).await.unwrap();
        plan(&manifest, &account, &PlanOptions::default()).unwrap()
    };
    let (plan, count, time) = measured(&sandbox, "plan again", again).await;
    assert!(plan.is_empty(), "{plan:#?}");
    assert!(count <= 95 && time <= Duration::from_millis(250), "{count} requests in {time:?}");

    let (report, count, _) = measured(&sandbox, "apply again", async { apply(&client, &plan).await.unwrap() }).await;
    assert!(report.is_complete() && count == 0, "{count} requests");
}

#[tokio::test(start_paused = true)]
async fn a_thousand_workspaces_of_20_members() {
    let sandbox = described().organization_members(20).seed_workspaces(1000).in_memory().unwrap();
    let client = client(&sandbox);
    let users = users(1..=20);
    let mut text = "workspaces:\n".to_owned();
    for number in 1..=1000 {
        let slug = format!("workspace-{number}");
        users.iter().for_each(|user| sandbox.account().add_member(&slug, user).unwrap());
        writeln!(text, "  - {{slug: {slug}, members: [{}], budgets: {{}}}}", users.join(", ")).unwrap();
    }
    let manifest = manifest(&text);
    let planned = async {
        let account = Account::read_for(&client, &manifest).concurrency(64).await.unwrap();
        plan(&manifest, &account, &PlanOptions::default()).unwrap()
    };
    let (plan, count, time) = measured(&sandbox, "plan of 1,000 workspaces", planned).await;
    assert!(plan.is_empty());
    assert!(count <= 2_015 && time <= Duration::from_millis(2_500), "{count} requests in {time:?}");
}
