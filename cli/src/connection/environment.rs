//! The environment.

/// A variable of the environment that is set. What is no text becomes none that would be taken for anything.
pub(super) fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.to_string_lossy().into_owned();
    Some(value).filter(|value| !value.trim().is_empty())
}
