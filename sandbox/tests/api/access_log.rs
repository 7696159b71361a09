//! A line for each request.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openrouter_sandbox::{Fault, FaultPlan, Sandbox, When};
use openrouter_workspaces::{Client, RetryConfig};
use tokio::time::Instant;

use crate::support::Api;

/// What is written, to be read by a test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        text.lines().map(str::to_owned).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_has_time_method_path_status_fault_and_duration() {
    let (log, day, start) = (Log::default(), DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000), Instant::now());
    let slow = Fault::latency(Duration::from_millis(40)..=Duration::from_millis(40));
    let sandbox = Sandbox::builder()
        .clock(move || day + start.elapsed())
        .access_log(log.clone())
        .faults(FaultPlan::default().sequence("list_workspaces", [None, Some(slow), Some(Fault::status(503))]))
        .in_memory()
        .unwrap();
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
    let client = builder.http_service(sandbox.service()).retry(RetryConfig::none()).build().unwrap();
    for _ in 0..3 {
        let _ = client.list().limit(7).await;
    }
    let _ = client.get("none").await;
    assert_eq!(
        log.lines(),
        [
            "2024-10-04T00:00:00.000Z GET /api/v1/workspaces?limit=7 200 - 0.0ms",
            "2024-10-04T00:00:00.000Z GET /api/v1/workspaces?limit=7 200 latency 40.0ms",
            "2024-10-04T00:00:00.040Z GET /api/v1/workspaces?limit=7 503 503 0.0ms",
            "2024-10-04T00:00:00.040Z GET /api/v1/workspaces/none 404 - 0.0ms",
        ]
    );
}

#[tokio::test]
async fn a_request_that_is_never_answered_has_its_line_and_no_status() {
    let log = Log::default();
    let plan = FaultPlan::default().sequence("get_workspace", [Some(Fault::Reset(When::After))]);
    let api = Api::with(Sandbox::builder().access_log(log.clone()).faults(plan)).await;
    let request = api.request("GET", "/workspaces/default").bearer_auth(api.sandbox.key());
    assert!(request.send().await.is_err());
    while log.lines().is_empty() {
        tokio::task::yield_now().await;
    }
    let line = &log.lines()[0];
    assert!(line.contains(" GET /api/v1/workspaces/default - reset-after "), "{line}");
}

#[tokio::test]
async fn neither_keys_nor_health_are_logged() {
    let log = Log::default();
    let api = Api::with(Sandbox::builder().access_log(log.clone()).key("sk-or-v1-secret")).await;
    api.call("GET", "/workspaces").await.ok(200);
    api.http.get(format!("http://127.0.0.1:{}/healthz", api.sandbox.port())).send().await.unwrap();
    api.call("GET", "/workspaces").await.ok(200);
    let lines = log.lines();
    assert_eq!(lines.len(), 2);
    assert!(!lines.concat().contains("secret"));
}
