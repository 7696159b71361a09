//! Creating a workspace when the answer does not tell: it is looked up, and created again only if it is absent.

use std::time::Duration;

use openrouter_workspaces::{Delivery, Error, Evidence, GaveUp, RetryConfig, Workspace};
use serde_json::json;

use crate::common::paused::exact;
use crate::reconcile::api::{Api, OWN_USER};
use crate::reconcile::network::{Step, World};
use crate::reconcile::unreconciled;

pub const CREATE: &str = "POST /workspaces";
pub const LOOK_UP: &str = "GET /workspaces/production";

/// A phase of the server's clock at which the first look-up tells enough: half a second later the clock is about to turn.
const TELLING: u64 = 450;

/// Creates a workspace; what becomes of the requests is given.
async fn create(steps: Vec<Step>, retry: RetryConfig) -> (World, Result<Workspace, Error>) {
    let world = World::new(TELLING, steps);
    let result = world.client.create("Production", "production").description("Live traffic").retry(retry).await;
    (world, result)
}

/// The ways in which the answer to a create that was applied tells nothing.
fn lost_answers() -> Vec<(&'static str, Step)> {
    let unreadable = |body| Step::text(201, "application/json", body).applied();
    let mut lost: Vec<_> =
        [408, 500, 501, 502, 503, 504].map(|status| ("a status", Step::status(status).applied())).into();
    lost.extend([
        ("a page of a gateway", Step::text(502, "text/html", "<h1>Bad gateway</h1>").applied()),
        ("a reset", Step::reset().applied()),
        ("a cut body", Step::cut()),
        ("a body that stalls", Step::stalled()),
        ("silence", Step::silence().applied()),
        ("half of the JSON", unreadable("{\"data\":")),
        ("a page", unreadable("<h1>hello</h1>")),
        ("another shape", unreadable("{\"data\": {\"id\": 1}}")),
    ]);
    lost
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_an_attempt_without_an_answer_created_is_the_result() {
    for (name, step) in lost_answers() {
        let world = World::with(TELLING, [step], |builder| builder.attempt_timeout(Duration::from_secs(5)));
        let request = world.client.create("Production", "production").description("Live traffic");
        let response = request.send_with_meta().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(world.lines()[..2], [CREATE, LOOK_UP], "{name}: it is not created twice");
        assert_eq!(world.lines().iter().filter(|line| *line == CREATE).count(), 1, "{name}");
        assert_eq!(world.api().workspaces.len(), 1, "{name}");
        assert_eq!(response.data.id.to_string(), world.api().workspaces[0]["id"], "{name}");
        assert_eq!(response.evidence(), Evidence::Inferred, "{name}");
        assert_eq!((response.status(), response.attempts() as usize), (200, world.lines().len()), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_doubtful_create_is_looked_up_after_the_wait_and_once_more_if_the_second_does_not_tell() {
    let (world, created) = create(vec![Step::status(503).applied()], exact()).await;
    created.unwrap();
    assert_eq!((world.lines(), world.times()), (vec![CREATE.into(), LOOK_UP.into()], vec![0, 500]));

    // At 0.1 s after the full second the look-up half a second later does not tell how long ago that was.
    let world = World::new(100, [Step::status(503).applied()]);
    world.client.create("Production", "production").await.unwrap();
    assert_eq!(world.lines(), [CREATE, LOOK_UP, LOOK_UP]);
    // The clock turns 0.9 s after the start of the call, and the tolerance is 0.25 s.
    assert_eq!(world.times(), [0, 500, 650]);
}

#[tokio::test(start_paused = true)]
async fn an_absent_workspace_is_created_again_at_once_after_the_look_up() {
    let steps = vec![Step::status(503), Step::honest(), Step::reset()];
    let world = World::new(TELLING, steps);
    let response = world.client.create("Production", "production").retry(exact().max_attempts(5)).send_with_meta();
    let response = response.await.unwrap();
    assert_eq!(world.lines(), [CREATE, LOOK_UP, CREATE, LOOK_UP, CREATE]);
    assert_eq!(world.times(), [0, 500, 500, 2500, 2500], "the wait comes before the look-up");
    assert_eq!((response.status(), response.attempts(), response.evidence()), (201, 5, Evidence::Repeated));
}

#[tokio::test(start_paused = true)]
async fn a_look_up_waits_as_long_as_the_server_asks() {
    let busy = json!({"error": {"code": 503, "message": "busy"}});
    let world = World::new(TELLING, [Step::fake(503, &busy).header("retry-after", "7")]);
    world.client.create("Production", "production").await.unwrap();
    assert_eq!(
        (world.lines(), world.times()),
        (vec![CREATE.into(), LOOK_UP.into(), CREATE.into()], vec![0, 7000, 7000])
    );
}

#[tokio::test(start_paused = true)]
async fn a_conflict_at_the_first_attempt_is_a_conflict_without_a_look_up() {
    let taken = |api: &mut Api| drop(api.other_creates("Production", "production", 0));
    let (world, created) = create(vec![Step::honest().after(taken)], exact()).await;
    let error = created.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    assert_eq!((error.delivery(), error.gave_up()), (Delivery::Answered, None));
    assert_eq!(world.lines(), [CREATE]);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_after_attempts_that_certainly_did_nothing_is_a_conflict_without_a_look_up() {
    for first in [|| Step::status(429), Step::refused] {
        // Somebody else takes the slug, with the same fields, between the two attempts.
        let taken = |api: &mut Api| {
            api.create(
                OWN_USER,
                &json!({"name": "Production", "slug": "production", "description": "Live traffic"}),
                0,
            );
        };
        let (world, created) = create(vec![first(), Step::honest().after(taken)], exact()).await;
        let error = created.unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        assert_eq!((error.delivery(), error.attempts()), (Delivery::Answered, 2));
        assert_eq!(world.lines(), [CREATE; 2]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_up_is_retried_like_any_other_call() {
    let steps = vec![Step::status(500).applied(), Step::status(503)];
    let (world, created) = create(steps, exact()).await;
    created.unwrap();
    assert_eq!(world.lines()[..3], [CREATE, LOOK_UP, LOOK_UP]);
    assert_eq!(world.times()[..3], [0, 500, 1500]);
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_fails_leaves_the_outcome_unknown_and_the_error_is_that_of_the_create() {
    let not_of_the_api = Step::text(404, "text/html", "<h1>No such page</h1>");
    for (look_up, said) in [(Step::status(403), "status 403"), (not_of_the_api, "status 404")] {
        let (world, created) = create(vec![Step::status(500), look_up], exact()).await;
        let error = created.unwrap_err();
        assert_eq!(error.status(), Some(500));
        assert!(unreconciled(&error).contains(said), "{error}");
        assert_eq!(world.lines(), [CREATE, LOOK_UP]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_is_sent_once_where_no_look_up_tells() {
    let failures: [fn() -> Step; 4] = [Step::silence, Step::reset, Step::cut, || Step::status(503)];
    for failure in failures {
        let steps = [failure(), failure(), failure(), failure()];
        let world = World::with(TELLING, steps, |builder| builder.attempt_timeout(Duration::from_secs(5)));
        let error = world.client.create("Production", "production").retry(exact()).await.unwrap_err();
        assert_eq!((error.attempts(), error.delivery()), (4, Delivery::Unknown), "{error}");
        assert_eq!(world.lines(), [CREATE, LOOK_UP, LOOK_UP, LOOK_UP], "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_final_is_not_sent_again_where_the_workspace_is_absent() {
    let steps = vec![Step::status(503), Step::honest(), Step::status(400)];
    let (world, created) = create(steps, exact()).await;
    let error = created.unwrap_err();
    assert_eq!((error.status(), error.delivery()), (Some(400), Delivery::Unknown));
    assert_eq!(world.lines(), [CREATE, LOOK_UP, CREATE, LOOK_UP]);

    let (world, created) = create(vec![Step::status(501)], exact()).await;
    assert_eq!(created.unwrap_err().status(), Some(501));
    assert_eq!(world.lines(), [CREATE, LOOK_UP]);
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_connection_broke_is_not_sent_again_when_such_retries_are_off() {
    let (world, created) = create(vec![Step::reset()], exact().retry_connection_errors(false)).await;
    let error = created.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(world.lines(), [CREATE, LOOK_UP], "whether it is there is looked up all the same");
}

#[tokio::test(start_paused = true)]
async fn look_ups_can_be_switched_off() {
    let (world, created) = create(vec![Step::status(502).applied()], exact().reconcile(false)).await;
    let error = created.unwrap_err();
    assert_eq!((error.status(), error.delivery()), (Some(502), Delivery::Unknown));
    assert_eq!(error.gave_up(), Some(&GaveUp::Ambiguous));
    assert_eq!(world.lines(), [CREATE]);
}

#[tokio::test(start_paused = true)]
async fn a_look_up_waits_for_as_long_as_the_server_asks_whatever_it_refused_with() {
    let refused = Step::status(409).applied().header("retry-after", "7");
    let world = World::new(450, [Step::status(503), Step::honest(), refused]);
    world.client.create("Team", "team").await.unwrap();
    let look_up = "GET /workspaces/team";
    assert_eq!(world.lines(), [CREATE, look_up, CREATE, look_up]);
    assert_eq!(world.times(), [0, 500, 500, 7500]);
}
