//! Errors are one line, whatever a server says: a log must not get lines, or a terminal commands, that it has made up.

use std::fmt::{self, Write};

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
