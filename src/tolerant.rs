//! Reads answers that are not quite what the contract says, where nobody has to act on the difference. The head of the
//! contract has the rules; generated types refer to these readers.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

struct Time(DateTime<Utc>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TimeVisitor)
    }
}

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date and time, as in 2026-03-02T08:15:00Z")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        // Where the offset is missing it is UTC, and where its minutes are missing there are none.
        let completed = |_| ["Z", ":00"].iter().find_map(|end| [text, end].concat().parse().ok());
        let time = text.parse().or_else(|error| completed(error).ok_or(error));
        time.map(Time).map_err(|error| E::custom(format_args!("{text:?} is no time: {error}")))
    }
}

/// A time in RFC 3339, or with a space instead of the `T`, or without an offset.
pub(crate) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    Time::deserialize(deserializer).map(|Time(time)| time)
}

/// Such a time, or null.
pub(crate) fn optional_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Option::deserialize(deserializer).map(|time| time.map(|Time(time)| time))
}

/// A value, or what null stands for.
pub(crate) fn value_or<'de, D, T>(deserializer: D, null: T) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(|value| value.unwrap_or(null))
}
