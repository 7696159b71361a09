//! The source of the API key fails in the middle of a call: what was sent before has been sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use openrouter_workspaces::{ApiKey, Delivery, Error, GaveUp};

use crate::common::KEY;
use crate::reconcile::api::OTHER_USER;
use crate::reconcile::create::{CREATE, LOOK_UP};
use crate::reconcile::network::{Step, World};

/// A world whose source of keys gives so many, and then fails.
fn world(keys: usize, phase: u64, steps: impl IntoIterator<Item = Step>) -> World {
    let given = Arc::new(AtomicUsize::new(0));
    let source = move || {
        let there_is_one = given.fetch_add(1, Ordering::Relaxed) < keys;
        async move { if there_is_one { Ok(ApiKey::new(KEY)) } else { Err("the vault is sealed".into()) } }
    };
    World::with(phase, steps, |builder| builder.api_key_from(source))
}

/// The call ended for want of a key, after this status, and so many requests.
fn assert_no_key(error: &Error, status: u16, attempts: u32) {
    let Some(GaveUp::NoKey { why }) = error.gave_up() else { panic!("{error:#?}") };
    assert!(why.contains("the vault is sealed"), "{why}");
    assert_eq!((error.status(), error.attempts(), error.delivery()), (Some(status), attempts, Delivery::Unknown));
    assert!(!error.to_string().contains("nothing was sent"), "{error}");
}

async fn create(world: &World) -> Error {
    world.client.create("Production", "production").await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn without_a_key_for_the_look_up_a_create_that_was_sent_is_unknown() {
    let world = world(1, 450, [Step::status(503).applied()]);
    assert_no_key(&create(&world).await, 503, 1);
    assert_eq!(world.lines(), [CREATE]);

    // Also where attempts before had done nothing.
    let world = self::world(2, 450, [Step::status(429), Step::status(503)]);
    assert_no_key(&create(&world).await, 503, 2);
    assert_eq!(world.lines(), [CREATE; 2]);
}

#[tokio::test(start_paused = true)]
async fn without_a_key_for_a_repeated_look_up_a_create_that_was_sent_is_unknown() {
    let world = world(2, 450, [Step::status(504), Step::status(503)]);
    assert_no_key(&create(&world).await, 504, 2);
    assert_eq!(world.lines(), [CREATE, LOOK_UP]);

    // The second look-up is the one that tells the server's clock.
    let world = self::world(2, 100, [Step::status(504).applied()]);
    assert_no_key(&create(&world).await, 504, 2);
    assert_eq!(world.lines(), [CREATE, LOOK_UP]);
}

#[tokio::test(start_paused = true)]
async fn without_a_key_for_the_second_create_the_first_one_is_unknown() {
    let world = world(2, 450, [Step::status(503)]);
    assert_no_key(&create(&world).await, 503, 2);
    assert_eq!(world.lines(), [CREATE, LOOK_UP]);
}

#[tokio::test(start_paused = true)]
async fn without_a_key_for_the_repeat_an_update_or_delete_that_was_sent_is_unknown() {
    for keys in [1, 2] {
        let world = world(keys, 450, [Step::status(503)]);
        world.api().create(OTHER_USER, &serde_json::json!({"slug": "production"}), 60_000);
        assert_no_key(&world.client.delete("production").await.unwrap_err(), 503, keys as u32);
        assert_eq!(world.lines(), ["DELETE /workspaces/production", LOOK_UP][..keys]);
    }
    let world = world(1, 450, [Step::status(503)]);
    assert_no_key(&world.client.set_budget("production", "monthly", 5.0).await.unwrap_err(), 503, 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_key_for_the_first_request_nothing_was_sent() {
    let world = world(0, 450, []);
    let error = create(&world).await;
    assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    assert_eq!((error.attempts(), error.delivery(), error.gave_up()), (0, Delivery::NotSent, None));
}

/// `Error::attempts`: "The requests that were sent for the call... Zero if nothing was sent."
#[tokio::test(start_paused = true)]
async fn a_source_of_keys_that_hangs_is_no_request() {
    let hangs = std::future::pending::<Result<ApiKey, _>>;
    let limit = std::time::Duration::from_secs(30);
    let world = World::with(450, [], |builder| builder.api_key_from(hangs).attempt_timeout(limit));
    let error = create(&world).await;
    assert!(world.lines().is_empty(), "{error}");
    assert_eq!((error.attempts(), error.delivery()), (0, Delivery::NotSent), "{error}");
}
