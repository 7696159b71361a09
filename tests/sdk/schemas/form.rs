//! What a schema says, however it is written.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::common::by_value;
use crate::schemas::contract::resolved;

/// A schema in a form that OpenAPI 3.0 and JSON Schema 2020-12 both have. References are replaced by what they lead to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// With single spaces only.
    pub description: String,
    pub kind: String,
    pub format: String,
    pub nullable: bool,
    /// The values of an open enum. Any other string is as good.
    pub known: Vec<Value>,
    /// In the words of JSON Schema 2020-12.
    pub limits: BTreeMap<String, Value>,
    pub items: Option<Box<Form>>,
    pub properties: BTreeMap<String, Form>,
    pub required: Vec<String>,
    pub closed: bool,
}

const LIMITS: [&str; 9] = [
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
];

impl Form {
    /// The form of a schema of the contract. A keyword that is unknown here is an error: it might make a difference.
    pub fn of_contract(schema: &'static Value) -> Result<Self, String> {
        let schema = resolved(schema).as_object().ok_or("not an object")?;
        let mut form = Self::default();
        for (keyword, value) in schema {
            match keyword.as_str() {
                "nullable" => form.nullable = value == true,
                "x-extensible-enum" => form.known = list(value)?.clone(),
                "items" => form.items = Some(Box::new(Self::of_contract(value)?)),
                "properties" => {
                    for (name, property) in value.as_object().ok_or("no properties")? {
                        form.properties.insert(name.clone(), Self::of_contract(property)?);
                    }
                }
                // In OpenAPI 3.0 these are flags of the limit beside them.
                "minimum" if schema.get("exclusiveMinimum") == Some(&json!(true)) => {
                    form.limits.insert("exclusiveMinimum".to_owned(), by_value(value));
                }
                "maximum" if schema.get("exclusiveMaximum") == Some(&json!(true)) => {
                    form.limits.insert("exclusiveMaximum".to_owned(), by_value(value));
                }
                "exclusiveMinimum" | "exclusiveMaximum" => {}
                _ => form.take(keyword, value)?,
            }
        }
        form.finished()
    }

    /// The form of a schema that schemars made.
    pub fn of_derived(root: &Value) -> Result<Self, String> {
        let mut schema = root.as_object().ok_or("not an object")?.clone();
        schema.remove("$schema");
        schema.remove("$defs");
        // It is the name of the type.
        schema.remove("title");
        Self::of_part(root, &schema)
    }

    fn of_part(root: &Value, schema: &Map<String, Value>) -> Result<Self, String> {
        let part = |value: &Value| Self::of_part(root, value.as_object().ok_or("not an object")?);
        let mut form = match (schema.get("$ref"), schema.get("anyOf")) {
            (Some(reference), None) => {
                let pointer = reference.as_str().and_then(|to| to.strip_prefix('#')).ok_or("a strange reference")?;
                part(root.pointer(pointer).ok_or("a reference to nothing")?)?
            }
            (None, Some(choices)) => choice(list(choices)?, part)?,
            (None, None) => Self::default(),
            _ => return Err("both $ref and anyOf".to_owned()),
        };
        for (keyword, value) in schema {
            match keyword.as_str() {
                "$ref" | "anyOf" => {}
                "type" if value.is_array() => {
                    let [kind, null] = list(value)?.as_slice() else { return Err(format!("type {value}")) };
                    if null != "null" {
                        return Err(format!("type {value}"));
                    }
                    form.nullable = true;
                    form.take("type", kind)?;
                }
                "items" => form.items = Some(Box::new(part(value)?)),
                "properties" => {
                    for (name, property) in value.as_object().ok_or("no properties")? {
                        form.properties.insert(name.clone(), part(property)?);
                    }
                }
                _ => form.take(keyword, value)?,
            }
        }
        form.finished()
    }

    /// Takes in what both write in the same way.
    fn take(&mut self, keyword: &str, value: &Value) -> Result<(), String> {
        let text = || value.as_str().map(str::to_owned).ok_or(format!("{keyword} is no text"));
        match keyword {
            "type" => self.kind = text()?,
            "format" => self.format = text()?,
            "description" => self.description = text()?.split_whitespace().collect::<Vec<_>>().join(" "),
            "required" => {
                let names = list(value)?.iter().map(|name| name.as_str().map(str::to_owned));
                self.required = names.collect::<Option<_>>().ok_or("required is no list of names")?;
            }
            "additionalProperties" => self.closed = *value != json!(true),
            limit if LIMITS.contains(&limit) => {
                self.limits.insert(limit.to_owned(), by_value(value));
            }
            // What the server does, how it is read, and what is said of it are no part of what is valid.
            "x-server-default" | "x-absent" | "x-always-present" | "x-null-means" | "x-pattern-words" => {}
            other => return Err(format!("unknown keyword {other}")),
        }
        Ok(())
    }

    fn finished(mut self) -> Result<Self, String> {
        self.required.sort_unstable();
        match self.required.iter().find(|name| !self.properties.contains_key(*name)) {
            Some(name) => Err(format!("{name} is required, and no property")),
            None if self.kind.is_empty() => Err("no type".to_owned()),
            None => Ok(self),
        }
    }
}

/// The form of `anyOf`: of something or null, or of known strings or any other.
fn choice(choices: &[Value], part: impl Fn(&Value) -> Result<Form, String>) -> Result<Form, String> {
    let [first, second] = choices else { return Err(format!("anyOf {choices:?}")) };
    if *second == json!({"type": "null"}) {
        return Ok(Form { nullable: true, ..part(first)? });
    }
    let mut known = first.as_object().cloned().ok_or("not an object")?;
    let values = known.remove("enum").ok_or("anyOf without an enum")?;
    let any = Form { description: String::new(), ..part(second)? };
    if known != *json!({"type": "string"}).as_object().expect("an object") || any != string() {
        return Err(format!("anyOf {choices:?}"));
    }
    Ok(Form { known: list(&values)?.clone(), ..any })
}

/// The form of any string.
fn string() -> Form {
    Form { kind: "string".to_owned(), ..Form::default() }
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| format!("no list: {value}"))
}
