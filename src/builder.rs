//! Building a client.

use std::env::VarError;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::USER_AGENT;
use reqwest::Url;

use crate::api_key::{ApiKey, BoxError};
use crate::client::Client;
use crate::error::{Error, InvalidInput};
use crate::generated::{SERVER_URL, headers};
use crate::transport::{
    CallOptions, ClientInner, Http, HttpService, KeySource, RetryBudget, RetryConfig, insert_header,
};

// The variables of the environment.
const API_KEY: &str = "OPENROUTER_API_KEY";
const BASE_URL: &str = "OPENROUTER_BASE_URL";
const HTTP_REFERER: &str = "OPENROUTER_HTTP_REFERER";
const APP_TITLE: &str = "OPENROUTER_APP_TITLE";
const APP_CATEGORIES: &str = "OPENROUTER_APP_CATEGORIES";

/// Sets up a [`Client`].
///
/// ```
/// # fn main() -> Result<(), openrouter_workspaces::Error> {
/// use openrouter_workspaces::{Client, RetryConfig};
/// use std::time::Duration;
///
/// let client = Client::builder()
///     .api_key("sk-or-v1-...")
///     .app_url("https://platform.example")
///     .app_title("Platform Automation")
///     .timeout(Duration::from_secs(30))
///     .retry(RetryConfig::default().max_attempts(6))
///     .build()?;
/// # Ok(())
/// # }
/// ```
///
/// # Proxies
///
/// Calls go through the proxy that the environment names, as with `curl`. The variables are read once, when the client is
/// built:
///
/// | variable | what it does |
/// |---|---|
/// | `HTTPS_PROXY`, or else `ALL_PROXY` | the proxy, as in `http://user:password@proxy.example:3128`; without a scheme, it is `http` |
/// | `NO_PROXY` | the hosts that are reached without it, separated by commas: `example.com` with all its subdomains, `10.0.0.7`, `10.0.0.0/8`, or `*` for all that are no addresses |
/// | `HTTP_PROXY` | nothing, for calls are `https` |
///
/// Each may be in lowercase, which only counts where the one in capitals is not set. An empty one, or one that is no URL, names no
/// proxy. Where `REQUEST_METHOD` is set, as in a CGI program, none of them counts. A proxy is asked for a tunnel (`CONNECT`),
/// so that it learns the host, and neither the key nor what is sent. A `socks5` proxy needs reqwest's feature `socks`, and the
/// settings of macOS and Windows are only read with its feature `system-proxy`: this crate turns on neither.
///
/// Plain `http` never goes through a proxy. To use none for `https`, set `NO_PROXY=openrouter.ai`, or give an HTTP client:
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use openrouter_workspaces::{Client, reqwest};
///
/// let http = reqwest::Client::builder()
///     .no_proxy() // or `.proxy(reqwest::Proxy::https("http://proxy.example:3128")?)`, for one that no variable names
///     .redirect(reqwest::redirect::Policy::none())
///     .retry(reqwest::retry::never())
///     .build()?;
/// let client = Client::builder().api_key("sk-or-v1-...").http_client(http).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a client is only made by `.build()`"]
pub struct ClientBuilder {
    key: Option<KeySource>,
    /// The variables of the environment that are no text, and that no setter has replaced.
    no_text: Vec<&'static str>,
    base_url: String,
    plain_http: bool,
    app_url: Option<String>,
    app_title: Option<String>,
    app_categories: Option<Vec<String>>,
    user_agent: String,
    http: Option<Http>,
    options: CallOptions,
    connect_timeout: Duration,
    max_body_bytes: usize,
    retry_budget: u32,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            key: None,
            no_text: Vec::new(),
            base_url: SERVER_URL.to_owned(),
            plain_http: false,
            app_url: None,
            app_title: None,
            app_categories: None,
            user_agent: concat!("openrouter-workspaces/", env!("CARGO_PKG_VERSION")).to_owned(),
            http: None,
            options: CallOptions {
                retry: RetryConfig::default(),
                total_timeout: Some(Duration::from_secs(120)),
                deadline: None,
                attempt_timeout: Some(Duration::from_secs(30)),
                headers: HeaderMap::new(),
                query: Vec::new(),
            },
            connect_timeout: Duration::from_secs(10),
            max_body_bytes: 16 << 20,
            retry_budget: 500,
        }
    }
}

