//! Progenitor's client, made into plain functions.

use super::{CONTRACT, changed};
use crate::codegen;
use crate::codegen::contract::Contract;
use crate::codegen::requests;

/// A function as progenitor generates it, with some of its text replaced.
fn generated(from: &str, to: &str) -> Result<String, String> {
    let function = r#"
        impl Client {
            pub async fn get_workspace<'a>(&'a self, id: &'a str) -> Result<ResponseValue<types::WorkspaceResponse>, Error<()>> {
                let url = format!("{}/workspaces/{}", self.baseurl, encode_path(&id.to_string()),);
                let mut header_map = HeaderMap::with_capacity(1usize);
                header_map.append(name, value);
                let mut request = self.client.get(url)
                    .header(::reqwest::header::ACCEPT, ::reqwest::header::HeaderValue::from_static("application/json"))
                    .query(&progenitor_client::QueryParam::new("limit", &limit))
                    .headers(header_map)
                    .build()?;
                let result = self.exec(request, &info).await;
            }
        }
    "#;
    assert!(function.contains(from), "{from}");
    let mut file: syn::File = syn::parse_str(&function.replacen(from, to, 1)).expect("it parses");
    let contract = Contract::parse(CONTRACT).expect("the contract is good");
    requests::plain(&mut file, &contract).map_err(|error| error.to_string())?;
    Ok(prettyplease::unparse(&file).split_whitespace().collect())
}

#[test]
fn what_sends_goes_and_what_builds_the_request_stays() {
    let plain = generated("", "").expect("this is how progenitor writes");
    for part in [
        r#"constPATH:&'staticstr="/workspaces/{id}";"#,
        r#"letpath=format!("/workspaces/{}",encode_path(&id.to_string()));"#,
        r#"RequestBuilder::new(base_url,::reqwest::Method::GET,&path).query("limit",limit).build()"#,
    ] {
        assert!(plain.contains(part), "no {part} in {plain}");
    }
    for part in ["async", "exec", "header_map", "progenitor"] {
        assert!(!plain.contains(part), "{part} is left in {plain}");
    }
}

#[test]
fn what_is_not_known_is_refused_with_the_function_that_has_it() {
    for (from, to, what) in [
        (".build()?", ".timeout(d).build()?", "a call of `timeout` in the function get_workspace"),
        ("let mut header_map", "let mut cookies", "an unknown statement in the function get_workspace"),
        ("self.baseurl", "self.other", "no URL in the function get_workspace"),
        (
            "QueryParam::new(\"limit\", &limit)",
            "Pairs(limit)",
            "an unknown query parameter in the function get_workspace",
        ),
        ("get_workspace", "get_thing", "a function get_thing without an operation in the contract"),
        ("impl Client {", "fn other() {} impl Client {", "the item `fn other () { }`"),
    ] {
        let error = generated(from, to).expect_err("this is not how progenitor writes");
        assert!(error.contains(&format!("progenitor generates {what}")), "{error}");
        assert!(error.contains("was its version changed?"), "{error}");
    }
}

#[test]
fn a_new_setting_has_its_setters_without_a_line_of_rust() {
    let field = "        is_paused:\n          type: boolean\n          description: Whether it is paused.\n";
    let client = |before: &str| {
        let yaml = changed(before, &format!("{before}{field}"));
        codegen::generate(&yaml).expect("the setting is good").split_whitespace().collect::<String>()
    };
    let update = "      description: The fields of a workspace to change.\n      properties:\n";
    let setter = "pubfnis_paused(mutself,value:bool)->Self{self.operation.body.is_paused=Some(value);self}";
    let client = client(update);
    assert_eq!(client.matches(setter).count(), 1);
    let link = r##""[`is_paused`](",$page,"#method.is_paused)""##;
    assert_eq!(client.matches(link).count(), 1, "the documentation of the request lists it");
}
