//! The example programs, as far as they do whole jobs or are used by other programs.

use std::collections::BTreeMap;

use openrouter_workspaces::{BudgetSet, reqwest};
use serde_json::Value;

use crate::jobs::support::{client, members, requests, sandbox, users};

#[path = "../../../examples/axum.rs"]
#[allow(dead_code, reason = "its main is not used")]
mod axum_program;
#[path = "../../../examples/export.rs"]
#[allow(dead_code, reason = "its main is not used")]
mod export;
#[path = "../../../examples/onboard_team.rs"]
#[allow(dead_code, reason = "its main is not used")]
mod onboard_team;
#[path = "../../../examples/teams.rs"]
#[allow(dead_code, reason = "its main is not used")]
mod teams;

use onboard_team::onboard;

#[tokio::test(start_paused = true)]
async fn onboarding_works_twice_in_a_row_and_on_a_workspace_that_has_budgets() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    onboard(&client, "Research", "research", &users(1..=130)).await.unwrap();
    requests(&sandbox);
    onboard(&client, "Research", "research", &users(1..=130)).await.unwrap();
    assert_eq!(requests(&sandbox).len(), 4, "what is there is read, and nothing is changed");

    // In table order, the limits that it lowers would be refused.
    let higher = BudgetSet::default().lifetime(90_000.0).monthly(9000.0).weekly(5000.0).daily(4000.0);
    client.set_budgets("research", higher).await.unwrap();
    onboard(&client, "Research", "research", &users(1..=130)).await.unwrap();
    let there = client.get_budgets("research").await.unwrap();
    assert_eq!((there.lifetime, there.monthly, there.weekly, there.daily), (None, Some(500.0), None, Some(50.0)));
    assert_eq!(members(&sandbox, "research").len(), 130);
}

#[tokio::test(start_paused = true)]
async fn thirty_teams_are_set_up_and_then_found_as_they_should_be() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let teams: BTreeMap<String, Vec<String>> = (1..=30).map(|team| (format!("team-{team}"), users(1..=130))).collect();
    teams::set_up(&client, teams.clone()).await.unwrap();
    assert_eq!(members(&sandbox, "team-30"), crate::jobs::support::sorted(users(1..=130)));
    assert_eq!(client.get_budgets("team-30").await.unwrap().daily, Some(50.0));

    requests(&sandbox);
    teams::set_up(&client, teams).await.unwrap();
    assert_eq!(requests(&sandbox).len(), 30 * 4, "what is there is read, and nothing is changed");
}

#[tokio::test(start_paused = true)]
async fn an_account_is_exported() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    client.create("Research, and more", "research").await.unwrap();
    client.bulk_add_members("research", ["user_1", "user_2"]).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    export::export(&client, folder.path()).await.unwrap();

    let account = std::fs::read_to_string(folder.path().join("account.json")).unwrap();
    let account: Value = serde_json::from_str(&account).unwrap();
    assert_eq!(account["workspaces"][1]["workspace"]["name"], "Research, and more");
    let members = std::fs::read_to_string(folder.path().join("members.csv")).unwrap();
    assert!(members.starts_with("workspace,user,role\n"), "{members}");
    assert!(members.contains("\nresearch,user_2,member\n"), "{members}");
}

#[tokio::test]
async fn a_web_service_answers_with_a_workspace_or_with_what_is_wrong() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    client.create("Research", "research").await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/workspaces", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, axum_program::app(client)).into_future());

    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (slug, status, text) in
        [("research", 200, r#""name":"Research""#), ("nope", 404, "/workspaces/nope"), ("a%2Fb", 400, "id")]
    {
        let answer = http.get(format!("{url}/{slug}")).send().await.unwrap();
        assert_eq!(answer.status(), status);
        let body = answer.text().await.unwrap();
        assert!(body.contains(text), "{body}");
    }
}
