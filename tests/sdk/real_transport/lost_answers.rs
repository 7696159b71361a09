//! Creating a workspace when the connection, or the stream of HTTP/2, ends before the answer does: it is created once.

use h2::Reason;
use openrouter_workspaces::{Delivery, Error, RetryConfig, Workspace};

use crate::real_transport::certificates::Authority;
use crate::real_transport::server::Behaviour::{Answer, Lose};
use crate::real_transport::server::How::{Close, GoAway, Reset};
use crate::real_transport::server::When::{AfterProcessing, BeforeProcessing, InTheBody};
use crate::real_transport::server::{Behaviour, How, Server, When};
use crate::real_transport::{client, http_client, quick};

const HTTP1: &str = "http/1.1";
const HTTP2: &str = "h2";

/// The ways in which an answer over HTTP/2 is lost.
const EVERY_HOW: [How; 3] = [Close, GoAway(Reason::NO_ERROR), Reset(Reason::CANCEL)];

/// Gets a workspace that does not exist, and then creates it, at a server that does this with the requests from then on.
async fn create(protocol: &str, script: &[Behaviour], retry: RetryConfig) -> (Server, Result<Workspace, Error>) {
    let authority = Authority::new("Trusted");
    let server = Server::https("127.0.0.1", authority.tls(&[protocol])).await.expect("a free port");
    let client = client(&server, &authority, retry);
    assert!(matches!(client.get("production").await, Err(Error::NotFound(_))));
    server.script(script.iter().copied());
    let result = client.create("Production", "production").await;
    let request = &server.requests()[1];
    assert_eq!((request.protocol.as_deref(), request.line.as_str()), (Some(protocol), "POST /api/v1/workspaces"));
    // So that GOAWAY is about the second stream of a connection, and has a first one to name.
    assert!(request.connection == 1 || protocol == HTTP1, "HTTP/2 has one connection");
    (server, result)
}

/// Creates a workspace at a server that does this first, and checks that it exists once and is the result.
async fn assert_created_once(protocol: &str, script: &[Behaviour]) {
    let (server, result) = create(protocol, script, quick()).await;
    let created = result.unwrap_or_else(|error| panic!("{protocol}, {script:?}: {error}"));
    let workspaces = server.api().workspaces();
    assert_eq!(workspaces.len(), 1, "{script:?}: {:#?}", server.requests());
    assert_eq!(created.id.to_string(), workspaces[0]["id"], "{protocol}, {script:?}");
}

/// Loses the answer, and then also what comes after it.
async fn assert_created_once_without_answers(protocol: &str, when: When, how: How) {
    for n in 1..=3 {
        assert_created_once(protocol, &[Lose(when, how)].repeat(n)).await;
    }
}

#[tokio::test]
async fn goaway_before_processing_creates_once() {
    for reason in [Reason::NO_ERROR, Reason::ENHANCE_YOUR_CALM, Reason::INTERNAL_ERROR] {
        assert_created_once_without_answers(HTTP2, BeforeProcessing, GoAway(reason)).await;
    }
}

#[tokio::test]
async fn goaway_after_processing_creates_once() {
    for reason in [Reason::NO_ERROR, Reason::ENHANCE_YOUR_CALM, Reason::INTERNAL_ERROR] {
        assert_created_once_without_answers(HTTP2, AfterProcessing, GoAway(reason)).await;
    }
}

#[tokio::test]
async fn a_refused_stream_creates_once() {
    assert_created_once_without_answers(HTTP2, BeforeProcessing, Reset(Reason::REFUSED_STREAM)).await;
}

#[tokio::test]
async fn a_stream_that_is_reset_before_processing_creates_once() {
    for reason in [Reason::CANCEL, Reason::INTERNAL_ERROR, Reason::ENHANCE_YOUR_CALM] {
        assert_created_once_without_answers(HTTP2, BeforeProcessing, Reset(reason)).await;
    }
}

#[tokio::test]
async fn a_stream_that_is_reset_after_processing_creates_once() {
    for reason in [Reason::CANCEL, Reason::INTERNAL_ERROR, Reason::NO_ERROR] {
        assert_created_once_without_answers(HTTP2, AfterProcessing, Reset(reason)).await;
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_in_the_body_creates_once() {
    for how in [Reset(Reason::INTERNAL_ERROR), Reset(Reason::CANCEL), GoAway(Reason::NO_ERROR)] {
        assert_created_once_without_answers(HTTP2, InTheBody, how).await;
    }
}

#[tokio::test]
async fn a_connection_that_closes_creates_once() {
    for when in [BeforeProcessing, AfterProcessing, InTheBody] {
        assert_created_once_without_answers(HTTP1, when, Close).await;
        assert_created_once_without_answers(HTTP2, when, Close).await;
    }
}

#[tokio::test]
async fn a_mix_of_losses_creates_once() {
    let script = [
        Lose(BeforeProcessing, Reset(Reason::REFUSED_STREAM)),
        Lose(BeforeProcessing, GoAway(Reason::NO_ERROR)),
        Answer,
        Lose(AfterProcessing, GoAway(Reason::NO_ERROR)),
        Lose(InTheBody, Reset(Reason::INTERNAL_ERROR)),
        Lose(BeforeProcessing, Close),
    ];
    assert_created_once(HTTP2, &script).await;
}

#[tokio::test]
async fn without_retries_and_look_ups_the_error_says_that_the_outcome_is_unknown() {
    for (when, how) in [AfterProcessing, InTheBody].into_iter().flat_map(|when| EVERY_HOW.map(|how| (when, how))) {
        let (server, result) = create(HTTP2, &[Lose(when, how)], RetryConfig::none()).await;
        let error = result.expect_err("the answer is lost");
        assert!(matches!(error, Error::Transport(_)), "{when:?}, {how:?}: {error:?}");
        assert_eq!(error.delivery(), Delivery::Unknown, "{when:?}, {how:?}: {error}");
        assert_eq!(error.attempts(), 1, "{when:?}, {how:?}: {error}");
        assert_eq!(server.requests().len(), 2, "{when:?}, {how:?}");
        assert_eq!(server.api().workspaces().len(), 1, "{when:?}, {how:?}");
    }
}

/// The server does what these tests are about.
#[tokio::test]
async fn half_of_an_answer_comes_before_it_breaks_off() {
    let authority = Authority::new("Trusted");
    let cases = EVERY_HOW.map(|how| (HTTP2, how)).into_iter().chain([(HTTP1, Close)]);
    for (protocol, how) in cases {
        let server = Server::https("127.0.0.1", authority.tls(&[protocol])).await.expect("a free port");
        server.script([Lose(InTheBody, how)]);
        let request = http_client(&authority).get(format!("{}/workspaces", server.url()));
        let mut answer = request.send().await.unwrap_or_else(|error| panic!("{protocol}, {how:?}: {error:?}"));
        assert_eq!(answer.status(), 200);
        let half = answer.chunk().await.expect("half of the body").expect("half of the body");
        assert!(half.starts_with(b"{"), "{protocol}, {how:?}: {half:?}");
        answer.chunk().await.expect_err("there is no other half");
    }
}
