//! Calls through our SDK.

use std::time::Duration;

use openrouter_workspaces::operation::{Operation, Paged};
use openrouter_workspaces::{BudgetInterval, Client, Error, Request, RetryConfig, WorkspaceBudget};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::script::Call;

/// A call as all drivers get it.
#[derive(Debug, Deserialize, Serialize)]
pub struct Order {
    pub call: Call,
    pub arguments: Map<String, Value>,
    pub client: ClientSettings,
}

/// How to set up the client.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClientSettings {
    pub base_url: String,
    pub key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_referer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_categories: Option<Vec<String>>,
    #[serde(default)]
    pub retries: bool,
}

/// Makes a call, and tells its outcome as all drivers do.
pub async fn answer(order: &Order) -> Value {
    match call(order).await {
        Ok(value) => json!({"ok": value}),
        Err(Failure::Call(error)) => json!({"error": failure(&error)}),
        Err(Failure::Endless) => json!({"error": {"kind": "endless"}}),
        Err(Failure::Script(message)) => json!({"error": {"kind": format!("script.yaml: {message}")}}),
    }
}

/// Why there is no result.
enum Failure {
    Call(Error),
    /// A walk had as many pages as it may, and was left.
    Endless,
    /// An argument cannot be used.
    Script(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

async fn call(order: &Order) -> Result<Value, Failure> {
    let client = client(&order.client)?;
    let given = Arguments(&order.arguments);
    let workspace: String = given.get("workspace")?.unwrap_or_default();
    let interval: String = given.get("interval")?.unwrap_or_default();
    // An interval that nobody knows is to reach the server.
    let interval = interval.parse().unwrap_or(BudgetInterval::Other(interval));
    let users: Vec<String> = given.get("user_ids")?.unwrap_or_default();
    match order.call {
        Call::List => page(paged(client.list(), &given)?).await,
        Call::Walk => walk(paged(client.list(), &given)?, &given, |row| row.slug).await,
        Call::Create => Ok(json!({"data": client.create_from(given.settings()?).await?})),
        Call::Get => Ok(json!({"data": client.get(workspace).await?})),
        Call::Update => Ok(json!({"data": client.update_from(workspace, given.settings()?).await?})),
        Call::Delete => {
            let request = client.delete(workspace);
            let confirm = given.get("confirm_default_workspace_deletion")?;
            value(set(request, confirm, |request, confirm| request.confirm_default_workspace_deletion(confirm))).await
        }
        Call::ListMembers => page(paged(client.list_members(workspace), &given)?).await,
        Call::WalkMembers => walk(paged(client.list_members(workspace), &given)?, &given, |row| row.user_id).await,
        Call::BulkAddMembers => value(client.bulk_add_members(workspace, users)).await,
        Call::BulkRemoveMembers => value(client.bulk_remove_members(workspace, users)).await,
        Call::ListBudgets => value(client.list_budgets(workspace)).await,
        Call::GetBudget => budget(client.get_budget(workspace, interval)).await,
        Call::SetBudget => {
            let limit: f64 = given.get("limit_usd")?.unwrap_or_default();
            let request = client.set_budget(workspace, interval, limit);
            let byok = given.get("include_byok_in_budgets")?;
            budget(set(request, byok, |request, byok| request.include_byok_in_budgets(byok))).await
        }
        Call::DeleteBudget => value(client.delete_budget(workspace, interval)).await,
    }
}

/// Our client.
pub fn client(settings: &ClientSettings) -> Result<Client, Error> {
    let retry = match settings.retries {
        true => RetryConfig::default().initial_interval(Duration::from_millis(1)),
        false => RetryConfig::none(),
    };
    let mut builder = Client::builder()
        .base_url(&settings.base_url)
        .api_key(settings.key.as_str())
        .timeout(Duration::from_secs(10))
        .retry(retry);
    if let Some(url) = &settings.http_referer {
        builder = builder.app_url(url);
    }
    if let Some(title) = &settings.app_title {
        builder = builder.app_title(title);
    }
    if let Some(categories) = &settings.app_categories {
        builder = builder.app_categories(categories);
    }
    builder.build()
}

/// The arguments of a call under the names of the API.
struct Arguments<'a>(&'a Map<String, Value>);

impl Arguments<'_> {
    /// An argument, if it is given; null is given to a type that has it.
    fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Failure> {
        let read = |value: &Value| T::deserialize(value).map_err(|error| Failure::Script(format!("{name}: {error}")));
        self.0.get(name).map(read).transpose()
    }

