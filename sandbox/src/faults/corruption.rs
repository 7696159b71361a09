//! Corrupt bodies: their content differs from what the API has answered.

use axum::body::Bytes;
use serde_json::{Map, Value, json};

use crate::faults::fault::{Fault, TotalCount};

/// The body as the fault corrupts it; `None` where the fault makes no difference.
pub(crate) fn corrupted(fault: &Fault, success: bool, body: &Bytes) -> Option<Bytes> {
    if let Fault::Oversize(size) = fault {
        let mut padded = body.to_vec();
        padded.resize(body.len().max(*size), b' ');
        return (padded.len() > body.len()).then(|| padded.into());
    }
    let mut document: Value = serde_json::from_slice(body).ok()?;
    let changed = match fault {
        Fault::UnknownValues => success && each_object(&mut document, &unknown_values),
        Fault::UnknownFields => each_object(&mut document, &unknown_fields),
        Fault::PageCap(rows) => cap(&mut document, *rows),
        Fault::TotalCount(wrong) => misstate(&mut document, *wrong),
        _ => false,
    };
    changed.then(|| document.to_string().into())
}

/// Changes an object and all objects in it, and returns whether any change was made.
fn each_object(node: &mut Value, change: &dyn Fn(&mut Map<String, Value>) -> bool) -> bool {
    let mut changed = false;
    match node {
        Value::Object(fields) => {
            for value in fields.values_mut() {
                changed |= each_object(value, change);
            }
            changed |= change(fields);
        }
        Value::Array(items) => {
            for item in items {
                changed |= each_object(item, change);
            }
        }
        _ => {}
    }
    changed
}

fn unknown_values(fields: &mut Map<String, Value>) -> bool {
    let unknown = [
        ("role", json!("auditor")),
        ("default_provider_sort", json!("cheapest")),
        ("reset_interval", json!("yearly")),
        ("disabled_server_tools", json!(["openrouter:telepathy"])),
    ];
    let mut changed = false;
    for (name, value) in unknown {
        if let Some(field) = fields.get_mut(name) {
            *field = value;
            changed = true;
        }
    }
    changed
}

fn unknown_fields(fields: &mut Map<String, Value>) -> bool {
    fields.insert("x_sandbox_unknown".to_owned(), json!({"list": [1, "two", null], "flag": true}));
    true
}

fn cap(document: &mut Value, rows: usize) -> bool {
    match document.get_mut("data") {
        Some(Value::Array(page)) if page.len() > rows => {
            page.truncate(rows);
            true
        }
        _ => false,
    }
}

fn misstate(document: &mut Value, wrong: TotalCount) -> bool {
    let Some(count) = document.get_mut("total_count") else {
        return false;
    };
    *count = match wrong {
        TotalCount::Off(rows) => json!(count.as_i64().unwrap_or_default().saturating_add(rows)),
        TotalCount::Exactly(rows) => json!(rows),
    };
    true
}
