//! What the headers of an answer say: the request's id, the server's clock, and how long it asks to wait.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDateTime, Utc};
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// The headers that carry a request's id, the most telling one first.
const REQUEST_ID_HEADERS: [&str; 3] = ["x-request-id", "x-generation-id", "cf-ray"];

/// The id under which the server knows the request. A header that is empty says nothing.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    REQUEST_ID_HEADERS.iter().flat_map(|name| values(headers, name)).find(|id| !id.is_empty())
}

/// The values of a header, of which there may be several where there are several servers.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).map(str::trim)
}

/// The wait that `Retry-After` (seconds, or an HTTP date) or `retry-after-ms` asks for; the longest one of all.
///
/// A date is compared with the `Date` of the same answer, so that a wrong clock on either side does no harm.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let milliseconds = values(headers, "retry-after-ms").filter_map(|ms| seconds(ms, 1000.0));
    let standard = values(headers, RETRY_AFTER.as_str()).filter_map(|value| {
        seconds(value, 1.0).or_else(|| {
            let now = server_time(headers).unwrap_or_else(|| SystemTime::now().into());
            // A date in the past asks for no wait.
            Some((http_date(value)? - now).to_std().unwrap_or(Duration::ZERO))
        })
    });
    milliseconds.chain(standard).max()
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
            map.append(*name, http::HeaderValue::from_static(value));
        }
        retry_after(&map)
    }

    #[test]
    fn the_longest_wait_counts_where_a_header_is_repeated() {
        let seven = Some(Duration::from_secs(7));
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(wait(&[("retry-after", "1"), ("retry-after", "7"), ("retry-after", "soon")]), seven);
        assert_eq!(wait(&[date, ("retry-after", "Sun, 06 Nov 1994 08:49:44 GMT"), ("retry-after", "1")]), seven);
        assert_eq!(wait(&[("retry-after-ms", "x"), ("retry-after-ms", "7000"), ("retry-after-ms", "1")]), seven);
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
