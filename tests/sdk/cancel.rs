//! Calls may be dropped at any await point: then nothing more is sent for them, the client stays usable, and a walk loses no
//! rows.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::common::KEY;
use crate::common::fixtures::{member_row, workspace};
use crate::common::raw::{Reaction, SteadyServer, half_an_answer};
use futures_util::future::join_all;
use openrouter_workspaces::{ApiKey, Client, Error, Jitter, RetryConfig};
use serde_json::json;
use tokio::task::JoinSet;

/// Calls are dropped after 1, 2, ... and this many polls.
const POLLS: usize = 50;
/// The wait before a retry. It begins and ends within the polls that are a tick apart.
const BACKOFF: Duration = Duration::from_millis(20);
const TICK: Duration = Duration::from_millis(1);
/// Long enough for every retry that a call which was dropped could still make.
const GRACE: Duration = Duration::from_millis(150);

/// What happens between two polls.
#[derive(Clone, Copy, Debug)]
enum Pace {
    /// Nothing, and nothing is told who wakes whom.
    Burst,
    /// Other tasks run.
    Yield,
    /// Time passes, so that answers come and waits end.
    Tick,
}

/// Polls a future so many times; what it returns, if it does.
async fn poll_times<F: Future + Unpin>(future: &mut F, times: usize, pace: Pace) -> Option<F::Output> {
    for _ in 0..times {
        let poll = match pace {
            Pace::Burst => Pin::new(&mut *future).poll(&mut Context::from_waker(Waker::noop())),
            Pace::Yield | Pace::Tick => poll_fn(|cx| Poll::Ready(Pin::new(&mut *future).poll(cx))).await,
        };
        match (poll, pace) {
            (Poll::Ready(output), _) => return Some(output),
            (Poll::Pending, Pace::Burst) => {}
            (Poll::Pending, Pace::Yield) => tokio::task::yield_now().await,
            (Poll::Pending, Pace::Tick) => tokio::time::sleep(TICK).await,
        }
    }
    None
}

#[derive(Clone, Copy, Debug)]
enum Call {
    Get,
    Create,
    Delete,
    WalkNext,
}

impl Call {
    /// The call, for a workspace of its own.
    fn start(self, client: &Client, slug: String) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send>> {
        let client = client.clone();
        Box::pin(async move {
            match self {
                Self::Get => client.get(slug).await.map(drop),
                Self::Create => client.create("Production", slug).await.map(drop),
                Self::Delete => client.delete(slug).await.map(drop),
                Self::WalkNext => client.list_members(slug).items().try_next().await.map(drop),
            }
        })
    }
}

fn retry() -> RetryConfig {
    RetryConfig::default().initial_interval(BACKOFF).exponent(1.0).max_attempts(1000).jitter(Jitter::None)
}

/// A client that counts its attempts: the key is asked for at every one.
fn counting(server: &SteadyServer, http: &reqwest::Client) -> (Client, Arc<AtomicUsize>) {
    let attempts = Arc::new(AtomicUsize::new(0));
    let count = attempts.clone();
    let key = move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { Ok(ApiKey::new(KEY)) }
    };
    let builder = Client::builder().api_key_from(key).base_url(server.url()).retry(retry()).retry_budget(1_000_000);
    (builder.http_client(http.clone()).build().unwrap(), attempts)
}

fn http() -> reqwest::Client {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.retry(reqwest::retry::never()).no_proxy().build().unwrap()
}

/// A server that reacts so to requests of the calls that are dropped, and answers all others.
fn staged(stage: Reaction) -> SteadyServer {
    let success = Reaction::answer("200 OK", "", &json!({"data": workspace()}).to_string());
    SteadyServer::start(move |request| match String::from_utf8_lossy(request).contains("dropped-") {
        true => stage.clone(),
        false => success.clone(),
    })
}

