//! Compares two schemas, and all that they are made of.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::difference::{Class, Side};
use super::document::{Document, reference};
use super::findings::Findings;
use super::limits::Change;
use super::meaning::{all_meanings, meanings};
use super::reading::shape;
use super::shape::{Additional, Field, Null, Shape, Values, is_among, type_text};
use super::summary::summary;
use super::text::joined;
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
    named: Vec<Named>,
}

/// Objects with a name in our document. What they have inside is told apart from where they are used, and once for all.
pub struct Named {
    pub place: String,
    pub ours: Value,
    pub theirs: Value,
}

impl<'a> SchemaComparer<'a> {
    pub fn new(side: Side, ours: &'a Document, theirs: &'a Document, findings: &'a mut Findings) -> Self {
        Self { side, ours, theirs, findings, inside: Vec::new(), named: Vec::new() }
    }

    /// Compares two schemas, or only what they have inside. Returns what is to be compared besides.
    pub fn compare(mut self, place: &str, ours: &Value, theirs: &Value, inside: bool) -> Vec<Named> {
        if inside {
            let (our, their) = (shape(self.ours, ours), shape(self.theirs, theirs));
            self.parts_of(place, &our, &their);
        } else {
            self.both(place, ours, theirs);
        }
        self.named
    }

    fn both(&mut self, place: &str, ours: &Value, theirs: &Value) {
        let (our, their) = (shape(self.ours, ours), shape(self.theirs, theirs));
        self.compare_read(place, (ours, &our), (theirs, &their));
    }

    /// Compares two schemas of which it is known what they mean.
    fn compare_read(&mut self, place: &str, (ours, our): (&Value, &Shape), (theirs, their): (&Value, &Shape)) {
        let references = [ours, theirs].map(|schema| reference(schema).map(str::to_owned));
        let again = references.iter().all(Option::is_some) && self.inside.contains(&references);
        if self.inside.len() > DEPTH {
            return self.findings.note(Class::Breaking, place, "schema", "nested too deeply", "nested too deeply");
        }
        self.inside.push(references);
        if self.values_of(place, our, their) && !again {
            match schema_name(ours).filter(|_| !our.fields.is_empty()) {
                Some(name) => {
                    let place = format!("{} {name}", self.side.as_str());
                    self.named.push(Named { place, ours: ours.clone(), theirs: theirs.clone() });
                }
                None => self.parts_of(place, our, their),
            }
        }
        self.inside.pop();
    }

    /// Compares what a value may be, and tells whether its parts are worth comparing.
    fn values_of(&mut self, place: &str, ours: &Shape, theirs: &Shape) -> bool {
        self.findings.reach(place);
        self.findings.describe(place, theirs);
        if !self.readable(place, ours, theirs) {
            return false;
        }
        let nullable = [ours, theirs].map(|shape| shape.null != Null::Refused);
        let class = self.narrower_if(nullable[0]);
        self.findings.flag(class, place, "nullable", nullable[0], nullable[1]);
        self.findings.flag(Class::Documentation, place, "deprecated", ours.deprecated, theirs.deprecated);
        self.default(place, ours, theirs);
        if !self.types(place, ours, theirs) {
            return false;
        }
        self.format(place, ours, theirs);
        // What allows less is read as before; what allows nothing cannot be what is meant.
        let hopeless = theirs.is_impossible() && !ours.is_impossible();
        let narrower = if hopeless { Class::Breaking } else { self.side.narrower() };
        self.values(place, narrower, ours.values.as_ref(), theirs.values.as_ref());
        for (keyword, our, their, change) in ours.limits.changes(&theirs.limits) {
            let class = match change {
                Change::Looser => self.side.wider(),
                Change::Tighter | Change::Other => narrower,
            };
            self.findings.note(class, place, keyword, our, their);
        }
        self.others(place, ours, theirs);
        self.alternatives(place, ours, theirs);
        true
    }

