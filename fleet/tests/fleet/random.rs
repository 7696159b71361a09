//! Random accounts and manifests.

use openrouter_sandbox::{Sandbox, SandboxBuilder};
use openrouter_workspaces::body::{CreateWorkspaceRequest, UpdateWorkspaceRequest};
use openrouter_workspaces::{BudgetSet, Client, RetryConfig};
use openrouter_workspaces_fleet::{Manifest, PlanError, PlanProblem};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use serde_json::{Map, Value, json};

use crate::support::{client_with, manifest, users};

/// The slugs that there may be, and those that they may have had before.
const SLUGS: [&str; 5] = ["default", "a", "b", "c-1", "d"];
const BEFORE: [&str; 3] = ["old-a", "old-b", "old-c"];

/// A workspace of an account that is to be.
#[derive(Clone, Debug)]
pub struct There {
    slug: String,
    settings: Map<String, Value>,
    members: Vec<String>,
    budgets: BudgetSet,
}

/// So many cases, or as many as `PROPTEST_CASES` says. One that fails is made small only as far as that is quick.
pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases: crate::cases::cases(cases),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

/// Settings, some of them null.
fn settings() -> impl Strategy<Value = Map<String, Value>> {
    let text =
        || prop_oneof![Just(Value::Null), "[ -~é]{0,12}".prop_map(|text| json!(text)), Just(json!("${X} $${Y}"))];
    let sort = prop_oneof![Just(Value::Null), Just(json!("price")), Just(json!("latency"))];
    let tools = prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!(["openrouter:bash"])),
        Just(json!(["openrouter:shell", "openrouter:bash"])),
    ];
    let rate = prop_oneof![Just(json!(1)), Just(json!(0.25)), (1..10_000_u32).prop_map(|n| json!(f64::from(n) / 1e4))];
    let flag = any::<bool>().prop_map(Value::from);
    let keys = prop_oneof![Just(Value::Null), Just(json!([])), Just(json!([7, 3]))];
    let fields = (
        proptest::option::of("[a-zA-Z0-9~#:' ]{1,9}".prop_map(|text| json!(text))),
        proptest::option::of(text()),
        proptest::option::of(sort),
        proptest::option::of(tools),
        proptest::option::of(rate),
        proptest::option::of(flag),
        proptest::option::of(keys),
    );
    fields.prop_map(|(name, description, sort, tools, rate, flag, keys)| {
        let all = [
            ("name", name),
            ("description", description),
            ("default_provider_sort", sort),
            ("disabled_server_tools", tools),
            ("io_logging_sampling_rate", rate),
            ("is_observability_broadcast_enabled", flag),
            ("io_logging_api_key_ids", keys),
        ];
        all.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?))).collect()
    })
}

/// Budgets in an order that the server takes.
fn budgets() -> impl Strategy<Value = BudgetSet> {
    let limits = proptest::collection::btree_set(1..1_000_000_u32, 4);
    (limits, any::<[bool; 4]>(), proptest::option::of(any::<bool>())).prop_map(|(limits, there, include_byok)| {
        let mut limits =
            limits.into_iter().rev().zip(there).map(|(cents, there)| there.then_some(f64::from(cents) / 100.0));
        let mut next = || limits.next().flatten();
        let set = BudgetSet::default().lifetime(next()).monthly(next()).weekly(next()).daily(next());
        set.include_byok(include_byok)
    })
}

fn some_users() -> impl Strategy<Value = Vec<String>> {
    subsequence(users(1..=9), 0..=9)
}

/// The workspaces of an account, the default one among them.
pub fn account() -> impl Strategy<Value = Vec<There>> {
    let slugs = subsequence([&SLUGS[1..], &BEFORE].concat(), 0..=7);
    slugs.prop_flat_map(|slugs| {
        let there = |slug: &str| {
            let slug = slug.to_owned();
            (settings(), some_users(), budgets()).prop_map(move |(settings, members, budgets)| There {
                slug: slug.clone(),
                settings,
                members,
                budgets,
            })
        };
        ["default"].into_iter().chain(slugs).map(there).collect::<Vec<_>>()
    })
}

/// A manifest that is valid in itself.
pub fn fleet() -> impl Strategy<Value = Manifest> {
    let members = prop_oneof![
        Just(None),
        some_users().prop_map(|users| Some(json!(users))),
        some_users().prop_map(|users| Some(json!({"include": users}))),
    ];
    let entry = (settings(), members, proptest::option::of(budgets()), proptest::option::of(any::<Index>()));
    let entries = proptest::collection::vec(entry, SLUGS.len());
    (settings(), subsequence(SLUGS.to_vec(), 0..=SLUGS.len()), entries).prop_map(|(mut defaults, slugs, entries)| {
        defaults.remove("name");
        let mut before = BEFORE.to_vec();
        let entries = slugs.into_iter().zip(entries).map(|(slug, (mut fields, members, budgets, renamed))| {
            fields.insert("slug".to_owned(), json!(slug));
            if let Some(budgets) = budgets {
                fields.insert("budgets".to_owned(), json!(budgets));
            }
            if let Some(members) = members.filter(|_| slug != "default") {
                fields.insert("members".to_owned(), members);
            }
            if let Some(index) = renamed.filter(|_| slug != "default" && !before.is_empty()) {
                let slug = before.remove(index.index(before.len()));
                fields.insert("renamed_from".to_owned(), json!(slug));
            }
            Value::Object(fields)
        });
        let entries: Vec<Value> = entries.collect();
        serde_json::from_value(json!({"defaults": defaults, "workspaces": entries})).expect("it is a manifest")
    })
}

/// A sandbox with an account.
pub async fn sandbox_with(account: &[There], builder: SandboxBuilder) -> (Sandbox, Client) {
    let sandbox = builder.in_memory().expect("the options are valid");
    let client = client_with(&sandbox, RetryConfig::default());
    for there in account {
        let mut fields = there.settings.clone();
        if there.slug == "default" {
            let body: UpdateWorkspaceRequest = serde_json::from_value(Value::Object(fields)).expect("it is an update");
            if body != UpdateWorkspaceRequest::default() {
                client.update_from("default", body).await.expect("it is updated");
            }
        } else {
            fields.entry("name").or_insert_with(|| json!("No name"));
            fields.insert("slug".to_owned(), json!(there.slug));
            let body: CreateWorkspaceRequest = serde_json::from_value(Value::Object(fields)).expect("it is a create");
            client.create_from(body).await.expect("it is created");
            for user in &there.members {
                sandbox.account().add_member(&there.slug, user).expect("there is such a user");
            }
        }
        let mut budgets = there.budgets;
        if budgets.include_byok(None) == BudgetSet::default() {
            budgets.include_byok = None;
        }
        client.set_budgets(&there.slug, budgets).await.expect("the budgets are set");
    }
    (sandbox, client)
}

/// Whether each of these problems may come of a random manifest beside a random account.
pub fn is_expected(error: &PlanError) -> bool {
    let PlanError::Problems(problems) = error else { return false };
    let may_be = |problem: &PlanProblem| {
        matches!(problem, PlanProblem::BothSlugs { .. } | PlanProblem::ByokWithoutBudget { .. })
    };
    problems.iter().all(may_be)
}

/// The same manifest by way of its text.
pub fn by_text(fleet: &Manifest) -> Manifest {
    manifest(&fleet.to_yaml())
}
