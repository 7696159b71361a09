//! What a manifest may say, and where an error says that it is wrong.

use std::collections::BTreeMap;

use openrouter_workspaces_fleet::{Manifest, Members, WorkspaceEntry};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

use crate::random::config;
use crate::support::{manifest, read, source};

/// The errors of one text.
fn errors(text: &str) -> Vec<String> {
    let errors = read(text).expect_err("the manifest is wrong");
    errors.iter().map(ToString::to_string).collect()
}

fn with_variables(text: &str, variables: &[(&str, &str)]) -> Result<Manifest, String> {
    let variables: BTreeMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Manifest::from_sources([source("fleet.yaml", text)], &variables).map_err(|errors| errors.to_string())
}

#[test]
fn a_field_that_is_left_out_is_not_managed_and_null_clears() {
    let manifest = manifest(
        "workspaces:
  - slug: production
    name: Production
    description: null
    members: [user_a, 'user_b']
    budgets: {monthly: 100, include_byok: true}
  - {slug: staging, members: {include: [user_a]}, renamed_from: stage}
",
    );
    let [production, staging] = &manifest.workspaces[..] else { panic!("{manifest:?}") };
    assert_eq!(production.settings.name.as_deref(), Some("Production"));
    assert_eq!(production.settings.description, Some(None));
    assert_eq!(production.settings.default_text_model, None);
    assert_eq!(production.members, Some(Members::Exactly(vec!["user_a".into(), "user_b".into()])));
    let budgets = production.budgets.unwrap();
    assert_eq!((budgets.monthly, budgets.lifetime, budgets.include_byok), (Some(100.0), None, Some(true)));
    assert_eq!(staging.members, Some(Members::AtLeast { include: vec!["user_a".into()] }));
    assert_eq!((staging.renamed_from.as_deref(), staging.budgets), (Some("stage"), None));
}

#[test]
fn an_error_is_one_line_whatever_the_manifest_has_between_lines() {
    let text = "workspaces: [{slug: \"a\\nb\", \"x\\r\\ny\": 1, members: [\"u\\nv\", \"u\\nv\"]}]";
    let found = read(text).unwrap_err();
    assert_eq!((found.iter().count(), found.to_string().lines().count()), (3, 3), "{found}");
    assert!(found.to_string().contains("there is no field `x\\r\\ny`"), "{found}");
}

#[test]
fn a_workspace_without_a_slug_is_named_by_its_number_in_the_list() {
    let text = "workspaces:\n- {slug: [x]}\n- {name: a}\n- {slug: ''}\n- {slug: b}\n- null\n- {slug: 1, name: ''}\n";
    assert_eq!(
        errors(text),
        [
            "fleet.yaml:2:10: workspaces[0].slug: must be text",
            "fleet.yaml:3:3: workspaces[1]: has no `slug`",
            "fleet.yaml:4:4: workspaces[2].slug: must not be empty",
            "fleet.yaml:6:3: workspaces[4]: must have fields: a workspace with a `slug`",
            "fleet.yaml:7:10: workspaces[5].slug: must be text: quote it",
        ]
    );
}

#[test]
fn text_may_have_the_tag_of_text_and_no_other_tag_means_anything() {
    let tagged = manifest("workspaces: [{slug: !!str 12, name: !!str null}]");
    assert_eq!(
        (tagged.workspaces[0].slug.as_str(), tagged.workspaces[0].settings.name.as_deref()),
        ("12", Some("null"))
    );
    for tag in ["!!int 12", "!own a", "!!binary aGk="] {
        let found = errors(&format!("workspaces: [{{slug: {tag}}}]"));
        assert!(found[0].contains("tags other than `!!str` have no meaning"), "{tag}: {found:?}");
    }
    let found = errors("workspaces: !!seq [{slug: a}]");
    assert!(found[0].contains("tags other than `!!str` have no meaning"), "{found:?}");
}

#[test]
fn a_control_character_is_an_error_in_yaml_and_no_escape_of_it() {
    let found = errors("workspaces: [{slug: a, description: x\u{7f}y}]");
    assert_eq!(found.len(), 1, "{found:?}");
    let json = "{\"workspaces\": [{\"slug\": \"a\", \"description\": \"x\u{7f}y\"}]}";
    assert_eq!(manifest(json).workspaces[0].settings.description, Some(Some("x\u{7f}y".to_owned())));
}

