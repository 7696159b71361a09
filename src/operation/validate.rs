//! The contract's limits on requests, checked before anything is sent.

use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::error::InvalidInput;
use crate::operation::hint::hint;
use crate::rules::{Field, Limit, form};

/// Checks all arguments of an operation. Where a list has too many items, `any_number` names the method that takes them.
pub(crate) fn arguments<E: Endpoint>(endpoint: &E, any_number: Option<&str>) -> Result<(), InvalidInput> {
    for (name, value) in endpoint.path_parameters() {
        parameter(E::FIELDS, name, value)?;
        path_segment(name, value)?;
    }
    for (name, value) in endpoint.query_parameters() {
        value.map_or(Ok(()), |value| parameter(E::FIELDS, name, value))?;
    }
    endpoint.body().map_or(Ok(()), |written| body(E::FIELDS, written, any_number))
}

/// Checks the fields of a request body.
pub(crate) fn body(
    fields: &[Field],
    written: Result<Value, serde_json::Error>,
    any_number: Option<&str>,
) -> Result<(), InvalidInput> {
    let body = written.map_err(|e| InvalidInput::new("body", format!("cannot be written as JSON: {e}")))?;
    let present = fields.iter().filter_map(|field| Some((field, body.get(field.name)?)));
    for (field, value) in present {
        check(field, value).map_err(|error| match any_number {
            Some(method) if is_too_long(field, value) => {
                InvalidInput::new(field.name, format!("{}; `{method}` takes any number", error.rule()))
            }
            _ => error,
        })?;
    }
    Ok(())
}

fn is_too_long(field: &Field, value: &Value) -> bool {
    let items = value.as_array().map_or(0, Vec::len);
    field.limits.iter().any(|limit| matches!(limit, Limit::MaxItems(most) if items > *most))
}

/// Checks the parameters that the caller adds: the operation's own are given otherwise, and would stand twice in the URL.
pub(crate) fn extra_query<E: Endpoint>(endpoint: &E, query: &[(String, String)]) -> Result<(), InvalidInput> {
    for (name, _) in query {
        let rule = if name.is_empty() {
            "must have a name"
        } else if endpoint.query_parameters().any(|(own, _)| own == name) {
            "is a parameter of the operation: call its own method"
        } else {
            continue;
        };
        return Err(InvalidInput::new(format_args!("query {name}"), rule));
    }
    Ok(())
}

fn parameter(fields: &[Field], name: &str, value: impl Into<Value>) -> Result<(), InvalidInput> {
    fields.iter().find(|field| field.name == name).map_or(Ok(()), |field| check(field, &value.into()))
}

/// Checks a path argument, which must stay one segment of the path.
///
/// Percent-encoding cannot help here: URL parsers collapse `.` and `..`, and servers decode `%2F` as they like.
fn path_segment(name: &'static str, value: &str) -> Result<(), InvalidInput> {
    let rule = if value.is_empty() {
        "must not be empty"
    } else if value == "." || value == ".." {
        "must not be `.` or `..`, which would name another endpoint"
    } else if value.contains(['/', '\\']) {
        "must not contain `/` or `\\`, which would name another endpoint"
    } else if value.chars().any(char::is_control) {
        "must not contain control characters"
    } else {
        return Ok(());
    };
    Err(InvalidInput::new(name, rule))
}

fn check(field: &Field, value: &Value) -> Result<(), InvalidInput> {
    let rule = match value {
        // JSON has no NaN and no infinity: serde_json writes them as null.
        Value::Null if !field.nullable => Some("must be a finite number".to_owned()),
        _ => first_broken(field, value),
    };
    let Some(rule) = rule else { return Ok(()) };
    let is_valid = |other: &str| first_broken(field, &other.into()).is_none();
    let hint = value.as_str().zip(form(field)).map(|(text, (pattern, longest))| hint(pattern, longest, text, is_valid));
    Err(InvalidInput::new(field.name, rule).hint(hint))
}

fn first_broken(field: &Field, value: &Value) -> Option<String> {
    field.limits.iter().find_map(|limit| broken_rule(limit, value))
}

