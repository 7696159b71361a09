//! A server with a list, honest or not, that changes between two requests as a test says.

use std::ops::{Deref, RangeBounds};
use std::sync::{Arc, Mutex};
use std::thread;

use openrouter_workspaces::operation::ListWorkspaces;
use openrouter_workspaces::{Error, Items};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::fixtures::{member_row, workspace_row};
use super::raw::read_request;
use super::{Mock, Recorded, Reply, query_pairs};

/// The server's clock. All rows are much older.
pub const DATE: &str = "Mon, 01 Jun 2026 12:00:00 GMT";

/// What a server may do wrong with a request.
#[derive(Clone, Copy, Debug)]
pub enum Quirk {
    /// Answers as if the offset were 0.
    IgnoresOffset,
    /// Sends the rows of the answer before.
    RepeatsPage,
    /// Sends no rows.
    SendsNothing,
    /// Says that there are so many rows.
    Total(i64),
    /// Answers 503.
    Fails,
}

type When = Box<dyn Fn(usize) -> bool + Send>;
type Change = Box<dyn FnMut(&mut Vec<Value>) + Send>;

/// A list that pages are taken from.
pub struct List {
    rows: Vec<Value>,
    cap: usize,
    quirks: Vec<(When, Quirk)>,
    changes: Vec<(usize, Change)>,
    last: Vec<Value>,
}

impl List {
    pub fn new(rows: impl IntoIterator<Item = Value>) -> Self {
        let rows = rows.into_iter().collect();
        Self { rows, cap: 100, quirks: Vec::new(), changes: Vec::new(), last: Vec::new() }
    }

    /// The workspaces w0, w1 and so on.
    pub fn workspaces(rows: usize) -> Self {
        Self::new((0..rows).map(workspace_row))
    }

    /// The members user_0, user_1 and so on.
    pub fn members(rows: usize) -> Self {
        Self::new((0..rows).map(member_row))
    }

    /// The server sends at most so many rows at once.
    pub fn cap(mut self, rows: usize) -> Self {
        self.cap = rows;
        self
    }

    /// What is wrong with the answers to some requests, counted from 0.
    pub fn quirk(mut self, requests: impl RangeBounds<usize> + Send + 'static, quirk: Quirk) -> Self {
        self.quirks.push((Box::new(move |n| requests.contains(&n)), quirk));
        self
    }

    /// Changes the rows before the request with this number, from 0, is answered.
    pub fn before(mut self, request: usize, change: impl FnMut(&mut Vec<Value>) + Send + 'static) -> Self {
        self.changes.push((request, Box::new(change)));
        self
    }

    pub fn start(self) -> ListServer {
        let list = Arc::new(Mutex::new(self));
        let answering = list.clone();
        let mock = Mock::start(move |request, n| answering.lock().expect("no panics").answer(&request.query, n));
        ListServer { mock, list }
    }

    fn answer(&mut self, query: &str, n: usize) -> Reply {
        for (request, change) in &mut self.changes {
            if *request == n {
                change(&mut self.rows);
            }
        }
        let (mut offset, limit) = window(query);
        let mut total = self.rows.len() as i64;
        let (mut repeats, mut empty) = (false, false);
        for (when, quirk) in &self.quirks {
            match quirk {
                _ if !when(n) => {}
                Quirk::IgnoresOffset => offset = 0,
                Quirk::RepeatsPage => repeats = true,
                Quirk::SendsNothing => empty = true,
                Quirk::Total(lie) => total = *lie,
                Quirk::Fails => return Reply::error(503, "busy"),
            }
        }
        if !repeats {
            self.last = self.rows.iter().skip(offset).take(limit.min(self.cap)).cloned().collect();
        }
        let rows: &[Value] = if empty { &[] } else { &self.last };
        Reply::json(200, json!({"data": rows, "total_count": total})).header("date", DATE)
    }
}

/// A workspace that is created while a walk is under way.
pub fn created_now(n: usize) -> Value {
    let mut row = workspace_row(n);
    row["created_at"] = json!("2026-06-01T12:00:00Z");
    row
}

/// The slugs of w0, w1 and so on.
pub fn slugs(range: impl IntoIterator<Item = usize>) -> Vec<String> {
    range.into_iter().map(|n| format!("w{n}")).collect()
}

/// The slugs that came, and the error that ended the walk.
pub async fn walk(mut items: Items<ListWorkspaces>) -> (Vec<String>, Option<Error>) {
    let mut rows = Vec::new();
    while let Some(row) = items.next().await {
        match row {
            Ok(row) => rows.push(row.slug),
            Err(error) => {
                assert!(items.next().await.is_none(), "after an error the walk is over");
                return (rows, Some(error));
            }
        }
    }
    (rows, None)
}

