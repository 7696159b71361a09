//! Settings of a client that cannot be used are refused when it is built.

use std::time::Duration;

use crate::common::ops::Op;
use crate::common::{KEY, Mock};
use openrouter_workspaces::{ApiKey, Client, ClientBuilder, Error, RetryConfig};

fn with_key() -> ClientBuilder {
    Client::builder().api_key(KEY)
}

/// The field and the rule that building names.
fn refused(builder: ClientBuilder) -> (String, String) {
    match builder.build() {
        Err(Error::InvalidInput(error)) => (error.field().to_owned(), error.rule().to_owned()),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_key_must_be_there_and_fit_into_a_header() {
    assert_eq!(refused(Client::builder()).0, "api_key");
    for key in ["", "  \n", "sk-a\nb", "sk-a\r\nx-evil: 1", "sk-\u{0}", "sk-\u{7f}"] {
        assert_eq!(refused(Client::builder().api_key(key)).0, "api_key", "{key:?}");
    }
    assert!(matches!(Client::new(""), Err(Error::InvalidInput(_))));
    assert!(Client::new(KEY).is_ok());
}

#[test]
fn a_scheme_without_a_key_is_no_key() {
    for key in ["Bearer ", "Bearer", " bearer\n"] {
        assert_eq!(refused(Client::builder().api_key(key)).0, "api_key", "{key:?}");
    }
}

#[tokio::test]
async fn white_space_and_the_scheme_around_a_key_are_dropped() {
    for key in ["sk-or-v1-x", " sk-or-v1-x\n", "Bearer sk-or-v1-x", "bearer   sk-or-v1-x ", "\tBEARER sk-or-v1-x"] {
        let mock = Mock::always(Op::Get.success());
        let client = mock.builder().api_key(ApiKey::new(key)).build().unwrap();
        client.get("production").await.unwrap();
        assert_eq!(mock.only_request().header("authorization"), Some("Bearer sk-or-v1-x"), "{key:?}");
    }
}

#[tokio::test]
async fn a_key_from_a_source_that_cannot_be_a_header_is_refused_before_anything_is_sent() {
    for key in ["", "sk-a\nb"] {
        let mock = Mock::always(Op::Get.success());
        let client = mock.builder().api_key_from(move || async move { Ok(ApiKey::new(key)) }).build().unwrap();
        let error = client.get("production").await.unwrap_err();
        assert!(matches!(error, Error::InvalidInput(e) if e.field() == "api_key"));
        mock.assert_nothing_was_sent();
    }
}

#[test]
fn base_urls_that_would_give_the_key_away_are_refused() {
    let cases = [
        ("http://example.com/api/v1", "https"),
        ("http://192.168.1.7/api/v1", "https"),
        ("http://localhost.example.com", "https"),
        ("http://127.0.0.1.example.com", "https"),
        ("http://[::2]/api/v1", "https"),
        ("http://0.0.0.0/", "https"),
        ("ftp://example.com/", "https://"),
        ("file:///etc/passwd", "host"),
        ("https://user:pass@example.com/", "user name"),
        ("https://user@example.com/", "user name"),
        ("https://:pass@example.com/", "password"),
        ("https://example.com/?a=b", "`?`"),
        ("https://example.com/#b", "`#`"),
        ("openrouter.ai/api/v1", "URL"),
        ("", "URL"),
        ("https://", "URL"),
    ];
    for (url, rule) in cases {
        let (field, said) = refused(with_key().base_url(url));
        assert_eq!(field, "base_url", "{url}");
        assert!(said.contains(rule), "{url}: {said}");
    }
}

#[test]
fn plain_http_to_another_machine_has_to_be_allowed_by_name() {
    let url = "http://sandbox:8080/api/v1";
    let (field, rule) = refused(with_key().base_url(url));
    assert_eq!(field, "base_url");
    assert!(rule.contains("`allow_plain_http()`"), "{rule}");
    assert!(with_key().base_url(url).allow_plain_http().build().is_ok());
    // It allows nothing else.
    for other in ["ftp://sandbox/", "http://user:pass@sandbox/", "http://sandbox/?a=b", "sandbox:8080"] {
        assert_eq!(refused(with_key().base_url(other).allow_plain_http()).0, "base_url", "{other}");
    }
}

#[test]
fn https_and_this_machine_itself_are_allowed() {
    for url in [
        "https://example.com",
        "https://example.com/api/v1/",
        "http://127.0.0.1:8080/api/v1",
        "http://127.1.2.3/",
        "http://localhost:1/",
        "http://LOCALHOST/",
        "http://[::1]:8080/api/v1",
    ] {
        assert!(with_key().base_url(url).build().is_ok(), "{url}");
    }
    assert_eq!(openrouter_workspaces::SERVER_URL, "https://openrouter.ai/api/v1");
}

#[test]
fn headers_must_be_valid() {
    for bad in ["a\nb", "a\r\nx-evil: 1", "\u{0}"] {
        assert_eq!(refused(with_key().app_url(bad)).0, "header http-referer");
        assert_eq!(refused(with_key().app_title(bad)).0, "header x-openrouter-title");
        assert_eq!(refused(with_key().user_agent(bad)).0, "header user-agent");
        assert_eq!(refused(with_key().app_categories([bad])).0, "header x-openrouter-categories");
    }
}

#[test]
fn categories_are_lowercase_and_have_no_commas() {
    for bad in [vec!["cli,agent"], vec!["CLI"], vec!["ok", ""], vec!["Ä"]] {
        let (field, rule) = refused(with_key().app_categories(bad));
        assert_eq!(field, "app_categories");
        assert!(rule.contains("lowercase"), "{rule}");
    }
    assert!(with_key().app_categories(["cli-agent", "cloud-agent"]).build().is_ok());
}

#[tokio::test]
async fn retries_must_make_sense_for_a_client_and_for_a_call() {
    let cases = [
        (RetryConfig::default().max_attempts(0), "retry.max_attempts"),
        (RetryConfig::default().exponent(f64::NAN), "retry.exponent"),
        (RetryConfig::default().exponent(f64::INFINITY), "retry.exponent"),
        (RetryConfig::default().exponent(0.5), "retry.exponent"),
        (RetryConfig::default().exponent(-1.0), "retry.exponent"),
    ];
    let mock = Mock::always(Op::Get.success());
    for (retry, field) in cases {
        assert_eq!(refused(with_key().retry(retry.clone())).0, field);
        let error = mock.client().get("production").retry(retry).await.unwrap_err();
        assert!(matches!(error, Error::InvalidInput(e) if e.field() == field));
    }
    mock.assert_nothing_was_sent();
    assert!(with_key().retry(RetryConfig::default().exponent(1.0).max_attempts(1)).build().is_ok());
}

#[tokio::test]
async fn huge_timeouts_do_not_overflow() {
    let mock = Mock::always(Op::Get.success());
    let client = mock.builder().timeout(Duration::MAX).attempt_timeout(Duration::MAX).build().unwrap();
    client.get("production").await.unwrap();
    assert_eq!(mock.lines().len(), 1);
}

#[tokio::test]
async fn what_is_empty_is_no_header() {
    let mock = Mock::always(Op::Get.success());
    let builder = mock.builder().app_categories(Vec::<String>::new()).app_title("").app_url("").user_agent("");
    builder.build().unwrap().get("production").await.unwrap();
    let request = mock.only_request();
    for header in ["x-openrouter-categories", "x-openrouter-title", "http-referer", "user-agent"] {
        assert_eq!(request.header(header), None, "{header}");
    }
}
