//! Plain http, which only this machine may be told the key over, and proxies, which are other machines. A process of its
//! own has an environment of its own, so each test runs this program again.

use std::process::{Command, Output};

use openrouter_workspaces::reqwest::{self, Proxy};
use openrouter_workspaces::{Client, Error};

const CHILD: &str = "WORKSPACES_PROXY_CHILD";
const PROXY: &str = "http://proxy.example:3128";
const NAMES: [&str; 7] =
    ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY"];

type Builder = fn() -> reqwest::ClientBuilder;

/// What becomes of a client with this base URL and this HTTP client.
fn outcome(base_url: &str, http: reqwest::ClientBuilder) -> String {
    let http = http.redirect(reqwest::redirect::Policy::none()).retry(reqwest::retry::never()).build().unwrap();
    match Client::builder().api_key(crate::KEY).base_url(base_url).http_client(http).build() {
        Ok(_) => "taken".to_owned(),
        Err(Error::InvalidInput(error)) if error.rule().contains("no_proxy()") => format!("refused: {}", error.field()),
        Err(other) => panic!("another error: {other}"),
    }
}

fn outcomes(http: Builder) -> [String; 3] {
    ["http://127.0.0.1:8080/api/v1", "http://localhost/api/v1", "https://openrouter.ai/api/v1"]
        .map(|base_url| outcome(base_url, http()))
}

/// In the child, prints what becomes of clients of one kind. In the parent, this passes.
#[test]
fn child() {
    let Ok(kind) = std::env::var(CHILD) else { return };
    let builders: [(&str, Builder); 7] = [
        ("plain", reqwest::Client::builder),
        ("no_proxy", || reqwest::Client::builder().no_proxy()),
        ("http", || reqwest::Client::builder().proxy(Proxy::http(PROXY).unwrap())),
        ("all", || reqwest::Client::builder().proxy(Proxy::all(PROXY).unwrap())),
        ("https", || reqwest::Client::builder().proxy(Proxy::https(PROXY).unwrap())),
        ("custom", || reqwest::Client::builder().proxy(Proxy::custom(|_| Some(PROXY)))),
        ("second", || {
            reqwest::Client::builder().proxy(Proxy::https(PROXY).unwrap()).proxy(Proxy::custom(|_| Some(PROXY)))
        }),
    ];
    match builders.into_iter().find(|(name, _)| *name == kind) {
        Some((_, builder)) => println!("{kind}: {}", outcomes(builder).join(", ")),
        None => {
            // A client of this crate's own never uses a proxy for plain http.
            let own = Client::builder().api_key(crate::KEY).base_url("http://127.0.0.1:8080/api/v1").build();
            println!("{kind}: {}", if own.is_ok() { "taken" } else { "refused" });
        }
    }
}

/// What a child with these variables prints of one kind of client.
fn run(variables: &[(&str, &str)], kind: &str) -> String {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    for name in NAMES {
        command.env_remove(name);
    }
    command.args(["--exact", "proxies::child", "--nocapture"]).env(CHILD, kind).envs(variables.iter().copied());
    let Output { status, stdout, stderr } = command.output().expect("a child");
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let printed = String::from_utf8(stdout).expect("text");
    let line = printed.lines().find_map(|line| line.split_once(&format!("{kind}: ")));
    line.unwrap_or_else(|| panic!("no line for {kind} in {printed}")).1.to_owned()
}

const REFUSED: &str = "refused: http_client, refused: http_client, taken";
const TAKEN: &str = "taken, taken, taken";

#[test]
fn a_client_that_takes_a_proxy_from_the_environment_is_refused_for_plain_http() {
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        assert_eq!(run(&[(name, PROXY)], "plain"), REFUSED, "{name}");
    }
}

#[test]
fn a_client_built_with_no_proxy_is_taken_whatever_the_environment_says() {
    for name in ["HTTP_PROXY", "ALL_PROXY", "HTTPS_PROXY"] {
        assert_eq!(run(&[(name, PROXY)], "no_proxy"), TAKEN, "{name}");
        assert_eq!(run(&[(name, PROXY)], "own"), "taken", "{name}");
    }
    assert_eq!(run(&[], "no_proxy"), TAKEN);
}

#[test]
fn a_client_with_an_explicit_proxy_for_plain_http_is_refused() {
    for kind in ["http", "all", "custom", "second"] {
        assert_eq!(run(&[], kind), REFUSED, "{kind}");
        assert_eq!(run(&[("HTTP_PROXY", PROXY)], kind), REFUSED, "{kind}");
    }
}

#[test]
fn a_proxy_for_https_alone_does_not_concern_plain_http() {
    assert_eq!(run(&[], "plain"), TAKEN);
    assert_eq!(run(&[("HTTPS_PROXY", PROXY)], "plain"), TAKEN);
    assert_eq!(run(&[], "https"), TAKEN);
}
