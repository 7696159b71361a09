//! Numbers at their ends: they lose nothing, and nothing panics.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use openrouter_workspaces::reqwest::{self, Body};
use openrouter_workspaces::{Client, Error, HttpFuture, HttpService, Jitter, ResumePoint, RetryConfig};
use serde_json::{Value, json};

use crate::promises::KEY;
use crate::promises::fixtures::workspace;
use crate::promises::service::{Answer, Memory, Recorded};
use crate::promises::table::{Table, rest, sorted};

/// A server whose total is always 0, or negative, contradicts itself; then a row is lost without an error.
#[tokio::test(start_paused = true)]
async fn a_total_of_nothing_loses_no_row() {
    for total in [0, -1, i64::MIN] {
        let table = Table::new(300);
        let changing = table.clone();
        let service = Memory::new(move |request, n| {
            if n == 1 {
                changing.rows().drain(5..8);
            }
            with_total(&changing, request, total)
        });
        let came = match rest(service.client().list().items()).await {
            Ok(came) => came,
            Err(Error::Pagination(_)) => continue,
            Err(other) => panic!("{other}"),
        };
        let missing: Vec<_> = table.rows().iter().copied().filter(|row| !came.contains(row)).collect();
        assert!(missing.is_empty(), "total {total}: {missing:?} are lost, and no error says so");
    }
}

fn with_total(table: &Table, request: &Recorded, total: i64) -> Answer {
    let rows = table.rows().clone();
    let (offset, limit) = (request.number("offset").unwrap_or(0), request.number("limit").unwrap_or(50));
    let data: Vec<Value> = rows.iter().skip(offset).take(limit).map(|n| row(*n)).collect();
    Answer::json(json!({"data": data, "total_count": total}))
}

fn row(n: usize) -> Value {
    let mut row = workspace();
    row["id"] = format!("00000000-0000-4000-8000-{n:012}").into();
    row["slug"] = format!("w{n}").into();
    row
}

/// A point is read from outside: it must not make a walk panic.
#[tokio::test(start_paused = true)]
async fn a_resume_point_at_the_end_of_all_numbers_does_not_panic() {
    let point: ResumePoint = serde_json::from_value(json!({
        "version": 1, "list": "https://openrouter.ai/api/v1/workspaces", "cursor": u64::MAX, "floor": 0,
        "seen": ["00000000-0000-4000-8000-000000000000"]
    }))
    .unwrap();
    let client = Table::new(25).serve().client();
    let came = rest(client.list().items().resume_from(point)).await.unwrap();
    assert_eq!(sorted(came), Vec::from_iter(1..25));
}

#[tokio::test(start_paused = true)]
async fn an_offset_at_the_end_of_all_numbers_does_not_panic() {
    // A server that ignores offsets.
    let service = Memory::new(|_, n| Answer::json(json!({"data": [row(n)], "total_count": i64::MAX})));
    let mut items = service.client().list().offset(u64::MAX).items();
    for _ in 0..10 {
        if items.next().await.is_none_or(|row| row.is_err()) {
            break;
        }
    }
}

/// A body of `{}` that says how long it is.
struct Announced(Vec<Bytes>, SizeHint);

impl http_body::Body for Announced {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.0.pop().map(|part| Ok(Frame::data(part))))
    }

    fn size_hint(&self) -> SizeHint {
        self.1
    }
}

/// Who wants no limit says `usize::MAX`; then the length that a server announces must not be allocated.
#[tokio::test]
async fn an_announced_length_does_not_panic_or_abort_where_there_is_no_limit() {
    struct Liar;
    impl HttpService for Liar {
        fn call(&self, _: reqwest::Request) -> HttpFuture<'_> {
            let hint = SizeHint::with_exact(u64::MAX / 2 + 1);
            let body = Body::wrap(Announced(vec!["}".into(), "{".into()], hint));
            Box::pin(async { Ok(http::Response::new(body).into()) })
        }
    }
    let builder = Client::builder().api_key(KEY).http_service(Liar).max_body_bytes(usize::MAX);
    let call = tokio::spawn(async move { builder.build().unwrap().get("production").await.map(drop) });
    assert!(call.await.is_ok(), "it panicked");
}

/// `min(max_interval, initial_interval * exponent^n)` is zero where the interval is.
#[tokio::test(start_paused = true)]
async fn no_interval_is_no_wait_whatever_the_exponent() {
    let service = Memory::new(|_, _| Answer::error(503, "busy"));
    let retry = RetryConfig::default().jitter(Jitter::None);
    let retry = retry.initial_interval(Duration::ZERO).exponent(1e200).max_elapsed_time(Duration::from_secs(600));
    let error = service.client().get("production").retry(retry).timeout(Duration::from_secs(600)).await.unwrap_err();
    assert_eq!(error.call().elapsed(), Duration::ZERO, "{error}");
}
