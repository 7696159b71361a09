//! What a server may answer: what it should, with changes, damage, and absurd headers.

use chrono::{Datelike, NaiveDate};
use openrouter_workspaces::{BudgetInterval, Client, Error};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::common::KEY;
use crate::common::fixtures::{bare_workspace, budget, member, workspace};
use crate::common::raw::Reaction;
use crate::hostile_answers::CAP;

/// Enough for 10,000 levels, opened and closed.
const DEEP: usize = 10_000;

#[derive(Clone, Copy, Debug)]
pub enum Call {
    Get,
    List,
    ListMembers,
    GetBudget,
    Create,
    Delete,
    Walk,
}

const CALLS: [Call; 7] =
    [Call::Get, Call::List, Call::ListMembers, Call::GetBudget, Call::Create, Call::Delete, Call::Walk];

impl Call {
    pub async fn send(self, client: &Client) -> Result<(), Error> {
        match self {
            Self::Get => client.get("production").await.map(drop),
            Self::List => client.list().await.map(drop),
            Self::ListMembers => client.list_members("production").await.map(drop),
            Self::GetBudget => client.get_budget("production", BudgetInterval::Monthly).await.map(drop),
            Self::Create => client.create("Production", "production").await.map(drop),
            Self::Delete => client.delete("production").await.map(drop),
            Self::Walk => client.list().items().try_collect().await.map(drop),
        }
    }

    fn success(self) -> Value {
        match self {
            Self::Get | Self::Create => json!({"data": workspace()}),
            Self::List | Self::Walk => json!({"data": [workspace(), bare_workspace()], "total_count": 2}),
            Self::ListMembers => json!({"data": [member(), member()], "total_count": 2}),
            Self::GetBudget => json!({"data": budget()}),
            Self::Delete => json!({"deleted": true}),
        }
    }
}

/// Something else for a value of the JSON.
#[derive(Clone, Debug)]
enum Other {
    Json(Value),
    /// Text that need not be JSON.
    Raw(String),
}

impl Other {
    fn text(&self) -> String {
        match self {
            Self::Json(value) => value.to_string(),
            Self::Raw(text) => text.clone(),
        }
    }
}

/// A change to the JSON; the index says which of its values.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, Other),
    Remove(Index),
    Add(Index, String, Other),
}

/// A change to the bytes.
#[derive(Clone, Debug)]
enum Damage {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Truncate(Index),
}

#[derive(Clone, Debug)]
enum Body {
    /// The answer to a call, changed.
    Json(Option<usize>, Vec<Change>),
    /// An error in the API's form, with this as its message and as a detail.
    Error(Other, Vec<Change>),
    Random(u64, usize),
    Raw(Vec<u8>),
}

#[derive(Clone, Copy, Debug)]
pub enum Framing {
    Length,
    Chunked(usize),
    UntilClosed,
    /// Less than is announced.
    Short,
}

#[derive(Clone, Debug)]
pub struct Case {
    pub call: Call,
    pub status: u16,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Body,
    damage: Vec<Damage>,
    pub framing: Framing,
}

/// The key, as JSON may write it.
pub fn escaped_key() -> String {
    KEY.chars().map(|c| format!("\\u{:04x}", c as u32)).collect()
}

fn raw(text: impl Into<String>) -> Other {
    Other::Raw(text.into())
}

