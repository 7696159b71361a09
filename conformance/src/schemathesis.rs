//! Schemathesis with our contract against the sandbox.

use std::path::Path;
use std::process::Stdio;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use openrouter_sandbox::Sandbox;
use openrouter_workspaces::CONTRACT;
use serde_json::Value;

use crate::findings::{self, Finding, Sorted};
use crate::install;
use crate::run::KEY;

const PHASES: &str = "examples,coverage,fuzzing,stateful";

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    pub version: String,
    pub operations: u64,
    pub cases: usize,
    pub passed: usize,
    pub findings: Sorted,
}

/// Runs all checks in all phases.
pub async fn run(target: &Path, seed: u64, examples: u32) -> Result<Outcome, String> {
    let recorded = findings::load()?;
    let program = install::schemathesis(target).await?;
    // The users of the contract's examples belong to the organization, so that the examples work.
    let sandbox = Sandbox::builder()
        .key(KEY)
        .seed_workspaces(3)
        .organization_member("user_2ab9", "admin")
        .organization_member("user_77cd", "member")
        .start()
        .await
        .map_err(|error| format!("cannot start a sandbox: {error}"))?;
    let contract = install::write(&program.directory, "workspaces.yaml", CONTRACT)?;
    let events = program.directory.join("events.ndjson");
    let mut command = program.command();
    command
        .args(["run", "--checks", "all", "--phases", PHASES, "--mode", "all", "--continue-on-failure", "--no-shrink"])
        .args(["--generation-database", "none", "--warnings", "off", "--no-color", "--report", "ndjson"])
        .arg("--report-ndjson-path")
        .arg(&events)
        .args(["--seed", &seed.to_string(), "--max-examples", &examples.to_string()])
        .args(["--header", &format!("Authorization: Bearer {KEY}"), "--url", sandbox.base_url()])
        .arg(contract);
    let output = command.stdin(Stdio::null()).output().await.map_err(|error| program.failed(&error.to_string()))?;
    // 1 stands for findings; what they are stands in the events.
    if !matches!(output.status.code(), Some(0 | 1)) {
        let said = [output.stdout, output.stderr].concat();
        return Err(format!("schemathesis failed ({})\n{}", output.status, String::from_utf8_lossy(&said).trim()));
    }
    let events =
        std::fs::read_to_string(&events).map_err(|error| format!("cannot read {}: {error}", events.display()))?;
    let events = events.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>();
    let events = events.map_err(|error| format!("cannot read what Schemathesis reports: {error}"))?;
    let summary = summarize(&events)?;
    Ok(Outcome {
        version: summary.version,
        operations: summary.operations,
        cases: summary.cases,
        passed: summary.passed,
        findings: findings::sort(&summary.findings, &recorded),
    })
}

#[derive(Debug, Default, PartialEq)]
struct Summary {
    version: String,
    operations: u64,
    cases: usize,
    passed: usize,
    findings: Vec<Finding>,
}

/// Counts what the events tell.
fn summarize(events: &[Value]) -> Result<Summary, String> {
    let mut summary = Summary::default();
    let mut phases = Vec::new();
    for event in events {
        if let Some(start) = event.get("Initialize") {
            summary.version = text(&start["schemathesis_version"]);
        } else if let Some(loaded) = event.get("LoadingFinished") {
            summary.operations = loaded["statistic"]["operations"]["selected"].as_u64().unwrap_or_default();
        } else if let Some(phase) = event.get("PhaseFinished") {
            if matches!(phase["status"].as_str(), Some("success" | "failure")) {
                phases.push(text(&phase["phase"]["name"]));
            }
        } else if let Some(error) = event.get("NonFatalError").or(event.get("FatalError")) {
            return Err(format!("schemathesis failed: {error}"));
        } else if let Some(scenario) = event.get("ScenarioFinished") {
            count(&scenario["recorder"], &mut summary);
        }
    }
    // A phase that did not run has found nothing.
    match PHASES.split(',').find(|phase| !phases.iter().any(|done| done == phase)) {
        Some(phase) => Err(format!("schemathesis did not come through its phase {phase}")),
        None => Ok(summary),
    }
}

fn count(recorder: &Value, summary: &mut Summary) {
    for (case, checks) in recorder["checks"].as_object().into_iter().flatten() {
        summary.cases += 1;
        for check in checks.as_array().into_iter().flatten() {
            if check["status"] == "success" {
                summary.passed += 1;
                continue;
            }
            let failure = &check["failure_info"]["failure"];
            let response = &recorder["interactions"][case]["response"];
            summary.findings.push(Finding {
                check: text(&check["name"]),
                operation: text(&failure["operation"]),
                status: response["status_code"].as_u64().unwrap_or_default(),
                message: message(&response["content"]["$base64"]),
                complaint: text(&failure["message"]),
            });
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The message of an error's body, which Schemathesis writes as Base64.
fn message(body: &Value) -> String {
    let bytes = BASE64_STANDARD.decode(body.as_str().unwrap_or_default()).unwrap_or_default();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    text(&body["error"]["message"])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn events() -> Vec<Value> {
        let body = BASE64_STANDARD.encode(r#"{"error": {"code": 409, "message": "slug: taken"}}"#);
        let phase = |name: &str| json!({"PhaseFinished": {"phase": {"name": name}, "status": "success"}});
        let failure = json!({"operation": "POST /workspaces", "message": "Received: 409"});
        let checks = json!([
            {"name": "not_a_server_error", "status": "success"},
            {"name": "status_code_conformance", "status": "failure", "failure_info": {"failure": failure}},
        ]);
        let response = json!({"status_code": 409, "content": {"$base64": body}});
        let recorder = json!({"checks": {"c1": checks, "c2": []}, "interactions": {"c1": {"response": response}}});
        let mut events = vec![
            json!({"Initialize": {"schemathesis_version": "4.0.0"}}),
            json!({"LoadingFinished": {"statistic": {"operations": {"selected": 12}}}}),
            json!({"ScenarioFinished": {"recorder": recorder}}),
        ];
        events.extend(PHASES.split(',').map(phase));
        events
    }

    #[test]
    fn cases_checks_and_findings_are_counted() {
        let finding = Finding {
            check: "status_code_conformance".to_owned(),
            operation: "POST /workspaces".to_owned(),
            status: 409,
            message: "slug: taken".to_owned(),
            complaint: "Received: 409".to_owned(),
        };
        let summary =
            Summary { version: "4.0.0".to_owned(), operations: 12, cases: 2, passed: 1, findings: vec![finding] };
        assert_eq!(summarize(&events()), Ok(summary));
    }

    #[test]
    fn a_phase_that_did_not_run_is_an_error() {
        let mut events = events();
        events.pop();
        assert_eq!(summarize(&events), Err("schemathesis did not come through its phase stateful".to_owned()));
    }

    #[test]
    fn an_error_of_schemathesis_is_an_error() {
        let mut events = events();
        events.push(json!({"NonFatalError": {"message": "broken"}}));
        assert!(summarize(&events).is_err());
    }
}
