//! A connection that speaks HTTP/2, and takes one request after the other.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use h2::server::{Connection, SendResponse};
use h2::{Reason, RecvStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::real_transport::api::Answer;
use crate::real_transport::server::{Behaviour, How, Request, State, When, close};

/// Serves a connection to its end.
pub async fn serve<S>(stream: S, connection: usize, protocol: Option<String>, state: &State) -> Option<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let stream = Shared(Arc::new(Mutex::new(stream)));
    let mut http2 = h2::server::handshake(stream.clone()).await.ok()?;
    while let Some(request) = http2.accept().await {
        let (request, respond) = request.ok()?;
        let line = format!("{} {}", request.method(), request.uri().path());
        let behaviour = state.receive(Request { connection, protocol: protocol.clone(), line });
        if let Then::Close(last_words) = handle(&mut http2, request, respond, behaviour, state).await? {
            drop(http2);
            close(stream, &last_words).await;
            return None;
        }
    }
    Some(())
}

/// What becomes of a connection after a request.
enum Then {
    GoOn,
    /// It is closed, after these bytes.
    Close(Vec<u8>),
}

/// Handles a request; nothing if the connection ends before.
async fn handle<S>(
    http2: &mut Connection<S, Bytes>,
    request: http::Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    behaviour: Behaviour,
    state: &State,
) -> Option<Then>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let id = u32::from(respond.stream_id());
    let (head, body) = request.into_parts();
    if let Behaviour::Lose(When::BeforeProcessing, how) = behaviour {
        // The client's streams have the odd numbers.
        return Some(lose(respond, how, id.saturating_sub(2)));
    }
    let body = while_serving(http2, read(body)).await??;
    let Answer { status, date, body } = state.api.process(head.method.as_str(), head.uri.path(), &body);
    let response = http::Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .header("content-length", body.len())
        .header("date", date)
        .body(())
        .expect("a response");
    let (when, how) = match behaviour {
        Behaviour::Lose(when, how) => (when, how),
        Behaviour::Answer | Behaviour::AnswerAndClose => {
            respond.send_response(response, false).ok()?.send_data(body, true).ok()?;
            if matches!(behaviour, Behaviour::AnswerAndClose) {
                http2.graceful_shutdown();
            }
            return Some(Then::GoOn);
        }
    };
    if matches!(when, When::InTheBody) {
        let mut send = respond.send_response(response, false).ok()?;
        send.send_data(body.slice(..body.len() / 2), false).ok()?;
        // A reset discards what was not sent yet.
        poll_fn(|cx| Poll::Ready(http2.poll_closed(cx).is_pending())).await.then_some(())?;
    }
    Some(lose(respond, how, id))
}

/// Ends a stream early. A GOAWAY says which stream is the last one that was processed.
fn lose(mut respond: SendResponse<Bytes>, how: How, last_stream: u32) -> Then {
    match how {
        How::Close => Then::Close(Vec::new()),
        How::GoAway(reason) => Then::Close(go_away(last_stream, reason)),
        How::Reset(reason) => {
            respond.send_reset(reason);
            Then::GoOn
        }
    }
}

/// Does something on a stream while its connection goes on; nothing if the connection ends before.
async fn while_serving<S, T>(http2: &mut Connection<S, Bytes>, work: impl Future<Output = T>) -> Option<T>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    tokio::select! {
        biased;
        result = work => Some(result),
        _ = poll_fn(|cx| http2.poll_closed(cx)) => None,
    }
}

async fn read(mut body: RecvStream) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(chunk) = body.data().await {
        all.extend_from_slice(&chunk.ok()?);
    }
    Some(all)
}

/// A GOAWAY frame (RFC 9113, 6.8). The server of `h2` sends none whose last stream is below one that it has received.
fn go_away(last_stream: u32, reason: Reason) -> Vec<u8> {
    let mut frame = vec![0, 0, 8, 7, 0, 0, 0, 0, 0];
    frame.extend(last_stream.to_be_bytes());
    frame.extend(u32::from(reason).to_be_bytes());
    frame
}

/// A stream that can still be used when the HTTP/2 connection on it is gone.
struct Shared<S>(Arc<Mutex<S>>);

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Unpin> Shared<S> {
    fn with<T>(&self, act: impl FnOnce(Pin<&mut S>) -> T) -> T {
        act(Pin::new(&mut *self.0.lock().expect("no panics")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Shared<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_read(cx, buf))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Shared<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.with(|stream| stream.poll_write(cx, buf))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_shutdown(cx))
    }
}
