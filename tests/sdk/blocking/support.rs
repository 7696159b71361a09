//! A sandbox in memory, and services that are functions.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::{Client, ClientBuilder, Error, HttpFuture, HttpService, RetryConfig, reqwest};
use serde_json::Value;

use crate::common::KEY;

pub fn sandbox() -> Sandbox {
    Sandbox::builder().seed(1).organization_members(300).in_memory().expect("the options are valid")
}

pub fn client(sandbox: &Sandbox) -> Client {
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
    builder.http_service(sandbox.service()).build().expect("the settings are valid")
}

/// A sandbox with so many workspaces, the default one among them.
pub fn sandbox_with(workspaces: usize) -> Sandbox {
    let sandbox = sandbox();
    for number in sandbox.workspaces().len()..workspaces {
        sandbox.create_workspace(&format!("w-{number}")).expect("a new slug");
    }
    sandbox
}

/// A service that is a function.
pub struct Service<F>(pub F);

impl<F: Fn(reqwest::Request) -> HttpFuture<'static> + Send + Sync + 'static> HttpService for Service<F> {
    fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
        (self.0)(request)
    }
}

/// A client whose requests a function answers.
pub fn served(call: impl Fn(reqwest::Request) -> HttpFuture<'static> + Send + Sync + 'static) -> ClientBuilder {
    Client::builder().api_key(KEY).http_service(Service(call)).retry(RetryConfig::none())
}

pub fn answer(status: u16, body: &Value) -> HttpFuture<'static> {
    let answer = http::Response::builder().status(status).header("content-type", "application/json");
    let answer = answer.body(body.to_string()).expect("a valid answer");
    Box::pin(async { Ok(answer.into()) })
}

/// A service that never answers.
#[derive(Default)]
pub struct Silence {
    pub requests: AtomicUsize,
    /// Requests whose future is not dropped yet.
    pub open: Arc<AtomicUsize>,
}

struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Silence {
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// Takes a request, and does not answer it.
    pub fn take(&self) -> HttpFuture<'static> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        self.open.fetch_add(1, Ordering::SeqCst);
        let open = Open(self.open.clone());
        Box::pin(async {
            let _open = open;
            std::future::pending().await
        })
    }

    /// It, a client of it, and what tells of each request.
    pub fn client() -> (Arc<Self>, Client, Receiver<()>) {
        let (silence, (arrived, arrivals)) = (Arc::new(Self::default()), arrivals());
        let service = silence.clone();
        let client = served(move |_| {
            let request = service.take();
            arrived();
            request
        });
        (silence, client.build().expect("the settings are valid"), arrivals)
    }
}

/// What is called when something arrives, and what waits for it.
pub fn arrivals() -> (impl Fn() + Send + Sync + 'static, Receiver<()>) {
    let (sender, receiver): (Sender<()>, _) = channel();
    let sender = Mutex::new(sender);
    // At the end of a test nobody waits any more.
    let arrived = move || {
        let _ = sender.lock().expect("no panics").send(());
    };
    (arrived, receiver)
}

/// It is refused, and says this.
pub fn assert_refused<T: std::fmt::Debug>(result: Result<T, Error>, field: &str, what: &str) {
    match result {
        Err(Error::InvalidInput(error)) => {
            assert_eq!(error.field(), field);
            assert!(error.rule().contains(what), "{error}");
        }
        other => panic!("it is not refused: {other:?}"),
    }
}
