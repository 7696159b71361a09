//! Every model of the crate, by its name in the contract.

use jsonschema::Validator;
use openrouter_workspaces::body::*;
use openrouter_workspaces::{
    BudgetInterval, BulkAddWorkspaceMembersResponse, BulkRemoveWorkspaceMembersResponse, DeletedResponse,
    ListWorkspaceBudgetsResponse, ProviderSort, ResetInterval, Role, ServerTool, Workspace, WorkspaceBudget,
    WorkspaceMember,
};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// A public type that stands for JSON.
pub struct Model {
    pub name: &'static str,
    /// The schema of what is read, and the one of what is written.
    pub derived: [Value; 2],
    /// Reads JSON, and writes it again.
    pub round_trip: fn(&str) -> serde_json::Result<Value>,
}

impl Model {
    fn of<T: JsonSchema + serde::Serialize + serde::de::DeserializeOwned>(name: &'static str) -> Self {
        let settings = [SchemaSettings::default().for_deserialize(), SchemaSettings::default().for_serialize()];
        Self {
            name,
            derived: settings.map(|settings| settings.into_generator().into_root_schema_for::<T>().to_value()),
            round_trip: |json| serde_json::to_value(serde_json::from_str::<T>(json)?),
        }
    }

    /// The derived schemas as validators.
    pub fn validators(&self) -> [Validator; 2] {
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        self.derived.each_ref().map(|schema| options.build(schema).expect("a schema"))
    }
}

macro_rules! models {
    ($($model:ident),* $(,)?) => { vec![$(Model::of::<$model>(stringify!($model))),*] };
}

pub fn all() -> Vec<Model> {
    models![
        BudgetInterval,
        BulkAddWorkspaceMembersRequest,
        BulkAddWorkspaceMembersResponse,
        BulkRemoveWorkspaceMembersRequest,
        BulkRemoveWorkspaceMembersResponse,
        CreateWorkspaceRequest,
        DeletedResponse,
        ErrorDetail,
        ErrorResponse,
        ListWorkspaceBudgetsResponse,
        ListWorkspaceMembersResponse,
        ListWorkspacesResponse,
        ProviderSort,
        ResetInterval,
        Role,
        ServerTool,
        UpdateWorkspaceRequest,
        UpsertWorkspaceBudgetRequest,
        Workspace,
        WorkspaceBudget,
        WorkspaceBudgetResponse,
        WorkspaceMember,
        WorkspaceResponse,
    ]
}

/// The model of this name.
pub fn named(name: &str) -> Model {
    all().into_iter().find(|model| model.name == name).expect("a model")
}
