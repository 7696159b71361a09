//! The JSON Schema, which says of a manifest what reading it says.

use std::collections::BTreeMap;

use openrouter_workspaces_fleet::{Manifest, Source, manifest_schema};
use serde_json::{Value, json};

/// Whether a manifest can be read, and what is wrong with it if not.
fn reads(manifest: &Value) -> Result<Manifest, String> {
    let variables = BTreeMap::from([("TEAM", "red"), ("LIMIT", "5")].map(|(name, value)| (name.into(), value.into())));
    let source = Source { name: "fleet.json".to_owned(), text: manifest.to_string() };
    Manifest::from_sources([source], &variables).map_err(|errors| errors.to_string())
}

#[test]
fn the_schema_takes_what_reading_takes_and_refuses_what_reading_refuses() {
    let schema = manifest_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let with = |field: &str, value: Value| json!({"workspaces": [{"slug": "a", field: value}]});
    let default = |field: &str, value: Value| json!({"defaults": {field: value}});
    let taken = [
        json!({"$schema": "x", "defaults": {"default_provider_sort": "price"}}),
        json!({"workspaces": [{"slug": "${TEAM}-prod", "budgets": {"monthly": "${LIMIT}"}}]}),
        with("description", json!(null)),
        with("default_text_model", json!(null)),
        with("default_image_model", json!(null)),
        with("default_provider_sort", json!(null)),
        with("disabled_server_tools", json!(null)),
        with("io_logging_api_key_ids", json!(null)),
        with("budgets", json!({"monthly": 5, "daily": null})),
        with("budgets", json!({"include_byok": true})),
        with("members", json!([])),
        with("members", json!({"include": ["user_1"]})),
        with("renamed_from", json!("b")),
        with("default_provider_sort", json!("exacto")),
        with("disabled_server_tools", json!(["openrouter:bash", "openrouter:web_fetch"])),
        with("disabled_server_tools", json!([])),
        default("description", json!(null)),
        default("disabled_server_tools", json!(["openrouter:bash"])),
    ];
    for taken in taken {
        assert!(validator.is_valid(&taken), "{taken}");
        assert_eq!(reads(&taken).err(), None, "{taken}");
    }
    let refused = [
        json!({"workspaces": [{"name": "No slug"}]}),
        json!({"workspaces": [{"slug": "Capital"}]}),
        json!({"workspace": []}),
        json!({"workspaces": null}),
        json!({"defaults": null}),
        with("slug2", json!("b")),
        with("name", json!("")),
        with("io_logging_sampling_rate", json!(2)),
        with("members", json!({"exclude": []})),
        with("members", json!({"include": null})),
        with("members", json!([null])),
        with("budgets", json!({"monthly": 0})),
        with("budgets", json!({"yearly": 1})),
        with("budgets", json!({"monthly": 5, "include_byok": null})),
        with("name", json!(null)),
        with("io_logging_sampling_rate", json!(null)),
        with("is_observability_io_logging_enabled", json!(null)),
        with("is_observability_broadcast_enabled", json!(null)),
        with("is_data_discount_logging_enabled", json!(null)),
        with("members", json!(null)),
        with("budgets", json!(null)),
        with("renamed_from", json!(null)),
        json!({"workspaces": [{"slug": null}]}),
        with("default_provider_sort", json!("pirce")),
        with("default_provider_sort", json!("")),
        with("default_provider_sort", json!("Price")),
        with("disabled_server_tools", json!(["openrouter:bash", "bash"])),
        default("name", json!("x")),
        default("is_data_discount_logging_enabled", json!(null)),
        default("default_provider_sort", json!("pirce")),
        default("disabled_server_tools", json!(["openrouter:bsh"])),
    ];
    for refused in refused {
        assert!(!validator.is_valid(&refused), "{refused}");
        assert!(reads(&refused).is_err(), "{refused}");
    }
}

#[test]
fn the_schema_takes_the_examples_as_they_are_written_again() {
    let schema = manifest_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let examples = Manifest::load([concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/fleet")]).unwrap();
    for value in [serde_json::to_value(&examples).unwrap(), examples.to_json()] {
        let error = validator.validate(&value).err().map(|error| error.to_string());
        assert_eq!(error, None);
    }
}
