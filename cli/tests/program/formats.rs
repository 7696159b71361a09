//! Formats that a command does not have, and what is printed where there is nothing.

use openrouter_sandbox::Sandbox;

use crate::support::{folder, orw, orw_at, run, server};

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

#[test]
fn a_plan_of_nothing_says_so_in_markdown() {
    let manifest = folder("nothing").join("fleet.yaml");
    std::fs::write(&manifest, "workspaces: [{slug: default}]").unwrap();
    let manifest = manifest.to_str().unwrap();
    for arguments in [
        &["plan", "-f", manifest][..],
        &["apply", "-f", manifest],
        &["apply", "-f", manifest, "--dry-run"],
        &["update", "default", "--slug", "default", "--dry-run"],
    ] {
        let (code, out, err) = run(&mut orw(&[&["--sandbox"], arguments, &["-o", "markdown"]].concat()));
        assert_eq!((code, out.as_str(), err.as_str()), (0, "Nothing to do.\n", ""), "{arguments:?}");
    }
}

#[test]
fn no_line_of_a_table_is_wider_than_the_terminal() {
    for columns in 1..30 {
        let (code, out, _) = run(orw(&["--sandbox", "list"]).env("COLUMNS", columns.to_string()));
        let table = out.split("\n\n").next().unwrap();
        let widest = table.lines().map(|line| line.chars().count()).max();
        assert!(code == 0 && widest <= Some(columns), "{columns}: {out}");
    }
}

#[test]
fn a_plan_shows_all_who_are_removed_however_narrow_the_terminal_is() {
    let sandbox = server(Sandbox::builder().organization_members(60));
    sandbox.create_workspace("team").unwrap();
    let users: Vec<String> = (1..=60).map(|number| format!("user_{number}")).collect();
    let add: Vec<&str> = ["members", "add", "team"].into_iter().chain(users.iter().map(String::as_str)).collect();
    assert_eq!(run(&mut orw_at(&sandbox, &add)).0, 0);
    let manifest = folder("removed").join("fleet.yaml");
    std::fs::write(&manifest, "workspaces: [{slug: team, members: [user_1]}]").unwrap();
    let plan = ["plan", "-f", manifest.to_str().unwrap()];
    let (_, out, _) = run(orw_at(&sandbox, &plan).env("COLUMNS", "40"));
    assert!(users.iter().skip(1).all(|user| out.contains(user)), "{out}");
}

#[test]
fn a_plan_shows_the_whole_slug_of_what_is_deleted() {
    let sandbox = server(Sandbox::builder());
    let slugs = ["production", "staging"].map(|end| format!("the-research-department-in-amsterdam-{end}"));
    slugs.iter().for_each(|slug| drop(sandbox.create_workspace(slug).unwrap()));
    let manifest = folder("deleted").join("fleet.yaml");
    std::fs::write(&manifest, format!("workspaces: [{{slug: {}}}]", slugs[0])).unwrap();
    let plan = ["plan", "--prune", "-f", manifest.to_str().unwrap()];
    let (_, out, _) = run(orw_at(&sandbox, &plan).env("COLUMNS", "30"));
    assert!(out.contains(&format!("- {}", slugs[1])), "{out}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_no_file_for_a_sandbox() {
    let link = folder("dangling").join("demo.json");
    std::os::unix::fs::symlink("nowhere.json", &link).unwrap();
    let link = link.to_str().unwrap();
    for arguments in [&["--sandbox", link, "create", "staging"][..], &["sandbox", "--port", "0", "--state", link]] {
        let (code, out, err) = run(&mut orw(arguments));
        assert_eq!((code, out.as_str()), (4, ""));
        assert!(err.contains("it is a link to a file that is not there"), "{err}");
        assert!(std::fs::symlink_metadata(link).unwrap().is_symlink());
    }
}

#[test]
fn csv_has_what_the_api_says_with_what_would_be_a_colour_in_it() {
    let sandbox = server(Sandbox::builder());
    let description = "a\u{1b}[31mb\u{9b}0mc";
    assert_eq!(run(&mut orw_at(&sandbox, &["create", "team", "--description", description])).0, 0);
    for color in ["auto", "never", "always"] {
        let (_, out, _) = run(&mut orw_at(&sandbox, &["get", "team", "-o", "csv", "--color", color]));
        assert!(out.contains(description), "{color}: {out:?}");
    }
}