/// One call that was dropped after so many polls, and one that followed it.
struct Dropped {
    slug: String,
    attempts: Arc<AtomicUsize>,
    /// The attempts up to the drop, and the one of the call that followed.
    made: usize,
}

async fn drop_after(polls: usize, call: Call, pace: Pace, server: &SteadyServer, http: &reqwest::Client) -> Dropped {
    let (client, attempts) = counting(server, http);
    let slug = format!("dropped-{polls}-end");
    let mut future = call.start(&client, slug.clone());
    if let Call::WalkNext = call {
        // A task fetches the page, and begins when other tasks run.
        assert!(poll_times(&mut future, 1, Pace::Yield).await.is_none());
    }
    let output = poll_times(&mut future, polls, pace).await;
    drop(future);
    let made = attempts.load(Ordering::SeqCst);
    assert!(output.is_none(), "{call:?} {pace:?} {polls}: {output:?}");
    assert!(made >= 1, "the first poll asks for the key: {call:?} {pace:?} {polls}");
    let follows = client.get("following").timeout(Duration::from_secs(20)).await;
    follows.unwrap_or_else(|error| panic!("{call:?} {pace:?} {polls}: {error}"));
    Dropped { slug, made: made + 1, attempts }
}

async fn assert_nothing_follows(stage: Reaction) {
    let http = http();
    for call in [Call::Get, Call::Create, Call::Delete, Call::WalkNext] {
        let paces = [Pace::Burst, Pace::Yield, Pace::Tick];
        join_all(paces.map(|pace| assert_nothing_follows_at(pace, call, &stage, &http))).await;
    }
}

async fn assert_nothing_follows_at(pace: Pace, call: Call, stage: &Reaction, http: &reqwest::Client) {
    let server = Arc::new(staged(stage.clone()));
    let mut tasks = JoinSet::new();
    for polls in 1..=POLLS {
        let (server, http) = (server.clone(), http.clone());
        tasks.spawn(async move { drop_after(polls, call, pace, &server, &http).await });
    }
    let dropped = tasks.join_all().await;
    tokio::time::sleep(GRACE).await;
    assert_eq!((dropped.len(), server.count("/following")), (POLLS, POLLS));
    for Dropped { slug, attempts, made } in dropped {
        let case = format!("{call:?} {pace:?} {slug}");
        assert_eq!(attempts.load(Ordering::SeqCst), made, "{case}: an attempt was made after the drop");
        assert!(server.count(&slug) < made, "{case}: more was sent than there were attempts");
    }
}

#[tokio::test]
async fn a_call_that_gets_no_answer() {
    assert_nothing_follows(Reaction::Stall(Vec::new())).await;
}

#[tokio::test]
async fn a_call_whose_answer_stalls() {
    assert_nothing_follows(Reaction::Stall(half_an_answer())).await;
}

#[tokio::test]
async fn a_call_whose_answer_drips() {
    assert_nothing_follows(Reaction::Drip(half_an_answer(), TICK)).await;
}

#[tokio::test]
async fn a_call_that_waits_for_a_retry() {
    let body = r#"{"error": {"code": 503, "message": "busy"}}"#;
    assert_nothing_follows(Reaction::answer("503 Busy", "", body)).await;
}

#[tokio::test]
async fn a_call_whose_connection_breaks() {
    assert_nothing_follows(Reaction::Close(Vec::new())).await;
}

/// A server that nobody accepts connections for. The call that follows is made once somebody does.
#[tokio::test]
async fn a_call_that_is_not_accepted() {
    for call in [Call::Get, Call::Create, Call::Delete, Call::WalkNext] {
        for polls in [1, 2, 3, 5, 10, 20, POLLS] {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}/api/v1", listener.local_addr().unwrap());
            let client = Client::builder().api_key(KEY).base_url(url).retry(RetryConfig::none()).build().unwrap();
            let mut future = call.start(&client, "dropped".to_owned());
            assert!(poll_times(&mut future, polls, Pace::Yield).await.is_none());
            drop(future);
            let accept = tokio::spawn(accept(listener));
            let follows = client.delete("following").timeout(Duration::from_secs(20)).await;
            assert!(follows.unwrap().deleted, "{call:?} {polls}");
            tokio::time::sleep(5 * TICK).await;
            accept.abort();
        }
    }
}

