//! The type of a schema in a few words.

use super::document::Document;
use super::reading;
use super::shape::{Null, Shape};
use super::text::joined;

/// The type in a few words.
pub fn summary(document: &Document, shape: &Shape) -> String {
    summary_to(document, shape, 3)
}

/// The same, with arrays in arrays down to a depth, for an array can hold itself.
fn summary_to(document: &Document, shape: &Shape, depth: usize) -> String {
    if !shape.unreadable.is_empty() {
        return joined(&shape.unreadable, "; ");
    }
    let mut words = match &shape.types {
        None if !shape.alternatives.is_empty() => vec!["one of several".to_owned()],
        None => vec!["anything".to_owned()],
        Some(types) => types.iter().cloned().collect(),
    };
    for word in &mut words {
        if let ("array", Some(items), 1..) = (word.as_str(), &shape.items, depth) {
            *word = format!("array of {}", summary_to(document, &reading::shape(document, items), depth - 1));
        } else if ["string", "integer", "number"].contains(&word.as_str()) && !shape.formats.is_empty() {
            *word = format!("{word} ({})", joined(&shape.formats, " and "));
        }
    }
    if shape.null == Null::Allowed {
        words.push("null".to_owned());
    }
    words.join(" or ")
}