    /// Notes where one side cannot be read, or allows nothing, and tells whether there is more to compare.
    fn readable(&mut self, place: &str, ours: &Shape, theirs: &Shape) -> bool {
        if ours.unreadable != theirs.unreadable {
            let [our, their] =
                [(self.ours, ours), (self.theirs, theirs)].map(|(document, shape)| summary(document, shape));
            self.findings.note(Class::Breaking, place, "schema", our, their);
            return false;
        }
        if ours.has_no_type() != theirs.has_no_type() {
            let [our, their] = [(self.ours, ours), (self.theirs, theirs)].map(|(document, shape)| {
                if shape.has_no_type() { "nothing fits".to_owned() } else { summary(document, shape) }
            });
            self.findings.note(Class::Breaking, place, "type", our, their);
            return false;
        }
        true
    }

    /// Compares what is inside an object or an array.
    fn parts_of(&mut self, place: &str, ours: &Shape, theirs: &Shape) {
        self.fields(place, ours, theirs);
        let anything = Value::Bool(true);
        if ours.items.is_some() || theirs.items.is_some() {
            let [our, their] = [ours, theirs].map(|shape| shape.items.as_ref().unwrap_or(&anything));
            self.both(&format!("{place}[]"), our, their);
        }
        self.additional(place, &ours.additional, &theirs.additional);
    }

    fn narrower_if(&self, narrower: bool) -> Class {
        if narrower { self.side.narrower() } else { self.side.wider() }
    }

    fn default(&mut self, place: &str, ours: &Shape, theirs: &Shape) {
        if ours.default == theirs.default {
            return;
        }
        let text = |shape: &Shape| shape.default.as_ref().map_or_else(|| "none".to_owned(), Value::to_string);
        // A default that changes means that the same call asks for something else.
        let both = ours.default.is_some() && theirs.default.is_some();
        let class = if both { Class::Breaking } else { Class::Documentation };
        self.findings.note(class, place, "default", text(ours), text(theirs));
    }

    /// Compares the types, and tells whether they have anything in common that is worth comparing further.
    fn types(&mut self, place: &str, ours: &Shape, theirs: &Shape) -> bool {
        if ours.types == theirs.types {
            return true;
        }
        let (Some(our), Some(their)) = (&ours.types, &theirs.types) else {
            let [our, their] = [ours, theirs].map(|shape| type_text(shape.types.as_ref()));
            let class = self.narrower_if(ours.types.is_none());
            self.findings.note(class, place, "type", our, their);
            return false;
        };
        let within = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.iter().all(|name| is_among(name, b));
        let (wider, narrower) = (within(our, their), within(their, our));
        let class = match (wider, narrower) {
            (true, false) => self.side.wider(),
            (false, true) => self.side.narrower(),
            _ => Class::Breaking,
        };
        self.findings.note(class, place, "type", type_text(Some(our)), type_text(Some(their)));
        wider || narrower
    }

    fn format(&mut self, place: &str, ours: &Shape, theirs: &Shape) {
        if ours.formats == theirs.formats {
            return;
        }
        let class = match (ours.formats.is_subset(&theirs.formats), theirs.formats.is_subset(&ours.formats)) {
            (true, _) => self.side.narrower(),
            (false, true) => self.side.wider(),
            (false, false) => Class::Breaking,
        };
        let [our, their] = [ours, theirs].map(|shape| match shape.formats.len() {
            0 => "none".to_owned(),
            _ => joined(&shape.formats, " and "),
        });
        self.findings.note(class, place, "format", our, their);
    }

    fn values(&mut self, place: &str, narrower: Class, ours: Option<&Values>, theirs: Option<&Values>) {
        // This crate reads values that it does not know where its own enum is open.
        let class = if ours.is_some_and(|our| our.open) { Class::Documentation } else { self.side.wider() };
        let (our, their) = match (ours, theirs) {
            (None, None) => return,
            (Some(our), Some(their)) => (our, their),
            (Some(our), None) => return self.findings.note(class, place, "enum", our.text(), "none"),
            (None, Some(their)) => {
                let class = if their.open { Class::Additive } else { narrower };
                return self.findings.note(class, place, "enum", "none", their.text());
            }
        };
        self.findings.same(class, place, "enum", our.openness(), their.openness());
        for value in our.known.difference(&their.known) {
            self.findings.note(narrower, place, "enum value", plain(value), "absent");
        }
        for value in their.known.difference(&our.known) {
            let class = if our.open { Class::Additive } else { self.side.wider() };
            self.findings.note(class, place, "enum value", "absent", plain(value));
        }
    }