impl ClientBuilder {
    /// A builder with the settings of the environment: the key in `OPENROUTER_API_KEY`, and, where they are set,
    /// `OPENROUTER_BASE_URL`, `OPENROUTER_HTTP_REFERER`, `OPENROUTER_APP_TITLE`, and `OPENROUTER_APP_CATEGORIES`
    /// (separated by commas).
    ///
    /// An empty variable counts as not set. One that is not UTF-8 is refused by [`build`](Self::build), unless its setting is
    /// given by then.
    pub fn from_env() -> Self {
        let mut no_text = Vec::new();
        let mut var = |name| match std::env::var(name) {
            Ok(value) => Some(value.trim().to_owned()).filter(|value| !value.is_empty()),
            Err(VarError::NotPresent) => None,
            Err(VarError::NotUnicode(_)) => {
                no_text.push(name);
                None
            }
        };
        let categories = |all: String| all.split(',').map(|category| category.trim().to_owned()).collect();
        let builder = Self {
            key: var(API_KEY).map(|key| KeySource::Fixed(key.into())),
            app_url: var(HTTP_REFERER),
            app_title: var(APP_TITLE),
            app_categories: var(APP_CATEGORIES).map(categories),
            ..Self::default()
        };
        let builder = match var(BASE_URL) {
            Some(url) => builder.base_url(url),
            None => builder,
        };
        Self { no_text, ..builder }
    }

    /// What a variable says does not count any more.
    fn replacing(mut self, variable: &str) -> Self {
        self.no_text.retain(|name| *name != variable);
        self
    }

    /// The management key.
    pub fn api_key(mut self, key: impl Into<ApiKey>) -> Self {
        self.key = Some(KeySource::Fixed(key.into()));
        self.replacing(API_KEY)
    }

    /// Where the management key comes from: a function that is asked before every attempt, so that a key can be rotated
    /// while the client is in use.
    ///
    /// The time it takes counts toward the attempt's timeout. If it fails, the call fails with
    /// [`Error::InvalidInput`], with the function's error as the source.
    ///
    /// ```
    /// use openrouter_workspaces::{ApiKey, Client};
    ///
    /// let builder = Client::builder().api_key_from(|| async {
    ///     let key = std::fs::read_to_string("/run/secrets/openrouter")?;
    ///     Ok(ApiKey::new(key))
    /// });
    /// ```
    pub fn api_key_from<F, Fut>(mut self, source: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ApiKey, BoxError>> + Send + 'static,
    {
        self.key = Some(KeySource::asked(source));
        self.replacing(API_KEY)
    }

    /// The URL that paths are appended to, with or without a slash at its end. Default:
    /// [`SERVER_URL`](crate::SERVER_URL).
    ///
    /// Plain `http` is only allowed to this machine itself, unless [`allow_plain_http`](Self::allow_plain_http) says otherwise.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self.replacing(BASE_URL)
    }

    /// Allows a [`base_url`](Self::base_url) of plain `http` to another machine. **The key then travels unencrypted**, and
    /// whoever can read or change what passes between the machines can read the key and change everything. It is meant for
    /// a sandbox in another container, with a key that is worth nothing. No environment variable does this.
    ///
    /// ```
    /// # fn main() -> Result<(), openrouter_workspaces::Error> {
    /// use openrouter_workspaces::Client;
    ///
    /// let client = Client::builder()
    ///     .api_key("sk-or-v1-sandbox")
    ///     .base_url("http://sandbox:8080/api/v1")
    ///     .allow_plain_http()
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// The URL of the calling app (`HTTP-Referer`), which identifies it in OpenRouter's rankings.
    pub fn app_url(mut self, url: impl Into<String>) -> Self {
        self.app_url = Some(url.into());
        self.replacing(HTTP_REFERER)
    }

    /// The name under which the calling app appears (`X-OpenRouter-Title`).
    pub fn app_title(mut self, title: impl Into<String>) -> Self {
        self.app_title = Some(title.into());
        self.replacing(APP_TITLE)
    }

    /// The calling app's categories (`X-OpenRouter-Categories`), in lowercase.
    pub fn app_categories(mut self, categories: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.app_categories = Some(categories.into_iter().map(Into::into).collect());
        self.replacing(APP_CATEGORIES)
    }

