//! Plain http, which only this machine may be told the key over, and proxies, which are other machines. A process of its
//! own has an environment of its own, so each test runs this program again.

use std::process::{Command, Output};
#[cfg(feature = "rustls")]
use std::{io::Read, net::TcpListener};

use openrouter_workspaces::reqwest::{self, Proxy};
use openrouter_workspaces::{Client, Error};

const CHILD: &str = "WORKSPACES_PROXY_CHILD";
const PROXY: &str = "http://proxy.example:3128";
const NAMES: [&str; 9] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUEST_METHOD",
];

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

/// How a call of a client with the defaults ends where nobody listens.
fn call(base_url: &str) -> String {
    let client = Client::builder().api_key(crate::KEY).base_url(base_url).allow_plain_http().build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let retry = openrouter_workspaces::RetryConfig::none();
    runtime.block_on(client.get("production").retry(retry).into_future()).unwrap_err().to_string()
}

/// In the child, prints what becomes of clients of one kind. In the parent, this passes.
#[test]
fn child() {
    let Ok(kind) = std::env::var(CHILD) else { return };
    if let Some(base_url) = kind.strip_prefix("call ") {
        println!("{kind}: {}", call(base_url));
        return;
    }
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

/// What a proxy is told of a call, where the environment names the proxy like this. Nobody listens at the base URL.
#[cfg(feature = "rustls")]
fn told(base_url: &str, variables: &[(&str, &str)]) -> Option<String> {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let listening = std::thread::spawn(move || {
        let (mut stream, _) = proxy.accept().unwrap();
        let mut head = Vec::new();
        let mut buffer = [0; 1024];
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read(&mut buffer).unwrap() {
                0 => break,
                read => head.extend_from_slice(&buffer[..read]),
            }
        }
        String::from_utf8(head).unwrap()
    });
    let variables: Vec<_> = variables.iter().map(|&(name, value)| (name, value.replace("PROXY", &url))).collect();
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    run(&variables, &format!("call {base_url}"));
    // A connection that says nothing, if there was none.
    drop(std::net::TcpStream::connect(url.trim_start_matches("http://")));
    Some(listening.join().unwrap()).filter(|head| !head.is_empty())
}

#[cfg(feature = "rustls")]
const HTTPS: &str = "https://127.0.0.1:1/api/v1";

#[cfg(feature = "rustls")]
#[test]
fn the_environment_names_a_proxy_for_https_which_is_asked_for_a_tunnel_and_never_sees_the_key() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let head = told(HTTPS, &[(name, "PROXY")]).expect("a request for a tunnel");
        assert!(head.starts_with("CONNECT 127.0.0.1:1 "), "{name}: {head}");
        assert!(!head.contains(crate::KEY), "{name}: {head}");
    }
    // The one in capitals counts, and what names none leaves it to the one for all.
    assert_eq!(told(HTTPS, &[("HTTPS_PROXY", "http://127.0.0.1:1"), ("https_proxy", "PROXY")]), None);
    assert!(told(HTTPS, &[("HTTPS_PROXY", ""), ("ALL_PROXY", "PROXY")]).is_some());
}

#[cfg(feature = "rustls")]
#[test]
fn the_environment_also_says_where_no_proxy_is_used() {
    for (name, value) in
        [("NO_PROXY", "127.0.0.1"), ("no_proxy", "example.com, 127.0.0.0/8"), ("REQUEST_METHOD", "GET")]
    {
        assert_eq!(told(HTTPS, &[("HTTPS_PROXY", "PROXY"), (name, value)]), None, "{name}={value}");
    }
    // That is for addresses; names have rules of their own.
    for no_proxy in ["localhost", "*"] {
        let variables = [("HTTPS_PROXY", "PROXY"), ("NO_PROXY", no_proxy)];
        assert_eq!(told("https://localhost:1/api/v1", &variables), None, "{no_proxy}");
    }
    assert!(told(HTTPS, &[("HTTPS_PROXY", "PROXY"), ("NO_PROXY", "example.com")]).is_some());
    assert_eq!(told(HTTPS, &[("HTTP_PROXY", "PROXY")]), None);
}

#[cfg(feature = "rustls")]
#[test]
fn plain_http_goes_through_no_proxy_of_the_environment_although_it_is_allowed() {
    let variables = [("HTTP_PROXY", "PROXY"), ("ALL_PROXY", "PROXY"), ("http_proxy", "PROXY")];
    for base_url in ["http://127.0.0.1:1/api/v1", "http://0.0.0.0:1/api/v1"] {
        assert_eq!(told(base_url, &variables), None, "{base_url}");
    }
}
