//! The limits of a call cover everything that it sends, look-ups included.

use std::time::Duration;

use openrouter_workspaces::{Delivery, Error, Evidence, GaveUp};

use crate::common::paused::exact;
use crate::reconcile::create::{CREATE, LOOK_UP};
use crate::reconcile::network::{Step, World};

#[tokio::test(start_paused = true)]
async fn attempts_are_bounded_with_all_look_ups() {
    let world = World::new(450, [Step::status(503), Step::honest(), Step::status(503)]);
    let error = world.client.create("Production", "production").await.unwrap_err();
    assert_eq!(world.lines(), [CREATE, LOOK_UP, CREATE, LOOK_UP]);
    assert_eq!((error.status(), error.attempts()), (Some(503), 4));
    assert_eq!(error.gave_up(), Some(&GaveUp::AttemptsExhausted));
    assert_eq!(error.delivery(), Delivery::Unknown);
}

#[tokio::test(start_paused = true)]
async fn where_everything_fails_no_request_is_later_than_max_elapsed_time_or_more_than_max_attempts() {
    let second = Duration::from_secs(1);
    for retry in [
        exact().max_elapsed_time(second),
        exact().max_elapsed_time(second).initial_interval(Duration::from_millis(50)),
        exact().max_elapsed_time(second).initial_interval(Duration::ZERO),
    ] {
        for latency in [0, 100, 900] {
            let steps = (0..20).map(|_| Step::status(503).slow(latency, 0));
            let world = World::new(450, steps);
            let request = world.client.create("Production", "production").retry(retry.clone().max_attempts(4));
            let error = request.await.unwrap_err();
            let (times, lines) = (world.times(), world.lines());
            assert!(times.len() <= 4, "{lines:?}");
            assert!(times.iter().all(|at| *at <= 1000), "{times:?}");
            assert_eq!(error.attempts() as usize, times.len(), "{lines:?}");
            assert_eq!((error.status(), error.delivery()), (Some(503), Delivery::Unknown));
            assert_eq!(lines.iter().filter(|line| *line == CREATE).count(), 1, "no look-up said that it is absent");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_call_covers_its_look_ups() {
    let world = World::new(450, [Step::status(503), Step::silence()]);
    let request = world.client.create("Production", "production").timeout(Duration::from_secs(3));
    let error = request.await.unwrap_err();
    assert_eq!(error.call().elapsed(), Duration::from_secs(3));
    assert_eq!((error.status(), error.attempts(), error.delivery()), (Some(503), 2, Delivery::Unknown));
}

#[tokio::test(start_paused = true)]
async fn a_create_that_takes_the_whole_time_of_its_call_is_not_looked_up() {
    for retry in [exact(), exact().max_attempts(1)] {
        let world = World::new(450, [Step::silence()]);
        let request = world.client.create("Production", "production").retry(retry);
        let error = request.timeout(Duration::from_secs(3)).await.unwrap_err();
        assert!(matches!(&error, Error::Timeout(timeout) if timeout.is_total()), "{error}");
        // That the time is over is all that there is to tell.
        assert_eq!((error.gave_up(), error.delivery()), (None, Delivery::Unknown));
        assert_eq!(world.lines(), [CREATE]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_attempts_of_a_response_count_look_ups() {
    let world = World::new(450, [Step::status(503), Step::status(503)]);
    let response = world.client.create("Production", "production").send_with_meta().await.unwrap();
    assert_eq!(world.lines(), [CREATE, LOOK_UP, LOOK_UP, CREATE]);
    assert_eq!((response.attempts(), response.evidence()), (4, Evidence::Repeated));
}
