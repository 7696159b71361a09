//! What errors say, to people who read a line of a log, and to programs.

use std::error::Error as StdError;
use std::process::{Command, Termination};
use std::time::Duration;

use openrouter_workspaces::{BudgetInterval, Error, GaveUp, HttpError, Jitter, RetryConfig};
use serde_json::json;

use crate::promises::service::{Answer, Memory};
use crate::promises::table::{Table, rest};

/// An error of the lower layers, with causes of its own.
#[derive(Debug)]
struct Layer(&'static str, Option<Box<Layer>>);

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl StdError for Layer {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&**self.1.as_ref()?)
    }
}

fn layers() -> Layer {
    let inner = Layer("connection reset by peer", None);
    Layer("error sending request", Some(Box::new(Layer("client error", Some(Box::new(inner))))))
}

/// What a report prints that walks the causes, as anyhow's `{:#}` does.
fn chain(error: &Error) -> String {
    let causes = std::iter::successors(Some(error as &dyn StdError), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Asserts that an error is printed as this line in every way but `{:#?}`, which shows its fields.
fn assert_reads(error: &Error, line: &str, fields: &[&str]) {
    assert_eq!(error.to_string(), line);
    assert_eq!(format!("{error:?}"), line);
    assert_eq!(chain(error), line, "causes repeat nothing");
    assert!(!line.contains('\n'));
    let pretty = format!("{error:#?}");
    assert!(pretty.contains('\n') && pretty.contains("operation: "), "{pretty}");
    for field in fields {
        assert!(pretty.contains(field), "{field} is not in {pretty}");
    }
}

fn once(answer: Answer) -> Memory {
    Memory::script([answer])
}

#[tokio::test(start_paused = true)]
async fn every_status_says_operation_request_message_status_and_request_id() {
    for status in [400, 401, 402, 403, 409, 422, 429, 500, 501] {
        let service = once(Answer::error(status, "So it is").header("x-request-id", "req_7"));
        let error = service.client().list_members("team-01").retry(RetryConfig::none()).await.unwrap_err();
        let end = match status {
            429 | 500 => "; retries are off",
            _ => "",
        };
        let line =
            format!("list_members GET /workspaces/team-01/members: So it is (status {status}, request req_7){end}");
        assert_reads(
            &error,
            &line,
            &["ApiError {", &format!("status: {status}"), "req_7", "/workspaces/team-01/members"],
        );
        assert_eq!(error.call().host(), "openrouter.ai");
    }
    let error = once(Answer::error(404, "Workspace not found")).client().delete("team-01").await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)));
    assert_reads(&error, "delete DELETE /workspaces/team-01: Workspace not found (status 404)", &["ApiError {"]);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_endpoint_says_the_url_and_what_answered() {
    let page = Answer::new(404, "<html>Nothing here</html>");
    let error = once(page).client().get_budget("team-01", BudgetInterval::Daily).await.unwrap_err();
    assert!(matches!(error, Error::WrongEndpoint(_)));
    let line = "get_budget GET /workspaces/team-01/budgets/daily: \
                https://openrouter.ai/api/v1/workspaces/team-01/budgets/daily is not of this API; is the base URL right? \
                It answered: Not Found, with a body of 25 bytes (application/json) (status 404)";
    assert_reads(&error, line, &["WrongEndpointError {", "url: ", "answer: "]);
}