    /// The `User-Agent` header. Default: this crate's name and version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// How calls are retried. Default: [`RetryConfig::default`].
    pub fn retry(mut self, retry: RetryConfig) -> Self {
        self.options.retry = retry;
        self
    }

    /// What all retries of the client and its clones may cost together, in tokens. Default: 500.
    ///
    /// Every request of a call but its first takes 5 tokens, look-ups included. A success gives back 1, or 5 if it took retries. When they are used up, because a server is
    /// down or overloaded, calls fail after their first attempt, with
    /// [`GaveUp::BudgetExhausted`](crate::GaveUp::BudgetExhausted).
    pub fn retry_budget(mut self, tokens: u32) -> Self {
        self.retry_budget = tokens;
        self
    }

    /// The time for a whole call: all attempts, the waits between them, and the body. Default: 120 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.total_timeout = Some(timeout);
        self
    }

    /// The time for each attempt: connecting, sending, and reading the whole answer. Default: 30 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = Some(timeout);
        self
    }

    /// The time for making a connection, TLS included. Default: 10 s. It does not apply to a
    /// [`http_client`](Self::http_client) of your own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// No timeouts but [`connect_timeout`](Self::connect_timeout). Then a server that stays silent holds a call for ever.
    pub fn no_timeouts(mut self) -> Self {
        self.options.total_timeout = None;
        self.options.attempt_timeout = None;
        self
    }

    /// The largest body that is read, in bytes, after decompression. Default: 16 MiB.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// An HTTP client of your own, for proxies, certificates, or a shared pool of connections.
    ///
    /// Build it with `redirect::Policy::none()` and `retry::never()`, as this crate retries by itself. Answers that were
    /// redirected are refused, but a client that follows redirects has sent the body, though not the key, to the other URL
    /// by then, in the case of 307 and 308 also that of a POST. With a `base_url` of plain http, build it with `no_proxy()`:
    /// a proxy would be sent the key unencrypted. A client that would use a proxy for it is refused, where that can be told.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(Http::Reqwest { client, own: false });
        self
    }

    /// What sends the requests, in the place of an HTTP client: a middleware, or a test that answers from memory. See
    /// [`HttpService`].
    pub fn http_service(mut self, service: impl HttpService) -> Self {
        self.http = Some(Http::Service(Arc::new(service)));
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// Fails with [`Error::InvalidInput`] if there is no key, or if a setting cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        if let Some(variable) = self.no_text.first() {
            return Err(InvalidInput::new(*variable, "must be text in UTF-8").into());
        }
        let missing = "is missing: set it, or the environment variable OPENROUTER_API_KEY";
        let keys = self.key.clone().ok_or_else(|| InvalidInput::new("api_key", missing))?;
        let redactor = keys.redactor(None);
        self.build_with(keys).map_err(|mut error| {
            error.redact(&redactor);
            error.into()
        })
    }

    fn build_with(self, keys: KeySource) -> Result<Client, InvalidInput> {
        if let KeySource::Fixed(key) = &keys {
            key.header().map_err(|rule| InvalidInput::new("api_key", rule))?;
        }
        self.options.retry.check()?;
        let base_url = base_url(&self.base_url, self.plain_http)?;
        let headers = self.headers()?;
        let http = match &self.http {
            Some(Http::Reqwest { client, .. }) if base_url.scheme() == "http" && uses_proxy(client) => {
                let rule =
                    "must be built with `no_proxy()`: a proxy would be sent the key unencrypted, as `base_url` is http";
                return Err(InvalidInput::new("http_client", rule));
            }
            Some(http) => http.clone(),
            None => Http::Reqwest { client: self.http_client_for(&base_url)?, own: true },
        };
        Ok(Client::from_inner(ClientInner {
            base_url,
            http,
            keys,
            headers,
            defaults: Arc::new(self.options),
            max_body_bytes: self.max_body_bytes,
            retry_budget: RetryBudget::new(self.retry_budget),
        }))
    }

    fn headers(&self) -> Result<HeaderMap, InvalidInput> {
        let categories = self.app_categories.as_deref();
        for category in categories.unwrap_or_default() {
            if category.is_empty() || category.contains(',') || *category != category.to_lowercase() {
                let rule = format!("must be lowercase names without commas, and one is {category:?}");
                return Err(InvalidInput::new("app_categories", rule));
            }
        }
        let categories = categories.map(|categories| categories.join(","));
        let mut map = HeaderMap::new();
        for (name, value) in [
            (USER_AGENT.as_str(), Some(&self.user_agent)),
            (headers::HTTP_REFERER, self.app_url.as_ref()),
            (headers::X_OPENROUTER_TITLE, self.app_title.as_ref()),
            (headers::X_OPENROUTER_CATEGORIES, categories.as_ref()),
        ] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                insert_header(&mut map, name, value)?;
            }
        }
        Ok(map)
    }

    fn http_client_for(&self, url: &Url) -> Result<reqwest::Client, InvalidInput> {
        // Without cryptography reqwest panics.
        #[cfg(all(feature = "rustls-no-provider", not(any(feature = "native-tls", feature = "rustls"))))]
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            let rule = "needs a provider of cryptography: install one before, as in \
                        `rustls::crypto::ring::default_provider().install_default()`, or use the feature `rustls`";
            return Err(InvalidInput::new("http_client", rule));
        }
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect_timeout)
            .tcp_nodelay(true);
        if url.scheme() == "http" {
            // What is unencrypted, and meant for this machine as a rule, must not pass a proxy.
            http = http.no_proxy();
            // Nothing is encrypted then, and the certificates of the operating system are not read.
            #[cfg(any(feature = "native-tls", feature = "rustls", feature = "rustls-no-provider"))]
            {
                http = http.tls_certs_only([]);
            }
        }
        http.build().map_err(|e| InvalidInput::new("http_client", "cannot be set up").caused_by(e))
    }
}

