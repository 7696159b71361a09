//! The listening socket, which can be closed and opened again.

use std::future::poll_fn;
use std::io;
use std::mem;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use axum::extract::connect_info::Connected;
use axum::serve::{self, IncomingStream};
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::net::connection::{Connection, Io, WeakConnection};
use crate::net::port::Port;
use crate::sync::lock;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// How long to wait before an operation that the system has refused is tried again.
const PAUSE: Duration = Duration::from_millis(10);

/// Where connections come in, unless it is closed: then the system refuses them.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    runtime: Handle,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    socket: Option<TcpListener>,
    /// Whether it was closed until further notice.
    closed: bool,
    /// How many times it was closed for a while that has not passed yet.
    pauses: usize,
    /// Wakes the task that waits for a connection.
    waiting: Option<Waker>,
    connections: Vec<WeakConnection>,
}

impl Listener {
    /// Listens on an address. The current runtime is that of the listener from now on.
    pub(crate) fn open(address: SocketAddr) -> io::Result<Arc<Self>> {
        let socket = listen(address)?;
        let address = socket.local_addr()?;
        let inner = Inner { socket: Some(socket), closed: false, pauses: 0, waiting: None, connections: Vec::new() };
        Ok(Arc::new(Self { address, runtime: Handle::current(), inner: Mutex::new(inner) }))
    }

    /// Opens or closes the socket, whichever is due, and returns the connections that close because of that.
    fn open_or_close(&self, inner: &mut Inner) -> io::Result<Vec<WeakConnection>> {
        if inner.closed || inner.pauses > 0 {
            inner.socket = None;
            let closing = mem::take(&mut inner.connections);
            closing.iter().for_each(WeakConnection::close_when_idle);
            return Ok(closing);
        }
        if inner.socket.is_none() {
            let _context = self.runtime.enter();
            inner.socket = Some(listen(self.address)?);
            if let Some(waiting) = inner.waiting.take() {
                waiting.wake();
            }
        }
        Ok(Vec::new())
    }

    fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(Io, SocketAddr)>> {
        let mut inner = lock(&self.inner);
        let Some(socket) = &inner.socket else {
            inner.waiting = Some(cx.waker().clone());
            return Poll::Pending;
        };
        let Poll::Ready(accepted) = socket.poll_accept(cx) else {
            inner.waiting = Some(cx.waker().clone());
            return Poll::Pending;
        };
        let (stream, address) = accepted?;
        // Waiting to fill a packet would only slow down tests; a socket that refuses still works.
        let _ = stream.set_nodelay(true);
        let connection = Connection::new();
        inner.connections.retain(|connection| !connection.is_gone());
        inner.connections.push(connection.downgrade());
        Poll::Ready(Ok((Io::new(stream, connection), address)))
    }
}

impl Port for Listener {
    /// Closes the listener until further notice and waits for idle connections to be closed, or withdraws that.
    fn set_closed(&self, closed: bool) -> io::Result<()> {
        let mut inner = lock(&self.inner);
        inner.closed = closed;
        let closing = self.open_or_close(&mut inner)?;
        drop(inner);
        // On the server's own thread there would be nobody to close them, hence the limit.
        let deadline = Instant::now() + Duration::from_secs(1);
        while closing.iter().any(WeakConnection::is_idle) && Instant::now() < deadline {
            thread::sleep(Duration::from_micros(50));
        }
        Ok(())
    }

    /// Closes the listener for a while.
    fn pause(self: Arc<Self>, duration: Duration) {
        let mut inner = lock(&self.inner);
        inner.pauses += 1;
        // Closing cannot fail.
        let _ = self.open_or_close(&mut inner);
        let listener = self.clone();
        self.runtime.spawn(async move {
            sleep(duration).await;
            lock(&listener.inner).pauses -= 1;
            // Someone else may have taken the port meanwhile, and give it back.
            while listener.open_or_close(&mut lock(&listener.inner)).is_err() {
                sleep(PAUSE).await;
            }
        });
    }

    fn is_closed(&self) -> bool {
        let inner = lock(&self.inner);
        inner.closed || inner.pauses > 0
    }
}

/// Listens on an address, which an error names.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let (host, port) = (address.ip(), address.port());
    bind(address)
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {host}, port {port}: {error}")))
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // On Windows this would allow a second server on the same port; elsewhere it allows one to start again at once.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// A listener as axum sees it: one that is always there, though nothing may come for a while.
#[derive(Debug)]
pub(crate) struct Acceptor(pub(crate) Arc<Listener>);

impl serve::Listener for Acceptor {
    type Io = Io;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match poll_fn(|cx| self.0.poll_accept(cx)).await {
                Ok(accepted) => return accepted,
                // The connection is gone already, or the process has no more file handles, which takes time to change.
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.0.address)
    }
}

impl Connected<IncomingStream<'_, Acceptor>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Acceptor>) -> Self {
        stream.io().connection().clone()
    }
}
