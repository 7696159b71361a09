//! An account through the official Python SDK.

use openrouter_workspaces::BudgetInterval;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::driver::{Driver, Process};
use crate::fleet::state::State;
use crate::install::Program;
use crate::normal::whole_numbers;
use crate::ours::{ClientSettings, Order};
use crate::run::KEY;
use crate::script::Call;

/// A call that changes something.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write {
    call: Call,
    arguments: Map<String, Value>,
}

/// The driver of the SDK, and the account that it speaks to.
pub struct Python {
    driver: Driver,
    settings: ClientSettings,
}

impl Python {
    pub fn start(program: &Program, base_url: &str) -> Result<Self, String> {
        let settings = json!({"base_url": base_url, "key": KEY});
        let settings = serde_json::from_value(settings).map_err(|error| error.to_string())?;
        Ok(Self { driver: Driver::Process(Box::new(Process::start(program)?)), settings })
    }

    pub fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    pub async fn write(&mut self, writes: Vec<Write>) -> Result<(), String> {
        for Write { call, arguments } in writes {
            self.succeed(call, arguments).await?;
        }
        Ok(())
    }

    /// The whole account, but for when a workspace was changed last.
    pub async fn read(&mut self) -> Result<State, String> {
        let mut list = self.succeed(Call::List, arguments(json!({"limit": 100}))).await?;
        let rows = list["data"].take();
        let rows: Vec<Map<String, Value>> =
            serde_json::from_value(rows).map_err(|error| format!("the list of workspaces: {error}"))?;
        if list["total_count"] != rows.len() {
            return Err("there are more workspaces than a page has: take some out".to_owned());
        }
        let mut state = State::new();
        for mut row in rows {
            let (slug, id) = (text(&row, "slug")?, text(&row, "id")?);
            row.remove("updated_at");
            row.insert("members".to_owned(), self.members(&id).await?);
            row.insert("budgets".to_owned(), self.budgets(&id).await?);
            row.values_mut().for_each(whole_numbers);
            if state.insert(slug.clone(), row).is_some() {
                return Err(format!("two workspaces have the slug {slug}"));
            }
        }
        Ok(state)
    }

    async fn members(&mut self, id: &str) -> Result<Value, String> {
        let given = arguments(json!({"workspace": id, "limit": 100}));
        let mut walk = self.succeed(Call::WalkMembers, given).await?;
        let mut users: Vec<String> =
            serde_json::from_value(walk["rows"].take()).map_err(|error| format!("the members of {id}: {error}"))?;
        users.sort();
        Ok(json!(users))
    }

    async fn budgets(&mut self, id: &str) -> Result<Value, String> {
        let outcome = self.ask(Call::ListBudgets, arguments(json!({"workspace": id}))).await?;
        // That is what the live server answers where there never was a budget.
        if outcome["error"]["status"] == 404 {
            return Ok(json!({}));
        }
        let rows = outcome["ok"]["data"].as_array().ok_or_else(|| format!("the budgets of {id}: {outcome}"))?;
        let mut budgets = Map::new();
        for row in rows {
            // Of the lifetime budget, the interval is null.
            let interval = row["reset_interval"].as_str().unwrap_or(BudgetInterval::Lifetime.as_str()).to_owned();
            if budgets.insert(interval, row["limit_usd"].clone()).is_some() {
                return Err(format!("two budgets of {id} have the same interval: {outcome}"));
            }
        }
        Ok(Value::Object(budgets))
    }

    async fn succeed(&mut self, call: Call, arguments: Map<String, Value>) -> Result<Value, String> {
        let said = format!("{call:?} {}", json!(arguments));
        let mut outcome = self.ask(call, arguments).await?;
        match outcome.get_mut("ok") {
            Some(result) => Ok(result.take()),
            None => Err(format!("the Python SDK cannot {said}: {outcome}")),
        }
    }

    async fn ask(&mut self, call: Call, arguments: Map<String, Value>) -> Result<Value, String> {
        let client = self.settings.clone();
        self.driver.ask(&Order { call, arguments, client }).await
    }
}

fn arguments(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn text(row: &Map<String, Value>, field: &str) -> Result<String, String> {
    row.get(field).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| format!("a workspace has no {field}"))
}
