//! What an account is as a manifest, and what of it is not in there. The schema of manifests.

use openrouter_sandbox::Behaviour;
use openrouter_workspaces::ProviderSort;
use openrouter_workspaces_fleet::{Account, export};

use crate::support::{client, converge, described, manifest, planned, sandbox, simulated};

#[tokio::test(start_paused = true)]
async fn what_all_have_in_common_are_the_defaults_and_what_is_left_out_is_named() {
    let sandbox = described().seed_workspaces(1).in_memory().unwrap();
    let client = client(&sandbox);
    client.update("workspace-1").description("costs ${MUCH}").await.unwrap();
    client.bulk_add_members("workspace-1", ["user_1"]).await.unwrap();
    client.set_budgets("workspace-1", openrouter_workspaces::BudgetSet::default().monthly(9.5)).await.unwrap();
    let export = export(&Account::read(&client).await.unwrap());
    let yaml = export.manifest.to_yaml();
    assert_eq!(
        yaml,
        "defaults:
  default_image_model: null
  default_provider_sort: null
  default_text_model: null
  disabled_server_tools: null
  io_logging_api_key_ids: null
  io_logging_sampling_rate: 1
  is_data_discount_logging_enabled: false
  is_observability_broadcast_enabled: false
  is_observability_io_logging_enabled: false
workspaces:
  - slug: default
    name: Default
    description: null
    budgets: {}
  - slug: workspace-1
    name: Workspace 1
    description: \"costs $${MUCH}\"
    members:
      - user_1
    budgets:
      monthly: 9.5
      include_byok: false
"
    );
    assert_eq!(manifest(&yaml), export.manifest);
    let json = export.manifest.to_json();
    assert_eq!(json["workspaces"][1]["description"], "costs $${MUCH}");
    assert_eq!(manifest(&json.to_string()), export.manifest);
    let left_out: Vec<String> = export.left_out.iter().map(ToString::to_string).collect();
    assert_eq!(
        left_out,
        [
            "default: members: everyone in the organization is one",
            "workspace-1: members: roles are not in a manifest: 1 of 1 members is an admin",
        ]
    );
}

/// A name is a workspace's own, even where all have the same.
#[tokio::test(start_paused = true)]
async fn a_name_is_no_default() {
    let sandbox = described().seed_workspaces(1).in_memory().unwrap();
    let client = client(&sandbox);
    client.update("workspace-1").name("Default").await.unwrap();
    let export = export(&Account::read(&client).await.unwrap());
    assert_eq!(export.manifest.defaults.name, None);
    assert!(export.manifest.workspaces.iter().all(|entry| entry.settings.name.as_deref() == Some("Default")));
}

/// Whether spend on own keys counts is sent with a budget: without one, no new workspace could be told.
#[tokio::test(start_paused = true)]
async fn an_account_whose_budgets_were_deleted_is_made_anew_in_another_one() {
    let here = described().seed_workspaces(2).in_memory().unwrap();
    let client_here = client(&here);
    for (workspace, include) in [("workspace-1", true), ("workspace-2", false)] {
        client_here.set_budget(workspace, "monthly", 5.0).include_byok_in_budgets(include).await.unwrap();
        client_here.delete_budget(workspace, "monthly").await.unwrap();
    }
    let export = export(&Account::read(&client_here).await.unwrap());
    assert!(planned(&client_here, &export.manifest).await.is_empty());
    let left_out: Vec<String> = export.left_out.iter().map(ToString::to_string).collect();
    let expected =
        "workspace-1: budgets: that spend on one's own provider keys counts is sent with a budget, and there is none";
    assert!(left_out.iter().any(|line| line == expected), "{left_out:?}");
    let there = sandbox();
    converge(&client(&there), &export.manifest).await;
}

#[tokio::test(start_paused = true)]
async fn members_whose_id_looks_like_a_key_are_not_managed() {
    let sandbox = described().organization_member("sk-or-v1-0123456789abcdef", "member").seed_workspaces(1);
    let sandbox = sandbox.in_memory().unwrap();
    let client = client(&sandbox);
    client.bulk_add_members("workspace-1", ["user_1", "sk-or-v1-0123456789abcdef"]).await.unwrap();
    let export = export(&Account::read(&client).await.unwrap());
    assert_eq!(export.manifest.workspaces[1].members, None);
    assert!(!export.manifest.to_yaml().contains("sk-or"), "{}", export.manifest.to_yaml());
    let left_out: Vec<String> = export.left_out.iter().map(ToString::to_string).collect();
    assert!(
        left_out.iter().any(|line| line.contains("an id of a user is empty, or looks like an API key")),
        "{left_out:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_read_is_not_managed_and_named() {
    let sandbox = simulated().behaviour(Behaviour::BudgetsForbidden, true).seed_workspaces(1).in_memory().unwrap();
    let export = export(&Account::read(&client(&sandbox)).await.unwrap());
    assert!(export.manifest.workspaces.iter().all(|entry| entry.budgets.is_none()));
    let parts: Vec<&str> = export.left_out.iter().map(|left_out| left_out.part.as_str()).collect();
    assert_eq!(parts, ["members", "budgets", "budgets"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_manifest_must_not_say_is_left_out() {
    let sandbox = described().seed_workspaces(1).in_memory().unwrap();
    let client = client(&sandbox);
    client.update("workspace-1").description("our key is sk-or-v1-secret").await.unwrap();
    let export = export(&Account::read(&client).await.unwrap());
    assert!(!export.manifest.to_yaml().contains("secret"));
    assert!(
        export
            .left_out
            .iter()
            .any(|left_out| left_out.to_string() == "workspace-1: description: its value looks like an API key")
    );
}

#[tokio::test(start_paused = true)]
async fn a_value_that_no_manifest_may_have_is_left_out_and_named() {
    let sandbox = described().seed_workspaces(1).in_memory().unwrap();
    let client = client(&sandbox);
    client.update("workspace-1").default_provider_sort(ProviderSort::Other("nitro".to_owned())).await.unwrap();
    let export = export(&Account::read(&client).await.unwrap());
    let left_out: Vec<String> = export.left_out.iter().map(ToString::to_string).collect();
    let expected =
        "workspace-1: default_provider_sort: its value `nitro` is none of the known values; they are `price`, ";
    assert!(left_out.iter().any(|left_out| left_out.starts_with(expected)), "{left_out:?}");
    export.manifest.check().unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_yaml_has_no_letters_for_is_written_and_read_again() {
    let sandbox = described().seed_workspaces(1).in_memory().unwrap();
    let client = client(&sandbox);
    for text in [
        "\u{7f}",
        "\u{9b}31m",
        "\u{85}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{feff}",
        "\u{2028}",
        "\u{202e}",
        "\u{1f600}",
        "\0\u{1b}",
    ] {
        let text = format!("a{text}b\" \\ \\u0041");
        client.update("workspace-1").description(text.as_str()).await.unwrap();
        let export = export(&Account::read(&client).await.unwrap());
        assert_eq!(manifest(&export.manifest.to_yaml()), export.manifest, "{text:?}");
        let json = export.manifest.to_json();
        assert_eq!(manifest(&json.to_string()), export.manifest, "{text:?}");
        assert_eq!(manifest(&format!("{json:#}")), export.manifest, "{text:?}");
    }
}
