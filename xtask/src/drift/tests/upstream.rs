//! The document like upstream's, and where in the contract each of its schemas is: what the tests that change it share.
//!
//! What the places are is worked out here from both documents, and not by what is being tested.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::super::api::Api;
use super::super::compare::compare;
use super::super::deviations::Deviations;
use super::super::document::Document;
use crate::codegen::contract::METHODS;

static CONTRACT: LazyLock<Document> = LazyLock::new(|| parsed(include_bytes!("../../../../openapi/workspaces.yaml")));
static OURS: LazyLock<Api<'_>> = LazyLock::new(|| Api::of(&CONTRACT).expect("operations"));
static PLACES: LazyLock<BTreeSet<String>> = LazyLock::new(|| compare(&OURS, &OURS).reached);
static DEVIATIONS: LazyLock<Deviations> = LazyLock::new(|| {
    Deviations::parse(include_str!("../../../../openapi/deviations.yaml")).expect("the list of deviations")
});

/// The document like upstream's. Its references are paths from the root.
pub static UPSTREAM: LazyLock<Value> = LazyLock::new(|| parsed(include_bytes!("../../../tests/upstream.yaml")).root);

fn parsed(yaml: &[u8]) -> Document {
    Document::parse(yaml).expect("the document is OpenAPI")
}

/// A line of the report: where, and what.
pub type Line = (String, String);

/// What is reported of the contract and this document: what is new, and what is recorded and no longer so.
pub fn reported(upstream: Value) -> Vec<Line> {
    let upstream = Document::new(upstream, true);
    let theirs = Api::of(&upstream).expect("operations");
    let sorted = DEVIATIONS.sort(compare(&OURS, &theirs), &PLACES);
    let keys = sorted.unexpected.into_iter().map(|difference| difference.key);
    let keys = keys.chain(sorted.stale.into_iter().map(|stale| stale.key));
    keys.map(|key| (key.place, key.what)).collect()
}

/// The seeds of random changes: so many, or as many as `PROPTEST_CASES` says.
pub fn seeds(count: u32) -> Range<u64> {
    0..u64::from(super::cases::cases(count))
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Where a schema of upstream's is used, as the report calls it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    pub place: String,
    /// The place of its fields.
    pub inside: String,
    pub request: bool,
}

/// An operation that both have.
#[derive(Clone, Debug)]
pub struct Call {
    /// As the report calls it.
    pub endpoint: String,
    /// Where it is in upstream's document.
    pub pointer: String,
    /// Upstream's parameters: where each is, and what the report calls it.
    pub parameters: Vec<(String, String)>,
}

/// All operations, and all schemas by their pointer in upstream's document.
pub struct Described {
    pub calls: Vec<Call>,
    pub schemas: BTreeMap<String, BTreeSet<Use>>,
}

pub static ALL: LazyLock<Described> = LazyLock::new(|| {
    let mut all = Described { calls: Vec::new(), schemas: BTreeMap::new() };
    for (path, item) in CONTRACT.root["paths"].as_object().expect("paths") {
        let theirs = if path.contains("budgets") { path.replace("{id}", "{workspace_ref}") } else { path.clone() };
        for method in METHODS.into_iter().filter(|method| item.get(*method).is_some()) {
            let [ours, theirs] = [path, &theirs].map(|path| format!("/paths/{}", path.replace('/', "~1")));
            let endpoint = format!("{} {path}", method.to_uppercase());
            all.call(endpoint, [&ours, &theirs], method);
        }
    }
    all
});

