//! Reads what a schema means, however it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::document::{Document, reference};
use super::limits;
use super::shape::{Additional, Field, Null, Shape, Values};

/// Keywords that restrict what a schema means, and that this module makes nothing of.
const OTHERS: [&str; 16] = [
    "not",
    "patternProperties",
    "propertyNames",
    "prefixItems",
    "additionalItems",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "discriminator",
    "$dynamicRef",
    "$recursiveRef",
];

/// Keywords that mean something only together.
const TOGETHER: [&[&str]; 2] = [&["if", "then", "else"], &["contains", "minContains", "maxContains"]];

/// What a schema of a document means.
pub fn shape(document: &Document, schema: &Value) -> Arc<Shape> {
    let read = || Reader { document, inside: Vec::new() }.shape(schema);
    match reference(schema) {
        Some(reference) if schema.as_object().is_some_and(|map| map.len() == 1) => document.shape_of(reference, read),
        _ => Arc::new(read()),
    }
}

impl Field {
    /// What its schema means.
    pub fn shape(&self, document: &Document) -> &Shape {
        self.shape_of(|| shape(document, &self.schema))
    }
}

/// A value in which `50.0` is written as `50`.
pub fn canonical(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 9.0e15) {
            Some(whole) => json!(whole as i64),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(canonical).collect(),
        Value::Object(map) => map.iter().map(|(key, inner)| (key.clone(), canonical(inner))).collect(),
        other => other.clone(),
    }
}

struct Reader<'a> {
    document: &'a Document,
    /// The references that are being followed.
    inside: Vec<String>,
}

impl Reader<'_> {
    fn shape(&mut self, schema: &Value) -> Shape {
        if let Some(reference) = reference(schema) {
            let target = self.follow(reference);
            return if self.document.siblings_count { self.written(schema).and(target).tidy() } else { target };
        }
        self.written(schema)
    }

    fn follow(&mut self, reference: &str) -> Shape {
        if self.inside.iter().any(|r| r == reference) {
            return Shape::unreadable(format!("the schema {reference} consists of itself"));
        }
        match self.document.target(reference) {
            Ok(target) => {
                self.inside.push(reference.to_owned());
                let shape = self.shape(target);
                self.inside.pop();
                shape
            }
            Err(why) => Shape::unreadable(why),
        }
    }

    /// What the schema says beside a `$ref`.
    fn written(&mut self, schema: &Value) -> Shape {
        let mut shape = own(schema).unwrap_or_else(Shape::unreadable);
        for part in list(schema, "allOf") {
            shape = shape.and(self.shape(part));
        }
        for key in ["oneOf", "anyOf"] {
            let parts = list(schema, key);
            if !parts.is_empty() {
                shape = shape.and(self.either(parts));
            }
        }
        // Beside `allOf`, it is meant for the whole.
        if schema["nullable"] == true {
            shape.null = Null::Allowed;
        }
        shape.tidy()
    }

    /// What a choice means, where there is a simpler way to say it.
    fn either(&mut self, parts: &[Value]) -> Shape {
        let mut null = Null::Unsaid;
        let mut shapes = Vec::new();
        let mut unreadable = BTreeSet::new();
        for part in parts {
            let shape = self.shape(part);
            unreadable.extend(shape.unreadable.iter().cloned());
            if shape.types.as_ref().is_some_and(BTreeSet::is_empty) && shape.null == Null::Allowed {
                null = Null::Allowed;
            } else {
                shapes.push((part, shape));
            }
        }
        let mut shape = match shapes.as_slice() {
            [(_, only)] => only.clone(),
            several => together(several.iter().map(|(_, shape)| shape)).unwrap_or_else(|| Shape {
                alternatives: several.iter().map(|(part, _)| (*part).clone()).collect(),
                ..Shape::default()
            }),
        };
        if null == Null::Allowed {
            shape.null = null;
        }
        shape.unreadable = unreadable;
        shape
    }
}

fn list<'a>(schema: &'a Value, key: &str) -> &'a [Value] {
    schema[key].as_array().map_or(&[], Vec::as_slice)
}

/// Several plain types or enums as one; `None` where a part says more than that.
fn together<'a>(parts: impl Iterator<Item = &'a Shape>) -> Option<Shape> {
    let mut types = BTreeSet::new();
    let mut known = BTreeSet::new();
    let (mut enums, mut plain, mut open) = (false, false, false);
    let mut null = Null::Refused;
    let mut default = None;
    for part in parts {
        default = default.or(part.default.clone());
        let says_more = !part.formats.is_empty()
            || !part.limits.is_empty()
            || !part.fields.is_empty()
            || part.items.is_some()
            || !matches!(part.additional, Additional::Anything)
            || !part.alternatives.is_empty()
            || !part.others.is_empty();
        if says_more {
            return None;
        }
        types.extend(part.types.clone()?);
        if part.null == Null::Allowed {
            null = Null::Allowed;
        }
        match &part.values {
            Some(values) => {
                enums = true;
                open |= values.open;
                known.extend(values.known.iter().cloned());
            }
            None => plain = true,
        }
    }
    // An enum or any string is an open enum; an enum or a number is not.
    if enums && plain && types.len() > 1 {
        return None;
    }
    let values = enums.then_some(Values { known, open: open || plain });
    Some(Shape { types: Some(types), null, values, default, ..Shape::default() })
}

