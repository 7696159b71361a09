//! `${NAME}` in values, and keys, which have no place in a manifest.

use std::env::VarError;

use crate::manifest::node::{Content, Node, Position, Scalar};

/// These hold the key: a manifest is stored, shown, and sent, and so is what is made of it.
const OF_KEYS: [&str; 2] = ["OPENROUTER_API_KEY", "OPENROUTER_MANAGEMENT_KEY"];

/// What keys begin with.
const KEY_PREFIX: &str = "sk-or-";

/// What gives a variable by its name.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Result<String, VarError>;

/// Whether a text has something in it that looks like a key.
pub(crate) fn looks_like_a_key(text: &str) -> bool {
    text.contains(KEY_PREFIX)
}

/// A text with what would be a variable in it escaped.
pub(crate) fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// Puts the values of variables in their places, in a whole tree. What is wrong is marked, and told.
pub(super) fn substitute(node: &mut Node, variable: Lookup<'_>, errors: &mut Vec<(Position, String)>) {
    let wrong = match &mut node.content {
        Content::Scalar(scalar) => match scalar_with(scalar, variable) {
            Ok(replaced) => return *scalar = replaced,
            Err(message) => message,
        },
        Content::List(items) => return items.iter_mut().for_each(|item| substitute(item, variable, errors)),
        Content::Map(fields) => {
            for (key, value) in fields {
                if looks_like_a_key(&key.text) {
                    errors.push((key.at, "looks like an API key, which has no place in a manifest".to_owned()));
                    value.content = Content::Wrong;
                }
                substitute(value, variable, errors);
            }
            return;
        }
        Content::Wrong => return,
    };
    errors.push((node.at, wrong));
    node.content = Content::Wrong;
}

fn scalar_with(scalar: &Scalar, variable: Lookup<'_>) -> Result<Scalar, String> {
    let (mut text, mut has_variable) = (String::new(), false);
    let mut rest = scalar.text.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            text.push_str(before);
            text.push_str("${");
            rest = after;
            continue;
        }
        let Some((name, after)) = after.split_once('}').filter(|(name, _)| is_name(name)) else {
            return Err("`${` must be followed by the name of a variable and `}`; `$${` stands for `${`".to_owned());
        };
        if OF_KEYS.contains(&name) {
            return Err(format!("the variable `{name}` holds the key, which has no place in a manifest"));
        }
        let value = variable(name).map_err(|error| match error {
            VarError::NotPresent => format!("the variable `{name}` is not set"),
            VarError::NotUnicode(_) => format!("the variable `{name}` holds no text, for it is not UTF-8"),
        })?;
        if looks_like_a_key(&value) {
            return Err(format!("the variable `{name}` holds what looks like an API key"));
        }
        text.push_str(before);
        text.push_str(&value);
        has_variable = true;
        rest = after;
    }
    text.push_str(rest);
    if looks_like_a_key(&text) {
        return Err("looks like an API key, which has no place in a manifest".to_owned());
    }
    Ok(Scalar { text, plain: scalar.plain, has_variable })
}

fn is_name(name: &str) -> bool {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(is_first) && name.chars().all(|c| is_first(c) || c.is_ascii_digit())
}
