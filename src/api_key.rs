//! The API key: never printed, asked for at every attempt.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::HeaderValue;

use crate::error::Error;
use crate::failure::InvalidInput;

/// What stands in the place of a key.
const HIDDEN: &str = "[hidden]";

/// Any error, as a key source may return it.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A management key. `Debug` and `Display` hide it.
///
/// ```
/// use openrouter_workspaces::ApiKey;
///
/// let key = ApiKey::new("sk-or-v1-secret");
/// assert_eq!(format!("{key} {key:?}"), "[hidden] ApiKey([hidden])");
/// ```
#[derive(Clone)]
pub struct ApiKey(Arc<str>);

impl ApiKey {
    /// Takes a key. White space around it is dropped, such as the newline at the end of a file, and so is the scheme
    /// of a key that was pasted as `Bearer sk-...`.
    pub fn new(key: impl AsRef<str>) -> Self {
        let key = key.as_ref().trim();
        let key = match key.split_at_checked(6) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => match rest.chars().next() {
                Some(c) if !c.is_whitespace() => key,
                _ => rest.trim_start(),
            },
            _ => key,
        };
        Self(key.into())
    }

    /// The `Authorization` header for this key, marked as sensitive.
    pub(crate) fn header(&self) -> Result<HeaderValue, Error> {
        if self.0.is_empty() {
            return Err(InvalidInput::new("api_key", "must not be empty").into());
        }
        let mut header = HeaderValue::try_from(format!("Bearer {}", self.0))
            .map_err(|_| InvalidInput::new("api_key", "must consist of printable ASCII characters"))?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// The text with the key hidden, if it is there. A server may repeat the key in its answer.
    pub(crate) fn redact(&self, text: &str) -> Option<String> {
        let key = &*self.0;
        (!key.is_empty() && text.contains(key)).then(|| text.replace(key, HIDDEN))
    }

    /// The bytes with the key hidden, if it is there; all others stay as they are.
    pub(crate) fn redact_bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let key = self.0.as_bytes();
        let find = |bytes: &[u8]| bytes.windows(key.len().max(1)).position(|window| window == key);
        let (mut hidden, mut rest) = (Vec::new(), bytes);
        while let Some((before, after)) = find(rest).and_then(|at| rest.split_at_checked(at)) {
            hidden.extend_from_slice(before);
            hidden.extend_from_slice(HIDDEN.as_bytes());
            rest = after.get(key.len()..).unwrap_or_default();
        }
        let found = !hidden.is_empty();
        hidden.extend_from_slice(rest);
        found.then_some(hidden)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([hidden])")
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

impl<T: AsRef<str>> From<T> for ApiKey {
    fn from(key: T) -> Self {
        Self::new(key)
    }
}

type KeyFuture = Pin<Box<dyn Future<Output = Result<ApiKey, BoxError>> + Send>>;

/// Where the key of an attempt comes from.
#[derive(Clone)]
pub(crate) enum KeySource {
    Fixed(ApiKey),
    Asked(Arc<dyn Fn() -> KeyFuture + Send + Sync>),
}

impl KeySource {
    pub(crate) fn asked<F, Fut>(source: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ApiKey, BoxError>> + Send + 'static,
    {
        Self::Asked(Arc::new(move || Box::pin(source())))
    }

    /// The key for the next attempt.
    pub(crate) async fn key(&self) -> Result<ApiKey, Error> {
        match self {
            Self::Fixed(key) => Ok(key.clone()),
            Self::Asked(source) => source().await.map_err(|e| {
                InvalidInput::new("api_key", "must come from its source, which failed").caused_by(e).into()
            }),
        }
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed([hidden])",
            Self::Asked(_) => "Asked(..)",
        })
    }
}
