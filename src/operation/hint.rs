//! What is wrong with text that has to be of a certain form, such as a slug, and what was probably meant.
//!
//! The form itself stands in the contract. What is said here is held against it: a character is only called wrong if the
//! pattern refuses it, and a suggestion is only made if it keeps all limits.

use regex_lite::Regex;

use crate::error::Hint;

/// Letters that are written without their marks in an address.
const PLAIN: [(&str, &str); 11] = [
    ("àáâãäåā", "a"),
    ("çćč", "c"),
    ("èéêëē", "e"),
    ("ìíîï", "i"),
    ("ñń", "n"),
    ("òóôõöø", "o"),
    ("šś", "s"),
    ("ùúûüū", "u"),
    ("ýÿ", "y"),
    ("žźż", "z"),
    ("ß", "ss"),
];

/// How many characters of a text are looked at for those that are wrong.
const LOOKED_AT: usize = 256;

/// How many wrong characters are named one by one.
const NAMED: usize = 3;

/// What to say of a text that breaks a rule of its field. `is_valid` tells whether another text keeps all of them.
pub(crate) fn hint(pattern: &str, longest: usize, value: &str, is_valid: impl Fn(&str) -> bool) -> Hint {
    let suggestion = slug(value, longest).filter(|slug| is_valid(slug));
    let problem = Regex::new(pattern).ok().and_then(|pattern| problem(&pattern, value));
    Hint { value: value.to_owned(), problem, suggestion }
}

/// In which way a text is not of the form, as in `has capitals and spaces`.
fn problem(pattern: &Regex, value: &str) -> Option<String> {
    // What the pattern allows between letters is not what is wrong.
    let is_wrong = |c: &char| !pattern.is_match(&format!("a{c}a"));
    let mut kinds: Vec<String> = Vec::new();
    for c in value.chars().take(LOOKED_AT).filter(is_wrong) {
        let kind = match c {
            c if c.is_uppercase() => "capitals".to_owned(),
            c if c.is_control() => "control characters".to_owned(),
            c if c.is_whitespace() => "spaces".to_owned(),
            '_' => "underscores".to_owned(),
            c => format!("`{c}`"),
        };
        if kinds.len() <= NAMED && !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.len() > NAMED {
        kinds.truncate(NAMED);
        kinds.push("more".to_owned());
    }
    match kinds.split_last() {
        Some((last, [])) => Some(format!("has {last}")),
        Some((last, others)) => Some(format!("has {} and {last}", others.join(", "))),
        None if pattern.is_match(value) => None,
        None if value.starts_with('-') => Some("begins with a hyphen".to_owned()),
        None if value.ends_with('-') => Some("ends with a hyphen".to_owned()),
        None if value.contains("--") => Some("has hyphens in a row".to_owned()),
        None => None,
    }
}

/// The text in lowercase letters, digits and hyphens; `None` where that would leave out letters of another script.
fn slug(value: &str, longest: usize) -> Option<String> {
    let mut slug = String::new();
    for c in value.chars().flat_map(char::to_lowercase) {
        let plain = PLAIN.iter().find(|(marked, _)| marked.contains(c));
        match (plain, c) {
            (Some((_, plain)), _) => slug.push_str(plain),
            (None, 'a'..='z' | '0'..='9') => slug.push(c),
            (None, '\'' | '’') => {}
            (None, c) if c.is_alphanumeric() => return None,
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
        if slug.len() > longest {
            break;
        }
    }
    slug.truncate(longest);
    Some(slug.trim_end_matches('-').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_called_wrong_that_the_pattern_allows() {
        let problem = |pattern| hint(pattern, 3, "-long-", |_| true).problem;
        assert_eq!(problem("^[a-z-]+$"), None);
        assert_eq!(problem("^[a-z0-9]+(?:-[a-z0-9]+)*$").as_deref(), Some("begins with a hyphen"));
    }
}
