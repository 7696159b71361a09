//! Plans that were written to a file, and read again: by another program, by hand, or cut off.

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::Client;
use openrouter_workspaces_fleet::{Account, ApplyError, Plan, PlanOptions, apply, plan};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use crate::random::{account, config, fleet, sandbox_with};
use crate::state::on_paused_clock;
use crate::support::{client, described, manifest, planned_with, requests, simulated};

/// A plan with each kind of action, as it is written.
async fn written() -> (Sandbox, Client, Plan, Value) {
    let sandbox = described().seed_workspaces(3).in_memory().unwrap();
    let client = client(&sandbox);
    client.bulk_add_members("workspace-1", ["user_1"]).await.unwrap();
    client.set_budget("workspace-1", openrouter_workspaces::BudgetInterval::Daily, 3.0).await.unwrap();
    let text = "workspaces:
  - {slug: workspace-1, name: A, io_logging_sampling_rate: 0.5, members: [user_2], budgets: {monthly: 40, include_byok: true}}
  - {slug: renamed, renamed_from: workspace-2}
  - {slug: new, name: New, io_logging_sampling_rate: 0.25, budgets: {monthly: 0.3}}
";
    let plan = planned_with(&client, &manifest(text), &PlanOptions::default().prune(true)).await;
    let value = serde_json::to_value(&plan).unwrap();
    requests(&sandbox);
    (sandbox, client, plan, value)
}

fn read(value: &Value) -> Result<Plan, String> {
    serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())
}

type Edit = fn(&mut Value);

