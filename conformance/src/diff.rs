//! Where two values differ.

use serde_json::Value;

/// A place where two values differ. `None` stands for nothing at all, as opposed to null.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The place, as a JSON pointer. Lists of different lengths differ at `length`, below the list.
    pub at: String,
    pub ours: Option<Value>,
    pub theirs: Option<Value>,
}

/// All places where two values differ, as deep inside as can be.
pub fn differences(ours: &Value, theirs: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), Some(ours), Some(theirs), &mut found);
    found
}

fn compare(at: String, ours: Option<&Value>, theirs: Option<&Value>, found: &mut Vec<Difference>) {
    match (ours, theirs) {
        (Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
            let mut names: Vec<&String> = ours.keys().chain(theirs.keys().filter(|n| !ours.contains_key(*n))).collect();
            names.sort();
            for name in names {
                compare(format!("{at}/{name}"), ours.get(name), theirs.get(name), found);
            }
        }
        (Some(Value::Array(ours)), Some(Value::Array(theirs))) => {
            for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                compare(format!("{at}/{index}"), Some(ours), Some(theirs), found);
            }
            // What only they have is compared, too: it may be a request that should not have been sent.
            for (index, theirs) in theirs.iter().enumerate().skip(ours.len()) {
                compare(format!("{at}/{index}"), None, Some(theirs), found);
            }
            let (ours, theirs) = (Value::from(ours.len()), Value::from(theirs.len()));
            compare(format!("{at}/length"), Some(&ours), Some(&theirs), found);
        }
        _ if ours == theirs => {}
        _ => found.push(Difference { at, ours: ours.cloned(), theirs: theirs.cloned() }),
    }
}

/// Whether a value has everything that a pattern has. Objects may have more fields than the pattern names.
pub fn contains(value: &Value, pattern: &Value) -> bool {
    match (value, pattern) {
        (Value::Object(value), Value::Object(pattern)) => {
            pattern.iter().all(|(name, pattern)| value.get(name).is_some_and(|value| contains(value, pattern)))
        }
        (Value::Array(value), Value::Array(pattern)) => {
            value.len() == pattern.len() && value.iter().zip(pattern).all(|(value, pattern)| contains(value, pattern))
        }
        _ => value == pattern,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(ours: Value, theirs: Value) -> Vec<(String, Option<Value>, Option<Value>)> {
        differences(&ours, &theirs).into_iter().map(|d| (d.at, d.ours, d.theirs)).collect()
    }

    #[test]
    fn equal_values_do_not_differ_whatever_the_order_of_their_fields() {
        assert_eq!(at(json!({"a": 1, "b": [null]}), json!({"b": [null], "a": 1})), []);
    }

    #[test]
    fn a_difference_is_named_by_its_place() {
        let found = at(json!({"a": {"b": [1, 2]}}), json!({"a": {"b": [1, 3]}}));
        assert_eq!(found, [("/a/b/1".to_owned(), Some(json!(2)), Some(json!(3)))]);
    }

    #[test]
    fn null_is_not_the_same_as_nothing() {
        let found = at(json!({"a": null}), json!({}));
        assert_eq!(found, [("/a".to_owned(), Some(json!(null)), None)]);
    }

    #[test]
    fn lists_of_different_lengths_differ_in_their_length_and_where_they_overlap() {
        let found = at(json!([1, 2, 3]), json!([1, 9]));
        assert_eq!(
            found,
            [("/1".to_owned(), Some(json!(2)), Some(json!(9))), ("/length".to_owned(), Some(json!(3)), Some(json!(2)))]
        );
    }

    #[test]
    fn what_only_they_have_in_a_list_is_a_difference() {
        let found = at(json!([]), json!([{"a": 1}]));
        let (extra, length) = (Some(json!({"a": 1})), Some(json!(1)));
        assert_eq!(found, [("/0".to_owned(), None, extra), ("/length".to_owned(), Some(json!(0)), length)]);
    }

    #[test]
    fn a_pattern_may_leave_fields_out() {
        assert!(contains(&json!({"a": {"b": 1, "c": 2}}), &json!({"a": {"b": 1}})));
        assert!(!contains(&json!({"a": {"b": 1}}), &json!({"a": {"b": 2}})));
        assert!(!contains(&json!({"a": 1}), &json!({"b": 1})));
        assert!(!contains(&json!([1, 2]), &json!([1])));
    }
}
