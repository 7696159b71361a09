//! Compares the operations of two documents.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::api::{Api, Endpoint};
use super::difference::{Class, Difference, Side};
use super::document::Document;
use super::findings::{Findings, Told};
use super::operation::{Body, Content, Operation, Parameter, ParameterKey, Part, Response};
use super::reading::shape;
use super::schemas::{Named, SchemaComparer, outline};
use super::text::joined;

/// What a comparison came to.
pub struct Comparison {
    pub differences: Vec<Difference>,
    /// Every place that both documents have, so that something can be said of it.
    pub reached: BTreeSet<String>,
    /// What their document tells of its schemas, by place.
    pub told: BTreeMap<String, Told>,
    /// How many operations were compared.
    pub operations: usize,
}

/// Compares our operations with theirs.
pub fn compare(ours: &Api<'_>, theirs: &Api<'_>) -> Comparison {
    let mut comparer = Comparer {
        ours: ours.document,
        theirs: theirs.document,
        findings: Findings::default(),
        schemas: BTreeMap::new(),
    };
    comparer.paths(ours, theirs);
    for (endpoint, our) in &ours.operations {
        match theirs.operations.get(endpoint) {
            Some(their) => comparer.operation(our, their),
            None if theirs.unreadable.contains_key(&endpoint.path) => {}
            None => {
                comparer.findings.enter(&our.name);
                comparer.findings.note(Class::Breaking, &our.endpoint, "operation", "described", "absent");
            }
        }
    }
    for (endpoint, their) in &theirs.operations {
        if !ours.operations.contains_key(endpoint) && !ours.unreadable.contains_key(&endpoint.path) {
            comparer.findings.enter(&their.name);
            comparer.findings.note(Class::Additive, &their.endpoint, "operation", "absent", "described");
        }
    }
    let findings = comparer.finish();
    let differences = findings.found.into_iter();
    let differences = differences.map(|(key, (class, uses))| Difference { key, class, uses });
    Comparison {
        differences: differences.collect(),
        reached: findings.reached,
        told: findings.told,
        operations: ours.operations.keys().filter(|endpoint| theirs.operations.contains_key(*endpoint)).count(),
    }
}

/// Two schemas, as they are written, that stand at the same place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    side: Side,
    place: String,
    ours: String,
    theirs: String,
    /// Whether only what is inside them is left to compare.
    inside: bool,
}

/// The two schemas, and the operations that use them.
struct Job<'a> {
    ours: Cow<'a, Value>,
    theirs: Cow<'a, Value>,
    uses: BTreeSet<String>,
}

impl Pair {
    fn new(side: Side, place: &str, ours: &Value, theirs: &Value, inside: bool) -> Self {
        Self { side, place: place.to_owned(), ours: ours.to_string(), theirs: theirs.to_string(), inside }
    }
}

struct Comparer<'a> {
    ours: &'a Document,
    theirs: &'a Document,
    findings: Findings,
    /// Schemas to compare: the same two are compared once.
    schemas: BTreeMap<Pair, Job<'a>>,
}

impl<'a> Comparer<'a> {
    /// Compares the schemas, and tells everything that was found.
    fn finish(mut self) -> Findings {
        let mut known: BTreeMap<Pair, BTreeSet<String>> = BTreeMap::new();
        while !self.schemas.is_empty() {
            for (pair, Job { ours, theirs, uses }) in std::mem::take(&mut self.schemas) {
                self.findings.within.clone_from(&uses);
                let Pair { side, place, inside, .. } = &pair;
                let comparer = SchemaComparer::new(*side, self.ours, self.theirs, &mut self.findings);
                let (side, named) = (*side, comparer.compare(place, &ours, &theirs, *inside));
                known.insert(pair, uses.clone());
                for Named { place, ours, theirs } in named {
                    let pair = Pair::new(side, &place, &ours, &theirs, true);
                    let before = known.get(&pair);
                    if before.is_some_and(|before| before.is_superset(&uses)) {
                        continue;
                    }
                    // All at once, so that the next time tells the difference again for those that are new.
                    let all = before.into_iter().flatten().chain(&uses).cloned();
                    let (ours, theirs) = (Cow::Owned(ours), Cow::Owned(theirs));
                    self.schemas
                        .entry(pair)
                        .or_insert_with(|| Job { ours, theirs, uses: BTreeSet::new() })
                        .uses
                        .extend(all);
                }
            }
        }
        self.findings
    }

