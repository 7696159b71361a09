//! Compares two schemas, and all that they are made of.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::api::joined;
use super::compare::Findings;
use super::difference::{Class, Side};
use super::document::{Document, reference};
use super::limits::{Change, Limits};
use super::reading::shape;
use super::shape::{Additional, Field, Null, Shape, Values, is_among};
use crate::codegen::contract::schema_name;

/// How deep schemas may be nested.
const DEPTH: usize = 100;

pub struct SchemaComparer<'a> {
    side: Side,
    ours: &'a Document,
    theirs: &'a Document,
    findings: &'a mut Findings,
    /// The references on both sides that are being followed, for schemas that contain themselves.
    inside: Vec<[Option<String>; 2]>,
}

impl<'a> SchemaComparer<'a> {
    pub fn new(side: Side, ours: &'a Document, theirs: &'a Document, findings: &'a mut Findings) -> Self {
        Self { side, ours, theirs, findings, inside: Vec::new() }
    }

    /// Compares two schemas. What an object with a name in our document has inside is told apart from where it is used.
    pub fn compare(&mut self, place: &str, ours: &Value, theirs: &Value) -> Result<(), String> {
        let (our, their) = (read(self.ours, place, ours)?, read(self.theirs, place, theirs)?);
        self.compare_read(place, (ours, &our), (theirs, &their))
    }

    /// Compares two schemas of which it is known what they mean.
    fn compare_read(
        &mut self,
        place: &str,
        (ours, our): (&Value, &Shape),
        (theirs, their): (&Value, &Shape),
    ) -> Result<(), String> {
        let references = [ours, theirs].map(|schema| reference(schema).map(str::to_owned));
        let again = references.iter().all(Option::is_some) && self.inside.contains(&references);
        if self.inside.len() > DEPTH {
            return Err(format!("{place}: the schemas are nested too deeply to be compared"));
        }
        self.inside.push(references);
        if self.values_of(place, our, their)? && !again {
            let named = schema_name(ours).filter(|_| !our.fields.is_empty());
            let inside = named.map_or_else(|| place.to_owned(), |name| format!("{} {name}", self.side.as_str()));
            self.parts_of(&inside, our, their)?;
        }
        self.inside.pop();
        Ok(())
    }

    /// Compares what a value may be, and tells whether its parts are worth comparing.
    fn values_of(&mut self, place: &str, ours: &Shape, theirs: &Shape) -> Result<bool, String> {
        self.findings.reach(place);
        self.findings.describe(place, &theirs.description);
        let nullable = [ours, theirs].map(|shape| shape.null != Null::Refused);
        let class = self.narrower_if(nullable[0]);
        self.findings.flag(class, place, "nullable", nullable[0], nullable[1]);
        self.findings.flag(Class::Documentation, place, "deprecated", ours.deprecated, theirs.deprecated);
        self.default(place, ours, theirs);
        if !self.types(place, ours, theirs) {
            return Ok(false);
        }
        self.format(place, ours, theirs);
        self.values(place, ours.values.as_ref(), theirs.values.as_ref());
        for (keyword, our, their, change) in ours.limits.changes(&theirs.limits) {
            let class = match change {
                Change::Looser => self.side.wider(),
                Change::Tighter | Change::Other => self.side.narrower(),
            };
            self.findings.note(class, place, keyword, our, their);
        }
        self.others(place, ours, theirs);
        self.alternatives(place, ours, theirs)?;
        Ok(true)
    }

    /// Compares what is inside an object or an array.
    fn parts_of(&mut self, place: &str, ours: &Shape, theirs: &Shape) -> Result<(), String> {
        self.fields(place, ours, theirs)?;
        let anything = Value::Bool(true);
        if ours.items.is_some() || theirs.items.is_some() {
            let [our, their] = [ours, theirs].map(|shape| shape.items.as_ref().unwrap_or(&anything));
            self.compare(&format!("{place}[]"), our, their)?;
        }
        self.additional(place, &ours.additional, &theirs.additional)
    }

    fn narrower_if(&self, narrower: bool) -> Class {
        if narrower { self.side.narrower() } else { self.side.wider() }
    }

    fn default(&mut self, place: &str, ours: &Shape, theirs: &Shape) {
        let text = |shape: &Shape| shape.default.as_ref().map_or_else(|| "none".to_owned(), Value::to_string);
        // A default that changes means that the same call asks for something else.
        let both = ours.default.is_some() && theirs.default.is_some();
        let class = if both { Class::Breaking } else { Class::Documentation };
        self.findings.same(class, place, "default", text(ours), text(theirs));
    }