/// Answers the call that follows, on whatever connection it comes.
async fn accept(listener: tokio::net::TcpListener) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::spawn(async move {
            let mut bytes = vec![0; 4096];
            while let Ok(1..) = stream.read(&mut bytes).await {
                if String::from_utf8_lossy(&bytes).contains("/following") {
                    let body = r#"{"deleted": true}"#;
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            }
        });
    }
}

/// The number of a query's parameter.
fn parameter(request: &str, name: &str) -> Option<usize> {
    let (_, rest) = request.split_once(&format!("{name}="))?;
    rest.split(['&', ' ']).next()?.parse().ok()
}

const ROWS: usize = 7;

/// A list in pages, with a slow answer to each request, and a failure to every third.
fn slow_list() -> SteadyServer {
    let requests = AtomicUsize::new(0);
    SteadyServer::start(move |request| {
        if requests.fetch_add(1, Ordering::SeqCst) % 3 == 1 {
            return Reaction::answer("503 Busy", "retry-after-ms: 3\r\n", "");
        }
        let request = String::from_utf8_lossy(request);
        let (offset, limit) = (parameter(&request, "offset").unwrap_or(0), parameter(&request, "limit").unwrap());
        let rows: Vec<_> = (offset..ROWS.min(offset + limit)).map(member_row).collect();
        let body = json!({"data": rows, "total_count": ROWS}).to_string();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}", body.len(), &body[..9]);
        Reaction::Slow(head.into(), 5 * TICK, body[9..].into())
    })
}

/// The rows of a walk whose `next` is dropped after so many polls, over and over, and how many attempts they took.
async fn walk(polls: usize, pace: Pace, concurrency: usize, http: &reqwest::Client) -> (Vec<String>, usize) {
    let server = slow_list();
    let (client, attempts) = counting(&server, http);
    let request = client.list_members("production").limit(2);
    let mut walk = request.retry(retry().initial_interval(TICK)).items().concurrency(concurrency);
    let mut rows = Vec::new();
    loop {
        let mut next = Box::pin(walk.next());
        let output = poll_times(&mut next, polls, pace).await;
        drop(next);
        match output {
            Some(Some(row)) => rows.push(row.unwrap().user_id),
            Some(None) => break,
            // Nobody else would let the time pass.
            None => tokio::time::sleep(TICK).await,
        }
    }
    let (made, received) = (attempts.load(Ordering::SeqCst), server.count("/production/members"));
    assert_eq!(made, received, "every attempt is a request");
    (rows, made)
}

#[tokio::test]
async fn a_walk_whose_next_is_dropped_yields_the_same_rows() {
    let http = http();
    let expected: Vec<_> = (0..ROWS).map(|n| format!("user_{n}")).collect();
    for pace in [Pace::Burst, Pace::Yield, Pace::Tick] {
        // Undisturbed, and one page after the other, it takes a certain number of requests.
        let (rows, requests) = walk(usize::MAX, Pace::Tick, 1, &http).await;
        assert_eq!(rows, expected);
        let mut tasks = JoinSet::new();
        for polls in 1..=POLLS {
            let http = http.clone();
            tasks.spawn(async move { (polls, walk(polls, pace, 1, &http).await, walk(polls, pace, 3, &http).await.0) });
        }
        for (polls, one_by_one, at_once) in tasks.join_all().await {
            assert_eq!(one_by_one, (expected.clone(), requests), "{pace:?} {polls}");
            assert_eq!(at_once, expected, "{pace:?} {polls}");
        }
    }
}
