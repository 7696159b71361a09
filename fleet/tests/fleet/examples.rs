//! The manifest in the repository's examples.

use openrouter_workspaces_fleet::Manifest;

use crate::support::{actions, client, converge, members, planned, sandbox, source};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/fleet");

#[tokio::test(start_paused = true)]
async fn the_example_is_applied_to_a_new_account_and_renames_in_an_old_one() {
    let manifest = Manifest::load([EXAMPLES]).unwrap();
    let sandbox = sandbox();
    let client = client(&sandbox);
    converge(&client, &manifest).await;
    assert_eq!(members(&sandbox, "production"), ["user_1", "user_2"]);
    assert_eq!(sandbox.budgets("interns").unwrap().len(), 2);

    sandbox.delete_workspace("staging").unwrap();
    let id = sandbox.create_workspace("stage").unwrap();
    let plan = planned(&client, &manifest).await;
    assert_eq!(actions(&plan), ["staging: change default_provider_sort, name, slug", "staging: add 1 member"]);
    converge(&client, &manifest).await;
    assert_eq!(sandbox.account().workspace("staging").unwrap()["id"], id);
}

#[test]
fn the_manifest_of_the_readme_is_one() {
    let readme = include_str!("../../README.md");
    let text = readme.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let variables = [("TEAM".to_owned(), "red".to_owned())].into();
    let manifest = Manifest::from_sources([source("README.md", text)], &variables).unwrap();
    assert_eq!(manifest.workspaces[1].slug, "red-staging");
}

#[test]
fn the_example_reads_back_as_it_is_written() {
    let manifest = Manifest::load([EXAMPLES]).unwrap();
    assert_eq!(crate::support::manifest(&manifest.to_yaml()), manifest);
}
