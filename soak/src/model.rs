//! What the server must have.

use std::collections::{BTreeMap, BTreeSet};

use openrouter_sandbox::Sandbox;
use serde_json::Value;

use crate::Report;

/// A workspace of a worker, by its present slug.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workspace {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub description: Option<String>,
    pub sampling_rate: f64,
    pub byok: bool,
    pub budgets: BTreeMap<String, f64>,
    pub members: BTreeSet<String>,
}

/// The workspaces of a worker. A place has a workspace under one of two slugs, or none.
#[derive(Debug)]
pub struct Model {
    pub places: Vec<Option<Workspace>>,
    prefix: String,
}

impl Model {
    pub fn new(worker: u64, places: usize) -> Self {
        Self { places: vec![None; places], prefix: format!("soak-{worker}-") }
    }

    /// The two slugs of a place.
    pub fn slugs(&self, place: usize) -> [String; 2] {
        [format!("{}{place}", self.prefix), format!("{}{place}-renamed", self.prefix)]
    }

    /// Whether a slug is one of this worker's.
    pub fn owns(&self, slug: &str) -> bool {
        slug.starts_with(&self.prefix)
    }

    /// Compares everything with the server, and counts what is missing or different.
    pub fn compare(&self, sandbox: &Sandbox, report: &mut Report) {
        for place in 0..self.places.len() {
            if truth(sandbox, &self.slugs(place)) != self.places[place] {
                report.lost_writes += 1;
            }
        }
    }
}

/// Counts workspaces on the server that no worker has.
pub fn count_strangers(models: &[Model], sandbox: &Sandbox, report: &mut Report) {
    let expected: usize = models.iter().flat_map(|model| &model.places).flatten().count();
    let there = sandbox.workspaces();
    let there = there.iter().filter(|w| w["slug"].as_str().is_some_and(|slug| slug.starts_with("soak-"))).count();
    report.duplicates += there.saturating_sub(expected) as u64;
}

/// What the server has under one of two slugs.
pub fn truth(sandbox: &Sandbox, slugs: &[String; 2]) -> Option<Workspace> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let all = sandbox.workspaces();
    let workspace = all.iter().find(|workspace| slugs.iter().any(|slug| workspace["slug"] == **slug))?;
    let slug = &text(&workspace["slug"])?;
    let budgets = sandbox.budgets(slug).ok()?;
    let members = sandbox.members(slug).ok()?;
    let interval = |budget: &Value| text(&budget["reset_interval"]).unwrap_or_else(|| "lifetime".to_owned());
    Some(Workspace {
        id: text(&workspace["id"])?,
        slug: slug.clone(),
        name: text(&workspace["name"])?,
        description: text(&workspace["description"]),
        sampling_rate: workspace["io_logging_sampling_rate"].as_f64()?,
        byok: workspace["include_byok_in_budgets"] == true,
        budgets: budgets.iter().map(|b| (interval(b), b["limit_usd"].as_f64().unwrap_or_default())).collect(),
        members: members.iter().filter_map(|member| text(&member["user_id"])).collect(),
    })
}
