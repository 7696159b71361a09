//! Slugs that are refused: what is said of each, and what is suggested.

use crate::common::property::run;
use crate::common::{Mock, Reply};
use openrouter_workspaces::{CONTRACT, Client, Error, InvalidInput, RetryConfig};

const WORDS: &str = "must be lowercase letters, digits, and single hyphens between them";

fn client() -> Client {
    Client::builder().api_key(crate::common::KEY).base_url("http://127.0.0.1:1/api/v1").build().unwrap()
}

async fn refusal(slug: &str) -> InvalidInput {
    match client().create("A", slug).await.unwrap_err() {
        Error::InvalidInput(error) => *error,
        other => panic!("another error: {other}"),
    }
}

#[tokio::test]
async fn a_slug_is_refused_in_words_with_what_is_wrong_and_what_was_probably_meant() {
    for (slug, problem, suggestion) in [
        ("Production", "`Production` has capitals", "production"),
        ("my team", "`my team` has spaces", "my-team"),
        ("my_team", "`my_team` has underscores", "my-team"),
        ("My Team_1", "`My Team_1` has capitals, spaces and underscores", "my-team-1"),
        ("-a", "`-a` begins with a hyphen", "a"),
        ("a-", "`a-` ends with a hyphen", "a"),
        ("a--b", "`a--b` has hyphens in a row", "a-b"),
        ("Bad Slug--", "`Bad Slug--` has capitals and spaces", "bad-slug"),
        ("café", "`café` has `é`", "cafe"),
        ("Straße", "`Straße` has capitals and `ß`", "strasse"),
        ("R&D", "`R&D` has capitals and `&`", "r-d"),
        ("Bob's", "`Bob's` has capitals and `'`", "bobs"),
        ("a.b/c:d;e", "`a.b/c:d;e` has `.`, `/`, `:` and more", "a-b-c-d-e"),
        ("team 🚀", "`team 🚀` has spaces and `🚀`", "team"),
        ("a\n", "`a\\n` has control characters", "a"),
    ] {
        let error = refusal(slug).await;
        assert_eq!((error.rule(), error.suggestion()), (WORDS, Some(suggestion)), "{slug:?}");
        let line = error.to_string();
        assert!(line.ends_with(&format!("slug {WORDS}; {problem}: `{suggestion}`?")), "{line}");
    }
}

#[tokio::test]
async fn nothing_is_suggested_where_nothing_sensible_is_left() {
    for (slug, end) in [
        ("", "slug must not be empty"),
        ("---", "`---` begins with a hyphen"),
        ("_", "`_` has underscores"),
        ("日本", "`日本` has `日` and `本`"),
        ("Team 日本", "`Team 日本` has capitals, spaces, `日` and more"),
        ("продакшн", "`продакшн` has `п`, `р`, `о` and more"),
        ("🚀", "`🚀` has `🚀`"),
    ] {
        let error = refusal(slug).await;
        assert_eq!(error.suggestion(), None, "{slug:?}");
        assert!(error.to_string().ends_with(end), "{error}");
    }
}

#[tokio::test]
async fn what_is_too_long_is_cut_and_shown_in_part() {
    let error = refusal(&"ab-".repeat(1_000_000)).await;
    assert_eq!(error.rule(), "must have at most 50 characters, has 3000000");
    assert_eq!(error.suggestion(), Some("ab-".repeat(17).trim_end_matches('-').get(..50).unwrap()));
    let line = refusal(&"A".repeat(1_000_000)).await.to_string();
    assert!(line.len() < 400 && line.contains("AA..` has capitals: `aa"), "{line}");
}

#[tokio::test]
async fn a_key_in_the_place_of_a_slug_is_hidden_and_nothing_is_made_of_it() {
    for slug in [
        crate::common::KEY.to_owned(),
        format!("my {}", crate::common::KEY.to_lowercase()),
        format!("a{}", crate::common::KEY.repeat(9)),
    ] {
        let error = refusal(&slug).await;
        let told = format!("{error} {error:?} {:?} {}", error.suggestion(), error.rule()).to_lowercase();
        assert!(!told.contains("testkey"), "{told}");
    }
}

#[tokio::test]
async fn a_long_key_in_the_place_of_a_known_value_is_hidden_before_the_text_is_cut() {
    let key = format!("sk-or-v1-{}", "0123456789abcdef".repeat(4));
    let client = Client::builder().api_key(key.as_str()).base_url("http://127.0.0.1:1/api/v1").build().unwrap();
    let line = client.get_budget("a", key).await.unwrap_err().to_string();
    assert!(line.contains("`[hidden]` is no known value"), "{line}");
}

#[tokio::test]
async fn a_workspace_that_is_absent_is_named_in_the_line_of_the_error() {
    let mock = Mock::always(Reply::error(404, "Workspace not found"));
    let error = mock.client().get("größe 1").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get GET /workspaces/gr%C3%B6%C3%9Fe%201: workspace `größe 1`: Workspace not found (status 404)"
    );
    assert_eq!(error.call().workspace(), Some("größe 1"));
    let error = mock.client().get_budget("a", "daily").await.unwrap_err();
    // Once is enough.
    assert_eq!(error.to_string(), "get_budget GET /workspaces/a/budgets/daily: Workspace not found (status 404)");
    assert_eq!(error.call().workspace(), Some("a"));
    assert_eq!(mock.client().list().await.unwrap_err().call().workspace(), None);
}

#[test]
fn the_words_stand_in_the_contract_beside_the_pattern() {
    assert!(CONTRACT.contains(&format!("x-pattern-words: {}", WORDS.trim_start_matches("must be "))));
}

#[test]
fn a_suggestion_is_always_a_slug() {
    let client = client();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let refusal = |slug: &str| {
        // One that is valid is sent, and finds nobody.
        let create = client.create("A", slug).retry(RetryConfig::none());
        match runtime.block_on(create.into_future()).unwrap_err() {
            Error::InvalidInput(error) => Some(error),
            _ => None,
        }
    };
    run(100, "\\PC{0,80}|[-_ A-Za-zéß']{0,80}", |slug| {
        if let Some(suggestion) = refusal(slug).as_ref().and_then(|error| error.suggestion()) {
            assert_ne!(suggestion, slug);
            assert!(refusal(suggestion).is_none(), "{slug:?} becomes {suggestion:?}");
        }
    });
}