#[test]
fn an_anchor_ends_with_its_document() {
    let found = errors("workspaces: [{slug: &name a}]\n---\nworkspaces: [{slug: *name}]\n");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn what_was_wrong_already_is_said_once() {
    // The variable stands where a list, and where fields are to be.
    for text in ["workspaces: ${NONE}", "workspaces: ['${NONE}']", "workspaces: [{slug: a, members: '${NONE}'}]"] {
        let found = errors(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].contains("the variable `NONE` is not set"), "{found:?}");
    }
}

#[test]
fn a_workspace_without_a_good_slug_is_named_by_its_number() {
    let found = errors("workspaces: [{slug: '', budgets: {daily: x}}, {budgets: {daily: y}}]");
    assert!(found.iter().any(|line| line.contains("workspaces[0].budgets.daily")), "{found:?}");
    assert!(found.iter().any(|line| line.contains("workspaces[1].budgets.daily")), "{found:?}");
    let all = read("workspaces: [{slug: ''}, {}]").unwrap_err();
    assert_eq!((&all).into_iter().count(), all.iter().count());
    assert_eq!((&all).into_iter().count(), 2, "{all}");
}

#[test]
fn json_is_read_as_well_and_may_name_its_schema() {
    let text = r#"{"$schema": "manifest.json", "workspaces": [{"slug": "a", "io_logging_sampling_rate": 2.5e-1}]}"#;
    assert_eq!(manifest(text).workspaces[0].settings.io_logging_sampling_rate, Some(0.25));
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_its_place() {
    let found = errors(
        "defaults:
  slug: x
  default_provider_srot: price
workspaces:
  - slug: Production
    name: ''
    descripton: Live
    budgets: {monthly: 100, weekly: 100, yearly: 3}
  - name: No slug
  - slug: b
    members: [user_a, 7, user_a]
    io_logging_sampling_rate: 2
    is_observability_broadcast_enabled: maybe
  - slug: b
    renamed_from: b
",
    );
    assert_eq!(
        found,
        [
            "fleet.yaml:2:3: defaults: there is no field `slug`",
            "fleet.yaml:3:3: defaults: there is no field `default_provider_srot`; did you mean `default_provider_sort`?",
            "fleet.yaml:5:5: Production.slug: must be lowercase letters, digits, and single hyphens between them",
            "fleet.yaml:6:5: Production.name: must not be empty",
            "fleet.yaml:7:5: Production: there is no field `descripton`; did you mean `description`?",
            "fleet.yaml:8:29: Production.budgets.weekly: must be less than the monthly limit (100), is 100",
            "fleet.yaml:8:42: Production.budgets: there is no field `yearly`; did you mean `daily`?",
            "fleet.yaml:9:5: workspaces[1]: has no `slug`",
            "fleet.yaml:11:23: b.members[1]: must be the id of a user, which is text: quote it",
            "fleet.yaml:11:26: b.members[2]: `user_a` is named twice",
            "fleet.yaml:12:5: b.io_logging_sampling_rate: must be at most 1, is 2",
            "fleet.yaml:13:41: b.is_observability_broadcast_enabled: invalid type: string \"maybe\", expected a boolean",
            "fleet.yaml:14:5: b.slug: is the slug of another workspace of the manifest; the other one is at fleet.yaml:10:5",
            "fleet.yaml:15:5: b.renamed_from: is the slug that it has: leave it out",
        ]
    );
}

#[test]
fn null_where_nothing_is_cleared_by_it_is_an_error_and_says_to_leave_it_out() {
    let found = errors(
        "defaults:
  is_data_discount_logging_enabled: null
workspaces:
  - slug: a
    name: null
    renamed_from: ~
    members: null
    budgets:
    io_logging_sampling_rate: Null
    description: null
  - slug: b
    budgets: {daily: null, include_byok: null}
  - slug: null
",
    );
    let rule = "null clears nothing here: leave it out where it is not managed";
    assert_eq!(
        found,
        [
            format!("fleet.yaml:2:37: defaults.is_data_discount_logging_enabled: {rule}"),
            format!("fleet.yaml:5:11: a.name: {rule}"),
            format!("fleet.yaml:6:19: a.renamed_from: {rule}"),
            format!("fleet.yaml:7:14: a.members: {rule}"),
            format!("fleet.yaml:8:12: a.budgets: {rule}"),
            format!("fleet.yaml:9:31: a.io_logging_sampling_rate: {rule}"),
            format!("fleet.yaml:12:42: b.budgets.include_byok: {rule}"),
            "fleet.yaml:13:11: workspaces[2].slug: must be text".to_owned(),
        ]
    );
    // A variable that holds the word is no better.
    let flag = [("FLAG", "null")];
    let text =
        "workspaces: [{slug: a, is_data_discount_logging_enabled: '${FLAG}', budgets: {include_byok: '${FLAG}'}}]";
    assert_eq!(with_variables(text, &flag).unwrap_err().lines().count(), 2);
    for value in [
        json!({"workspaces": [{"slug": "a", "name": null}]}),
        json!({"workspaces": [{"slug": "a", "members": null}]}),
        json!({"workspaces": [{"slug": "a", "budgets": null}]}),
        json!({"workspaces": [{"slug": "a", "renamed_from": null}]}),
        json!({"defaults": {"is_data_discount_logging_enabled": null}}),
    ] {
        assert!(serde_json::from_value::<Manifest>(value.clone()).is_err(), "{value}");
    }
}

#[test]
fn a_value_that_is_none_of_the_known_ones_is_an_error_which_names_them_and_the_nearest() {
    let found = errors(
        "defaults:
  disabled_server_tools: [openrouter:bash, bash]
workspaces:
  - slug: a
    default_provider_sort: pirce
  - slug: b
    disabled_server_tools:
      - openrouter:web_serch
      - openrouter:shell
      - brand_new
",
    );
    assert_eq!(found.len(), 4, "{found:#?}");
    let starts = [
        "fleet.yaml:2:44: defaults.disabled_server_tools[1]: `bash` is none of the known values; did you mean \
         `openrouter:bash`? They are `openrouter:advisor`, ",
        "fleet.yaml:5:5: a.default_provider_sort: `pirce` is none of the known values; did you mean `price`? They are \
         `price`, `throughput`, `latency`, `exacto`",
        "fleet.yaml:8:9: b.disabled_server_tools[0]: `openrouter:web_serch` is none of the known values; did you mean \
         `openrouter:web_search`? They are `openrouter:advisor`, ",
        "fleet.yaml:10:9: b.disabled_server_tools[2]: `brand_new` is none of the known values; they are `openrouter:advisor`, ",
    ];
    for (line, start) in found.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}\n{start}");
    }
    assert!(with_variables("defaults: {default_provider_sort: '${SORT}'}", &[("SORT", "cheap")]).is_err());
    let mut entry = WorkspaceEntry::new("a");
    entry.settings.default_provider_sort = serde_json::from_value(json!("sk-or-v1-secret")).unwrap();
    let mut manifest = Manifest::default();
    manifest.workspaces = vec![entry];
    let error = manifest.check().unwrap_err().to_string();
    assert!(error.contains("is none of the known values") && !error.contains("secret"), "{error}");
}