/// With the key hidden, which may have been given in another place, too.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redactor = self.key.as_ref().map(|key| key.redactor(None)).unwrap_or_default();
        let hidden = |text: &String| redactor.text(text.as_str());
        let mut debug = f.debug_struct("ClientBuilder");
        debug.field("key", &self.key).field("base_url", &hidden(&self.base_url));
        debug.field("app_url", &self.app_url.as_ref().map(hidden));
        debug.field("app_title", &self.app_title.as_ref().map(hidden));
        debug.field("user_agent", &hidden(&self.user_agent)).field("options", &self.options).finish_non_exhaustive()
    }
}

/// Whether an HTTP client would use a proxy for plain http. It says so in its debug output only.
fn uses_proxy(client: &reqwest::Client) -> bool {
    let debug = format!("{client:?}");
    // A proxy that a function decides on is printed as `_`, and may be one for plain http.
    let custom = ["proxies: [_", ", _, ", ", _]"];
    debug.contains("Matcher { http: ") || custom.iter().any(|entry| debug.contains(entry))
}

/// A base URL that the key may be sent to.
fn base_url(text: &str, plain_http: bool) -> Result<Url, InvalidInput> {
    let rule = match Url::parse(text.trim()) {
        Err(_) => "must be a URL, such as https://openrouter.ai/api/v1",
        Ok(url) if !url.has_host() => "must be a URL with a host",
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            "must not contain a user name or a password"
        }
        Ok(url) if url.query().is_some() || url.fragment().is_some() => "must not contain `?` or `#`",
        Ok(url) if url.scheme() == "https" => return Ok(url),
        Ok(url) if url.scheme() == "http" && (plain_http || is_loopback(&url)) => return Ok(url),
        Ok(url) if url.scheme() == "http" => {
            "must be https: plain http would send the key unencrypted to another machine; for a sandbox there, \
             `allow_plain_http()` permits it"
        }
        Ok(_) => "must start with https://",
    };
    Err(InvalidInput::new("base_url", rule))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

impl Client {
    /// A client with the settings of the environment; see [`ClientBuilder::from_env`].
    ///
    /// Fails with [`Error::InvalidInput`] if `OPENROUTER_API_KEY` is not set, or if a variable cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env().build()
    }

    /// A client with a key, and the defaults for everything else.
    ///
    /// Fails with [`Error::InvalidInput`] if the key is empty or cannot be a header.
    pub fn new(api_key: impl Into<ApiKey>) -> Result<Self, Error> {
        Self::builder().api_key(api_key).build()
    }

    /// Sets up a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}