    fn schema(&mut self, side: Side, place: &str, ours: &'a Value, theirs: &'a Value) {
        let pair = Pair::new(side, place, ours, theirs, false);
        let (ours, theirs) = (Cow::Borrowed(ours), Cow::Borrowed(theirs));
        let job = self.schemas.entry(pair).or_insert_with(|| Job { ours, theirs, uses: BTreeSet::new() });
        job.uses.extend(self.findings.within.iter().cloned());
    }

    /// Notes the paths that one side cannot read, with what the other one has there.
    fn paths(&mut self, ours: &Api<'_>, theirs: &Api<'_>) {
        let paths: BTreeSet<_> = ours.unreadable.keys().chain(theirs.unreadable.keys()).collect();
        for path in paths {
            let on = |api: &Api<'_>| match api.unreadable.get(path) {
                Some(why) => why.clone(),
                None => {
                    let there = api.operations.iter().filter(|(Endpoint { path: other, .. }, _)| other == path);
                    let names: BTreeSet<_> = there.map(|(_, operation)| operation.endpoint.clone()).collect();
                    if names.is_empty() { "absent".to_owned() } else { joined(&names, ", ") }
                }
            };
            let uses = ours.operations.iter().filter(|(endpoint, _)| endpoint.path == *path);
            self.findings.within = uses.map(|(_, operation)| operation.name.clone()).collect();
            self.findings.same(Class::Breaking, path, "path", on(ours), on(theirs));
        }
    }

    fn operation(&mut self, our: &'a Operation, their: &'a Operation) {
        self.findings.enter(&our.name);
        self.findings.flag(Class::Documentation, &our.endpoint, "deprecated", our.deprecated, their.deprecated);
        self.findings.flag(Class::Breaking, &our.endpoint, "described twice", our.twice, their.twice);
        // What the server calls, it calls where it was told to, and as it likes.
        if our.prefix.is_empty() {
            self.choices("security", &our.security, &their.security);
            self.choices("servers", &our.servers, &their.servers);
        }
        let [ours, theirs] = [our, their].map(|op| op.pagination.as_deref().unwrap_or("none"));
        let class = if our.pagination.is_some() { Class::Breaking } else { Class::Additive };
        self.findings.same(class, &our.endpoint, "pagination", ours, theirs);
        let (sent, answered) =
            if our.prefix.is_empty() { (Side::Request, Side::Response) } else { (Side::Response, Side::Request) };
        self.parameters(sent, our, their);
        self.body(sent, &our.prefix, our.body.as_ref(), their.body.as_ref());
        self.responses(answered, our, their);
    }

    /// Compares what the client takes one of.
    fn choices(&mut self, what: &str, ours: &BTreeSet<String>, theirs: &BTreeSet<String>) {
        let class = if ours.is_subset(theirs) { Class::Additive } else { Class::Breaking };
        self.findings.same(class, what, "choice", joined(ours, " or "), joined(theirs, " or "));
    }

    fn parameters(&mut self, side: Side, our: &'a Operation, their: &'a Operation) {
        let place =
            |key: &ParameterKey, parameter: &Parameter| format!("{}{} {}", our.prefix, key.place, parameter.name);
        let (mut gone, mut new) = (Vec::new(), Vec::new());
        for (key, ours) in &our.parameters {
            match their.parameters.get(key) {
                Some(theirs) => self.parameter(side, &place(key, ours), ours, theirs),
                None => gone.push((place(key, ours), ours)),
            }
        }
        for (key, theirs) in their.parameters.iter().filter(|(key, _)| !our.parameters.contains_key(key)) {
            new.push((place(key, theirs), theirs));
        }
        if our.unreadable != their.unreadable {
            // Those that cannot be read may be the ones that are missed.
            let text = |unreadable: &BTreeSet<String>, others: &[(String, &Parameter)]| {
                let all: BTreeSet<_> =
                    unreadable.iter().chain(others.iter().map(|(place, _)| place)).cloned().collect();
                if all.is_empty() { "none".to_owned() } else { joined(&all, ", ") }
            };
            let [ours, theirs] = [text(&our.unreadable, &gone), text(&their.unreadable, &new)];
            let place = format!("{}parameters", our.prefix);
            return self.findings.note(Class::Breaking, &place, "parameters", ours, theirs);
        }
        for (place, ours) in gone {
            let ours = parameter_outline(self.ours, ours);
            self.findings.note(Class::Breaking, &place, "parameter", ours, "absent");
        }
        for (place, theirs) in new {
            let must = theirs.required && side == Side::Request;
            let class = if must { Class::Breaking } else { Class::Additive };
            let theirs = parameter_outline(self.theirs, theirs);
            self.findings.note(class, &place, "parameter", "absent", theirs);
        }
    }

    fn parameter(&mut self, side: Side, place: &str, ours: &'a Parameter, theirs: &'a Parameter) {
        let class = |narrower: bool| if narrower { side.narrower() } else { side.wider() };
        self.findings.flag(class(theirs.required), place, "required", ours.required, theirs.required);
        self.findings.same(Class::Breaking, place, "style", &ours.style, &theirs.style);
        for (what, ours, theirs) in [
            ("allowReserved", ours.allow_reserved, theirs.allow_reserved),
            ("allowEmptyValue", ours.allow_empty, theirs.allow_empty),
        ] {
            self.findings.flag(class(ours), place, what, ours, theirs);
        }
        self.findings.flag(Class::Documentation, place, "deprecated", ours.deprecated, theirs.deprecated);
        self.schema(side, place, &ours.schema, &theirs.schema);
    }

    /// Both sides of a part that can be read; where one cannot, that is all there is to say of it.
    fn read<T>(&mut self, place: &str, ours: &'a Part<T>, theirs: &'a Part<T>) -> Option<(&'a T, &'a T)> {
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            return Some((ours, theirs));
        }
        let text = |part: &'a Part<T>| part.as_ref().err().map_or("described", String::as_str);
        self.findings.same(Class::Breaking, place, "reference", text(ours), text(theirs));
        None
    }

    fn body(&mut self, side: Side, prefix: &str, ours: Option<&'a Part<Body>>, theirs: Option<&'a Part<Body>>) {
        let place = &format!("{prefix}request body");
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            let Some((ours, theirs)) = self.read(place, ours, theirs) else { return };
            let class = if theirs.required { side.narrower() } else { side.wider() };
            let [our, their] = [ours, theirs].map(|body| if body.required { "required" } else { "optional" });
            self.findings.same(class, place, "body", our, their);
            return self.content(side, place, &ours.content, &theirs.content);
        }
        let text = |body: Option<&Part<Body>>| match body {
            None => "absent".to_owned(),
            Some(Ok(body)) => if body.required { "required" } else { "optional" }.to_owned(),
            Some(Err(why)) => why.clone(),
        };
        let optional = matches!(theirs, Some(Ok(theirs)) if !theirs.required);
        let class = if optional { Class::Additive } else { Class::Breaking };
        self.findings.same(class, place, "body", text(ours), text(theirs));
    }

    fn responses(&mut self, side: Side, our: &'a Operation, their: &'a Operation) {
        let success = |status: &str| status.starts_with('2');
        let place = |status: &str| format!("{}response {status}", our.prefix);
        for (status, ours) in &our.responses {
            let place = place(status);
            match their.responses.get(status) {
                Some(theirs) => {
                    if !success(status) {
                        self.findings.enter(&format!("{} {status}", our.name));
                    }
                    if let Some((ours, theirs)) = self.read(&place, ours, theirs) {
                        self.headers(side, &place, ours, theirs);
                        self.content(side, &place, &ours.content, &theirs.content);
                    }
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
            self.findings.note(class, &place(status), "status", "absent", "described");
        }
    }

    fn headers(&mut self, side: Side, response: &str, ours: &'a Response, theirs: &'a Response) {
        for (name, our) in &ours.headers {
            let place = format!("{response} header {name}");
            match theirs.headers.get(name) {
                Some(their) => {
                    if let Some((our, their)) = self.read(&place, our, their) {
                        self.parameter(side, &place, our, their);
                    }
                }
                None => {
                    let our = header_outline(self.ours, our);
                    self.findings.note(Class::Breaking, &place, "header", our, "absent");
                }
            }
        }
        for (name, their) in theirs.headers.iter().filter(|(name, _)| !ours.headers.contains_key(*name)) {
            let their = header_outline(self.theirs, their);
            self.findings.note(Class::Additive, &format!("{response} header {name}"), "header", "absent", their);
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

fn parameter_outline(document: &Document, parameter: &Parameter) -> String {
    outline(document, &shape(document, &parameter.schema), parameter.required)
}

fn header_outline(document: &Document, header: &Part<Parameter>) -> String {
    header.as_ref().map_or_else(Clone::clone, |header| parameter_outline(document, header))
}
