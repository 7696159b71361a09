//! A document as a tree in which everything has its place.

use serde_json::{Map, Number, Value};

/// A line and a column, both from 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A value at its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) at: Position,
    pub(super) content: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    Scalar(Scalar),
    List(Vec<Node>),
    /// In the order of the file. A key may be there twice.
    Map(Vec<(Key, Node)>),
    /// Something that is wrong, and was said to be.
    Wrong,
}

#[derive(Clone, Debug)]
pub(super) struct Scalar {
    pub(super) text: String,
    /// Whether it is neither quoted nor a block, so that it may be something else than text.
    pub(super) plain: bool,
    /// Whether it has the value of a variable in it.
    pub(super) has_variable: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) at: Position,
    pub(super) text: String,
}

/// What is made of a scalar that has a variable in it, quoted or not: YAML wants quotes around `${` in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variables {
    /// Text, whatever the variable holds.
    AsText,
    /// What it would be if the value of the variable stood there.
    AsWritten,
}

impl Node {
    /// The value as JSON. Of a key that is there twice the last one counts.
    pub(super) fn value(&self, variables: Variables) -> Value {
        match &self.content {
            Content::Scalar(scalar) => scalar.value(variables),
            Content::List(items) => items.iter().map(|item| item.value(variables)).collect(),
            Content::Map(fields) => {
                let fields = fields.iter().map(|(key, value)| (key.text.clone(), value.value(variables)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Content::Wrong => Value::Null,
        }
    }

    /// Whether it is null. A variable that holds the word is text.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.content, Content::Scalar(scalar) if scalar.value(Variables::AsText).is_null())
    }

    /// How many values there are in it, itself included.
    pub(super) fn size(&self) -> usize {
        1 + match &self.content {
            Content::List(items) => items.iter().map(Self::size).sum(),
            Content::Map(fields) => fields.iter().map(|(_, value)| value.size()).sum(),
            Content::Scalar(_) | Content::Wrong => 0,
        }
    }

    /// Whether something in it was said to be wrong.
    pub(super) fn is_wrong(&self) -> bool {
        match &self.content {
            Content::List(items) => items.iter().any(Self::is_wrong),
            Content::Map(fields) => fields.iter().any(|(_, value)| value.is_wrong()),
            Content::Scalar(_) => false,
            Content::Wrong => true,
        }
    }
}

impl Scalar {
    fn value(&self, variables: Variables) -> Value {
        let is_text = if self.has_variable { variables == Variables::AsText } else { !self.plain };
        if is_text {
            return self.text.as_str().into();
        }
        // The core schema of YAML 1.2, of which JSON is a part.
        match self.text.as_str() {
            // What a variable holds clears nothing: one that is empty by mistake would take a limit away.
            "" | "~" | "null" | "Null" | "NULL" if self.has_variable => self.text.as_str().into(),
            "" | "~" | "null" | "Null" | "NULL" => Value::Null,
            "true" | "True" | "TRUE" => true.into(),
            "false" | "False" | "FALSE" => false.into(),
            text => number(text).map_or_else(|| text.into(), Value::Number),
        }
    }
}

/// A number of the core schema. Those that JSON does not have, such as `.inf`, remain text, which is no number anywhere.
fn number(text: &str) -> Option<Number> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return u64::from_str_radix(digits, radix).ok().map(Number::from);
        }
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts = digits.strip_prefix('.').unwrap_or(digits).starts_with(|c: char| c.is_ascii_digit());
    if !starts || !digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte)) {
        return None;
    }
    let integer = || text.parse::<i64>().map(Number::from).ok();
    let float = || text.parse::<f64>().ok().and_then(Number::from_f64);
    integer().or_else(float)
}