fn others() -> impl Strategy<Value = Other> {
    let json = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0.5),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(f64::MAX),
        json!(""),
        json!([]),
        json!({}),
        json!([null]),
        json!({"data": {}}),
        json!(KEY),
        json!(format!("Bearer {KEY}")),
        json!({ KEY: KEY }),
        json!("x".repeat(CAP)),
        json!("é\u{0}\u{1f980}\u{202e}".repeat(400)),
        json!("2026-13-45T99:99:99Z"),
        json!("+262142-12-31T23:59:59Z"),
        json!("-262143-01-01T00:00:00Z"),
        json!("7c9e6679-7425-40de-944b-e07fc1f90ae7"),
    ]
    .map(Other::Json);
    let text = [
        raw("1e999"),
        raw("-1e-999"),
        raw("9".repeat(400)),
        raw(format!("0.{}", "1".repeat(2000))),
        raw("-0"),
        raw("[".repeat(DEEP)),
        raw(format!("{}{}", "[".repeat(DEEP / 2), "]".repeat(DEEP / 2))),
        raw("{\"a\":".repeat(2000)),
        raw("\"\\ud800\""),
        raw(format!("\"{}\"", escaped_key())),
        raw("NaN"),
        raw(""),
    ];
    select(json.into_iter().chain(text).collect::<Vec<_>>())
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let name = prop_oneof![
        select(vec!["data", "total_count", "id", "created_at", "error", "message", "deleted", KEY, ""])
            .prop_map(str::to_owned),
        "\\PC{0,8}",
    ];
    let change = prop_oneof![
        4 => (any::<Index>(), others()).prop_map(|(at, other)| Change::Replace(at, other)),
        2 => any::<Index>().prop_map(Change::Remove),
        2 => (any::<Index>(), name, others()).prop_map(|(at, name, other)| Change::Add(at, name, other)),
    ];
    prop::collection::vec(change, 0..4)
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let piece = prop_oneof![
        select(vec![KEY.as_bytes().to_vec(), b"\xff\xfe".to_vec(), vec![0xff; 5000], b"\xed\xa0\x80".to_vec()]),
        prop::collection::vec(any::<u8>(), 1..8),
    ];
    let damage = prop_oneof![
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        2 => (any::<Index>(), piece).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        1 => any::<Index>().prop_map(Damage::Truncate),
    ];
    prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(damage, 1..4)]
}

fn bodies() -> impl Strategy<Value = Body> {
    prop_oneof![
        6 => (prop::option::weighted(0.2, 0..CALLS.len()), changes()).prop_map(|(of, changes)| Body::Json(of, changes)),
        4 => (others(), changes()).prop_map(|(message, changes)| Body::Error(message, changes)),
        1 => (any::<u64>(), 0..2 * CAP).prop_map(|(seed, length)| Body::Random(seed, length)),
        1 => others().prop_map(|other| Body::Raw(other.text().into())),
        1 => (CAP - 2..CAP + 3).prop_map(|length| Body::Raw(vec![b' '; length])),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    const NAMES: [&str; 8] =
        ["content-type", "retry-after", "retry-after-ms", "x-request-id", "cf-ray", "date", "location", "x-echo"];
    let texts = [
        "application/json",
        "text/html; charset=utf-16",
        "0",
        "-1",
        "1e300",
        "NaN",
        "99999999999999999999999",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 99999 08:49:60 -9959",
        "Sun Nov  6 08:49:37 +262142",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "req_4711",
        "https://example.com/elsewhere",
        "//",
        KEY,
        "",
    ];
    let mut values: Vec<_> = texts.map(|text| text.as_bytes().to_vec()).into();
    values.push(absurd_date().into());
    values.push([b"\xff ", KEY.as_bytes(), b"\t\x80"].concat());
    let legal = prop_oneof![4 => 0x20..=0x7eu8, 1 => 0x80..=0xffu8, 1 => Just(b'\t')];
    let value = prop_oneof![3 => select(values), 1 => prop::collection::vec(legal, 0..20)];
    prop::collection::btree_map(select(&NAMES[..]), value, 0..6).prop_map(|map| map.into_iter().collect())
}

pub fn cases() -> impl Strategy<Value = Case> {
    let status = prop_oneof![3 => Just(200), 1 => Just(201), 4 => 200..=599u16];
    let framing = prop_oneof![
        6 => Just(Framing::Length),
        2 => (1..3000usize).prop_map(Framing::Chunked),
        1 => Just(Framing::UntilClosed),
        1 => Just(Framing::Short),
    ];
    (select(&CALLS[..]), status, headers(), bodies(), damage(), framing).prop_map(
        |(call, status, headers, body, damage, framing)| Case { call, status, headers, body, damage, framing },
    )
}

/// The earliest time that there is a word for.
pub fn absurd_date() -> String {
    let first = NaiveDate::MIN;
    format!("{} {} {:>2} 00:00:01 {}", first.weekday(), first.format("%b"), first.day(), first.year())
}

/// All places of a JSON value.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| places(item, &format!("{at}/{n}"), all)),
        Value::Object(map) => map.iter().for_each(|(name, item)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            places(item, &format!("{at}/{name}"), all);
        }),
        _ => {}
    }
}

