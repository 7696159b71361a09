//! An OpenAPI document as it was written: reading it whole, and following its references.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use super::references;
use super::shape::Shape;

/// An OpenAPI document, 3.0 or 3.1, YAML or JSON. Its references are paths from the root, where they lead somewhere.
#[derive(Debug)]
pub struct Document {
    pub root: Value,
    /// In 3.1, what stands beside a `$ref` in a schema counts; in 3.0 it is ignored.
    pub siblings_count: bool,
    /// What the schemas mean that were referred to so far.
    shapes: Mutex<BTreeMap<String, Arc<Shape>>>,
}

impl Document {
    /// Parses a document, and makes sure that it is one, and a whole one.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "is no text in UTF-8; is it compressed?".to_owned())?;
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() {
            return Err("is empty".to_owned());
        }
        let mut root = if text.trim_start().starts_with('{') { from_json(text)? } else { from_yaml(text)? };
        let Some(version) = version(&root)? else {
            return Err("has no `openapi`: this is no OpenAPI document, or not all of it".to_owned());
        };
        if !version.starts_with("3.0.") && !version.starts_with("3.1.") {
            return Err(format!("is OpenAPI {version}; this reads 3.0 and 3.1"));
        }
        let siblings_count = version.starts_with("3.1.");
        check_whole(&root)?;
        references::normalize(&mut root, siblings_count);
        Ok(Self::new(root, siblings_count))
    }

    /// A document whose references are paths from the root.
    pub fn new(root: Value, siblings_count: bool) -> Self {
        Self { root, siblings_count, shapes: Mutex::default() }
    }

    /// What a schema means that a reference names: read once, whoever refers to it.
    pub fn shape_of(&self, reference: &str, read: impl FnOnce() -> Shape) -> Arc<Shape> {
        let known = |shapes: &BTreeMap<String, Arc<Shape>>| shapes.get(reference).cloned();
        let lock = || self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shape) = known(&lock()) {
            return shape;
        }
        // Reading it may ask for others.
        let shape = Arc::new(read());
        lock().insert(reference.to_owned(), Arc::clone(&shape));
        shape
    }

    /// What the document is, for people.
    pub fn title(&self) -> String {
        let info = &self.root["info"];
        let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
        format!("{} {}, OpenAPI {}", text(&info["title"]), text(&info["version"]), text(&self.root["openapi"]))
    }

    /// The value that a `$ref` leads to, through any number of them; the value itself where it is none.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> Result<&'a Value, String> {
        let mut value = value;
        let mut steps = 0;
        while let Some(reference) = reference(value) {
            value = self.target(reference)?;
            steps += 1;
            if steps > 100 {
                return Err(format!("the reference {reference} leads in a circle"));
            }
        }
        Ok(value)
    }

    /// The same for something that may have more beside its `$ref`, as a path may in 3.1.
    pub fn merged<'a>(&'a self, value: &'a Value) -> Result<Cow<'a, Value>, String> {
        let target = self.resolve(value)?;
        let (Some(_), Some(own), Some(map)) = (reference(value), value.as_object(), target.as_object()) else {
            return Ok(Cow::Borrowed(target));
        };
        let own = own.iter().filter(|(key, _)| *key != "$ref");
        Ok(Cow::Owned(map.iter().chain(own).map(|(key, inner)| (key.clone(), inner.clone())).collect()))
    }

    /// The value that a reference names.
    pub fn target(&self, reference: &str) -> Result<&Value, String> {
        let Some(pointer) = reference.strip_prefix('#') else {
            return Err(format!("the reference {reference} leads out of the document; bundle it into one file"));
        };
        let found = self.root.pointer(pointer);
        found.ok_or_else(|| format!("the reference {reference} leads nowhere; is the document cut off?"))
    }
}

/// A YAML document that was cut off can still be YAML: what it lacks tells.
fn check_whole(root: &Value) -> Result<(), String> {
    for key in ["info", "paths"] {
        if root[key].as_object().is_none_or(Map::is_empty) {
            return Err(format!("has no `{key}`; is the document cut off?"));
        }
    }
    if root["servers"].as_array().is_none_or(Vec::is_empty) {
        return Err("has no `servers`; is the document cut off?".to_owned());
    }
    Ok(())
}

/// The reference that a value is, if it is one.
pub fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

fn version(root: &Value) -> Result<Option<String>, String> {
    let Some(root) = root.as_object() else {
        return Err("is no OpenAPI document: it is no mapping".to_owned());
    };
    if let Some(version) = root.get("swagger") {
        return Err(format!("is Swagger {version}; this reads OpenAPI 3.0 and 3.1"));
    }
    Ok(root.get("openapi").map(|version| version.as_str().map_or_else(|| version.to_string(), str::to_owned)))
}

fn from_json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|e| {
        if e.is_eof() { format!("is cut off: the JSON ends too early: {e}") } else { format!("is not valid JSON: {e}") }
    })
}

fn from_yaml(text: &str) -> Result<Value, String> {
    let mut yaml: serde_norway::Value = serde_norway::from_str(text).map_err(|e| format!("is not valid YAML: {e}"))?;
    yaml.apply_merge().map_err(|e| format!("is not valid YAML: {e}"))?;
    serde_json::to_value(yaml).map_err(|e| format!("cannot be written as JSON: {e}"))
}
