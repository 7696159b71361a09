//! The API key: never printed, and sent in a header that is marked as sensitive.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

/// Any error, as a source of keys may return it.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The fewest characters of a key. A shorter one is a mistake, and could not be hidden in a text without making it unreadable.
const MIN_LENGTH: usize = 8;

/// A management key. `Debug` and `Display` hide it.
///
/// ```
/// use openrouter_workspaces::ApiKey;
///
/// let key = ApiKey::new("sk-or-v1-secret");
/// assert_eq!(format!("{key} {key:?}"), "[hidden] ApiKey([hidden])");
/// ```
#[derive(Clone)]
pub struct ApiKey(Arc<Key>);

struct Key {
    text: Box<str>,
    /// The `Authorization` header, or the rule that the key breaks.
    header: Result<HeaderValue, &'static str>,
}

impl ApiKey {
    /// Takes a key. White space around it is dropped, such as the newline at the end of a file, and so is the scheme
    /// of a key that was pasted as `Bearer sk-...`.
    ///
    /// A key has at least 8 characters, all of them printable ASCII. One that breaks this rule is refused when the
    /// client is built, or when a call asks for it.
    pub fn new(key: impl AsRef<str>) -> Self {
        let key = key.as_ref().trim();
        let key = match key.split_at_checked(6) {
            Some((scheme, rest))
                if scheme.eq_ignore_ascii_case("bearer") && rest.chars().next().is_none_or(char::is_whitespace) =>
            {
                rest.trim_start()
            }
            _ => key,
        };
        Self(Arc::new(Key { text: key.into(), header: header(key) }))
    }

    /// The `Authorization` header for this key, or the rule that the key breaks.
    pub(crate) fn header(&self) -> Result<HeaderValue, &'static str> {
        self.0.header.clone()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.text.as_bytes()
    }
}

fn header(key: &str) -> Result<HeaderValue, &'static str> {
    if key.is_empty() {
        return Err("must not be empty");
    }
    if !key.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err("must consist of printable ASCII characters");
    }
    if key.len() < MIN_LENGTH {
        return Err("must have at least 8 characters");
    }
    let header = HeaderValue::try_from(["Bearer ", key].concat());
    let mut header = header.map_err(|_| "must consist of printable ASCII characters")?;
    header.set_sensitive(true);
    Ok(header)
}

impl PartialEq for ApiKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.text == other.0.text
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
