//! The normal form of requests and results, in which those that mean the same are equal.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use openrouter_sandbox::RecordedRequest;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Number, Value, json};
use uuid::Uuid;

/// Headers that say nothing about what is asked for.
const IGNORED: [&str; 9] = [
    "accept-encoding",
    "accept-language",
    "connection",
    "content-length",
    "host",
    "sec-fetch-mode",
    "traceparent",
    "transfer-encoding",
    "user-agent",
];

/// Times from this year on come from the clock, and are different in every run. Scripted answers have older ones.
const CLOCK: i32 = 2021;

/// Brings what a step leads to into its normal form. Ids, which are random, get a name if they are known, and otherwise
/// the number of their appearance.
#[derive(Debug)]
pub struct Normal {
    names: BTreeMap<Uuid, String>,
    others: BTreeMap<Uuid, usize>,
}

impl Normal {
    /// With the names of ids. What is no id is not looked for.
    pub fn new(names: impl IntoIterator<Item = (String, String)>) -> Self {
        let names = names.into_iter().filter_map(|(id, name)| Some((Uuid::try_parse(&id).ok()?, name)));
        Self { names: names.collect(), others: BTreeMap::new() }
    }

    /// What a call results in. A field that is null and one that is not there mean the same.
    pub fn result(&mut self, mut result: Value) -> Value {
        drop_nulls(&mut result);
        self.value(&result)
    }

    /// A request: method, path, query, headers and body.
    pub fn request(&mut self, request: &RecordedRequest) -> Value {
        let mut fields = Map::new();
        fields.insert("method".to_owned(), json!(request.method));
        fields.insert("path".to_owned(), json!(self.text(&path(&request.path))));
        fields.insert("query".to_owned(), query(&request.query));
        fields.insert("headers".to_owned(), headers(&request.headers));
        if !request.body.is_empty() {
            let text = || Value::String(String::from_utf8_lossy(&request.body).into_owned());
            let body = self.value(&request.json().unwrap_or_else(text));
            fields.insert("body".to_owned(), body);
        }
        Value::Object(fields)
    }

    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                // Sorted, because the numbers of ids follow from the order.
                let fields: BTreeMap<_, _> = fields.iter().collect();
                fields.into_iter().map(|(name, value)| (name.clone(), self.value(value))).collect()
            }
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::String(text) => Value::String(self.text(text)),
            Value::Number(number) => Value::Number(whole(number)),
            other => other.clone(),
        }
    }

    fn text(&mut self, text: &str) -> String {
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return match time.year() < CLOCK {
                true => time.with_timezone(&Utc).to_rfc3339_opts(SecondsFormat::AutoSi, true),
                false => "<time>".to_owned(),
            };
        }
        // An id stands alone, or is a segment of a path.
        let parts: Vec<String> = text.split('/').map(|part| self.id(part)).collect();
        parts.join("/")
    }

    fn id(&mut self, text: &str) -> String {
        let Ok(id) = Uuid::try_parse(text) else {
            return text.to_owned();
        };
        let next = self.others.len() + 1;
        match self.names.get(&id) {
            Some(name) => format!("<{name}>"),
            None => format!("<id {}>", self.others.entry(id).or_insert(next)),
        }
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Writes numbers as other numbers of the same value are written, however deep inside.
pub fn whole_numbers(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(whole_numbers),
        Value::Array(items) => items.iter_mut().for_each(whole_numbers),
        Value::Number(number) => *number = whole(number),
        _ => {}
    }
}

/// 100.0 as 100, which is how JavaScript writes it.
fn whole(number: &Number) -> Number {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => Number::from(float as i64),
        _ => number.clone(),
    }
}

/// A path whose escapes are gone, apart from those that keep a segment apart from the next.
fn path(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let text = percent_decode_str(segment).decode_utf8_lossy();
        text.replace('%', "%25").replace('/', "%2F")
    });
    segments.collect::<Vec<_>>().join("/")
}

