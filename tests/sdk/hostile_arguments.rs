//! Whatever a caller gives as an argument, a call either refuses it, or sends exactly one request to exactly the intended
//! endpoint, with no header but the intended ones.

use std::time::Duration;

use crate::common::ops::Op;
use crate::common::property::{Seen, run};
use openrouter_workspaces::{BudgetInterval, Error};
use proptest::prelude::*;
use proptest::sample::select;

const CASES: u32 = 500;

/// Text that tends to mean something in a URL.
fn arguments() -> impl Strategy<Value = String> {
    let special = [
        ".",
        "..",
        "...",
        "..;",
        "/",
        "\\",
        "%",
        "?",
        "#",
        "%2e",
        "%2E%2e",
        "%2f",
        "%5c",
        "%00",
        "%",
        ":",
        "@",
        "&",
        "=",
        ";",
        "+",
        " ",
        "//",
        "http:",
        "\r\n",
        "\n",
        "\t",
        "\0",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{2024}",
        "\u{2025}",
        "\u{2028}",
        "\u{ff0e}",
        "\u{ff0f}",
        "\u{ff3c}",
        "\u{2215}",
        "\u{202e}",
        "\u{feff}",
        "e\u{301}",
        "\u{e9}",
        "\u{1f980}",
        "\u{10ffff}",
        "members",
        "budgets",
        "[",
        "]",
        "{",
        "}",
        "|",
        "^",
        "`",
        "\"",
        "'",
        "<",
        ">",
        "*",
        "~",
        "$",
        "!",
        ",",
        "(",
        ")",
    ];
    let piece = prop_oneof![
        3 => select(special.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z0-9-]{1,4}",
    ];
    let pieces = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    pieces.prop_map(|text| text.chars().take(40).collect())
}

fn intervals() -> impl Strategy<Value = String> {
    prop_oneof![1 => select(vec!["daily", "weekly", "monthly", "lifetime"]).prop_map(str::to_owned), 2 => arguments()]
}

