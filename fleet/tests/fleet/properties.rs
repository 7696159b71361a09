//! What holds for any account and any manifest.

use openrouter_workspaces_fleet::{Account, Change, Plan, PlanOptions, WorkspaceEntry, apply, export, plan};
use proptest::prelude::*;

use crate::random::{account, by_text, config, fleet, is_expected, sandbox_with};
use crate::state::{on_paused_clock, only_what_the_manifest_says, planned_of, state};
use crate::support::simulated;

proptest! {
    #![proptest_config(config(50))]

    #[test]
    fn a_plan_reads_back_as_it_was_written(there in account(), fleet in fleet(), prune in any::<bool>()) {
        on_paused_clock(async {
            let (_sandbox, client) = sandbox_with(&there, simulated()).await;
            let read = Account::read(&client).await.unwrap();
            let Ok(made) = plan(&fleet, &read, &PlanOptions::default().prune(prune)) else { return Ok(()) };
            let text = serde_json::to_string(&made).unwrap();
            let read_back = serde_json::from_str::<Plan>(&text).unwrap();
            prop_assert_eq!(&read_back, &made);
            prop_assert!(read_back.is_unchanged());
            let read_back: Account = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
            prop_assert_eq!(read_back, read);
            Ok(())
        })?;
    }

    #[test]
    fn an_export_plans_to_nothing_and_goes_through_its_text(there in account(), prune in any::<bool>()) {
        on_paused_clock(async {
            let (_sandbox, client) = sandbox_with(&there, simulated()).await;
            let read = Account::read(&client).await.unwrap();
            let export = export(&read);
            let options = PlanOptions::default().prune(prune);
            let made = plan(&export.manifest, &read, &options).unwrap();
            prop_assert!(made.is_empty(), "{:#?}", made);
            prop_assert_eq!(by_text(&export.manifest), export.manifest);
            Ok(())
        })?;
    }

    #[test]
    fn a_plan_that_prunes_leaves_the_default_workspace_and_all_that_is_named(there in account(), fleet in fleet()) {
        on_paused_clock(async {
            let (_sandbox, client) = sandbox_with(&there, simulated()).await;
            let read = Account::read_for(&client, &fleet).await.unwrap();
            let Ok(made) = plan(&fleet, &read, &PlanOptions::default().prune(true)) else { return Ok(()) };
            let is_named = |slug: &str| {
                let names = |entry: &WorkspaceEntry| entry.slug == slug || entry.renamed_from.as_deref() == Some(slug);
                fleet.workspaces.iter().any(names)
            };
            let touches = |change: &Change| match change {
                Change::Delete { workspace } => workspace.slug == "default" || is_named(&workspace.slug),
                Change::Update { fields } => fields.iter().any(|change| change.field == "slug" && change.before == "default"),
                Change::Create { fields } => fields["slug"] == "default",
                _ => false,
            };
            prop_assert!(!made.actions().any(|(_, action)| touches(&action.change)), "{:#?}", made);
            let is_deleted = |slug: &str| {
                let deletes = |change: &Change| matches!(change, Change::Delete { workspace } if workspace.slug == slug);
                made.actions().any(|(_, action)| deletes(&action.change))
            };
            let stays = |slug: &str| slug == "default" || is_named(slug) || is_deleted(slug);
            prop_assert!(read.workspaces.iter().all(|there| stays(&there.workspace.slug)), "{:#?}", made);
            Ok(())
        })?;
    }
}

// Kills, faults and others are simulated by `cargo xtask soak --fleets`; here are stranger values than there.
proptest! {
    #![proptest_config(config(30))]

    #[test]
    fn after_a_plan_is_applied_nothing_is_left_and_nothing_else_is_touched(there in account(), fleet in fleet()) {
        on_paused_clock(async {
            let (sandbox, client) = sandbox_with(&there, simulated()).await;
            let before = state(&sandbox);
            let read = Account::read_for(&client, &fleet).await.unwrap();
            let plan = match plan(&fleet, &read, &PlanOptions::default()) {
                Ok(plan) => plan,
                Err(error) => {
                    prop_assert!(is_expected(&error), "{error}");
                    return Ok(());
                }
            };
            let all = Account::read(&client).await.unwrap();
            prop_assert_eq!(&planned_of(&fleet, &all), &plan, "the whole account makes another plan");
            prop_assert_eq!(&planned_of(&by_text(&fleet), &all), &plan, "the text makes another plan");
            let report = apply(&client, &plan).await.unwrap();
            prop_assert!(report.is_complete(), "{}", report);
            let left = planned_of(&fleet, &Account::read_for(&client, &fleet).await.unwrap());
            prop_assert!(left.is_empty(), "{:#?}", left);
            only_what_the_manifest_says(&fleet, &before, &sandbox)
        })?;
    }
}
