//! The retry loop without HTTP: its attempts are answers from a list, and its clock is paused.

use http::HeaderValue;
use tokio::time::{Instant, timeout};

use super::*;
use crate::api_key::BoxError;
use crate::error::{ApiError, Sent, TimeoutError, TransportError};
use crate::redact::Redactor;

fn status(status: u16) -> Error {
    status_with(status, &[])
}

fn status_with(status: u16, headers: &[(&'static str, &'static str)]) -> Error {
    let mut answer = http::Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(*name, HeaderValue::from_static(value));
    }
    Error::of_answer(ApiError::new(answer.body("".into()).unwrap(), None, &Redactor::default()))
}

fn connection(what: &'static str, sent: Sent) -> Box<TransportError> {
    Box::new(TransportError { what, cause: BoxError::from(what).into(), sent, answer: None, call: Default::default() })
}

fn refused() -> Error {
    Error::Connect(connection("refused", Sent::No))
}

fn reset() -> Error {
    Error::Transport(connection("reset", Sent::Maybe))
}

fn timed_out(total: bool, sent: Sent) -> Error {
    let (limit, last, answer, call) = Default::default();
    Error::Timeout(Box::new(TimeoutError { limit, total, last, sent, answer, call }))
}

fn no_key() -> Error {
    InvalidInput::new("api_key", "must come from its source, which failed").caused_by("the vault is sealed").into()
}

/// The default policy, with waits of 500, 1000 and 2000 ms.
fn exact() -> RetryConfig {
    RetryConfig::default().jitter(Jitter::None)
}

/// What came of a call.
struct Outcome {
    failure: Option<Error>,
    context: CallContext,
    /// When the attempts were made, in milliseconds.
    times: Vec<u128>,
}

impl Outcome {
    fn status(&self) -> Option<u16> {
        self.failure.as_ref().and_then(Error::status)
    }
}

/// A call whose attempts fail like this, one after the other; a further one succeeds.
async fn call(
    policy: &RetryConfig,
    budget: &RetryBudget,
    repeat: Repeat,
    mut context: CallContext,
    failures: Vec<Error>,
) -> Outcome {
    let (mut failures, mut times) = (failures.into_iter(), Vec::new());
    let start = Instant::now();
    let attempt = |_: &CallContext| {
        times.push(start.elapsed().as_millis());
        std::future::ready(failures.next().map_or(Ok(()), Err))
    };
    let failure = retry(policy, budget, &mut context, repeat, || 1.0, attempt).await.err();
    Outcome { failure, context, times }
}

async fn run(policy: &RetryConfig, failures: Vec<Error>) -> Outcome {
    call(policy, &RetryBudget::new(500), Repeat::Always, CallContext::new(None), failures).await
}

#[test]
fn full_jitter_draws_from_zero_to_a_capped_exponential() {
    let config =
        RetryConfig::default().initial_interval(Duration::from_millis(100)).max_interval(Duration::from_millis(1000));
    let longest: Vec<u128> = (0..6).map(|n| config.backoff(n, 1.0).as_millis()).collect();
    assert_eq!(longest, [100, 200, 400, 800, 1000, 1000]);
    assert_eq!(config.backoff(3, 0.0), Duration::ZERO);
    assert_eq!(config.backoff(3, 0.25), Duration::from_millis(200));
}

#[test]
fn huge_settings_do_not_overflow() {
    let config = RetryConfig::default()
        .initial_interval(Duration::MAX)
        .max_interval(Duration::MAX)
        .exponent(f64::MAX)
        .jitter(Jitter::None);
    assert_eq!(config.backoff(u32::MAX, 1.0), Duration::MAX);
}

#[tokio::test(start_paused = true)]
async fn attempts_follow_the_schedule_until_one_succeeds() {
    let outcome = run(&exact(), vec![status(503), status(429), refused()]).await;
    assert!(outcome.failure.is_none());
    assert_eq!(outcome.times, [0, 500, 1500, 3500]);
    assert_eq!((outcome.context.attempts, outcome.context.ambiguous), (4, true));
}

