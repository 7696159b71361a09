//! The server: a thread with a runtime of its own.
//!
//! It ends with the runtime, and so do all of its connections at once, whatever they are doing. The runtime also has a
//! clock of its own, which goes on while that of a test stands still.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use axum::{Extension, Router};
use tokio::runtime;
use tokio::sync::oneshot;

use crate::net::connection::Connection;
use crate::net::listener::{Acceptor, Listener};
use crate::net::port::Port;

/// A running server, which stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) listener: Arc<Listener>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves on an address, and returns once connections are accepted. Every request has the [`Connection`] over which
    /// it came as its connect info, and its [`Port`] as an extension.
    pub(crate) async fn start(address: SocketAddr, router: Router) -> io::Result<Self> {
        let (started, starting) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("openrouter-sandbox".to_owned())
            .spawn(move || run(address, router, started, stopped))?;
        let listener = starting.await.map_err(|_| io::Error::other("the server's thread ended before it served"))??;
        Ok(Self { listener, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        // A hook that drops it is on that thread, which cannot wait for itself.
        let other = |thread: &JoinHandle<()>| thread.thread().id() != thread::current().id();
        if let Some(thread) = self.thread.take().filter(other) {
            // A panic of the server's thread is no reason to panic in whoever drops it.
            let _ = thread.join();
        }
    }
}

/// The server's thread, which ends when `stopped` resolves.
fn run(
    address: SocketAddr,
    router: Router,
    started: oneshot::Sender<io::Result<Arc<Listener>>>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            // Whoever waited for the outcome may have stopped waiting.
            let _ = started.send(Err(error));
            return;
        }
    };
    runtime.block_on(async {
        match Listener::open(address) {
            Ok(listener) => {
                let port: Arc<dyn Port> = listener.clone();
                let router = router.layer(Extension(port));
                let service = router.into_make_service_with_connect_info::<Connection>();
                let acceptor = Acceptor(listener.clone());
                tokio::spawn(async { axum::serve(acceptor, service).await });
                if started.send(Ok(listener)).is_ok() {
                    let _ = stopped.await;
                }
            }
            Err(error) => drop(started.send(Err(error))),
        }
    });
}
