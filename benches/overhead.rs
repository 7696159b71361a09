//! What this crate costs on top of the same work written by hand with reqwest, serde, uuid and chrono.
//!
//!     cargo bench --bench overhead                       # CPU time
//!     cargo bench --bench overhead -- --instructions     # instructions, with valgrind
//!     cargo bench --bench overhead -- --run ours get 500 # just that, for a profiler
//!
//! Both sides talk to one server over loopback, which answers from memory. The client is on a thread of its own, and only
//! that thread's CPU time counts. Instructions are counted with the server in another process, as the difference between
//! many and few repetitions, so that start-up cancels out.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use openrouter_workspaces::Client;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const KEY: &str = "sk-or-v1-benchmark";
const ROWS: usize = 10_000;
const PAGE: usize = 100;
const IN_FLIGHT: usize = 64;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => measure_time(),
        ["--instructions"] => count_instructions(),
        ["--run", side, work, times] => run_alone(side, work, times.parse()?),
        ["--serve"] => serve(|address| println!("{address}")),
        _ => Err("the options are --instructions, or --run ours|hand get|burst|walk TIMES".into()),
    }
}

/// What is done, and how often in a round.
const WORK: [(&str, &str, usize); 3] = [
    ("get", "GET one workspace, one after the other", 1_000),
    ("burst", "GET one workspace, 64 in flight", 3_200),
    ("walk", "walk of 10,000 rows, 100 a page", 2),
];

async fn work(client: &impl Calls, work: &str, times: usize) -> Result<()> {
    match work {
        "get" => {
            for _ in 0..times {
                client.get().await?;
            }
        }
        "burst" => {
            let calls = stream::iter(0..times).map(|_| client.get());
            calls.buffer_unordered(IN_FLIGHT).try_for_each(|()| async { Ok(()) }).await?;
        }
        _ => {
            for _ in 0..times {
                assert_eq!(client.walk().await?, ROWS);
            }
        }
    }
    Ok(())
}

fn measure_time() -> Result<()> {
    const ROUNDS: usize = 15;
    let (send, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || serve(|address| send.send(address).expect("the client waits for it")));
    let base_url = format!("http://{}", address.recv()?);
    let (ours, hand) = (ours(&base_url)?, Hand::new(&base_url)?);
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let cpu_time = |run: &dyn Fn() -> Result<()>| -> Result<f64> {
        let before = clock_gettime(ClockId::ThreadCPUTime);
        run()?;
        let after = clock_gettime(ClockId::ThreadCPUTime);
        let seconds = Duration::try_from(after)? - Duration::try_from(before)?;
        Ok(seconds.as_secs_f64())
    };
    println!("CPU time of the client, in us              |    ours |    hand | ratio (quartiles of {ROUNDS} rounds)");
    for (name, title, times) in WORK {
        let run_ours = || cpu_time(&|| runtime.block_on(work(&ours, name, times)));
        let run_hand = || cpu_time(&|| runtime.block_on(work(&hand, name, times)));
        run_ours()?;
        run_hand()?;
        let mut rounds = Vec::new();
        for round in 0..ROUNDS {
            rounds.push(if round % 2 == 0 {
                let ours = run_ours()?;
                (ours, run_hand()?)
            } else {
                let hand = run_hand()?;
                (run_ours()?, hand)
            });
        }
        let each = 1e6 / times as f64;
        let [_, ours, _] = quartiles(rounds.iter().map(|(ours, _)| ours * each));
        let [_, hand, _] = quartiles(rounds.iter().map(|(_, hand)| hand * each));
        let [low, ratio, high] = quartiles(rounds.iter().map(|(ours, hand)| ours / hand));
        println!("{title:<42} | {ours:>7.1} | {hand:>7.1} | {ratio:.3} ({low:.3} to {high:.3})");
    }
    Ok(())
}

fn quartiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[(values.len() - 1) * quarter / 4])
}

fn count_instructions() -> Result<()> {
    println!("Instructions of the client                 |      ours |      hand | ratio");
    for (name, title, times) in WORK {
        let (few, many) = (times / 2, times / 2 + times);
        let each = |side| -> Result<f64> {
            Ok((instructions(side, name, many)? - instructions(side, name, few)?) as f64 / times as f64)
        };
        let (ours, hand) = (each("ours")?, each("hand")?);
        println!("{title:<42} | {ours:>9.0} | {hand:>9.0} | {:.3}", ours / hand);
    }
    Ok(())
}

/// The instructions of a process that does the work so many times.
fn instructions(side: &str, work: &str, times: usize) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["--run", side, work, &times.to_string()])
        .output()
        .map_err(|error| format!("valgrind cannot be started: {error}"))?;
    let report = String::from_utf8_lossy(&output.stderr);
    let collected = report.lines().find_map(|line| line.split_once("Collected : "));
    let (_, count) = collected.ok_or_else(|| format!("valgrind does not tell the instructions: {report}"))?;
    Ok(count.trim().parse()?)
}

/// Does the work so many times, with the server in another process.
fn run_alone(side: &str, name: &str, times: usize) -> Result<()> {
    struct Server(Child);
    impl Drop for Server {
        fn drop(&mut self) {
            let _ = self.0.kill().and_then(|()| self.0.wait());
        }
    }
    let exe = std::env::current_exe()?;
    let mut server = Server(Command::new(exe).arg("--serve").stdout(Stdio::piped()).spawn()?);
    let mut address = String::new();
    BufReader::new(server.0.stdout.take().ok_or("the server has no output")?).read_line(&mut address)?;
    let base_url = format!("http://{}", address.trim());
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    match side {
        "ours" => runtime.block_on(work(&ours(&base_url)?, name, times)),
        _ => runtime.block_on(work(&Hand::new(&base_url)?, name, times)),
    }
}

