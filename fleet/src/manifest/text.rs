//! A manifest as text.

use serde_norway::Value;

use crate::manifest::Manifest;
use crate::manifest::variables::escape;

impl Manifest {
    /// The manifest as YAML that [`load`](Self::load) reads.
    pub fn to_yaml(&self) -> String {
        let mut document = serde_norway::to_value(self).unwrap_or_default();
        escape_all(&mut document);
        serde_norway::to_string(&document).unwrap_or_default()
    }
}

/// Writes what would be a variable so that it is none.
fn escape_all(value: &mut Value) {
    match value {
        Value::String(text) => *text = escape(text),
        Value::Sequence(items) => items.iter_mut().for_each(escape_all),
        Value::Mapping(fields) => fields.values_mut().for_each(escape_all),
        _ => {}
    }
}
