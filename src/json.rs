//! Reading JSON. All of it is read as text: a second reader, of bytes, would have the code of each type built once more, and
//! would have to prove each string to be text.

use serde::Deserialize;

/// What a body says, if it is JSON of this type.
pub(crate) fn from_body<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Option<T> {
    serde_json::from_str(std::str::from_utf8(without_mark(body)).ok()?).ok()
}

/// A body without the byte order mark that some servers put in front of what they say.
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)
}
