//! Texts of which a report consists.

/// Texts in one.
pub fn joined<'a>(texts: impl IntoIterator<Item = &'a String>, separator: &str) -> String {
    texts.into_iter().map(String::as_str).collect::<Vec<_>>().join(separator)
}
