//! Running the script with one SDK.

use openrouter_sandbox::{Behaviour, Sandbox, ScriptedResponse};
use serde_json::{Map, Value, json};

use crate::driver::Driver;
use crate::normal::Normal;
use crate::ours::Order;
use crate::script::{Answer, Scenario, Setup, Step};

/// The management key, the same in every run so that requests can be compared.
pub const KEY: &str = "sk-or-v1-conformance";

/// A key that may not manage.
const INFERENCE_KEY: &str = "sk-or-v1-inference";

/// What every step led to, in the order of the script: an object with `result` and `requests`, in their normal form.
pub async fn run(scenarios: &[Scenario], mut driver: Driver) -> Result<Vec<Value>, String> {
    let mut records = Vec::new();
    for scenario in scenarios {
        let sandbox = prepare(&scenario.sandbox).await.map_err(|error| format!("cannot start a sandbox: {error}"))?;
        for step in &scenario.steps {
            sandbox.clear_journal();
            let before = names(&sandbox);
            let order = order(step, &sandbox).map_err(|error| format!("step {}: {error}", step.name))?;
            let answers = step.answers.iter().flat_map(|answer| vec![response(answer); answer.times]);
            sandbox.script(step.call.operation_id(), answers).map_err(|error| error.to_string())?;
            let outcome = driver.ask(&order).await.map_err(|error| format!("step {}: {error}", step.name))?;
            let mut normal = Normal::new(before.into_iter().chain(names(&sandbox)));
            let requests: Vec<Value> = sandbox.journal().iter().map(|request| normal.request(request)).collect();
            records.push(json!({"result": normal.result(outcome), "requests": requests}));
        }
    }
    Ok(records)
}

/// The ids that can be told apart by name: of workspaces, and of the answers to requests.
fn names(sandbox: &Sandbox) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let workspaces = sandbox.workspaces();
    let workspaces = workspaces.iter().map(|row| (text(&row["id"]), format!("workspace {}", text(&row["slug"]))));
    let journal = sandbox.journal();
    let answers = journal.iter().enumerate();
    let answers = answers.filter_map(|(index, request)| Some((request.request_id.clone()?, format!("answer {index}"))));
    workspaces.chain(answers).collect()
}

async fn prepare(setup: &Setup) -> Result<Sandbox, Box<dyn std::error::Error>> {
    // The official SDKs take the id of the default guardrail for granted, and read no page with a row that has none.
    let mut builder = Sandbox::builder()
        .key(KEY)
        .inference_key(INFERENCE_KEY)
        .seed_workspaces(setup.workspaces)
        .behaviour(Behaviour::NullGuardrail, false);
    if let Some(members) = setup.members {
        builder = builder.organization_members(members);
    }
    if let Some(rows) = setup.page_cap {
        builder = builder.page_cap(rows);
    }
    if let Some(user) = &setup.scim_member {
        builder = builder.scim_member(user);
    }
    for (name, on) in &setup.behaviours {
        builder = builder.behaviour(name.parse()?, *on);
    }
    let sandbox = builder.start().await?;
    if let Some(workspace) = &setup.active_key_in {
        sandbox.add_api_key(workspace, "user_1")?;
    }
    if let Some(workspace) = setup.deleted_meanwhile.clone() {
        sandbox.before("list_workspaces", move |account, call| {
            if call == 2 {
                // If it is not there, the expectation of the step fails.
                let _ = account.delete_workspace(&workspace);
            }
        })?;
    }
    Ok(sandbox)
}

fn order(step: &Step, sandbox: &Sandbox) -> Result<Order, String> {
    let mut client =
        Map::from_iter([("base_url".to_owned(), json!(sandbox.base_url())), ("key".to_owned(), json!(KEY))]);
    client.extend(step.client.clone());
    let client = serde_json::from_value(client.into()).map_err(|error| format!("client: {error}"))?;
    let mut arguments = step.arguments.clone();
    for value in arguments.values_mut() {
        if let Some(slug) = value.as_str().and_then(|text| text.strip_prefix("$id:")) {
            // Where there is none, because an SDK could not create it, the text stays, and the step is different.
            let workspaces = sandbox.workspaces();
            if let Some(workspace) = workspaces.iter().find(|workspace| workspace["slug"] == slug) {
                *value = workspace["id"].clone();
            }
        }
    }
    Ok(Order { call: step.call, arguments, client })
}

fn response(answer: &Answer) -> ScriptedResponse {
    match &answer.html {
        Some(html) => ScriptedResponse::html(answer.status, html),
        None => ScriptedResponse::json(answer.status, &answer.json),
    }
}
