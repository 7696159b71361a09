//! Examples keep to the schema that they are examples of: readers, tests and the sandbox take them at their word.

use serde_json::Value;

use super::contract::{Contract, ContractError, Place};
use super::fits;
use super::grammar::{Object, each_object};

/// Every example of the contract fits.
pub fn check(contract: &Contract) -> Result<(), ContractError> {
    each_object(contract, &mut |kind, place, value| {
        let schema = match kind {
            Object::MediaType | Object::Parameter | Object::Header => value.get("schema"),
            Object::Schema => Some(value),
            _ => None,
        };
        let Some(schema) = schema else { return Ok(()) };
        if let Some(example) = value.get("example") {
            fit(contract, &place.join(&["example"]), schema, example)?;
        }
        let named = value.get("examples").filter(|_| kind != Object::Schema).and_then(Value::as_object);
        for (name, example) in named.into_iter().flatten() {
            let place = match example["$ref"].as_str().and_then(|target| target.strip_prefix("#/")) {
                Some(target) => Place::new(&target.split('/').collect::<Vec<_>>()),
                None => place.join(&["examples", name]),
            };
            if let Some(example) = contract.resolve(example).get("value") {
                fit(contract, &place.join(&["value"]), schema, example)?;
            }
        }
        Ok(())
    })
}

fn fit(contract: &Contract, place: &Place, schema: &Value, example: &Value) -> Result<(), ContractError> {
    fits::check(contract, schema, example).map_err(|misfit| {
        contract.error(&place.join(&misfit.keys()), format!("the example breaks its schema: {misfit}"))
    })
}
