//! Every timeout holds at every stage of a call. Here time is real. The lower bound is exact; the upper bound is generous,
//! for a machine that is busy, and what was measured is printed.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::common::KEY;
use crate::common::raw::{Reaction, SteadyServer, half_an_answer};
use futures_util::future::{join, join_all};
use openrouter_workspaces::{Client, ClientBuilder, Delivery, Error, GaveUp, Jitter, RetryConfig};
use reqwest::dns::{Name, Resolve, Resolving};

const LIMIT: Duration = Duration::from_millis(400);
const SLACK: Duration = Duration::from_secs(2);
/// Timers have a resolution of a millisecond.
const TICK: Duration = Duration::from_millis(1);

/// Calls, and returns the error and how long it took.
async fn fail(client: &Client) -> (Error, Duration) {
    let start = Instant::now();
    let error = client.get("production").await.unwrap_err();
    (error, start.elapsed())
}

fn assert_on_time(stage: &str, elapsed: Duration) {
    let over = elapsed.as_secs_f64() - LIMIT.as_secs_f64();
    println!("{stage}: {:+.1} ms ({:+.2} %)", over * 1e3, over / LIMIT.as_secs_f64() * 100.0);
    assert!(elapsed + TICK >= LIMIT && elapsed < LIMIT + SLACK, "{stage}: {elapsed:?}");
}

fn base(url: impl Into<String>) -> ClientBuilder {
    Client::builder().api_key(KEY).base_url(url).retry(RetryConfig::none())
}

/// Both timeouts end the call, each under its own name.
async fn assert_both_hold(stage: &str, builder: ClientBuilder) {
    let builder = builder.no_timeouts().connect_timeout(Duration::from_secs(60));
    let hold = async |(total, builder): (bool, ClientBuilder)| {
        let which = if total { "total" } else { "attempt" };
        let (error, elapsed) = fail(&builder.build().unwrap()).await;
        assert_on_time(&format!("{stage}, {which} timeout"), elapsed);
        let Error::Timeout(timeout) = &error else { panic!("{stage}: {error:?}") };
        // Without a key nothing is sent, and nothing is tried again.
        let sent = stage != "the key";
        let attempts = u32::from(sent);
        assert_eq!(
            (timeout.is_total(), timeout.limit(), timeout.call().attempts()),
            (total, LIMIT, attempts),
            "{stage}"
        );
        assert_eq!(timeout.call().gave_up(), (sent && !total).then_some(&GaveUp::RetriesOff), "{stage}");
        let head = error.status() == Some(200) || !stage.contains("body");
        assert!(head && error.delivery() != Delivery::Answered, "{stage}");
    };
    join_all([(true, builder.clone().timeout(LIMIT)), (false, builder.attempt_timeout(LIMIT))].map(hold)).await;
}

/// The timeout for connecting ends the call, as a connection that could not be made.
async fn assert_connecting_ends(stage: &str, builder: ClientBuilder) {
    let client = builder.no_timeouts().connect_timeout(LIMIT).build().unwrap();
    let (error, elapsed) = fail(&client).await;
    assert_on_time(&format!("{stage}, connect timeout"), elapsed);
    assert!(matches!(error, Error::Connect(_)), "{stage}: {error:?}");
    assert_eq!((error.attempts(), error.delivery(), error.is_retryable()), (1, Delivery::NotSent, true), "{stage}");
}

/// A resolver that never answers.
struct Silent;

impl Resolve for Silent {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}

fn resolving() -> reqwest::ClientBuilder {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().dns_resolver(Arc::new(Silent))
}

#[tokio::test]
async fn name_resolution() {
    let http = resolving().build().unwrap();
    let both = assert_both_hold("name resolution", base("http://localhost:9/api/v1").http_client(http));
    let http = resolving().connect_timeout(LIMIT).build().unwrap();
    let ends = assert_connecting_ends("name resolution", base("http://localhost:9/api/v1").http_client(http));
    join(both, ends).await;
}

/// A listener that takes no more connections: those that wait to be accepted are as many as may wait. On Linux, a further
/// one then gets no answer.
#[cfg(target_os = "linux")]
async fn full() -> (tokio::net::TcpListener, Vec<tokio::net::TcpStream>, SocketAddr) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    for _ in 0..64 {
        let connect = tokio::net::TcpStream::connect(address);
        match tokio::time::timeout(Duration::from_millis(300), connect).await {
            Ok(stream) => waiting.push(stream.unwrap()),
            Err(_) => return (listener, waiting, address),
        }
    }
    panic!("{} connections are made, and nobody accepts them", waiting.len());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn connecting() {
    let (_listener, _waiting, address) = full().await;
    let url = format!("http://{address}/api/v1");
    join(assert_both_hold("connecting", base(&url)), assert_connecting_ends("connecting", base(&url))).await;
}

