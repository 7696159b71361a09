//! Compares the operations of two documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::api::{Api, Body, Content, Operation, Parameter, ParameterKey, joined};
use super::difference::{Class, Difference, Key, Side};
use super::document::Document;
use super::reading::shape;
use super::schemas::{SchemaComparer, outline};

/// What a comparison came to.
pub struct Comparison {
    pub differences: Vec<Difference>,
    /// Every place that both documents have, so that something can be said of it.
    pub reached: BTreeSet<String>,
    /// What their document says of its schemas, by place.
    pub descriptions: BTreeMap<String, String>,
    /// How many operations were compared.
    pub operations: usize,
}

/// Compares our operations with theirs.
pub fn compare(ours: &Api<'_>, theirs: &Api<'_>) -> Result<Comparison, String> {
    let mut comparer = Comparer {
        ours: ours.document,
        theirs: theirs.document,
        findings: Findings::default(),
        schemas: BTreeMap::new(),
    };
    for (endpoint, our) in &ours.operations {
        match theirs.operations.get(endpoint) {
            Some(their) => comparer.operation(our, their)?,
            None => {
                comparer.findings.enter(&our.name);
                comparer.findings.note(Class::Breaking, &our.endpoint, "operation", "described", "absent");
            }
        }
    }
    for (endpoint, their) in &theirs.operations {
        if !ours.operations.contains_key(endpoint) {
            comparer.findings.enter(&their.name);
            comparer.findings.note(Class::Additive, &their.endpoint, "operation", "absent", "described");
        }
    }
    let findings = comparer.finish()?;
    let differences = findings.found.into_iter();
    let differences = differences.map(|(key, (class, uses))| Difference { key, class, uses });
    Ok(Comparison {
        differences: differences.collect(),
        reached: findings.reached,
        descriptions: findings.descriptions,
        operations: ours.operations.keys().filter(|endpoint| theirs.operations.contains_key(*endpoint)).count(),
    })
}

/// What has been found so far, the same thing in several operations once.
#[derive(Default)]
pub struct Findings {
    /// The operations that are being compared, with the status in case of an error.
    within: BTreeSet<String>,
    found: BTreeMap<Key, (Class, BTreeSet<String>)>,
    reached: BTreeSet<String>,
    descriptions: BTreeMap<String, String>,
}

impl Findings {
    /// What is noted from here on belongs to this operation.
    fn enter(&mut self, operation: &str) {
        self.within = BTreeSet::from([operation.to_owned()]);
    }

    /// Notes what their document says of a schema.
    pub fn describe(&mut self, place: &str, description: &str) {
        let descriptions = self.descriptions.entry(place.to_owned()).or_default();
        if !descriptions.contains(description) {
            *descriptions = format!("{descriptions} {description}");
        }
    }

    /// Notes that both documents have a place, and are compared there.
    pub fn reach(&mut self, place: &str) {
        if !self.reached.contains(place) {
            self.reached.insert(place.to_owned());
        }
    }

    /// Notes a difference.
    pub fn note(&mut self, class: Class, place: &str, what: &str, ours: impl AsRef<str>, theirs: impl AsRef<str>) {
        let [place, what, ours, theirs] = [place, what, ours.as_ref(), theirs.as_ref()].map(str::to_owned);
        let key = Key { place, what, ours, theirs };
        let (noted, uses) = self.found.entry(key).or_insert_with(|| (class, BTreeSet::new()));
        // The same texts can mean more in one operation than in another.
        *noted = class.min(*noted);
        uses.extend(self.within.iter().cloned());
    }

    /// Notes a flag that is set on one side only.
    pub fn flag(&mut self, class: Class, place: &str, what: &str, ours: bool, theirs: bool) {
        let [ours, theirs] = [ours, theirs].map(|flag| if flag { "yes" } else { "no" });
        self.same(class, place, what, ours, theirs);
    }

    /// Notes a difference where there is one.
    pub fn same(&mut self, class: Class, place: &str, what: &str, ours: impl AsRef<str>, theirs: impl AsRef<str>) {
        self.reach(place);
        if ours.as_ref() != theirs.as_ref() {
            self.note(class, place, what, ours, theirs);
        }
    }
}

/// Two schemas, as they are written, that stand at the same place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    side: Side,
    place: String,
    ours: String,
    theirs: String,
}

struct Comparer<'a> {
    ours: &'a Document,
    theirs: &'a Document,
    findings: Findings,
    /// Schemas to compare, with the operations that use them: the same two are compared once.
    schemas: BTreeMap<Pair, (&'a Value, &'a Value, BTreeSet<String>)>,
}

impl<'a> Comparer<'a> {
    /// Compares the schemas, and tells everything that was found.
    fn finish(mut self) -> Result<Findings, String> {
        for (Pair { side, place, .. }, (ours, theirs, uses)) in self.schemas {
            self.findings.within = uses;
            SchemaComparer::new(side, self.ours, self.theirs, &mut self.findings).compare(&place, ours, theirs)?;
        }
        Ok(self.findings)
    }

