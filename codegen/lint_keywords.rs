//! Every keyword of the contract is one that OpenAPI has, for a misspelt one would be passed over in silence.

use serde_json::Value;

use super::contract::{Contract, ContractError, Place};
use super::grammar::{Object, each_object};
use super::nearest::{hint, nearest};

/// Where a parameter may stand.
const PLACES: [&str; 4] = ["path", "query", "header", "cookie"];

/// No object has a keyword that is none of its kind, and parameters are where parameters can be.
pub fn check(contract: &Contract) -> Result<(), ContractError> {
    each_object(contract, &mut |kind, place, value| {
        let Some(map) = value.as_object() else {
            return Err(contract.error(place, format!("{} has to be a mapping", kind.name())));
        };
        for key in map.keys() {
            known(contract, kind, place, key)?;
        }
        if kind == Object::Parameter { parameter(contract, place, value) } else { Ok(()) }
    })
}

fn known(contract: &Contract, kind: Object, place: &Place, key: &str) -> Result<(), ContractError> {
    let keywords = kind.keywords().iter().map(|(keyword, _)| *keyword);
    if keywords.clone().any(|keyword| keyword == key) {
        return Ok(());
    }
    if !key.starts_with("x-") {
        let message = format!("`{key}` is no keyword of {}{}", kind.name(), hint(key, keywords));
        return Err(contract.error(&place.join(&[key]), message));
    }
    // Extensions are free, but for those that are nearly one of ours.
    match nearest(key, keywords.filter(|keyword| keyword.starts_with("x-"))) {
        Some(ours) => Err(contract.error(&place.join(&[key]), format!("`{key}` says nothing; did you mean `{ours}`?"))),
        None => Ok(()),
    }
}

fn parameter(contract: &Contract, place: &Place, parameter: &Value) -> Result<(), ContractError> {
    let Some(stands) = parameter["in"].as_str() else { return Ok(()) };
    if !PLACES.contains(&stands) {
        let message = format!("`{stands}` is no place for a parameter{}", hint(stands, PLACES));
        return Err(contract.error(&place.join(&["in"]), message));
    }
    if stands == "path" && parameter["required"] != true {
        let message = "a parameter in the path needs `required: true`, for there is no path without it";
        return Err(contract.error(&place.join(&["required"]), message));
    }
    Ok(())
}
