//! What the program ends with. The codes of wrong usage, of plans, and of what is partly done are in the snapshots.

use openrouter_sandbox::{Behaviour, Fault, FaultPlan, Sandbox, ScriptedResponse, When};

use crate::support::{abandoned_url, folder, orw, orw_at, repository, run, server};

#[test]
fn a_job_that_is_refused_tells_that_another_request_of_it_may_be_applied() {
    let sandbox = server(Sandbox::builder().organization_members(200));
    sandbox.create_workspace("team").unwrap();
    let faults = [Some(Fault::status(402)), Some(Fault::status(504).after_processing())];
    sandbox.set_faults(FaultPlan::default().sequence("bulk_add_workspace_members", faults)).unwrap();
    let users: Vec<String> = (1..=200).map(|number| format!("user_{number}")).collect();
    let mut arguments = vec!["members", "add", "team", "--retries", "0", "-o", "json"];
    arguments.extend(users.iter().map(String::as_str));
    let (code, out, err) = run(&mut orw_at(&sandbox, &arguments));
    assert!(code == 5 && out.contains(r#""outcome": "unknown""#), "{err}");
    assert!(err.contains(r#""may_be_applied":true"#), "{err}");
}

#[test]
fn users_whom_the_answer_does_not_show_are_not_done() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("team").unwrap();
    let nobody = ScriptedResponse::json(200, &serde_json::json!({"data": [], "added_count": 0}));
    let faults = FaultPlan::default().sequence("bulk_add_workspace_members", [Some(Fault::answer(nobody))]);
    sandbox.set_faults(faults).unwrap();
    let (code, out, err) = run(&mut orw_at(&sandbox, &["members", "add", "team", "user_1", "-o", "json"]));
    assert!(out.contains(r#""outcome": "unknown""#), "{out}");
    assert_eq!(code, 5, "{err}");
    assert!(err.contains(r#""may_be_applied":true"#) && err.contains("1 user"), "{err}");
}

#[test]
fn what_is_done_ends_with_0() {
    let sandbox = server(Sandbox::builder());
    let (code, out, err) = run(&mut orw_at(&sandbox, &["create", "production", "-o", "ids"]));
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(sandbox.workspaces()[1]["id"], out.trim_end());
}

#[test]
fn a_key_that_the_server_does_not_know_ends_with_5() {
    let sandbox = server(Sandbox::builder());
    let (code, _, err) = run(orw_at(&sandbox, &["list"]).env("OPENROUTER_API_KEY", "sk-or-v1-another-one"));
    assert_eq!(code, 5, "{err}");
    assert!(err.contains("status 401") && err.contains("next:  check the key"), "{err}");
}

#[test]
fn a_server_that_is_not_there_ends_with_6() {
    let mut command = orw(&["list", "--retries", "0", "--base-url", &abandoned_url(), "-o", "json"]);
    let (code, out, err) = run(command.env("OPENROUTER_MANAGEMENT_KEY", "sk-or-v1-any-key"));
    assert_eq!((code, out.as_str()), (6, ""), "{err}");
    let error: serde_json::Value = serde_json::from_str(&err).unwrap();
    assert_eq!((&error["error"]["kind"], &error["error"]["exit_code"]), (&"connect".into(), &6.into()));
}

#[test]
fn a_server_that_is_gone_after_an_attempt_that_may_be_applied_is_no_reason_to_say_that_nothing_was_changed() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("team").unwrap();
    let minute = std::time::Duration::from_secs(60);
    sandbox
        .set_faults(FaultPlan::default().sequence("upsert_workspace_budget", [Some(Fault::Refuse(minute))]))
        .unwrap();
    let set = ["budgets", "set", "team", "daily", "5", "--retries", "1", "-o", "json"];
    let (code, _, err) = run(&mut orw_at(&sandbox, &set));
    let error: serde_json::Value = serde_json::from_str(&err).unwrap();
    let error = &error["error"];
    assert_eq!((code, &error["kind"], &error["may_be_applied"]), (6, &"connect".into(), &true.into()), "{err}");
    assert!(error["hint"].as_str().unwrap().ends_with("look whether it was applied"), "{err}");
}

#[test]
fn stderr_is_json_and_nothing_else_where_output_is() {
    let folder = folder("json-stderr");
    let (state, manifest) = (folder.join("demo.json"), folder.join("fleet.yaml"));
    std::fs::write(&manifest, "workspaces: [{slug: one, members: [user_nobody]}]").unwrap();
    let apply = ["--sandbox", state.to_str().unwrap(), "apply", "-f", manifest.to_str().unwrap(), "-o", "json"];
    for (more, expected) in [(&[][..], 4), (&["--yes"][..], 3)] {
        let (code, out, err) = run(&mut orw(&[&apply, more].concat()));
        let error: serde_json::Value = serde_json::from_str(&err).unwrap();
        assert_eq!((code, &error["error"]["exit_code"]), (expected, &expected.into()), "{out}");
        assert!(out.is_empty() || serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out}");
    }
}

/// A manifest of a workspace with this, in a file.
fn team(name: &str, managed: &str) -> String {
    let file = folder(name).join("fleet.yaml");
    std::fs::write(&file, format!("workspaces: [{{slug: team, {managed}}}]")).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn users_of_whom_some_are_refused_are_partly_applied() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("team").unwrap();
    let manifest = team("some-users", "members: {include: [user_1, user_nobody]}");
    let (code, _, err) = run(&mut orw_at(&sandbox, &["apply", "-f", &manifest, "--yes"]));
    assert_eq!((code, sandbox.members("team").unwrap().len()), (3, 1), "{err}");
}

#[test]
fn what_cannot_be_read_ends_with_5_if_the_server_says_so_and_with_6_if_it_does_not_answer() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("team").unwrap();
    let manifest = team("unread", "members: [user_1]");
    let plan = manifest.replace("yaml", "json");
    assert_eq!(run(&mut orw_at(&sandbox, &["plan", "-f", &manifest, "--out", &plan])).0, 0);
    for (fault, expected) in [(Fault::status(500), 5), (Fault::Reset(When::Before), 6)] {
        sandbox.set_faults(FaultPlan::default().rate("list_workspace_members", 1.0, [fault])).unwrap();
        for arguments in [&["plan", "-f", &manifest][..], &["apply", "--plan", &plan, "--yes"]] {
            let (code, _, err) = run(&mut orw_at(&sandbox, &[arguments, &["--retries", "0"]].concat()));
            assert_eq!(code, expected, "{err}");
            assert!(err.contains("next:  run it again"), "{err}");
        }
        let (code, out, err) = run(&mut orw_at(&sandbox, &["export", "--retries", "0", "-o", "json"]));
        assert!(code == 3 && out.contains("\"team\""), "{out}");
        let error: serde_json::Value = serde_json::from_str(&err).unwrap();
        let left_out = error["error"]["left_out"].as_array().unwrap();
        assert!(left_out.iter().any(|part| part["slug"] == "team" && part["part"] == "members"), "{left_out:?}");
    }
}

#[test]
fn on_a_plan_without_budgets_a_workspace_is_deleted_and_the_rest_of_the_account_exported() {
    let sandbox = server(Sandbox::builder().behaviour(Behaviour::BudgetsForbidden, true));
    sandbox.create_workspace("team").unwrap();
    let (code, out, err) = run(&mut orw_at(&sandbox, &["export"]));
    assert!(code == 3 && out.contains("slug: team") && err.contains("the account may not read them"), "{err}");
    let (code, _, err) = run(&mut orw_at(&sandbox, &["delete", "team", "--yes"]));
    assert_eq!((code, sandbox.workspaces().len()), (0, 1), "{err}");
}

#[test]
fn a_url_that_is_not_the_apis_ends_with_6() {
    let sandbox = server(Sandbox::builder());
    let url = format!("{}/nowhere", sandbox.base_url());
    let (code, _, err) = run(&mut orw_at(&sandbox, &["list", "--base-url", &url]));
    assert_eq!(code, 6, "{err}");
    assert!(err.contains("--base-url"), "{err}");
}

#[test]
fn a_redirect_is_no_reason_to_try_again_but_to_check_the_url() {
    let sandbox = server(Sandbox::builder());
    let redirect: Fault = "redirect=https://openrouter.ai/".parse().unwrap();
    sandbox.set_faults(FaultPlan::default().rate("list_workspaces", 1.0, [redirect])).unwrap();
    let (code, _, err) = run(&mut orw_at(&sandbox, &["list"]));
    assert!(code == 5 && err.contains("next:  check the base URL"), "{err}");
}

#[test]
fn the_first_command_of_the_readme_needs_nothing() {
    let state = folder("first-command").join("demo.json");
    let orw = |arguments: &[&str]| {
        let sandbox = ["--sandbox", state.to_str().unwrap()];
        run(orw(&[&sandbox, arguments].concat()).current_dir(repository()))
    };
    let (code, out, err) = orw(&["apply", "-f", "examples/fleet", "--yes"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let (code, out, _) = orw(&["plan", "-f", "examples/fleet", "--exit-code"]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn what_to_do_next_is_to_look_where_something_may_be_applied_and_nowhere_else() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("team").unwrap();
    let after: Fault = "503-after".parse().unwrap();
    for (fault, code) in [(after, 5), (Fault::Reset(When::After), 6)] {
        let faults = FaultPlan::default().rate("update_workspace", 1.0, [fault.clone()]);
        sandbox.set_faults(faults.rate("list_workspaces", 1.0, [fault])).unwrap();
        let update = ["update", "team", "--description", "new", "--retries", "0"];
        let (ended, _, err) = run(&mut orw_at(&sandbox, &update));
        assert!(ended == code && err.contains("next:  look whether it was applied, and run it again"), "{err}");
        let (ended, _, err) = run(&mut orw_at(&sandbox, &["list", "--retries", "0"]));
        assert!(ended == code && err.contains("next:  run it again"), "{err}");
    }
}

#[test]
fn a_plan_whose_answer_was_lost_may_be_applied_and_its_error_says_so() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("team").unwrap();
    let manifest = team("lost-answer", "description: new}, {slug: other, members: [user_nobody]");
    sandbox.create_workspace("other").unwrap();
    let lost = FaultPlan::default().rate("update_workspace", 1.0, [Fault::Reset(When::After)]);
    sandbox.set_faults(lost).unwrap();
    let apply = ["apply", "-f", &manifest, "--yes", "--retries", "0", "-o", "json"];
    let (code, out, err) = run(&mut orw_at(&sandbox, &apply));
    let error: serde_json::Value = serde_json::from_str(&err).unwrap();
    let error = &error["error"];
    assert_eq!((code, &error["kind"], &error["may_be_applied"]), (6, &"unknown".into(), &true.into()), "{out}");
    assert!(error["hint"].as_str().unwrap().starts_with("look whether it was applied"), "{err}");
    assert_eq!(sandbox.workspaces()[1]["description"], "new");

    // What was refused is known.
    sandbox.set_faults(FaultPlan::default()).unwrap();
    let (code, _, err) = run(&mut orw_at(&sandbox, &apply));
    let error: serde_json::Value = serde_json::from_str(&err).unwrap();
    let error = &error["error"];
    assert_eq!((code, &error["kind"], &error["may_be_applied"]), (5, &"not_applied".into(), &false.into()), "{err}");
}

#[test]
fn a_workspace_that_never_had_a_budget_has_none_however_few_requests_there_may_be() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("team").unwrap();
    for (arguments, expected) in [
        (&["budgets", "list", "team"][..], "0 budgets"),
        (&["budgets", "set", "team", "daily", "5", "-n"], "+ daily budget of team: 5"),
        (&["budgets", "delete", "team", "daily", "-n"], "nothing to do"),
        (&["delete", "team", "--yes"], "deleted workspace team"),
    ] {
        let (code, out, err) = run(&mut orw_at(&sandbox, &[arguments, &["--retries", "0"]].concat()));
        assert!(code == 0 && out.contains(expected), "{arguments:?}: {out}{err}");
    }
    // Of one that is not there, that is said.
    let (code, _, err) = run(&mut orw_at(&sandbox, &["budgets", "list", "team", "--retries", "0"]));
    assert!(code == 5 && err.contains("Workspace not found"), "{err}");
}
