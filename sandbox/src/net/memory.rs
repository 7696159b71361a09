//! A sandbox without a network: requests are handed to the router, and answers come back.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use openrouter_workspaces::{HttpError, HttpFuture, HttpService, reqwest};
use tower::ServiceExt;

use crate::net::connection::Connection;
use crate::net::port::Port;
use crate::sync::lock;

/// Sends the requests of a [`Client`](openrouter_workspaces::Client) to a sandbox without a network, when it is given to
/// [`ClientBuilder::http_service`](openrouter_workspaces::ClientBuilder::http_service). Made by
/// [`Sandbox::service`](crate::Sandbox::service).
///
/// Faults happen as they do over a network, and so do resets, refused connections and broken bodies, but for what only a
/// real connection has: there is no connection to reuse, none to set up, and nothing is compressed.
#[derive(Clone)]
pub struct SandboxService {
    router: Router,
    pub(crate) port: Arc<dyn Port>,
}

impl SandboxService {
    pub(crate) fn new(router: Router, port: Arc<dyn Port>) -> Self {
        Self { router, port }
    }
}

impl HttpService for SandboxService {
    fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
        Box::pin(async {
            if self.port.is_closed() {
                return Err(HttpError::not_sent("the sandbox refuses connections"));
            }
            let connection = Connection::new();
            let mut request = axum::http::Request::<reqwest::Body>::try_from(request).map_err(HttpError::not_sent)?;
            request.extensions_mut().insert(ConnectInfo(connection.clone()));
            request.extensions_mut().insert(self.port.clone());
            let response = until_reset(&connection, self.router.clone().oneshot(request)).await?;
            Ok(response.map(|body| reqwest::Body::wrap(MemoryBody { body: Mutex::new(body), connection })).into())
        })
    }
}

impl fmt::Debug for SandboxService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxService").field("port", &self.port).finish_non_exhaustive()
    }
}

/// The answer, unless the connection is reset first.
async fn until_reset<E>(
    connection: &Connection,
    answer: impl Future<Output = Result<Response, E>>,
) -> Result<Response, HttpError> {
    let mut answer = pin!(answer);
    poll_fn(|cx| match answer.as_mut().poll(cx) {
        Poll::Ready(Ok(response)) => Poll::Ready(Ok(response)),
        Poll::Pending if !connection.has_ended() => Poll::Pending,
        _ => Poll::Ready(Err(HttpError::broken("the sandbox has reset the connection"))),
    })
    .await
}

/// The body of an answer, which breaks off when its connection does.
struct MemoryBody {
    /// Never locked: a body can be sent to another thread, but not shared, and a client wants both.
    body: Mutex<Body>,
    connection: Connection,
}

impl HttpBody for MemoryBody {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let body = self.body.get_mut().unwrap_or_else(PoisonError::into_inner);
        match Pin::new(body).poll_frame(cx) {
            Poll::Pending if self.connection.has_ended() => {
                Poll::Ready(Some(Err("the sandbox has closed the connection".into())))
            }
            other => other.map_err(Into::into),
        }
    }

    fn size_hint(&self) -> SizeHint {
        lock(&self.body).size_hint()
    }
}
