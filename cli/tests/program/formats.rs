//! Formats that a command does not have.

use openrouter_sandbox::Sandbox;

use crate::support::{orw, orw_at, run, server};

#[test]
fn a_format_that_a_command_does_not_have_is_wrong_usage_and_nothing_is_sent() {
    let sandbox = server(Sandbox::builder());
    for (arguments, formats, hint) in [
        (&["export"][..], &["csv", "ids", "markdown"][..], "table, yaml, json"),
        (&["schema"], &["csv", "ids", "markdown", "yaml"], "table, json"),
        (&["completions", "bash"], &["csv", "ids", "markdown", "yaml", "json"], "leave --output out"),
        (&["man"], &["csv", "ids", "markdown", "yaml", "json"], "leave --output out"),
        (&["sandbox", "--port", "0"], &["csv", "ids", "markdown", "yaml", "json"], "leave --output out"),
    ] {
        for format in formats {
            let (code, out, err) = run(&mut orw_at(&sandbox, &[arguments, &["-o", format]].concat()));
            assert_eq!((code, out.as_str()), (4, ""), "{arguments:?} {format}: {err}");
            assert!(err.contains(format) && err.contains(hint), "{arguments:?} {format}: {err}");
        }
    }
    assert!(sandbox.journal().is_empty());
}

#[test]
fn the_formats_that_a_command_has_are_taken() {
    for arguments in
        [&["export", "-o", "table"][..], &["export", "-o", "yaml"], &["schema", "-o", "json"], &["man", "-o", "table"]]
    {
        let (code, out, err) = run(&mut orw(&[&["--sandbox"], arguments].concat()));
        assert!(code == 0 && !out.is_empty(), "{arguments:?}: {err}");
    }
    assert!(run(&mut orw(&["--sandbox", "export", "-o", "json"])).1.starts_with('{'));
}