fn query(query: &str) -> Value {
    collect(form_urlencoded::parse(query.as_bytes()))
}

fn headers(headers: &[(String, String)]) -> Value {
    let kept = headers.iter().filter(|(name, value)| !value.is_empty() && !IGNORED.contains(&name.as_str()));
    collect(kept.map(|(name, value)| (name, if name == "content-type" { essence(value) } else { value })))
}

/// `application/json` of `application/json; charset=utf-8`.
fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// Pairs as an object, in which a name that comes twice has both values.
fn collect(pairs: impl Iterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> Value {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        all.entry(name.as_ref().to_owned()).or_default().push(value.as_ref().to_owned());
    }
    all.into_iter().map(|(name, values)| (name, Value::String(values.join(", ")))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_a_name_or_the_number_of_their_appearance() {
        let (a, b) = ("7c9e6679-7425-40de-944b-e07fc1f90ae7", "16fd2706-8baf-433b-82eb-8c7fada847da");
        let c = "0f8fad5b-d9cb-469f-a165-70867728950e";
        let mut normal = Normal::new([(c.to_owned(), "workspace production".to_owned())]);
        assert_eq!(normal.result(json!([c, "c"])), json!(["<workspace production>", "c"]));
        assert_eq!(
            normal.result(json!({"id": a, "workspace_id": b})),
            json!({"id": "<id 1>", "workspace_id": "<id 2>"})
        );
        assert_eq!(normal.result(json!([b.to_uppercase()])), json!(["<id 2>"]));
        assert_eq!(normal.text(&format!("/api/v1/workspaces/{a}/members")), "/api/v1/workspaces/<id 1>/members");
    }

    #[test]
    fn times_of_the_clock_are_hidden_and_others_are_compared_as_instants() {
        let mut normal = Normal::new([]);
        assert_eq!(normal.result(json!("2026-03-02T08:15:00.123Z")), json!("<time>"));
        assert_eq!(normal.result(json!("2020-03-02T08:15:00+02:00")), json!("2020-03-02T06:15:00Z"));
        assert_eq!(normal.result(json!("2020-03-02T06:15:00.000Z")), json!("2020-03-02T06:15:00Z"));
    }

    #[test]
    fn nulls_of_results_are_dropped_and_those_of_requests_are_not() {
        let mut normal = Normal::new([]);
        assert_eq!(normal.result(json!({"a": null, "b": [{"c": null}]})), json!({"b": [{}]}));
        assert_eq!(normal.value(&json!({"a": null})), json!({"a": null}));
    }

    #[test]
    fn whole_numbers_are_integers() {
        assert_eq!(Normal::new([]).value(&json!([100.0, 0.5, 7])), json!([100, 0.5, 7]));
    }

    #[test]
    fn escapes_in_a_path_do_not_matter_unless_they_change_its_segments() {
        assert_eq!(path("/w/a%20b"), "/w/a b");
        assert_eq!(path("/w/%61"), "/w/a");
        assert_eq!(path("/w/a%2fb"), "/w/a%2Fb");
        assert_eq!(path("/w/a/b"), "/w/a/b");
        assert_eq!(path("/w/a%252Fb"), "/w/a%252Fb");
    }

    #[test]
    fn the_order_of_a_query_does_not_matter() {
        assert_eq!(query("offset=0&limit=5"), query("limit=5&offset=0"));
        assert_eq!(query("a=1&a=2"), json!({"a": "1, 2"}));
        assert_eq!(query(""), json!({}));
    }

    #[test]
    fn of_the_headers_those_count_that_mean_something() {
        let given = [
            ("user-agent", "x"),
            ("content-type", "application/json; charset=utf-8"),
            ("x-openrouter-title", "A"),
            ("cookie", ""),
        ];
        let given: Vec<_> = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(headers(&given), json!({"content-type": "application/json", "x-openrouter-title": "A"}));
    }
}
