//! Reading JSON. All of it is read as text: a second reader, of bytes, would have the code of each type built once more, and
//! would have to prove each string to be text.

use serde::Deserialize;

/// What a body says, if it is JSON of this type.
pub(crate) fn from_body<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Option<T> {
    serde_json::from_str(std::str::from_utf8(body).ok()?).ok()
}