#[tokio::test(start_paused = true)]
async fn input_says_the_field_and_the_rule() {
    let client = once(Answer::error(418, "not sent")).client();
    let error = client.list().limit(101).await.unwrap_err();
    let line = "list GET /workspaces: invalid input, nothing was sent: limit must be at most 100, is 101";
    assert_reads(&error, line, &["InvalidInput {", "field: ", "rule: "]);
    let error = client.get("..").await.unwrap_err();
    assert!(error.to_string().starts_with("get GET /workspaces/{id}: invalid input, nothing was sent: "), "{error}");
    let error = client.update("team-01").header("a b", "c").await.unwrap_err();
    let line = "update PATCH /workspaces/team-01: invalid input, nothing was sent: header a b must have a valid name";
    assert_reads(&error, line, &["InvalidInput {"]);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_cannot_be_had_says_why() {
    let service = once(Answer::error(418, "not sent"));
    let builder = service.builder().api_key_from(|| async { Err(layers().into()) });
    let error = builder.build().unwrap().get("team-01").await.unwrap_err();
    let line = "get GET /workspaces/team-01: invalid input, nothing was sent: api_key must come from its source, which \
                failed: connection reset by peer";
    assert_reads(&error, line, &["InvalidInput {", "cause: "]);
    let Error::InvalidInput(input) = &error else { panic!("{error:?}") };
    assert_eq!(input.underlying().unwrap().to_string(), "error sending request");
    assert!(input.underlying().unwrap().downcast_ref::<Layer>().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_connection_says_the_host_and_the_innermost_cause_once() {
    let never = RetryConfig::none();
    let error = once(Answer::failure(HttpError::not_sent(layers()))).client().get("a").retry(never.clone()).await;
    let line = "get GET /workspaces/a: cannot connect (openrouter.ai): connection reset by peer; retries are off";
    assert_reads(&error.unwrap_err(), line, &["TransportError {", "cause: "]);

    let service = once(Answer::failure(HttpError::broken(layers())));
    let error = service.client().set_budget("a", BudgetInterval::Daily, 1.0).retry(never).await.unwrap_err();
    let line = "set_budget PUT /workspaces/a/budgets/daily: the connection failed (openrouter.ai): connection reset by \
                peer; retries are off; an attempt may have been applied";
    assert_reads(&error, line, &["TransportError {", "gave_up: "]);
    let Error::Transport(transport) = &error else { panic!("{error:?}") };
    assert!(transport.underlying().downcast_ref::<Layer>().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_timeout_says_whose_and_how_long() {
    let slow = || once(Answer::new(200, "{}").after(Duration::from_secs(3600)));
    let error = slow().client().get("a").retry(RetryConfig::none()).await.unwrap_err();
    let line = "get GET /workspaces/a: timed out: the attempt took longer than 30s; retries are off";
    assert_reads(&error, line, &["TimeoutError {", "limit: 30s", "total: false"]);

    let body = Answer::new(200, "{}").header("x-request-id", "req_7").in_parts(2, Duration::from_secs(3600));
    let error = once(body).client().get("a").timeout(Duration::from_secs(5)).await.unwrap_err();
    let line = "get GET /workspaces/a: timed out: the call took longer than 5s (status 200, request req_7)";
    assert_reads(&error, line, &["TimeoutError {", "total: true"]);

    // What went wrong before is said, once.
    let service = Memory::script([Answer::error(503, "busy"), Answer::new(200, "{}").after(Duration::from_secs(3600))]);
    let call = service.client().get("a").retry(RetryConfig::default().jitter(Jitter::None));
    let error = call.timeout(Duration::from_secs(5)).await.unwrap_err();
    let line = "get GET /workspaces/a: timed out: the call took longer than 5s; 2 attempts in 5.0s; the attempt before \
                failed with: busy (status 503)";
    assert_reads(&error, line, &["TimeoutError {", "last: "]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_read_says_where_and_after_how_many_attempts() {
    let service = Memory::script([Answer::error(503, "busy"), Answer::json(json!({"data": {"id": 5}}))]);
    let error = service.client().get("a").retry(RetryConfig::default().jitter(Jitter::None)).await.unwrap_err();
    assert!(matches!(error, Error::Decode(_)));
    let line = "get GET /workspaces/a: cannot read the answer (status 200): at data.id: invalid type: integer `5`, \
                expected a formatted UUID string at line 1 column 15; 2 attempts in 500.0ms";
    assert_reads(&error, line, &["DecodeError {", "path: ", "attempts: 2"]);
}

#[tokio::test(start_paused = true)]
async fn a_walk_says_what_is_wrong_with_the_pages() {
    let table = Table::new(3);
    let service = Memory::new(move |request, _| table.page(request, 4));
    let error = rest(service.client().list().items()).await.unwrap_err();
    assert!(matches!(error, Error::Pagination(_)));
    let line =
        "list GET /workspaces: cannot list all rows: the server sends no rows, although 4 are left (at offset 3)";
    assert_reads(&error, line, &["PaginationError {", "offset: 3"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_gave_up_says_why_and_how_often_it_tried() {
    let service = Memory::new(|_, _| Answer::error(503, "busy"));
    let error = service.client().get("a").retry(RetryConfig::default().jitter(Jitter::None)).await.unwrap_err();
    let line = "get GET /workspaces/a: busy (status 503); 4 attempts in 3.5s; no attempts left";
    assert_reads(&error, line, &["attempts: 4", "AttemptsExhausted"]);

    let service = Memory::new(|_, _| Answer::error(429, "later").header("retry-after", "3600"));
    let error = service.client().get("a").await.unwrap_err();
    let line = "get GET /workspaces/a: later (status 429); not retried: the next attempt is due in 3600.0s, and 60.0s \
                remain";
    assert_reads(&error, line, &["OutOfTime {"]);
    assert!(matches!(error.gave_up(), Some(GaveUp::OutOfTime { .. })));

    let service = Memory::new(|_, _| Answer::error(503, "busy"));
    let retry = RetryConfig::default().max_elapsed_time(Duration::ZERO);
    let error = service.client().get("a").retry(retry).await.unwrap_err();
    let line = "get GET /workspaces/a: busy (status 503); not retried: no time remains";
    assert_reads(&error, line, &["OutOfTime {"]);
}

/// `Error`: "`Display` is one line". A log must not get lines that a server has made up.
#[tokio::test(start_paused = true)]
async fn an_error_is_one_line_whatever_the_server_says() {
    let message = "no\n2026-05-20 INFO all is well\r\u{1b}[2K";
    let id = json!({"data": {"id": "a\nb"}});
    let unreadable = Answer::json(json!({"data": id}));
    let strange = Answer::json(
        json!({"data": {"id": "00000000-0000-4000-8000-000000000001", "name": "a\nb", "default_guardrail_id": "x\ny"}}),
    );
    for answer in [Answer::error(400, message), unreadable, strange] {
        let error = Memory::script([answer]).client().get("production").await.unwrap_err().to_string();
        assert!(!error.contains(['\n', '\r', '\u{1b}']), "{error:?}");
    }
}

const CHILD: &str = "WORKSPACES_MESSAGE_CHILD";

/// In the child, ends as a `main` does that returns an error. In the parent, this passes.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let service = once(Answer::error(404, "Workspace not found").header("cf-ray", "8f0a"));
    let result: Result<(), Error> = runtime.block_on(async { service.client().get("team-01").await.map(drop) });
    result.report();
}

#[test]
fn a_main_that_returns_the_error_prints_the_line() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "promises::messages::child", "--nocapture"]).env(CHILD, "1");
    let printed = String::from_utf8(command.output().unwrap().stderr).unwrap();
    let line = "Error: get GET /workspaces/team-01: Workspace not found (status 404, request 8f0a)\n";
    assert_eq!(printed.lines().find(|line| line.starts_with("Error: ")), Some(line.trim_end()), "{printed}");
}
