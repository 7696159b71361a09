//! Which workspace is the one that the call has created, and which is somebody else's.

use openrouter_workspaces::{Error, ProviderSort, Workspace};
use serde_json::{Value, json};

use crate::reconcile::api::{Api, OTHER_USER, OWN_USER};
use crate::reconcile::create::{CREATE, LOOK_UP};
use crate::reconcile::network::{Step, World};
use crate::reconcile::unreconciled;

/// Creates a workspace; in its place one with these fields is there after the first attempt, which is answered with 502.
async fn find(by: &'static str, changes: Value) -> Result<Workspace, Error> {
    let mut fields = json!({"name": "Production", "slug": "production"});
    fields.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let failure = json!({"error": {"code": 502, "message": "no"}, "user_id": OWN_USER});
    let appears = move |api: &mut Api| drop(api.create(by, &fields, 0));
    let world = World::new(450, [Step::fake(502, &failure).after(appears)]);
    let result = world.client.create("Production", "production").await;
    assert_eq!(world.lines(), [CREATE, LOOK_UP]);
    result
}

#[tokio::test(start_paused = true)]
async fn a_workspace_with_the_defaults_in_all_fields_that_were_not_sent_is_ours() {
    find(OWN_USER, json!({})).await.unwrap();
    find(OWN_USER, json!({"disabled_server_tools": []})).await.unwrap();
    find(OWN_USER, json!({"io_logging_sampling_rate": 1.0})).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_differs_in_a_field_that_was_not_sent_is_not_ours() {
    for (field, value) in [
        ("description", json!("Theirs")),
        ("default_text_model", json!("openai/gpt-4o")),
        ("default_image_model", json!("openai/dall-e-3")),
        ("default_provider_sort", json!("price")),
        ("disabled_server_tools", json!(["openrouter:bash"])),
        ("io_logging_sampling_rate", json!(0.5)),
        ("io_logging_api_key_ids", json!([17])),
        // No key is logged, where null means all of them.
        ("io_logging_api_key_ids", json!([])),
        ("is_observability_io_logging_enabled", json!(true)),
        ("is_observability_broadcast_enabled", json!(true)),
        ("is_data_discount_logging_enabled", json!(true)),
    ] {
        let error = find(OWN_USER, json!({field: value})).await.unwrap_err();
        assert_eq!(error.status(), Some(502));
        assert!(unreconciled(&error).contains(&format!("its {field} differs")), "{error}");
        assert!(error.to_string().contains("the outcome is unknown"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_differs_in_a_field_that_was_sent_is_not_ours() {
    let error = find(OWN_USER, json!({"name": "Other"})).await.unwrap_err();
    assert!(unreconciled(&error).contains("its name differs"), "{error}");

    let other = |api: &mut Api| drop(api.create(OWN_USER, &json!({"name": "Production", "slug": "production"}), 0));
    let world = World::new(450, [Step::status(502).after(other)]);
    let error = world.client.create("Production", "production").description("Live traffic").await.unwrap_err();
    assert!(unreconciled(&error).contains("its description differs"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_another_user_created_is_not_ours() {
    let error = find(OTHER_USER, json!({})).await.unwrap_err();
    assert!(unreconciled(&error).contains("its created_by differs"), "{error}");
    find("", json!({"created_by": null})).await.expect("it is not known who created it");
}

#[tokio::test(start_paused = true)]
async fn whose_the_call_is_is_known_from_any_error_in_it() {
    // The last attempt, a reset, does not say for whom it was, but one before it does: the 503, or the look-up's 404.
    let error = |status: u16| json!({"error": {"code": status, "message": "Workspace not found"}});
    let told = |status: u16| json!({"error": {"code": status, "message": "Workspace not found"}, "user_id": OWN_USER});
    for (first, absent) in [(told(503), error(404)), (error(503), told(404))] {
        let taken = |api: &mut Api| drop(api.other_creates("Production", "production", 0));
        let steps = [Step::fake(503, &first), Step::fake(404, &absent), Step::reset().after(taken)];
        let world = World::new(450, steps);
        let error = world.client.create("Production", "production").await.unwrap_err();
        assert!(unreconciled(&error).contains("its created_by differs"), "{error}");
        assert_eq!(world.lines(), [CREATE, LOOK_UP, CREATE, LOOK_UP]);
    }
}

#[tokio::test(start_paused = true)]
async fn lists_in_another_order_are_the_same_workspace() {
    let reversed = |api: &mut Api| {
        let fields = json!({
            "name": "Production",
            "slug": "production",
            "io_logging_api_key_ids": [4211, 9, 17],
            "disabled_server_tools": ["openrouter:web_search", "openrouter:bash"]
        });
        api.create(OWN_USER, &fields, 0);
    };
    let world = World::new(450, [Step::status(502).after(reversed)]);
    let tools = ["openrouter:bash", "openrouter:web_search"];
    let request = world.client.create("Production", "production");
    let created = request.io_logging_api_key_ids([9, 17, 4211]).disabled_server_tools(tools).await;
    assert_eq!(created.unwrap().io_logging_api_key_ids, Some(vec![4211, 9, 17]));
    assert_eq!(world.lines(), [CREATE, LOOK_UP]);
}

#[tokio::test(start_paused = true)]
async fn lists_with_another_item_are_not_the_same_workspace() {
    let other = |api: &mut Api| {
        api.create(
            OWN_USER,
            &json!({"name": "Production", "slug": "production", "io_logging_api_key_ids": [17, 18]}),
            0,
        );
    };
    let world = World::new(450, [Step::status(502).after(other)]);
    let request = world.client.create("Production", "production").default_provider_sort(None::<ProviderSort>);
    let error = request.io_logging_api_key_ids([17]).await.unwrap_err();
    assert!(unreconciled(&error).contains("its io_logging_api_key_ids differs"), "{error}");
}