    fn schema(&mut self, side: Side, place: &str, ours: &'a Value, theirs: &'a Value) {
        let pair = Pair { side, place: place.to_owned(), ours: ours.to_string(), theirs: theirs.to_string() };
        let (.., uses) = self.schemas.entry(pair).or_insert_with(|| (ours, theirs, BTreeSet::new()));
        uses.extend(self.findings.within.iter().cloned());
    }

    fn operation(&mut self, our: &'a Operation, their: &'a Operation) -> Result<(), String> {
        self.findings.enter(&our.name);
        self.findings.flag(Class::Documentation, &our.endpoint, "deprecated", our.deprecated, their.deprecated);
        self.choices("security", &our.security, &their.security);
        self.choices("servers", &our.servers, &their.servers);
        let [ours, theirs] = [our, their].map(|op| op.pagination.as_deref().unwrap_or("none"));
        let class = if our.pagination.is_some() { Class::Breaking } else { Class::Additive };
        self.findings.same(class, &our.endpoint, "pagination", ours, theirs);
        self.parameters(our, their)?;
        self.body(our.body.as_ref(), their.body.as_ref());
        self.responses(our, their);
        Ok(())
    }

    /// Compares what the client takes one of.
    fn choices(&mut self, what: &str, ours: &BTreeSet<String>, theirs: &BTreeSet<String>) {
        let class = if ours.is_subset(theirs) { Class::Additive } else { Class::Breaking };
        self.findings.same(class, what, "choice", joined(ours, " or "), joined(theirs, " or "));
    }

    fn parameters(&mut self, our: &'a Operation, their: &'a Operation) -> Result<(), String> {
        for (key, ours) in &our.parameters {
            let place = format!("{} {}", key.place, ours.name);
            match their.parameters.get(key) {
                Some(theirs) => self.parameter(&place, ours, theirs),
                None => {
                    let ours = parameter_outline(self.ours, ours)?;
                    self.findings.note(Class::Breaking, &place, "parameter", ours, "absent");
                }
            }
        }
        for (ParameterKey { place, .. }, theirs) in
            their.parameters.iter().filter(|(key, _)| !our.parameters.contains_key(key))
        {
            let class = if theirs.required { Class::Breaking } else { Class::Additive };
            let place = format!("{place} {}", theirs.name);
            let theirs = parameter_outline(self.theirs, theirs)?;
            self.findings.note(class, &place, "parameter", "absent", theirs);
        }
        Ok(())
    }

    fn parameter(&mut self, place: &str, ours: &'a Parameter, theirs: &'a Parameter) {
        let class = if theirs.required { Class::Breaking } else { Class::Additive };
        self.findings.flag(class, place, "required", ours.required, theirs.required);
        self.findings.same(Class::Breaking, place, "style", &ours.style, &theirs.style);
        self.findings.flag(Class::Documentation, place, "deprecated", ours.deprecated, theirs.deprecated);
        self.schema(Side::Request, place, &ours.schema, &theirs.schema);
    }

    fn body(&mut self, ours: Option<&'a Body>, theirs: Option<&'a Body>) {
        const PLACE: &str = "request body";
        let needs = |body: &Body| if body.required { "required" } else { "optional" };
        let [our, their] = [ours, theirs].map(|body| body.map_or("absent", needs));
        let class = match (ours, theirs) {
            (_, Some(theirs)) if theirs.required => Class::Breaking,
            (_, Some(_)) => Class::Additive,
            (_, None) => Class::Breaking,
        };
        self.findings.same(class, PLACE, "body", our, their);
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            self.content(Side::Request, PLACE, &ours.content, &theirs.content);
        }
    }

    fn responses(&mut self, our: &'a Operation, their: &'a Operation) {
        let success = |status: &str| status.starts_with('2');
        for (status, ours) in &our.responses {
            let place = format!("response {status}");
            match their.responses.get(status) {
                Some(theirs) => {
                    if !success(status) {
                        self.findings.enter(&format!("{} {status}", our.name));
                    }
                    self.content(Side::Response, &place, ours, theirs);
                    self.findings.enter(&our.name);
                }
                None => {
                    // Errors are told from the status that comes, described or not.
                    let class = if success(status) { Class::Breaking } else { Class::Documentation };
                    self.findings.note(class, &place, "status", "described", "absent");
                }
            }
        }
        for status in their.responses.keys().filter(|status| !our.responses.contains_key(*status)) {
            let class = if success(status) { Class::Breaking } else { Class::Additive };
            self.findings.note(class, &format!("response {status}"), "status", "absent", "described");
        }
    }

    fn content(&mut self, side: Side, place: &str, ours: &'a Content, theirs: &'a Content) {
        self.findings.reach(place);
        for (media, our) in ours {
            match theirs.get(media) {
                Some(their) => self.schema(side, place, our, their),
                None => self.findings.note(Class::Breaking, place, "content", media, "absent"),
            }
        }
        for media in theirs.keys().filter(|media| !ours.contains_key(*media)) {
            let class = match side {
                Side::Request => Class::Additive,
                Side::Response if ours.is_empty() => Class::Additive,
                Side::Response => Class::Breaking,
            };
            self.findings.note(class, place, "content", "absent", media);
        }
    }
}

fn parameter_outline(document: &Document, parameter: &Parameter) -> Result<String, String> {
    outline(document, &shape(document, &parameter.schema)?, parameter.required)
}
