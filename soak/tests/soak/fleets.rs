//! Manifests that are applied by a program that is killed, few enough for every test run; and whether the checks can fail.

use soak::fleets::{Config, Report, Rule, Sabotage, run, run_with};

fn config(seed: u64, fleets: u64) -> Config {
    Config { fleets, fault_rate: 0.3, seed, from: 0, only: None }
}

fn fleets(seed: u64, fleets: u64) -> Report {
    run(config(seed, fleets))
}

#[test]
fn what_is_planned_and_applied_until_it_is_done_is_as_the_manifest_says() {
    for (fault_rate, fleets) in [(0.0, 15), (0.3, 45)] {
        let report = run(Config { fault_rate, ..config(1, fleets) });
        assert!(report.is_clean(), "{report}");
        assert!(report.counts().traffic.kills >= fleets, "{report}");
        assert!(report.counts().strangers > fleets && report.counts().stale > fleets / 10, "{report}");
        // Others may leave an account in which a manifest has no plan, but not as a rule.
        assert!(report.counts().without_plan < fleets / 5, "{report}");
    }
}

#[test]
fn the_same_seed_has_the_same_traces_and_another_one_has_others() {
    let hash = fleets(2, 10).trace_hash;
    assert_eq!(fleets(2, 10).trace_hash, hash);
    assert_ne!(fleets(3, 10).trace_hash, hash);
}

#[test]
fn a_fleet_that_is_run_alone_is_the_same_fleet() {
    let sabotage = Some(Sabotage::AlwaysUpdate);
    let all = run_with(config(4, 10), sabotage);
    let found = all.violations().first().expect("it is seen");
    let alone = run_with(Config { only: Some(found.number), ..config(4, 10) }, sabotage);
    let again = alone.violations().first().expect("it is seen again");
    assert_eq!((again.number, again.rule, &again.what), (found.number, found.rule, &found.what));
    // Alone it has its whole trace, of which the other is the end.
    assert!(again.trace.trim_end().ends_with(&found.trace), "{}", again.trace);
}

/// How many fleets it takes until this is seen to be broken. With this seed they are few.
fn fleets_until(sabotage: Sabotage, rule: Rule) -> Option<u64> {
    (0..60).find(|number| {
        let report = run_with(Config { only: Some(*number), ..config(5, 1) }, Some(sabotage));
        let is_seen = report.count(rule) > 0;
        assert!(!is_seen || !report.is_clean() && report.to_string().contains(&format!("{rule}: ")), "{report}");
        is_seen
    })
}

#[test]
fn what_breaks_a_promise_is_seen() {
    for (sabotage, rule) in [
        (Sabotage::WithoutBudgets, Rule::Lost),
        (Sabotage::CreateForRename, Rule::Doubled),
        (Sabotage::ExactlyForInclude, Rule::Touched),
        (Sabotage::PruneAlways, Rule::Touched),
        (Sabotage::RenameDefault, Rule::Default),
        (Sabotage::Backwards, Rule::Refused),
        (Sabotage::DoneForFailed, Rule::FalseReport),
        (Sabotage::NotTriedForDone, Rule::FalseReport),
        (Sabotage::NotSentForUnknown, Rule::FalseReport),
        (Sabotage::PlanAgain, Rule::Stale),
        (Sabotage::RefuseAnyChange, Rule::Unfounded),
        (Sabotage::AlwaysUpdate, Rule::NeedlessWrite),
        (Sabotage::SendAgain, Rule::TooManyRequests),
        (Sabotage::ReadAgain, Rule::TooManyRequests),
        (Sabotage::Immortal, Rule::AfterDeath),
        (Sabotage::LeaveTask, Rule::TasksLeft),
        (Sabotage::Wait, Rule::Endless),
        (Sabotage::Panic, Rule::Panicked),
    ] {
        let found = fleets_until(sabotage, rule);
        println!("{sabotage:?}: {rule} by fleet {found:?}");
        assert!(found.is_some(), "{sabotage:?} is not seen");
    }
}
