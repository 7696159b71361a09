//! Clients for tests with a paused clock.
//!
//! A paused clock jumps to the next timer whenever everything waits, so these clients have no timers but the waits
//! between attempts: no timeouts, and no pool of idle connections.

use std::sync::{Arc, Mutex};

use openrouter_workspaces::{ApiKey, Client, ClientBuilder, Jitter, RetryConfig};
use tokio::time::Instant;

use super::KEY;

/// A client, and when it made its attempts.
pub struct Paused {
    pub client: Client,
    attempts: Arc<Mutex<Vec<Instant>>>,
}

impl Paused {
    pub fn new(url: impl Into<String>, retry: RetryConfig) -> Self {
        Self::with(url, retry, |builder| builder)
    }

    pub fn with(
        url: impl Into<String>,
        retry: RetryConfig,
        settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Self {
        let attempts = Arc::new(Mutex::new(Vec::new()));
        let log = attempts.clone();
        // The key is asked for at every attempt, which tells when that is.
        let key = move || {
            log.lock().expect("no panics").push(Instant::now());
            async { Ok(ApiKey::new(KEY)) }
        };
        let builder = Client::builder().api_key_from(key).base_url(url).retry(retry);
        let builder = settings(builder.no_timeouts().http_client(timerless()));
        Self { client: builder.build().expect("the settings are valid"), attempts }
    }

    /// The waits between the attempts, in milliseconds.
    pub fn waits(&self) -> Vec<u128> {
        let attempts = self.attempts.lock().expect("no panics");
        attempts.windows(2).map(|pair| (pair[1] - pair[0]).as_millis()).collect()
    }

    pub fn attempts(&self) -> usize {
        self.attempts.lock().expect("no panics").len()
    }
}

/// The default retries without jitter, so that the waits are 500, 1000 and 2000 ms.
pub fn exact() -> RetryConfig {
    RetryConfig::default().jitter(Jitter::None)
}

/// An HTTP client without timers, and without the certificates of the system, for it is used with plain http.
pub fn timerless() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
        .no_proxy()
        .tls_certs_only([])
        .build()
        .expect("the settings are valid")
}