/// The JSON text after the changes.
fn changed(mut json: Value, changes: &[Change]) -> String {
    let mut texts = Vec::new();
    let mut mark = |other: &Other| {
        texts.push(other.text());
        json!(format!("@@{}@@", texts.len() - 1))
    };
    for change in changes {
        let mut all = Vec::new();
        places(&json, "", &mut all);
        match change {
            Change::Replace(at, other) => *json.pointer_mut(&all[at.index(all.len())]).expect("a place") = mark(other),
            Change::Remove(at) => {
                let at = &all[at.index(all.len())];
                let (parent, name) = at.rsplit_once('/').unwrap_or_default();
                match json.pointer_mut(parent) {
                    Some(Value::Object(map)) => drop(map.remove(name)),
                    Some(Value::Array(items)) => drop(name.parse().ok().map(|n: usize| items.remove(n))),
                    _ => {}
                }
            }
            Change::Add(at, name, other) => match json.pointer_mut(&all[at.index(all.len())]).expect("a place") {
                Value::Object(map) => drop(map.insert(name.clone(), mark(other))),
                Value::Array(items) => items.push(mark(other)),
                _ => {}
            },
        }
    }
    let mut text = json.to_string();
    for (n, other) in texts.iter().enumerate() {
        text = text.replace(&format!("\"@@{n}@@\""), other);
    }
    text
}

impl Case {
    pub fn body(&self) -> Vec<u8> {
        let mut bytes = match &self.body {
            Body::Json(of, changes) => {
                let call = of.map_or(self.call, |n| CALLS[n]);
                changed(call.success(), changes).into_bytes()
            }
            Body::Error(message, changes) => {
                let error = json!({
                    "error": {"code": self.status, "message": "@@message@@", "metadata": {"detail": "@@message@@"}},
                    "user_id": "user_2ab9"
                });
                changed(error, changes).replace("\"@@message@@\"", &message.text()).into_bytes()
            }
            Body::Random(seed, length) => {
                let mut random = fastrand::Rng::with_seed(*seed);
                std::iter::repeat_with(|| random.u8(..)).take(*length).collect()
            }
            Body::Raw(bytes) => bytes.clone(),
        };
        for damage in &self.damage {
            let length = bytes.len();
            match damage {
                Damage::Set(at, byte) if length > 0 => bytes[at.index(length)] = *byte,
                Damage::Insert(at, piece) => {
                    let at = at.index(length + 1);
                    bytes.splice(at..at, piece.iter().copied());
                }
                Damage::Truncate(at) => bytes.truncate(at.index(length + 1)),
                Damage::Set(..) => {}
            }
        }
        bytes
    }

    /// Whether an answer with this status has a body at all.
    pub fn has_body(&self) -> bool {
        !matches!(self.status, 204 | 304)
    }

    pub fn reaction(&self, body: &[u8]) -> Reaction {
        let mut answer = format!("HTTP/1.1 {} Whatever\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            answer.extend_from_slice(name.as_bytes());
            answer.extend_from_slice(b": ");
            answer.extend_from_slice(value);
            answer.extend_from_slice(b"\r\n");
        }
        if !self.has_body() {
            answer.extend_from_slice(b"\r\n");
            return Reaction::KeepAlive(answer);
        }
        let (head, close) = match self.framing {
            Framing::Length => (format!("content-length: {}\r\n\r\n", body.len()), false),
            Framing::Chunked(_) => ("transfer-encoding: chunked\r\n\r\n".to_owned(), false),
            Framing::UntilClosed => ("connection: close\r\n\r\n".to_owned(), true),
            Framing::Short => (format!("content-length: {}\r\n\r\n", body.len() + 7), true),
        };
        answer.extend_from_slice(head.as_bytes());
        match self.framing {
            Framing::Chunked(size) => {
                for chunk in body.chunks(size) {
                    answer.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                    answer.extend_from_slice(chunk);
                    answer.extend_from_slice(b"\r\n");
                }
                answer.extend_from_slice(b"0\r\n\r\n");
            }
            _ => answer.extend_from_slice(body),
        }
        if close { Reaction::Close(answer) } else { Reaction::KeepAlive(answer) }
    }

    /// The request's id, if it was sent as visible ASCII.
    pub fn request_id(&self) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(name, _)| *name == "x-request-id")?;
        let text = std::str::from_utf8(value).ok()?.trim_matches([' ', '\t']);
        let visible = !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        visible.then(|| text.replace(KEY, "[hidden]"))
    }
}
