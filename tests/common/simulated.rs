//! A sandbox on simulated time, whose answers take as long as over a network, and what it is asked for.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openrouter_sandbox::{Sandbox, SandboxBuilder, SandboxService};
use openrouter_workspaces::{Client, HttpFuture, HttpService, RetryConfig, reqwest};
use tokio::time::Instant;

/// An answer takes this long.
pub const LATENCY: Duration = Duration::from_millis(20);

/// A sandbox on the paused clock of the test.
pub fn on_paused_clock() -> SandboxBuilder {
    let (day, start) = (DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000), Instant::now());
    let clock = move || day + start.elapsed();
    Sandbox::builder().seed(1).key("sk-or-v1-simulated").clock(clock)
}

/// Every answer of the sandbox takes 20 ms.
struct Distant(SandboxService);

impl HttpService for Distant {
    fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
        Box::pin(async {
            tokio::time::sleep(LATENCY).await;
            self.0.call(request).await
        })
    }
}

/// A client that does not retry, so that a fault is the end of a call.
pub fn client(sandbox: &Sandbox) -> Client {
    client_with(sandbox, RetryConfig::none())
}

pub fn client_with(sandbox: &Sandbox, retry: RetryConfig) -> Client {
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
    builder.http_service(Distant(sandbox.service())).retry(retry).build().expect("the settings are valid")
}

/// The requests since the last time, as operations.
pub fn requests(sandbox: &Sandbox) -> Vec<String> {
    let all = sandbox.journal().into_iter().map(|request| request.operation.unwrap_or_default()).collect();
    sandbox.clear_journal();
    all
}

/// The ids of some users of the organization.
pub fn users(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("user_{number}")).collect()
}

/// Who is a member of a workspace, as a sorted list.
pub fn members(sandbox: &Sandbox, workspace: &str) -> Vec<String> {
    let members = sandbox.members(workspace).expect("there is such a workspace");
    let mut users: Vec<String> = members.iter().map(|member| member["user_id"].as_str().unwrap().to_owned()).collect();
    users.sort();
    users
}