/// Text that tends to mean something in a header.
fn values() -> impl Strategy<Value = String> {
    let special = [
        "\r\n",
        "\n",
        "\r",
        "\0",
        "\t",
        " ",
        ":",
        "x-injected: 1",
        "\r\nx-injected: 1\r\n\r\n",
        "\u{85}",
        ",",
        "é",
        "\u{10a}",
    ];
    let piece = prop_oneof![
        2 => select(special.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        4 => "[ -~]{1,6}",
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "x-[a-zA-Z0-9-]{1,10}",
        1 => values(),
        1 => select(vec!["Authorization", "AUTHORIZATION", "accept", "User-Agent", "content-type", "cookie", "x-trace", "", ":path"])
            .prop_map(str::to_owned),
        1 => (values(), "[a-z]{1,5}").prop_map(|(value, name)| name + &value),
    ]
}

/// A request as it came.
#[derive(Debug)]
struct Sent {
    method: String,
    target: String,
    /// With names in lowercase, sorted.
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Sent {
    fn new(request: &[u8]) -> Self {
        let end = request.windows(4).position(|end| end == b"\r\n\r\n").expect("a head");
        let (head, body) = (&request[..end], request[end + 4..].to_vec());
        // Any line feed counts as the end of a line: servers are lenient.
        let mut lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let first = lines.next().expect("a first line");
        let first = std::str::from_utf8(first).expect("a first line in ASCII");
        let [method, target, version] = first.split(' ').collect::<Vec<_>>().try_into().expect("three words");
        assert_eq!(version, "HTTP/1.1");
        let headers = lines.map(|line| {
            let colon = line.iter().position(|byte| *byte == b':').expect("a header");
            let name = String::from_utf8(line[..colon].to_ascii_lowercase()).expect("a name in ASCII");
            (name, line[colon + 1..].trim_ascii_start().to_vec())
        });
        let mut headers: Vec<_> = headers.collect();
        headers.sort();
        Self { method: method.to_owned(), target: target.to_owned(), headers, body }
    }

    /// The segments of the path, decoded once. A query or a fragment would be a part of them.
    fn segments(&self) -> Vec<String> {
        assert!(self.target.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#\\".contains(&byte)), "{self:?}");
        let path = self.target.strip_prefix('/').expect("a path");
        path.split('/').map(|segment| decode(segment).unwrap_or_else(|| panic!("{self:?}"))).collect()
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    fn values(&self, name: &str) -> Vec<&[u8]> {
        self.headers.iter().filter(|(other, _)| other == name).map(|(_, value)| &**value).collect()
    }
}

/// Percent-decoding, once.
fn decode(segment: &str) -> Option<String> {
    // URL parsers take these for dots, even when they are escaped.
    let dots = segment.to_ascii_lowercase().replace("%2e", ".");
    if dots == "." || dots == ".." {
        return None;
    }
    let (mut bytes, mut decoded) = (segment.bytes(), Vec::new());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

/// What a call sent, if it was not refused.
fn sent<T: std::fmt::Debug>(seen: &Seen, call: impl Future<Output = Result<T, Error>>) -> Option<Sent> {
    seen.sent(call).map(|request| Sent::new(&request))
}

/// The path of an operation on a workspace, in segments.
fn endpoint(op: Op, workspace: &str) -> (String, Vec<String>) {
    let (method, path) = op.line().split_once(' ').unwrap();
    let segments = path[1..].split('/').map(|segment| if segment == "production" { workspace } else { segment });
    (method.to_owned(), segments.map(str::to_owned).collect())
}

fn harmless(argument: &str) -> bool {
    let ok = |c: char| !c.is_control() && c != '/' && c != '\\';
    !matches!(argument, "" | "." | "..") && argument.chars().all(ok)
}

#[test]
fn a_workspace_stays_one_segment_of_the_path() {
    let seen = Seen::new();
    let client = seen.client();
    let ops: Vec<_> = Op::on_a_workspace().collect();
    let plain: Vec<_> = ops.iter().map(|op| sent(&seen, op.send_to(&client, "production")).unwrap()).collect();
    run(CASES, (0..ops.len(), arguments()), |(n, workspace)| {
        let sent = sent(&seen, ops[*n].send_to(&client, workspace));
        assert_eq!(sent.is_some(), harmless(workspace), "{sent:?}");
        let Some(sent) = sent else { return };
        assert_eq!((sent.method.clone(), sent.segments()), endpoint(ops[*n], workspace));
        assert_eq!((&sent.headers, &sent.body), (&plain[*n].headers, &plain[*n].body));
    });
}

#[test]
fn an_interval_stays_one_segment_of_the_path() {
    let seen = Seen::new();
    let client = seen.client();
    run(CASES, (0..3, arguments(), intervals()), |(n, workspace, interval)| {
        let other = BudgetInterval::Other(interval.clone());
        let (sent, method) = match n {
            0 => (sent(&seen, client.get_budget(workspace, other).into_future()), "GET"),
            1 => (sent(&seen, client.set_budget(workspace, other, 1.0).into_future()), "PUT"),
            _ => (sent(&seen, client.delete_budget(workspace, other).into_future()), "DELETE"),
        };
        assert_eq!(sent.is_some(), harmless(workspace) && harmless(interval), "{sent:?}");
        let Some(sent) = sent else { return };
        assert_eq!(sent.method, method);
        assert_eq!(sent.segments(), ["api", "v1", "workspaces", workspace, "budgets", interval]);
    });
}

#[test]
fn a_header_stays_one_header() {
    let seen = Seen::new();
    let client = seen.client();
    let plain = || sent(&seen, client.delete("production").into_future()).unwrap();
    run(CASES, (names(), values()), |(name, value)| {
        let Some(sent) = sent(&seen, client.delete("production").header(name, value).into_future()) else { return };
        let name = name.to_lowercase();
        assert_ne!(name, "authorization");
        let trimmed = value.trim_matches([' ', '\t']).as_bytes();
        let got = sent.values(&name);
        assert_eq!(got.len(), 1, "{sent:?}");
        assert_eq!(got[0].trim_ascii(), trimmed, "{sent:?}");
        assert_eq!((sent.target.as_str(), sent.body.len()), ("/api/v1/workspaces/production", 0));
        assert_eq!(sent.without(&name).headers, plain().without(&name).headers);
        seen.server.take_requests();
    });
}

#[test]
fn the_headers_of_the_app_stay_one_header_each_and_what_is_empty_is_none() {
    const NAMES: [&str; 3] = ["http-referer", "x-openrouter-title", "x-openrouter-categories"];
    let seen = Seen::new();
    let plain = sent(&seen, seen.client().delete("production").into_future()).unwrap();
    run(CASES, (values(), values(), prop::collection::vec(values(), 1..3)), |(url, title, categories)| {
        let builder = seen.builder().app_url(url).app_title(title).app_categories(categories.clone());
        let client = match builder.build() {
            Ok(client) => client,
            Err(Error::InvalidInput(_)) => return,
            Err(other) => panic!("{other:?}"),
        };
        let sent = sent(&seen, client.delete("production").into_future()).expect("a client that works");
        for (name, value) in NAMES.iter().zip([url, title, &categories.join(",")]) {
            let got: Vec<&[u8]> = sent.values(name).iter().map(|value| value.trim_ascii()).collect();
            let given = Some(value.as_bytes().trim_ascii()).filter(|_| !value.is_empty());
            assert_eq!(got, Vec::from_iter(given), "{sent:?}");
        }
        let rest = NAMES.iter().fold(sent, |sent, name| sent.without(name));
        assert_eq!(rest.headers, plain.headers);
    });
}

#[test]
fn a_header_cannot_change_where_a_request_ends() {
    let seen = Seen::new();
    let client = seen.client();
    let limit = Duration::from_secs(1);
    let mut broken = Vec::new();
    for (name, value) in [
        ("content-length", "0"),
        ("content-length", "5"),
        ("content-length", "1000"),
        ("Content-Length", "5, 6"),
        ("transfer-encoding", "chunked"),
        ("transfer-encoding", "gzip"),
    ] {
        for method in ["DELETE", "POST"] {
            let result = seen.runtime.block_on(async {
                match method {
                    "DELETE" => client.delete("production").header(name, value).timeout(limit).await.map(drop),
                    _ => client.create("Production", "production").header(name, value).timeout(limit).await.map(drop),
                }
            });
            let requests = seen.server.take_requests();
            let refused = matches!(result, Err(Error::InvalidInput(_)));
            // If it is sent at all, it must arrive as if the header had not been given.
            let whole = match &requests[..] {
                [] => refused,
                [request] => !refused && is_whole(&Sent::new(request), method),
                _ => false,
            };
            if !whole {
                let requests = requests.iter().map(|request| String::from_utf8_lossy(request));
                broken.push(format!("{name}: {value}\n{result:?}\n{:?}", requests.collect::<Vec<_>>()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

/// Whether the body is there, and announced as what it is.
fn is_whole(sent: &Sent, method: &str) -> bool {
    let length = sent.body.len().to_string();
    let announced = match method {
        "DELETE" => sent.values("content-length").is_empty() && sent.body.is_empty(),
        _ => sent.values("content-length") == [length.as_bytes()] && sent.body.ends_with(b"}"),
    };
    sent.method == method && announced && sent.values("transfer-encoding").is_empty()
}
