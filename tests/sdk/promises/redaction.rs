//! The key appears in nothing that an error tells, wherever and however a server repeats it.

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use openrouter_workspaces::{
    ApiError, ApiKey, Client, Error, HttpError, HttpFuture, HttpService, RetryConfig, reqwest,
};
use serde_json::json;

use crate::promises::KEY;
use crate::promises::service::{Answer, Memory};

/// Keys of several kinds: a plain one, and one that every notation has to escape.
const PLAIN: &str = "sk-or-v1-Pl4inK3y";
const ODD: &str = r#"sk-"or"\v1\0dd-k3y"#;

/// What must not appear: the part of the key that no notation changes, in lower case.
fn trace(key: &str) -> &'static str {
    if key == ODD { "0dd-k3y" } else { "pl4ink3y" }
}

/// A key as JSON escapes it, with every character as a number.
fn as_numbers(key: &str) -> String {
    key.bytes().map(|byte| format!("\\u{byte:04x}")).collect()
}

fn told_by_answer(api: &ApiError) -> Vec<String> {
    let names = api.headers().keys().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    vec![
        format!("{api} {api:?} {api:#?} {} {:?} {:?}", api.message(), api.user_id(), api.request_id()),
        format!("{:?} {:?} {:?} {names}", api.metadata(), api.openrouter_metadata(), api.headers()),
        String::from_utf8_lossy(api.body()).into_owned(),
    ]
}

/// All that an error tells.
fn told(error: &Error) -> Vec<String> {
    let mut texts = vec![format!("{error} {error:?} {error:#?} {:?}", error.call())];
    let causes = std::iter::successors(error.source(), |&error| error.source());
    texts.extend(causes.map(|cause| format!("{cause} {cause:?}")));
    match error {
        Error::WrongEndpoint(e) => {
            texts.push(e.url().to_owned());
            texts.extend(told_by_answer(e.answer()));
        }
        Error::Connect(e) | Error::Transport(e) => {
            let cause = e.underlying();
            let causes = std::iter::successors(Some(cause as &dyn StdError), |&error| error.source());
            texts.extend(causes.map(|cause| format!("{cause} {cause:?} {cause:#?}")));
        }
        Error::InvalidInput(e) => {
            texts.push(format!("{} {}", e.field(), e.rule()));
            let causes = std::iter::successors(e.underlying().map(|e| e as &dyn StdError), |&error| error.source());
            texts.extend(causes.map(|cause| format!("{cause} {cause:?} {cause:#?}")));
        }
        Error::Decode(e) => {
            texts.push(format!("{} {:?}", e.path(), e.headers()));
            texts.push(String::from_utf8_lossy(e.body()).into_owned());
        }
        _ => texts.extend(error.api().map(told_by_answer).unwrap_or_default()),
    }
    texts
}

/// Panics if the key is anywhere in what an error tells.
fn assert_hidden(error: &Error, key: &str, case: &str) {
    for text in told(error) {
        // Also with all that an escape adds undone.
        let bare: String = text.to_lowercase().replace("\\u00", "%").chars().filter(|c| *c != '\\').collect();
        let bare = percent_decoded(&bare);
        assert!(!bare.contains(trace(key)), "{case}: the key is in {text}");
    }
}

fn percent_decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_at_checked(2).and_then(|(hex, rest)| Some((u8::from_str_radix(hex, 16).ok()?, rest))) {
            Some((byte, rest)) => decoded.extend([char::from(byte).to_string().as_str(), rest]),
            None => decoded.extend(["%", part]),
        }
    }
    decoded
}

fn client(service: &Memory, key: &str) -> Client {
    service.builder().api_key(key).retry(RetryConfig::none()).build().unwrap()
}

/// How a server may write a key down in a body.
fn notations(key: &str) -> Vec<String> {
    let json = |text: &str| serde_json::to_string(text).unwrap().trim_matches('"').to_owned();
    let escaped = json(key);
    let percent: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
    vec![
        key.to_owned(),
        key.to_uppercase(),
        key.to_lowercase(),
        json(&escaped),
        escaped,
        as_numbers(key),
        as_numbers(&key.to_uppercase()),
        as_numbers(key).replace('\\', r"\\"),
        percent,
    ]
}

