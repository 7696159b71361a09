//! Text in the place of an enum: what is known is sent, what is not is refused, unless it is given as `Other`.

use crate::common::Mock;
use crate::common::errors::refused;
use crate::common::ops::Op;
use openrouter_workspaces::{BudgetInterval, ProviderSort, Role, ServerTool, UnknownValue};
use serde_json::json;

#[tokio::test]
async fn a_misspelt_interval_is_refused_and_the_nearest_is_named() {
    let mock = Mock::always(Op::SetBudget.success());
    let client = mock.client();
    for error in [
        refused(client.set_budget("production", "montly", 1.0).await),
        refused(client.get_budget("production", "montly").await),
        refused(client.delete_budget("production", "montly".to_owned()).await),
    ] {
        assert_eq!(error.field(), "interval");
        assert!(error.rule().contains("`montly` is no known value; did you mean `monthly`?"), "{error}");
        assert!(error.rule().contains("`Other`"), "{error}");
        assert_eq!(error.call().path(), "/workspaces/{id}/budgets/{interval}", "the arguments make no path");
    }
    for (text, nearest) in [("Daily", "daily"), ("week", "weekly"), ("life-time", "lifetime"), ("MONTHLY ", "monthly")]
    {
        let error = refused(client.set_budget("production", text, 1.0).await);
        assert!(error.rule().contains(&format!("`{nearest}`")), "{error}");
    }
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn known_text_and_other_values_that_are_meant_are_sent() {
    let mock = Mock::always(Op::SetBudget.success());
    let client = mock.client();
    client.set_budget("production", "monthly", 1.0).await.unwrap();
    client.set_budget("production", "weekly".to_owned(), 1.0).await.unwrap();
    client.set_budget("production", BudgetInterval::Daily, 1.0).await.unwrap();
    client.set_budget("production", BudgetInterval::Other("hourly".to_owned()), 1.0).await.unwrap();
    let lines = ["monthly", "weekly", "daily", "hourly"];
    assert_eq!(mock.lines(), lines.map(|interval| format!("PUT /api/v1/workspaces/production/budgets/{interval}")));
}

#[tokio::test]
async fn misspelt_sorts_and_tools_are_refused_by_create_and_update() {
    let mock = Mock::always(Op::Update.success());
    let client = mock.client();
    for (error, field, nearest) in [
        (refused(client.update("a").default_provider_sort("prize").await), "default_provider_sort", "price"),
        (refused(client.create("A", "a").default_provider_sort("latence").await), "default_provider_sort", "latency"),
        (
            refused(client.update("a").disabled_server_tools(["openrouter:bash", "openrouter:web_serach"]).await),
            "disabled_server_tools",
            "openrouter:web_search",
        ),
        (
            refused(client.create("A", "a").disabled_server_tools(["shel"]).await),
            "disabled_server_tools",
            "openrouter:shell",
        ),
    ] {
        assert_eq!(error.field(), field);
        assert!(error.rule().ends_with(&format!("did you mean `{nearest}`?")), "{error}");
    }
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn sorts_and_tools_as_text_as_values_as_other_and_as_none_are_sent() {
    let mock = Mock::always(Op::Update.success());
    let update = mock.client().update("a");
    update.clone().default_provider_sort("price").disabled_server_tools(["openrouter:bash"]).await.unwrap();
    update.clone().default_provider_sort(ProviderSort::Latency).await.unwrap();
    update.clone().default_provider_sort(Some(ProviderSort::Other("new".to_owned()))).await.unwrap();
    update.clone().disabled_server_tools([ServerTool::Shell, ServerTool::Other("acme:x".to_owned())]).await.unwrap();
    update.clone().disabled_server_tools(vec![ServerTool::Bash]).await.unwrap();
    update.default_provider_sort(None).disabled_server_tools(None).await.unwrap();
    let sent: Vec<_> = mock.requests().iter().map(|request| request.json()).collect();
    let expected = [
        json!({"default_provider_sort": "price", "disabled_server_tools": ["openrouter:bash"]}),
        json!({"default_provider_sort": "latency"}),
        json!({"default_provider_sort": "new"}),
        json!({"disabled_server_tools": ["openrouter:shell", "acme:x"]}),
        json!({"disabled_server_tools": ["openrouter:bash"]}),
        json!({"default_provider_sort": null, "disabled_server_tools": null}),
    ];
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn the_last_value_counts() {
    let mock = Mock::always(Op::Update.success());
    let update = mock.client().update("a").default_provider_sort("prize");
    update.clone().default_provider_sort("price").await.unwrap();
    refused(update.default_provider_sort("price").default_provider_sort("prize").await);
    assert_eq!(mock.requests().len(), 1);
}

#[test]
fn text_is_read_as_a_known_value_or_not_at_all_and_an_answer_as_any() {
    assert_eq!("weekly".parse(), Ok(BudgetInterval::Weekly));
    let error: UnknownValue = "auditor".parse::<Role>().unwrap_err();
    assert_eq!(error.value(), "auditor");
    assert_eq!(BudgetInterval::try_from("month".to_owned()).unwrap_err().nearest(), "monthly");
    let read: Role = serde_json::from_value(json!("auditor")).unwrap();
    assert_eq!(read, Role::Other("auditor".to_owned()));
}

#[tokio::test]
async fn a_long_text_is_cut_and_a_key_in_its_place_is_hidden() {
    let client = Mock::always(Op::GetBudget.success()).client();
    let error = refused(client.get_budget("production", "é".repeat(1_000_000)).await);
    assert!(error.rule().len() < 300, "{error}");
    let error = client.get_budget("production", crate::common::KEY).await.unwrap_err();
    assert!(!error.to_string().contains(crate::common::KEY) && error.to_string().contains("[hidden]"), "{error}");
}
