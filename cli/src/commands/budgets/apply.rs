//! `orw budgets apply`.

use std::path::PathBuf;

use openrouter_workspaces::BudgetSet;
use serde_json::{Map, Value};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::options::dollars;
use crate::output::changes::Change;

/// Makes the budgets of a workspace those that are given, in an order that the server takes; all others are deleted
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Slug or id
    workspace: String,
    /// The limit for all time, in US dollars
    #[arg(long, value_name = "USD", value_parser = dollars, allow_negative_numbers = true)]
    lifetime: Option<f64>,
    /// The limit for a month
    #[arg(long, value_name = "USD", value_parser = dollars, allow_negative_numbers = true)]
    monthly: Option<f64>,
    /// The limit for a week
    #[arg(long, value_name = "USD", value_parser = dollars, allow_negative_numbers = true)]
    weekly: Option<f64>,
    /// The limit for a day
    #[arg(long, value_name = "USD", value_parser = dollars, allow_negative_numbers = true)]
    daily: Option<f64>,
    /// Whether spend on one's own provider keys counts, for all of them
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true)]
    include_byok: Option<bool>,
    /// JSON or YAML with these as its fields: lifetime, monthly, weekly, daily, include_byok; `-` is stdin
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["lifetime", "monthly", "weekly", "daily", "include_byok"])]
    file: Option<PathBuf>,
    /// Leaves the budgets that are not given as they are
    #[arg(long)]
    keep_others: bool,
    /// Takes no budgets for what is meant: all are deleted
    #[arg(long)]
    allow_empty: bool,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let wanted = self.wanted().await?;
        if !self.keep_others && !self.allow_empty && wanted.limits().iter().all(|(_, limit)| limit.is_none()) {
            return Err(Failure::usage(
                "no budget is given, and all that there are would be deleted",
                "give limits, or --allow-empty if none is meant",
            ));
        }
        let id = context.id(&self.workspace).await?;
        let read = || context.job("reading budgets", context.client.get_budgets(&id));
        let before = read().await?;
        let set = if self.keep_others { wanted.or(&before) } else { wanted };
        set.check().map_err(openrouter_workspaces::Error::from)?;
        // Whether own keys count may be something that cannot be changed, or that needs no change.
        let steps = before.steps_to(&set).map_err(openrouter_workspaces::Error::from)?;
        let changes = if steps.is_empty() { Vec::new() } else { changes(&fields(&before)?, &fields(&set)?) };
        let question = format!("Change the budgets of {} like this?", self.workspace);
        if !context.agree(&changes, &question).await? {
            return Ok(Exit::Done);
        }
        if context.has_asked(&changes) && read().await? != before {
            return Err(Failure::moved());
        }
        let job = context.client.set_budgets(&id, wanted);
        let job = if self.keep_others { job.keep_others() } else { job };
        let so_far = job.so_far();
        context.if_interrupted(move || so_far.get().to_string());
        let result = context.job("changing budgets", job).await;
        result.map_err(|error| Failure::job(&error, !error.so_far().made.is_empty()))?;
        context.out.changed(&changes, &format!("the budgets of {} are as given", self.workspace))?;
        Ok(Exit::Done)
    }

    async fn wanted(&self) -> Result<BudgetSet, Failure> {
        let Some(path) = &self.file else {
            let set = BudgetSet::default()
                .lifetime(self.lifetime)
                .monthly(self.monthly)
                .weekly(self.weekly)
                .daily(self.daily);
            return Ok(set.include_byok(self.include_byok));
        };
        let Input { name, text } = input::read(path).await?;
        serde_norway::from_str(&text).map_err(|error| {
            let hint = "correct the file: it has lifetime, monthly, weekly, daily and include_byok";
            Failure::malformed(&name, &error, hint)
        })
    }
}

/// The budgets that there are, by their names.
fn fields(set: &BudgetSet) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(set).map_err(std::io::Error::from)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Change> {
    let of = |set: &Map<String, Value>, name: &str| set.get(name).cloned().unwrap_or_default();
    let goes = |name: &&String| *name != "include_byok" && !after.contains_key(*name);
    let names = after.keys().chain(before.keys().filter(goes));
    names.filter_map(|name| Change::between(name, of(before, name), of(after, name))).collect()
}
