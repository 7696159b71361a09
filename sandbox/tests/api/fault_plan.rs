//! Fault plans.

use std::collections::HashSet;
use std::io::ErrorKind;

use openrouter_sandbox::{Fault, FaultPlan, Sandbox, ScriptedResponse, When};

use crate::support::Api;

fn mixed(seed: u64) -> FaultPlan {
    FaultPlan::new(seed).rate_all(0.5, [Fault::status(500), Fault::status(502), Fault::status(503)])
}

/// The statuses of some calls of two operations, which take turns or do not.
async fn statuses(plan: FaultPlan, in_turn: bool) -> (Vec<u16>, Vec<u16>) {
    let api = Api::with(Sandbox::builder().faults(plan)).await;
    let call = async |path: &str| api.call("GET", path).await.status.as_u16();
    let (mut lists, mut gets) = (Vec::new(), Vec::new());
    for round in 0..40 {
        if in_turn || round < 20 {
            lists.push(call("/workspaces").await);
        }
        if in_turn || round >= 20 {
            gets.push(call("/workspaces/default").await);
        }
    }
    lists.truncate(20);
    gets.truncate(20);
    (lists, gets)
}

#[tokio::test]
async fn the_same_seed_brings_the_same_faults() {
    let first = statuses(mixed(7), true).await;
    assert_eq!(first, statuses(mixed(7), true).await);
    assert_ne!(first, statuses(mixed(8), true).await);
    assert_ne!(first.0, first.1);
}

#[tokio::test]
async fn other_operations_do_not_matter() {
    assert_eq!(statuses(mixed(7), true).await, statuses(mixed(7), false).await);
}

#[tokio::test]
async fn the_plan_tells_what_will_happen() {
    let told: Vec<u16> = (1..=20)
        .map(|call| mixed(7).fault("list_workspaces", call).map_or(200, |fault| fault.kind().parse().unwrap()))
        .collect();
    assert_eq!(statuses(mixed(7), true).await.0, told);
}

#[test]
fn a_seed_means_the_same_on_every_machine() {
    let kinds: Vec<String> = (1..=8)
        .map(|call| mixed(7).fault("list_workspaces", call).map_or("none".to_owned(), |fault| fault.kind()))
        .collect();
    assert_eq!(kinds, ["503", "none", "503", "none", "none", "502", "none", "none"]);
}

#[test]
fn a_rate_is_kept_in_the_long_run() {
    let plan = FaultPlan::new(3).rate_all(0.3, [Fault::status(500), Fault::Stall]);
    let faults: Vec<Fault> = (1..=10_000).filter_map(|call| plan.fault("get_workspace", call)).collect();
    assert!((2_850..3_150).contains(&faults.len()), "{}", faults.len());
    let stalls = faults.iter().filter(|fault| **fault == Fault::Stall).count();
    assert!((1_350..1_650).contains(&stalls), "{stalls}");
}

#[test]
fn a_rate_of_one_is_always_and_of_zero_never() {
    let always = FaultPlan::new(1).rate_all(1.0, [Fault::Stall]);
    let never = FaultPlan::new(1).rate_all(0.0, [Fault::Stall]);
    assert!((1..=100).all(|call| always.fault("get_workspace", call).is_some()));
    assert!((1..=100).all(|call| never.fault("get_workspace", call).is_none()));
}

#[test]
fn an_operation_has_only_faults_that_it_can_have() {
    let plan = FaultPlan::new(1).rate_all(1.0, [Fault::PageCap(1), Fault::status(500)]);
    assert!((1..=100).all(|call| plan.fault("get_workspace", call) == Some(Fault::status(500))));
    let kinds: HashSet<_> = (1..=100).map(|call| plan.fault("list_workspaces", call).unwrap().kind()).collect();
    assert_eq!(kinds.len(), 2);
}

#[test]
fn a_rate_of_an_operation_comes_before_that_of_all() {
    let plan = FaultPlan::new(1).rate_all(1.0, [Fault::status(500)]).rate("get_workspace", 1.0, [Fault::status(503)]);
    assert_eq!(plan.fault("get_workspace", 1), Some(Fault::status(503)));
    assert_eq!(plan.fault("list_workspaces", 1), Some(Fault::status(500)));
}

#[tokio::test]
async fn a_sequence_decides_call_by_call_and_then_the_rate_does() {
    let plan = FaultPlan::new(1)
        .rate("list_workspaces", 1.0, [Fault::status(500)])
        .sequence("list_workspaces", [None, Some(Fault::status(429))])
        .sequence("list_workspaces", [None]);
    let api = Api::with(Sandbox::builder().faults(plan)).await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(api.call("GET", "/workspaces").await.status.as_u16());
    }
    assert_eq!(statuses, [200, 429, 200, 500, 500]);
}

