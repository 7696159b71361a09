//! A random account, and a random manifest beside it.

use fastrand::Rng;
use openrouter_sandbox::SavedState;
use serde_json::{Map, Value, json};

use super::wanted::{Budgets, Entry, Members, Wanted};
use crate::account::{self, Drawn, limits, maybe, some_of};

/// The slugs that a manifest may name, besides that of the default workspace.
const SLUGS: [&str; 5] = ["alpha", "beta", "gamma", "delta", "epsilon"];

/// A pair of an account and a manifest, and what is to happen to those who apply it.
#[derive(Debug)]
pub(super) struct Scenario {
    pub state: SavedState,
    pub wanted: Wanted,
    /// The users of the organization.
    pub users: Vec<String>,
    /// How many times the program is to be killed at most.
    pub kills: usize,
    /// The probability with which somebody else gets in before a request.
    pub stranger: f64,
    /// Whether a plan gets stale before all else, or only others change what it does not rest on.
    pub stale: Option<bool>,
}

impl Scenario {
    pub fn draw(rng: &mut Rng) -> Self {
        // Mostly a few users, so that it is fast; sometimes more than two requests take.
        let size = if rng.u8(0..12) == 0 { rng.usize(90..260) } else { rng.usize(1..12) };
        let users: Vec<String> = (0..size).map(|number| format!("user_{number}")).collect();
        let organization: Vec<Value> = users.iter().map(|user| json!({"user_id": user})).collect();
        let mut default = workspace(rng, "default", &[]);
        default["default"] = json!(true);
        let mut workspaces = vec![default];
        for number in 0..rng.usize(0..3) {
            workspaces.push(workspace(rng, &format!("bystander-{number}"), &users));
        }
        let mut defaults = if rng.bool() { settings(rng) } else { Map::new() };
        defaults.remove("name");
        let mut entries = Vec::new();
        if rng.u8(0..3) == 0 {
            entries.push(Entry { members: None, ..entry(rng, "default", &defaults, &users) });
        }
        for slug in SLUGS.into_iter().take(rng.usize(1..=SLUGS.len())) {
            let old = format!("old-{slug}");
            match rng.u8(0..4) {
                0 => {}
                1 => workspaces.push(workspace(rng, &old, &users)),
                _ => workspaces.push(workspace(rng, slug, &users)),
            }
            if rng.u8(0..5) > 0 {
                let renamed_from = rng.bool().then_some(old);
                entries.push(Entry { renamed_from, ..entry(rng, slug, &defaults, &users) });
            }
        }
        rng.shuffle(&mut workspaces);
        rng.shuffle(&mut entries);
        let state = json!({"version": 1, "organization": organization, "workspaces": workspaces}).to_string();
        let state = state.parse().unwrap_or_else(|error| panic!("no state: {error}: {state}"));
        Self {
            state,
            wanted: Wanted { defaults, entries, prune: rng.u8(0..3) == 0 },
            users,
            kills: rng.usize(0..=4),
            stranger: if rng.u8(0..3) == 0 { [0.05, 0.2][rng.usize(0..2)] } else { 0.0 },
            stale: (rng.u8(0..3) == 0).then(|| rng.bool()),
        }
    }
}

/// A workspace as it stands in a saved account. Nobody has API keys in it, so that the server refuses no removal.
fn workspace(rng: &mut Rng, slug: &str, users: &[String]) -> Value {
    let mut drawn = Drawn::new(rng, users);
    drawn.key_owners.clear();
    drawn.settings = settings(rng);
    drawn.saved(slug)
}

fn entry(rng: &mut Rng, slug: &str, defaults: &Map<String, Value>, users: &[String]) -> Entry {
    let own = if rng.u8(0..4) > 0 { settings(rng) } else { Map::new() };
    let mut all = defaults.clone();
    all.extend(own.clone());
    let members = (rng.u8(0..4) > 0).then(|| Members { users: some_of(rng, users), exactly: rng.bool() });
    let budgets = (rng.u8(0..4) > 0).then(|| {
        let limits = limits(rng);
        // Where there is no budget that it could travel with, the flag cannot be set.
        let include_byok = if limits.is_empty() { None } else { maybe(rng) };
        Budgets { limits, include_byok }
    });
    Entry { slug: slug.to_owned(), renamed_from: None, own, settings: all, members, budgets }
}

/// Some settings, each of two values, so that they often are so already.
pub(super) fn settings(rng: &mut Rng) -> Map<String, Value> {
    let mut settings = account::settings(rng);
    for (field, values) in [
        ("default_provider_sort", [json!("price"), Value::Null]),
        ("disabled_server_tools", [json!(["openrouter:shell", "openrouter:bash"]), Value::Null]),
        ("io_logging_api_key_ids", [json!([7, 3]), Value::Null]),
    ] {
        if rng.u8(0..3) == 0 {
            settings.insert(field.to_owned(), values[usize::from(rng.bool())].clone());
        }
    }
    settings
}
