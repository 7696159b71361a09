//! The contract's limits on requests, as data: generated, and checked by `operation/validate.rs`.

/// A parameter or a field of a request body.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub nullable: bool,
    /// What the server sets where a request leaves the field out, as JSON.
    pub default: Option<&'static str>,
    /// The value that says the same as null, as JSON.
    pub null_means: Option<&'static str>,
    pub limits: &'static [Limit],
}

/// A limit as the contract states it. Lengths count characters.
#[derive(Debug)]
pub enum Limit {
    MinLength(usize),
    MaxLength(usize),
    /// With what it means in words, as in `lowercase letters and digits`.
    Pattern(&'static str, Option<&'static str>),
    Minimum(f64),
    ExclusiveMinimum(f64),
    Maximum(f64),
    ExclusiveMaximum(f64),
    MinItems(usize),
    MaxItems(usize),
}

/// The form that the contract asks of a text, and how long it may be.
pub(crate) fn form(field: &Field) -> Option<(&'static str, usize)> {
    let pattern = field.limits.iter().find_map(|limit| match limit {
        Limit::Pattern(pattern, _) => Some(*pattern),
        _ => None,
    })?;
    let longest = field.limits.iter().find_map(|limit| match limit {
        Limit::MaxLength(longest) => Some(*longest),
        _ => None,
    });
    Some((pattern, longest.unwrap_or(usize::MAX)))
}

/// The most items that the contract allows for a field.
pub(crate) fn max_items(fields: &[Field], name: &str) -> Option<usize> {
    let field = fields.iter().find(|field| field.name == name)?;
    field.limits.iter().find_map(|limit| match limit {
        Limit::MaxItems(maximum) => Some(*maximum),
        _ => None,
    })
}

/// The largest value that the contract allows for a parameter.
pub(crate) fn maximum(fields: &[Field], name: &str) -> Option<u64> {
    let field = fields.iter().find(|field| field.name == name)?;
    field.limits.iter().find_map(|limit| match limit {
        Limit::Maximum(maximum) => Some(*maximum as u64),
        _ => None,
    })
}