#[tokio::test(start_paused = true)]
async fn answers_of_every_status_hide_the_key_in_every_notation_and_place() {
    for key in [PLAIN, ODD] {
        for written in notations(key) {
            for status in [400, 401, 402, 403, 404, 409, 422, 429, 500, 302] {
                let bodies = [
                    format!(r#"{{"error": {{"code": {status}, "message": "bad key {written}"}}}}"#),
                    format!(
                        r#"{{"error": {{"code": {status}, "message": "no", "metadata": {{"{written}": ["{written}"]}}}},
                        "user_id": "{written}", "openrouter_metadata": {{"a": "{written}"}}}}"#
                    ),
                    format!(r#"{{"message": "{written}", "detail": "{written}"}}"#),
                    format!("<p>{written}</p>"),
                    written.clone(),
                ];
                for body in bodies {
                    let answer = Answer::new(status, body.clone());
                    // In a header, not all notations make a valid value.
                    let answer = match http::HeaderValue::try_from(&written) {
                        Ok(_) => answer.header("x-echo", &written).header("x-request-id", &written),
                        Err(_) => answer,
                    };
                    let answer = answer.header("location", &format!("https://example.com/?key={key}"));
                    let error = client(&Memory::script([answer]), key).get("production").await.unwrap_err();
                    assert_eq!(error.status(), Some(status));
                    assert_hidden(&error, key, &format!("{status} {body}"));
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_key_as_the_name_of_a_header_is_hidden() {
    let name = format!("x-{}-expired", PLAIN.to_lowercase());
    for (status, body) in [(401, ""), (404, "<p>"), (200, "{}"), (200, "<p>"), (204, "")] {
        let service = Memory::script([Answer::new(status, body).header(&name, "yes").header(&name, PLAIN)]);
        let error = client(&service, PLAIN).get("production").await.unwrap_err();
        assert_hidden(&error, PLAIN, &format!("{status} {body}"));
    }
    let service = Memory::script([Answer::error(401, "no").header(&name, "yes").header(&name, PLAIN)]);
    let error = client(&service, PLAIN).get("production").await.unwrap_err();
    let headers = error.api().unwrap().headers();
    assert_eq!(headers.get_all("x-hidden-expired").iter().collect::<Vec<_>>(), ["yes", "[hidden]"]);
}

#[tokio::test(start_paused = true)]
async fn answers_that_cannot_be_read_hide_the_key_in_every_notation() {
    for key in [PLAIN, ODD] {
        for written in notations(key) {
            let bodies = [
                format!(r#"{{"data": "{written}"}}"#),
                format!(r#"{{"data": {{"id": "{written}", "{written}": 1}}}}"#),
                format!(r#"{{"{written}": tru}}"#),
                format!(r#"{{"data": {{"{written}": NaN}}}}"#),
                format!("<html>{written}"),
                written.clone(),
            ];
            for body in bodies {
                let service = Memory::script([Answer::new(200, body.clone())]);
                let error = client(&service, key).get("production").await.unwrap_err();
                assert_hidden(&error, key, &body);
            }
            let service = Memory::script([Answer::new(200, format!("[{written}, {}", "x".repeat(500)))]);
            let small = service.builder().api_key(key).max_body_bytes(200).build().unwrap();
            let error = small.get("production").retry(RetryConfig::none()).await.unwrap_err();
            assert_hidden(&error, key, "a body over the cap");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_given_as_the_name_of_a_workspace_is_hidden_in_the_path_and_the_url() {
    let answers: [fn() -> Answer; 5] = [
        || Answer::error(404, "Workspace not found"),
        || Answer::new(404, "<p>Not here</p>"),
        || Answer::new(200, "<p>Hello</p>"),
        || Answer::new(200, "{}"),
        || Answer::failure(HttpError::broken("reset")),
    ];
    for key in [PLAIN, r#"sk-"or"v1-0dd-k3y"#] {
        for answer in answers {
            let service = Memory::new(move |_, _| answer());
            let error = client(&service, key).list_members(key).await.unwrap_err();
            assert_hidden(&error, if key == PLAIN { PLAIN } else { ODD }, "in the path");
        }
    }
    let service = Memory::script([Answer::new(404, "<p>Not here</p>")]);
    let error = client(&service, PLAIN).get(PLAIN).await.unwrap_err();
    let Error::WrongEndpoint(error) = error else { panic!("{error:?}") };
    assert_eq!(error.url(), "https://openrouter.ai/api/v1/workspaces/[hidden]");
    // A backslash is refused, and what was given is not repeated.
    let error = client(&service, ODD).get(ODD).await.unwrap_err();
    assert_hidden(&error, ODD, "refused");
    // What was looked up, and not found out.
    let slug = PLAIN.to_lowercase();
    let service = Memory::script([Answer::error(500, "no"), Answer::error(403, "no")]);
    let error = service.builder().api_key(PLAIN).build().unwrap().create("A", slug).await.unwrap_err();
    assert!(error.to_string().contains("looking up [hidden] failed"), "{error}");
    assert_hidden(&error, PLAIN, "a look-up");
    // A point of another list.
    let point = client(&service, PLAIN).list_members(PLAIN).items().resume_point();
    let mut items = client(&service, PLAIN).list().items().resume_from(point);
    assert_hidden(&items.next().await.unwrap().unwrap_err(), PLAIN, "a point");
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_given_in_the_place_of_the_host_is_hidden() {
    let base_url = format!("https://{PLAIN}/api/v1");
    for answer in [Answer::failure(HttpError::not_sent("no such host")), Answer::new(404, "<p>Not here</p>")] {
        let client = Memory::script([answer]).builder().api_key(PLAIN).base_url(&base_url).build().unwrap();
        let error = client.get("production").retry(RetryConfig::none()).await.unwrap_err();
        assert_eq!(error.call().host(), "[hidden]");
        assert_hidden(&error, PLAIN, "in the place of the host");
    }
}

#[tokio::test(start_paused = true)]
async fn failures_of_a_service_and_of_a_source_of_keys_hide_the_key() {
    for key in [PLAIN, ODD] {
        for failure in [HttpError::not_sent as fn(String) -> HttpError, HttpError::broken] {
            let cause = format!("cannot send Authorization: Bearer {key}");
            let service = Memory::script([Answer::failure(failure(cause))]);
            let error = client(&service, key).get("production").await.unwrap_err();
            assert!(error.to_string().contains("Bearer [hidden]"), "{error}");
            assert_hidden(&error, key, "a failure of the service");
        }
        // The source gives the key once, and then fails and repeats it.
        let asked = Arc::new(AtomicUsize::new(0));
        let source = move || {
            let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
            async move { if first { Ok(ApiKey::new(key)) } else { Err(format!("{key} has expired").into()) } }
        };
        let service = Memory::new(|_, _| Answer::error(503, "busy"));
        let client = service.builder().api_key_from(source).build().unwrap();
        let error = client.get("production").await.unwrap_err();
        assert!(error.to_string().contains("[hidden] has expired"), "{error}");
        assert_hidden(&error, key, "a retry without a key");
        let error = client.get("production").await.unwrap_err();
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
        assert_hidden(&error, key, "a call without a key");
    }
}

#[tokio::test(start_paused = true)]
async fn timeouts_and_walks_hide_the_key() {
    let echo = || Answer::error(503, PLAIN).header("x-request-id", PLAIN);
    let slow = Answer::new(200, "{}").header("x-request-id", PLAIN).in_parts(2, Duration::from_secs(3600));
    let service = Memory::script([echo(), slow]);
    let call = service.builder().api_key(PLAIN).build().unwrap().get("production").timeout(Duration::from_secs(9));
    let error = call.await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert_hidden(&error, PLAIN, "a timeout");

    let service = Memory::new(|_, _| Answer::json(json!({"data": [], "total_count": 5, "echo": PLAIN})));
    let error = client(&service, PLAIN).list_members(PLAIN).items().try_collect().await.unwrap_err();
    assert!(matches!(error, Error::Pagination(_)), "{error:?}");
    assert_hidden(&error, PLAIN, "a walk");
}

#[tokio::test(start_paused = true)]
async fn after_a_rotation_the_keys_before_are_hidden_as_well() {
    let keys: Vec<String> = (0..17).map(|n| format!("{PLAIN}-{}", char::from(b'a' + n))).collect();
    let (asked, given) = (AtomicUsize::new(0), keys.clone());
    let source = move || {
        let key = ApiKey::new(&given[asked.fetch_add(1, Ordering::SeqCst).min(16)]);
        async { Ok(key) }
    };
    // A late answer tells the key of 15 rotations ago.
    let echoes = keys.clone();
    let service = Memory::new(move |_, n| {
        let old = &echoes[n.saturating_sub(15)];
        Answer::error(401, &format!("{old} has expired")).header("x-echo", old)
    });
    let client = service.builder().api_key_from(source).build().unwrap();
    for key in &keys {
        let error = client.get("production").await.unwrap_err();
        assert_eq!(error.api().unwrap().message(), "[hidden] has expired");
        assert_hidden(&error, PLAIN, key);
    }
    let sent = service.requests();
    assert_eq!(sent[16].headers["authorization"], format!("Bearer {}", keys[16]));
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_none_are_refused_before_anything_is_sent() {
    let length = "must have at least 8 characters";
    let ascii = "must consist of printable ASCII characters";
    let cases = [
        ("", "must not be empty"),
        ("  \n", "must not be empty"),
        ("Bearer ", "must not be empty"),
        ("a", length),
        ("sk-or-v", length),
        ("sk-or-v1-Schlüssel", ascii),
        ("ключ-ключ", ascii),
        ("sk-or-v1\u{7f}key", ascii),
        ("sk-or-v1\nkey", ascii),
    ];
    let service = Memory::new(|_, _| Answer::error(418, "not sent"));
    for (key, rule) in cases {
        let at_once = service.builder().api_key(key).build().unwrap_err();
        let asked = service.builder().api_key_from(move || async move { Ok(ApiKey::new(key)) }).build().unwrap();
        for error in [at_once, asked.get("production").await.unwrap_err()] {
            let Error::InvalidInput(input) = &error else { panic!("{error:?}") };
            assert_eq!((input.field(), input.rule()), ("api_key", rule), "{key:?}");
            let shows = key.trim().len() > 1 && format!("{error} {error:#?}").contains(key.trim());
            assert!(!shows || key == "Bearer ", "{error}");
        }
    }
    assert_eq!(service.count(), 0);
    assert!(service.builder().api_key("sk-or-v1").build().is_ok(), "eight characters are enough");
}

/// A source that gives each attempt a key of its own, and more calls at once than keys are remembered.
#[tokio::test(start_paused = true)]
async fn the_key_of_an_attempt_is_hidden_in_its_own_answer_however_many_are_under_way() {
    struct Echo;
    impl HttpService for Echo {
        fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
            let key = request.headers()["authorization"].to_str().unwrap().to_owned();
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                let body = json!({"error": {"code": 401, "message": format!("bad {key}")}}).to_string();
                Ok(http::Response::builder().status(401).body(body).unwrap().into())
            })
        }
    }
    let given = AtomicUsize::new(0);
    let source = move || {
        let key = ApiKey::new(format!("sk-or-v1-number-{:04}", given.fetch_add(1, Ordering::SeqCst)));
        async { Ok(key) }
    };
    let client = Client::builder().api_key_from(source).http_service(Echo).build().unwrap();
    let calls = (0..20).map(|_| client.get("production").into_future());
    let leaks: Vec<String> = futures_util::future::join_all(calls)
        .await
        .into_iter()
        .map(|result| result.unwrap_err().to_string())
        .filter(|text| text.contains("number-"))
        .collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// The body of an error is cut where the limit is: the rest of the key is not there to be recognised.
#[tokio::test(start_paused = true)]
async fn a_key_that_the_limit_cuts_is_hidden_as_well() {
    let padding = "x".repeat(1_000 - (KEY.len() - 1));
    let service = Memory::script([Answer::new(401, format!("{padding}{KEY} is wrong"))]);
    let client = service.builder().max_body_bytes(1_000).build().unwrap();
    let error = client.get("production").await.unwrap_err();
    let body = String::from_utf8_lossy(error.api().unwrap().body()).into_owned();
    assert!(!body.contains(&KEY[..KEY.len() - 1]), "all but one character: {}", &body[body.len() - 30..]);
}
