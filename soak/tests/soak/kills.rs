//! A program that is killed and started again, often enough for every test run; and whether the checks of it can fail.

use soak::kills::{Config, Report, Rule, Sabotage, run, run_with};

fn config(seed: u64, kills: u64) -> Config {
    Config { kills, fault_rate: 0.3, seed, from: 0, only: None }
}

fn kills(seed: u64, kills: u64) -> Report {
    run(config(seed, kills))
}

#[test]
fn what_is_killed_and_started_again_converges() {
    for (fault_rate, kills) in [(0.0, 10), (0.3, 30)] {
        let report = run(Config { fault_rate, ..config(1, kills) });
        assert!(report.is_clean(), "{report}");
        assert!(report.kills() >= kills, "{report}");
    }
}

#[test]
fn the_same_seed_has_the_same_traces_and_another_one_has_others() {
    let hash = kills(2, 10).trace_hash;
    assert_eq!(kills(2, 10).trace_hash, hash);
    assert_ne!(kills(3, 10).trace_hash, hash);
}

#[test]
fn a_run_that_is_run_alone_is_the_same_run() {
    // One of these is broken in any case: alone it is broken in the same way.
    let sabotage = Some(Sabotage::AlwaysUpdate);
    let all = run_with(config(4, 10), sabotage);
    let found = all.violations().first().expect("it is seen");
    let alone = run_with(Config { only: Some(found.number), ..config(4, 10) }, sabotage);
    let again = alone.violations().first().expect("it is seen again");
    assert_eq!((again.number, again.rule, &again.what), (found.number, found.rule, &found.what));
    // Alone it has its whole trace, of which the other is the end.
    assert!(again.trace.ends_with(&format!("{}\n", found.trace)), "{}", again.trace);
}

/// How many kills it takes until this is seen to be broken. With this seed they are few.
fn kills_until(sabotage: Sabotage, rule: Rule) -> Option<u64> {
    let mut kills = 0;
    for number in 0..60 {
        let report = run_with(Config { only: Some(number), ..config(37, 1) }, Some(sabotage));
        kills += report.kills();
        if report.count(rule) > 0 {
            assert!(!report.is_clean() && report.to_string().contains(&format!("{rule}: ")), "{report}");
            return Some(kills);
        }
    }
    None
}

#[test]
fn what_breaks_a_promise_is_seen() {
    for (sabotage, rule) in [
        (Sabotage::BudgetsInOrderOfTable, Rule::OrderRefused),
        (Sabotage::RemoveFirst, Rule::Touched),
        (Sabotage::FirstHundred, Rule::Lost),
        (Sabotage::DoneForUnknown, Rule::FalseReport),
        (Sabotage::NoteBeforeWrite, Rule::Lost),
        (Sabotage::AnotherSlug, Rule::Doubled),
        (Sabotage::ClaimCreated, Rule::Claimed),
        (Sabotage::AlwaysUpdate, Rule::NeedlessWrite),
        (Sabotage::Immortal, Rule::AfterDeath),
    ] {
        let found = kills_until(sabotage, rule);
        println!("{sabotage:?}: {rule} after {found:?} kills");
        assert!(found.is_some(), "{sabotage:?} is not seen");
    }
}
