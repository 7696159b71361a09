//! The settings of a workspace as flags. They are made from the schema of the request, which is made from the contract, so
//! that a new setting of the contract is a flag without a line here.

use std::fmt;
use std::marker::PhantomData;

use clap::builder::{PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command};
use openrouter_workspaces::body::{CreateWorkspaceRequest, UpdateWorkspaceRequest};
use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// A body of a request.
pub(crate) trait Body: JsonSchema + DeserializeOwned + 'static {
    /// The fields that are no flags, for they are arguments with a place.
    const ARGUMENTS: &'static [&'static str];
}

impl Body for CreateWorkspaceRequest {
    const ARGUMENTS: &'static [&'static str] = &["slug"];
}

impl Body for UpdateWorkspaceRequest {
    const ARGUMENTS: &'static [&'static str] = &[];
}

/// The settings that were given.
pub(crate) struct Settings<B> {
    fields: Map<String, Value>,
    body: PhantomData<fn() -> B>,
}

impl<B> fmt::Debug for Settings<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Settings").field(&self.fields).finish()
    }
}

impl<B: Body> Settings<B> {
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The settings by their names, null for one that is cleared.
    pub(crate) fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// Sets what was not given.
    pub(crate) fn or(mut self, name: &str, value: &str) -> Self {
        self.fields.entry(name).or_insert_with(|| value.into());
        self
    }

    /// The request with these settings.
    pub(crate) fn body(&self) -> Result<B, Failure> {
        serde_json::from_value(Value::Object(self.fields.clone()))
            .map_err(|error| Failure::usage(error.to_string(), "`--help` lists the settings"))
    }
}

impl<B: Body> clap::Args for Settings<B> {
    fn augment_args(command: Command) -> Command {
        let fields = fields::<B>();
        let nullable: Vec<String> = fields.iter().filter(|field| field.nullable).map(Field::flag).collect();
        let command =
            fields.iter().fold(command.next_help_heading("Settings"), |command, field| command.arg(field.arg()));
        let clear = Arg::new("clear")
            .long("clear")
            .value_name("SETTING")
            .action(ArgAction::Append)
            .value_delimiter(',')
            .hide_possible_values(true)
            .help(format!("Clears a setting; can be repeated: {}", nullable.join(", ")))
            .value_parser(PossibleValuesParser::new(nullable));
        command.arg(clear)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<B: Body> clap::FromArgMatches for Settings<B> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut settings = Self { fields: Map::new(), body: PhantomData };
        settings.update_from_arg_matches(matches)?;
        Ok(settings)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        let cleared: Vec<&String> = matches.get_many("clear").into_iter().flatten().collect();
        for field in fields::<B>() {
            if cleared.contains(&&field.flag()) {
                if matches.contains_id(&field.name) {
                    let message = format!("{} is both set and cleared: choose one", field.flag());
                    return Err(clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, message));
                }
                self.fields.insert(field.name, Value::Null);
                continue;
            }
            let Some(given) = matches.get_many::<Value>(&field.name) else { continue };
            let mut given = given.filter(|value| !field.is_list || value.as_str() != Some("")).cloned();
            let value =
                if field.is_list { Value::Array(given.collect()) } else { given.next_back().unwrap_or_default() };
            self.fields.insert(field.name, value);
        }
        Ok(())
    }
}

/// A field of the request.
struct Field {
    name: String,
    help: String,
    nullable: bool,
    is_list: bool,
    kind: Kind,
}

/// What a value, or each of a list, is.
enum Kind {
    Text,
    OneOf(Vec<String>),
    Number,
    Boolean,
}

impl Field {
    /// The name as a flag has it.
    fn flag(&self) -> String {
        self.name.replace('_', "-")
    }

