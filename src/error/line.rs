//! How errors are written: in one line, whatever a server says, for a log must not get lines, or a terminal commands, that it
//! has made up.

use std::fmt::{self, Write};

use bytes::Bytes;

use crate::headers::request_id;

/// Writes on, with control characters escaped.
pub(crate) struct OneLine<'a, 'f>(pub &'a mut fmt::Formatter<'f>);

impl Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive(char::is_control) {
            let plain = part.trim_end_matches(char::is_control);
            self.0.write_str(plain)?;
            let control = part.get(plain.len()..).unwrap_or_default();
            write!(self.0, "{}", control.escape_default())?;
        }
        Ok(())
    }
}

/// The status of an answer, and the id under which the server knows the request, if there was an answer.
pub(crate) struct Status<'a>(pub Option<&'a http::Response<Bytes>>);

impl fmt::Display for Status<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(answer) = self.0 else { return Ok(()) };
        write!(f, " (status {}", answer.status().as_u16())?;
        if let Some(id) = request_id(answer.headers()) {
            write!(f, ", request {id}")?;
        }
        f.write_str(")")
    }
}
