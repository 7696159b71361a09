//! How rows are paged through: as a document tells it, or as it can be seen.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::Document;
use super::operation::{Parameter, ParameterKey, Part, Response};
use super::reading::shape;
use super::text::joined;

/// Pagination as the extension of the official SDKs' generator tells it.
pub fn told(told: &Value) -> String {
    let inputs: BTreeSet<_> = told["inputs"].as_array().into_iter().flatten().map(input).collect();
    let kind = told["type"].as_str().unwrap_or("unknown");
    let rows = told["outputs"]["results"].as_str().unwrap_or("$");
    let mut text = format!("{kind} by {} with rows in {rows}", joined(&inputs, ", "));
    let others = told["outputs"].as_object().into_iter().flatten().filter(|(name, _)| *name != "results");
    for (name, place) in others {
        let name = if name == "nextCursor" { "next" } else { name };
        text += &format!(" and {name} in {}", place.as_str().unwrap_or("?"));
    }
    text
}

/// One thing that is sent for a page: its name, and what it is and where it stands where that is not as the name says.
fn input(input: &Value) -> String {
    let text = |key: &str| input[key].as_str();
    let name = text("name").unwrap_or("?");
    let kind = text("type").filter(|kind| *kind != name).map(|kind| format!(" as {kind}"));
    let stands = text("in").filter(|stands| *stands != "parameters").map(|stands| format!(" in {stands}"));
    [Some(name.to_owned()), kind, stands].into_iter().flatten().collect()
}

/// Pagination as parameters and answer show it, where no extension tells.
pub fn seen(
    document: &Document,
    parameters: &BTreeMap<ParameterKey, Parameter>,
    responses: &BTreeMap<String, Part<Response>>,
) -> Option<String> {
    let takes = |name: &str| parameters.contains_key(&ParameterKey { place: "query".into(), name: name.into() });
    let answer = shape(document, responses.get("200")?.as_ref().ok()?.content.get("application/json")?);
    let rows = answer.fields.get("data").filter(|_| takes("offset") && takes("limit"))?;
    rows.shape(document).items.as_ref().map(|_| "offsetLimit by limit, offset with rows in $.data".to_owned())
}
