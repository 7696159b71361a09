//! The types of OpenAPI, with the formats and the keywords that belong to them.

/// The types, in alphabetical order.
pub const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

const DATE: &str = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const TIME: &str = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";

/// The formats of each type.
const FORMATS: [(&str, &[&str]); 3] = [
    ("integer", &["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]),
    ("number", &["float", "double"]),
    (
        "string",
        &["binary", "byte", "date", "date-time", "email", "hostname", "ipv4", "ipv6", "password", "uri", "uuid"],
    ),
];

/// Keywords that say something of some types only.
const BELONGING: [(&str, &[&str]); 15] = [
    ("additionalProperties", &["object"]),
    ("exclusiveMaximum", &["integer", "number"]),
    ("exclusiveMinimum", &["integer", "number"]),
    ("items", &["array"]),
    ("maxItems", &["array"]),
    ("maxLength", &["string"]),
    ("maximum", &["integer", "number"]),
    ("minItems", &["array"]),
    ("minLength", &["string"]),
    ("minimum", &["integer", "number"]),
    ("multipleOf", &["integer", "number"]),
    ("pattern", &["string"]),
    ("properties", &["object"]),
    ("required", &["object"]),
    ("uniqueItems", &["array"]),
];

/// The formats that a type has.
pub fn formats(of: &str) -> &'static [&'static str] {
    FORMATS.iter().find(|(name, _)| *name == of).map_or(&[], |(_, formats)| formats)
}

/// The type that a format belongs to.
pub fn type_of(format: &str) -> Option<&'static str> {
    FORMATS.iter().find(|(_, formats)| formats.contains(&format)).map(|(name, _)| *name)
}

/// The keywords that say nothing of a type.
pub fn foreign_to(of: &str) -> impl Iterator<Item = &'static str> {
    BELONGING.iter().filter(move |(_, types)| !types.contains(&of)).map(|(keyword, _)| *keyword)
}

/// The pattern that all texts of a format match; `None` where they are not checked.
pub fn pattern_of(format: &str) -> Option<String> {
    match format {
        "date" => Some(format!("^{DATE}$")),
        "date-time" => Some(format!("^{DATE}[Tt]{TIME}$")),
        "uuid" => Some("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$".to_owned()),
        _ => None,
    }
}

/// The least and the largest number of an integer's format.
pub fn range_of(format: &str) -> Option<(i128, i128)> {
    let (signed, bits) = match format.strip_prefix('u') {
        Some(rest) => (false, rest),
        None => (true, format),
    };
    let bits: u32 = bits.strip_prefix("int")?.parse().ok()?;
    Some(if signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) })
}
