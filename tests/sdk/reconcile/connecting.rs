//! Attempts that end while they connect: nothing was sent, so that a create is simply sent again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use openrouter_workspaces::reqwest::dns::{Name, Resolve, Resolving};
use openrouter_workspaces::reqwest::{self, redirect, retry};
use openrouter_workspaces::{Client, Delivery, Error, GaveUp};
use serde_json::json;

use crate::common::paused::exact;
use crate::common::raw::{Behaviour, RawServer};
use crate::common::{KEY, fixtures};

/// A resolver that does not answer so many times, and then with an address.
struct Resolver {
    asked: Arc<AtomicUsize>,
    silent: usize,
    address: SocketAddr,
}

impl Resolve for Resolver {
    fn resolve(&self, _: Name) -> Resolving {
        if self.asked.fetch_add(1, Ordering::Relaxed) < self.silent {
            return Box::pin(std::future::pending());
        }
        // From here on there is a real connection, which a paused clock would not wait for.
        tokio::time::resume();
        let addresses = [self.address];
        Box::pin(async move { Ok(Box::new(addresses.into_iter()) as Box<dyn Iterator<Item = SocketAddr> + Send>) })
    }
}

/// A client whose attempts get a minute each, and how often its resolver was asked.
fn client(silent: usize, address: SocketAddr) -> (Client, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let resolver = Resolver { asked: asked.clone(), silent, address };
    let http = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .dns_resolver(Arc::new(resolver));
    let builder = Client::builder().api_key(KEY).base_url(format!("http://localhost:{}/api/v1", address.port()));
    let builder = builder.retry(exact().max_elapsed_time(Duration::from_secs(3600))).no_timeouts();
    let builder = builder.attempt_timeout(Duration::from_secs(60)).http_client(http.build().expect("valid settings"));
    (builder.build().expect("the settings are valid"), asked)
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_attempts_time_out_while_they_connect_was_not_sent() {
    let nowhere = "127.0.0.1:9".parse().unwrap();
    let (client, asked) = client(usize::MAX, nowhere);
    let error = client.create("Production", "production").await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!((error.attempts(), error.gave_up()), (4, Some(&GaveUp::AttemptsExhausted)));
    assert_eq!(asked.load(Ordering::Relaxed), 4);
}

#[tokio::test(start_paused = true)]
async fn a_create_that_timed_out_while_it_connected_is_repeated_without_a_look_up() {
    let created = json!({"data": fixtures::workspace()}).to_string();
    let server = RawServer::start([Behaviour::answer("201 Created", &created)]);
    let (client, asked) = client(2, server.address());
    let response = client.create("Production", "production").send_with_meta().await.unwrap();
    assert_eq!((response.status(), response.attempts()), (201, 3));
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    assert_eq!(server.lines(), ["POST /api/v1/workspaces"]);
}
