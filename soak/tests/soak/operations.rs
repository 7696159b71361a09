//! A simulation that is small enough for every test run.

use soak::{Config, Report, run, run_over_sockets, run_with};

use crate::busy::while_busy;

fn config(seed: u64, ops: u64, fault_rate: f64) -> Config {
    Config { ops, fault_rate, seed, from: 0 }
}

fn traced(config: Config) -> (Report, Vec<String>) {
    let mut traces = Vec::new();
    let report = run_with(config, |_, trace| traces.push(trace.to_owned()));
    (report, traces)
}

#[test]
fn every_promise_holds_where_much_goes_wrong() {
    for (seed, ops, fault_rate) in [(101, 2_000, 0.3), (102, 500, 0.6)] {
        let report = run(config(seed, ops, fault_rate));
        assert!(report.is_clean(), "{report}");
    }
}

#[test]
fn without_faults_only_other_clients_are_in_the_way() {
    let report = run(config(103, 500, 0.0));
    assert!(report.is_clean(), "{report}");
    assert!(report.to_string().contains("unknown outcomes  | 0 ()"), "{report}");
}

#[test]
fn the_same_seed_is_the_same_history_also_on_a_busy_machine() {
    let quiet = traced(config(7, 400, 0.3));
    let loaded = while_busy(|| traced(config(7, 400, 0.3)));
    assert_eq!(quiet.1, loaded.1);
    assert_eq!(quiet.0.hash(), loaded.0.hash());
    assert_ne!(quiet.0.hash(), run(config(8, 400, 0.3)).hash());
}

#[test]
fn a_run_that_begins_later_goes_on_with_the_same_histories() {
    let (_, all) = traced(config(7, 1_000, 0.3));
    let (_, rest) = traced(Config { from: 612, ..config(7, 1_000, 0.3) });
    assert_eq!(all.len(), 2);
    assert_eq!(rest, all[1..]);
}

/// The same over real connections, in real time: what the simulation does not have is in the way, too.
#[test]
fn promises_hold_over_sockets() {
    let report = run_over_sockets(config(2, 40, 0.3));
    assert!(report.is_clean(), "{report}");
}
