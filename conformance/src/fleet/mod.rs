//! Workspaces as code, as the official Python SDK sees it: it reads back what applying a manifest wrote, and it writes the
//! account that is exported.

mod manifest;
mod python;
mod state;

use std::collections::BTreeMap;
use std::path::Path;

use openrouter_sandbox::{Behaviour, Sandbox};
use openrouter_workspaces::Client;
use openrouter_workspaces_fleet::{
    Account, DEFAULT_WORKSPACE, Manifest, Plan, PlanOptions, Source, apply, export, plan,
};
use serde_json::{Map, Value, json};

use crate::deviation::{self, Deviation, Sorted};
use crate::diff::{Difference, differences};
use crate::fleet::python::{Python, Write};
use crate::fleet::state::State;
use crate::install::Program;
use crate::ours::{self, ClientSettings};
use crate::run::KEY;

/// The name under which deviations are listed.
pub const PEER: &str = "fleet";

/// Where this package is, so that the files are read from where people edit them.
const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");
const EVERY_SETTING: &str = "fleet/every-setting.yaml";
const BEFORE: &str = include_str!("../../fleet/before.yaml");
const WRITTEN: &str = include_str!("../../fleet/written.yaml");

/// How many users the organization has: more than a page or a request takes.
const USERS: usize = 150;

/// The cases, each with a sandbox of its own.
const CASES: [Case; 4] = [
    Case { name: "the example", work: Work::Apply { manifest: "../examples/fleet", before: None } },
    Case { name: "every setting", work: Work::Apply { manifest: EVERY_SETTING, before: None } },
    Case {
        name: "every setting over another account",
        work: Work::Apply { manifest: EVERY_SETTING, before: Some(BEFORE) },
    },
    Case { name: "an export", work: Work::Export { written: WRITTEN } },
];

struct Case {
    name: &'static str,
    work: Work,
}

enum Work {
    /// The Python SDK makes an account, if it is not to be a new one, ours applies a manifest to it, and the Python SDK
    /// reads it back.
    Apply { manifest: &'static str, before: Option<&'static str> },
    /// The Python SDK makes an account, and ours exports it.
    Export { written: &'static str },
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    pub cases: usize,
    pub workspaces: usize,
    /// How many values were compared, each setting, member and limit being one.
    pub values: usize,
    pub sorted: Sorted,
}

/// Runs all cases.
pub async fn run(program: &Program, deviations: &[Deviation]) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let mut all = Vec::new();
    for case in CASES {
        let compared = run_case(program, &case.work).await.map_err(|error| format!("fleet: {}: {error}", case.name))?;
        outcome.cases += 1;
        outcome.workspaces += compared.expected.len();
        outcome.values += compared.expected.values().map(values).sum::<usize>();
        all.extend(compared.differences().into_iter().map(|difference| (case.name.to_owned(), difference)));
    }
    outcome.sorted = deviation::sort(PEER, all, deviations);
    Ok(outcome)
}

/// What is held against each other, workspaces by their slugs.
struct Compared {
    expected: State,
    found: State,
    /// What our side failed to do.
    failed: Vec<Difference>,
}

impl Compared {
    fn differences(mut self) -> Vec<Difference> {
        for (slug, fields) in &mut self.found {
            // A field of an answer that is null and one that is not there mean the same.
            let nulls = self.expected.get(slug).into_iter().flatten().filter(|(_, value)| value.is_null());
            for (field, _) in nulls {
                fields.entry(field).or_insert(Value::Null);
            }
        }
        self.failed.extend(differences(&json!(self.expected), &json!(self.found)));
        self.failed
    }

    /// A manifest that is as the account is plans to nothing.
    fn must_be_empty(&mut self, left: &Plan) {
        if !left.is_empty() {
            let (none, left) = (json!([]), json!(left.workspaces));
            self.failed.push(Difference { at: "/plan".to_owned(), ours: Some(none), theirs: Some(left) });
        }
    }
}

/// The values of which a part of a state consists.
fn values(fields: &Map<String, Value>) -> usize {
    let count = |value: &Value| match value {
        Value::Array(items) => items.len().max(1),
        Value::Object(fields) => fields.len().max(1),
        _ => 1,
    };
    fields.values().map(count).sum()
}

