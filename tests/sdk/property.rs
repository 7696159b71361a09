//! What must hold for random values.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Tests a number of values, or as many as `PROPTEST_CASES` says. A failure is made smaller for a bounded number of steps.
pub fn holds<T: std::fmt::Debug>(cases: u32, strategy: impl Strategy<Value = T>, test: impl Fn(&T)) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
    let result = TestRunner::new(config).run(&strategy, |case| {
        test(&case);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}
