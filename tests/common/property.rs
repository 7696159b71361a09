//! What holds for any value, tried with many.

use std::fmt::Debug;
use std::time::Duration;

use openrouter_workspaces::{Client, ClientBuilder, Error, RetryConfig};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

use super::KEY;
use super::raw::{Reaction, SteadyServer};

/// Tests a number of values.
pub fn run<T: Debug>(cases: u32, strategy: impl Strategy<Value = T>, test: impl Fn(&T)) {
    let config = Config {
        cases: super::cases::cases(cases),
        failure_persistence: None,
        max_shrink_iters: 500,
        ..Config::default()
    };
    let result = TestRunner::new(config).run(&strategy, |case| {
        test(&case);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// One server and one connection for all cases, which shows what calls send.
pub struct Seen {
    pub server: SteadyServer,
    http: reqwest::Client,
    pub runtime: Runtime,
}

impl Seen {
    pub fn new() -> Self {
        // An answer that no operation takes for an error of the transport: what is sent matters here.
        let refusal = r#"{"error": {"code": 418, "message": "seen"}}"#;
        let server = SteadyServer::start(move |_| Reaction::answer("418 I'm a teapot", "", refusal));
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { server, http, runtime }
    }

    pub fn builder(&self) -> ClientBuilder {
        let builder = Client::builder().api_key(KEY).base_url(self.server.url()).retry(RetryConfig::none());
        builder.http_client(self.http.clone()).timeout(Duration::from_secs(20))
    }

    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// What a call sent: nothing if it was refused, else one request.
    pub fn sent<T: Debug>(&self, call: impl Future<Output = Result<T, Error>>) -> Option<Vec<u8>> {
        let error = self.runtime.block_on(call).unwrap_err();
        let requests = self.server.take_requests();
        match <[_; 1]>::try_from(requests) {
            Ok([request]) => {
                assert_eq!(error.status(), Some(418), "{error:?}");
                Some(request)
            }
            Err(requests) => {
                assert!(requests.is_empty() && matches!(error, Error::InvalidInput(_)), "{error:?} after {requests:?}");
                None
            }
        }
    }
}
