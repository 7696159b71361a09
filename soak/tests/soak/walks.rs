//! Simulated walks, few enough for every test run; and whether the checks of the simulation can fail.

use soak::walks::{Config, Report, Rule, Sabotage, run, run_with};

use crate::busy::while_busy;

fn walks(walks: u64, seed: u64) -> Report {
    run(Config { walks, seed, ..Config::default() })
}

#[test]
fn walks_keep_their_promises() {
    let report = walks(800, 1);
    assert!(report.is_clean(), "{report}");
}

#[test]
fn the_same_seed_has_the_same_traces_also_on_a_busy_machine_and_another_one_has_others() {
    let hash = walks(40, 2).trace_hash;
    assert_ne!(walks(40, 3).trace_hash, hash);
    assert_ne!(walks(39, 2).trace_hash, hash);
    assert_eq!(while_busy(|| walks(40, 2).trace_hash), hash);
}

#[test]
fn a_walk_that_is_run_alone_is_the_same_walk() {
    let config = Config { walks: 200, seed: 5, ..Config::default() };
    let sabotage = Some(Sabotage::UnderstatedTotal);
    let all = run_with(config, sabotage);
    let found = all.violations().iter().find(|violation| violation.rule == Rule::Missing).expect("rows are missing");
    let alone = run_with(Config { only: Some(found.number), ..config }, sabotage);
    let again = alone.violations().iter().find(|violation| violation.rule == Rule::Missing).expect("they are again");
    assert_eq!((again.number, &again.what), (found.number, &found.what));
    // Alone it has its whole trace, of which the other is the end.
    let end = found.trace.lines().last().expect("a trace has lines");
    assert!(again.trace.lines().count() >= found.trace.lines().count());
    assert!(again.trace.lines().any(|line| line == end), "{end} is not in:\n{}", again.trace);

    let one = |config| run(config).trace_hash;
    let number = found.number;
    assert_eq!(one(Config { only: Some(number), ..config }), one(Config { from: Some(number), walks: 1, ..config }),);
}

#[test]
fn what_breaks_a_promise_is_counted() {
    for (sabotage, rule) in [
        (Sabotage::UnderstatedTotal, Rule::Missing),
        (Sabotage::InventedRow, Rule::Unknown),
        (Sabotage::ShuffledRows, Rule::OutOfOrder),
        (Sabotage::StalePoint, Rule::Twice),
    ] {
        let report = run_with(Config { walks: 100, seed: 1, ..Config::default() }, Some(sabotage));
        assert!(report.count(rule) > 0 && !report.is_clean(), "{sabotage:?}: {report}");
        let shown = format!("{rule}: ");
        assert!(report.to_string().contains(&shown), "{report}");
    }
}
