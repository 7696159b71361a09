//! Random workspaces.

use std::collections::BTreeSet;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{INTERVALS, Limits};

/// What a workspace may have.
pub(crate) struct Drawn {
    pub settings: Map<String, Value>,
    pub members: Vec<String>,
    pub limits: Limits,
    pub include_byok: Option<bool>,
    pub key_owners: BTreeSet<String>,
}

impl Drawn {
    pub fn new(rng: &mut Rng, users: &[String]) -> Self {
        let members = some_of(rng, users);
        let key_owners = members.iter().filter(|_| rng.u8(0..16) == 0).cloned().collect();
        let limits = limits(rng);
        let include_byok = if limits.is_empty() { None } else { maybe(rng) };
        Self { settings: settings(rng), members, limits, include_byok, key_owners }
    }

    /// As it stands in a saved account.
    pub fn saved(&self, slug: &str) -> Value {
        let members: Vec<Value> = self.members.iter().map(|user| json!({"user_id": user})).collect();
        let budgets: Vec<Value> =
            self.limits.iter().map(|(interval, limit)| json!({"interval": interval, "limit_usd": limit})).collect();
        let mut saved = self.settings.clone();
        saved.insert("slug".to_owned(), json!(slug));
        saved.insert("members".to_owned(), json!(members));
        saved.insert("budgets".to_owned(), json!(budgets));
        saved.insert("api_key_owners".to_owned(), json!(self.key_owners));
        if let Some(include) = self.include_byok {
            saved.insert("include_byok_in_budgets".to_owned(), json!(include));
        }
        Value::Object(saved)
    }
}

pub(crate) fn maybe(rng: &mut Rng) -> Option<bool> {
    rng.bool().then(|| rng.bool())
}

/// Nobody, everybody, or any in between, in any order.
pub(crate) fn some_of(rng: &mut Rng, users: &[String]) -> Vec<String> {
    let share = [0.0, 0.2, 0.5, 0.9, 1.0][rng.usize(0..5)];
    let mut some: Vec<String> = users.iter().filter(|_| rng.f64() < share).cloned().collect();
    rng.shuffle(&mut some);
    some
}

/// A set that the server takes, with limits that others have, too.
pub(crate) fn limits(rng: &mut Rng) -> Limits {
    let mut limit = rng.u32(8..20);
    let mut limits = Limits::new();
    for interval in INTERVALS {
        if rng.u8(0..3) > 0 {
            limits.insert(interval.to_owned(), f64::from(limit));
        }
        limit -= rng.u32(1..3);
    }
    limits
}

pub(crate) fn is_decreasing(limits: &Limits) -> bool {
    let all: Vec<f64> = INTERVALS.iter().filter_map(|interval| limits.get(*interval).copied()).collect();
    all.windows(2).all(|pair| pair[0] > pair[1])
}

/// Some settings, each of two values, so that they often are so already.
pub(crate) fn settings(rng: &mut Rng) -> Map<String, Value> {
    let mut settings = Map::new();
    for (field, values) in [
        ("name", [json!("Research"), json!("Operations")]),
        ("description", [json!("Team of six"), Value::Null]),
        ("default_text_model", [json!("openai/gpt-4o"), Value::Null]),
        ("io_logging_sampling_rate", [json!(0.5), json!(1.0)]),
        ("is_observability_broadcast_enabled", [json!(true), json!(false)]),
    ] {
        if rng.bool() {
            settings.insert(field.to_owned(), values[usize::from(rng.bool())].clone());
        }
    }
    settings
}