/// What is at a pointer in one of the two documents.
fn at(root: &'static Value, pointer: &str) -> &'static Value {
    root.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

/// Where a pointer leads when references are followed.
pub fn resolved(root: &'static Value, pointer: &str) -> String {
    match at(root, pointer)["$ref"].as_str() {
        Some(reference) => resolved(root, reference.trim_start_matches('#')),
        None => pointer.to_owned(),
    }
}

/// The schema that says most: behind references, beside null, and the first of what is put together.
fn telling(pointer: &str) -> String {
    let pointer = resolved(&UPSTREAM, pointer);
    let key = ["allOf", "anyOf"].into_iter().find(|key| at(&UPSTREAM, &pointer).get(*key).is_some());
    key.map_or_else(|| pointer.clone(), |key| telling(&format!("{pointer}/{key}/0")))
}

impl Described {
    fn call(&mut self, endpoint: String, [ours, theirs]: [&str; 2], method: &str) {
        let (ours_root, theirs_root) = (&CONTRACT.root, &*UPSTREAM);
        let parameters = |root: &'static Value, path: &str| {
            let owners = [path.to_owned(), format!("{path}/{method}")];
            let all = owners.into_iter().flat_map(move |owner| {
                let count = at(root, &owner)["parameters"].as_array().map_or(0, Vec::len);
                (0..count).map(move |index| format!("{owner}/parameters/{index}"))
            });
            all.collect::<Vec<_>>()
        };
        let key = |root: &'static Value, pointer: &str| {
            let parameter = at(root, pointer);
            let [place, name] = ["in", "name"].map(|key| parameter[key].as_str().expect("a text"));
            (place, if name == "workspace_ref" { "id" } else { name })
        };
        let mut known = Vec::new();
        for our in parameters(ours_root, ours) {
            let our = resolved(ours_root, &our);
            let (place, name) = key(ours_root, &our);
            let their = parameters(theirs_root, theirs);
            let their =
                their.into_iter().find(|their| key(theirs_root, &resolved(theirs_root, their)) == (place, name));
            let their = their.expect("upstream has this parameter");
            let place = format!("{place} {name}");
            self.schema(&format!("{our}/schema"), &format!("{}/schema", resolved(theirs_root, &their)), true, &place);
            known.push((their, place));
        }
        let media = "content/application~1json/schema";
        let [our, pointer] = [ours, theirs].map(|path| format!("{path}/{method}"));
        if at(ours_root, &our).get("requestBody").is_some() {
            let [ours, theirs] = [&our, &pointer].map(|operation| format!("{operation}/requestBody/{media}"));
            self.schema(&ours, &theirs, true, "request body");
        }
        for status in at(ours_root, &our)["responses"].as_object().expect("responses").keys() {
            let ours = resolved(ours_root, &format!("{our}/responses/{status}"));
            let theirs = format!("{pointer}/responses/{status}/{media}");
            self.schema(&format!("{ours}/{media}"), &theirs, false, &format!("response {status}"));
        }
        self.calls.push(Call { endpoint, pointer, parameters: known });
    }

    fn schema(&mut self, ours: &str, theirs: &str, request: bool, place: &str) {
        let ours = resolved(&CONTRACT.root, ours);
        let theirs = telling(theirs);
        let schema = at(&CONTRACT.root, &ours);
        let name = ours.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'));
        let named = name.filter(|_| schema.get("properties").is_some());
        let side = if request { "request" } else { "response" };
        let inside = named.map_or_else(|| place.to_owned(), |name| format!("{side} {name}"));
        let used = Use { place: place.to_owned(), inside: inside.clone(), request };
        self.schemas.entry(theirs.clone()).or_default().insert(used);
        for name in schema["properties"].as_object().into_iter().flat_map(Map::keys) {
            let [ours, theirs] = [&ours, &theirs].map(|schema| format!("{schema}/properties/{name}"));
            self.schema(&ours, &theirs, request, &format!("{inside}.{name}"));
        }
        if schema.get("items").is_some() {
            self.schema(&format!("{ours}/items"), &format!("{theirs}/items"), request, &format!("{place}[]"));
        }
    }
}

#[test]
fn the_contract_agrees_with_it_but_for_what_is_recorded() {
    assert_eq!(reported(UPSTREAM.clone()), []);
}

#[test]
fn every_schema_of_the_contract_is_in_it() {
    let places: BTreeSet<&str> = ALL.schemas.values().flatten().map(|used| used.place.as_str()).collect();
    assert_eq!(ALL.calls.len(), 12);
    for place in PLACES.iter().filter(|place| place.contains('.') && !place.ends_with('*')) {
        assert!(places.contains(place.as_str()), "{place}");
    }
}
