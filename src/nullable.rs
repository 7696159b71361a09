//! Settings that can be cleared.

use std::str::FromStr;

use serde::{Deserialize, Deserializer};

/// What a nullable setting is set to: a value, or nothing.
///
/// Setters take `impl Into<Nullable<T>>`, so that a plain value, an `Option`, and a bare `None` all work. Not calling
/// the setter is the third state: an update leaves the setting as it is.
///
/// As a bare `None` must be an `Option` of one type, an `Option<&str>` is given as an `Option<String>`, by
/// `.map(str::to_owned)`.
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

impl From<&String> for Nullable<String> {
    fn from(value: &String) -> Self {
        Self(Some(value.clone()))
    }
}

impl<T: Clone> From<&Option<T>> for Nullable<T> {
    fn from(value: &Option<T>) -> Self {
        Self(value.clone())
    }
}

impl<T: Clone> From<&[T]> for Nullable<Vec<T>> {
    fn from(values: &[T]) -> Self {
        Self(Some(values.to_vec()))
    }
}

impl<T: Clone, const N: usize> From<&[T; N]> for Nullable<Vec<T>> {
    fn from(values: &[T; N]) -> Self {
        values.as_slice().into()
    }
}

impl<T: Clone> From<&Vec<T>> for Nullable<Vec<T>> {
    fn from(values: &Vec<T>) -> Self {
        values.as_slice().into()
    }
}

/// A list that is given as text.
pub(crate) fn parsed<T: FromStr>(values: impl IntoIterator<Item: AsRef<str>>) -> Result<Nullable<Vec<T>>, T::Err> {
    let values: Result<Vec<T>, _> = values.into_iter().map(|value| value.as_ref().parse()).collect();
    values.map(Nullable::from)
}

/// Reads an optional field, which only is `None` where it is missing: null is `Some(None)`, or an error if it cannot be null.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