    /// Compares the types, and tells whether they have anything in common that is worth comparing further.
    fn types(&mut self, place: &str, ours: &Shape, theirs: &Shape) -> bool {
        let (Some(our), Some(their)) = (&ours.types, &theirs.types) else {
            let [our, their] = [ours, theirs].map(|shape| type_text(shape.types.as_ref()));
            let class = self.narrower_if(ours.types.is_none());
            self.findings.same(class, place, "type", our, their);
            return ours.types == theirs.types;
        };
        let within = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.iter().all(|name| is_among(name, b));
        let (wider, narrower) = (within(our, their), within(their, our));
        let class = match (wider, narrower) {
            (true, false) => self.side.wider(),
            (false, true) => self.side.narrower(),
            _ => Class::Breaking,
        };
        self.findings.same(class, place, "type", type_text(Some(our)), type_text(Some(their)));
        wider || narrower
    }

    fn format(&mut self, place: &str, ours: &Shape, theirs: &Shape) {
        let class = match (&ours.format, &theirs.format) {
            (None, _) => self.side.narrower(),
            (Some(_), None) => self.side.wider(),
            _ => Class::Breaking,
        };
        let [our, their] = [ours, theirs].map(|shape| shape.format.as_deref().unwrap_or("none"));
        self.findings.same(class, place, "format", our, their);
    }

    fn values(&mut self, place: &str, ours: Option<&Values>, theirs: Option<&Values>) {
        // This crate reads values that it does not know where its own enum is open.
        let class = if ours.is_some_and(|our| our.open) { Class::Documentation } else { self.side.wider() };
        let (our, their) = match (ours, theirs) {
            (None, None) => return,
            (Some(our), Some(their)) => (our, their),
            (Some(our), None) => return self.findings.note(class, place, "enum", our.text(), "none"),
            (None, Some(their)) => {
                let class = if their.open { Class::Additive } else { self.side.narrower() };
                return self.findings.note(class, place, "enum", "none", their.text());
            }
        };
        self.findings.same(class, place, "enum", our.openness(), their.openness());
        for value in our.known.difference(&their.known) {
            self.findings.note(self.side.narrower(), place, "enum value", plain(value), "absent");
        }
        for value in their.known.difference(&our.known) {
            let class = if our.open { Class::Additive } else { self.side.wider() };
            self.findings.note(class, place, "enum value", "absent", plain(value));
        }
    }

    fn others(&mut self, place: &str, ours: &Shape, theirs: &Shape) {
        let keywords: BTreeSet<_> = ours.others.keys().chain(theirs.others.keys()).collect();
        for keyword in keywords {
            let [our, their] = [ours, theirs].map(|shape| shape.others.get(keyword));
            let text = |value: Option<&Value>| value.map_or_else(|| "none".to_owned(), Value::to_string);
            self.findings.same(Class::Breaking, place, keyword, text(our), text(their));
        }
    }

    fn alternatives(&mut self, place: &str, ours: &Shape, theirs: &Shape) -> Result<(), String> {
        let our = meanings(self.ours, &ours.alternatives)?;
        let their = meanings(self.theirs, &theirs.alternatives)?;
        for alternative in our.difference(&their) {
            self.findings.note(self.side.narrower(), place, "alternative", alternative, "absent");
        }
        for alternative in their.difference(&our) {
            self.findings.note(self.side.wider(), place, "alternative", "absent", alternative);
        }
        Ok(())
    }

    fn fields(&mut self, place: &str, ours: &Shape, theirs: &Shape) -> Result<(), String> {
        let names: BTreeSet<_> = ours.fields.keys().chain(theirs.fields.keys()).collect();
        for name in names {
            let place = format!("{place}.{name}");
            let our = self.field(self.ours, &place, ours.fields.get(name))?;
            let their = self.field(self.theirs, &place, theirs.fields.get(name))?;
            match (our, their) {
                (Some((our, our_shape)), Some((their, their_shape))) => {
                    let class = self.narrower_if(their.required);
                    self.findings.flag(class, &place, "required", our.required, their.required);
                    self.compare_read(&place, (&our.schema, &our_shape), (&their.schema, &their_shape))?;
                }
                (Some((our, shape)), None) => {
                    let our = outline(self.ours, &shape, our.required)?;
                    self.findings.note(Class::Breaking, &place, "field", our, "absent");
                }
                (None, Some((their, shape))) => {
                    let must = self.side == Side::Request && their.required;
                    let class = if must { Class::Breaking } else { Class::Additive };
                    let their = outline(self.theirs, &shape, their.required)?;
                    self.findings.note(class, &place, "field", "absent", their);
                }
                (None, None) => {}
            }
        }
        Ok(())
    }

