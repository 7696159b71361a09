//! A soak that is small enough for every test run.

use soak::{Config, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_doubled_stuck_or_leaked() {
    let report = run(Config { ops: 1_000, fault_rate: 0.3, seed: 7, workers: 32 }).await.expect("a sandbox");
    assert!(report.is_clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_faults_nothing_fails() {
    let report = run(Config { ops: 300, fault_rate: 0.0, seed: 7, workers: 8 }).await.expect("a sandbox");
    assert!(report.is_clean(), "{report}");
    assert!(!report.to_string().contains("Timeout"), "{report}");
}
