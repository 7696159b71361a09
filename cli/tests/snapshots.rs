//! What the commands print, word for word, with their exit codes: in a wide and in a narrow terminal.
//!
//! `TRYCMD=overwrite cargo test -p openrouter-workspaces-cli --test snapshots` writes them anew.

use trycmd::TestCases;

/// The same environment everywhere: no key, no configuration, and a sandbox that always answers the same.
fn cases(columns: &str) -> TestCases {
    let cases = TestCases::new();
    cases.register_bin("orw", trycmd::cargo::cargo_bin!("orw"));
    let environment = [
        ("COLUMNS", columns),
        ("ORW_SANDBOX_SEED", "7"),
        ("XDG_CONFIG_HOME", "/nonexistent"),
        ("OPENROUTER_API_KEY", ""),
        ("OPENROUTER_MANAGEMENT_KEY", ""),
        ("OPENROUTER_BASE_URL", ""),
    ];
    for (name, value) in environment {
        cases.env(name, value);
    }
    cases
}

#[test]
fn output_in_a_wide_terminal() {
    cases("100").case("tests/cmd/*.trycmd");
}

#[test]
fn output_in_a_narrow_terminal() {
    cases("44").case("tests/cmd_narrow/*.trycmd");
}

#[test]
fn the_session_in_the_guide() {
    cases("100").case("../fleet/src/guide/session.md");
}
