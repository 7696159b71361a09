//! A create that the server does after a gateway has answered for it. There is no idempotency key, so what the server does
//! after the call has ended cannot be told.

use openrouter_workspaces::{Delivery, Error, Evidence};
use tokio::time::{Duration, sleep};

use crate::reconcile::api::Api;
use crate::reconcile::create::{CREATE, LOOK_UP};
use crate::reconcile::network::{Step, World};
use crate::reconcile::unreconciled;

/// A gateway answers 504 at once; the server does it 0.8 s later.
fn late() -> Step {
    Step::status(504).applied_after(800)
}

#[tokio::test(start_paused = true)]
async fn a_create_that_is_applied_after_the_second_one_leaves_exactly_one_workspace() {
    let world = World::new(450, [late()]);
    let response = world.client.create("Production", "production").send_with_meta().await.unwrap();
    assert_eq!((world.lines(), world.times()), (vec![CREATE.into(), LOOK_UP.into(), CREATE.into()], vec![0, 500, 500]));
    assert_eq!((response.status(), response.evidence()), (201, Evidence::Repeated));
    sleep(Duration::from_secs(10)).await;
    assert_eq!(world.api().workspaces.len(), 1, "the slug was taken when the first one was done");
    assert_eq!(world.api().workspaces[0]["id"], response.data.id.to_string());
}

#[tokio::test(start_paused = true)]
async fn a_create_that_is_applied_before_the_second_one_is_the_result() {
    // The second create is on its way for 0.4 s, and is refused: with 409 by the server, or 400 by a stricter one.
    for second in [Step::honest(), Step::status(400)] {
        let world = World::new(450, [late(), Step::honest(), second.slow(400, 0)]);
        let response = world.client.create("Production", "production").send_with_meta().await.unwrap();
        assert_eq!(world.lines(), [CREATE, LOOK_UP, CREATE, LOOK_UP]);
        assert_eq!(world.times(), [0, 500, 500, 900], "a refusal is looked up at once");
        assert_eq!((response.attempts(), response.evidence()), (4, Evidence::Inferred));
        assert_eq!(world.api().workspaces.len(), 1);
        assert_eq!(world.api().workspaces[0]["id"], response.data.id.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn a_slug_that_somebody_else_takes_before_the_second_create_is_a_conflict_and_not_ours() {
    let taken = |api: &mut Api| drop(api.other_creates("Theirs", "production", 0));
    let world = World::new(450, [late(), Step::honest(), Step::honest().after(taken)]);
    let error = world.client.create("Production", "production").await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    assert_eq!(error.delivery(), Delivery::Unknown, "the first one was never answered for");
    assert_eq!(world.lines(), [CREATE, LOOK_UP, CREATE, LOOK_UP]);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(world.api().workspaces.len(), 1);
}

/// The end of what can be promised: who deletes the workspace at once may find the late one in its place.
#[tokio::test(start_paused = true)]
async fn a_create_that_is_applied_after_a_delete_cannot_be_prevented() {
    let world = World::new(450, [late()]);
    let created = world.client.create("Production", "production").await.unwrap();
    world.client.delete(created.id.to_string()).await.unwrap();
    sleep(Duration::from_secs(10)).await;
    assert_eq!(world.api().workspaces.len(), 1);
    assert_ne!(world.api().workspaces[0]["id"], created.id.to_string());
}

#[tokio::test(start_paused = true)]
async fn a_create_that_is_applied_after_its_last_look_up_is_reported_as_unknown() {
    let world = World::new(450, [Step::status(504).applied_after(800), Step::status(403)]);
    let error = world.client.create("Production", "production").await.unwrap_err();
    unreconciled(&error);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(world.api().workspaces.len(), 1);
}
