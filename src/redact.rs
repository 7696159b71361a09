//! Hides keys in what a server sends back.

use std::error::Error as StdError;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::api_key::{ApiKey, BoxError};

/// What stands in the place of a key.
const HIDDEN: &str = "[hidden]";

/// Hides the keys that a client has used.
///
/// A key is found in any case, and where its characters are escaped: as JSON does it (`\u0073`, `\"`), once or several
/// times, or as URLs do (`%73`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Redactor(pub Vec<ApiKey>);

impl Redactor {
    /// The text with the keys hidden.
    pub fn text(&self, text: impl Into<String>) -> String {
        let text = text.into();
        match self.hide(text.as_bytes(), HIDDEN) {
            Some(hidden) => String::from_utf8_lossy(&hidden).into_owned(),
            None => text,
        }
    }

    /// The answer with the keys hidden in its headers and in its body, which may not be whole.
    pub fn answer(&self, answer: http::Response<Bytes>, whole: bool) -> http::Response<Bytes> {
        let (mut head, body) = answer.into_parts();
        head.headers = self.headers(head.headers);
        http::Response::from_parts(head, self.body(body, whole))
    }

    /// The body with the keys hidden; all other bytes stay as they are. If it is not whole, its end may be half a key.
    fn body(&self, body: Bytes, whole: bool) -> Bytes {
        let hidden = self.hide(&body, HIDDEN).map_or(body, Bytes::from);
        if whole {
            return hidden;
        }
        let keys = self.0.iter().map(ApiKey::as_bytes);
        let halves = keys.flat_map(|key| (4..key.len()).filter_map(|length| key.get(..length)));
        let before = |half: &[u8]| {
            let (before, end) = hidden.split_at_checked(hidden.len().checked_sub(half.len())?)?;
            end.eq_ignore_ascii_case(half).then_some(before)
        };
        match halves.filter_map(before).min_by_key(|before| before.len()) {
            Some(before) => [before, HIDDEN.as_bytes()].concat().into(),
            None => hidden,
        }
    }

    /// The headers with the keys hidden, in names as in values.
    pub fn headers(&self, headers: HeaderMap) -> HeaderMap {
        let value = |value: HeaderValue| match self.hide(value.as_bytes(), HIDDEN) {
            Some(hidden) => HeaderValue::try_from(hidden).unwrap_or(HeaderValue::from_static(HIDDEN)),
            None => value,
        };
        let name = |name: HeaderName| match self.hide(name.as_str().as_bytes(), "hidden") {
            Some(hidden) => HeaderName::try_from(hidden).unwrap_or(HeaderName::from_static("hidden")),
            None => name,
        };
        let mut redacted = HeaderMap::with_capacity(headers.len());
        let mut last = HeaderName::from_static("hidden");
        for (next, content) in headers {
            // A name comes with the first of its values only.
            last = next.map(name).unwrap_or(last);
            redacted.append(last.clone(), value(content));
        }
        redacted
    }

