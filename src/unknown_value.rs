//! Text in the place of an enum's value that is none of those that are known.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;

/// Longer text is no value that was misspelt.
const LONGEST: usize = 64;

/// Text that is none of the known values of an enum, as in `"montly"`.
///
/// Calls take their enums as text, too, and are refused with this before anything is sent. A value that is meant, although
/// this version does not know it, is given as `Other`.
///
/// ```
/// use openrouter_workspaces::{BudgetInterval, UnknownValue};
///
/// let error: UnknownValue = "montly".parse::<BudgetInterval>().unwrap_err();
/// assert_eq!((error.value(), error.nearest()), ("montly", "monthly"));
/// assert_eq!(error.to_string(), "`montly` is no known value; did you mean `monthly`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    value: String,
    nearest: &'static str,
}

impl UnknownValue {
    pub(crate) fn among(known: &[&'static str], value: &str) -> Self {
        let given: Vec<char> = value.chars().take(LONGEST).collect();
        // A tool may be given without what stands before its colon.
        let ways = |known: &'static str| [known].into_iter().chain(known.rsplit_once(':').map(|(_, name)| name));
        let nearest = known.iter().min_by_key(|known| ways(known).map(|way| distance(&given, way)).min());
        Self { value: value.to_owned(), nearest: nearest.copied().unwrap_or_default() }
    }

    /// The text.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The known value that is most like it.
    pub fn nearest(&self) -> &str {
        self.nearest
    }

    /// The rule that it breaks in the place of an argument. A key is hidden before the text is cut.
    pub(crate) fn rule(&self, hide: impl FnOnce(&str) -> String) -> String {
        let hidden = Self { value: hide(&self.value), nearest: self.nearest };
        format!("must be a known value, or be given as `Other`: {hidden}")
    }
}

/// How many characters have to be inserted, left out or replaced.
fn distance(a: &[char], b: &str) -> usize {
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (n, b) in b.chars().enumerate() {
        let (mut diagonal, mut left) = (n, n + 1);
        for (a, above) in a.iter().zip(row.iter_mut().skip(1)) {
            left = (left + 1).min(*above + 1).min(diagonal + usize::from(!a.eq_ignore_ascii_case(&b)));
            diagonal = std::mem::replace(above, left);
        }
    }
    row.last().copied().unwrap_or_default()
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value: String = self.value.chars().take(LONGEST).collect();
        let more = if value.len() < self.value.len() { ".." } else { "" };
        write!(f, "`{value}{more}` is no known value; did you mean `{}`?", self.nearest)
    }
}

impl std::error::Error for UnknownValue {}

/// What was not given as text is never unknown.
impl From<Infallible> for UnknownValue {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The arguments that were given as text, and are none of the known values.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnknownValues(BTreeMap<&'static str, UnknownValue>);

impl UnknownValues {
    /// The value of an argument, if it is known. Else it is remembered, in place of what was given before.
    pub fn known<T>(&mut self, name: &'static str, value: Result<T, impl Into<UnknownValue>>) -> Option<T> {
        self.0.remove(name);
        value.map_err(|unknown| self.0.insert(name, unknown.into())).ok()
    }

    /// The first of them, with its name.
    pub fn first(&self) -> Option<(&'static str, &UnknownValue)> {
        self.0.first_key_value().map(|(name, unknown)| (*name, unknown))
    }
}