#[tokio::test(start_paused = true)]
async fn the_last_failure_ends_the_call_when_the_attempts_are_used_up() {
    let outcome = run(&exact().max_attempts(2), vec![status(500), status(503)]).await;
    assert_eq!((outcome.status(), outcome.times), (Some(503), vec![0, 500]));
    assert_eq!(outcome.context.gave_up, Some(GaveUp::AttemptsExhausted));
    let outcome = run(&RetryConfig::none(), vec![status(503)]).await;
    assert_eq!((outcome.context.attempts, outcome.context.gave_up), (1, Some(GaveUp::RetriesOff)));
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_is_final_ends_the_call_without_a_reason() {
    let off = exact().retry_connection_errors(false);
    for (policy, failure) in [
        (exact(), status(404)),
        (exact(), status(501)),
        (exact(), timed_out(true, Sent::Maybe)),
        (off.clone(), refused()),
        (off, reset()),
    ] {
        let outcome = run(&policy, vec![failure]).await;
        assert!(outcome.failure.is_some());
        assert_eq!((outcome.context.attempts, outcome.context.gave_up), (1, None));
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_a_floor_for_the_wait() {
    for (header, waited) in [("2", 2000), ("0.1", 500)] {
        let outcome = run(&exact(), vec![status_with(429, &[("retry-after", header)])]).await;
        assert_eq!(outcome.times, [0, waited]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_longer_than_what_remains_is_not_begun() {
    let (wait, remaining) = (Duration::from_secs(10), Duration::from_secs(9));
    let busy = || vec![status_with(503, &[("retry-after", "10")])];
    let of_policy = run(&exact().max_elapsed_time(remaining), busy()).await;
    let deadline = CallContext::new(Some(remaining));
    let of_call = call(&exact(), &RetryBudget::new(500), Repeat::Always, deadline, busy()).await;
    for outcome in [of_policy, of_call] {
        assert_eq!((outcome.status(), outcome.context.elapsed()), (Some(503), Duration::ZERO));
        assert_eq!(outcome.context.gave_up, Some(GaveUp::OutOfTime { wait, remaining }));
    }
}

/// The thread is busy for so long that the wait ends late.
#[tokio::test(start_paused = true)]
async fn a_wait_that_ends_too_late_is_the_end_of_the_call() {
    let policy = exact().max_elapsed_time(Duration::from_secs(1));
    let busy = tokio::time::advance(Duration::from_secs(10));
    let (outcome, ()) = tokio::join!(run(&policy, vec![status(503)]), busy);
    assert_eq!((outcome.status(), outcome.times), (Some(503), vec![0]));
    let (wait, remaining) = Default::default();
    assert_eq!(outcome.context.gave_up, Some(GaveUp::OutOfTime { wait, remaining }));
}

#[tokio::test(start_paused = true)]
async fn what_must_not_be_applied_twice_is_repeated_only_after_what_certainly_did_nothing() {
    let once = async |failure| {
        let repeat = Repeat::IfNothingWasDone;
        call(&exact(), &RetryBudget::new(500), repeat, CallContext::new(None), vec![failure]).await
    };
    for failure in [status(429), refused(), timed_out(false, Sent::No)] {
        let outcome = once(failure).await;
        assert!(outcome.failure.is_none());
        assert_eq!((outcome.times, outcome.context.ambiguous), (vec![0, 500], false));
    }
    for failure in [status(503), reset(), timed_out(false, Sent::Maybe)] {
        let outcome = once(failure).await;
        assert_eq!((outcome.times, outcome.context.ambiguous), (vec![0], true));
        assert_eq!(outcome.context.gave_up, Some(GaveUp::Ambiguous));
    }
}

#[tokio::test(start_paused = true)]
async fn retries_are_paid_for_when_they_are_sent_and_not_begun_without_tokens() {
    let (policy, budget) = (exact(), RetryBudget::new(12));
    let always = || vec![status(503), status(503), status(503)];
    let outcome = call(&policy, &budget, Repeat::Always, CallContext::new(None), always()).await;
    assert_eq!((outcome.times, outcome.context.elapsed().as_millis()), (vec![0, 500, 1500], 1500));
    assert_eq!(outcome.context.gave_up, Some(GaveUp::BudgetExhausted { tokens: 2, capacity: 12 }));

    // Somebody else takes the last tokens during the wait.
    let budget = RetryBudget::new(5);
    let other = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        budget.take()
    };
    let (outcome, taken) =
        tokio::join!(call(&policy, &budget, Repeat::Always, CallContext::new(None), always()), other);
    assert_eq!(taken, Ok(()));
    assert_eq!((outcome.status(), outcome.times), (Some(503), vec![0]));
    assert_eq!(outcome.context.gave_up, Some(GaveUp::BudgetExhausted { tokens: 0, capacity: 5 }));
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_dropped_while_they_wait_pay_nothing() {
    let (policy, budget) = (exact(), RetryBudget::new(5));
    for _ in 0..10 {
        let call = call(&policy, &budget, Repeat::Always, CallContext::new(None), vec![status(503)]);
        assert!(timeout(Duration::from_millis(499), call).await.is_err());
    }
    assert_eq!(budget.take(), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn without_a_key_the_failure_before_counts_and_no_attempt() {
    let outcome = run(&exact(), vec![no_key()]).await;
    assert!(matches!(outcome.failure, Some(Error::InvalidInput(_))));
    assert_eq!((outcome.context.attempts, outcome.context.gave_up), (0, None));

    let outcome = run(&exact(), vec![status(503), no_key()]).await;
    assert_eq!((outcome.status(), outcome.context.attempts, outcome.context.ambiguous), (Some(503), 1, true));
    let why = "must come from its source, which failed: the vault is sealed".to_owned();
    assert_eq!(outcome.context.gave_up, Some(GaveUp::NoKey { why }));
}
