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
