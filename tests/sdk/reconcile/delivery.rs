//! What an error says of whether the server did what it was asked to do.

use openrouter_workspaces::Delivery;
use serde_json::json;

use crate::reconcile::network::{Step, World};

#[tokio::test(start_paused = true)]
async fn delivery_tells_what_is_known() {
    // A workspace by its id, so that nothing is looked up.
    let id = "00000000-0000-4000-8000-000000000001";
    for (steps, delivery) in [
        (vec![Step::refused(), Step::refused(), Step::refused(), Step::refused()], Delivery::NotSent),
        (vec![Step::status(429), Step::refused(), Step::refused(), Step::refused()], Delivery::Answered),
        (vec![Step::status(503), Step::refused(), Step::refused(), Step::refused()], Delivery::Unknown),
        (vec![Step::status(403)], Delivery::Answered),
        (vec![Step::honest()], Delivery::Answered),
        (vec![Step::status(501)], Delivery::Unknown),
        (vec![Step::text(502, "text/html", "<h1>Bad gateway</h1>"), Step::status(403)], Delivery::Unknown),
        (vec![Step::reset(), Step::status(400)], Delivery::Unknown),
        (vec![Step::status(429), Step::status(400)], Delivery::Answered),
        (vec![Step::refused(), Step::status(400)], Delivery::Answered),
        (vec![Step::fake(200, &json!({}))], Delivery::Unknown),
        (vec![Step::text(200, "text/html", "<h1>Welcome</h1>")], Delivery::Unknown),
    ] {
        let requests = steps.len();
        let world = World::new(450, steps);
        let error = world.client.update(id).name("Crew").await.unwrap_err();
        assert_eq!(error.delivery(), delivery, "{error}");
        assert_eq!(error.to_string().contains("may have been applied"), delivery == Delivery::Unknown, "{error}");
        assert_eq!(world.lines(), vec![format!("PATCH /workspaces/{id}"); requests]);
    }
    let world = World::new(450, []);
    assert_eq!(world.client.update("..").await.unwrap_err().delivery(), Delivery::NotSent);
    assert_eq!(world.lines(), [""; 0]);
}
