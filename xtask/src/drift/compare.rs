//! Compares the operations of two documents.

use std::collections::{BTreeMap, BTreeSet};

use super::api::{Api, Body, Content, Operation, Parameter, ParameterKey, joined};
use super::difference::{Class, Difference, Key, Side};
use super::schemas::{SchemaComparer, outline};

/// What a comparison came to.
pub struct Comparison {
    pub differences: Vec<Difference>,
    /// Every place that both documents have, so that something can be said of it.
    pub reached: BTreeSet<String>,
    /// How many operations were compared.
    pub operations: usize,
}

/// Compares our operations with theirs.
pub fn compare(ours: &Api<'_>, theirs: &Api<'_>) -> Result<Comparison, String> {
    let mut findings = Findings::default();
    for (endpoint, our) in &ours.operations {
        findings.within.clone_from(&our.name);
        match theirs.operations.get(endpoint) {
            Some(their) => Comparer { ours, theirs, findings: &mut findings }.operation(our, their)?,
            None => findings.note(Class::Breaking, &our.endpoint, "operation", "described", "absent"),
        }
    }
    for (endpoint, their) in &theirs.operations {
        if !ours.operations.contains_key(endpoint) {
            findings.within.clone_from(&their.name);
            findings.note(Class::Additive, &their.endpoint, "operation", "absent", "described");
        }
    }
    let differences = findings.found.into_iter();
    let differences = differences.map(|(key, (class, uses))| Difference { key, class, uses });
    Ok(Comparison {
        differences: differences.collect(),
        reached: findings.reached,
        operations: ours.operations.keys().filter(|endpoint| theirs.operations.contains_key(*endpoint)).count(),
    })
}

/// What has been found so far, the same thing in several operations once.
#[derive(Default)]
pub struct Findings {
    /// The operation that is being compared, and the status if it is an error's.
    within: String,
    found: BTreeMap<Key, (Class, BTreeSet<String>)>,
    reached: BTreeSet<String>,
}

impl Findings {
    /// Notes that both documents have a place, and are compared there.
    pub fn reach(&mut self, place: &str) {
        self.reached.insert(place.to_owned());
    }

    /// Notes a difference.
    pub fn note(&mut self, class: Class, place: &str, what: &str, ours: impl ToString, theirs: impl ToString) {
        let [ours, theirs] = [ours.to_string(), theirs.to_string()];
        let key = Key { place: place.to_owned(), what: what.to_owned(), ours, theirs };
        let (noted, uses) = self.found.entry(key).or_insert_with(|| (class, BTreeSet::new()));
        // The same texts can mean more in one operation than in another.
        *noted = class.min(*noted);
        uses.insert(self.within.clone());
    }

    /// Notes a difference where there is one.
    pub fn same(&mut self, class: Class, place: &str, what: &str, ours: impl ToString, theirs: impl ToString) {
        let [ours, theirs] = [ours.to_string(), theirs.to_string()];
        self.reach(place);
        if ours != theirs {
            self.note(class, place, what, ours, theirs);
        }
    }
}

struct Comparer<'a> {
    ours: &'a Api<'a>,
    theirs: &'a Api<'a>,
    findings: &'a mut Findings,
}

impl Comparer<'_> {
    fn operation(&mut self, our: &Operation, their: &Operation) -> Result<(), String> {
        let deprecated = [our.deprecated, their.deprecated].map(yes_no);
        self.findings.same(Class::Documentation, &our.endpoint, "deprecated", deprecated[0], deprecated[1]);
        self.choices("security", &our.security, &their.security);
        self.choices("servers", &our.servers, &their.servers);
        let [ours, theirs] = [our, their].map(|op| op.pagination.as_deref().unwrap_or("none"));
        let class = if our.pagination.is_some() { Class::Breaking } else { Class::Additive };
        self.findings.same(class, &our.endpoint, "pagination", ours, theirs);
        self.parameters(our, their)?;
        self.body(our.body.as_ref(), their.body.as_ref())?;
        self.responses(our, their)
    }

    /// Compares what the client takes one of.
    fn choices(&mut self, what: &str, ours: &BTreeSet<String>, theirs: &BTreeSet<String>) {
        let class = if ours.is_subset(theirs) { Class::Additive } else { Class::Breaking };
        self.findings.same(class, what, "choice", joined(ours, " or "), joined(theirs, " or "));
    }

    fn parameters(&mut self, our: &Operation, their: &Operation) -> Result<(), String> {
        for (key, ours) in &our.parameters {
            let place = format!("{} {}", key.place, ours.name);
            match their.parameters.get(key) {
                Some(theirs) => self.parameter(&place, ours, theirs)?,
                None => {
                    let ours = outline(self.ours.document, &ours.schema, ours.required)?;
                    self.findings.note(Class::Breaking, &place, "parameter", ours, "absent");
                }
            }
        }
        for (ParameterKey { place, .. }, theirs) in
            their.parameters.iter().filter(|(key, _)| !our.parameters.contains_key(key))
        {
            let class = if theirs.required { Class::Breaking } else { Class::Additive };
            let place = format!("{place} {}", theirs.name);
            let theirs = outline(self.theirs.document, &theirs.schema, theirs.required)?;
            self.findings.note(class, &place, "parameter", "absent", theirs);
        }
        Ok(())
    }

    fn parameter(&mut self, place: &str, ours: &Parameter, theirs: &Parameter) -> Result<(), String> {
        let class = if theirs.required { Class::Breaking } else { Class::Additive };
        self.findings.same(class, place, "required", yes_no(ours.required), yes_no(theirs.required));
        self.findings.same(Class::Breaking, place, "style", &ours.style, &theirs.style);
        let deprecated = [ours, theirs].map(|parameter| yes_no(parameter.deprecated));
        self.findings.same(Class::Documentation, place, "deprecated", deprecated[0], deprecated[1]);
        self.schemas(Side::Request).compare(place, &ours.schema, &theirs.schema)
    }

    fn body(&mut self, ours: Option<&Body>, theirs: Option<&Body>) -> Result<(), String> {
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
            self.content(Side::Request, PLACE, &ours.content, &theirs.content)?;
        }
        Ok(())
    }

    fn responses(&mut self, our: &Operation, their: &Operation) -> Result<(), String> {
        let success = |status: &str| status.starts_with('2');
        for (status, ours) in &our.responses {
            let place = format!("response {status}");
            match their.responses.get(status) {
                Some(theirs) => {
                    if !success(status) {
                        self.findings.within = format!("{} {status}", our.name);
                    }
                    self.content(Side::Response, &place, ours, theirs)?;
                    self.findings.within.clone_from(&our.name);
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
        Ok(())
    }

    fn content(&mut self, side: Side, place: &str, ours: &Content, theirs: &Content) -> Result<(), String> {
        self.findings.reach(place);
        for (media, our) in ours {
            match theirs.get(media) {
                Some(their) => self.schemas(side).compare(place, our, their)?,
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
        Ok(())
    }

    fn schemas(&mut self, side: Side) -> SchemaComparer<'_> {
        SchemaComparer::new(side, self.ours.document, self.theirs.document, self.findings)
    }
}

/// A flag in words.
pub fn yes_no(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}
