//! What looks like a key, and is not printed.

/// What keys begin with.
const PREFIX: &str = "sk-or-";

/// Whether a text has something in it that looks like a key.
pub(crate) fn looks_like_a_key(text: &str) -> bool {
    text.contains(PREFIX)
}

/// The text without what looks like a key: an error may quote a file in which one stands at the wrong place.
pub(crate) fn hidden(text: &str) -> String {
    let mut parts = text.split(PREFIX);
    let mut hidden = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        hidden.extend([PREFIX, "...", rest]);
    }
    hidden
}