async fn run_case(program: &Program, work: &Work) -> Result<Compared, String> {
    // The official SDKs read no page with a workspace that has no default guardrail.
    let sandbox =
        Sandbox::builder().key(KEY).organization_members(USERS).behaviour(Behaviour::NullGuardrail, false).start();
    let sandbox = sandbox.await.map_err(|error| format!("cannot start a sandbox: {error}"))?;
    let mut python = Python::start(program, sandbox.base_url())?;
    // Where there never was a budget, ours looks the workspace up, which is a second attempt.
    let settings = ClientSettings { retries: true, ..python.settings().clone() };
    let client = ours::client(&settings).map_err(|error| error.to_string())?;
    match work {
        Work::Apply { manifest, before } => applied(&mut python, &client, manifest, *before).await,
        Work::Export { written } => exported(&mut python, &client, written).await,
    }
}

async fn applied(python: &mut Python, client: &Client, path: &str, before: Option<&str>) -> Result<Compared, String> {
    if let Some(before) = before {
        python.write(writes(before)?).await?;
    }
    let before = python.read().await?;
    let sources = Source::read([Path::new(PACKAGE).join(path)]).map_err(|error| error.to_string())?;
    let expected = manifest::over(&sources, before.clone())?;
    let manifest = Manifest::from_sources(sources, &BTreeMap::new()).map_err(|error| error.to_string())?;
    let report = apply(client, &planned(client, &manifest).await?).await.map_err(|error| error.to_string())?;
    let left = planned(client, &manifest).await?;
    let mut found = python.read().await?;
    for (slug, fields) in &mut found {
        // Of a new workspace, what the manifest leaves out is the server's choice. Of one that was there, nothing is.
        if let Some(expected) = expected.get(slug).filter(|expected| !expected.contains_key("id")) {
            fields.retain(|field, _| expected.contains_key(field));
        }
    }
    let mut compared = Compared { expected, found, failed: Vec::new() };
    if !report.is_complete() {
        let (complete, report) = (json!("complete"), json!(report.to_string()));
        compared.failed.push(Difference { at: "/apply".to_owned(), ours: Some(complete), theirs: Some(report) });
    }
    compared.must_be_empty(&left);
    Ok(compared)
}

async fn exported(python: &mut Python, client: &Client, written: &str) -> Result<Compared, String> {
    python.write(writes(written)?).await?;
    let account = Account::read(client).await.map_err(|error| error.to_string())?;
    // It is read again from its text, as from the file that people keep.
    let text = export(&account).manifest.to_yaml();
    let sources = [Source { name: "exported.yaml".to_owned(), text }];
    let expected = manifest::over(&sources, State::new())?;
    let manifest = Manifest::from_sources(sources, &BTreeMap::new()).map_err(|error| error.to_string())?;
    let left = planned(client, &manifest).await?;
    let mut found = python.read().await?;
    for (slug, fields) in &mut found {
        // What a manifest does not say: who a workspace is, and who is in the default one, which is everyone.
        let is_said = |field: &str| match field {
            "id" | "created_at" | "created_by" | "default_guardrail_id" => false,
            "members" => slug != DEFAULT_WORKSPACE,
            _ => true,
        };
        fields.retain(|field, _| is_said(field));
    }
    let mut compared = Compared { expected, found, failed: Vec::new() };
    compared.must_be_empty(&left);
    Ok(compared)
}

async fn planned(client: &Client, manifest: &Manifest) -> Result<Plan, String> {
    let account = Account::read_for(client, manifest).await.map_err(|error| error.to_string())?;
    plan(manifest, &account, &PlanOptions::default()).map_err(|error| error.to_string())
}

/// Calls as they stand in a file, which has some.
fn writes(yaml: &str) -> Result<Vec<Write>, String> {
    match crate::script::parse(yaml) {
        Ok(writes) if writes.is_empty() => Err("there is nothing that the Python SDK is to write".to_owned()),
        Ok(writes) => Ok(writes),
        Err(error) => Err(format!("what the Python SDK is to write: {error}")),
    }
}

/// Whether there is a case with this name.
#[cfg(test)]
pub fn has_case(name: &str) -> bool {
    CASES.iter().any(|case| case.name == name)
}