#[test]
fn what_is_no_manifest_is_told_with_its_place() {
    assert_eq!(errors("workspaces: [\n"), ["fleet.yaml:1:13: unclosed bracket '['"]);
    assert_eq!(errors("- a"), ["fleet.yaml:1:1: must have fields: `workspaces`, or `defaults`"]);
    assert_eq!(
        errors("workspaces: {a: 1}"),
        ["fleet.yaml:1:13: workspaces: must be a list of workspaces, `[]` for none"]
    );
    assert_eq!(
        errors("workspaces:\n  - slug: a\n    slug: b"),
        ["fleet.yaml:3:5: workspaces[0].slug: is there twice; the other one is at fleet.yaml:2:5"]
    );
    assert_eq!(errors("workspaces: [{slug: a, members: 3}]").len(), 1);
    assert_eq!(errors("workspaces: [{slug: a, members: {exclude: [b]}}]").len(), 2);
    assert_eq!(manifest(""), Manifest::default());
    assert_eq!(manifest("---\nworkspaces: [{slug: a}]\n---\nworkspaces: [{slug: b}]").workspaces.len(), 2);
}

#[test]
fn slugs_are_neither_swapped_nor_passed_on() {
    let chain = "workspaces:\n  - {slug: b, renamed_from: a}\n  - {slug: c, renamed_from: b}\n";
    let found = errors(chain);
    assert!(found[0].starts_with("fleet.yaml:3:15: c.renamed_from: is the slug of another workspace"), "{found:?}");
    assert!(found[0].ends_with("the other one is at fleet.yaml:2:6"), "{found:?}");
    assert_eq!(errors("workspaces: [{slug: b, renamed_from: a}, {slug: a, renamed_from: b}]").len(), 2);
    assert_eq!(errors("workspaces: [{slug: b, renamed_from: a}, {slug: c, renamed_from: a}]").len(), 1);
}