/// What a schema says itself, without the schemas that it is made of.
fn own(schema: &Value) -> Result<Shape, String> {
    // One that is missing allows anything.
    if !matches!(schema, Value::Object(_) | Value::Bool(_) | Value::Null) {
        return Err(format!("{schema} is no schema"));
    }
    let flag = |key: &str| schema[key] == true;
    let mut shape = Shape {
        types: types(schema)?,
        formats: schema["format"].as_str().map(str::to_owned).into_iter().collect(),
        values: values(schema),
        limits: limits::read(schema),
        default: schema.get("default").map(canonical),
        description: schema["description"].as_str().unwrap_or_default().to_owned(),
        deprecated: flag("deprecated"),
        read_only: flag("readOnly"),
        write_only: flag("writeOnly"),
        fields: fields(schema),
        items: schema.get("items").cloned(),
        additional: match schema.get("additionalProperties") {
            None | Some(Value::Bool(true)) => Additional::Anything,
            Some(Value::Bool(false)) => Additional::Nothing,
            Some(Value::Object(map)) if map.is_empty() => Additional::Anything,
            Some(inner) => Additional::Schema(inner.clone()),
        },
        others: others(schema),
        examples: schema.get("example").into_iter().chain(list(schema, "examples")).cloned().collect(),
        ..Shape::default()
    };
    if *schema == Value::Bool(false) {
        shape.others.insert("not".to_owned(), vec![json!({})]);
    }
    shape.null = null(schema, &shape);
    Ok(shape)
}

fn others(schema: &Value) -> BTreeMap<String, Vec<Value>> {
    let mut others = BTreeMap::new();
    for (key, value) in schema.as_object().into_iter().flatten() {
        if let Some(keys) = TOGETHER.iter().find(|keys| keys[0] == key) {
            let said = keys.iter().filter_map(|key| Some(((*key).to_owned(), schema.get(*key)?.clone())));
            others.insert(key.clone(), vec![said.collect()]);
        } else if OTHERS.contains(&key.as_str()) {
            others.insert(key.clone(), vec![value.clone()]);
        }
    }
    others
}

/// The types that a schema names, or that its other keywords leave no doubt about.
fn types(schema: &Value) -> Result<Option<BTreeSet<String>>, String> {
    let named = |name: &Value| name.as_str().map(str::to_owned).ok_or_else(|| format!("{name} is no type"));
    let one = |name: &str| BTreeSet::from([name.to_owned()]);
    let types = match schema.get("type") {
        Some(Value::Array(names)) => names.iter().map(named).collect::<Result<_, _>>()?,
        Some(name) => BTreeSet::from([named(name)?]),
        None if schema.get("properties").is_some() => one("object"),
        None if schema.get("items").is_some() => one("array"),
        None => match written_values(schema) {
            Some(values) => values.into_iter().map(|value| kind(&canonical(value)).to_owned()).collect(),
            None => return Ok(None),
        },
    };
    Ok(Some(types.into_iter().filter(|name| name != "null").collect()))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The values of an enum in any of its notations, null among them.
fn written_values(schema: &Value) -> Option<Vec<&Value>> {
    if let Some(value) = schema.get("const") {
        return Some(vec![value]);
    }
    let lists = ["enum", "x-extensible-enum"].map(|key| schema[key].as_array());
    lists.iter().any(Option::is_some).then(|| lists.into_iter().flatten().flatten().collect())
}

fn values(schema: &Value) -> Option<Values> {
    let values = written_values(schema)?;
    let open = schema.get("x-extensible-enum").is_some() || schema["x-speakeasy-unknown-values"] == "allow";
    Some(Values {
        known: values.into_iter().filter(|v| !v.is_null()).map(|v| canonical(v).to_string()).collect(),
        open,
    })
}

fn null(schema: &Value, shape: &Shape) -> Null {
    let listed = written_values(schema).map(|values| values.iter().any(|value| value.is_null()));
    let open = shape.values.as_ref().is_some_and(|values| values.open);
    let typed = match &schema["type"] {
        Value::String(name) => Some(name == "null"),
        Value::Array(names) => Some(names.iter().any(|name| name == "null")),
        _ => None,
    };
    let allowed = match (typed, listed) {
        _ if schema["nullable"] == true => true,
        // A closed enum is a list of all that may come.
        (Some(typed), Some(listed)) => typed && (listed || open),
        (Some(allowed), None) | (None, Some(allowed)) => allowed,
        (None, None) if shape.types.is_some() => false,
        (None, None) => return Null::Unsaid,
    };
    if allowed { Null::Allowed } else { Null::Refused }
}

fn fields(schema: &Value) -> BTreeMap<String, Field> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let mut fields: BTreeMap<_, _> =
        properties.map(|(name, schema)| (name.clone(), Field::new(false, schema.clone()))).collect();
    for name in list(schema, "required").iter().filter_map(Value::as_str) {
        let any = || Field::new(true, json!({}));
        fields.entry(name.to_owned()).or_insert_with(any).required = true;
    }
    fields
}
