//! The generated client and the checked-in one are the same bytes, so the feature `codegen` changes only how long a
//! build takes.

const CHECKED_IN: &str = include_str!("../../openapi/client.rs");

#[test]
fn the_checked_in_client_says_how_to_change_it() {
    let head =
        "// Generated from openapi/workspaces.yaml. Do not edit: change the contract, then run `cargo xtask regen`.\n";
    assert!(CHECKED_IN.starts_with(head));
}

#[cfg(feature = "codegen")]
#[test]
fn the_generated_client_is_the_checked_in_one() {
    let generated = include_str!(concat!(env!("OUT_DIR"), "/client.rs"));
    let mut lines = generated.lines().zip(CHECKED_IN.lines()).enumerate();
    if let Some((index, (new, old))) = lines.find(|(_, (new, old))| new != old) {
        panic!("openapi/client.rs:{} is stale, run `cargo xtask regen`:\n-{old}\n+{new}", index + 1);
    }
    assert!(generated == CHECKED_IN, "openapi/client.rs is stale at its end, run `cargo xtask regen`");
}