    /// A field that is there and travels in this direction, with what it means.
    fn field<'f>(
        &self,
        document: &Document,
        place: &str,
        field: Option<&'f Field>,
    ) -> Result<Option<(&'f Field, Shape)>, String> {
        let Some(field) = field else { return Ok(None) };
        let shape = read(document, place, &field.schema)?;
        let travels = match self.side {
            Side::Request => !shape.read_only,
            Side::Response => !shape.write_only,
        };
        Ok(travels.then_some((field, shape)))
    }

    fn additional(&mut self, place: &str, ours: &Additional, theirs: &Additional) -> Result<(), String> {
        const WHAT: &str = "additionalProperties";
        let place = &format!("{place}.*");
        self.findings.reach(place);
        let any = json!({});
        let class = match (ours, theirs) {
            (Additional::Nothing, Additional::Nothing) | (Additional::Anything, Additional::Anything) => return Ok(()),
            (Additional::Schema(our), Additional::Schema(their)) => return self.compare(place, our, their),
            (Additional::Schema(our), Additional::Anything) => return self.compare(place, our, &any),
            (Additional::Anything, Additional::Schema(their)) => return self.compare(place, &any, their),
            (Additional::Nothing, _) => self.side.wider(),
            (_, Additional::Nothing) => self.side.narrower(),
        };
        let text =
            |additional: &Additional| if matches!(additional, Additional::Nothing) { "refused" } else { "allowed" };
        self.findings.note(class, place, WHAT, text(ours), text(theirs));
        Ok(())
    }
}

impl Values {
    fn openness(&self) -> &'static str {
        if self.open { "open" } else { "closed" }
    }

    fn text(&self) -> String {
        let values: Vec<_> = self.known.iter().map(|value| plain(value)).collect();
        format!("{}: {}", self.openness(), values.join(", "))
    }
}

/// What a schema means; an error says where it stands.
fn read(document: &Document, place: &str, schema: &Value) -> Result<Shape, String> {
    shape(document, schema).map_err(|e| format!("{place}: {e}"))
}

/// What there is, in a few words, where the other document has nothing.
pub fn outline(document: &Document, shape: &Shape, required: bool) -> Result<String, String> {
    let need = if required { "required" } else { "optional" };
    Ok(format!("{}, {need}", shape.summary(document)?))
}

fn type_text(types: Option<&BTreeSet<String>>) -> String {
    match types {
        None => "any".to_owned(),
        Some(types) if types.is_empty() => "null".to_owned(),
        Some(types) => joined(types, " or "),
    }
}

/// A value of an enum as people write it.
fn plain(json: &str) -> String {
    serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())
}

/// What each of some alternatives means, written in one way.
fn meanings(document: &Document, alternatives: &[Value]) -> Result<BTreeSet<String>, String> {
    alternatives.iter().map(|schema| Ok(meaning(document, schema, &mut Vec::new())?.to_string())).collect()
}

fn meaning(document: &Document, schema: &Value, inside: &mut Vec<String>) -> Result<Value, String> {
    let depth = inside.len();
    if let Some(reference) = reference(schema) {
        if let Some(level) = inside.iter().position(|outer| outer == reference) {
            return Ok(json!({ "again": depth - level }));
        }
        inside.push(reference.to_owned());
    }
    let shape = shape(document, schema)?;
    let mut fields = Map::new();
    for (name, field) in &shape.fields {
        let name = format!("{name}{}", if field.required { "" } else { "?" });
        fields.insert(name, meaning(document, &field.schema, inside)?);
    }
    let items = shape.items.as_ref().map(|items| meaning(document, items, inside)).transpose()?;
    let additional = match &shape.additional {
        Additional::Anything => None,
        Additional::Nothing => Some(json!("refused")),
        Additional::Schema(inner) => Some(meaning(document, inner, inside)?),
    };
    let alternatives = shape.alternatives.iter();
    let alternatives = alternatives.map(|schema| Ok(meaning(document, schema, inside)?.to_string()));
    let alternatives: BTreeSet<String> = alternatives.collect::<Result<_, String>>()?;
    inside.truncate(depth);
    let limits = shape.limits.changes(&Limits::default()).into_iter();
    let limits: Map<_, _> = limits.map(|(keyword, value, ..)| (keyword.to_owned(), json!(value))).collect();
    let parts = [
        ("type", json!(type_text(shape.types.as_ref()))),
        ("nullable", json!((shape.null != Null::Refused).then_some(true))),
        ("format", json!(shape.format)),
        ("enum", json!(shape.values.as_ref().map(Values::text))),
        ("limits", limits.into()),
        ("fields", fields.into()),
        ("items", json!(items)),
        ("additional", json!(additional)),
        ("alternatives", json!(alternatives)),
        ("others", json!(shape.others)),
    ];
    let says = |value: &Value| !(value.is_null() || *value == json!([]) || *value == json!({}));
    Ok(parts.into_iter().filter(|(_, value)| says(value)).map(|(key, value)| (key.to_owned(), value)).collect())
}
