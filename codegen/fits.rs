//! Whether a value keeps to a schema: for examples and defaults, which nothing else would hold against theirs.

use std::fmt;

use serde_json::{Map, Value};

use super::contract::Contract;
use super::lint_schemas::properties;
use super::nearest::hint;
use super::schema_types::{pattern_of, range_of};

/// Why a value does not keep to its schema, and which part of it.
#[derive(Debug)]
pub struct Misfit {
    at: Vec<String>,
    why: String,
}

impl Misfit {
    fn new(why: impl Into<String>) -> Self {
        Self { at: Vec::new(), why: why.into() }
    }

    /// The same, seen from outside.
    fn inside(mut self, key: impl fmt::Display) -> Self {
        self.at.insert(0, key.to_string());
        self
    }

    /// The keys and indices that lead to the part.
    pub fn keys(&self) -> Vec<&str> {
        self.at.iter().map(String::as_str).collect()
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() { f.write_str(&self.why) } else { write!(f, "{}: {}", self.at.join("."), self.why) }
    }
}

/// Holds a value against a schema. Fields that the schema does not name are misspelt ones, unless it says that there may
/// be others.
pub fn check(contract: &Contract, schema: &Value, value: &Value) -> Result<(), Misfit> {
    let schema = contract.resolve(schema);
    if value.is_null() && schema["nullable"] == true {
        return Ok(());
    }
    // First, for a misspelt field is one that is missing, too.
    unknown_fields(contract, schema, value)?;
    for part in list(schema, "allOf") {
        // What the parts have in common is looked at once, for the whole.
        check_parts(contract, part, value)?;
    }
    for key in ["anyOf", "oneOf"] {
        let mut misfits = list(schema, key).iter().map(|part| check(contract, part, value));
        if let Some(Err(first)) = misfits.next()
            && misfits.all(|other| other.is_err())
        {
            return Err(Misfit::new(format!("fits none of {key}; the first because {first}")));
        }
    }
    if schema.get("not").is_some_and(|not| check(contract, not, value).is_ok()) {
        return Err(Misfit::new("is what `not` excludes"));
    }
    plain(contract, schema, value)
}

fn check_parts(contract: &Contract, schema: &Value, value: &Value) -> Result<(), Misfit> {
    let schema = contract.resolve(schema);
    list(schema, "allOf").iter().try_for_each(|part| check_parts(contract, part, value))?;
    plain(contract, schema, value)
}

fn list<'a>(schema: &'a Value, key: &str) -> &'a [Value] {
    schema[key].as_array().map_or(&[], Vec::as_slice)
}

/// What the schema says itself.
fn plain(contract: &Contract, schema: &Value, value: &Value) -> Result<(), Misfit> {
    if value.is_null() && schema["nullable"] == true {
        return Ok(());
    }
    if let Some(name) = schema["type"].as_str() {
        let is = match name {
            "array" => value.is_array(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "object" => value.is_object(),
            _ => value.is_string(),
        };
        if !is {
            return Err(Misfit::new(format!("{value} is no {name}")));
        }
    }
    match value {
        Value::String(text) => text_fits(schema, text),
        Value::Number(_) => number_fits(schema, value),
        Value::Array(items) => {
            count_fits(schema, ["minItems", "maxItems"], items.len(), "items")?;
            if schema["uniqueItems"] == true && (1..items.len()).any(|index| items[..index].contains(&items[index])) {
                return Err(Misfit::new("has an item twice"));
            }
            let Some(schema) = schema.get("items") else { return Ok(()) };
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| check(contract, schema, item).map_err(|misfit| misfit.inside(index)))
        }
        Value::Object(map) => fields_fit(contract, schema, map),
        _ => Ok(()),
    }
}

fn text_fits(schema: &Value, text: &str) -> Result<(), Misfit> {
    count_fits(schema, ["minLength", "maxLength"], text.chars().count(), "characters")?;
    if let Some(format) = schema["format"].as_str()
        && pattern_of(format).is_some_and(|pattern| !matches(&pattern, text))
    {
        return Err(Misfit::new(format!("{text:?} is no {format}")));
    }
    match schema["pattern"].as_str() {
        Some(pattern) if !matches(pattern, text) => Err(Misfit::new(format!("{text:?} does not match {pattern}"))),
        _ => Ok(()),
    }
}

/// A pattern that cannot be compiled is refused where it stands.
fn matches(pattern: &str, text: &str) -> bool {
    regex_lite::Regex::new(pattern).map_or(true, |regex| regex.is_match(text))
}

fn number_fits(schema: &Value, value: &Value) -> Result<(), Misfit> {
    let whole = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    if let (Some(format), Some(whole)) = (schema["format"].as_str(), whole)
        && range_of(format).is_some_and(|(least, most)| whole < least || whole > most)
    {
        return Err(Misfit::new(format!("{value} is no {format}")));
    }
    let Some(number) = value.as_f64() else { return Ok(()) };
    if let Some(least) = schema["minimum"].as_f64() {
        let exclusive = schema["exclusiveMinimum"] == true;
        if number < least || (exclusive && number == least) {
            let than = if exclusive { "not more than" } else { "less than" };
            return Err(Misfit::new(format!("{value} is {than} {least}")));
        }
    }
    if let Some(most) = schema["maximum"].as_f64() {
        let exclusive = schema["exclusiveMaximum"] == true;
        if number > most || (exclusive && number == most) {
            let than = if exclusive { "not less than" } else { "more than" };
            return Err(Misfit::new(format!("{value} is {than} {most}")));
        }
    }
    match schema["multipleOf"].as_f64() {
        Some(step) if (number / step).fract() != 0.0 => Err(Misfit::new(format!("{value} is no multiple of {step}"))),
        _ => Ok(()),
    }
}

fn count_fits(schema: &Value, [least, most]: [&str; 2], count: usize, of: &str) -> Result<(), Misfit> {
    let count = count as u64;
    match (schema[least].as_u64(), schema[most].as_u64()) {
        (Some(least), _) if count < least => Err(Misfit::new(format!("has {count} {of}, fewer than {least}"))),
        (_, Some(most)) if count > most => Err(Misfit::new(format!("has {count} {of}, more than {most}"))),
        _ => Ok(()),
    }
}

fn fields_fit(contract: &Contract, schema: &Value, map: &Map<String, Value>) -> Result<(), Misfit> {
    if let Some(name) = list(schema, "required").iter().filter_map(Value::as_str).find(|name| !map.contains_key(*name))
    {
        return Err(Misfit::new(format!("lacks `{name}`, which is required")));
    }
    count_fits(schema, ["minProperties", "maxProperties"], map.len(), "fields")?;
    for (name, inner) in map {
        let known = schema["properties"].get(name);
        let schema = known.or_else(|| schema.get("additionalProperties").filter(|others| others.is_object()));
        if let Some(schema) = schema {
            check(contract, schema, inner).map_err(|misfit| misfit.inside(name))?;
        }
    }
    Ok(())
}

fn unknown_fields(contract: &Contract, schema: &Value, value: &Value) -> Result<(), Misfit> {
    let known = properties(contract, schema);
    let others = schema.get("additionalProperties").is_some_and(|others| *others != Value::Bool(false));
    let unknown = value.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    match unknown.filter(|name| !known.contains(name)).find(|_| !others && !known.is_empty()) {
        Some(name) => {
            let hint = hint(name, known.iter().copied());
            Err(Misfit::new(format!("`{name}` is no field of it{hint}")).inside(name))
        }
        None => Ok(()),
    }
}
