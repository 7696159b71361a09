//! The settings that come from the environment. A process of its own has an environment of its own, so each test runs
//! this file's program again.

mod common;

use std::ffi::OsStr;
use std::process::{Command, Output};

use common::Mock;
use common::ops::Op;
use openrouter_workspaces::{Client, ClientBuilder, RetryConfig};

const CHILD: &str = "WORKSPACES_TEST_CHILD";
/// The base URL of a child that is given all settings.
const GIVEN: &str = "WORKSPACES_TEST_GIVEN";

/// In the child, makes a client of the environment and gets a workspace. In the parent, this passes.
#[tokio::test]
async fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let client = match std::env::var_os(GIVEN) {
        None => Client::from_env(),
        Some(url) => ClientBuilder::from_env()
            .api_key(common::KEY)
            .base_url(url.into_string().expect("text"))
            .app_url("https://app.example")
            .app_title("My App")
            .app_categories(["cli-agent"])
            .build(),
    };
    match client {
        Ok(client) => match client.get("production").retry(RetryConfig::none()).await {
            Ok(workspace) => println!("got {}", workspace.slug),
            Err(error) => println!("failed: {error}"),
        },
        Err(error) => println!("refused: {error}"),
    }
}

/// What a child with these variables prints.
fn run<V: AsRef<OsStr>>(variables: &[(&str, V)]) -> String {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    for name in ["API_KEY", "BASE_URL", "HTTP_REFERER", "APP_TITLE", "APP_CATEGORIES"] {
        command.env_remove(format!("OPENROUTER_{name}"));
    }
    command
        .args(["--exact", "child", "--nocapture"])
        .env(CHILD, "1")
        .envs(variables.iter().map(|(name, value)| (name, value)));
    let Output { status, stdout, .. } = command.output().expect("a child");
    assert!(status.success());
    String::from_utf8(stdout).expect("text")
}

#[test]
fn all_variables_are_used() {
    let mock = Mock::always(Op::Get.success());
    let url = mock.url();
    let printed = run(&[
        ("OPENROUTER_API_KEY", " sk-or-v1-env\n"),
        ("OPENROUTER_BASE_URL", &url),
        ("OPENROUTER_HTTP_REFERER", "https://app.example"),
        ("OPENROUTER_APP_TITLE", "My App"),
        ("OPENROUTER_APP_CATEGORIES", "cli-agent, cloud-agent"),
    ]);
    assert!(printed.contains("got production"), "{printed}");
    let request = mock.only_request();
    assert_eq!(request.line(), Op::Get.line());
    assert_eq!(request.header("authorization"), Some("Bearer sk-or-v1-env"));
    assert_eq!(request.header("http-referer"), Some("https://app.example"));
    assert_eq!(request.header("x-openrouter-title"), Some("My App"));
    assert_eq!(request.header("x-openrouter-categories"), Some("cli-agent,cloud-agent"));
}

#[test]
fn what_is_empty_counts_as_not_set() {
    let mock = Mock::always(Op::Get.success());
    let url = mock.url();
    let printed = run(&[
        ("OPENROUTER_API_KEY", "sk-or-v1-env"),
        ("OPENROUTER_BASE_URL", &url),
        ("OPENROUTER_HTTP_REFERER", ""),
        ("OPENROUTER_APP_TITLE", "  "),
        ("OPENROUTER_APP_CATEGORIES", ""),
    ]);
    assert!(printed.contains("got production"), "{printed}");
    let request = mock.only_request();
    for name in ["http-referer", "x-openrouter-title", "x-openrouter-categories"] {
        assert_eq!(request.header(name), None);
    }
}

/// As in a container that was made of nothing.
#[test]
fn a_client_of_plain_http_needs_no_certificates() {
    let mock = Mock::always(Op::Get.success());
    let url = mock.url();
    let none = [("SSL_CERT_FILE", "/nowhere/certificates.pem"), ("SSL_CERT_DIR", "/nowhere")];
    let printed = run(&[&[("OPENROUTER_API_KEY", "sk-or-v1-env"), ("OPENROUTER_BASE_URL", &*url)], &none[..]].concat());
    assert!(printed.contains("got production"), "{printed}");
    mock.only_request();
}

#[test]
fn without_a_key_the_error_names_the_variable() {
    for variables in [&[] as &[(&str, &str)], &[("OPENROUTER_API_KEY", "")][..]] {
        let printed = run(variables);
        assert!(printed.contains("refused: ") && printed.contains("OPENROUTER_API_KEY"), "{printed}");
    }
}

#[test]
fn a_variable_that_cannot_be_used_is_refused() {
    for (name, value, field) in [
        ("OPENROUTER_BASE_URL", "http://example.com", "base_url"),
        ("OPENROUTER_APP_CATEGORIES", "CLI", "app_categories"),
        ("OPENROUTER_APP_CATEGORIES", "a,,b", "app_categories"),
    ] {
        let printed = run(&[("OPENROUTER_API_KEY", "sk-or-v1-env"), (name, value)]);
        assert!(printed.contains("refused: ") && printed.contains(field), "{printed}");
        assert!(!printed.contains("sk-or-v1-env"), "{printed}");
    }
}

/// A base URL that is not looked at would send the key to the default one.
#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_refused_by_name() {
    use std::os::unix::ffi::OsStrExt;
    let key = OsStr::new("sk-or-v1-env");
    for name in ["API_KEY", "BASE_URL", "HTTP_REFERER", "APP_TITLE", "APP_CATEGORIES"] {
        let name = format!("OPENROUTER_{name}");
        let printed = run(&[("OPENROUTER_API_KEY", key), (&name, OsStr::from_bytes(b"https://127.0.0.1:1/\xff"))]);
        assert!(printed.contains("refused: ") && printed.contains(&format!("{name} must be text")), "{printed}");
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_does_not_matter_where_its_setting_is_given() {
    use std::os::unix::ffi::OsStrExt;
    let mock = Mock::always(Op::Get.success());
    let names = ["API_KEY", "BASE_URL", "HTTP_REFERER", "APP_TITLE", "APP_CATEGORIES"];
    let names = names.map(|name| format!("OPENROUTER_{name}"));
    let url = mock.url();
    let given = [(GIVEN, OsStr::new(&url))].into_iter();
    let printed = run(&Vec::from_iter(given.chain(names.iter().map(|name| (&**name, OsStr::from_bytes(b"\xff"))))));
    assert!(printed.contains("got production"), "{printed}");
    mock.only_request();
}
