//! The contract's limits on requests, checked before anything is sent.

use serde::Serialize;
use serde_json::Value;

use crate::error::Error;
use crate::failure::InvalidInput;

/// A parameter or a field of a request body.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub nullable: bool,
    pub limits: &'static [Limit],
}

/// A limit as the contract states it. Lengths count characters.
#[derive(Debug)]
pub enum Limit {
    MinLength(usize),
    MaxLength(usize),
    Pattern(&'static str),
    Minimum(f64),
    ExclusiveMinimum(f64),
    Maximum(f64),
    ExclusiveMaximum(f64),
    MinItems(usize),
    MaxItems(usize),
}

/// Checks a parameter.
pub(crate) fn parameter(fields: &[Field], name: &str, value: impl Serialize) -> Result<(), Error> {
    let value = to_value(name, value)?;
    match fields.iter().find(|field| field.name == name) {
        Some(field) => check(field, &value),
        None => Ok(()),
    }
}

/// Checks every field of a request body.
pub(crate) fn body(fields: &[Field], body: impl Serialize) -> Result<(), Error> {
    let body = to_value("body", body)?;
    let present = fields.iter().filter_map(|field| Some((field, body.get(field.name)?)));
    for (field, value) in present {
        check(field, value)?;
    }
    Ok(())
}

/// Checks a path argument, which must stay one segment of the path.
///
/// Percent-encoding cannot help here: URL parsers collapse `.` and `..`, and servers decode `%2F` as they like.
pub(crate) fn path_segment(fields: &[Field], name: &'static str, value: &str) -> Result<(), Error> {
    parameter(fields, name, value)?;
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
    Err(InvalidInput::new(name, rule).into())
}

/// The largest value that the contract allows for a parameter.
pub(crate) fn maximum(fields: &[Field], name: &str) -> Option<u64> {
    let field = fields.iter().find(|field| field.name == name)?;
    field.limits.iter().find_map(|limit| match limit {
        Limit::Maximum(maximum) => Some(*maximum as u64),
        _ => None,
    })
}

fn to_value(name: &str, value: impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|e| InvalidInput::new(name, format!("cannot be written as JSON: {e}")).into())
}

fn check(field: &Field, value: &Value) -> Result<(), Error> {
    let rule = match value {
        // JSON has no NaN and no infinity: serde_json writes them as null.
        Value::Null if !field.nullable => Some("must be a finite number".to_owned()),
        _ => field.limits.iter().find_map(|limit| limit.broken_by(value)),
    };
    match rule {
        Some(rule) => Err(InvalidInput::new(field.name, rule).into()),
        None => Ok(()),
    }
}

impl Limit {
    /// The rule that the value breaks, in words.
    fn broken_by(&self, value: &Value) -> Option<String> {
        let length = value.as_str().map(|text| text.chars().count());
        let items = value.as_array().map(Vec::len);
        let number = value.as_f64();
        let broken = |broken: bool, rule: String| broken.then_some(rule);
        match *self {
            Self::MinLength(min) => broken(
                length? < min,
                match min {
                    1 => "must not be empty".to_owned(),
                    _ => format!("must have at least {min} characters"),
                },
            ),
            Self::MaxLength(max) => {
                broken(length? > max, format!("must have at most {max} characters, has {}", length?))
            }
            Self::Pattern(pattern) => {
                let regex = regex_lite::Regex::new(pattern).ok()?;
                broken(!regex.is_match(value.as_str()?), format!("must match {pattern}"))
            }
            Self::Minimum(min) => broken(number? < min, format!("must be at least {min}, is {}", number?)),
            Self::ExclusiveMinimum(min) => {
                broken(number? <= min, format!("must be greater than {min}, is {}", number?))
            }
            Self::Maximum(max) => broken(number? > max, format!("must be at most {max}, is {}", number?)),
            Self::ExclusiveMaximum(max) => broken(number? >= max, format!("must be less than {max}, is {}", number?)),
            Self::MinItems(min) => broken(items? < min, format!("must have at least {min} item(s), has {}", items?)),
            Self::MaxItems(max) => broken(items? > max, format!("must have at most {max} items, has {}", items?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::rules;

    #[test]
    fn every_pattern_of_the_contract_compiles() {
        let all = [rules::CREATE_WORKSPACE, rules::UPDATE_WORKSPACE];
        let patterns = all.iter().flat_map(|fields| *fields).flat_map(|f| f.limits);
        let mut count = 0;
        for limit in patterns {
            if let Limit::Pattern(pattern) = limit {
                regex_lite::Regex::new(pattern).expect("the contract's pattern is a regex");
                count += 1;
            }
        }
        assert_eq!(count, 2);
    }

    #[test]
    fn exclusive_and_inclusive_limits_differ_at_the_limit() {
        let at = serde_json::json!(5);
        assert_eq!(Limit::Minimum(5.0).broken_by(&at), None);
        assert_eq!(Limit::Maximum(5.0).broken_by(&at), None);
        assert!(Limit::ExclusiveMinimum(5.0).broken_by(&at).is_some());
        assert!(Limit::ExclusiveMaximum(5.0).broken_by(&at).is_some());
    }
}