#[test]
fn the_default_workspace_keeps_its_slug_and_its_members() {
    let rename = "the default workspace keeps its slug, and no other one takes it";
    let away = errors("workspaces: [{slug: main, renamed_from: default}]");
    assert_eq!(away, [format!("fleet.yaml:1:27: main.renamed_from: {rename}")]);
    let here = errors("workspaces: [{slug: default, renamed_from: main}]");
    assert_eq!(here, [format!("fleet.yaml:1:30: default.renamed_from: {rename}")]);
    let members = errors("workspaces: [{slug: default, members: []}]");
    assert!(members[0].contains("default.members: are not managed in the default workspace"), "{members:?}");
}

#[test]
fn a_variable_that_holds_nothing_or_the_word_null_clears_nothing() {
    for value in ["", "~", "null", "Null", "NULL"] {
        for field in [
            "budgets: {monthly: '${X}'}",
            "disabled_server_tools: '${X}'",
            "io_logging_api_key_ids: ${X}",
            "members: ${X}",
            "budgets: ${X}",
        ] {
            let text = format!("workspaces:\n  - slug: a\n    {field}\n");
            let found = with_variables(&text, &[("X", value)]);
            assert!(found.is_err(), "{field} with {value:?}: {found:?}");
        }
    }
}

#[test]
fn variables_stand_for_text_and_where_text_is_wrong_for_what_they_hold() {
    let text = "workspaces:
  - slug: ${TEAM}-prod
    name: ${NUMBER}
    description: a $${TEAM} costs $5
    budgets: {monthly: '${LIMIT}', include_byok: '${FLAG}'}
    io_logging_sampling_rate: ${RATE}
    members: ['${USER}']
";
    let values =
        [("TEAM", "red"), ("NUMBER", "007"), ("LIMIT", "50"), ("FLAG", "true"), ("USER", "12"), ("RATE", "0.5")];
    let manifest = with_variables(text, &values).unwrap();
    let entry = &manifest.workspaces[0];
    assert_eq!((entry.slug.as_str(), entry.settings.name.as_deref()), ("red-prod", Some("007")));
    assert_eq!(entry.settings.description, Some(Some("a ${TEAM} costs $5".to_owned())));
    let budgets = entry.budgets.unwrap();
    assert_eq!((budgets.monthly, budgets.include_byok), (Some(50.0), Some(true)));
    assert_eq!(entry.settings.io_logging_sampling_rate, Some(0.5));
    assert_eq!(entry.members.as_ref().unwrap().users(), ["12"]);
    assert_eq!(
        with_variables("workspaces: [{slug: '${TEAM}', name: '${1}', description: '${'}]", &[]).unwrap_err(),
        "fleet.yaml:1:21: the variable `TEAM` is not set\n\
         fleet.yaml:1:38: `${` must be followed by the name of a variable and `}`; `$${` stands for `${`\n\
         fleet.yaml:1:59: `${` must be followed by the name of a variable and `}`; `$${` stands for `${`"
    );
}

#[test]
fn a_key_has_no_place_in_a_manifest_and_is_not_shown() {
    let key = "sk-or-v1-secret";
    let text = "workspaces: [{slug: a, description: '${OPENROUTER_API_KEY}', name: '${OPENROUTER_MANAGEMENT_KEY}'}]";
    let error = with_variables(text, &[("OPENROUTER_API_KEY", key), ("OPENROUTER_MANAGEMENT_KEY", key)]).unwrap_err();
    assert_eq!(error.lines().count(), 2);
    assert!(!error.contains("secret"), "{error}");
    for text in [
        "workspaces: [{slug: a, name: '${X}'}]",
        "workspaces: [{slug: a, name: 'my sk-or-v1-secret'}]",
        "workspaces: [{slug: sk-or-v1-secret}]",
        "workspaces: [{slug: a, sk-or-v1-secret: 1}]",
        "workspaces: [{slug: a, budgets: {monthly: sk-or-v1-secret}}]",
        "workspaces: [{slug: a, members: [sk-or-v1-secret]}]",
        "sk-or-v1-secret: 1",
    ] {
        let error = with_variables(text, &[("X", key)]).unwrap_err();
        assert!(error.contains("key") && !error.contains("secret") && error.lines().count() == 1, "{text}: {error}");
    }
}

#[test]
fn aliases_do_not_make_a_small_file_a_large_one() {
    let mut text = "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n".to_owned();
    for level in 1..8 {
        let ten = vec![format!("*x{}", level - 1); 10].join(", ");
        text += &format!("x{level}: &x{level} [{ten}]\n");
    }
    assert_eq!(errors(&text), ["fleet.yaml:5:45: aliases stand for more than 100000 values"]);
    let anchors: String = (0..200).map(|level| format!("[&a{level} ")).collect();
    let text = format!("x: {anchors}[{}]{}\n", "1, ".repeat(10_000), "]".repeat(200));
    assert_eq!(errors(&text), ["fleet.yaml:1:601: anchors name more than 1000000 values"]);
    let nested = "[".repeat(100_000);
    assert_eq!(errors(&nested).len(), 1);
}