#[tokio::test(start_paused = true)]
async fn a_plan_that_was_edited_is_refused_before_any_request() {
    let (sandbox, client, _, value) = written().await;
    let edits: [(&str, Edit); 17] = [
        ("a user more", |plan| users(plan).push(json!("user_9"))),
        ("a user less", |plan| users(plan).clear()),
        ("another user", |plan| users(plan)[0] = json!("user_9")),
        ("steps in another order", |plan| actions(plan).reverse()),
        ("a step less", |plan| drop(actions(plan).remove(0))),
        ("a step twice", |plan| {
            let action = actions(plan)[0].clone();
            actions(plan).push(action);
        }),
        ("a negative limit", |plan| limit(plan)["after"] = json!(-5)),
        ("another limit before", |plan| limit(plan)["before"] = json!(1)),
        ("another reason", |plan| limit(plan)["reason"] = json!("it was agreed")),
        ("workspaces in another order", |plan| workspaces(plan).reverse()),
        ("a workspace less", |plan| drop(workspaces(plan).remove(1))),
        ("a workspace twice", |plan| {
            let workspace = workspaces(plan)[0].clone();
            workspaces(plan).push(workspace);
        }),
        ("no workspace", |plan| workspaces(plan).clear()),
        ("another slug", |plan| workspaces(plan)[0]["slug"] = json!("workspace-3")),
        ("no id", |plan| drop(workspaces(plan)[0].as_object_mut().unwrap().remove("id"))),
        ("nothing that it rests on", |plan| workspaces(plan)[0]["rests_on"] = json!({})),
        ("another fingerprint", |plan| plan["fingerprint"] = json!("")),
    ];
    for (edit, change) in edits {
        let mut edited = value.clone();
        change(&mut edited);
        assert_ne!(edited, value, "{edit}");
        let edited = read(&edited).unwrap_or_else(|error| panic!("{edit}: {error}"));
        assert!(!edited.is_unchanged(), "{edit}");
        let error = apply(&client, &edited).await.expect_err(edit);
        assert!(matches!(error, ApplyError::Changed), "{edit}: {error}");
        assert_eq!(
            error.to_string(),
            "nothing was sent, for the plan was changed after it was made: change the manifest, and make the plan again",
        );
        assert_eq!(requests(&sandbox), Vec::<String>::new(), "{edit}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_was_only_written_in_another_way_is_carried_out() {
    let (_sandbox, client, plan, value) = written().await;
    // As programs do that have one kind of numbers, and sort keys or turn them around.
    let text = serde_json::to_string_pretty(&turned(&value)).unwrap().replace(".0,", ",");
    assert!(text.contains(": 40,"), "{text}");
    let back: Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(back.fingerprint, plan.fingerprint);
    assert!(apply(&client, &back).await.unwrap().is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_check_tells_whether_a_plan_fits_and_changes_nothing() {
    let (sandbox, client, plan, value) = written().await;
    apply(&client, &plan).check().await.expect("nothing has moved");
    let sent = requests(&sandbox);
    assert!(!sent.is_empty() && sent.iter().all(|request| request.starts_with("list_")), "{sent:?}");

    client.bulk_add_members("workspace-1", ["user_3"]).await.unwrap();
    requests(&sandbox);
    let error = apply(&client, &plan).check().await.unwrap_err();
    assert!(matches!(&error, ApplyError::Moved(moved) if moved.len() == 1 && moved[0].part == "members"), "{error}");
    let sent = requests(&sandbox);
    assert!(!sent.is_empty() && sent.iter().all(|request| request.starts_with("list_")), "{sent:?}");

    let mut edited = value;
    users(&mut edited).clear();
    let error = apply(&client, &read(&edited).unwrap()).check().await.unwrap_err();
    assert!(matches!(error, ApplyError::Changed), "{error}");
    assert_eq!(requests(&sandbox), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_field_that_no_plan_has_is_an_error_which_names_it() {
    let (_sandbox, _, _, value) = written().await;
    let additions: [(&str, Edit); 7] = [
        ("unknown field `x`", |plan| plan["x"] = json!(1)),
        ("unknown field `x`", |plan| workspaces(plan)[0]["x"] = json!(1)),
        ("a step of a plan has no field `x`", |plan| actions(plan)[0]["x"] = json!({})),
        ("a step of a plan has no field `fields[0].x`", |plan| actions(plan)[0]["fields"][0]["x"] = json!(1)),
        ("a step of a plan has no field `interval`", |plan| {
            users(plan);
            actions(plan)[1]["interval"] = json!("daily");
        }),
        ("a step of a plan has no field `include_byok.x`", |plan| limit(plan)["include_byok"]["x"] = json!(1)),
        ("a step of a plan has no field `workspace.x`", |plan| {
            workspaces(plan)[3]["actions"][0]["workspace"]["x"] = json!([1]);
        }),
    ];
    for (expected, add) in additions {
        let mut extended = value.clone();
        add(&mut extended);
        let error = read(&extended).expect_err(expected);
        assert!(error.starts_with(expected), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_plan_is_an_error_when_it_is_read() {
    let (_sandbox, _, _, value) = written().await;
    let text = value.to_string();
    let limit = |limit: &str| text.replace("\"after\":40.0", &format!("\"after\":{limit}"));
    let cases = [
        (String::new(), "EOF while parsing a value at line 1 column 0"),
        (text[..text.len() / 2].to_owned(), "EOF while parsing"),
        (text.clone() + "}", "trailing characters"),
        ("[]".to_owned(), "invalid length 0"),
        ("{}".to_owned(), "missing field `version`"),
        (text.replace("\"version\":1", "\"version\":2"), "the plan is of version 2, and only version 1 is known"),
        (text.replace("\"version\":1", "\"version\":\"1\""), "invalid type: string \"1\""),
        (limit("NaN"), "expected value"),
        (limit("1e400"), "number out of range"),
        (limit("null"), "invalid type: null, expected f64"),
        (limit("\"40\""), "invalid type: string \"40\", expected f64"),
        (text.replace("\"action\":\"update\"", "\"action\":\"downdate\""), "unknown variant `downdate`"),
        (text.replace("\"slug\":\"renamed\"}", "\"slug\":\"a\",\"slug\":\"b\"}"), "duplicate field `slug`"),
    ];
    for (text, expected) in cases {
        let error = serde_json::from_str::<Plan>(&text).expect_err(expected).to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_changes_nothing_is_as_it_was_made_whoever_made_it() {
    let (sandbox, client, ..) = written().await;
    assert!(Plan::default().is_unchanged());
    assert!(apply(&client, &Plan::default()).await.unwrap().is_complete());
    assert_eq!(planned_with(&client, &manifest(""), &PlanOptions::default()).await, Plan::default());
    drop(sandbox);
}

#[tokio::test(start_paused = true)]
async fn a_plan_with_a_setting_that_only_another_version_knows_is_refused_before_any_request() {
    let (sandbox, client, ..) = written().await;
    let plan = json!({
        "version": 1,
        "fingerprint": "91d58011ffaf2715ab4b44a4e3c455be3dc78e75d26878527d247136170e5c37",
        "workspaces": [{
            "slug": "a",
            "id": null,
            "rests_on": {"slug": "0"},
            "actions": [{
                "action": "create",
                "fields": {"name": "A", "slug": "a", "rank": 1.50},
                "reason": "no workspace has this slug",
            }],
        }],
    });
    let error = apply(&client, &read(&plan).unwrap()).await.unwrap_err().to_string();
    assert!(error.starts_with("nothing was changed: a: unknown field `rank`"), "{error}");
    assert_eq!(requests(&sandbox), Vec::<String>::new());
}

proptest! {
    #![proptest_config(config(80))]

    #[test]
    fn whatever_is_changed_in_a_plan_it_is_not_read_or_not_carried_out_or_says_the_same(
        there in account(), fleet in fleet(), at in any::<Index>(), new in any::<Index>(),
    ) {
        on_paused_clock(async {
            let (_sandbox, client) = sandbox_with(&there, simulated()).await;
            let account = Account::read(&client).await.unwrap();
            let Ok(made) = plan(&fleet, &account, &PlanOptions::default().prune(true)) else { return Ok(()) };
            let mut edited = json!(made);
            let mut paths = Vec::new();
            all_paths(&edited, "", &mut paths);
            let news = [json!(null), json!(0), json!(-5), json!(1.5), json!("x"), json!(true), json!([]), json!({}), json!(["user_1"])];
            let path: &String = at.get(&paths);
            *edited.pointer_mut(path).unwrap() = new.get(&news).clone();
            if let Ok(read) = read(&edited) && read.is_unchanged() {
                prop_assert_eq!(&read, &made, "{}", path);
            }
            Ok(())
        })?;
    }
}

/// The places of all values in a value.
fn all_paths(value: &Value, path: &str, paths: &mut Vec<String>) {
    paths.push(path.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| all_paths(item, &format!("{path}/{index}"), paths));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| all_paths(value, &format!("{path}/{name}"), paths));
        }
        _ => {}
    }
}

/// The same with the fields of all objects in the opposite order.
fn turned(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(turned).collect(),
        Value::Object(fields) => {
            let turned = fields.iter().rev().map(|(name, value)| (name.clone(), turned(value)));
            Value::Object(turned.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn workspaces(plan: &mut Value) -> &mut Vec<Value> {
    plan["workspaces"].as_array_mut().unwrap()
}

/// The actions of the first workspace.
fn actions(plan: &mut Value) -> &mut Vec<Value> {
    plan["workspaces"][0]["actions"].as_array_mut().unwrap()
}

/// Those whom it adds.
fn users(plan: &mut Value) -> &mut Vec<Value> {
    assert_eq!(actions(plan)[1]["action"], "add_members");
    actions(plan)[1]["users"].as_array_mut().unwrap()
}

/// The limit that it sets.
fn limit(plan: &mut Value) -> &mut Value {
    actions(plan).iter_mut().find(|action| action["action"] == "set_budget").unwrap()
}
