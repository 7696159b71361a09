//! A manifest as text: the simple part of YAML, in which every reader sees the same.

use std::fmt::Write;

use serde_json::{Number, Value, json};

use crate::manifest::variables::escape;
use crate::manifest::{Manifest, Members, WorkspaceEntry};
use crate::settings;

/// What is no text in some version of YAML, if it stands there without quotes.
const WORDS: [&str; 10] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan"];

/// The fields of a map, in the order in which they are written.
type Fields = Vec<(String, Field)>;

enum Field {
    Value(Value),
    Map(Fields),
}

impl Manifest {
    /// The manifest as YAML that [`load`](Self::load) reads.
    pub fn to_yaml(&self) -> String {
        let mut text = String::new();
        let defaults = values(settings::fields(&self.defaults));
        if !defaults.is_empty() {
            field(&mut text, 0, "defaults", &Field::Map(defaults));
        }
        text.push_str(if self.workspaces.is_empty() { "workspaces: []\n" } else { "workspaces:\n" });
        for entry in &self.workspaces {
            let start = text.len();
            for (name, value) in fields(entry) {
                field(&mut text, 2, &name, &value);
            }
            text.replace_range(start..start + 4, "  - ");
        }
        text
    }

    /// The manifest as JSON that [`load`](Self::load) reads. Unlike what serde makes of it, it has what would be a variable
    /// escaped.
    pub fn to_json(&self) -> Value {
        let mut value = json!(self);
        escape_all(&mut value);
        value
    }
}

/// Escapes what would be a variable, in a whole tree.
fn escape_all(value: &mut Value) {
    match value {
        Value::String(text) => *text = escape(text),
        Value::Array(items) => items.iter_mut().for_each(escape_all),
        Value::Object(fields) => fields.values_mut().for_each(escape_all),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn values(fields: impl IntoIterator<Item = (String, Value)>) -> Fields {
    fields.into_iter().map(|(name, value)| (name, Field::Value(value))).collect()
}

/// The slug and the name first, then the settings, members and budgets.
fn fields(entry: &WorkspaceEntry) -> Fields {
    let mut settings = settings::fields(&entry.settings);
    let first = [
        ("slug", Some(json!(entry.slug))),
        ("renamed_from", entry.renamed_from.as_ref().map(|slug| json!(slug))),
        ("name", settings.remove("name")),
    ];
    let mut fields = values(first.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    fields.extend(values(settings));
    let members = entry.members.as_ref().map(|members| match members {
        Members::Exactly(users) => Field::Value(json!(users)),
        Members::AtLeast { include } => Field::Map(values([("include".to_owned(), json!(include))])),
    });
    fields.extend(members.map(|members| ("members".to_owned(), members)));
    if let Some(budgets) = &entry.budgets {
        let limits = budgets.limits().map(|(interval, limit)| (interval.as_str().to_owned(), limit.map(Value::from)));
        let all = limits.into_iter().chain([("include_byok".to_owned(), budgets.include_byok.map(Value::from))]);
        let all = values(all.filter_map(|(name, value)| Some((name, value?))));
        fields.push(("budgets".to_owned(), Field::Map(all)));
    }
    fields
}

/// Writes a field, with what belongs to it in the lines below.
fn field(text: &mut String, level: usize, name: &str, field_value: &Field) {
    let indent = "  ".repeat(level);
    text.push_str(&indent);
    text.push_str(name);
    text.push(':');
    match field_value {
        Field::Map(fields) if fields.is_empty() => text.push_str(" {}\n"),
        Field::Map(fields) => {
            text.push('\n');
            for (name, value) in fields {
                field(text, level + 1, name, value);
            }
        }
        Field::Value(Value::Array(items)) if !items.is_empty() => {
            text.push('\n');
            for item in items {
                text.push_str(&indent);
                text.push_str("  - ");
                scalar(text, item);
                text.push('\n');
            }
        }
        Field::Value(value) => {
            text.push(' ');
            scalar(text, value);
            text.push('\n');
        }
    }
}

/// Writes a value in its line. What is no text is written as JSON, which is YAML.
fn scalar(text: &mut String, value: &Value) {
    match value {
        Value::String(value) => string(text, &escape(value)),
        Value::Number(number) => text.push_str(&whole(number).unwrap_or_else(|| number.to_string())),
        other => text.push_str(&other.to_string()),
    }
}

/// A whole number without a fraction.
fn whole(number: &Number) -> Option<String> {
    let number = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e15)?;
    Some(format!("{number}"))
}

/// Words without quotes where they can be nothing but text, and otherwise between double quotes, all in one line.
fn string(text: &mut String, value: &str) {
    let starts = value.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " _-./".contains(c);
    let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(value));
    if starts && value.chars().all(is_plain) && !value.ends_with(' ') && !is_word {
        return text.push_str(value);
    }
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            // What some reader takes for the end of a line, or for nothing, or what YAML does not have.
            c if c.is_control() || matches!(c, '\u{2000}'..='\u{20ff}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}
