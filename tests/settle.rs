//! Writes whose first attempt may have been applied: what is looked up, what is sent again, and what is said. The clock
//! is paused.

mod common;

use common::paused::{Paused, exact};
use common::raw::{Behaviour, RawServer, half_an_answer};
use common::{Mock, Reply, fixtures};
use openrouter_workspaces::{Delivery, Error, GaveUp};
use serde_json::{Value, json};

const CREATE: &str = "POST /api/v1/workspaces";
const LOOK_UP: &str = "GET /api/v1/workspaces/production";

/// A workspace as the API answers it, created in the future of any test run.
fn fresh(changes: Value) -> Reply {
    let mut workspace = fixtures::workspace();
    workspace["name"] = json!("Production");
    workspace["slug"] = json!("production");
    workspace["description"] = json!("Live traffic");
    workspace["created_at"] = json!("2999-01-01T00:00:00Z");
    for (field, value) in changes.as_object().expect("an object") {
        workspace[field] = value.clone();
    }
    Reply::json(200, json!({ "data": workspace }))
}

fn absent() -> Reply {
    Reply::error(404, "Workspace not found")
}

/// Creates a workspace from a script of answers; returns the result, the requests, and the waits between them.
async fn create(replies: Vec<Reply>) -> (Result<u32, Error>, Vec<String>, Vec<u128>) {
    let mock = Mock::script(replies);
    let paused = Paused::new(mock.url(), exact());
    let request = paused.client.create("Production", "production").description("Live traffic");
    let result = request.send_with_meta().await.map(|response| response.attempts());
    (result, mock.lines(), paused.waits())
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_an_attempt_without_an_answer_created_is_the_result() {
    for status in [408, 500, 502, 503, 504] {
        let (result, lines, _) = create(vec![Reply::error(status, "no"), fresh(json!({}))]).await;
        assert_eq!(result.unwrap(), 1, "{status}");
        assert_eq!(lines, [CREATE, LOOK_UP], "{status}: it is not created twice");
    }
}

#[tokio::test(start_paused = true)]
async fn an_absent_workspace_is_created_again_after_the_wait() {
    let replies = vec![Reply::error(503, "no"), absent(), Reply::error(503, "no"), absent(), {
        let mut created = fixtures::workspace();
        created["slug"] = json!("production");
        Reply::json(201, json!({ "data": created }))
    }];
    let (result, lines, waits) = create(replies).await;
    assert_eq!(result.unwrap(), 3);
    assert_eq!(lines, [CREATE, LOOK_UP, CREATE, LOOK_UP, CREATE]);
    assert_eq!(waits, [0, 500, 0, 1000], "the look-up comes at once, the next attempt after the wait");
}

#[tokio::test(start_paused = true)]
async fn a_conflict_with_a_workspace_that_an_attempt_before_created_is_a_success() {
    for refusal in [409, 400] {
        // The first attempt was still under way when it was looked up.
        let replies = vec![Reply::error(504, "no"), absent(), Reply::error(refusal, "slug is taken"), fresh(json!({}))];
        let (result, lines, _) = create(replies).await;
        assert_eq!(result.unwrap(), 2, "{refusal}");
        assert_eq!(lines, [CREATE, LOOK_UP, CREATE, LOOK_UP]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_conflict_at_the_first_attempt_is_looked_up_nowhere() {
    let (result, lines, _) = create(vec![Reply::error(409, "slug is taken")]).await;
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)));
    assert_eq!(error.delivery(), Delivery::Answered);
    assert_eq!(lines, [CREATE]);
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_is_not_demonstrably_ours_leaves_the_outcome_unknown() {
    for (changes, why) in [
        (json!({"created_at": "2026-01-01T00:00:00Z"}), "older than this call"),
        (json!({"name": "Other"}), "name differs"),
        (json!({"description": null}), "description differs"),
    ] {
        let (result, lines, _) = create(vec![Reply::error(502, "no"), fresh(changes)]).await;
        let error = result.unwrap_err();
        assert_eq!((error.status(), error.delivery()), (Some(502), Delivery::Unknown));
        let Some(GaveUp::Unreconciled { why: said }) = error.api().unwrap().call().gave_up() else {
            panic!("{error:?}")
        };
        assert!(said.contains(why), "{said}");
        assert!(error.to_string().contains("the outcome is unknown"), "{error}");
        assert_eq!(lines, [CREATE, LOOK_UP]);
    }
}

#[tokio::test(start_paused = true)]
async fn fields_that_were_not_set_may_be_anything() {
    let others = json!({"default_text_model": "x/y", "io_logging_sampling_rate": 0.5, "disabled_server_tools": ["z"]});
    let (result, ..) = create(vec![Reply::error(502, "no"), fresh(others)]).await;
    assert_eq!(result.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_keeps_failing_leaves_the_outcome_unknown() {
    let replies = [vec![Reply::error(500, "no")], vec![Reply::error(403, "not yours"); 4]].concat();
    let (result, lines, waits) = create(replies).await;
    let error = result.unwrap_err();
    let Some(GaveUp::Unreconciled { why }) = error.api().unwrap().call().gave_up() else { panic!("{error:?}") };
    assert!(why.contains("not yours"), "{why}");
    assert_eq!(lines, [CREATE, LOOK_UP, LOOK_UP, LOOK_UP, LOOK_UP]);
    assert_eq!(waits, [0, 500, 1000, 2000]);
}

#[tokio::test(start_paused = true)]
async fn a_look_up_is_repeated_even_after_an_error_that_is_final_elsewhere() {
    let redirect = Reply::empty(307).header("location", "https://elsewhere.example/");
    let replies = vec![Reply::error(500, "no"), Reply::error(401, "no"), redirect, fresh(json!({}))];
    let (result, lines, _) = create(replies).await;
    assert_eq!(result.unwrap(), 1);
    assert_eq!(lines, [CREATE, LOOK_UP, LOOK_UP, LOOK_UP]);
}

#[tokio::test(start_paused = true)]
async fn a_look_up_is_retried_like_any_other_call() {
    let replies = vec![Reply::error(500, "no"), Reply::error(503, "busy"), fresh(json!({}))];
    let (result, lines, waits) = create(replies).await;
    assert_eq!(result.unwrap(), 1);
    assert_eq!(lines, [CREATE, LOOK_UP, LOOK_UP]);
    assert_eq!(waits, [0, 500]);
}

#[tokio::test(start_paused = true)]
async fn attempts_stay_bounded_and_the_last_one_is_settled_too() {
    let failure = || [Reply::error(503, "no"), absent()];
    let (result, lines, _) = create([failure(), failure(), failure(), failure()].concat()).await;
    let error = result.unwrap_err();
    assert_eq!(lines, [CREATE, LOOK_UP].repeat(4));
    assert_eq!((error.status(), error.attempts()), (Some(503), 4));
    assert_eq!(error.api().unwrap().call().gave_up(), Some(&GaveUp::AttemptsExhausted));
}

#[tokio::test(start_paused = true)]
async fn a_created_workspace_whose_answer_cannot_be_read_is_looked_up() {
    for body in ["{\"data\":", "<h1>hello</h1>", "{\"data\": {\"id\": 1}}"] {
        let replies = vec![Reply::new(201, "application/json", body), fresh(json!({}))];
        let (result, lines, _) = create(replies).await;
        assert_eq!(result.unwrap(), 1, "{body}");
        assert_eq!(lines, [CREATE, LOOK_UP]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_reset_or_a_cut_answer_is_settled_and_without_the_servers_time_it_cannot_be() {
    let mut workspace = fixtures::workspace();
    workspace["slug"] = json!("production");
    workspace["created_at"] = json!("2999-01-01T00:00:00Z");
    let body = json!({ "data": workspace }).to_string();
    for first in [Behaviour::Reset(Vec::new()), Behaviour::Send(half_an_answer()), Behaviour::Send(Vec::new())] {
        let server = RawServer::start([first.clone(), Behaviour::answer("200 OK", &body)]);
        let paused = Paused::new(server.url(), exact());
        let name = workspace["name"].as_str().unwrap();
        let error = paused.client.create(name, "production").await.unwrap_err();
        assert_eq!(server.lines(), [CREATE, LOOK_UP], "{first:?}");
        let Error::Transport(error) = error else { panic!("{error:?}") };
        let Some(GaveUp::Unreconciled { why }) = error.call().gave_up() else { panic!("{error:?}") };
        assert!(why.contains("does not tell its time"), "{why}");
    }
}

#[tokio::test(start_paused = true)]
async fn settling_can_be_switched_off() {
    let mock = Mock::script([Reply::error(502, "no")]);
    let paused = Paused::new(mock.url(), exact().reconcile(false));
    let error = paused.client.create("Production", "production").await.unwrap_err();
    assert_eq!(mock.lines(), [CREATE]);
    assert_eq!((error.status(), error.delivery()), (Some(502), Delivery::Unknown));
    assert_eq!(error.api().unwrap().call().gave_up(), Some(&GaveUp::Ambiguous));
}

#[tokio::test(start_paused = true)]
async fn deleting_what_an_attempt_before_may_have_deleted_is_a_success() {
    let mock = Mock::script([Reply::error(502, "no"), absent()]);
    let paused = Paused::new(mock.url(), exact());
    let response = paused.client.delete("production").send_with_meta().await.unwrap();
    assert!(response.data.deleted);
    assert_eq!((response.status(), response.attempts()), (404, 2));
    assert_eq!(mock.lines(), ["DELETE /api/v1/workspaces/production"; 2]);
}

#[tokio::test(start_paused = true)]
async fn deleting_what_is_not_there_is_not_found_if_no_attempt_can_have_deleted_it() {
    for replies in [vec![absent()], vec![Reply::error(429, "slow down"), absent()]] {
        let attempts = replies.len() as u32;
        let mock = Mock::script(replies);
        let paused = Paused::new(mock.url(), exact());
        let error = paused.client.delete("production").await.unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        assert_eq!(error.attempts(), attempts);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slug_that_an_attempt_before_has_changed_is_found_under_its_new_name() {
    let renamed = fresh(json!({"slug": "prod", "name": "Prod", "updated_at": "2999-01-01T00:00:00Z"}));
    let mock = Mock::script([Reply::error(502, "no"), absent(), renamed]);
    let paused = Paused::new(mock.url(), exact());
    let workspace = paused.client.update("production").slug("prod").name("Prod").await.unwrap();
    assert_eq!(workspace.slug, "prod");
    let patch = "PATCH /api/v1/workspaces/production";
    assert_eq!(mock.lines(), [patch, patch, "GET /api/v1/workspaces/prod"]);
}

#[tokio::test(start_paused = true)]
async fn a_slug_that_was_changed_by_others_stays_not_found() {
    let replies = [
        vec![absent()],
        vec![Reply::error(502, "no"), absent(), absent()],
        vec![Reply::error(502, "no"), absent(), fresh(json!({"slug": "prod", "updated_at": "2026-01-01T00:00:00Z"}))],
    ];
    for replies in replies {
        let mock = Mock::script(replies);
        let paused = Paused::new(mock.url(), exact());
        let error = paused.client.update("production").slug("prod").await.unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_used_up_budget_stops_the_retries_of_all_clones_and_says_so() {
    let mock = Mock::start(|_, _| Reply::error(503, "down"));
    let paused = Paused::with(mock.url(), exact(), |builder| builder.retry_budget(12));
    let error = paused.client.get("production").await.unwrap_err();
    let spent = Some(GaveUp::BudgetExhausted { tokens: 2, capacity: 12 });
    assert_eq!((error.attempts(), error.api().unwrap().call().gave_up().cloned()), (3, spent.clone()));
    assert!(error.to_string().contains("retry budget is used up (2 of 12 tokens left)"), "{error}");
    let error = paused.client.clone().delete("staging").await.unwrap_err();
    assert_eq!((error.attempts(), error.api().unwrap().call().gave_up().cloned()), (1, spent));
    assert_eq!(mock.lines().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn delivery_tells_what_is_known() {
    let port = common::raw::ClosedPort::new();
    let paused = Paused::new(port.url(), exact());
    assert_eq!(paused.client.get("production").await.unwrap_err().delivery(), Delivery::NotSent);
    assert_eq!(paused.client.get("..").await.unwrap_err().delivery(), Delivery::NotSent);
    for (replies, delivery) in [
        (vec![Reply::error(403, "no")], Delivery::Answered),
        (vec![Reply::error(501, "no")], Delivery::Unknown),
        (vec![Reply::error(503, "no"), Reply::error(400, "no")], Delivery::Unknown),
        (vec![Reply::error(429, "no"), Reply::error(400, "no")], Delivery::Answered),
        (vec![Reply::json(200, json!({}))], Delivery::Unknown),
    ] {
        let mock = Mock::script(replies);
        let paused = Paused::new(mock.url(), exact());
        assert_eq!(paused.client.update("production").await.unwrap_err().delivery(), delivery);
    }
}