/// The rule that the value breaks, in words.
fn broken_rule(limit: &Limit, value: &Value) -> Option<String> {
    let length = value.as_str().map(|text| text.chars().count());
    let items = value.as_array().map(Vec::len);
    let number = value.as_f64();
    let (broken, rule) = match *limit {
        Limit::MinLength(1) => (length? < 1, "must not be empty".to_owned()),
        Limit::MinLength(min) => (length? < min, format!("must have at least {min} characters")),
        Limit::MaxLength(max) => (length? > max, format!("must have at most {max} characters, has {}", length?)),
        Limit::Pattern(pattern, words) => {
            let text = value.as_str()?;
            let matches = regex_lite::Regex::new(pattern).is_ok_and(|regex| regex.is_match(text));
            (!matches, words.map_or_else(|| format!("must match {pattern}"), |words| format!("must be {words}")))
        }
        Limit::Minimum(min) => (number? < min, format!("must be at least {min}, is {}", number?)),
        Limit::ExclusiveMinimum(min) => (number? <= min, format!("must be greater than {min}, is {}", number?)),
        Limit::Maximum(max) => (number? > max, format!("must be at most {max}, is {}", number?)),
        Limit::ExclusiveMaximum(max) => (number? >= max, format!("must be less than {max}, is {}", number?)),
        Limit::MinItems(min) => (items? < min, format!("must have at least {min} item(s), has {}", items?)),
        Limit::MaxItems(max) => (items? > max, format!("must have at most {max} items, has {}", items?)),
    };
    broken.then_some(rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::rules;

    #[test]
    fn limits_end_where_they_say() {
        let text = |length| Value::from("ß".repeat(length));
        let list = |length| Value::from(vec![1; length]);
        for (limit, keeps, breaks, rule) in [
            (Limit::MinLength(1), text(1), text(0), "must not be empty"),
            (Limit::MinLength(3), text(3), text(2), "must have at least 3 characters"),
            (Limit::MaxLength(3), text(3), text(4), "must have at most 3 characters, has 4"),
            (Limit::Minimum(2.5), 2.5.into(), 2.4.into(), "must be at least 2.5, is 2.4"),
            (Limit::ExclusiveMinimum(2.5), 2.6.into(), 2.5.into(), "must be greater than 2.5, is 2.5"),
            (Limit::Maximum(2.5), 2.5.into(), 2.6.into(), "must be at most 2.5, is 2.6"),
            (Limit::ExclusiveMaximum(2.5), 2.4.into(), 2.5.into(), "must be less than 2.5, is 2.5"),
            (Limit::MinItems(2), list(2), list(1), "must have at least 2 item(s), has 1"),
            (Limit::MaxItems(2), list(2), list(3), "must have at most 2 items, has 3"),
        ] {
            assert_eq!(broken_rule(&limit, &keeps), None);
            assert_eq!(broken_rule(&limit, &breaks).as_deref(), Some(rule));
        }
    }

    #[test]
    fn every_pattern_of_the_contract_compiles() {
        let all = [rules::CREATE_WORKSPACE, rules::UPDATE_WORKSPACE];
        let patterns = all.iter().flat_map(|fields| *fields).flat_map(|f| f.limits);
        let mut count = 0;
        for limit in patterns {
            if let Limit::Pattern(pattern, _) = limit {
                regex_lite::Regex::new(pattern).expect("the contract's pattern is a regex");
                count += 1;
            }
        }
        assert_eq!(count, 2);
    }

    #[test]
    fn exclusive_and_inclusive_limits_differ_at_the_limit() {
        let at = serde_json::json!(5);
        assert_eq!(broken_rule(&Limit::Minimum(5.0), &at), None);
        assert_eq!(broken_rule(&Limit::Maximum(5.0), &at), None);
        assert!(broken_rule(&Limit::ExclusiveMinimum(5.0), &at).is_some());
        assert!(broken_rule(&Limit::ExclusiveMaximum(5.0), &at).is_some());
    }
}
