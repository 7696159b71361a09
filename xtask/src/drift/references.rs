//! The references of a document, each written in one way: as the path from the root to what it names.
//!
//! OpenAPI 3.1 takes over JSON Schema's ways to name a place: `$id`, `$anchor`, and paths that start at the nearest `$id`.
//! In both versions, a reference may be percent-encoded. Nothing else has to know of that after [`normalize`].

use std::collections::BTreeMap;

use serde_json::Value;

/// Keywords whose value is what users would send or receive, so that a `$ref` in it is theirs.
const DATA: [&str; 5] = ["example", "examples", "default", "const", "enum"];

/// Keywords whose value is a map by names of one's own, any of which could be that of a keyword.
const NAMES: [&str; 17] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
    "schemas",
    "responses",
    "parameters",
    "headers",
    "requestBodies",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
    "paths",
    "webhooks",
    "content",
];

/// Writes every reference as `#` and the path from the root. One that leads nowhere stays as it is: it may be of no
/// concern to anybody.
pub fn normalize(root: &mut Value, json_schema: bool) {
    let mut index = Index { json_schema, ..Index::default() };
    walk(root, &mut Place::default(), false, &mut |place, object| index.note(place, object));
    let mut changes = Vec::new();
    walk(root, &mut Place::default(), false, &mut |place, object| {
        index.enter(place, object);
        if let Some(reference) = object.get("$ref").and_then(Value::as_str)
            && let Some(target) = index.target(root, place, reference)
            && reference.strip_prefix('#') != Some(&target)
        {
            changes.push((format!("{}/$ref", place.pointer), format!("#{target}")));
        }
    });
    for (pointer, target) in changes {
        if let Some(reference) = root.pointer_mut(&pointer) {
            *reference = Value::String(target);
        }
    }
}

/// Where the walk is.
#[derive(Clone, Default)]
struct Place {
    pointer: String,
    /// The address by `$id` of the part that this is in, and where that starts.
    base: String,
    start: String,
}

type Visit<'v> = dyn FnMut(&mut Place, &Value) + 'v;

/// Visits everything that can have a reference, outer values first.
fn walk(value: &Value, place: &mut Place, names: bool, visit: &mut Visit<'_>) {
    let length = place.pointer.len();
    match value {
        Value::Object(map) => {
            let outer = (!names && map.contains_key("$id")).then(|| place.clone());
            if !names {
                visit(place, value);
            }
            for (key, inner) in map.iter().filter(|(key, _)| names || !is_data(key)) {
                if inner.is_object() || inner.is_array() {
                    place.pointer.push('/');
                    place.pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                    walk(inner, place, !names && NAMES.contains(&key.as_str()), visit);
                    place.pointer.truncate(length);
                }
            }
            if let Some(outer) = outer {
                *place = outer;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                place.pointer.push_str(&format!("/{index}"));
                walk(item, place, false, visit);
                place.pointer.truncate(length);
            }
        }
        _ => {}
    }
}

fn is_data(key: &str) -> bool {
    key.starts_with("x-") || DATA.contains(&key)
}

/// What has a name of its own in a document.
#[derive(Default)]
struct Index {
    json_schema: bool,
    /// Where the part with an `$id` starts, by its address.
    parts: BTreeMap<String, String>,
    /// Where an anchor is, by the start of its part and its name.
    anchors: BTreeMap<(String, String), String>,
}

impl Index {
    /// Follows an `$id`, from which on references start there.
    fn enter(&self, place: &mut Place, object: &Value) {
        if self.json_schema
            && let Some(id) = object.get("$id").and_then(Value::as_str).filter(|id| !id.starts_with('#'))
        {
            place.base = join(&place.base, id.trim_end_matches('#'));
            place.start.clone_from(&place.pointer);
        }
    }

    fn note(&mut self, place: &mut Place, object: &Value) {
        if !self.json_schema {
            return;
        }
        self.enter(place, object);
        if place.start == place.pointer && !place.base.is_empty() {
            self.parts.insert(place.base.clone(), place.start.clone());
        }
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let old = text("$id").and_then(|id| id.strip_prefix('#'));
        for anchor in [text("$anchor"), text("$dynamicAnchor"), old].into_iter().flatten() {
            self.anchors.insert((place.start.clone(), anchor.to_owned()), place.pointer.clone());
        }
    }

    /// The path from the root to what a reference names.
    fn target(&self, root: &Value, place: &Place, reference: &str) -> Option<String> {
        let (address, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let start = match address {
            "" => place.start.as_str(),
            address => self.parts.get(&join(&place.base, address))?,
        };
        let decoded = percent_encoding_undone(fragment)?;
        if !decoded.is_empty() && !decoded.starts_with('/') {
            return self.anchors.get(&(start.to_owned(), decoded)).cloned();
        }
        // Documents that were bundled keep paths from the root inside a part that has an `$id`.
        let candidates = [format!("{start}{fragment}"), format!("{start}{decoded}"), decoded];
        candidates.into_iter().find(|pointer| root.pointer(pointer).is_some())
    }
}

/// An address as seen from another one.
fn join(base: &str, address: &str) -> String {
    let absolute = address.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if absolute || base.is_empty() {
        return address.to_owned();
    }
    let host = base.find("://").map_or(0, |at| base[at + 3..].find('/').map_or(base.len(), |path| at + 3 + path));
    let kept = if address.starts_with('/') { host } else { base.rfind('/').map_or(0, |at| at + 1).max(host) };
    format!("{}{address}", &base[..kept])
}

/// The text that was percent-encoded; `None` where that is no text.
fn percent_encoding_undone(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}
