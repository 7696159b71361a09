//! Killed at any request, and planned and applied again: only what is left is done. What becomes of it beside faults and other
//! writers is simulated by `cargo xtask soak --fleets`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use openrouter_sandbox::{Sandbox, SandboxService};
use openrouter_workspaces::{Client, HttpFuture, HttpService, reqwest};
use openrouter_workspaces_fleet::{Account, ApplyReport, Manifest, Outcome, Plan, PlanOptions, apply, plan};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use tokio::sync::Notify;

use crate::random::{account, config, fleet, is_expected, sandbox_with};
use crate::state::{on_paused_clock, only_what_the_manifest_says, planned_of, state};
use crate::support::simulated;

/// Sends requests until one is the last of its process, which never hears what became of it.
struct Killed {
    service: SandboxService,
    left: AtomicUsize,
    /// Whether the server processes the last one.
    arrives: bool,
    now: Arc<Notify>,
}

impl HttpService for Killed {
    fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
        Box::pin(async {
            let left = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
            if left.is_err() {
                if self.arrives {
                    let _ = self.service.call(request).await;
                }
                self.now.notify_one();
                return std::future::pending().await;
            }
            self.service.call(request).await
        })
    }
}

/// Carries out a plan in a process that is killed after some requests. What it knew is returned.
async fn apply_and_kill(sandbox: &Sandbox, plan: &Plan, requests: usize, arrives: bool) -> ApplyReport {
    let now = Arc::new(Notify::new());
    let service = Killed { service: sandbox.service(), left: requests.into(), arrives, now: now.clone() };
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).http_service(service);
    let job = apply(&builder.build().expect("the settings are valid"), plan).concurrency(3);
    let so_far = job.so_far();
    tokio::select! {
        report = job.into_future() => report.expect("the plan fits"),
        () = now.notified() => so_far.get(),
    }
}

/// In each workspace what is done comes first, then at most one action that was under way, then what was not tried.
fn in_order(report: &ApplyReport) -> bool {
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Done => 0,
        Outcome::Started | Outcome::Failed(_) => 1,
        _ => 2,
    };
    report.workspaces.iter().all(|workspace| {
        let ranks: Vec<u8> = workspace.actions.iter().map(|action| rank(&action.outcome)).collect();
        ranks.is_sorted() && ranks.iter().filter(|rank| **rank == 1).count() <= 1
    })
}

/// A plan of a random manifest, if it goes with the account.
async fn planned(client: &Client, manifest: &Manifest) -> Option<Plan> {
    let account = Account::read_for(client, manifest).await.expect("it can be read");
    match plan(manifest, &account, &PlanOptions::default()) {
        Ok(plan) => Some(plan),
        Err(error) => {
            assert!(is_expected(&error), "{error}");
            None
        }
    }
}

proptest! {
    #![proptest_config(config(50))]

    #[test]
    fn killed_at_any_request_and_started_again_it_finishes(
        there in account(), fleet in fleet(), requests in 0..24_usize, again in 0..6_usize, arrives in any::<bool>(),
    ) {
        on_paused_clock(async {
            let (sandbox, client) = sandbox_with(&there, simulated()).await;
            let before = state(&sandbox);
            let Some(plan) = planned(&client, &fleet).await else { return Ok(()) };
            let report = apply_and_kill(&sandbox, &plan, requests, arrives).await;
            prop_assert!(in_order(&report), "{report}");
            // A second time, what is left.
            let Some(rest) = planned(&client, &fleet).await else {
                return Err(TestCaseError::fail("there was a plan before"));
            };
            let done = report.actions().filter(|(_, report)| report.outcome == Outcome::Done).count();
            prop_assert!(rest.counts().actions + done <= plan.counts().actions, "{rest:#?} after {report}");
            if !rest.is_empty() {
                apply_and_kill(&sandbox, &rest, again, !arrives).await.actions().for_each(drop);
            }
            let last = planned(&client, &fleet).await.expect("there was a plan before");
            prop_assert!(apply(&client, &last).await.unwrap().is_complete());
            let left = planned_of(&fleet, &Account::read_for(&client, &fleet).await.unwrap());
            prop_assert!(left.is_empty(), "{:#?}", left);
            only_what_the_manifest_says(&fleet, &before, &sandbox)
        })?;
    }
}