#[tokio::test]
async fn another_plan_counts_from_its_start() {
    let api = Api::start().await;
    api.fault("list_workspaces", Fault::status(500));
    api.call("GET", "/workspaces").await.refused(500);
    api.fault("list_workspaces", Fault::status(503));
    api.call("GET", "/workspaces").await.refused(503);
    api.sandbox.set_faults(FaultPlan::new(0).rate_all(1.0, [Fault::status(500)])).unwrap();
    api.sandbox.set_faults(FaultPlan::default()).unwrap();
    api.call("GET", "/workspaces").await.ok(200);
}

#[tokio::test]
async fn faults_are_counted_by_kind() {
    let api = Api::start().await;
    let plan = FaultPlan::default().sequence(
        "list_workspaces",
        [
            Some(Fault::status(503)),
            Some(Fault::status(503).after_processing()),
            Some(Fault::UnknownFields),
            None,
            Some(Fault::status(503)),
        ],
    );
    api.sandbox.set_faults(plan).unwrap();
    for _ in 0..6 {
        api.call("GET", "/workspaces").await;
    }
    let counts: Vec<(String, u64)> = api.sandbox.faults_applied().into_iter().collect();
    assert_eq!(counts, [("503".to_owned(), 2), ("503-after".to_owned(), 1), ("unknown-fields".to_owned(), 1)]);
}

#[tokio::test]
async fn a_scripted_answer_meets_no_fault_but_is_counted() {
    let api = Api::start().await;
    let plan = FaultPlan::default().sequence("list_workspaces", [Some(Fault::status(500)), Some(Fault::status(502))]);
    api.sandbox.set_faults(plan).unwrap();
    api.sandbox.script("list_workspaces", [ScriptedResponse::error(418, "Teapot")]).unwrap();
    api.call("GET", "/workspaces").await.refused(418);
    api.call("GET", "/workspaces").await.refused(502);
    let journal = api.sandbox.journal();
    assert_eq!((journal[0].fault.as_ref(), journal[0].processed), (None, false));
}

#[tokio::test]
async fn without_a_fault_a_request_is_processed_whatever_comes_of_it() {
    let api = Api::start().await;
    api.call("GET", "/workspaces").await.ok(200);
    api.call("GET", "/workspaces/none").await.refused(404);
    api.call("GET", "/nowhere").await.refused(404);
    assert!(api.sandbox.journal().iter().all(|request| request.processed && request.fault.is_none()));
}

#[tokio::test]
async fn an_unknown_operation_is_an_error() {
    let plan = FaultPlan::default().rate("list", 1.0, [Fault::Stall]);
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(sandbox.set_faults(plan.clone()).unwrap_err().to_string(), "the sandbox has no operation list");
    let error = Sandbox::builder().faults(plan).start().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::InvalidInput, "the sandbox has no operation list")
    );
    let plan = FaultPlan::default().sequence("get", [None]);
    assert!(sandbox.set_faults(plan).is_err());
}

#[test]
fn every_fault_that_is_listed_can_be_named() {
    for (name, _) in Fault::NAMES {
        let name = name.replace("STATUS", "503");
        let plain = name.split('[').next().unwrap();
        let fault: Fault = plain.parse().unwrap();
        assert!(plain.starts_with(&fault.kind()), "{plain} is {}", fault.kind());
    }
}

#[test]
fn a_name_can_have_a_value() {
    use std::time::Duration;

    let millis = Duration::from_millis;
    assert_eq!("latency=5".parse(), Ok(Fault::latency(millis(5)..=millis(5))));
    assert_eq!("latency-after=5-9".parse(), Ok(Fault::latency(millis(5)..=millis(9)).after_processing()));
    assert_eq!("refuse=5".parse(), Ok(Fault::Refuse(millis(5))));
    assert_eq!("total-count=-1".parse(), Ok(Fault::TotalCount(openrouter_sandbox::TotalCount::Exactly(-1))));
    assert_eq!("redirect=http://a.example".parse(), Ok(Fault::redirect(307, "http://a.example")));
    assert_eq!("503-after".parse(), Ok(Fault::status(503).after_processing()));
    assert_eq!("503-late".parse(), Ok(Fault::status(503).processed_late(millis(2000))));
    assert_eq!("reset-late=5".parse(), Ok(Fault::Reset(When::Late(millis(5)))));
    assert_eq!("reset".parse(), Ok(Fault::Reset(When::Before)));
}

#[test]
fn an_unknown_name_or_value_is_refused_with_the_known_names() {
    for wrong in
        ["", "rest", "reset=1", "latency=x", "99", "503-later", "reset-late=x", "redirect", "oversize=-1", "drip="]
    {
        let error = wrong.parse::<Fault>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("there is no fault {wrong}: choose from latency")), "{error}");
        assert!(error.contains("reset-after"));
    }
}
