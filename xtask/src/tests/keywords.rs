//! Keywords that OpenAPI does not have: each is refused where it stands, with the one that was meant.

use super::{CONTRACT, changed, refused};
use crate::codegen;

const USER_IDS: &str = "          maxItems: 100\n          description: The ids of the users.\n";
const IN_USER_IDS: &str = "schema BulkRemoveWorkspaceMembersRequest, property user_ids";

#[test]
fn a_misspelt_keyword_of_a_schema() {
    for (misspelt, meant) in [
        ("maxitems", "maxItems"),
        ("maxItms", "maxItems"),
        ("max_items", "maxItems"),
        ("requird", "required"),
        ("nulable", "nullable"),
        ("descripton", "description"),
        ("additionalProperty", "additionalProperties"),
        ("x-server-defualt", "x-server-default"),
    ] {
        let yaml = changed(USER_IDS, &format!("{USER_IDS}          {misspelt}: true # here\n"));
        let message = match misspelt.strip_prefix("x-") {
            Some(_) => format!("{IN_USER_IDS}: `{misspelt}` says nothing; did you mean `{meant}`?"),
            None => format!("{IN_USER_IDS}: `{misspelt}` is no keyword of a schema; did you mean `{meant}`?"),
        };
        refused(&yaml, &message);
    }
}

#[test]
fn a_keyword_of_another_version() {
    for keyword in ["const", "$defs", "patternProperties", "unevaluatedProperties"] {
        refused(
            &changed(USER_IDS, &format!("{USER_IDS}          {keyword}: {{}} # here\n")),
            &format!("{IN_USER_IDS}: `{keyword}` is no keyword of a schema"),
        );
    }
}

#[test]
fn a_misspelt_keyword_deep_inside() {
    refused(
        &changed(
            "          description: The ids of the users.\n          items:\n            type: string\n",
            "          description: The ids of the users.\n          items:\n            type: string\n            nulable: \
             true # here\n",
        ),
        &format!("{IN_USER_IDS}: `nulable` is no keyword of a schema; did you mean `nullable`?"),
    );
}

#[test]
fn a_misspelt_keyword_of_anything_else() {
    for (from, to, message) in [
        (
            "\nsecurity:\n",
            "\nsecurty: # here\n",
            "securty: `securty` is no keyword of an OpenAPI document; did you mean `security`?",
        ),
        (
            "  version: 1.0.0\n",
            "  version: 1.0.0\n  licence: {} # here\n",
            "info.licence: `licence` is no keyword of info; did you mean `license`?",
        ),
        (
            "  parameters:\n    WorkspaceRef:\n",
            "  parameter: # here\n    WorkspaceRef:\n",
            "components.parameter: `parameter` is no keyword of components; did you mean `parameters`?",
        ),
        (
            "      operationId: get_workspace_budget\n",
            "      operationID: get_workspace_budget # here\n",
            "operation GET /workspaces/{id}/budgets/{interval}: `operationID` is no keyword of an operation; did you mean `operationId`?",
        ),
        (
            "  /workspaces:\n    parameters:\n",
            "  /workspaces:\n    paramters: # here\n",
            "path /workspaces: `paramters` is no keyword of a path; did you mean `parameters`?",
        ),
        (
            "      name: interval\n      in: path\n      required: true\n",
            "      name: interval\n      in: path\n      requird: true # here\n",
            "parameter Interval: `requird` is no keyword of a parameter; did you mean `required`?",
        ),
        (
            "          description: How many members were removed.\n          content:\n",
            "          descripton: How many members were removed. # here\n          content:\n",
            "operation bulk_remove_workspace_members, response 200: `descripton` is no keyword of a response; did you mean `description`?",
        ),
        (
            "              example:\n                removed_count: 1\n",
            "              exmaple: # here\n                removed_count: 1\n",
            "operation bulk_remove_workspace_members, response 200: `exmaple` is no keyword of a media type; did you mean `example`?",
        ),
        (
            "      type: http\n      scheme: bearer\n",
            "      type: http\n      schema: bearer # here\n",
            "securityScheme apiKey: `schema` is no keyword of a security scheme; did you mean `scheme`?",
        ),
    ] {
        refused(&changed(from, to), message);
    }
}

#[test]
fn what_has_to_be_a_mapping() {
    refused(
        &changed(USER_IDS, &format!("{USER_IDS}          not: string # here\n")),
        &format!("{IN_USER_IDS}: a schema has to be a mapping"),
    );
}

#[test]
fn a_place_where_no_parameter_can_be() {
    refused(
        &changed("      name: offset\n      in: query\n", "      name: offset\n      in: qurey # here\n"),
        "parameter Offset: `qurey` is no place for a parameter; did you mean `query`?",
    );
}

#[test]
fn a_path_parameter_that_is_not_required() {
    const MESSAGE: &str =
        "parameter Interval: a parameter in the path needs `required: true`, for there is no path without it";
    let from = "      name: interval\n      in: path\n      required: true\n";
    refused(&changed(from, "      name: interval\n      in: path\n      required: false # here\n"), MESSAGE);
    let yaml = changed(from, "      name: interval\n      in: path\n");
    refused(&yaml.replace("    Interval:\n", "    Interval: # here\n"), MESSAGE);
}

#[test]
fn an_undefined_security_scheme() {
    refused(
        &changed("  - apiKey: []\n", "  - apikey: [] # here\n"),
        "security.0.apikey: the security scheme `apikey` is not described; did you mean `apiKey`?",
    );
    let from = "      operationId: get_workspace_budget\n";
    refused(
        &changed(from, &format!("{from}      security:\n        - apiKey: []\n          session: [] # here\n")),
        "operation get_workspace_budget: the security scheme `session` is not described; known are apiKey",
    );
}

#[test]
fn an_unknown_type_of_security_scheme() {
    refused(
        &changed("      type: http\n      scheme: bearer\n", "      type: htpp # here\n      scheme: bearer\n"),
        "securityScheme apiKey: `htpp` is no type of security scheme; did you mean `http`?",
    );
}

#[test]
fn a_server_url_that_is_not_absolute() {
    for url in [
        "/api/v1",
        "openrouter.ai/api/v1",
        "//openrouter.ai",
        "https:///api",
        "ftp://a.example",
        "https://{region}.example",
    ] {
        refused(
            &changed("  - url: https://openrouter.ai/api/v1\n", &format!("  - url: '{url}' # here\n")),
            &format!("servers.0.url: `{url}` is no absolute URL: it needs https://, a host, and no variables"),
        );
    }
}

#[test]
fn names_of_ones_own_are_no_keywords() {
    let role = "    Role:\n      type: string\n";
    let yaml = changed(
        role,
        "    Maxitems:\n      type: object\n      x-stable: true\n      properties:\n        requird:\n          type: string\n        \
         x-servers:\n          type: string\n      example:\n        requird: nulable\n    Role:\n      type: string\n",
    );
    assert!(yaml != CONTRACT);
    codegen::generate(&yaml).expect("these are good names");
}