    /// The body of a request that is given as a whole.
    fn settings<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        self.get("settings")?.ok_or_else(|| Failure::Script("settings: an object is needed".to_owned()))
    }
}

/// Sets what is given.
fn set<R, T>(request: R, given: Option<T>, setter: impl FnOnce(R, T) -> R) -> R {
    match given {
        Some(value) => setter(request, value),
        None => request,
    }
}

fn paged<O: Paged>(request: Request<O>, given: &Arguments<'_>) -> Result<Request<O>, Failure> {
    let request = set(request, given.get("offset")?, Request::offset);
    Ok(set(request, given.get("limit")?, Request::limit))
}

async fn value<O: Operation<Output: Serialize>>(request: Request<O>) -> Result<Value, Failure> {
    Ok(json!(request.await?))
}

/// A budget, and what the answer says beside it.
async fn budget<O: Operation<Output = WorkspaceBudget>>(request: Request<O>) -> Result<Value, Failure> {
    let answer = request.send_with_meta().await?;
    let mut result = Map::from_iter([("data".to_owned(), json!(answer.data))]);
    if let Some(include) = answer.include_byok_in_budgets() {
        result.insert("include_byok_in_budgets".to_owned(), json!(include));
    }
    Ok(Value::Object(result))
}

async fn page<T, O>(request: Request<O>) -> Result<Value, Failure>
where
    T: Serialize,
    O: Paged<Item = T> + Operation<Output = openrouter_workspaces::Page<T>>,
{
    let page = request.await?;
    Ok(json!({"data": page.data, "total_count": page.total_count}))
}

async fn walk<O: Paged>(
    request: Request<O>,
    given: &Arguments<'_>,
    key: fn(O::Item) -> String,
) -> Result<Value, Failure> {
    let mut left = given.get("max_pages")?.unwrap_or(usize::MAX);
    let mut pages = request.pages();
    let mut rows = Vec::new();
    while let Some(page) = pages.try_next().await? {
        rows.extend(page.data.into_iter().map(key));
        left -= 1;
        if left == 0 {
            return Err(Failure::Endless);
        }
    }
    Ok(json!({"rows": rows}))
}

/// The error under the name that all drivers use, and what the API said.
fn failure(error: &Error) -> Value {
    let kind = match error {
        Error::BadRequest(_) => "bad_request",
        Error::Unauthorized(_) => "unauthorized",
        Error::PaymentRequired(_) => "payment_required",
        Error::Forbidden(_) => "forbidden",
        Error::NotFound(_) => "not_found",
        Error::Conflict(_) => "conflict",
        Error::RateLimited(_) => "rate_limited",
        Error::InternalServer(_) => "internal_server",
        Error::Api(_) => "api",
        Error::InvalidInput(_) => "invalid_input",
        Error::Connect(_) => "connect",
        Error::Transport(_) => "transport",
        Error::Timeout(_) => "timeout",
        Error::Decode(_) => "decode",
        Error::Pagination(_) => "pagination",
        Error::WrongEndpoint(_) => "wrong_endpoint",
        _ => "other",
    };
    // Without a code the body was not the API's, and the message is not what it said.
    let said = error.api().filter(|api| api.code().is_some());
    json!({
        "kind": kind,
        "status": error.status(),
        "code": said.and_then(|api| api.code()),
        "message": said.map(|api| api.message()),
        "metadata": said.and_then(|api| api.metadata()),
        "user_id": said.and_then(|api| api.user_id()),
        "request_id": error.request_id(),
    })
}
