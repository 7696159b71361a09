// Generated from openapi/workspaces.yaml. Do not edit: change the contract, then run `cargo xtask regen`.

/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///Users to add.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct BulkAddWorkspaceMembersRequest {
        ///The ids of the users, who must be members of the organization.
        #[cfg_attr(
            feature = "schemars",
            schemars(extend("minItems" = 1, "maxItems" = 100))
        )]
        pub user_ids: ::std::vec::Vec<::std::string::String>,
    }
    ///What adding members did.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct BulkAddWorkspaceMembersResponse {
        ///How many memberships `data` has, one for each user that was named, new or not.
        pub added_count: i64,
        ///The memberships of the users that were named.
        pub data: ::std::vec::Vec<WorkspaceMember>,
    }
    ///Users to remove.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct BulkRemoveWorkspaceMembersRequest {
        ///The ids of the users.
        #[cfg_attr(
            feature = "schemars",
            schemars(extend("minItems" = 1, "maxItems" = 100))
        )]
        pub user_ids: ::std::vec::Vec<::std::string::String>,
    }
    ///What removing members did.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct BulkRemoveWorkspaceMembersResponse {
        ///How many of the users that were named were members, and were removed.
        pub removed_count: i64,
    }
    ///A workspace to create.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct CreateWorkspaceRequest {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///The model used where a request names none; null clears it.
        pub default_image_model: ::std::option::Option<
            ::std::option::Option<::std::string::String>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///What providers are sorted by where a request does not say; null leaves it to OpenRouter.
        pub default_provider_sort: ::std::option::Option<
            ::std::option::Option<crate::generated::enums::ProviderSort>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///The model used where a request names none; null clears it.
        pub default_text_model: ::std::option::Option<
            ::std::option::Option<::std::string::String>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///What the workspace is for; null clears it.
        #[cfg_attr(feature = "schemars", schemars(extend("maxLength" = 500)))]
        pub description: ::std::option::Option<
            ::std::option::Option<::std::string::String>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///The server tools that requests in this workspace may not call; null or an empty list disables none.
        pub disabled_server_tools: ::std::option::Option<
            ::std::option::Option<::std::vec::Vec<crate::generated::enums::ServerTool>>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///The API keys whose requests are logged; null means all of them.
        pub io_logging_api_key_ids: ::std::option::Option<
            ::std::option::Option<::std::vec::Vec<i64>>,
        >,
        ///The share of requests that input and output logging records, 1 being all of them.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(
            feature = "schemars",
            schemars(default, with = "f64", extend("minimum" = 0.0001, "maximum" = 1))
        )]
        pub io_logging_sampling_rate: ::std::option::Option<f64>,
        ///Whether data is logged in exchange for a discount.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(feature = "schemars", schemars(default, with = "bool"))]
        pub is_data_discount_logging_enabled: ::std::option::Option<bool>,
        ///Whether traces are sent to the broadcast destinations.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(feature = "schemars", schemars(default, with = "bool"))]
        pub is_observability_broadcast_enabled: ::std::option::Option<bool>,
        ///Whether inputs and outputs are logged privately.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(feature = "schemars", schemars(default, with = "bool"))]
        pub is_observability_io_logging_enabled: ::std::option::Option<bool>,
        ///The name shown to people.
        #[cfg_attr(
            feature = "schemars",
            schemars(extend("minLength" = 1, "maxLength" = 100))
        )]
        pub name: ::std::string::String,
        ///The name used in URLs, in lowercase letters, digits, and single hyphens between them.
        #[cfg_attr(
            feature = "schemars",
            schemars(
                extend(
                    "minLength" = 1,
                    "maxLength" = 50,
                    "pattern" = "^[a-z0-9]+(?:-[a-z0-9]+)*$"
                )
            )
        )]
        pub slug: ::std::string::String,
    }
    ///The confirmation of a deletion.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct DeletedResponse {
        ///Always true.
        pub deleted: bool,
    }
    ///What went wrong.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ErrorDetail {
        ///The HTTP status, once more.
        pub code: i64,
        ///What went wrong, for people.
        pub message: ::std::string::String,
        ///Details for programs, different from one error to the next.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metadata: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
    }
    ///What the API answers when it refuses or fails.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ErrorResponse {
        ///What went wrong.
        pub error: ErrorDetail,
        ///Details about how OpenRouter handled the request.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub openrouter_metadata: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        ///The id of the user whose key was used.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user_id: ::std::option::Option<::std::string::String>,
    }
    ///All budgets of a workspace.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ListWorkspaceBudgetsResponse {
        ///The budgets, at most one for each interval.
        pub data: ::std::vec::Vec<WorkspaceBudget>,
        ///Whether spend on one's own provider keys (BYOK) counts; `None` where the API does not tell.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(default, with = "bool"))]
        pub include_byok_in_budgets: ::std::option::Option<bool>,
    }
    ///A page of members.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ListWorkspaceMembersResponse {
        ///The members of this page.
        pub data: ::std::vec::Vec<WorkspaceMember>,
        ///How many members there are on all pages.
        pub total_count: i64,
    }
    ///A page of workspaces.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ListWorkspacesResponse {
        ///The workspaces of this page.
        pub data: ::std::vec::Vec<Workspace>,
        ///How many workspaces there are on all pages.
        pub total_count: i64,
    }
    ///The fields of a workspace to change.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[serde(deny_unknown_fields)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct UpdateWorkspaceRequest {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///The model used where a request names none; null clears it.
        pub default_image_model: ::std::option::Option<
            ::std::option::Option<::std::string::String>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///What providers are sorted by where a request does not say; null leaves it to OpenRouter.
        pub default_provider_sort: ::std::option::Option<
            ::std::option::Option<crate::generated::enums::ProviderSort>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///The model used where a request names none; null clears it.
        pub default_text_model: ::std::option::Option<
            ::std::option::Option<::std::string::String>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///What the workspace is for; null clears it.
        #[cfg_attr(feature = "schemars", schemars(extend("maxLength" = 500)))]
        pub description: ::std::option::Option<
            ::std::option::Option<::std::string::String>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///The server tools that requests in this workspace may not call; null or an empty list disables none.
        pub disabled_server_tools: ::std::option::Option<
            ::std::option::Option<::std::vec::Vec<crate::generated::enums::ServerTool>>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        ///The API keys whose requests are logged; null means all of them.
        pub io_logging_api_key_ids: ::std::option::Option<
            ::std::option::Option<::std::vec::Vec<i64>>,
        >,
        ///The share of requests that input and output logging records, 1 being all of them.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(
            feature = "schemars",
            schemars(default, with = "f64", extend("minimum" = 0.0001, "maximum" = 1))
        )]
        pub io_logging_sampling_rate: ::std::option::Option<f64>,
        ///Whether data is logged in exchange for a discount.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(feature = "schemars", schemars(default, with = "bool"))]
        pub is_data_discount_logging_enabled: ::std::option::Option<bool>,
        ///Whether traces are sent to the broadcast destinations.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(feature = "schemars", schemars(default, with = "bool"))]
        pub is_observability_broadcast_enabled: ::std::option::Option<bool>,
        ///Whether inputs and outputs are logged privately.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(feature = "schemars", schemars(default, with = "bool"))]
        pub is_observability_io_logging_enabled: ::std::option::Option<bool>,
        ///The name shown to people.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(
            feature = "schemars",
            schemars(
                default,
                with = "::std::string::String",
                extend("minLength" = 1, "maxLength" = 100)
            )
        )]
        pub name: ::std::option::Option<::std::string::String>,
        ///The name used in URLs, in lowercase letters, digits, and single hyphens between them.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(
            feature = "schemars",
            schemars(
                default,
                with = "::std::string::String",
                extend(
                    "minLength" = 1,
                    "maxLength" = 50,
                    "pattern" = "^[a-z0-9]+(?:-[a-z0-9]+)*$"
                )
            )
        )]
        pub slug: ::std::option::Option<::std::string::String>,
    }
    ///A budget to set.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct UpsertWorkspaceBudgetRequest {
        /**Whether spend on one's own provider keys (BYOK) counts. It belongs to the workspace, whichever interval it
is sent with, and stays as it is when left out.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "crate::nullable::present")]
        #[cfg_attr(feature = "schemars", schemars(default, with = "bool"))]
        pub include_byok_in_budgets: ::std::option::Option<bool>,
        ///The limit in US dollars, for each interval.
        #[cfg_attr(feature = "schemars", schemars(extend("exclusiveMinimum" = 0)))]
        pub limit_usd: f64,
    }
    ///A workspace with its settings.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct Workspace {
        ///When the workspace was created.
        #[serde(deserialize_with = "crate::tolerant::time")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///The id of the user who created the workspace.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<::std::string::String>")
        )]
        pub created_by: ::std::option::Option<::std::string::String>,
        /**The id of the workspace's default guardrail; `None` where the API does not tell. It follows from the
workspace's id, and exists before the guardrail is first configured.*/
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<::uuid::Uuid>")
        )]
        pub default_guardrail_id: ::std::option::Option<::uuid::Uuid>,
        ///The image model used where a request names none.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<::std::string::String>")
        )]
        pub default_image_model: ::std::option::Option<::std::string::String>,
        ///What providers are sorted by where a request does not say; null leaves it to OpenRouter.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<crate::generated::enums::ProviderSort>")
        )]
        pub default_provider_sort: ::std::option::Option<
            crate::generated::enums::ProviderSort,
        >,
        ///The text model used where a request names none.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<::std::string::String>")
        )]
        pub default_text_model: ::std::option::Option<::std::string::String>,
        ///What the workspace is for.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<::std::string::String>")
        )]
        pub description: ::std::option::Option<::std::string::String>,
        ///The server tools that requests in this workspace may not call; `None` disables none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub disabled_server_tools: ::std::option::Option<
            ::std::vec::Vec<crate::generated::enums::ServerTool>,
        >,
        ///The workspace's id; it never changes.
        pub id: ::uuid::Uuid,
        /**Whether spend on one's own provider keys (BYOK) counts toward the budgets. It is set by the budget
operations; `None` where the API does not tell.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(default, with = "bool"))]
        pub include_byok_in_budgets: ::std::option::Option<bool>,
        ///The API keys whose requests are logged; `None` means all of them.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<::std::vec::Vec<i64>>")
        )]
        pub io_logging_api_key_ids: ::std::option::Option<::std::vec::Vec<i64>>,
        ///The share of requests that input and output logging records, 1 being all of them.
        #[cfg_attr(feature = "schemars", schemars(!default))]
        #[serde(
            default = "crate::generated::absent::workspace_io_logging_sampling_rate",
            deserialize_with = "crate::generated::absent::read_workspace_io_logging_sampling_rate"
        )]
        pub io_logging_sampling_rate: f64,
        ///Whether data is logged in exchange for a discount.
        #[cfg_attr(feature = "schemars", schemars(!default))]
        #[serde(
            default = "crate::generated::absent::workspace_is_data_discount_logging_enabled",
            deserialize_with = "crate::generated::absent::read_workspace_is_data_discount_logging_enabled"
        )]
        pub is_data_discount_logging_enabled: bool,
        ///Whether traces are sent to the broadcast destinations.
        #[cfg_attr(feature = "schemars", schemars(!default))]
        #[serde(
            default = "crate::generated::absent::workspace_is_observability_broadcast_enabled",
            deserialize_with = "crate::generated::absent::read_workspace_is_observability_broadcast_enabled"
        )]
        pub is_observability_broadcast_enabled: bool,
        ///Whether inputs and outputs are logged privately.
        #[cfg_attr(feature = "schemars", schemars(!default))]
        #[serde(
            default = "crate::generated::absent::workspace_is_observability_io_logging_enabled",
            deserialize_with = "crate::generated::absent::read_workspace_is_observability_io_logging_enabled"
        )]
        pub is_observability_io_logging_enabled: bool,
        ///The name shown to people.
        pub name: ::std::string::String,
        ///The name used in URLs, unique in the account.
        pub slug: ::std::string::String,
        ///When the workspace was last changed; `None` if never.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<::chrono::DateTime<::chrono::offset::Utc>>")
        )]
        #[cfg_attr(feature = "schemars", schemars(!default))]
        #[serde(default, deserialize_with = "crate::tolerant::optional_time")]
        pub updated_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
    }
    ///A spending limit of a workspace.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct WorkspaceBudget {
        ///When the budget was created; `None` where the API does not tell.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<::chrono::DateTime<::chrono::offset::Utc>>")
        )]
        #[cfg_attr(feature = "schemars", schemars(!default))]
        #[serde(default, deserialize_with = "crate::tolerant::optional_time")]
        pub created_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///The budget's id.
        pub id: ::uuid::Uuid,
        ///The limit in US dollars, for each interval.
        pub limit_usd: f64,
        ///How often the budget's spend starts again at zero; `None` for a lifetime budget, which never does.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<crate::generated::enums::ResetInterval>")
        )]
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub reset_interval: ::std::option::Option<
            crate::generated::enums::ResetInterval,
        >,
        ///When the budget was last changed; `None` where the API does not tell.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<::chrono::DateTime<::chrono::offset::Utc>>")
        )]
        #[cfg_attr(feature = "schemars", schemars(!default))]
        #[serde(default, deserialize_with = "crate::tolerant::optional_time")]
        pub updated_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///The workspace's id.
        pub workspace_id: ::uuid::Uuid,
    }
    ///A single budget.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct WorkspaceBudgetResponse {
        ///A spending limit of a workspace.
        pub data: WorkspaceBudget,
        ///Whether spend on one's own provider keys (BYOK) counts; `None` where the API does not tell.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(default, with = "bool"))]
        pub include_byok_in_budgets: ::std::option::Option<bool>,
    }
    ///A user's membership in a workspace.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct WorkspaceMember {
        ///When the user became a member; `None` where the API does not tell.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "crate::Nullable<::chrono::DateTime<::chrono::offset::Utc>>")
        )]
        #[cfg_attr(feature = "schemars", schemars(!default))]
        #[serde(default, deserialize_with = "crate::tolerant::optional_time")]
        pub created_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///The membership's id.
        pub id: ::uuid::Uuid,
        ///What a member may do in a workspace.
        pub role: crate::generated::enums::Role,
        ///The user's id.
        pub user_id: ::std::string::String,
        ///The workspace's id.
        pub workspace_id: ::uuid::Uuid,
    }
    ///A single workspace.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct WorkspaceResponse {
        ///A workspace with its settings.
        pub data: Workspace,
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
}
/// The operations of the contract with their arguments.
pub mod endpoints {
    use super::types;
    use crate::endpoint::{Endpoint, RequestBuilder, encode_path};
    use serde_json::Value;
    ///List workspaces: `GET /workspaces`.
    #[derive(Clone, Debug)]
    pub struct ListWorkspaces {
        pub(crate) limit: Option<u64>,
        pub(crate) offset: Option<u64>,
    }
    impl Endpoint for ListWorkspaces {
        const ID: &'static str = "list_workspaces";
        const METHOD: &'static str = "GET";
        const PATH: &'static str = "/workspaces";
        const FIELDS: &'static [crate::rules::Field] = super::rules::LIST_WORKSPACES;
        type Response = types::ListWorkspacesResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { limit, offset } = self;
            let path = format!("/workspaces",);
            RequestBuilder::new(base_url, ::reqwest::Method::GET, &path)
                .query("limit", limit)
                .query("offset", offset)
                .build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [
                ("limit", self.limit.map(Value::from)),
                ("offset", self.offset.map(Value::from)),
            ]
                .into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            None
        }
    }
    ///Create a workspace: `POST /workspaces`.
    #[derive(Clone, Debug)]
    pub struct CreateWorkspace {
        pub(crate) body: types::CreateWorkspaceRequest,
    }
    impl Endpoint for CreateWorkspace {
        const ID: &'static str = "create_workspace";
        const METHOD: &'static str = "POST";
        const PATH: &'static str = "/workspaces";
        const FIELDS: &'static [crate::rules::Field] = super::rules::CREATE_WORKSPACE;
        type Response = types::WorkspaceResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { body } = self;
            let path = format!("/workspaces",);
            RequestBuilder::new(base_url, ::reqwest::Method::POST, &path)
                .json(body)
                .build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [].into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            Some(serde_json::to_value(&self.body))
        }
    }
    ///Get a workspace: `GET /workspaces/{id}`.
    #[derive(Clone, Debug)]
    pub struct GetWorkspace {
        pub(crate) id: ::std::string::String,
    }
    impl Endpoint for GetWorkspace {
        const ID: &'static str = "get_workspace";
        const METHOD: &'static str = "GET";
        const PATH: &'static str = "/workspaces/{id}";
        const FIELDS: &'static [crate::rules::Field] = super::rules::GET_WORKSPACE;
        type Response = types::WorkspaceResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { id } = self;
            let path = format!("/workspaces/{}", encode_path(& id.to_string()));
            RequestBuilder::new(base_url, ::reqwest::Method::GET, &path).build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [("id", self.id.as_str())].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [].into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            None
        }
    }
    ///Delete a workspace: `DELETE /workspaces/{id}`.
    #[derive(Clone, Debug)]
    pub struct DeleteWorkspace {
        pub(crate) id: ::std::string::String,
        pub(crate) confirm_default_workspace_deletion: Option<bool>,
    }
    impl Endpoint for DeleteWorkspace {
        const ID: &'static str = "delete_workspace";
        const METHOD: &'static str = "DELETE";
        const PATH: &'static str = "/workspaces/{id}";
        const FIELDS: &'static [crate::rules::Field] = super::rules::DELETE_WORKSPACE;
        type Response = types::DeletedResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { id, confirm_default_workspace_deletion } = self;
            let path = format!("/workspaces/{}", encode_path(& id.to_string()));
            RequestBuilder::new(base_url, ::reqwest::Method::DELETE, &path)
                .query(
                    "confirm_default_workspace_deletion",
                    confirm_default_workspace_deletion,
                )
                .build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [("id", self.id.as_str())].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [
                (
                    "confirm_default_workspace_deletion",
                    self.confirm_default_workspace_deletion.map(Value::from),
                ),
            ]
                .into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            None
        }
    }
    ///Update a workspace: `PATCH /workspaces/{id}`.
    #[derive(Clone, Debug)]
    pub struct UpdateWorkspace {
        pub(crate) id: ::std::string::String,
        pub(crate) body: types::UpdateWorkspaceRequest,
    }
    impl Endpoint for UpdateWorkspace {
        const ID: &'static str = "update_workspace";
        const METHOD: &'static str = "PATCH";
        const PATH: &'static str = "/workspaces/{id}";
        const FIELDS: &'static [crate::rules::Field] = super::rules::UPDATE_WORKSPACE;
        type Response = types::WorkspaceResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { id, body } = self;
            let path = format!("/workspaces/{}", encode_path(& id.to_string()));
            RequestBuilder::new(base_url, ::reqwest::Method::PATCH, &path)
                .json(body)
                .build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [("id", self.id.as_str())].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [].into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            Some(serde_json::to_value(&self.body))
        }
    }
    ///List the budgets of a workspace: `GET /workspaces/{id}/budgets`.
    #[derive(Clone, Debug)]
    pub struct ListWorkspaceBudgets {
        pub(crate) id: ::std::string::String,
    }
    impl Endpoint for ListWorkspaceBudgets {
        const ID: &'static str = "list_workspace_budgets";
        const METHOD: &'static str = "GET";
        const PATH: &'static str = "/workspaces/{id}/budgets";
        const FIELDS: &'static [crate::rules::Field] = super::rules::LIST_WORKSPACE_BUDGETS;
        type Response = types::ListWorkspaceBudgetsResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { id } = self;
            let path = format!("/workspaces/{}/budgets", encode_path(& id.to_string()));
            RequestBuilder::new(base_url, ::reqwest::Method::GET, &path).build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [("id", self.id.as_str())].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [].into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            None
        }
    }
    ///Get a budget: `GET /workspaces/{id}/budgets/{interval}`.
    #[derive(Clone, Debug)]
    pub struct GetWorkspaceBudget {
        pub(crate) id: ::std::string::String,
        pub(crate) interval: crate::generated::enums::BudgetInterval,
    }
    impl Endpoint for GetWorkspaceBudget {
        const ID: &'static str = "get_workspace_budget";
        const METHOD: &'static str = "GET";
        const PATH: &'static str = "/workspaces/{id}/budgets/{interval}";
        const FIELDS: &'static [crate::rules::Field] = super::rules::GET_WORKSPACE_BUDGET;
        type Response = types::WorkspaceBudgetResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { id, interval } = self;
            let path = format!(
                "/workspaces/{}/budgets/{}", encode_path(& id.to_string()), encode_path(&
                interval.to_string())
            );
            RequestBuilder::new(base_url, ::reqwest::Method::GET, &path).build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [("id", self.id.as_str()), ("interval", self.interval.as_str())].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [].into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            None
        }
    }
    ///Create or replace a budget: `PUT /workspaces/{id}/budgets/{interval}`.
    #[derive(Clone, Debug)]
    pub struct UpsertWorkspaceBudget {
        pub(crate) id: ::std::string::String,
        pub(crate) interval: crate::generated::enums::BudgetInterval,
        pub(crate) body: types::UpsertWorkspaceBudgetRequest,
    }
    impl Endpoint for UpsertWorkspaceBudget {
        const ID: &'static str = "upsert_workspace_budget";
        const METHOD: &'static str = "PUT";
        const PATH: &'static str = "/workspaces/{id}/budgets/{interval}";
        const FIELDS: &'static [crate::rules::Field] = super::rules::UPSERT_WORKSPACE_BUDGET;
        type Response = types::WorkspaceBudgetResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { id, interval, body } = self;
            let path = format!(
                "/workspaces/{}/budgets/{}", encode_path(& id.to_string()), encode_path(&
                interval.to_string())
            );
            RequestBuilder::new(base_url, ::reqwest::Method::PUT, &path)
                .json(body)
                .build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [("id", self.id.as_str()), ("interval", self.interval.as_str())].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [].into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            Some(serde_json::to_value(&self.body))
        }
    }
    ///Delete a budget: `DELETE /workspaces/{id}/budgets/{interval}`.
    #[derive(Clone, Debug)]
    pub struct DeleteWorkspaceBudget {
        pub(crate) id: ::std::string::String,
        pub(crate) interval: crate::generated::enums::BudgetInterval,
    }
    impl Endpoint for DeleteWorkspaceBudget {
        const ID: &'static str = "delete_workspace_budget";
        const METHOD: &'static str = "DELETE";
        const PATH: &'static str = "/workspaces/{id}/budgets/{interval}";
        const FIELDS: &'static [crate::rules::Field] = super::rules::DELETE_WORKSPACE_BUDGET;
        type Response = types::DeletedResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { id, interval } = self;
            let path = format!(
                "/workspaces/{}/budgets/{}", encode_path(& id.to_string()), encode_path(&
                interval.to_string())
            );
            RequestBuilder::new(base_url, ::reqwest::Method::DELETE, &path).build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [("id", self.id.as_str()), ("interval", self.interval.as_str())].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [].into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            None
        }
    }
    ///List the members of a workspace: `GET /workspaces/{id}/members`.
    #[derive(Clone, Debug)]
    pub struct ListWorkspaceMembers {
        pub(crate) id: ::std::string::String,
        pub(crate) limit: Option<u64>,
        pub(crate) offset: Option<u64>,
    }
    impl Endpoint for ListWorkspaceMembers {
        const ID: &'static str = "list_workspace_members";
        const METHOD: &'static str = "GET";
        const PATH: &'static str = "/workspaces/{id}/members";
        const FIELDS: &'static [crate::rules::Field] = super::rules::LIST_WORKSPACE_MEMBERS;
        type Response = types::ListWorkspaceMembersResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { id, limit, offset } = self;
            let path = format!("/workspaces/{}/members", encode_path(& id.to_string()));
            RequestBuilder::new(base_url, ::reqwest::Method::GET, &path)
                .query("limit", limit)
                .query("offset", offset)
                .build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [("id", self.id.as_str())].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [
                ("limit", self.limit.map(Value::from)),
                ("offset", self.offset.map(Value::from)),
            ]
                .into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            None
        }
    }
    ///Add members to a workspace: `POST /workspaces/{id}/members/add`.
    #[derive(Clone, Debug)]
    pub struct BulkAddWorkspaceMembers {
        pub(crate) id: ::std::string::String,
        pub(crate) body: types::BulkAddWorkspaceMembersRequest,
    }
    impl Endpoint for BulkAddWorkspaceMembers {
        const ID: &'static str = "bulk_add_workspace_members";
        const METHOD: &'static str = "POST";
        const PATH: &'static str = "/workspaces/{id}/members/add";
        const FIELDS: &'static [crate::rules::Field] = super::rules::BULK_ADD_WORKSPACE_MEMBERS;
        type Response = types::BulkAddWorkspaceMembersResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { id, body } = self;
            let path = format!(
                "/workspaces/{}/members/add", encode_path(& id.to_string())
            );
            RequestBuilder::new(base_url, ::reqwest::Method::POST, &path)
                .json(body)
                .build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [("id", self.id.as_str())].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [].into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            Some(serde_json::to_value(&self.body))
        }
    }
    ///Remove members from a workspace: `POST /workspaces/{id}/members/remove`.
    #[derive(Clone, Debug)]
    pub struct BulkRemoveWorkspaceMembers {
        pub(crate) id: ::std::string::String,
        pub(crate) body: types::BulkRemoveWorkspaceMembersRequest,
    }
    impl Endpoint for BulkRemoveWorkspaceMembers {
        const ID: &'static str = "bulk_remove_workspace_members";
        const METHOD: &'static str = "POST";
        const PATH: &'static str = "/workspaces/{id}/members/remove";
        const FIELDS: &'static [crate::rules::Field] = super::rules::BULK_REMOVE_WORKSPACE_MEMBERS;
        type Response = types::BulkRemoveWorkspaceMembersResponse;
        fn request(
            &self,
            base_url: &::reqwest::Url,
        ) -> Result<::reqwest::Request, serde_json::Error> {
            let Self { id, body } = self;
            let path = format!(
                "/workspaces/{}/members/remove", encode_path(& id.to_string())
            );
            RequestBuilder::new(base_url, ::reqwest::Method::POST, &path)
                .json(body)
                .build()
        }
        fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
            [("id", self.id.as_str())].into_iter()
        }
        fn query_parameters(
            &self,
        ) -> impl Iterator<Item = (&'static str, Option<Value>)> {
            [].into_iter()
        }
        fn body(&self) -> Option<serde_json::Result<Value>> {
            Some(serde_json::to_value(&self.body))
        }
    }
}
impl types::CreateWorkspaceRequest {
    /// A body with its required fields, and no others.
    pub fn new(
        name: impl Into<::std::string::String>,
        slug: impl Into<::std::string::String>,
    ) -> Self {
        Self {
            name: name.into(),
            slug: slug.into(),
            default_image_model: None,
            default_provider_sort: None,
            default_text_model: None,
            description: None,
            disabled_server_tools: None,
            io_logging_api_key_ids: None,
            io_logging_sampling_rate: None,
            is_data_discount_logging_enabled: None,
            is_observability_broadcast_enabled: None,
            is_observability_io_logging_enabled: None,
        }
    }
}
impl types::UpsertWorkspaceBudgetRequest {
    /// A body with its required fields, and no others.
    pub fn new(limit_usd: f64) -> Self {
        Self {
            limit_usd: limit_usd,
            include_byok_in_budgets: None,
        }
    }
}
impl types::BulkAddWorkspaceMembersRequest {
    /// A body with its required fields, and no others.
    pub fn new(
        user_ids: impl IntoIterator<Item = impl Into<::std::string::String>>,
    ) -> Self {
        Self {
            user_ids: user_ids.into_iter().map(Into::into).collect(),
        }
    }
}
impl types::BulkRemoveWorkspaceMembersRequest {
    /// A body with its required fields, and no others.
    pub fn new(
        user_ids: impl IntoIterator<Item = impl Into<::std::string::String>>,
    ) -> Self {
        Self {
            user_ids: user_ids.into_iter().map(Into::into).collect(),
        }
    }
}
impl crate::endpoint::ListEndpoint for endpoints::ListWorkspaces {
    fn offset(&self) -> Option<u64> {
        self.offset
    }
    fn offset_mut(&mut self) -> &mut Option<u64> {
        &mut self.offset
    }
    fn limit_mut(&mut self) -> &mut Option<u64> {
        &mut self.limit
    }
}
impl crate::endpoint::ListBody for types::ListWorkspacesResponse {
    type Item = types::Workspace;
    fn into_rows(self) -> (Vec<types::Workspace>, i64) {
        (self.data, self.total_count)
    }
    fn id(item: &types::Workspace) -> ::uuid::Uuid {
        item.id
    }
}
impl crate::endpoint::ListEndpoint for endpoints::ListWorkspaceMembers {
    fn offset(&self) -> Option<u64> {
        self.offset
    }
    fn offset_mut(&mut self) -> &mut Option<u64> {
        &mut self.offset
    }
    fn limit_mut(&mut self) -> &mut Option<u64> {
        &mut self.limit
    }
}
impl crate::endpoint::ListBody for types::ListWorkspaceMembersResponse {
    type Item = types::WorkspaceMember;
    fn into_rows(self) -> (Vec<types::WorkspaceMember>, i64) {
        (self.data, self.total_count)
    }
    fn id(item: &types::WorkspaceMember) -> ::uuid::Uuid {
        item.id
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::BulkAddWorkspaceMembersRequest {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read("{\"user_ids\":[\"user_2ab9\",\"user_77cd\"]}")
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::BulkAddWorkspaceMembersResponse {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"added_count\":1,\"data\":[{\"created_at\":\"2026-03-03T10:00:00Z\",\"id\":\"e02fa0e4-01ad-490e-9f3b-2c4b5a6d7e8f\",\"role\":\"member\",\"user_id\":\"user_77cd\",\"workspace_id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\"}]}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::BulkRemoveWorkspaceMembersRequest {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read("{\"user_ids\":[\"user_77cd\"]}")
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::BulkRemoveWorkspaceMembersResponse {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read("{\"removed_count\":1}")
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::CreateWorkspaceRequest {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"default_image_model\":null,\"default_provider_sort\":\"latency\",\"default_text_model\":\"openai/gpt-4o\",\"description\":\"Live traffic\",\"disabled_server_tools\":[\"openrouter:bash\",\"acme:internal_search\"],\"io_logging_api_key_ids\":[17,4211],\"io_logging_sampling_rate\":0.25,\"is_data_discount_logging_enabled\":true,\"is_observability_broadcast_enabled\":false,\"is_observability_io_logging_enabled\":true,\"name\":\"Production\",\"slug\":\"production\"}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::DeletedResponse {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read("{\"deleted\":true}")
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::ErrorDetail {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"code\":400,\"message\":\"Budget limits must strictly decrease as the interval narrows\",\"metadata\":{\"interval\":\"weekly\"}}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::ErrorResponse {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"error\":{\"code\":400,\"message\":\"Budget limits must strictly decrease as the interval narrows\",\"metadata\":{\"interval\":\"weekly\"}},\"user_id\":\"user_2ab9\"}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::ListWorkspaceBudgetsResponse {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"data\":[{\"created_at\":\"2026-03-02T08:20:00Z\",\"id\":\"a3bb189e-8bf9-4c1c-9d0f-6a1b2c3d4e5f\",\"limit_usd\":2500.5,\"reset_interval\":null,\"updated_at\":\"2026-03-02T08:20:00Z\",\"workspace_id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\"},{\"created_at\":\"2026-03-02T08:21:00Z\",\"id\":\"886313e1-3b8a-4372-9b90-0c9aee199e5d\",\"limit_usd\":100,\"reset_interval\":\"monthly\",\"updated_at\":\"2026-03-05T12:00:00Z\",\"workspace_id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\"}],\"include_byok_in_budgets\":false}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::ListWorkspaceMembersResponse {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"data\":[{\"created_at\":\"2026-03-02T08:15:00Z\",\"id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"role\":\"admin\",\"user_id\":\"user_2ab9\",\"workspace_id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\"},{\"created_at\":\"2026-03-03T10:00:00Z\",\"id\":\"e02fa0e4-01ad-490e-9f3b-2c4b5a6d7e8f\",\"role\":\"member\",\"user_id\":\"user_77cd\",\"workspace_id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\"}],\"total_count\":2}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::ListWorkspacesResponse {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"data\":[{\"created_at\":\"2026-03-02T08:15:00Z\",\"created_by\":\"user_2ab9\",\"default_guardrail_id\":\"9b2f6f0e-5d7c-5f3a-8a55-0d5f8f6e2c11\",\"default_image_model\":null,\"default_provider_sort\":\"latency\",\"default_text_model\":\"openai/gpt-4o\",\"description\":\"Live traffic\",\"disabled_server_tools\":[\"openrouter:bash\",\"acme:internal_search\"],\"id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\",\"include_byok_in_budgets\":false,\"io_logging_api_key_ids\":[17,4211],\"io_logging_sampling_rate\":0.25,\"is_data_discount_logging_enabled\":true,\"is_observability_broadcast_enabled\":false,\"is_observability_io_logging_enabled\":true,\"name\":\"Production\",\"slug\":\"production\",\"updated_at\":\"2026-04-11T17:42:09.125Z\"},{\"created_at\":\"2026-05-20T11:00:00Z\",\"created_by\":null,\"default_guardrail_id\":\"3d813cbb-47fb-52ba-91df-831e1593ac29\",\"default_image_model\":null,\"default_provider_sort\":null,\"default_text_model\":null,\"description\":null,\"id\":\"16fd2706-8baf-433b-82eb-8c7fada847da\",\"io_logging_api_key_ids\":null,\"io_logging_sampling_rate\":1,\"is_data_discount_logging_enabled\":false,\"is_observability_broadcast_enabled\":false,\"is_observability_io_logging_enabled\":false,\"name\":\"Staging\",\"slug\":\"staging\",\"updated_at\":null}],\"total_count\":2}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::UpdateWorkspaceRequest {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"default_image_model\":null,\"default_provider_sort\":\"throughput\",\"default_text_model\":\"anthropic/claude-sonnet-4.5\",\"description\":null,\"disabled_server_tools\":[],\"io_logging_api_key_ids\":null,\"io_logging_sampling_rate\":0.5,\"is_data_discount_logging_enabled\":false,\"is_observability_broadcast_enabled\":true,\"is_observability_io_logging_enabled\":false,\"name\":\"Prod\",\"slug\":\"prod\"}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::UpsertWorkspaceBudgetRequest {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read("{\"include_byok_in_budgets\":true,\"limit_usd\":49.95}")
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::Workspace {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"created_at\":\"2026-03-02T08:15:00Z\",\"created_by\":\"user_2ab9\",\"default_guardrail_id\":\"9b2f6f0e-5d7c-5f3a-8a55-0d5f8f6e2c11\",\"default_image_model\":null,\"default_provider_sort\":\"latency\",\"default_text_model\":\"openai/gpt-4o\",\"description\":\"Live traffic\",\"disabled_server_tools\":[\"openrouter:bash\",\"acme:internal_search\"],\"id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\",\"include_byok_in_budgets\":false,\"io_logging_api_key_ids\":[17,4211],\"io_logging_sampling_rate\":0.25,\"is_data_discount_logging_enabled\":true,\"is_observability_broadcast_enabled\":false,\"is_observability_io_logging_enabled\":true,\"name\":\"Production\",\"slug\":\"production\",\"updated_at\":\"2026-04-11T17:42:09.125Z\"}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::WorkspaceBudget {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"created_at\":\"2026-03-02T08:20:00Z\",\"id\":\"a3bb189e-8bf9-4c1c-9d0f-6a1b2c3d4e5f\",\"limit_usd\":2500.5,\"reset_interval\":null,\"updated_at\":\"2026-03-02T08:20:00Z\",\"workspace_id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\"}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::WorkspaceBudgetResponse {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"data\":{\"created_at\":\"2026-03-02T08:21:00Z\",\"id\":\"886313e1-3b8a-4372-9b90-0c9aee199e5d\",\"limit_usd\":100,\"reset_interval\":\"monthly\",\"updated_at\":\"2026-03-05T12:00:00Z\",\"workspace_id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\"},\"include_byok_in_budgets\":false}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::WorkspaceMember {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"created_at\":\"2026-03-02T08:15:00Z\",\"id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"role\":\"admin\",\"user_id\":\"user_2ab9\",\"workspace_id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\"}",
        )
    }
}
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl types::WorkspaceResponse {
    /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
    /// same.
    pub fn example() -> Self {
        crate::test_util::read(
            "{\"data\":{\"created_at\":\"2026-03-02T08:15:00Z\",\"created_by\":\"user_2ab9\",\"default_guardrail_id\":\"9b2f6f0e-5d7c-5f3a-8a55-0d5f8f6e2c11\",\"default_image_model\":null,\"default_provider_sort\":\"latency\",\"default_text_model\":\"openai/gpt-4o\",\"description\":\"Live traffic\",\"disabled_server_tools\":[\"openrouter:bash\",\"acme:internal_search\"],\"id\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\",\"include_byok_in_budgets\":false,\"io_logging_api_key_ids\":[17,4211],\"io_logging_sampling_rate\":0.25,\"is_data_discount_logging_enabled\":true,\"is_observability_broadcast_enabled\":false,\"is_observability_io_logging_enabled\":true,\"name\":\"Production\",\"slug\":\"production\",\"updated_at\":null}}",
        )
    }
}
/// The server that the contract names.
pub const SERVER_URL: &str = "https://openrouter.ai/api/v1";
/// The enums of the contract, all of them open to values that this version does not know.
pub mod enums {
    ///The interval a budget is for. A lifetime budget never resets.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum BudgetInterval {
        ///`daily`
        Daily,
        ///`weekly`
        Weekly,
        ///`monthly`
        Monthly,
        ///`lifetime`
        Lifetime,
        /// A value that this version does not know, as the API wrote it.
        Other(String),
    }
    impl BudgetInterval {
        /// The value as the API writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Daily => "daily",
                Self::Weekly => "weekly",
                Self::Monthly => "monthly",
                Self::Lifetime => "lifetime",
                Self::Other(value) => value,
            }
        }
        pub(crate) fn known(value: &str) -> Option<Self> {
            match value {
                "daily" => Some(Self::Daily),
                "weekly" => Some(Self::Weekly),
                "monthly" => Some(Self::Monthly),
                "lifetime" => Some(Self::Lifetime),
                _ => None,
            }
        }
    }
    /// Known values only: one that is meant although it is unknown is given as `Other`.
    impl std::str::FromStr for BudgetInterval {
        type Err = crate::UnknownValue;
        fn from_str(value: &str) -> Result<Self, Self::Err> {
            Self::known(value)
                .ok_or_else(|| crate::UnknownValue::among(
                    &["daily", "weekly", "monthly", "lifetime"],
                    value,
                ))
        }
    }
    impl From<&BudgetInterval> for BudgetInterval {
        fn from(value: &BudgetInterval) -> Self {
            value.clone()
        }
    }
    impl TryFrom<&str> for BudgetInterval {
        type Error = crate::UnknownValue;
        fn try_from(value: &str) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<String> for BudgetInterval {
        type Error = crate::UnknownValue;
        fn try_from(value: String) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<&String> for BudgetInterval {
        type Error = crate::UnknownValue;
        fn try_from(value: &String) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl std::fmt::Display for BudgetInterval {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }
    impl serde::Serialize for BudgetInterval {
        fn serialize<S: serde::Serializer>(
            &self,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> serde::Deserialize<'de> for BudgetInterval {
        fn deserialize<D: serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Self, D::Error> {
            String::deserialize(deserializer)
                .map(|value| Self::known(&value).unwrap_or(Self::Other(value)))
        }
    }
    #[cfg(feature = "schemars")]
    impl schemars::JsonSchema for BudgetInterval {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "BudgetInterval".into()
        }
        fn schema_id() -> std::borrow::Cow<'static, str> {
            concat!(module_path!(), "::", "BudgetInterval").into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            crate::json_schema::open_enum(
                "The interval a budget is for. A lifetime budget never resets.",
                &["daily", "weekly", "monthly", "lifetime"],
            )
        }
    }
    ///What providers are sorted by.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum ProviderSort {
        ///`price`
        Price,
        ///`throughput`
        Throughput,
        ///`latency`
        Latency,
        ///`exacto`
        Exacto,
        /// A value that this version does not know, as the API wrote it.
        Other(String),
    }
    impl ProviderSort {
        /// The value as the API writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Price => "price",
                Self::Throughput => "throughput",
                Self::Latency => "latency",
                Self::Exacto => "exacto",
                Self::Other(value) => value,
            }
        }
        pub(crate) fn known(value: &str) -> Option<Self> {
            match value {
                "price" => Some(Self::Price),
                "throughput" => Some(Self::Throughput),
                "latency" => Some(Self::Latency),
                "exacto" => Some(Self::Exacto),
                _ => None,
            }
        }
    }
    /// Known values only: one that is meant although it is unknown is given as `Other`.
    impl std::str::FromStr for ProviderSort {
        type Err = crate::UnknownValue;
        fn from_str(value: &str) -> Result<Self, Self::Err> {
            Self::known(value)
                .ok_or_else(|| crate::UnknownValue::among(
                    &["price", "throughput", "latency", "exacto"],
                    value,
                ))
        }
    }
    impl From<&ProviderSort> for ProviderSort {
        fn from(value: &ProviderSort) -> Self {
            value.clone()
        }
    }
    impl TryFrom<&str> for ProviderSort {
        type Error = crate::UnknownValue;
        fn try_from(value: &str) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<String> for ProviderSort {
        type Error = crate::UnknownValue;
        fn try_from(value: String) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<&String> for ProviderSort {
        type Error = crate::UnknownValue;
        fn try_from(value: &String) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<&str> for crate::Nullable<ProviderSort> {
        type Error = crate::UnknownValue;
        fn try_from(value: &str) -> Result<Self, Self::Error> {
            value.parse::<ProviderSort>().map(Self::from)
        }
    }
    impl TryFrom<String> for crate::Nullable<ProviderSort> {
        type Error = crate::UnknownValue;
        fn try_from(value: String) -> Result<Self, Self::Error> {
            value.parse::<ProviderSort>().map(Self::from)
        }
    }
    impl TryFrom<&String> for crate::Nullable<ProviderSort> {
        type Error = crate::UnknownValue;
        fn try_from(value: &String) -> Result<Self, Self::Error> {
            value.parse::<ProviderSort>().map(Self::from)
        }
    }
    impl<const N: usize> TryFrom<[&str; N]> for crate::Nullable<Vec<ProviderSort>> {
        type Error = crate::UnknownValue;
        fn try_from(value: [&str; N]) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl<const N: usize> TryFrom<[String; N]> for crate::Nullable<Vec<ProviderSort>> {
        type Error = crate::UnknownValue;
        fn try_from(value: [String; N]) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl<S: AsRef<str>, const N: usize> TryFrom<&[S; N]>
    for crate::Nullable<Vec<ProviderSort>> {
        type Error = crate::UnknownValue;
        fn try_from(value: &[S; N]) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl<S: AsRef<str>> TryFrom<&[S]> for crate::Nullable<Vec<ProviderSort>> {
        type Error = crate::UnknownValue;
        fn try_from(value: &[S]) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl<S: AsRef<str>> TryFrom<Vec<S>> for crate::Nullable<Vec<ProviderSort>> {
        type Error = crate::UnknownValue;
        fn try_from(value: Vec<S>) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl<S: AsRef<str>> TryFrom<&Vec<S>> for crate::Nullable<Vec<ProviderSort>> {
        type Error = crate::UnknownValue;
        fn try_from(value: &Vec<S>) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl std::fmt::Display for ProviderSort {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }
    impl serde::Serialize for ProviderSort {
        fn serialize<S: serde::Serializer>(
            &self,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> serde::Deserialize<'de> for ProviderSort {
        fn deserialize<D: serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Self, D::Error> {
            String::deserialize(deserializer)
                .map(|value| Self::known(&value).unwrap_or(Self::Other(value)))
        }
    }
    #[cfg(feature = "schemars")]
    impl schemars::JsonSchema for ProviderSort {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "ProviderSort".into()
        }
        fn schema_id() -> std::borrow::Cow<'static, str> {
            concat!(module_path!(), "::", "ProviderSort").into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            crate::json_schema::open_enum(
                "What providers are sorted by.",
                &["price", "throughput", "latency", "exacto"],
            )
        }
    }
    ///How often a budget's spend starts again at zero.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum ResetInterval {
        ///`daily`
        Daily,
        ///`weekly`
        Weekly,
        ///`monthly`
        Monthly,
        /// A value that this version does not know, as the API wrote it.
        Other(String),
    }
    impl ResetInterval {
        /// The value as the API writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Daily => "daily",
                Self::Weekly => "weekly",
                Self::Monthly => "monthly",
                Self::Other(value) => value,
            }
        }
        pub(crate) fn known(value: &str) -> Option<Self> {
            match value {
                "daily" => Some(Self::Daily),
                "weekly" => Some(Self::Weekly),
                "monthly" => Some(Self::Monthly),
                _ => None,
            }
        }
    }
    /// Known values only: one that is meant although it is unknown is given as `Other`.
    impl std::str::FromStr for ResetInterval {
        type Err = crate::UnknownValue;
        fn from_str(value: &str) -> Result<Self, Self::Err> {
            Self::known(value)
                .ok_or_else(|| crate::UnknownValue::among(
                    &["daily", "weekly", "monthly"],
                    value,
                ))
        }
    }
    impl From<&ResetInterval> for ResetInterval {
        fn from(value: &ResetInterval) -> Self {
            value.clone()
        }
    }
    impl TryFrom<&str> for ResetInterval {
        type Error = crate::UnknownValue;
        fn try_from(value: &str) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<String> for ResetInterval {
        type Error = crate::UnknownValue;
        fn try_from(value: String) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<&String> for ResetInterval {
        type Error = crate::UnknownValue;
        fn try_from(value: &String) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl std::fmt::Display for ResetInterval {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }
    impl serde::Serialize for ResetInterval {
        fn serialize<S: serde::Serializer>(
            &self,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> serde::Deserialize<'de> for ResetInterval {
        fn deserialize<D: serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Self, D::Error> {
            String::deserialize(deserializer)
                .map(|value| Self::known(&value).unwrap_or(Self::Other(value)))
        }
    }
    #[cfg(feature = "schemars")]
    impl schemars::JsonSchema for ResetInterval {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "ResetInterval".into()
        }
        fn schema_id() -> std::borrow::Cow<'static, str> {
            concat!(module_path!(), "::", "ResetInterval").into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            crate::json_schema::open_enum(
                "How often a budget's spend starts again at zero.",
                &["daily", "weekly", "monthly"],
            )
        }
    }
    ///What a member may do in a workspace.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum Role {
        ///`admin`
        Admin,
        ///`member`
        Member,
        /// A value that this version does not know, as the API wrote it.
        Other(String),
    }
    impl Role {
        /// The value as the API writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Admin => "admin",
                Self::Member => "member",
                Self::Other(value) => value,
            }
        }
        pub(crate) fn known(value: &str) -> Option<Self> {
            match value {
                "admin" => Some(Self::Admin),
                "member" => Some(Self::Member),
                _ => None,
            }
        }
    }
    /// Known values only: one that is meant although it is unknown is given as `Other`.
    impl std::str::FromStr for Role {
        type Err = crate::UnknownValue;
        fn from_str(value: &str) -> Result<Self, Self::Err> {
            Self::known(value)
                .ok_or_else(|| crate::UnknownValue::among(&["admin", "member"], value))
        }
    }
    impl From<&Role> for Role {
        fn from(value: &Role) -> Self {
            value.clone()
        }
    }
    impl TryFrom<&str> for Role {
        type Error = crate::UnknownValue;
        fn try_from(value: &str) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<String> for Role {
        type Error = crate::UnknownValue;
        fn try_from(value: String) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<&String> for Role {
        type Error = crate::UnknownValue;
        fn try_from(value: &String) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl std::fmt::Display for Role {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }
    impl serde::Serialize for Role {
        fn serialize<S: serde::Serializer>(
            &self,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> serde::Deserialize<'de> for Role {
        fn deserialize<D: serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Self, D::Error> {
            String::deserialize(deserializer)
                .map(|value| Self::known(&value).unwrap_or(Self::Other(value)))
        }
    }
    #[cfg(feature = "schemars")]
    impl schemars::JsonSchema for Role {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Role".into()
        }
        fn schema_id() -> std::borrow::Cow<'static, str> {
            concat!(module_path!(), "::", "Role").into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            crate::json_schema::open_enum(
                "What a member may do in a workspace.",
                &["admin", "member"],
            )
        }
    }
    ///A tool that OpenRouter runs on its servers.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum ServerTool {
        ///`openrouter:advisor`
        Advisor,
        ///`openrouter:apply_patch`
        ApplyPatch,
        ///`openrouter:bash`
        Bash,
        ///`openrouter:datetime`
        Datetime,
        ///`openrouter:fusion`
        Fusion,
        ///`openrouter:image_generation`
        ImageGeneration,
        ///`openrouter:experimental__search_models`
        ExperimentalSearchModels,
        ///`openrouter:shell`
        Shell,
        ///`openrouter:subagent`
        Subagent,
        ///`openrouter:tool_search`
        ToolSearch,
        ///`openrouter:web_fetch`
        WebFetch,
        ///`openrouter:web_search`
        WebSearch,
        /// A value that this version does not know, as the API wrote it.
        Other(String),
    }
    impl ServerTool {
        /// The value as the API writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Advisor => "openrouter:advisor",
                Self::ApplyPatch => "openrouter:apply_patch",
                Self::Bash => "openrouter:bash",
                Self::Datetime => "openrouter:datetime",
                Self::Fusion => "openrouter:fusion",
                Self::ImageGeneration => "openrouter:image_generation",
                Self::ExperimentalSearchModels => {
                    "openrouter:experimental__search_models"
                }
                Self::Shell => "openrouter:shell",
                Self::Subagent => "openrouter:subagent",
                Self::ToolSearch => "openrouter:tool_search",
                Self::WebFetch => "openrouter:web_fetch",
                Self::WebSearch => "openrouter:web_search",
                Self::Other(value) => value,
            }
        }
        pub(crate) fn known(value: &str) -> Option<Self> {
            match value {
                "openrouter:advisor" => Some(Self::Advisor),
                "openrouter:apply_patch" => Some(Self::ApplyPatch),
                "openrouter:bash" => Some(Self::Bash),
                "openrouter:datetime" => Some(Self::Datetime),
                "openrouter:fusion" => Some(Self::Fusion),
                "openrouter:image_generation" => Some(Self::ImageGeneration),
                "openrouter:experimental__search_models" => {
                    Some(Self::ExperimentalSearchModels)
                }
                "openrouter:shell" => Some(Self::Shell),
                "openrouter:subagent" => Some(Self::Subagent),
                "openrouter:tool_search" => Some(Self::ToolSearch),
                "openrouter:web_fetch" => Some(Self::WebFetch),
                "openrouter:web_search" => Some(Self::WebSearch),
                _ => None,
            }
        }
    }
    /// Known values only: one that is meant although it is unknown is given as `Other`.
    impl std::str::FromStr for ServerTool {
        type Err = crate::UnknownValue;
        fn from_str(value: &str) -> Result<Self, Self::Err> {
            Self::known(value)
                .ok_or_else(|| crate::UnknownValue::among(
                    &[
                        "openrouter:advisor",
                        "openrouter:apply_patch",
                        "openrouter:bash",
                        "openrouter:datetime",
                        "openrouter:fusion",
                        "openrouter:image_generation",
                        "openrouter:experimental__search_models",
                        "openrouter:shell",
                        "openrouter:subagent",
                        "openrouter:tool_search",
                        "openrouter:web_fetch",
                        "openrouter:web_search",
                    ],
                    value,
                ))
        }
    }
    impl From<&ServerTool> for ServerTool {
        fn from(value: &ServerTool) -> Self {
            value.clone()
        }
    }
    impl TryFrom<&str> for ServerTool {
        type Error = crate::UnknownValue;
        fn try_from(value: &str) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<String> for ServerTool {
        type Error = crate::UnknownValue;
        fn try_from(value: String) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<&String> for ServerTool {
        type Error = crate::UnknownValue;
        fn try_from(value: &String) -> Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl TryFrom<&str> for crate::Nullable<ServerTool> {
        type Error = crate::UnknownValue;
        fn try_from(value: &str) -> Result<Self, Self::Error> {
            value.parse::<ServerTool>().map(Self::from)
        }
    }
    impl TryFrom<String> for crate::Nullable<ServerTool> {
        type Error = crate::UnknownValue;
        fn try_from(value: String) -> Result<Self, Self::Error> {
            value.parse::<ServerTool>().map(Self::from)
        }
    }
    impl TryFrom<&String> for crate::Nullable<ServerTool> {
        type Error = crate::UnknownValue;
        fn try_from(value: &String) -> Result<Self, Self::Error> {
            value.parse::<ServerTool>().map(Self::from)
        }
    }
    impl<const N: usize> TryFrom<[&str; N]> for crate::Nullable<Vec<ServerTool>> {
        type Error = crate::UnknownValue;
        fn try_from(value: [&str; N]) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl<const N: usize> TryFrom<[String; N]> for crate::Nullable<Vec<ServerTool>> {
        type Error = crate::UnknownValue;
        fn try_from(value: [String; N]) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl<S: AsRef<str>, const N: usize> TryFrom<&[S; N]>
    for crate::Nullable<Vec<ServerTool>> {
        type Error = crate::UnknownValue;
        fn try_from(value: &[S; N]) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl<S: AsRef<str>> TryFrom<&[S]> for crate::Nullable<Vec<ServerTool>> {
        type Error = crate::UnknownValue;
        fn try_from(value: &[S]) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl<S: AsRef<str>> TryFrom<Vec<S>> for crate::Nullable<Vec<ServerTool>> {
        type Error = crate::UnknownValue;
        fn try_from(value: Vec<S>) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl<S: AsRef<str>> TryFrom<&Vec<S>> for crate::Nullable<Vec<ServerTool>> {
        type Error = crate::UnknownValue;
        fn try_from(value: &Vec<S>) -> Result<Self, Self::Error> {
            crate::nullable::parsed(value)
        }
    }
    impl std::fmt::Display for ServerTool {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }
    impl serde::Serialize for ServerTool {
        fn serialize<S: serde::Serializer>(
            &self,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> serde::Deserialize<'de> for ServerTool {
        fn deserialize<D: serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Self, D::Error> {
            String::deserialize(deserializer)
                .map(|value| Self::known(&value).unwrap_or(Self::Other(value)))
        }
    }
    #[cfg(feature = "schemars")]
    impl schemars::JsonSchema for ServerTool {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "ServerTool".into()
        }
        fn schema_id() -> std::borrow::Cow<'static, str> {
            concat!(module_path!(), "::", "ServerTool").into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            crate::json_schema::open_enum(
                "A tool that OpenRouter runs on its servers.",
                &[
                    "openrouter:advisor",
                    "openrouter:apply_patch",
                    "openrouter:bash",
                    "openrouter:datetime",
                    "openrouter:fusion",
                    "openrouter:image_generation",
                    "openrouter:experimental__search_models",
                    "openrouter:shell",
                    "openrouter:subagent",
                    "openrouter:tool_search",
                    "openrouter:web_fetch",
                    "openrouter:web_search",
                ],
            )
        }
    }
}
/// What fields of responses are read as where they are null or missing.
pub mod absent {
    pub fn workspace_io_logging_sampling_rate() -> f64 {
        1f64
    }
    pub fn read_workspace_io_logging_sampling_rate<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<f64, D::Error> {
        crate::tolerant::value_or(deserializer, workspace_io_logging_sampling_rate())
    }
    pub fn workspace_is_data_discount_logging_enabled() -> bool {
        false
    }
    pub fn read_workspace_is_data_discount_logging_enabled<
        'de,
        D: serde::Deserializer<'de>,
    >(deserializer: D) -> Result<bool, D::Error> {
        crate::tolerant::value_or(
            deserializer,
            workspace_is_data_discount_logging_enabled(),
        )
    }
    pub fn workspace_is_observability_broadcast_enabled() -> bool {
        false
    }
    pub fn read_workspace_is_observability_broadcast_enabled<
        'de,
        D: serde::Deserializer<'de>,
    >(deserializer: D) -> Result<bool, D::Error> {
        crate::tolerant::value_or(
            deserializer,
            workspace_is_observability_broadcast_enabled(),
        )
    }
    pub fn workspace_is_observability_io_logging_enabled() -> bool {
        false
    }
    pub fn read_workspace_is_observability_io_logging_enabled<
        'de,
        D: serde::Deserializer<'de>,
    >(deserializer: D) -> Result<bool, D::Error> {
        crate::tolerant::value_or(
            deserializer,
            workspace_is_observability_io_logging_enabled(),
        )
    }
}
/// The limits that the contract sets on requests.
pub mod rules {
    use crate::rules::{Field, Limit};
    ///Limits of `list_workspaces`.
    pub const LIST_WORKSPACES: &[Field] = &[
        Field {
            name: "offset",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::Minimum(0.0)],
        },
        Field {
            name: "limit",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::Minimum(1.0), Limit::Maximum(100.0)],
        },
    ];
    ///Limits of `create_workspace`.
    pub const CREATE_WORKSPACE: &[Field] = &[
        Field {
            name: "default_image_model",
            nullable: true,
            default: Some("null"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "default_provider_sort",
            nullable: true,
            default: Some("null"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "default_text_model",
            nullable: true,
            default: Some("null"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "description",
            nullable: true,
            default: Some("null"),
            null_means: None,
            limits: &[Limit::MaxLength(500)],
        },
        Field {
            name: "disabled_server_tools",
            nullable: true,
            default: Some("null"),
            null_means: Some("[]"),
            limits: &[],
        },
        Field {
            name: "io_logging_api_key_ids",
            nullable: true,
            default: Some("null"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "io_logging_sampling_rate",
            nullable: false,
            default: Some("1"),
            null_means: None,
            limits: &[Limit::Minimum(0.0001), Limit::Maximum(1.0)],
        },
        Field {
            name: "is_data_discount_logging_enabled",
            nullable: false,
            default: Some("false"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "is_observability_broadcast_enabled",
            nullable: false,
            default: Some("false"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "is_observability_io_logging_enabled",
            nullable: false,
            default: Some("false"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "name",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1), Limit::MaxLength(100)],
        },
        Field {
            name: "slug",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[
                Limit::MinLength(1),
                Limit::MaxLength(50),
                Limit::Pattern(
                    "^[a-z0-9]+(?:-[a-z0-9]+)*$",
                    Some("lowercase letters, digits, and single hyphens between them"),
                ),
            ],
        },
    ];
    ///Limits of `get_workspace`.
    pub const GET_WORKSPACE: &[Field] = &[
        Field {
            name: "id",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1)],
        },
    ];
    ///Limits of `delete_workspace`.
    pub const DELETE_WORKSPACE: &[Field] = &[
        Field {
            name: "id",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1)],
        },
        Field {
            name: "confirm_default_workspace_deletion",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[],
        },
    ];
    ///Limits of `update_workspace`.
    pub const UPDATE_WORKSPACE: &[Field] = &[
        Field {
            name: "id",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1)],
        },
        Field {
            name: "default_image_model",
            nullable: true,
            default: Some("null"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "default_provider_sort",
            nullable: true,
            default: Some("null"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "default_text_model",
            nullable: true,
            default: Some("null"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "description",
            nullable: true,
            default: Some("null"),
            null_means: None,
            limits: &[Limit::MaxLength(500)],
        },
        Field {
            name: "disabled_server_tools",
            nullable: true,
            default: Some("null"),
            null_means: Some("[]"),
            limits: &[],
        },
        Field {
            name: "io_logging_api_key_ids",
            nullable: true,
            default: Some("null"),
            null_means: None,
            limits: &[],
        },
        Field {
            name: "io_logging_sampling_rate",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::Minimum(0.0001), Limit::Maximum(1.0)],
        },
        Field {
            name: "is_data_discount_logging_enabled",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[],
        },
        Field {
            name: "is_observability_broadcast_enabled",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[],
        },
        Field {
            name: "is_observability_io_logging_enabled",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[],
        },
        Field {
            name: "name",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1), Limit::MaxLength(100)],
        },
        Field {
            name: "slug",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[
                Limit::MinLength(1),
                Limit::MaxLength(50),
                Limit::Pattern(
                    "^[a-z0-9]+(?:-[a-z0-9]+)*$",
                    Some("lowercase letters, digits, and single hyphens between them"),
                ),
            ],
        },
    ];
    ///Limits of `list_workspace_budgets`.
    pub const LIST_WORKSPACE_BUDGETS: &[Field] = &[
        Field {
            name: "id",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1)],
        },
    ];
    ///Limits of `get_workspace_budget`.
    pub const GET_WORKSPACE_BUDGET: &[Field] = &[
        Field {
            name: "id",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1)],
        },
        Field {
            name: "interval",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[],
        },
    ];
    ///Limits of `upsert_workspace_budget`.
    pub const UPSERT_WORKSPACE_BUDGET: &[Field] = &[
        Field {
            name: "id",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1)],
        },
        Field {
            name: "interval",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[],
        },
        Field {
            name: "include_byok_in_budgets",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[],
        },
        Field {
            name: "limit_usd",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::ExclusiveMinimum(0.0)],
        },
    ];
    ///Limits of `delete_workspace_budget`.
    pub const DELETE_WORKSPACE_BUDGET: &[Field] = &[
        Field {
            name: "id",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1)],
        },
        Field {
            name: "interval",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[],
        },
    ];
    ///Limits of `list_workspace_members`.
    pub const LIST_WORKSPACE_MEMBERS: &[Field] = &[
        Field {
            name: "id",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1)],
        },
        Field {
            name: "offset",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::Minimum(0.0)],
        },
        Field {
            name: "limit",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::Minimum(1.0), Limit::Maximum(100.0)],
        },
    ];
    ///Limits of `bulk_add_workspace_members`.
    pub const BULK_ADD_WORKSPACE_MEMBERS: &[Field] = &[
        Field {
            name: "id",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1)],
        },
        Field {
            name: "user_ids",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinItems(1), Limit::MaxItems(100)],
        },
    ];
    ///Limits of `bulk_remove_workspace_members`.
    pub const BULK_REMOVE_WORKSPACE_MEMBERS: &[Field] = &[
        Field {
            name: "id",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinLength(1)],
        },
        Field {
            name: "user_ids",
            nullable: false,
            default: None,
            null_means: None,
            limits: &[Limit::MinItems(1), Limit::MaxItems(100)],
        },
    ];
}
/// The names of the contract's header parameters.
pub mod headers {
    ///The URL of the calling app, which identifies it in OpenRouter's rankings.
    pub const HTTP_REFERER: &str = "http-referer";
    ///The calling app's categories, in lowercase, separated by commas.
    pub const X_OPENROUTER_CATEGORIES: &str = "x-openrouter-categories";
    ///The name under which the calling app appears.
    pub const X_OPENROUTER_TITLE: &str = "x-openrouter-title";
}
///The setters of `create_workspace`, for the impl block of its request.
macro_rules! create_workspace_setters {
    () => {
        #[doc = "The model used where a request names none; `None` clears it."] pub fn
        default_image_model(mut self, value : impl Into < crate ::nullable::Nullable <
        ::std::string::String >>) -> Self { self.operation.body.default_image_model =
        Some(value.into().into_option()); self } #[doc =
        "What providers are sorted by where a request does not say; `None` leaves it to OpenRouter."]
        #[doc = ""] #[doc =
        "Text that is no known value is refused when the request is sent; any other value is given as `Other`."]
        pub fn default_provider_sort(self, value : impl TryInto < crate
        ::nullable::Nullable < crate ::generated::enums::ProviderSort >, Error : Into <
        crate ::UnknownValue >>) -> Self { self.given("default_provider_sort", value
        .try_into(), | operation, value | operation.body.default_provider_sort =
        Some(value.into_option())) } #[doc =
        "The model used where a request names none; `None` clears it."] pub fn
        default_text_model(mut self, value : impl Into < crate ::nullable::Nullable <
        ::std::string::String >>) -> Self { self.operation.body.default_text_model =
        Some(value.into().into_option()); self } #[doc =
        "What the workspace is for; `None` clears it. At most 500 characters."] pub fn
        description(mut self, value : impl Into < crate ::nullable::Nullable <
        ::std::string::String >>) -> Self { self.operation.body.description = Some(value
        .into().into_option()); self } #[doc =
        "The server tools that requests in this workspace may not call; `None` or an empty list disables none."]
        #[doc = ""] #[doc =
        "Text that is no known value is refused when the request is sent; any other value is given as `Other`."]
        pub fn disabled_server_tools(self, value : impl TryInto < crate
        ::nullable::Nullable < ::std::vec::Vec < crate ::generated::enums::ServerTool >
        >, Error : Into < crate ::UnknownValue >>) -> Self { self
        .given("disabled_server_tools", value.try_into(), | operation, value | operation
        .body.disabled_server_tools = Some(value.into_option())) } #[doc =
        "The API keys whose requests are logged; `None` means all of them."] pub fn
        io_logging_api_key_ids(mut self, value : impl Into < crate ::nullable::Nullable <
        ::std::vec::Vec < i64 > >>) -> Self { self.operation.body.io_logging_api_key_ids
        = Some(value.into().into_option()); self } #[doc =
        "The share of requests that input and output logging records, 1 being all of them. 0.0001 to 1."]
        pub fn io_logging_sampling_rate(mut self, value : f64) -> Self { self.operation
        .body.io_logging_sampling_rate = Some(value); self } #[doc =
        "Whether data is logged in exchange for a discount."] pub fn
        is_data_discount_logging_enabled(mut self, value : bool) -> Self { self.operation
        .body.is_data_discount_logging_enabled = Some(value); self } #[doc =
        "Whether traces are sent to the broadcast destinations."] pub fn
        is_observability_broadcast_enabled(mut self, value : bool) -> Self { self
        .operation.body.is_observability_broadcast_enabled = Some(value); self } #[doc =
        "Whether inputs and outputs are logged privately."] pub fn
        is_observability_io_logging_enabled(mut self, value : bool) -> Self { self
        .operation.body.is_observability_io_logging_enabled = Some(value); self }
    };
}
pub(crate) use create_workspace_setters;
///The settings of `create_workspace` as documentation, with links to the setters on a page.
macro_rules! create_workspace_settings {
    ($page:literal) => {
        concat!("", "[`default_image_model`](", $page, "#method.default_image_model)",
        ", ", "[`default_provider_sort`](", $page, "#method.default_provider_sort)",
        ", ", "[`default_text_model`](", $page, "#method.default_text_model)", ", ",
        "[`description`](", $page, "#method.description)", ", ",
        "[`disabled_server_tools`](", $page, "#method.disabled_server_tools)", ", ",
        "[`io_logging_api_key_ids`](", $page, "#method.io_logging_api_key_ids)", ", ",
        "[`io_logging_sampling_rate`](", $page, "#method.io_logging_sampling_rate)",
        ", ", "[`is_data_discount_logging_enabled`](", $page,
        "#method.is_data_discount_logging_enabled)", ", ",
        "[`is_observability_broadcast_enabled`](", $page,
        "#method.is_observability_broadcast_enabled)", ", ",
        "[`is_observability_io_logging_enabled`](", $page,
        "#method.is_observability_io_logging_enabled)")
    };
}
pub(crate) use create_workspace_settings;
///The setters of `update_workspace`, for the impl block of its request.
macro_rules! update_workspace_setters {
    () => {
        #[doc = "The model used where a request names none; `None` clears it."] pub fn
        default_image_model(mut self, value : impl Into < crate ::nullable::Nullable <
        ::std::string::String >>) -> Self { self.operation.body.default_image_model =
        Some(value.into().into_option()); self } #[doc =
        "What providers are sorted by where a request does not say; `None` leaves it to OpenRouter."]
        #[doc = ""] #[doc =
        "Text that is no known value is refused when the request is sent; any other value is given as `Other`."]
        pub fn default_provider_sort(self, value : impl TryInto < crate
        ::nullable::Nullable < crate ::generated::enums::ProviderSort >, Error : Into <
        crate ::UnknownValue >>) -> Self { self.given("default_provider_sort", value
        .try_into(), | operation, value | operation.body.default_provider_sort =
        Some(value.into_option())) } #[doc =
        "The model used where a request names none; `None` clears it."] pub fn
        default_text_model(mut self, value : impl Into < crate ::nullable::Nullable <
        ::std::string::String >>) -> Self { self.operation.body.default_text_model =
        Some(value.into().into_option()); self } #[doc =
        "What the workspace is for; `None` clears it. At most 500 characters."] pub fn
        description(mut self, value : impl Into < crate ::nullable::Nullable <
        ::std::string::String >>) -> Self { self.operation.body.description = Some(value
        .into().into_option()); self } #[doc =
        "The server tools that requests in this workspace may not call; `None` or an empty list disables none."]
        #[doc = ""] #[doc =
        "Text that is no known value is refused when the request is sent; any other value is given as `Other`."]
        pub fn disabled_server_tools(self, value : impl TryInto < crate
        ::nullable::Nullable < ::std::vec::Vec < crate ::generated::enums::ServerTool >
        >, Error : Into < crate ::UnknownValue >>) -> Self { self
        .given("disabled_server_tools", value.try_into(), | operation, value | operation
        .body.disabled_server_tools = Some(value.into_option())) } #[doc =
        "The API keys whose requests are logged; `None` means all of them."] pub fn
        io_logging_api_key_ids(mut self, value : impl Into < crate ::nullable::Nullable <
        ::std::vec::Vec < i64 > >>) -> Self { self.operation.body.io_logging_api_key_ids
        = Some(value.into().into_option()); self } #[doc =
        "The share of requests that input and output logging records, 1 being all of them. 0.0001 to 1."]
        pub fn io_logging_sampling_rate(mut self, value : f64) -> Self { self.operation
        .body.io_logging_sampling_rate = Some(value); self } #[doc =
        "Whether data is logged in exchange for a discount."] pub fn
        is_data_discount_logging_enabled(mut self, value : bool) -> Self { self.operation
        .body.is_data_discount_logging_enabled = Some(value); self } #[doc =
        "Whether traces are sent to the broadcast destinations."] pub fn
        is_observability_broadcast_enabled(mut self, value : bool) -> Self { self
        .operation.body.is_observability_broadcast_enabled = Some(value); self } #[doc =
        "Whether inputs and outputs are logged privately."] pub fn
        is_observability_io_logging_enabled(mut self, value : bool) -> Self { self
        .operation.body.is_observability_io_logging_enabled = Some(value); self } #[doc =
        "The name shown to people. 1 to 100 characters."] pub fn name(mut self, value :
        impl Into < ::std::string::String >) -> Self { self.operation.body.name =
        Some(value.into()); self } #[doc =
        "The name used in URLs, in lowercase letters, digits, and single hyphens between them. 1 to 50 characters. It matches `^[a-z0-9]+(?:-[a-z0-9]+)*$`."]
        pub fn slug(mut self, value : impl Into < ::std::string::String >) -> Self { self
        .operation.body.slug = Some(value.into()); self }
    };
}
pub(crate) use update_workspace_setters;
///The settings of `update_workspace` as documentation, with links to the setters on a page.
macro_rules! update_workspace_settings {
    ($page:literal) => {
        concat!("", "[`default_image_model`](", $page, "#method.default_image_model)",
        ", ", "[`default_provider_sort`](", $page, "#method.default_provider_sort)",
        ", ", "[`default_text_model`](", $page, "#method.default_text_model)", ", ",
        "[`description`](", $page, "#method.description)", ", ",
        "[`disabled_server_tools`](", $page, "#method.disabled_server_tools)", ", ",
        "[`io_logging_api_key_ids`](", $page, "#method.io_logging_api_key_ids)", ", ",
        "[`io_logging_sampling_rate`](", $page, "#method.io_logging_sampling_rate)",
        ", ", "[`is_data_discount_logging_enabled`](", $page,
        "#method.is_data_discount_logging_enabled)", ", ",
        "[`is_observability_broadcast_enabled`](", $page,
        "#method.is_observability_broadcast_enabled)", ", ",
        "[`is_observability_io_logging_enabled`](", $page,
        "#method.is_observability_io_logging_enabled)", ", ", "[`name`](", $page,
        "#method.name)", ", ", "[`slug`](", $page, "#method.slug)")
    };
}
pub(crate) use update_workspace_settings;
///The setters of `upsert_workspace_budget`, for the impl block of its request.
macro_rules! upsert_workspace_budget_setters {
    () => {
        #[doc =
        "Whether spend on one's own provider keys (BYOK) counts. It belongs to the workspace, whichever interval it\nis sent with, and stays as it is when left out."]
        pub fn include_byok_in_budgets(mut self, value : bool) -> Self { self.operation
        .body.include_byok_in_budgets = Some(value); self }
    };
}
pub(crate) use upsert_workspace_budget_setters;
///The settings of `upsert_workspace_budget` as documentation, with links to the setters on a page.
macro_rules! upsert_workspace_budget_settings {
    ($page:literal) => {
        concat!("", "[`include_byok_in_budgets`](", $page,
        "#method.include_byok_in_budgets)")
    };
}
pub(crate) use upsert_workspace_budget_settings;