    /// The error, or, where it or what lies behind it tells a key, what it says with the keys hidden.
    pub fn cause(&self, cause: BoxError) -> BoxError {
        let tells =
            |error: &(dyn StdError + 'static)| self.hide(format!("{error} {error:?}").as_bytes(), HIDDEN).is_some();
        let mut innermost: &(dyn StdError + 'static) = &*cause;
        let mut told = tells(innermost);
        while let Some(source) = innermost.source() {
            innermost = source;
            told |= tells(innermost);
        }
        if told { self.text(innermost.to_string()).into() } else { cause }
    }

    /// The bytes with the keys hidden, if there are any.
    fn hide(&self, bytes: &[u8], hidden: &str) -> Option<Vec<u8>> {
        let mut redacted: Option<Vec<u8>> = None;
        for key in self.0.iter().map(ApiKey::as_bytes).filter(|key| !key.is_empty()) {
            let before = redacted.as_deref().unwrap_or(bytes);
            redacted = hide_one(before, key, hidden).or(redacted);
        }
        redacted
    }
}

fn hide_one(bytes: &[u8], key: &[u8], hidden: &str) -> Option<Vec<u8>> {
    let first = key.first()?;
    let may_begin = |byte: &u8| byte.eq_ignore_ascii_case(first) || matches!(byte, b'\\' | b'%');
    let (mut redacted, mut kept, mut rest) = (None::<Vec<u8>>, bytes, bytes);
    while let Some(skipped) = rest.iter().position(may_begin) {
        rest = rest.get(skipped..)?;
        if let Some(after) = after_key(rest, key) {
            let redacted = redacted.get_or_insert_default();
            redacted.extend_from_slice(kept.get(..kept.len() - rest.len())?);
            redacted.extend_from_slice(hidden.as_bytes());
            (kept, rest) = (after, after);
        } else {
            rest = rest.get(1..)?;
        }
    }
    redacted.as_mut()?.extend_from_slice(kept);
    redacted
}

/// What follows the key, if the bytes begin with it.
fn after_key<'a>(mut bytes: &'a [u8], mut key: &[u8]) -> Option<&'a [u8]> {
    while let Some((first, rest)) = key.split_first() {
        let escapes = leading_backslashes(bytes);
        let plain = bytes.get(escapes..)?;
        let unicode = plain.strip_prefix(b"u").filter(|_| escapes > 0).and_then(|hex| after_hex(hex, 4, *first));
        let percent = plain.strip_prefix(b"%").and_then(|hex| after_hex(hex, 2, *first));
        if *first == b'\\' && unicode.or(percent).is_none() {
            let own = leading_backslashes(key);
            if escapes < own {
                return None;
            }
            (bytes, key) = (plain, key.get(own..)?);
            continue;
        }
        let literal = || plain.split_first().filter(|(byte, _)| byte.eq_ignore_ascii_case(first)).map(|(_, rest)| rest);
        bytes = unicode.or(percent).or_else(literal)?;
        key = rest;
    }
    Some(bytes)
}

/// How many backslashes the bytes begin with, as far as text that was escaped a few times has them.
fn leading_backslashes(bytes: &[u8]) -> usize {
    bytes.iter().take(16).take_while(|byte| **byte == b'\\').count()
}

/// What follows a number of hexadecimal digits, if they stand for a character, in any case.
fn after_hex(bytes: &[u8], digits: usize, character: u8) -> Option<&[u8]> {
    let (hex, rest) = bytes.split_at_checked(digits)?;
    let code = u32::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?;
    u8::try_from(code).is_ok_and(|code| code.eq_ignore_ascii_case(&character)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(key: &str) -> Redactor {
        Redactor(vec![ApiKey::new("sk-another-key"), ApiKey::new(key)])
    }

    #[test]
    fn a_key_is_found_however_it_is_written() {
        let redactor = redactor("sk-or-v1-Secret");
        for written in [
            "sk-or-v1-Secret",
            "SK-OR-V1-SECRET",
            r"\u0073k-or-v1-Secret",
            r"\\u0073k-or-v1-\u0053ecret",
            r"sk\-or\-v1\-Secret",
            "sk%2Dor%2dv1-Secret",
            "sk-another-key",
        ] {
            assert_eq!(redactor.text(format!("<{written}>")), "<[hidden]>", "{written}");
        }
        assert_eq!(redactor.text("sk-or-v1-Secre, sk-or-v1-Secres"), "sk-or-v1-Secre, sk-or-v1-Secres");
    }

    #[test]
    fn a_key_with_quotes_and_backslashes_is_found_escaped_and_plain() {
        let key = r#"sk-"or\v1\\x"#;
        let debug = format!("{key:?}");
        let numbers: String = key.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
        let percent: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for written in [key.to_owned(), debug.clone(), format!("{debug:?}"), numbers, percent] {
            let hidden = redactor(key).text(written.clone());
            assert!(hidden.contains(HIDDEN) && hidden.len() <= HIDDEN.len() + 8, "{written}: {hidden}");
        }
    }

    #[test]
    fn a_key_is_hidden_in_the_names_and_values_of_headers() {
        let mut headers = HeaderMap::new();
        headers.append("x-sk-or-v1-secret", HeaderValue::from_static("a sk-or-v1-Secret"));
        headers.append("x-sk-or-v1-secret", HeaderValue::from_static("b"));
        let hidden = redactor("sk-or-v1-Secret").headers(headers);
        assert_eq!(hidden.get_all("x-hidden").iter().collect::<Vec<_>>(), ["a [hidden]", "b"]);
        assert_eq!(hidden.len(), 2);
    }

    #[test]
    fn long_bodies_without_a_key_are_not_copied() {
        let body = Bytes::from(vec![b'\\'; 100_000]);
        assert_eq!(redactor("sk-or-v1-Secret").body(body.clone(), true).as_ptr(), body.as_ptr());
    }
}
