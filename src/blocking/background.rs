//! The background thread, and the threads that wait for what happens on it.
//!
//! A call that is waited for runs on the thread that waits, so that the callbacks it makes hold up nobody else, and a panic of
//! theirs goes where it belongs. Its timers and connections, and the pages of walks, are the background thread's.

use std::future::{Future, pending};
use std::io;
use std::pin::pin;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};

use tokio::runtime::{Builder, Handle, RuntimeFlavor, worker_index};
use tokio::task::{block_in_place, coop::unconstrained};

use crate::error::InvalidInput;

/// The runtime of the background thread.
#[derive(Clone)]
struct Background {
    handle: Handle,
    thread: ThreadId,
}

impl Background {
    /// The one of the process. Where it could not be started, the next call tries again.
    fn get() -> io::Result<Self> {
        static BACKGROUND: Mutex<Option<Background>> = Mutex::new(None);
        let mut background = BACKGROUND.lock().unwrap_or_else(PoisonError::into_inner);
        match &*background {
            Some(started) => Ok(started.clone()),
            None => Ok(background.insert(Self::start()?).clone()),
        }
    }

    /// The runtime is made on its own thread: within another runtime, it could not be dropped if the thread failed.
    fn start() -> io::Result<Self> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let run = move || match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => {
                let background = Self { handle: runtime.handle().clone(), thread: thread::current().id() };
                if sender.send(Ok(background)).is_ok() {
                    runtime.block_on(pending())
                }
            }
            // Without a receiver there is nobody to tell.
            Err(error) => drop(sender.send(Err(error))),
        };
        // The kernel shows 15 characters of a name.
        thread::Builder::new().name("openrouter-wait".to_owned()).spawn(run)?;
        receiver.recv().map_err(io::Error::other)?
    }
}

/// A thread that may wait.
pub(super) struct Waiter {
    background: Background,
    /// Whether other tasks may be due on this thread, which another one has to take over.
    on_worker: bool,
}

impl Waiter {
    /// This thread, unless it is one that must go on for the wait to end.
    pub fn here() -> Result<Self, InvalidInput> {
        let background = Background::get()
            .map_err(|error| InvalidInput::new("wait()", "cannot start its background thread").caused_by(error))?;
        let rule = match Handle::try_current() {
            Err(error) if error.is_thread_local_destroyed() => {
                "must not be called when the thread has ended, as by the destructor of a thread-local"
            }
            _ if thread::current().id() == background.thread => {
                "must not be called by what runs on its own background thread, as an `HttpService` does that fetches \
                 pages: `.await` there"
            }
            // Within `block_in_place`, as in a callback of a call that is waited for, it is no worker.
            Ok(current) if worker_index().is_some() => {
                if current.runtime_flavor() == RuntimeFlavor::MultiThread {
                    return Ok(Self { background, on_worker: true });
                }
                "must not be called on the only thread of a tokio runtime, which would stand still: `.await` there, or \
                 call it within `spawn_blocking` or on another thread"
            }
            _ => return Ok(Self { background, on_worker: false }),
        };
        Err(InvalidInput::new("wait()", rule))
    }

    /// Runs a future to its end on this thread.
    pub fn wait<F: Future>(self, future: F) -> F::Output {
        let run = || {
            let _context = self.background.handle.enter();
            block_on(future)
        };
        // What tokio starts in this thread's place must come from its own runtime: `enter` only stands within.
        if self.on_worker { block_in_place(run) } else { run() }
    }
}

/// Not the thread's own token of `std::thread::park`: a callback that waits, too, would take it.
struct Wakeup(SyncSender<()>);

impl Wake for Wakeup {
    fn wake(self: Arc<Self>) {
        // Where one wakeup is there already, it does for this one, too.
        let _ = self.0.try_send(());
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let (sender, wakeups) = mpsc::sync_channel(1);
    let waker = Waker::from(Arc::new(Wakeup(sender)));
    // The budget of the task that waits, if it is one, is not renewed here.
    let mut future = pin!(unconstrained(future));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        // It cannot fail, for the waker has the sender.
        let _ = wakeups.recv();
    }
}