#[test]
fn a_manifest_that_a_program_made_is_checked_without_places() {
    let mut entry = WorkspaceEntry::new("a");
    entry.settings.name = Some(String::new());
    let mut manifest = Manifest::default();
    manifest.workspaces = vec![entry, WorkspaceEntry::new("")];
    let errors = manifest.check().unwrap_err();
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["a.name: must not be empty", "workspaces[1].slug: must not be empty"]);
    assert_eq!(
        serde_json::to_value(&errors).unwrap()[0],
        json!({"place": null, "path": "a.name", "message": "must not be empty"})
    );
}

#[test]
fn a_manifest_serializes_and_what_it_does_not_know_is_an_error() {
    let value =
        json!({"defaults": {"default_provider_sort": "price"}, "workspaces": [{"slug": "a", "description": null}]});
    let manifest: Manifest = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&manifest).unwrap(), value);
    assert_eq!(json!(Manifest::default()), json!({"workspaces": []}));
    assert!(serde_json::from_value::<Manifest>(json!({"workspaces": [{"slug": "a", "nmae": "x"}]})).is_err());
    assert!(serde_json::from_value::<Manifest>(json!({"workspace": []})).is_err());
    assert!(serde_json::from_value::<Members>(json!({"include": [], "exclude": []})).is_err());
}

#[test]
fn any_text_reads_back_as_it_is_written() {
    let texts = "~|null|Null|true|False|0x1f|0o17|017|1e3|.5|+1|-.inf|.nan|- a|# x|a: b|a:|'|''|\"|{a}|[a]|&a|*a|!a|%a|@a|`a|>|
 |  x  |a\nb|a\n|\n|\ta|a\t|é|=|<<|yes|no|on|1_000|12:30|2001-01-01|-|?|:|a #b|\\|a\\nb|a\r\nb|\r|---|...|--- a|$|$$|${|$${A}|${A}|$${|$$${A}";
    let odd = ["|", "", "\0", "\u{7f}", "\u{85}", "\u{2028}", "\u{feff}", "\u{feff}a", "\u{1f600}", "a\n\n  b\n c\n\n"];
    let mut manifest = Manifest::default();
    for (number, text) in texts.split('|').chain(odd).enumerate() {
        let mut entry = WorkspaceEntry::new(format!("w-{number}"));
        entry.settings.description = Some(Some(text.to_owned()));
        entry.members = Some(Members::Exactly(vec![format!("{text}."), format!("{number}")]));
        manifest.workspaces.push(entry);
    }
    let yaml = manifest.to_yaml();
    let back = read(&yaml).unwrap_or_else(|errors| panic!("{errors}\n{yaml}"));
    for (read, written) in back.workspaces.iter().zip(&manifest.workspaces) {
        assert_eq!(read, written);
    }
    assert_eq!(back, manifest);
}

#[test]
fn a_byte_order_mark_and_other_line_ends_do_not_matter() {
    let expected = manifest("workspaces:\n  - slug: a\n    name: A\n");
    assert_eq!(manifest("\u{feff}workspaces:\r\n  - slug: a\r\n    name: A\r\n"), expected);
    assert_eq!(manifest("{\"workspaces\":\t[{\"slug\":\t\"a\",\n\t\"name\": \"\\u0041\"}]}"), expected);
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn whatever_is_read_it_is_a_manifest_or_all_errors_have_a_place(
        noise in "[a-z:,\\-\\[\\]{}$&*!#'\" \n\t0-9|>%@é]{0,60}", cut in any::<Index>(), at in any::<Index>(), whole in any::<bool>(),
    ) {
        let example = include_str!("../../../examples/fleet/workspaces.yaml");
        let boundaries: Vec<usize> = example.char_indices().map(|(place, _)| place).collect();
        let (a, b) = (*at.get(&boundaries), *cut.get(&boundaries));
        let text = match whole {
            true => noise,
            false => [&example[..a.min(b)], &noise, &example[a.max(b)..]].concat(),
        };
        match read(&text) {
            Ok(manifest) => prop_assert_eq!(read(&manifest.to_yaml()).unwrap(), manifest),
            Err(errors) => {
                let lines = text.split('\n').count();
                for error in &errors {
                    let place = error.place.as_ref();
                    prop_assert!(place.is_some_and(|place| (1..=lines).contains(&place.line) && place.column > 0), "{error}");
                }
            }
        }
    }
}
