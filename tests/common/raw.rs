//! A server that misbehaves below HTTP: it resets, stalls, drips, or cuts its answers.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// What the server does with a connection, once it has read a request from it.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// Sends this, and closes the connection.
    Send(Vec<u8>),
    /// Sends this, and resets the connection.
    Reset(Vec<u8>),
    /// Sends this, and then nothing for ever.
    Stall(Vec<u8>),
    /// Sends this, and then a space from time to time, for ever.
    Drip(Vec<u8>, Duration),
}

impl Behaviour {
    /// A whole answer.
    pub fn answer(status: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n");
        Self::Send(format!("{head}connection: close\r\n\r\n{body}").into())
    }
}

/// The start of a successful answer whose body is announced to be longer than what comes.
pub fn half_an_answer() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{\"data\": ".to_vec()
}

/// A server with a behaviour for each connection, the last one for all further ones. It keeps its own time, so that it
/// works for tests with a paused clock.
pub struct RawServer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

impl RawServer {
    pub fn start(script: impl IntoIterator<Item = Behaviour>) -> Self {
        let script: Vec<_> = script.into_iter().collect();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket that can be polled");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let log = seen.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, script, log) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, seen, stop: Some(stop) }
    }

    pub fn url(&self) -> String {
        format!("http://{}/api/v1", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests as they came.
    pub fn requests(&self) -> Vec<String> {
        self.seen.lock().expect("no panics").clone()
    }

    /// The first lines of the requests, of which there should be `n`. A client that gave up early may be ahead of the
    /// server, which is waited for.
    pub fn lines_of(&self, n: usize) -> Vec<String> {
        let start = std::time::Instant::now();
        while self.requests().len() < n && start.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.lines()
    }

    /// The first lines of the requests.
    pub fn lines(&self) -> Vec<String> {
        let line =
            |request: &String| request.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
        self.requests().iter().map(line).collect()
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
    }
}

async fn serve(listener: std::net::TcpListener, script: Vec<Behaviour>, seen: Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::from_std(listener).expect("inside a runtime");
    for n in 0.. {
        let (stream, _) = listener.accept().await.expect("a connection");
        let behaviour = script.get(n).or(script.last()).cloned().expect("a script that is not empty");
        tokio::spawn(behave(stream, behaviour, seen.clone()));
    }
}

async fn behave(mut stream: TcpStream, behaviour: Behaviour, seen: Arc<Mutex<Vec<String>>>) {
    let Some(request) = read_request(&mut stream).await else { return };
    seen.lock().expect("no panics").push(request);
    // Where the client has gone away, there is nobody left to misbehave to.
    match behaviour {
        Behaviour::Send(bytes) => {
            let _ = stream.write_all(&bytes).await;
        }
        Behaviour::Reset(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.flush().await;
            if !bytes.is_empty() {
                // A reset discards what was not read yet.
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            stream.set_zero_linger().expect("an open socket");
        }
        Behaviour::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            std::future::pending::<()>().await;
        }
        Behaviour::Drip(bytes, pause) => {
            let _ = stream.write_all(&bytes).await;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(pause).await;
            }
        }
    }
}

/// The head of a request, and the body that it announces.
pub async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
    }
}

/// A port where nobody listens, and that nobody else can take meanwhile.
pub struct ClosedPort(TcpSocket);

impl ClosedPort {
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
        Self(socket)
    }

    pub fn url(&self) -> String {
        format!("http://{}/api/v1", self.0.local_addr().expect("an address"))
    }
}

/// What a [`SteadyServer`] does with a request.
#[derive(Clone, Debug)]
pub enum Reaction {
    /// Sends this, and waits for the next request on the same connection.
    KeepAlive(Vec<u8>),
    /// Sends this, and closes the connection.
    Close(Vec<u8>),
    /// Sends this, and then nothing for ever.
    Stall(Vec<u8>),
    /// Sends this, and the rest after a pause.
    Slow(Vec<u8>, Duration, Vec<u8>),
    /// Sends this, and then a space from time to time, for ever.
    Drip(Vec<u8>, Duration),
}

impl Reaction {
    /// A whole answer that keeps the connection.
    pub fn answer(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::KeepAlive(format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}").into())
    }
}

/// A server for thousands of requests: it keeps connections, and reacts to each request by a function of it. It works on
/// threads of its own, and until the process ends.
pub struct SteadyServer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl SteadyServer {
    pub fn start(react: impl Fn(&[u8]) -> Reaction + Send + Sync + 'static) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, react) = (seen.clone(), Arc::new(react));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, react) = (log.clone(), react.clone());
                // A connection that breaks is the client's decision.
                std::thread::spawn(move || stream.and_then(|stream| steadily(stream, &*react, &log)));
            }
        });
        Self { address, seen }
    }

    pub fn url(&self) -> String {
        format!("http://{}/api/v1", self.address)
    }

    /// The requests that came since this was last asked, as they came.
    pub fn take_requests(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut *self.seen.lock().expect("no panics"))
    }

    /// How many of the requests contain a text.
    pub fn count(&self, text: &str) -> usize {
        let seen = self.seen.lock().expect("no panics");
        seen.iter().filter(|request| String::from_utf8_lossy(request).contains(text)).count()
    }
}

fn steadily(
    mut stream: std::net::TcpStream,
    react: &(dyn Fn(&[u8]) -> Reaction + Send + Sync),
    seen: &Mutex<Vec<Vec<u8>>>,
) -> std::io::Result<()> {
    use std::io::{Read, Write};
    stream.set_nodelay(true)?;
    let mut bytes = Vec::new();
    loop {
        let length = loop {
            if let Some(length) = request_length(&bytes).filter(|length| *length <= bytes.len()) {
                break length;
            }
            let mut chunk = [0; 4096];
            match stream.read(&mut chunk)? {
                0 => return Ok(()),
                n => bytes.extend_from_slice(&chunk[..n]),
            }
        };
        let request: Vec<_> = bytes.drain(..length).collect();
        let reaction = react(&request);
        seen.lock().expect("no panics").push(request);
        match reaction {
            Reaction::KeepAlive(answer) => stream.write_all(&answer)?,
            Reaction::Close(answer) => return stream.write_all(&answer),
            Reaction::Stall(answer) => {
                stream.write_all(&answer)?;
                // Until the client goes away.
                while stream.read(&mut [0; 64])? > 0 {}
                return Ok(());
            }
            Reaction::Slow(first, pause, rest) => {
                stream.write_all(&first)?;
                std::thread::sleep(pause);
                stream.write_all(&rest)?;
            }
            Reaction::Drip(answer, pause) => {
                stream.write_all(&answer)?;
                loop {
                    stream.write_all(b" ")?;
                    std::thread::sleep(pause);
                }
            }
        }
    }
}

/// The length of the first request in these bytes, once its head is there.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]);
    let body = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    Some(head + body.unwrap_or(0))
}
