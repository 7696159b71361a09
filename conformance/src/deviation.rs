//! Known deviations: how the official SDKs differ from ours, and why that is so.

use serde::Deserialize;
use serde_json::Value;

use crate::diff::{Difference, contains};

/// A difference that is known, with its reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// Its name.
    pub deviation: String,
    /// The SDKs in which it is seen, all of it in each unless `only` says otherwise.
    pub peers: Vec<String>,
    pub reason: String,
    pub seen: Vec<Sight>,
}

/// Where a deviation is seen, and as what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sight {
    pub steps: Vec<String>,
    /// The one SDK in which it is seen, if not in all that the deviation names.
    pub only: Option<String>,
    /// The place in the step's record, as a JSON pointer.
    pub at: String,
    /// What the other SDK has there; of an object, some of its fields are enough. Left out where it has nothing.
    #[serde(default, deserialize_with = "present")]
    pub theirs: Option<Value>,
}

impl Sight {
    fn is(&self, theirs: Option<&Value>) -> bool {
        match (theirs, &self.theirs) {
            (Some(theirs), Some(pattern)) => contains(theirs, pattern),
            (theirs, pattern) => theirs.is_none() && pattern.is_none(),
        }
    }
}

/// Null is a value, too.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The known deviations.
pub fn load() -> Result<Vec<Deviation>, String> {
    parse(include_str!("../deviations.yaml"))
}

fn parse(yaml: &str) -> Result<Vec<Deviation>, String> {
    serde_norway::from_str(yaml).map_err(|error| format!("deviations.yaml: {error}"))
}

/// The differences of one SDK, sorted into those that are known and those that are not.
#[derive(Debug, Default)]
pub struct Sorted {
    /// The steps in which a known deviation was seen.
    pub known: Vec<String>,
    /// Differences that nobody has explained, with their steps.
    pub unknown: Vec<(String, Difference)>,
    /// Deviations that are listed, but were not seen.
    pub stale: Vec<String>,
}

/// Holds the differences of an SDK against the list.
pub fn sort(peer: &str, differences: Vec<(String, Difference)>, deviations: &[Deviation]) -> Sorted {
    let mut sorted = Sorted { unknown: differences, ..Sorted::default() };
    for deviation in deviations.iter().filter(|deviation| deviation.peers.iter().any(|name| name == peer)) {
        let seen = deviation.seen.iter().filter(|sight| sight.only.as_ref().is_none_or(|only| only == peer));
        for sight in seen {
            for step in &sight.steps {
                let is_it = |(name, difference): &(String, Difference)| {
                    name == step && difference.at == sight.at && sight.is(difference.theirs.as_ref())
                };
                match sorted.unknown.iter().position(is_it) {
                    Some(index) => sorted.known.push(sorted.unknown.remove(index).0),
                    None => sorted.stale.push(format!("{}: step {step} at {}", deviation.deviation, sight.at)),
                }
            }
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const LIST: &str = "
- deviation: sends-defaults
  peers: [python]
  reason: It writes defaults into the query.
  seen:
    - {steps: [list, walk], at: /requests/0/query/limit, theirs: '50'}
    - {steps: [list], at: /requests/0/query/offset}
";

    fn difference(step: &str, at: &str, theirs: Option<Value>) -> (String, Difference) {
        (step.to_owned(), Difference { at: at.to_owned(), ours: Some(json!("x")), theirs })
    }

    fn all() -> Vec<(String, Difference)> {
        vec![
            difference("list", "/requests/0/query/limit", Some(json!("50"))),
            difference("walk", "/requests/0/query/limit", Some(json!("50"))),
            difference("list", "/requests/0/query/offset", None),
        ]
    }

    #[test]
    fn a_known_deviation_explains_exactly_what_it_pins() {
        let sorted = sort("python", all(), &parse(LIST).unwrap());
        assert_eq!(sorted.known, ["list", "walk", "list"]);
        assert!(sorted.unknown.is_empty() && sorted.stale.is_empty());
    }

    #[test]
    fn another_value_at_the_same_place_is_a_new_difference_and_makes_the_deviation_stale() {
        let mut differences = all();
        differences[0].1.theirs = Some(json!("51"));
        let sorted = sort("python", differences, &parse(LIST).unwrap());
        assert_eq!(sorted.unknown, [difference("list", "/requests/0/query/limit", Some(json!("51")))]);
        assert_eq!(sorted.stale, ["sends-defaults: step list at /requests/0/query/limit"]);
    }

    #[test]
    fn a_deviation_that_is_gone_is_stale() {
        let sorted = sort("python", Vec::new(), &parse(LIST).unwrap());
        assert_eq!(sorted.stale.len(), 3);
    }

    #[test]
    fn a_deviation_of_one_sdk_excuses_no_other() {
        let sorted = sort("typescript", all(), &parse(LIST).unwrap());
        assert_eq!((sorted.unknown.len(), sorted.stale.len()), (3, 0));
    }

    #[test]
    fn a_sight_of_one_sdk_is_not_looked_for_in_another() {
        let list = "[{deviation: d, peers: [p, q], reason: r, seen: [{steps: [s], only: p, at: /a, theirs: 1}]}]";
        let list = parse(list).unwrap();
        assert_eq!(sort("p", Vec::new(), &list).stale.len(), 1);
        assert_eq!(sort("q", Vec::new(), &list).stale.len(), 0);
    }

    #[test]
    fn null_and_nothing_are_told_apart() {
        let list = "[{deviation: d, peers: [p], reason: r, seen: [{steps: [s], at: /a, theirs: null}]}]";
        let sorted = sort("p", vec![difference("s", "/a", None)], &parse(list).unwrap());
        assert_eq!((sorted.unknown.len(), sorted.stale.len()), (1, 1));
    }

    #[test]
    fn of_an_object_some_fields_are_enough() {
        let list = "[{deviation: d, peers: [p], reason: r, seen: [{steps: [s], at: /ok, theirs: {slug: a}}]}]";
        let differs = |value| sort("p", vec![difference("s", "/ok", Some(value))], &parse(list).unwrap()).unknown.len();
        assert_eq!(differs(json!({"slug": "a", "id": 1})), 0);
        assert_eq!(differs(json!({"slug": "b", "id": 1})), 1);
    }

    #[test]
    fn the_list_can_be_read_and_names_steps_that_there_are() {
        let scenarios = crate::script::load().unwrap();
        for deviation in load().unwrap() {
            assert!(!deviation.reason.is_empty() && !deviation.seen.is_empty(), "{}", deviation.deviation);
            for step in deviation.seen.iter().flat_map(|sight| &sight.steps) {
                let is_of_fleet = deviation.peers == [crate::fleet::PEER];
                let is_step = crate::script::steps(&scenarios).any(|(_, known)| known.name == *step);
                assert!(if is_of_fleet { crate::fleet::has_case(step) } else { is_step }, "{step}");
            }
        }
    }
}