    fn arg(&self) -> Arg {
        let arg = Arg::new(self.name.clone()).long(self.flag()).help(self.help.clone()).value_parser(self.parser());
        let arg = match (&self.kind, self.is_list) {
            (Kind::Boolean, _) => {
                arg.value_name("true|false").num_args(0..=1).require_equals(true).default_missing_value("true")
            }
            (Kind::OneOf(_), true) => arg.value_name("NAMES"),
            (Kind::OneOf(_), false) => arg.value_name("NAME"),
            (Kind::Number, true) => arg.value_name("NUMBERS"),
            (Kind::Number, false) => arg.value_name("NUMBER"),
            (Kind::Text, _) => arg.value_name("TEXT"),
        };
        if self.is_list { arg.value_delimiter(',').action(ArgAction::Append) } else { arg }
    }

    fn parser(&self) -> ValueParser {
        match &self.kind {
            Kind::Text => ValueParser::new(|text: &str| Ok::<_, String>(Value::from(text))),
            Kind::OneOf(known) if self.is_list => {
                // An empty list is one without names.
                let known = known
                    .iter()
                    .map(String::as_str)
                    .chain([""])
                    .map(|name| clap::builder::PossibleValue::new(name.to_owned()).hide(name.is_empty()));
                ValueParser::new(PossibleValuesParser::new(known).map(Value::from))
            }
            Kind::OneOf(known) => ValueParser::new(PossibleValuesParser::new(known).map(Value::from)),
            Kind::Number if self.is_list => {
                ValueParser::new(|text: &str| if text.is_empty() { Ok(Value::from("")) } else { number(text) })
            }
            Kind::Number => ValueParser::new(number),
            Kind::Boolean => {
                ValueParser::new(PossibleValuesParser::new(["true", "false"]).map(|text| Value::from(text == "true")))
            }
        }
    }
}

fn number(text: &str) -> Result<Value, String> {
    match serde_json::from_str(text) {
        Ok(number @ Value::Number(_)) => Ok(number),
        _ => Err("choose a number, such as 1 or 0.5".to_owned()),
    }
}

/// The fields of a request that are flags.
fn fields<B: Body>() -> Vec<Field> {
    let schema = schema_for!(B).to_value();
    let properties = schema.get("properties").and_then(Value::as_object);
    let flags = properties.into_iter().flatten().filter(|(name, _)| !B::ARGUMENTS.contains(&name.as_str()));
    flags.map(|(name, property)| field(&schema, name, property)).collect()
}

fn field(schema: &Value, name: &str, property: &Value) -> Field {
    let text = property.get("description").and_then(Value::as_str).unwrap_or_default();
    let types = Types::of(schema, property);
    let items = property.get("items").map(|items| Types::of(schema, items));
    let one = items.as_ref().unwrap_or(&types);
    let kind = match one {
        Types { known, .. } if !known.is_empty() => Kind::OneOf(known.clone()),
        Types { names, .. } if names.iter().any(|name| name == "number" || name == "integer") => Kind::Number,
        Types { names, .. } if names.iter().any(|name| name == "boolean") => Kind::Boolean,
        _ => Kind::Text,
    };
    let help = text.trim_end_matches('.').replace("null", "--clear");
    Field {
        name: name.to_owned(),
        help,
        nullable: types.names.iter().any(|name| name == "null"),
        is_list: items.is_some(),
        kind,
    }
}

/// What a schema allows, through references and alternatives.
#[derive(Default)]
struct Types {
    names: Vec<String>,
    /// The values that are known.
    known: Vec<String>,
}

impl Types {
    fn of(root: &Value, schema: &Value) -> Self {
        let mut types = Self::default();
        types.collect(root, schema);
        types
    }

    fn collect(&mut self, root: &Value, schema: &Value) {
        let strings = |value: &Value| match value {
            Value::String(text) => vec![text.clone()],
            Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        self.names.extend(schema.get("type").map(strings).into_iter().flatten());
        self.known.extend(schema.get("enum").map(strings).into_iter().flatten());
        for alternative in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
            self.collect(root, alternative);
        }
        let pointer = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        if let Some(target) = pointer.and_then(|pointer| root.pointer(pointer)) {
            self.collect(root, target);
        }
    }
}
