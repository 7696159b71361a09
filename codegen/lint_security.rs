//! Who may call: every security scheme that is demanded is described.

use serde_json::Value;

use super::contract::{Contract, ContractError, Place};
use super::nearest::hint;

const TYPES: [&str; 4] = ["apiKey", "http", "oauth2", "openIdConnect"];

/// The schemes are of a known type, and no operation demands one that there is not.
pub fn check(contract: &Contract) -> Result<(), ContractError> {
    let schemes = contract.root["components"]["securitySchemes"].as_object();
    for (name, scheme) in schemes.into_iter().flatten() {
        let kind = scheme["type"].as_str().unwrap_or_default();
        if !TYPES.contains(&kind) {
            let place = Place::new(&["components", "securitySchemes", name, "type"]);
            return Err(contract.error(&place, format!("`{kind}` is no type of security scheme{}", hint(kind, TYPES))));
        }
    }
    let described: Vec<&str> = schemes.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    demanded(contract, &Place::new(&[]), &contract.root, &described)?;
    contract.operations().try_for_each(|op| demanded(contract, &op.place(), op.value, &described))
}

fn demanded(contract: &Contract, place: &Place, owner: &Value, described: &[&str]) -> Result<(), ContractError> {
    for (index, way) in owner["security"].as_array().into_iter().flatten().enumerate() {
        for name in way.as_object().into_iter().flatten().map(|(name, _)| name) {
            if !described.contains(&name.as_str()) {
                let place = place.join(&["security", &index.to_string(), name]);
                let hint = hint(name, described.iter().copied());
                return Err(contract.error(&place, format!("the security scheme `{name}` is not described{hint}")));
            }
        }
    }
    Ok(())
}
