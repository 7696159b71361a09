//! The names of faults, as they stand on a command line.

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::faults::fault::{Fault, Framing, RetryAfter, TotalCount, When};
use crate::faults::script::ScriptedResponse;

/// How much later a request is processed if nothing else is said.
const LATE: Duration = Duration::from_secs(2);

/// The longest that a fault lasts.
const MAX_DURATION: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest body.
const MAX_BYTES: usize = 1_000_000_000;

impl Fault {
    /// The names that [`str::parse`] understands, each with what it means. What stands in brackets may be left out.
    pub const NAMES: &'static [(&'static str, &'static str)] = &[
        ("latency[=MS|=MS-MS]", "a delay before processing; of 50-250 ms"),
        ("latency-after[=MS|=MS-MS]", "a delay after processing"),
        (
            "STATUS[-FORM][-RETRY][-after|-late]",
            "another answer, such as 503, 429-seconds or 502-html-after; FORM is html, empty, mistyped (JSON as plain \
             text) or untyped (JSON without a type), RETRY is seconds, date or ms (how Retry-After says when); \
             late: the request is processed 2 s later",
        ),
        ("reset", "the connection is reset before processing"),
        ("reset-after", "the connection is reset after processing"),
        ("reset-late[=MS]", "the connection is reset, and the request processed later; by 2000 ms"),
        ("refuse[=MS]", "the connection is reset before processing, and new ones are refused; for 200 ms"),
        ("truncate", "the connection ends in the middle of the body"),
        ("truncate-chunked", "the connection ends before the last chunk"),
        ("stall", "half of the body never comes"),
        ("drip[=MS]", "the body comes byte by byte; with 1 ms between two"),
        ("content-type[=TYPE]", "the answer has another type, or none"),
        ("oversize[=BYTES]", "the answer is padded; to 10,000,000 bytes"),
        ("unknown-values", "the answer has values that the contract does not have"),
        ("unknown-fields", "the answer has fields that the contract does not have"),
        ("page-cap[=ROWS]", "pages are smaller than asked for; 1 row"),
        ("ignore-offset", "a list starts from the beginning"),
        ("repeat-page", "a list's page is the one before"),
        ("total-count[=N]", "a list says that it has N rows; 0"),
        ("total-count-off[=N]", "a list says that it has N rows more than it has; 1"),
        ("redirect=URL", "the client is sent to another place, with 307"),
    ];
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        match value {
            None => without_value(name).or_else(|| answer(name)),
            Some(value) => with_value(name, value),
        }
        .ok_or_else(|| UnknownFault { name: text.to_owned(), limit: None })
        .and_then(|fault| match limit(&fault) {
            None => Ok(fault),
            limit => Err(UnknownFault { name: text.to_owned(), limit }),
        })
    }
}

/// The limit that a fault goes beyond.
fn limit(fault: &Fault) -> Option<&'static str> {
    let duration = match fault {
        Fault::Latency { from, to, .. } => from.max(to),
        Fault::Refuse(duration) | Fault::Drip(duration) | Fault::Reset(When::Late(duration)) => duration,
        Fault::Oversize(bytes) => return (*bytes > MAX_BYTES).then_some("1000000000 bytes are the most"),
        _ => return None,
    };
    (*duration > MAX_DURATION).then_some("a day, 86400000 ms, is the longest")
}

fn without_value(name: &str) -> Option<Fault> {
    Some(match name {
        "latency" => Fault::latency(Duration::from_millis(50)..=Duration::from_millis(250)),
        "latency-after" => without_value("latency")?.after_processing(),
        "reset" => Fault::Reset(When::Before),
        "reset-after" => Fault::Reset(When::After),
        "reset-late" => Fault::Reset(When::Late(LATE)),
        "refuse" => Fault::Refuse(Duration::from_millis(200)),
        "truncate" => Fault::Truncate(Framing::ContentLength),
        "truncate-chunked" => Fault::Truncate(Framing::Chunked),
        "stall" => Fault::Stall,
        "drip" => Fault::Drip(Duration::from_millis(1)),
        "content-type" => Fault::ContentType(None),
        "oversize" => Fault::Oversize(10_000_000),
        "unknown-values" => Fault::UnknownValues,
        "unknown-fields" => Fault::UnknownFields,
        "page-cap" => Fault::PageCap(1),
        "ignore-offset" => Fault::IgnoreOffset,
        "repeat-page" => Fault::RepeatPage,
        "total-count" => Fault::TotalCount(TotalCount::Exactly(0)),
        "total-count-off" => Fault::TotalCount(TotalCount::Off(1)),
        _ => return None,
    })
}

fn with_value(name: &str, value: &str) -> Option<Fault> {
    Some(match name {
        "latency" => {
            let (from, to) = value.split_once('-').unwrap_or((value, value));
            Fault::latency(millis(from)?..=millis(to)?)
        }
        "latency-after" => with_value("latency", value)?.after_processing(),
        "reset-late" => Fault::Reset(When::Late(millis(value)?)),
        "refuse" => Fault::Refuse(millis(value)?),
        "drip" => Fault::Drip(millis(value)?),
        "content-type" => Fault::ContentType(Some(value.to_owned())),
        "oversize" => Fault::Oversize(value.parse().ok()?),
        "page-cap" => Fault::PageCap(value.parse().ok()?),
        "total-count" => Fault::TotalCount(TotalCount::Exactly(value.parse().ok()?)),
        "total-count-off" => Fault::TotalCount(TotalCount::Off(value.parse().ok()?)),
        "redirect" => Fault::redirect(307, value),
        _ => return None,
    })
}

/// A status with what follows it.
fn answer(name: &str) -> Option<Fault> {
    let mut words = name.split('-');
    let status = words.next()?.parse().ok().filter(|status| (200..=999).contains(status))?;
    let mut response = ScriptedResponse::error(status, "A fault of the sandbox");
    let mut retry_after = None;
    let mut when = When::Before;
    for word in words {
        match word {
            "html" => {
                response = ScriptedResponse::html(status, "<html><body><h1>A fault of the sandbox</h1></body></html>")
            }
            "empty" => response = ScriptedResponse::new(status),
            "mistyped" => response = ScriptedResponse::text(status, response.body),
            "untyped" => response.headers.clear(),
            "seconds" => retry_after = Some(RetryAfter::Seconds(1)),
            "date" => retry_after = Some(RetryAfter::Date(Duration::from_secs(1))),
            "ms" => retry_after = Some(RetryAfter::Millis(100)),
            "after" => when = When::After,
            "late" => when = When::Late(LATE),
            _ => return None,
        }
    }
    Some(Fault::Answer { response, retry_after, when })
}

fn millis(text: &str) -> Option<Duration> {
    text.parse().ok().map(Duration::from_millis)
}

/// A name that no fault has, or a value that the fault cannot have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault {
    name: String,
    /// The limit that the value goes beyond, if the fault has one at all.
    limit: Option<&'static str>,
}

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(limit) = self.limit {
            return write!(f, "there is no fault {}: {limit}", self.name);
        }
        let names: Vec<&str> = Fault::NAMES.iter().map(|(name, _)| *name).collect();
        write!(f, "there is no fault {}: choose from {}", self.name, names.join(", "))
    }
}

impl Error for UnknownFault {}
