//! A connection that can be told to end.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::sync::lock;

/// How a connection ends.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(crate) enum End {
    /// With what was written so far, and then FIN.
    Close = 1,
    /// With RST.
    Reset = 2,
}

/// Waiting for a request, or for the rest of one.
const IDLE: u8 = 0;
/// A request is being processed.
const BUSY: u8 = 1;
/// There is an answer, but it may not have been written yet.
const ANSWERED: u8 = 2;

/// What the server knows of one of its connections.
#[derive(Clone, Debug)]
pub(crate) struct Connection(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// An [`End`], or 0.
    end: AtomicU8,
    phase: AtomicU8,
    /// Whether to close as soon as the connection is idle.
    closing: AtomicBool,
    /// Wakes the task that waits for a request.
    reader: Mutex<Option<Waker>>,
}

/// A connection that may be gone.
#[derive(Debug)]
pub(crate) struct WeakConnection(Weak<Inner>);

impl WeakConnection {
    pub(crate) fn is_gone(&self) -> bool {
        self.0.strong_count() == 0
    }

    /// Whether the connection is there and has no request to process. The client may have an answer before the server
    /// has noticed that it was written.
    pub(crate) fn is_idle(&self) -> bool {
        self.0.upgrade().is_some_and(|inner| inner.phase.load(Ordering::SeqCst) != BUSY)
    }

    /// Closes the connection as soon as it is idle.
    pub(crate) fn close_when_idle(&self) {
        if let Some(inner) = self.0.upgrade() {
            inner.closing.store(true, Ordering::SeqCst);
            if let Some(reader) = lock(&inner.reader).take() {
                reader.wake();
            }
        }
    }
}

impl Connection {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner {
            end: AtomicU8::new(0),
            phase: AtomicU8::new(IDLE),
            closing: AtomicBool::new(false),
            reader: Mutex::new(None),
        }))
    }

    pub(crate) fn downgrade(&self) -> WeakConnection {
        WeakConnection(Arc::downgrade(&self.0))
    }

    /// A request has arrived.
    pub(crate) fn request_arrived(&self) {
        self.0.phase.store(BUSY, Ordering::SeqCst);
    }

    /// The request has its answer. Returns whether the connection closes after it.
    pub(crate) fn answered(&self) -> bool {
        self.0.phase.store(ANSWERED, Ordering::SeqCst);
        self.0.closing.load(Ordering::SeqCst)
    }

    /// Whether the connection is to end.
    pub(crate) fn has_ended(&self) -> bool {
        self.0.end.load(Ordering::SeqCst) != 0
    }

    /// Ends the connection as soon as what has been written so far is on its way. It needs hyper to flush, which it does
    /// whenever it finds that a service or a body has nothing for it.
    pub(crate) fn end(&self, end: End) {
        self.0.end.store(end as u8, Ordering::SeqCst);
    }
}

/// The socket of a connection.
#[derive(Debug)]
pub(crate) struct Io {
    stream: TcpStream,
    connection: Connection,
}

impl Io {
    pub(crate) fn new(stream: TcpStream, connection: Connection) -> Self {
        Self { stream, connection }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }
}

impl AsyncRead for Io {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let inner = &self.connection.0;
        // The waker comes first: whoever tells the connection to close after this wakes it.
        let mut reader = lock(&inner.reader);
        match reader.as_mut() {
            Some(waker) => waker.clone_from(cx.waker()),
            None => *reader = Some(cx.waker().clone()),
        }
        drop(reader);
        if inner.closing.load(Ordering::SeqCst) && inner.phase.load(Ordering::SeqCst) == IDLE {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Io {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, data)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, data)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper flushes when all that it has is written.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let inner = &self.connection.0;
        let end = inner.end.load(Ordering::SeqCst);
        if end != 0 {
            if end == End::Reset as u8 {
                // Dropping the socket discards what it has not sent, and resets.
                self.stream.set_zero_linger()?;
            }
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let idle = inner.phase.compare_exchange(ANSWERED, IDLE, Ordering::SeqCst, Ordering::SeqCst).is_ok();
        if idle && inner.closing.load(Ordering::SeqCst) {
            cx.waker().wake_by_ref();
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
