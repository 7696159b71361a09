//! Whether a result is what the server has said.

use chrono::DateTime;
use serde_json::Value;

/// What faults put other values into.
pub(crate) const OPEN: [&str; 4] = ["role", "default_provider_sort", "reset_interval", "disabled_server_tools"];

/// Where a result differs from what the server has said; `None` where it does not.
pub(crate) fn difference(told: &Value, said: &Value) -> Option<String> {
    // A workspace comes out of its envelope.
    let envelope = said.get("data").filter(|data| told.get("data").is_none() && data.is_object());
    differs(told, envelope.unwrap_or(said)).then(|| format!("{told} instead of {said}"))
}

fn differs(told: &Value, said: &Value) -> bool {
    match (told, said) {
        (Value::Object(told), Value::Object(said)) => said
            .iter()
            .filter(|(name, _)| !OPEN.contains(&name.as_str()))
            .any(|(name, said)| differs(told.get(name).unwrap_or(&Value::Null), said)),
        (Value::Array(told), Value::Array(said)) => {
            told.len() != said.len() || told.iter().zip(said).any(|(told, said)| differs(told, said))
        }
        (Value::Number(told), Value::Number(said)) => told.as_f64() != said.as_f64(),
        (Value::String(told), Value::String(said)) if told != said => {
            let time = |text| DateTime::parse_from_rfc3339(text).ok();
            time(told).is_none() || time(told) != time(said)
        }
        _ => told != said,
    }
}