/// A server that accepts connections, and says nothing.
struct Mute {
    address: SocketAddr,
    _accepted: Arc<Mutex<Vec<TcpStream>>>,
}

impl Mute {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let accepted = Arc::new(Mutex::new(Vec::new()));
        let log = accepted.clone();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| log.lock().unwrap().push(stream)));
        Self { address, _accepted: accepted }
    }
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn tls() {
    let mute = Mute::start();
    let url = format!("https://{}/api/v1", mute.address);
    join(assert_both_hold("TLS", base(&url)), assert_connecting_ends("TLS", base(&url))).await;
}

#[tokio::test]
async fn a_server_that_does_not_read() {
    let mute = Mute::start();
    assert_both_hold("a server that does not read", base(format!("http://{}/api/v1", mute.address))).await;
}

async fn assert_both_hold_over(stage: &str, reaction: Reaction) {
    let server = SteadyServer::start(move |_| reaction.clone());
    assert_both_hold(stage, base(server.url())).await;
    assert_eq!(server.take_requests().len(), 2);
}

#[tokio::test]
async fn headers() {
    let none = assert_both_hold_over("headers", Reaction::Stall(Vec::new()));
    let half = Reaction::Stall(b"HTTP/1.1 200 OK\r\ncontent-".to_vec());
    join(none, assert_both_hold_over("half the headers", half)).await;
}

#[tokio::test]
async fn a_body_that_stalls() {
    assert_both_hold_over("a body that stalls", Reaction::Stall(half_an_answer())).await;
}

#[tokio::test]
async fn the_body_of_an_error_that_stalls_ends_in_time_and_the_status_stays() {
    let error = b"HTTP/1.1 500 Failed\r\ncontent-length: 100\r\n\r\n{\"error\"".to_vec();
    let server = SteadyServer::start(move |_| Reaction::Stall(error.clone()));
    let base = base(server.url()).no_timeouts();
    let hold = async |builder: ClientBuilder| {
        let (error, elapsed) = fail(&builder.build().unwrap()).await;
        assert_on_time("the body of an error that stalls", elapsed);
        assert!(matches!(error, Error::InternalServer(_)), "{error:?}");
        assert!(error.to_string().contains("its body did not come in time"), "{error}");
    };
    join_all([base.clone().timeout(LIMIT), base.attempt_timeout(LIMIT)].map(hold)).await;
}

#[tokio::test]
async fn a_body_that_drips() {
    let drip = Duration::from_millis(10);
    assert_both_hold_over("a body that drips", Reaction::Drip(half_an_answer(), drip)).await;
}

#[tokio::test]
async fn a_key_source_that_never_answers() {
    let server = SteadyServer::start(|_| Reaction::Close(Vec::new()));
    assert_both_hold("the key", base(server.url()).api_key_from(std::future::pending)).await;
    assert_eq!(server.take_requests().len(), 0);
}

fn patient() -> RetryConfig {
    RetryConfig::default().initial_interval(Duration::ZERO).jitter(Jitter::None)
}

#[tokio::test]
async fn a_wait_that_is_longer_than_what_is_left_is_not_begun() {
    let waits = [("retry-after: 5\r\n", patient()), ("", patient().initial_interval(Duration::from_secs(5)))];
    for (header, retry) in waits {
        let server = SteadyServer::start(move |_| {
            Reaction::answer("429 Slow Down", header, r#"{"error": {"code": 429, "message": "slow down"}}"#)
        });
        let client = base(server.url()).no_timeouts().timeout(LIMIT).retry(retry).build().unwrap();
        // The client's first call also sets up what it has not needed before.
        let (error, elapsed) = fail(&client).await;
        println!("a wait that is too long: after {:.1} ms", elapsed.as_secs_f64() * 1e3);
        assert!(elapsed < LIMIT, "{elapsed:?}");
        let Error::RateLimited(limited) = &error else { panic!("{error:?}") };
        assert_eq!((error.status(), limited.call().attempts()), (Some(429), 1));
        let Some(GaveUp::OutOfTime { wait, remaining }) = limited.call().gave_up() else { panic!("{limited:?}") };
        assert!(*wait == Duration::from_secs(5) && *remaining <= LIMIT, "{wait:?} {remaining:?}");
        assert_eq!(server.take_requests().len(), 1);
    }
}
