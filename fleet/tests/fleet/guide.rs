//! The guide: the manifests in it are manifests, what is wrong in it is told as it says, and it names every key.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use openrouter_workspaces_fleet::{Manifest, Source, manifest_schema};
use serde_json::Value;

const MANIFEST: &str = include_str!("../../src/guide/manifest.md");
const RECIPES: &str = include_str!("../../src/guide/recipes.md");
const SESSION: &str = include_str!("../../src/guide/session.md");

/// The blocks of a page whose fence says just this, each with its file, which its first line may name.
fn blocks(page: &str, fence: &str) -> Vec<Source> {
    let start = format!("\n```{fence}\n");
    let texts = page.split(&start).skip(1).map(|rest| rest.split_once("```").expect("every block has an end").0);
    let name = |text: &str| text.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or(fence).to_owned();
    texts.map(|text| Source { name: name(text), text: text.to_owned() }).collect()
}

fn variables() -> BTreeMap<String, String> {
    [("TEAM", "red"), ("LIMIT", "250")].map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

#[test]
fn every_manifest_of_the_guide_is_one() {
    let pages = [MANIFEST, RECIPES, SESSION];
    let all: Vec<Source> =
        pages.iter().flat_map(|page| [blocks(page, "yaml"), blocks(page, "json")]).flatten().collect();
    assert!(all.len() > 8, "{all:?}");
    for source in all {
        Manifest::from_sources([source.clone()], &variables()).unwrap_or_else(|errors| panic!("{errors}\n{source:?}"));
    }
}

#[test]
fn the_files_that_merge_in_the_guide_make_one_manifest() {
    let files = blocks(MANIFEST, "yaml").into_iter().filter(|source| source.name.starts_with("fleet/"));
    let manifest = Manifest::from_sources(files, &variables()).unwrap();
    let slugs: Vec<&str> = manifest.workspaces.iter().map(|entry| entry.slug.as_str()).collect();
    assert_eq!(slugs, ["production", "staging", "research", "interns"]);
    assert_eq!(manifest.defaults.is_data_discount_logging_enabled, Some(false));
}

#[test]
fn what_is_wrong_in_the_guide_is_told_as_it_says() {
    let [wrong] = &blocks(MANIFEST, "yaml wrong")[..] else { panic!("one is wrong") };
    let [told] = &blocks(MANIFEST, "text")[..] else { panic!("one says why") };
    let source = Source { name: "broken.yaml".to_owned(), text: wrong.text.clone() };
    let errors = Manifest::from_sources([source], &BTreeMap::new()).unwrap_err();
    assert_eq!(format!("{errors}\n"), told.text);
}

#[test]
fn the_guide_names_every_key_of_the_schema() {
    fn keys(schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(fields) => {
                if let Some(Value::Object(properties)) = fields.get("properties") {
                    found.extend(properties.keys().cloned());
                }
                fields.values().for_each(|value| keys(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| keys(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    keys(&manifest_schema(), &mut found);
    assert!(found.contains("include") && found.contains("io_logging_sampling_rate"), "{found:?}");
    // The first column of the tables.
    let rows = MANIFEST.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next());
    let named: BTreeSet<&str> = rows.flat_map(|names| names.split('`')).collect();
    found.retain(|key| !named.contains(key.as_str()));
    assert_eq!(found, BTreeSet::new());
}

#[test]
fn the_session_shows_the_files_that_it_uses() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/session.in/");
    for shown in blocks(SESSION, "yaml") {
        let file = fs::read_to_string(format!("{folder}{}", shown.name)).unwrap();
        assert_eq!(shown.text, format!("# {}\n{file}", shown.name));
    }
}
