//! A server that does with one request after the other what a test has written down.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use h2::Reason;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::real_transport::api::Api;
use crate::real_transport::{http1, http2};

/// What the server does with a request.
#[derive(Clone, Copy, Debug)]
pub enum Behaviour {
    Answer,
    /// Answers, and closes the connection after that; with HTTP/2 it announces it by GOAWAY.
    AnswerAndClose,
    /// Leaves the request without an answer.
    Lose(When, How),
}

/// How far the server comes with a request that it leaves without an answer.
#[derive(Clone, Copy, Debug)]
pub enum When {
    BeforeProcessing,
    AfterProcessing,
    /// The request is processed, and half of the answer's body is sent.
    InTheBody,
}

#[derive(Clone, Copy, Debug)]
pub enum How {
    /// Closes the connection.
    Close,
    /// HTTP/2: GOAWAY, whose last stream is this one if it was processed, and the one before if it was not.
    GoAway(Reason),
    /// HTTP/2: RST_STREAM.
    Reset(Reason),
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which connection it came on, from 1.
    pub connection: usize,
    /// What TLS has negotiated.
    pub protocol: Option<String>,
    /// `GET /api/v1/workspaces`
    pub line: String,
}

/// What all connections share.
#[derive(Default)]
pub struct State {
    pub api: Api,
    script: Mutex<VecDeque<Behaviour>>,
    requests: Mutex<Vec<Request>>,
    accepted: AtomicUsize,
    /// The tasks of the connections that were not hung up.
    connections: Mutex<Vec<JoinHandle<()>>>,
}

pub struct Server {
    url: String,
    state: Arc<State>,
}

impl Server {
    /// A server without TLS, on a host of this machine.
    pub async fn http(host: &str) -> io::Result<Self> {
        Self::start("http", host, None).await
    }

    /// A server with TLS, on a host of this machine.
    pub async fn https(host: &str, tls: Arc<ServerConfig>) -> io::Result<Self> {
        Self::start("https", host, Some(tls.into())).await
    }

    async fn start(scheme: &str, host: &str, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let listener = TcpListener::bind((host.trim_matches(['[', ']']), 0)).await?;
        let url = format!("{scheme}://{host}:{}/api/v1", listener.local_addr()?.port());
        let state = Arc::new(State::default());
        tokio::spawn(accept(listener, tls, state.clone()));
        Ok(Self { url, state })
    }

    /// Does this with the next requests, and answers all that come later.
    pub fn script(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        self.state.script.lock().expect("no panics").extend(behaviours);
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn api(&self) -> &Api {
        &self.state.api
    }

    /// The requests in the order in which they came.
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().expect("no panics").clone()
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.state.accepted.load(Ordering::Relaxed)
    }

    /// Closes all connections without a word.
    pub async fn hang_up(&self) {
        let connections = std::mem::take(&mut *self.state.connections.lock().expect("no panics"));
        for connection in connections {
            connection.abort();
            // It is closed when its task has ended.
            let _ = connection.await;
        }
    }
}

impl State {
    /// Notes a request, and tells what to do with it.
    pub fn receive(&self, request: Request) -> Behaviour {
        self.requests.lock().expect("no panics").push(request);
        self.script.lock().expect("no panics").pop_front().unwrap_or(Behaviour::Answer)
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, state: Arc<State>) {
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        let number = state.accepted.fetch_add(1, Ordering::Relaxed) + 1;
        let connection = tokio::spawn(serve(stream, tls.clone(), number, state.clone()));
        state.connections.lock().expect("no panics").push(connection);
    }
}

async fn serve(stream: TcpStream, tls: Option<TlsAcceptor>, number: usize, state: Arc<State>) {
    stream.set_nodelay(true).expect("an open socket");
    let Some(tls) = tls else {
        http1::serve(stream, number, None, &state).await;
        return;
    };
    // Where the client does not trust the certificate, there is no connection.
    let Ok(stream) = tls.accept(stream).await else { return };
    let protocol = stream.get_ref().1.alpn_protocol();
    let protocol = protocol.map(|protocol| String::from_utf8_lossy(protocol).into_owned());
    match protocol.as_deref() {
        Some("h2") => http2::serve(stream, number, protocol, &state).await,
        _ => http1::serve(stream, number, protocol, &state).await,
    };
}

/// Ends a connection: sends what is left to say, and waits until the client has read it and closes, too.
pub async fn close(mut stream: impl AsyncRead + AsyncWrite + Unpin, last_words: &[u8]) {
    // The client may be gone already.
    if stream.write_all(last_words).await.is_ok() && stream.shutdown().await.is_ok() {
        while stream.read(&mut [0; 1024]).await.is_ok_and(|n| n > 0) {}
    }
}
