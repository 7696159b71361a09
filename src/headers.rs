//! What the headers of an answer say: the request's id, the server's clock, and how long it asks to wait.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDateTime, Utc};
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// The headers that carry a request's id, the most telling one first.
const REQUEST_ID_HEADERS: [&str; 3] = ["x-request-id", "x-generation-id", "cf-ray"];

/// The id under which the server knows the request. A header that is empty says nothing.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let ids = REQUEST_ID_HEADERS.iter().filter_map(|name| headers.get(*name)?.to_str().ok());
    ids.map(str::trim).find(|id| !id.is_empty())
}

/// The wait that `Retry-After` (seconds, or an HTTP date) or `retry-after-ms` asks for; the longer one of both.
///
/// A date is compared with the `Date` of the same answer, so that a wrong clock on either side does no harm.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let milliseconds = text("retry-after-ms").and_then(|ms| seconds(ms, 1000.0));
    let standard = text(RETRY_AFTER.as_str()).and_then(|value| {
        seconds(value, 1.0).or_else(|| {
            let now = server_time(headers).unwrap_or_else(|| SystemTime::now().into());
            // A date in the past asks for no wait.
            Some((http_date(value)? - now).to_std().unwrap_or(Duration::ZERO))
        })
    });
    milliseconds.max(standard)
}

/// The server's clock when it sent an answer, in whole seconds.
pub(crate) fn server_time(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

/// A number of seconds, or of parts of a second. Numbers that are no duration are none at all.
fn seconds(text: &str, per_second: f64) -> Option<Duration> {
    let number: f64 = text.parse().ok()?;
    if !number.is_finite() || number < 0.0 {
        return None;
    }
    Some(Duration::try_from_secs_f64(number / per_second).unwrap_or(Duration::MAX))
}

/// The three forms of an HTTP date (RFC 9110, 5.6.7). The name of the day is not looked at: the date says it, too.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let date = match text.split_once(',') {
        Some((_, date)) => date.trim_start(),
        None => text.get(3..)?.trim_start(),
    };
    if let Ok(date) = DateTime::parse_from_rfc2822(date) {
        return Some(date.to_utc());
    }
    ["%d-%b-%y %H:%M:%S GMT", "%b %e %H:%M:%S %Y"]
        .into_iter()
        .find_map(|form| NaiveDateTime::parse_from_str(date, form).ok())
        .map(|date| date.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, http::HeaderValue::from_static(value));
        }
        retry_after(&map)
    }

    #[test]
    fn seconds_dates_and_milliseconds_are_understood() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let s = Duration::from_secs;
        assert_eq!(wait(&[("retry-after", "7")]), Some(s(7)));
        assert_eq!(wait(&[("retry-after", " 1.5 ")]), Some(Duration::from_millis(1500)));
        assert_eq!(wait(&[("retry-after-ms", "250")]), Some(Duration::from_millis(250)));
        for later in ["Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:50:37 1994"] {
            assert_eq!(wait(&[date, ("retry-after", later)]), Some(s(60)), "{later}");
        }
        let wrong_day = ("retry-after", "Tue, 06 Nov 1994 08:50:37 GMT");
        assert_eq!(wait(&[date, wrong_day]), Some(s(60)));
        let past = ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT");
        assert_eq!(wait(&[date, past]), Some(Duration::ZERO));
    }

    #[test]
    fn the_longer_wait_counts() {
        let both = [("retry-after", "2"), ("retry-after-ms", "300")];
        assert_eq!(wait(&both), Some(Duration::from_secs(2)));
    }

    #[test]
    fn nonsense_is_no_wait_and_never_an_overflow() {
        for nonsense in ["", "soon", "-1", "inf", "NaN", "99999-01-01"] {
            assert_eq!(wait(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
        assert_eq!(wait(&[("retry-after", "1e300")]), Some(Duration::MAX));
    }
}
