//! The access log: where the lines about requests go.

use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::sync::lock;

/// Where the lines go; nowhere by default.
#[derive(Clone, Default)]
pub(crate) struct AccessLog(Option<Arc<Mutex<dyn Write + Send>>>);

impl AccessLog {
    pub(crate) fn to(writer: impl Write + Send + 'static) -> Self {
        Self(Some(Arc::new(Mutex::new(writer))))
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn write(&self, line: &str) {
        if let Some(writer) = &self.0 {
            // A server goes on without its log.
            let _ = lock(writer).write_all(line.as_bytes());
        }
    }
}

impl fmt::Debug for AccessLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AccessLog").field(&self.0.is_some()).finish()
    }
}
