//! Arguments that break a rule are refused, and nothing is sent.

use crate::common::errors::refused;
use crate::common::ops::Op;
use crate::common::{Mock, Reply};
use openrouter_workspaces::body::{CreateWorkspaceRequest, UpdateWorkspaceRequest};
use openrouter_workspaces::{BudgetInterval, operation};

type Update = openrouter_workspaces::Request<operation::UpdateWorkspace>;

/// A server that must not be reached.
fn unreached() -> Mock {
    Mock::always(Reply::error(418, "this must not be reached"))
}

const NO_SEGMENTS: [&str; 14] =
    ["", ".", "..", "a/b", "/", "/a", "a/", "../keys", "..\\keys", "a\\b", "\\", "a\nb", "a\u{0}", "\u{7f}"];

#[tokio::test]
async fn a_workspace_that_would_change_the_path_is_refused_by_every_operation() {
    let mock = unreached();
    let client = mock.client();
    for op in Op::on_a_workspace() {
        for id in NO_SEGMENTS {
            let error = op.send_to(&client, id).await.unwrap_err();
            assert_eq!((error.attempts(), error.status(), error.is_retryable()), (0, None, false));
            let error = refused(Err::<(), _>(error));
            assert_eq!(error.field(), "id", "{op:?} {id:?}");
            assert!(error.rule().starts_with("must not"), "{op:?} {id:?}: {}", error.rule());
        }
    }
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn an_interval_that_would_change_the_path_is_refused() {
    let mock = unreached();
    let client = mock.client();
    for interval in NO_SEGMENTS {
        let interval = BudgetInterval::Other(interval.to_owned());
        let errors = [
            refused(client.get_budget("production", interval.clone()).await),
            refused(client.set_budget("production", interval.clone(), 1.0).await),
            refused(client.delete_budget("production", interval.clone()).await),
        ];
        for error in errors {
            assert_eq!(error.field(), "interval", "{interval:?}");
        }
    }
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn other_characters_are_escaped_and_stay_one_segment() {
    let cases = [
        ("a b", "a%20b"),
        ("é", "%C3%A9"),
        ("a?x=1", "a%3Fx=1"),
        ("a#b", "a%23b"),
        ("a%2fb", "a%252fb"),
        ("%2e%2e", "%252e%252e"),
        ("...", "..."),
        ("a..b", "a..b"),
        (".a", ".a"),
        ("7c9e6679-7425-40de-944b-e07fc1f90ae7", "7c9e6679-7425-40de-944b-e07fc1f90ae7"),
    ];
    for (id, escaped) in cases {
        for op in Op::on_a_workspace() {
            let mock = Mock::always(op.success());
            op.send_to(&mock.client(), id).await.unwrap();
            assert_eq!(mock.lines(), [op.line().replace("/production", &format!("/{escaped}"))], "{op:?} {id}");
        }
    }
}

#[tokio::test]
async fn the_limit_of_a_page_is_1_to_100() {
    let mock = unreached();
    let client = mock.client();
    for limit in [0, 101, u64::MAX] {
        for error in
            [refused(client.list().limit(limit).await), refused(client.list_members("production").limit(limit).await)]
        {
            assert_eq!(error.field(), "limit");
            assert!(error.rule().contains(if limit == 0 { "at least 1" } else { "at most 100" }), "{}", error.rule());
        }
    }
    mock.assert_nothing_was_sent();
    for limit in [1, 100] {
        let mock = Mock::always(Op::List.success());
        mock.client().list().limit(limit).await.unwrap();
        assert_eq!(mock.lines(), [format!("GET /api/v1/workspaces?limit={limit}")]);
    }
}

#[tokio::test]
async fn names_have_1_to_100_characters() {
    let mock = unreached();
    let client = mock.client();
    for name in [String::new(), "x".repeat(101), "é".repeat(101)] {
        for error in [
            refused(client.create(name.clone(), "p").await),
            refused(client.update("production").name(name.clone()).await),
        ] {
            assert_eq!(error.field(), "name");
            let rule = if name.is_empty() { "must not be empty" } else { "must have at most 100 characters, has 101" };
            assert_eq!(error.rule(), rule);
        }
    }
    mock.assert_nothing_was_sent();
    let mock = Mock::always(Op::Create.success());
    mock.client().create("é".repeat(100), "p").await.unwrap();
    assert_eq!(mock.only_request().json()["name"], "é".repeat(100), "characters count, not bytes");
}

#[tokio::test]
async fn descriptions_have_at_most_500_characters() {
    let mock = unreached();
    let client = mock.client();
    let long = "🦀".repeat(501);
    for error in [
        refused(client.create("P", "p").description(long.as_str()).await),
        refused(client.update("production").description(long.as_str()).await),
    ] {
        assert_eq!((error.field(), error.rule()), ("description", "must have at most 500 characters, has 501"));
    }
    mock.assert_nothing_was_sent();
    let mock = Mock::always(Op::Update.success());
    for allowed in ["🦀".repeat(500), String::new()] {
        mock.client().update("production").description(allowed).await.unwrap();
    }
    assert_eq!(mock.lines().len(), 2);
}

#[tokio::test]
async fn slugs_are_lowercase_words_with_single_hyphens() {
    let mock = unreached();
    let client = mock.client();
    let long = "a".repeat(51);
    for slug in ["Bad Slug--", "-a", "a-", "a--b", "", "A", "ä", "a_b", "a\n", "a b", &long] {
        for error in [refused(client.create("P", slug).await), refused(client.update("production").slug(slug).await)] {
            assert_eq!(error.field(), "slug", "{slug:?}");
            assert!(error.rule().starts_with("must"), "{slug:?}");
        }
    }
    assert_eq!(refused(client.create("P", long).await).rule(), "must have at most 50 characters, has 51");
    let words = "must be lowercase letters, digits, and single hyphens between them";
    assert_eq!(refused(client.create("P", "a--b").await).rule(), words);
    mock.assert_nothing_was_sent();
    for slug in ["a", "0", "a-b-c1", &"a".repeat(50)] {
        let mock = Mock::always(Op::Create.success());
        mock.client().create("P", slug).await.unwrap();
        assert_eq!(mock.only_request().json()["slug"], slug);
    }
}

#[tokio::test]
async fn there_are_1_to_100_users() {
    let mock = unreached();
    let client = mock.client();
    let many = || (0..101).map(|n| format!("user_{n}"));
    for error in [
        refused(client.bulk_add_members("production", [""; 0]).await),
        refused(client.bulk_remove_members("production", Vec::<String>::new()).await),
        refused(client.bulk_add_members("production", many()).await),
        refused(client.bulk_remove_members("production", many()).await),
    ] {
        assert_eq!(error.field(), "user_ids");
        assert!(
            error.rule().contains("has 0") || error.rule().contains("at most 100 items, has 101"),
            "{}",
            error.rule()
        );
    }
    let too_many = refused(client.bulk_add_members("production", many()).await);
    assert_eq!(too_many.rule(), "must have at most 100 items, has 101; `add_members` takes any number");
    let too_many = refused(client.bulk_remove_members("production", many()).await);
    assert_eq!(too_many.rule(), "must have at most 100 items, has 101; `remove_members` takes any number");
    mock.assert_nothing_was_sent();
    let mock = Mock::always(Op::BulkAddMembers.success());
    mock.client().bulk_add_members("production", many().take(100)).await.unwrap();
    assert_eq!(mock.only_request().json()["user_ids"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn a_budget_is_a_finite_number_greater_than_0() {
    let mock = unreached();
    let client = mock.client();
    for limit in [-1.0, 0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = refused(client.set_budget("production", BudgetInterval::Monthly, limit).await);
        assert_eq!(error.field(), "limit_usd", "{limit}");
        let rule = if limit.is_finite() { "greater than 0" } else { "finite" };
        assert!(error.rule().contains(rule), "{limit}: {}", error.rule());
    }
    mock.assert_nothing_was_sent();
    let mock = Mock::always(Op::SetBudget.success());
    mock.client().set_budget("production", BudgetInterval::Monthly, 0.000_001).await.unwrap();
    assert_eq!(mock.only_request().json()["limit_usd"], 0.000_001);
}

#[tokio::test]
async fn a_sampling_rate_is_0_0001_to_1() {
    let mock = unreached();
    let client = mock.client();
    for rate in [0.0, 0.000_09, 1.01, -1.0, f64::NAN, f64::INFINITY] {
        for error in [
            refused(client.create("P", "p").io_logging_sampling_rate(rate).await),
            refused(client.update("production").io_logging_sampling_rate(rate).await),
        ] {
            assert_eq!(error.field(), "io_logging_sampling_rate", "{rate}");
        }
    }
    mock.assert_nothing_was_sent();
    let mock = Mock::always(Op::Update.success());
    for rate in [0.0001, 1.0] {
        mock.client().update("production").io_logging_sampling_rate(rate).await.unwrap();
    }
    assert_eq!(mock.lines().len(), 2);
}

#[tokio::test]
async fn a_rule_says_what_must_be_and_what_is() {
    let mock = unreached();
    let client = mock.client();
    let rules = [
        refused(client.list().limit(101).await),
        refused(client.bulk_add_members("production", [""; 0]).await),
        refused(client.set_budget("production", BudgetInterval::Daily, -1.0).await),
    ];
    let expected =
        ["must be at most 100, is 101", "must have at least 1 item(s), has 0", "must be greater than 0, is -1"];
    assert_eq!(rules.each_ref().map(|error| error.rule()), expected);
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn every_setting_of_an_update_may_be_null() {
    let mock = Mock::always(Op::Update.success());
    let clear: [fn(Update) -> Update; 6] = [
        |update| update.description(None),
        |update| update.default_text_model(None),
        |update| update.default_image_model(None),
        |update| update.default_provider_sort(None),
        |update| update.disabled_server_tools(None),
        |update| update.io_logging_api_key_ids(None),
    ];
    for clear in clear {
        clear(mock.client().update("production")).await.unwrap();
    }
    assert_eq!(mock.lines().len(), 6);
}

#[test]
fn a_body_is_checked_by_itself_as_it_is_when_it_is_sent() {
    let mut create = CreateWorkspaceRequest::new("Production", "production");
    create.check().unwrap();
    create.slug = "Production".to_owned();
    assert_eq!(create.check().unwrap_err().field(), "slug");
    let mut update = UpdateWorkspaceRequest::default();
    update.check().unwrap();
    update.name = Some(String::new());
    assert_eq!(update.check().unwrap_err().field(), "name");
}

#[tokio::test]
async fn display_names_the_field_and_the_rule() {
    let mock = unreached();
    let error = mock.client().create("P", "p".repeat(51)).await.unwrap_err();
    let expected = format!(
        "create POST /workspaces: invalid input, nothing was sent: slug must have at most 50 characters, has 51: `{}`?",
        "p".repeat(50)
    );
    assert_eq!(error.to_string(), expected);
    mock.assert_nothing_was_sent();
}