    fn others(&mut self, place: &str, ours: &Shape, theirs: &Shape) {
        let keywords: BTreeSet<_> = ours.others.keys().chain(theirs.others.keys()).collect();
        for keyword in keywords {
            let [our, their] = [ours, theirs].map(|shape| shape.others.get(keyword).map_or(&[][..], Vec::as_slice));
            self.findings.reach(place);
            if all_meanings(self.ours, our) != all_meanings(self.theirs, their) {
                let [our, their] = [our, their].map(|values| match values {
                    [] => "none".to_owned(),
                    values => joined(&values.iter().map(Value::to_string).collect::<BTreeSet<_>>(), " and "),
                });
                self.findings.note(Class::Breaking, place, keyword, our, their);
            }
        }
    }

    fn alternatives(&mut self, place: &str, ours: &Shape, theirs: &Shape) {
        let our = meanings(self.ours, &ours.alternatives);
        let their = meanings(self.theirs, &theirs.alternatives);
        for alternative in our.difference(&their) {
            self.findings.note(self.side.narrower(), place, "alternative", alternative, "absent");
        }
        for alternative in their.difference(&our) {
            self.findings.note(self.side.wider(), place, "alternative", "absent", alternative);
        }
    }

    fn fields(&mut self, place: &str, ours: &Shape, theirs: &Shape) {
        let names: BTreeSet<_> = ours.fields.keys().chain(theirs.fields.keys()).collect();
        for name in names {
            let place = format!("{place}.{name}");
            let our = self.field(self.ours, ours.fields.get(name));
            let their = self.field(self.theirs, theirs.fields.get(name));
            match (our, their) {
                (Some((our, our_shape)), Some((their, their_shape))) => {
                    let class = self.narrower_if(their.required);
                    self.findings.flag(class, &place, "required", our.required, their.required);
                    self.compare_read(&place, (&our.schema, our_shape), (&their.schema, their_shape));
                }
                (Some((our, shape)), None) => {
                    let our = outline(self.ours, shape, our.required);
                    self.findings.note(Class::Breaking, &place, "field", our, "absent");
                }
                (None, Some((their, shape))) => {
                    let must = self.side == Side::Request && their.required;
                    let class = if must { Class::Breaking } else { Class::Additive };
                    let their = outline(self.theirs, shape, their.required);
                    self.findings.note(class, &place, "field", "absent", their);
                }
                (None, None) => {}
            }
        }
    }

    /// A field that is there and travels in this direction, with what it means.
    fn field<'f>(&self, document: &Document, field: Option<&'f Field>) -> Option<(&'f Field, &'f Shape)> {
        let field = field?;
        let shape = field.shape(document);
        let travels = match self.side {
            Side::Request => !shape.read_only,
            Side::Response => !shape.write_only,
        };
        travels.then_some((field, shape))
    }

    fn additional(&mut self, place: &str, ours: &Additional, theirs: &Additional) {
        const WHAT: &str = "additionalProperties";
        let place = &format!("{place}.*");
        self.findings.reach(place);
        let any = json!({});
        let class = match (ours, theirs) {
            (Additional::Nothing, Additional::Nothing) | (Additional::Anything, Additional::Anything) => return,
            (Additional::Schema(our), Additional::Schema(their)) => return self.both(place, our, their),
            (Additional::Schema(our), Additional::Anything) => return self.both(place, our, &any),
            (Additional::Anything, Additional::Schema(their)) => return self.both(place, &any, their),
            (Additional::Nothing, _) => self.side.wider(),
            (_, Additional::Nothing) => self.side.narrower(),
        };
        let text =
            |additional: &Additional| if matches!(additional, Additional::Nothing) { "refused" } else { "allowed" };
        self.findings.note(class, place, WHAT, text(ours), text(theirs));
    }
}

impl Values {
    fn openness(&self) -> &'static str {
        if self.open { "open" } else { "closed" }
    }

    pub fn text(&self) -> String {
        let values: Vec<_> = self.known.iter().map(|value| plain(value)).collect();
        format!("{}: {}", self.openness(), values.join(", "))
    }
}

/// What there is, in a few words, where the other document has nothing.
pub fn outline(document: &Document, shape: &Shape, required: bool) -> String {
    let need = if required { "required" } else { "optional" };
    format!("{}, {need}", summary(document, shape))
}

/// A value of an enum as people write it.
fn plain(json: &str) -> String {
    serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())
}
