//! Starting and stopping.

use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use openrouter_sandbox::{
    Account, Fault, FaultPlan, RecordedRequest, Sandbox, SandboxBuilder, ScriptedResponse, TakenSlug, UnknownFault,
    UnknownName,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::Api;

#[tokio::test]
async fn sandboxes_share_nothing() {
    let (a, b) = (Api::start().await, Api::start().await);
    assert_ne!(a.sandbox.port(), b.sandbox.port());
    assert_ne!(a.sandbox.key(), b.sandbox.key());
    assert!(a.sandbox.key().starts_with("sk-or-v1-sandbox-"));
    let body = serde_json::json!({"name": "A", "slug": "a"});
    a.send("POST", "/workspaces", body).await.ok(201);
    b.call("GET", "/workspaces/a").await.refused(404);
}

#[tokio::test]
async fn the_base_url_names_the_port() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(sandbox.base_url(), format!("http://127.0.0.1:{}/api/v1", sandbox.port()));
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let first = Sandbox::start().await.unwrap();
    let error = Sandbox::builder().port(first.port()).start().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    assert!(error.to_string().starts_with(&format!("cannot listen on 127.0.0.1, port {}: ", first.port())), "{error}");
}

#[tokio::test]
async fn dropping_closes_every_connection_and_frees_the_port() {
    let sandbox = Sandbox::start().await.unwrap();
    let port = sandbox.port();
    let mut idle = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut halfway = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    halfway.write_all(b"POST /api/v1/workspaces HTTP/1.1\r\ncontent-length: 9\r\n\r\n").await.unwrap();

    drop(sandbox);
    for connection in [&mut idle, &mut halfway] {
        let closed = timeout(Duration::from_secs(5), connection.read(&mut [0])).await.unwrap();
        assert!(matches!(closed, Ok(0) | Err(_)));
    }
    drop((idle, halfway));
    Sandbox::builder().port(port).start().await.unwrap();
}

#[test]
fn a_sandbox_outlives_the_runtime_that_started_it() {
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime().block_on(Sandbox::start()).unwrap();
    let request = async {
        let client = reqwest::Client::new();
        let url = format!("{}/workspaces", sandbox.base_url());
        client.get(url).bearer_auth(sandbox.key()).send().await.unwrap().status()
    };
    assert_eq!(runtime().block_on(request), 200);
}

#[test]
fn public_types_can_be_sent_and_shared() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Sandbox>();
    check::<SandboxBuilder>();
    check::<RecordedRequest>();
    check::<ScriptedResponse>();
    check::<UnknownName>();
    check::<Account>();
    check::<Fault>();
    check::<FaultPlan>();
    check::<TakenSlug>();
    check::<UnknownFault>();
}

#[tokio::test]
async fn options_that_cannot_be_are_refused_with_their_rule() {
    let nan = FaultPlan::default().rate_all(f64::NAN, [Fault::status(503)]);
    for (builder, message) in [
        (Sandbox::builder().key(""), "a key must consist of one or more visible ASCII characters"),
        (Sandbox::builder().inference_key("a\nb"), "a key must consist of one or more visible ASCII characters"),
        (Sandbox::builder().key("k").inference_key("k"), "a key that may not manage is the management key"),
        (Sandbox::builder().seed_workspaces(100_001), "seed_workspaces: 100001 is too many, 100000 is the most"),
        (Sandbox::builder().organization_members(usize::MAX), "organization_members: 18446744073709551615 is too many"),
        (Sandbox::builder().faults(nan), "the rate of faults is NaN: choose a number from 0 to 1"),
        (
            Sandbox::builder().faults(FaultPlan::default().rate("list_workspaces", -0.1, [])),
            "the rate of faults is -0.1: choose",
        ),
    ] {
        for error in [builder.clone().in_memory().unwrap_err(), builder.start().await.unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().starts_with(message), "{error}");
        }
    }
}

#[tokio::test]
async fn a_sandbox_may_be_dropped_by_its_own_hook() {
    let sandbox = Arc::new(Sandbox::start().await.unwrap());
    let (url, key) = (format!("{}/workspaces", sandbox.base_url()), sandbox.key().to_owned());
    let (sender, receiver) = mpsc::channel();
    let mut own = Some(sandbox.clone());
    let hook = move |_: &Account, _| {
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(own.take())));
        sender.send(dropped.is_ok()).unwrap();
    };
    sandbox.before("list_workspaces", hook).unwrap();
    drop(sandbox);
    // Whether the answer comes before the server has stopped is not certain.
    let _ = reqwest::Client::new().get(url).bearer_auth(key).send().await;
    assert_eq!(receiver.recv(), Ok(true));
}
