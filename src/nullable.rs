//! Settings that can be cleared.

use serde::{Deserialize, Deserializer};

/// What a nullable setting is set to: a value, or nothing.
///
/// Setters take `impl Into<Nullable<T>>`, so that a plain value, an `Option`, and a bare `None` all work. Not calling
/// the setter is the third state: an update leaves the setting as it is.
///
/// ```
/// use openrouter_workspaces::Nullable;
///
/// let set: Nullable<String> = "Live traffic".into();
/// let cleared: Nullable<String> = None.into();
/// assert_eq!(set.into_option().as_deref(), Some("Live traffic"));
/// assert_eq!(cleared.into_option(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nullable<T>(Option<T>);

impl<T> Nullable<T> {
    /// The value, or `None` where the setting is to be cleared.
    pub fn into_option(self) -> Option<T> {
        self.0
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self(Some(value))
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        Self(value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self(Some(value.to_owned()))
    }
}

impl<A: Into<B>, B, const N: usize> From<[A; N]> for Nullable<Vec<B>> {
    fn from(values: [A; N]) -> Self {
        Self(Some(values.into_iter().map(Into::into).collect()))
    }
}

/// Reads an optional nullable field: null is `Some(None)`, and only a missing field is `None`.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