pub async fn collect(items: Items<ListWorkspaces>) -> Vec<String> {
    let (rows, error) = walk(items).await;
    assert!(error.is_none(), "{error:?}");
    rows
}

/// The next rows of a walk.
pub async fn take(items: &mut Items<ListWorkspaces>, n: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for _ in 0..n {
        rows.push(items.next().await.expect("a row").unwrap().slug);
    }
    rows
}

/// The slugs in an order that does not depend on when they came.
pub fn sorted(mut slugs: Vec<String>) -> Vec<String> {
    slugs.sort();
    slugs
}

/// The offset and the limit that a query asks for.
fn window(query: &str) -> (usize, usize) {
    let pairs = query_pairs(query);
    let number = |name| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.parse().expect("a number"));
    (number("offset").unwrap_or(0), number("limit").unwrap_or(50))
}

/// A mock server with a list.
pub struct ListServer {
    mock: Mock,
    list: Arc<Mutex<List>>,
}

impl ListServer {
    /// The offset and the limit of every request.
    pub fn windows(&self) -> Vec<(usize, usize)> {
        self.requests().iter().map(|request: &Recorded| window(&request.query)).collect()
    }

    /// Changes the rows at once.
    pub fn change(&self, change: impl FnOnce(&mut Vec<Value>)) {
        change(&mut self.list.lock().expect("no panics").rows);
    }
}

impl Deref for ListServer {
    type Target = Mock;

    fn deref(&self) -> &Mock {
        &self.mock
    }
}

/// A server that answers the first request at once, and all others in waves: when so many have come, or all that are to
/// come, it answers them, the latest first. A client that never has so many in flight waits for ever.
pub struct Waves {
    url: String,
    flow: watch::Receiver<Flow>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Flow {
    arrived: usize,
    answered: usize,
    peak: usize,
}

impl Waves {
    /// Waits for waves of `size` out of `requests` requests altogether.
    pub fn start(list: List, size: usize, requests: usize) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket that can be polled");
        let url = format!("http://{}/api/v1", listener.local_addr().expect("an address"));
        let (flow, watched) = watch::channel(Flow::default());
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let shared = Arc::new((Mutex::new(list), flow));
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let serve = async {
                    let listener = TcpListener::from_std(listener).expect("inside a runtime");
                    loop {
                        let (stream, _) = listener.accept().await.expect("a connection");
                        tokio::spawn(answer_in_wave(stream, shared.clone(), size, requests));
                    }
                };
                tokio::select! {
                    () = serve => {}
                    _ = stopped => {}
                }
            });
        });
        Self { url, flow: watched, stop: Some(stop) }
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// How many requests came, and how many of them were in flight at once.
    pub fn requests_and_peak(&self) -> (usize, usize) {
        let flow = self.flow.borrow();
        (flow.arrived, flow.peak)
    }
}

impl Drop for Waves {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
    }
}

async fn answer_in_wave(
    mut stream: TcpStream,
    shared: Arc<(Mutex<List>, watch::Sender<Flow>)>,
    size: usize,
    requests: usize,
) {
    let Some(request) = read_request(&mut stream).await else { return };
    let target = request.split(' ').nth(1).expect("a request line");
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let (list, flow) = &*shared;
    let mut number = 0;
    flow.send_modify(|flow| {
        number = flow.arrived;
        flow.arrived += 1;
        flow.peak = flow.peak.max(flow.arrived - flow.answered);
    });
    let (begin, end) = match number.checked_sub(1) {
        None => (0, 1),
        Some(k) => (1 + k / size * size, requests.max(number + 1).min(1 + (k / size + 1) * size)),
    };
    let turn = begin + (end - 1 - number);
    let come = |flow: &Flow| flow.arrived >= end && flow.answered == turn;
    let reply = list.lock().expect("no panics").answer(query, number);
    let body = String::from_utf8(reply.body).expect("JSON");
    let head = format!("HTTP/1.1 {} -\r\ncontent-type: application/json\r\ndate: {DATE}\r\n", reply.status);
    let text = format!("{head}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    if flow.subscribe().wait_for(come).await.is_ok() {
        flow.send_modify(|flow| flow.answered += 1);
        // Where the client has gone away, there is nobody left to answer.
        let _ = stream.write_all(text.as_bytes()).await;
    }
}
