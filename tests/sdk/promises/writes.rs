//! Writes whose answers do not tell: within which limits they are looked up and repeated, and that nobody else's workspace is
//! taken for their own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use openrouter_workspaces::{Delivery, Jitter, RetryConfig};
use serde_json::json;
use tokio::time::Instant;

use crate::promises::service::{Answer, Memory};

fn exact() -> RetryConfig {
    RetryConfig::default().jitter(Jitter::None)
}

fn busy() -> Answer {
    Answer::error(503, "busy")
}

fn absent() -> Answer {
    Answer::error(404, "Workspace not found")
}

/// A workspace with defaults, and the server's clock at the time of the answer.
fn found(slug: &str, name: &str, created_at: &str, updated_at: Option<&str>, date: &str) -> Answer {
    let body = json!({"data": {
        "id": "00000000-0000-4000-8000-000000000001", "name": name, "slug": slug, "description": null, "default_text_model": null,
        "default_image_model": null, "default_provider_sort": null,
        "default_guardrail_id": "3d813cbb-47fb-52ba-91df-831e1593ac29", "disabled_server_tools": null,
        "io_logging_sampling_rate": 1, "io_logging_api_key_ids": null,
        "is_observability_io_logging_enabled": false, "is_observability_broadcast_enabled": false,
        "is_data_discount_logging_enabled": false, "created_at": created_at, "updated_at": updated_at,
        "created_by": null
    }});
    Answer::json(body).header("date", date)
}

/// A workspace that is an hour old.
fn old(slug: &str) -> Answer {
    found(slug, "Team", "2026-05-20T09:00:00.000Z", None, "Wed, 20 May 2026 10:00:00 GMT")
}

/// README: "by default with up to 4 requests within 60 seconds, everything that the call sends included".
#[tokio::test(start_paused = true)]
async fn a_repeated_update_or_delete_stays_within_max_attempts() {
    let mut too_many = Vec::new();
    type Step = (&'static str, u32, fn() -> Vec<Answer>);
    let steps: [Step; 2] = [
        ("defaults, two look-ups fail", 4, || vec![busy(), busy(), busy(), old("team")]),
        ("two attempts", 2, || vec![busy(), old("team")]),
    ];
    for (case, most, script) in steps {
        for delete in [false, true] {
            let service = Memory::script(script());
            let (client, retry) = (service.client(), exact().max_attempts(most));
            match delete {
                true => drop(client.delete("team").retry(retry).await),
                false => drop(client.update("team").name("Crew").retry(retry).await),
            }
            if service.count() > most as usize {
                too_many.push(format!("{case}: {:?}", service.lines()));
            }
        }
    }
    assert!(too_many.is_empty(), "{too_many:#?}");
}

/// The look-up under the new slug is a request, too.
#[tokio::test(start_paused = true)]
async fn the_look_up_of_a_new_slug_stays_within_max_attempts() {
    let service = Memory::script([Answer::error(502, "no"), absent(), absent()]);
    let error = service.client().update("team").slug("crew").retry(exact().max_attempts(2)).await.unwrap_err();
    assert!(service.count() <= 2 && error.attempts() <= 2, "{:?}: {error}", service.lines());
}

/// `RetryConfig::max_elapsed_time`: "No attempt starts later than this after the call began."
#[tokio::test(start_paused = true)]
async fn a_repeated_update_or_delete_starts_within_max_elapsed_time() {
    for delete in [false, true] {
        let (start, times) = (Instant::now(), Arc::new(Mutex::new(Vec::new())));
        let log = times.clone();
        let service = Memory::new(move |_, n| {
            log.lock().unwrap().push(start.elapsed());
            match n {
                0 => busy(),
                _ => old("team").after(Duration::from_secs(10)),
            }
        });
        let retry = exact().max_elapsed_time(Duration::from_secs(1));
        match delete {
            true => drop(service.client().delete("team").retry(retry).await),
            false => drop(service.client().update("team").name("Crew").retry(retry).await),
        }
        let times = times.lock().unwrap().clone();
        assert!(times.iter().all(|at| *at <= Duration::from_secs(1)), "{:?} {times:?}", service.lines());
    }
}

/// README: "if there is one with the fields that were sent, the server's defaults in all others, and created during the
/// call, it is the result". Here the server is honest: somebody renames an old workspace to the slug after the look-up.
#[tokio::test(start_paused = true)]
async fn a_workspace_that_is_an_hour_old_is_not_the_result_of_a_create() {
    let service = Memory::script([
        busy(),
        absent(),
        Answer::error(409, "taken"),
        found(
            "production",
            "Production",
            "2026-05-20T09:00:00.000Z",
            Some("2026-05-20T10:00:00.900Z"),
            "Wed, 20 May 2026 10:00:01 GMT",
        ),
    ]);
    let result = service.client().create("Production", "production").retry(exact()).await;
    assert!(result.is_err(), "somebody else's: {:?}", result.map(|there| (there.id, there.created_at)));
}

/// What is created during the call cannot be what an update was about when the call began.
#[tokio::test(start_paused = true)]
async fn a_workspace_that_was_created_during_an_update_is_not_its_result() {
    let service = Memory::script([
        Answer::error(502, "no"),
        absent(),
        found(
            "crew",
            "Crew",
            "2026-05-20T10:00:00.700Z",
            Some("2026-05-20T10:00:00.800Z"),
            "Wed, 20 May 2026 10:00:00 GMT",
        ),
    ]);
    let result = service.client().update("team").slug("crew").name("Crew").retry(exact()).await;
    assert!(result.is_err(), "somebody else's: {:?}", result.map(|there| (there.id, there.created_at)));
}

/// The client's clock stands still for an hour in the middle of a call: a laptop that sleeps, a virtual machine that is
/// paused. Linux's and macOS's monotonic clocks do not count that. Meanwhile somebody creates another workspace `team`.
#[tokio::test(start_paused = true)]
async fn a_call_that_was_suspended_does_not_delete_what_was_created_meanwhile() {
    let service = Memory::script([
        busy().header("date", "Wed, 20 May 2026 10:00:00 GMT"),
        found("team", "Theirs", "2026-05-20T10:30:00.123Z", None, "Wed, 20 May 2026 11:00:00 GMT"),
        Answer::json(json!({"deleted": true})),
    ]);
    let result = service.client().delete("team").retry(exact()).await;
    assert_eq!(service.lines(), ["DELETE /workspaces/team", "GET /workspaces/team"], "{result:?}");
    let error = result.unwrap_err();
    assert!(error.to_string().contains("the clocks of the server and of this machine contradict"), "{error}");
}

/// A 404 of which only the status came, without a content type, is not the API's word that there is no such workspace.
#[tokio::test(start_paused = true)]
async fn a_404_without_a_body_or_a_type_is_no_reason_to_create_again() {
    let service = Memory::new(|_, n| Answer::new(if n == 0 { 503 } else { 404 }, "").without_type().cut());
    let error = service.client().create("Production", "production").retry(exact()).await.unwrap_err();
    assert_eq!(service.lines(), ["POST /workspaces", "GET /workspaces/production"], "{error}");
}

/// `Delivery::Answered`: "No: the server answered, and refused." 303 is what a server answers to a POST that it has done.
#[tokio::test(start_paused = true)]
async fn a_see_other_does_not_say_that_nothing_was_applied() {
    let service = Memory::script([Answer::new(303, "").header("location", "/workspaces/production")]);
    let error = service.client().create("Production", "production").retry(RetryConfig::none()).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown, "{error}");
}