trait Calls {
    async fn get(&self) -> Result<()>;
    /// Collects all rows, and tells how many there are.
    async fn walk(&self) -> Result<usize>;
}

fn ours(base_url: &str) -> Result<Client> {
    Ok(Client::builder().api_key(KEY).base_url(base_url).build()?)
}

impl Calls for Client {
    async fn get(&self) -> Result<()> {
        let workspace = Client::get(self, "team-00000").await?;
        assert_eq!(workspace.slug, "team-00000");
        Ok(())
    }

    async fn walk(&self) -> Result<usize> {
        Ok(self.list().items().try_collect().await?.len())
    }
}

/// What somebody would write who needs two calls, and no more.
struct Hand {
    http: reqwest::Client,
    base_url: String,
}

impl Hand {
    fn new(base_url: &str) -> Result<Self> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {KEY}"))?;
        authorization.set_sensitive(true);
        let http = reqwest::Client::builder()
            .user_agent("by-hand/1.0")
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, authorization)]))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(Duration::from_secs(10))
            .tcp_nodelay(true)
            .no_proxy()
            .build()?;
        Ok(Self { http, base_url: base_url.to_owned() })
    }
}

impl Calls for Hand {
    async fn get(&self) -> Result<()> {
        let url = format!("{}/workspaces/{}", self.base_url, "team-00000");
        let body = self.http.get(url).send().await?.error_for_status()?.bytes().await?;
        let answer: One = serde_json::from_slice(&body)?;
        assert_eq!(answer.data.slug, "team-00000");
        Ok(())
    }

    async fn walk(&self) -> Result<usize> {
        let mut all = Vec::new();
        loop {
            let url = format!("{}/workspaces?limit={PAGE}&offset={}", self.base_url, all.len());
            let body = self.http.get(url).send().await?.error_for_status()?.bytes().await?;
            let page: Many = serde_json::from_slice(&body)?;
            all.extend(page.data);
            if all.len() >= page.total_count {
                return Ok(all.len());
            }
        }
    }
}

#[derive(Deserialize)]
struct One {
    data: Workspace,
}

#[derive(Deserialize)]
struct Many {
    data: Vec<Workspace>,
    total_count: usize,
}

#[expect(dead_code, reason = "what is read costs time, whether it is used or not")]
#[derive(Deserialize)]
struct Workspace {
    id: Uuid,
    name: String,
    slug: String,
    description: Option<String>,
    default_text_model: Option<String>,
    default_image_model: Option<String>,
    default_provider_sort: Option<ProviderSort>,
    default_guardrail_id: Uuid,
    disabled_server_tools: Option<Vec<String>>,
    io_logging_sampling_rate: f64,
    io_logging_api_key_ids: Option<Vec<i64>>,
    is_observability_io_logging_enabled: bool,
    is_observability_broadcast_enabled: bool,
    is_data_discount_logging_enabled: bool,
    include_byok_in_budgets: Option<bool>,
    created_at: DateTime<Utc>,
    updated_at: Option<DateTime<Utc>>,
    created_by: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum ProviderSort {
    Price,
    Throughput,
    Latency,
    Exacto,
}

/// Answers requests until the process ends. Says first where.
fn serve(ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let rows: Vec<String> = (0..ROWS).map(row).collect();
    let rows: &'static [String] = rows.leak();
    runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        ready(listener.local_addr()?);
        loop {
            let (connection, _) = listener.accept().await?;
            // It ends when the client closes it.
            tokio::spawn(answer(connection, rows));
        }
    })
}

async fn answer(mut connection: TcpStream, rows: &[String]) -> Result<()> {
    connection.set_nodelay(true)?;
    let mut request = Vec::new();
    loop {
        while !request.ends_with(b"\r\n\r\n") {
            if connection.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
        }
        let target = std::str::from_utf8(&request)?.split(' ').nth(1).unwrap_or_default();
        let body = match target.split_once('?') {
            Some((_, query)) => {
                let number = |name| query.split('&').find_map(|pair| pair.strip_prefix(name)?.parse().ok());
                let offset: usize = number("offset=").unwrap_or(0);
                let page = &rows[offset..rows.len().min(offset + number("limit=").unwrap_or(50))];
                format!(r#"{{"data":[{}],"total_count":{ROWS}}}"#, page.join(","))
            }
            None => format!(r#"{{"data":{}}}"#, rows[0]),
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\ndate: Tue, 03 Nov 2026 08:15:00 GMT\r\ncontent-type: application/json\r\n\
             x-request-id: req-0123456789\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        connection.write_all(&[head, body].concat().into_bytes()).await?;
        request.clear();
    }
}

fn row(number: usize) -> String {
    let [id, guardrail] = [1, 2].map(|kind| Uuid::from_u64_pair(kind << 60 | number as u64, !number as u64));
    format!(
        r#"{{"id":"{id}","name":"Team {number}","slug":"team-{number:05}","description":"Live traffic","default_text_model":"openai/gpt-4o","default_image_model":"openai/dall-e-3","default_provider_sort":"latency","default_guardrail_id":"{guardrail}","disabled_server_tools":null,"io_logging_sampling_rate":0.25,"io_logging_api_key_ids":null,"is_observability_io_logging_enabled":true,"is_observability_broadcast_enabled":false,"is_data_discount_logging_enabled":true,"include_byok_in_budgets":false,"created_at":"2026-03-02T08:15:00Z","updated_at":"2026-04-11T17:42:09.125Z","created_by":"user_2ab9"}}"#
    )
}
