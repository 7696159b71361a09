//! Killed at any request, beside faults, and beside a second writer: planned and applied again, it ends as the manifest says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use openrouter_sandbox::{Fault, FaultPlan, Sandbox, SandboxService, When};
use openrouter_workspaces::{Client, HttpFuture, HttpService, RetryConfig, reqwest};
use openrouter_workspaces_fleet::{
    Account, ApplyError, ApplyReport, Manifest, Outcome, Plan, PlanOptions, apply, plan,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use tokio::sync::Notify;

use crate::random::{account, config, fleet, is_expected, sandbox_with};
use crate::state::{Checked, on_paused_clock, only_what_the_manifest_says, planned_of, state, unmet};
use crate::support::{client_with, simulated};

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

/// Plans and applies until nothing is left, which must be the case after so many rounds.
async fn converge(client: &Client, manifest: &Manifest, rounds: usize) -> Result<usize, TestCaseError> {
    for round in 0..rounds {
        let Ok(account) = Account::read_for(client, manifest).concurrency(4).await else { continue };
        let Ok(plan) = plan(manifest, &account, &PlanOptions::default()) else { continue };
        if plan.is_empty() {
            return Ok(round);
        }
        match apply(client, &plan).concurrency(4).await {
            Ok(_) | Err(ApplyError::Moved(_) | ApplyError::Read(_) | ApplyError::Unread { .. }) => {}
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        }
    }
    Err(TestCaseError::fail(format!("it is not as the manifest says after {rounds} rounds")))
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
    #![proptest_config(config(150))]

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
            converge(&client, &fleet, 2).await?;
            only_what_the_manifest_says(&fleet, &before, &sandbox)
        })?;
    }

    #[test]
    fn beside_faults_it_ends_as_the_manifest_says(
        there in account(), fleet in fleet(), seed in any::<u64>(), late in any::<bool>(),
    ) {
        on_paused_clock(async {
            let (sandbox, client) = sandbox_with(&there, simulated()).await;
            let before = state(&sandbox);
            if planned(&client, &fleet).await.is_none() {
                return Ok(());
            }
            let mut faults = vec![
                Fault::Reset(When::Before),
                Fault::Reset(When::After),
                Fault::status(503),
                Fault::status(503).after_processing(),
                Fault::status(500).after_processing(),
                Fault::status(429),
                Fault::Stall,
            ];
            // What the server does only after it has answered may undo what was done meanwhile.
            faults.extend(late.then(|| Fault::status(503).processed_late(Duration::from_secs(5))));
            sandbox.set_faults(FaultPlan::new(seed).rate_all(0.2, faults)).expect("the plan is valid");
            let impatient = client_with(&sandbox, RetryConfig::default().max_attempts(2));
            converge(&impatient, &fleet, 60).await?;
            sandbox.set_faults(FaultPlan::default()).expect("the plan is valid");
            if late {
                tokio::time::sleep(Duration::from_secs(3600)).await;
                converge(&client, &fleet, 2).await?;
            }
            let left = planned_of(&fleet, &Account::read_for(&client, &fleet).await.unwrap());
            prop_assert!(left.is_empty(), "{:#?}", left);
            only_what_the_manifest_says(&fleet, &before, &sandbox)
        })?;
    }

    #[test]
    fn beside_a_second_writer_a_plan_is_refused_or_what_it_did_is_completed(
        there in account(), fleet in fleet(), deed in deed(), during in proptest::option::of(1..12_u64),
    ) {
        on_paused_clock(beside_a_second_writer(there, fleet, deed, during))?;
    }
}

/// What somebody else does.
#[derive(Clone, Debug)]
enum Deed {
    Create(&'static str),
    Rename(&'static str, &'static str),
    Delete(&'static str),
    Join(&'static str, usize),
    Leave(&'static str, usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let slug = || prop_oneof![Just("a"), Just("b"), Just("c-1"), Just("d")];
    prop_oneof![
        slug().prop_map(Deed::Create),
        slug().prop_map(|slug| Deed::Rename(slug, "renamed")),
        slug().prop_map(Deed::Delete),
        (slug(), 1..9_usize).prop_map(|(slug, user)| Deed::Join(slug, user)),
        (slug(), 1..9_usize).prop_map(|(slug, user)| Deed::Leave(slug, user)),
    ]
}

impl Deed {
    /// Does it, if it is possible.
    fn happen(&self, account: &openrouter_sandbox::Account) {
        match self {
            Self::Create(slug) => drop(account.create_workspace(slug)),
            Self::Rename(slug, new) => drop(account.rename_workspace(slug, new)),
            Self::Delete(slug) => drop(account.delete_workspace(slug)),
            Self::Join(slug, user) => drop(account.add_member(slug, &format!("user_{user}"))),
            Self::Leave(slug, user) => drop(account.remove_member(slug, &format!("user_{user}"))),
        }
    }
}

async fn beside_a_second_writer(
    there: Vec<crate::random::There>,
    fleet: Manifest,
    deed: Deed,
    during: Option<u64>,
) -> Checked {
    let (sandbox, client) = sandbox_with(&there, simulated()).await;
    let Some(plan) = planned(&client, &fleet).await else { return Ok(()) };
    match during {
        // Between two requests that change something.
        Some(number) => {
            let count = Arc::new(AtomicUsize::new(0));
            for operation in
                ["create_workspace", "update_workspace", "bulk_add_workspace_members", "upsert_workspace_budget"]
            {
                let (deed, count) = (deed.clone(), count.clone());
                let hook = move |account: &openrouter_sandbox::Account, _| {
                    if count.fetch_add(1, Ordering::Relaxed) as u64 + 1 == number {
                        deed.happen(account);
                    }
                };
                sandbox.before(operation, hook).expect("there is such an operation");
            }
        }
        // After the plan.
        None => deed.happen(sandbox.account()),
    }
    let before = state(&sandbox);
    match apply(&client, &plan).await {
        Ok(report) => prop_assert!(in_order(&report), "{report}"),
        Err(ApplyError::Moved(moved)) => {
            prop_assert!(!moved.is_empty() && during.is_none());
            prop_assert_eq!(state(&sandbox), before, "it was refused, and something was done");
        }
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    }
    sandbox.clear_hooks();
    // What the other one did may not go with the manifest: then nothing is done, and it says why.
    if planned(&client, &fleet).await.is_some() {
        converge(&client, &fleet, 2).await?;
        let unmet = unmet(&fleet, &state(&sandbox));
        prop_assert!(unmet.is_empty(), "{:?}", unmet);
    }
    Ok(())
}
