//! What people do by mistake, and what is told about it.

use openrouter_sandbox::Sandbox;

use crate::support::{KEY, folder, orw, orw_at, run, server};

fn assert_usage(arguments: &[&str], expected: &str) {
    let (code, out, err) = run(&mut orw(arguments));
    assert_eq!((code, out.as_str()), (4, ""), "{arguments:?}: {err}");
    assert!(err.contains(expected), "{arguments:?}: {err}");
}

#[test]
fn numbers_are_refused_in_words_for_people() {
    for value in ["0", "-1", "many", "1.5", ""] {
        assert_usage(&["--sandbox", "list", &format!("--concurrency={value}")], "choose a whole number, from 1 on");
        assert_usage(&["--sandbox", "list", &format!("--timeout={value}")], "choose a whole number, from 1 on");
    }
    assert_usage(&["--sandbox", "list", "--retries=-1"], "choose a whole number, from 0 on");
    assert_usage(&["--sandbox", "budgets", "set", "default", "monthly", "$5"], "choose a number of US dollars");
    assert_usage(&["--sandbox", "budgets", "set", "default", "monthly", "-5"], "must be greater than 0, is -5");
    assert_usage(&["--sandbox", "budgets", "apply", "default", "--monthly", "-5"], "must be greater than 0, is -5");
}

#[test]
fn numbers_without_end_are_taken() {
    let most = u64::MAX.to_string();
    let (code, _, err) = run(&mut orw(&["--sandbox", "list", "--timeout", &most, "--concurrency", &most]));
    assert_eq!(code, 0, "{err}");
}

#[cfg(unix)]
#[test]
fn a_key_that_cannot_be_one_is_told_with_where_it_is_from() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::PermissionsExt;

    let folder = folder("no-keys");
    for (name, text) in [("empty", ""), ("lines", "sk-or-v1-one\nsk-or-v1-other\n")] {
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_usage(&["list", "--key-file", file.to_str().unwrap()], &format!("the key in {} must", file.display()));
    }
    let (code, _, err) = run(orw(&["list"]).env("OPENROUTER_API_KEY", OsStr::from_bytes(b"sk-or-v1-\xff")));
    assert!(code == 4 && err.contains("the key in OPENROUTER_API_KEY must"), "{err}");
    let manifest = folder.join("fleet.yaml");
    std::fs::write(&manifest, "workspaces: [{slug: team, name: '${TEAM}'}]").unwrap();
    let plan = ["--sandbox", "plan", "-f", manifest.to_str().unwrap()];
    let (code, _, err) = run(orw(&plan).env("TEAM", OsStr::from_bytes(b"\xff")));
    assert!(code == 4 && err.contains("the variable `TEAM` holds no text"), "{err}");
    let (code, _, err) = run(orw(&["list"]).env("ORW_PROFILE", OsStr::from_bytes(b"\xff")));
    assert!(code == 4 && err.contains("there is no profile"), "{err}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_told_and_whether_anything_was_sent_before_that() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let sandbox = server(Sandbox::builder());
    for (arguments, expected) in [
        (&["--help"][..], 4),
        (&["list"], 4),
        (&["create", "staging"], 3),
        (&["members", "add", "staging", "user_1"], 3),
        (&["budgets", "set", "staging", "monthly", "5"], 3),
        (&["budgets", "apply", "staging", "--weekly", "5", "--dry-run"], 4),
    ] {
        let output = orw_at(&sandbox, arguments).stdout(full()).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(expected), "{arguments:?}: {err}");
        assert!(err.contains("the output cannot be written"), "{arguments:?}: {err}");
        assert_eq!(err.contains("was sent before that"), expected == 3, "{arguments:?}: {err}");
    }
    assert_eq!(sandbox.members("staging").unwrap().len(), 1);
}

#[test]
fn users_of_whom_none_was_touched_are_not_listed() {
    let sandbox = server(Sandbox::builder());
    let (code, out, err) = run(&mut orw_at(&sandbox, &["members", "add", "nothing", "user_1", "user_2"]));
    assert_eq!((code, out.as_str()), (5, "0 added, 0 removed, 0 already so\n"), "{err}");
    // A program reads them all.
    let (_, out, _) = run(&mut orw_at(&sandbox, &["members", "add", "nothing", "user_1", "user_2", "-o", "ids"]));
    assert_eq!(out, "user_1\nuser_2\n");
    assert!(!out.contains(KEY));
}

#[test]
fn a_plan_that_was_made_is_not_pruned_further() {
    for more in [&["--prune"][..], &["--prune", "--prune-without-default"], &["-f", "fleet.yaml"]] {
        assert_usage(&[&["--sandbox", "apply", "--plan", "plan.json"], more].concat(), "cannot be used with");
    }
}

#[test]
fn a_file_may_begin_with_the_mark_that_editors_on_windows_put_there() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("team").unwrap();
    let folder = folder("byte-order-mark");
    let written = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, format!("\u{feff}{text}")).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let manifest = written("fleet.yaml", "workspaces: [{slug: team, description: new}]\r\n");
    let plan = folder.join("plan.json");
    assert_eq!(run(&mut orw_at(&sandbox, &["plan", "-f", &manifest, "--out", plan.to_str().unwrap()])).0, 0);
    let plan = written("plan.json", &std::fs::read_to_string(&plan).unwrap());
    let budgets = written("budgets.yaml", "monthly: 5\r\n");
    let users = written("users.txt", "user_1\r\n");
    let key = written("key", &format!("{KEY}\r\n"));
    #[cfg(unix)]
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    for arguments in [
        &["list", "--key-file", &key][..],
        &["apply", "--plan", &plan, "--yes"],
        &["budgets", "apply", "team", "--file", &budgets],
        &["members", "add", "team", "--file", &users],
    ] {
        let (code, _, err) = run(&mut orw_at(&sandbox, arguments));
        assert_eq!(code, 0, "{arguments:?}: {err}");
    }
}

#[test]
fn a_plan_of_nothing_does_not_say_how_the_account_is() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("empty-plan");
    let [manifest, plan] = ["fleet.yaml", "plan.json"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    std::fs::write(&manifest, "workspaces: [{slug: default, name: Default}]").unwrap();
    assert_eq!(run(&mut orw_at(&sandbox, &["plan", "-f", &manifest, "--out", &plan])).0, 0);
    assert_eq!(run(&mut orw_at(&sandbox, &["update", "default", "--name", "Moved"])).0, 0);
    let (code, out, err) = run(&mut orw_at(&sandbox, &["apply", "--plan", &plan, "--yes"]));
    assert_eq!((code, out.as_str()), (0, "nothing to do: the plan has no steps\n"), "{err}");
}

#[test]
fn a_dry_run_of_a_plan_that_was_made_is_refused_where_the_plan_would_be() {
    let sandbox = server(Sandbox::builder());
    let folder = folder("dry-run-of-a-plan");
    let [manifest, plan] = ["fleet.yaml", "plan.json"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    std::fs::write(&manifest, "workspaces: [{slug: default, name: New}]").unwrap();
    assert_eq!(run(&mut orw_at(&sandbox, &["plan", "-f", &manifest, "--out", &plan])).0, 0);
    let dry_run = ["apply", "--plan", &plan, "--dry-run"];
    let (code, out, err) = run(&mut orw_at(&sandbox, &dry_run));
    assert!(code == 0 && out.contains("~ name: \"Default\" -> \"New\""), "{out}{err}");
    assert_eq!(run(&mut orw_at(&sandbox, &["update", "default", "--name", "Moved"])).0, 0);
    let (code, out, err) = run(&mut orw_at(&sandbox, &dry_run));
    assert_eq!((code, out.as_str()), (5, ""), "{err}");
    assert!(err.contains("moved: default: name"), "{err}");
}

#[test]
fn what_programs_print_where_there_is_nothing_is_no_user() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("team").unwrap();
    assert_eq!(run(&mut orw_at(&sandbox, &["members", "add", "team", "user_1"])).0, 0);
    let file = folder("nothing").join("users.txt");
    for nothing in ["null", "~", "---"] {
        std::fs::write(&file, format!("{nothing}\n")).unwrap();
        let by_file = ["members", "sync", "team", "--yes", "--file", file.to_str().unwrap()];
        for arguments in [&by_file[..], &["members", "sync", "team", "--yes", "--", nothing]] {
            let (code, _, err) = run(&mut orw_at(&sandbox, arguments));
            assert_eq!(code, 4, "{arguments:?}: {err}");
        }
    }
    assert_eq!(sandbox.members("team").unwrap().len(), 1);
}

#[test]
fn a_user_who_joins_while_others_are_added_is_not_removed_unseen() {
    let sandbox = server(Sandbox::builder().organization_members(9));
    sandbox.create_workspace("team").unwrap();
    assert_eq!(run(&mut orw_at(&sandbox, &["members", "add", "team", "user_1"])).0, 0);
    sandbox
        .before("list_workspace_members", |account, number| {
            if number == 2 {
                account.add_member("team", "user_7").unwrap();
            }
        })
        .unwrap();
    // There is nobody to remove, so that there is no question.
    let (code, out, err) = run(&mut orw_at(&sandbox, &["members", "sync", "team", "user_1", "user_2"]));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("1 added, 0 removed"), "{out}");
    assert_eq!(sandbox.members("team").unwrap().len(), 3);
}

#[test]
fn an_error_of_arguments_says_in_json_what_is_missing_and_what_there_is() {
    for (arguments, expected) in [
        (&["plan"][..], "the following required arguments were not provided: --file <PATH>"),
        (&["get"], "the following required arguments were not provided: <WORKSPACE>"),
        (&["lst"], "unrecognized subcommand 'lst'; tip: a similar subcommand exists: 'list'"),
        (
            &["--color", "red", "list"],
            "invalid value 'red' for '--color <WHEN>' [possible values: auto, always, never]",
        ),
    ] {
        let (code, out, err) = run(&mut orw(&[arguments, &["-o", "json"]].concat()));
        assert_eq!((code, out.as_str()), (4, ""), "{arguments:?}: {err}");
        let error: serde_json::Value = serde_json::from_str(&err).unwrap();
        assert_eq!(error["error"]["message"], expected);
    }
}

#[test]
fn an_empty_list_of_members_in_whatever_form_removes_nobody() {
    let sandbox = server(Sandbox::builder());
    sandbox.create_workspace("team").unwrap();
    sandbox.create_workspace("empty").unwrap();
    assert_eq!(run(&mut orw_at(&sandbox, &["members", "add", "team", "user_1", "user_2"])).0, 0);
    let file = folder("no-members").join("users");
    for format in ["json", "yaml", "csv", "markdown", "table", "ids"] {
        let (code, list, _) = run(&mut orw_at(&sandbox, &["members", "list", "empty", "-o", format]));
        assert_eq!(code, 0);
        std::fs::write(&file, list).unwrap();
        let sync = ["members", "sync", "team", "--yes", "--file", file.to_str().unwrap()];
        let (code, out, err) = run(&mut orw_at(&sandbox, &sync));
        assert_eq!((code, out.as_str()), (4, ""), "{format}: {err}");
        assert_eq!(sandbox.members("team").unwrap().len(), 2, "{format}");
    }
}

#[test]
fn a_sandbox_is_kept_in_no_file_of_another_kind() {
    let file = folder("other-kind").join("production");
    assert_usage(&[&format!("--sandbox={}", file.display()), "list"], "choose a file that ends in .json");
    assert!(!file.exists());
}

#[test]
fn a_dry_run_shows_nothing_that_would_not_be_changed() {
    let sandbox = server(Sandbox::builder());
    let create = ["create", "team", "--disabled-server-tools", "openrouter:bash,openrouter:shell"];
    assert_eq!(run(&mut orw_at(&sandbox, &create)).0, 0);
    for arguments in [
        &["update", "team", "--io-logging-sampling-rate", "1"][..],
        &["update", "team", "--disabled-server-tools", "openrouter:shell,openrouter:bash"],
        &["budgets", "apply", "team", "--include-byok=false", "--allow-empty"],
    ] {
        let (code, out, err) = run(&mut orw_at(&sandbox, &[arguments, &["--dry-run"]].concat()));
        assert_eq!((code, out.as_str()), (0, "nothing to do\n"), "{arguments:?}: {err}");
    }
    assert_eq!(run(&mut orw_at(&sandbox, &["create", "other"])).0, 0);
    assert_eq!(run(&mut orw_at(&sandbox, &["budgets", "set", "other", "monthly", "10"])).0, 0);
    let (code, out, err) = run(&mut orw_at(&sandbox, &["budgets", "set", "other", "daily", "10", "--dry-run"]));
    assert!(code == 4 && out.is_empty() && err.contains("daily must be less than the monthly limit (10)"), "{err}");
    let (code, out, err) = run(&mut orw_at(&sandbox, &["budgets", "set", "other", "monthly", "9", "--dry-run"]));
    assert!(code == 0 && out.starts_with("~ monthly budget of other: 10 -> 9\n"), "{out}{err}");
    for arguments in [&["create", "team"][..], &["update", "other", "--slug", "team"]] {
        let (code, out, err) = run(&mut orw_at(&sandbox, &[arguments, &["--dry-run"]].concat()));
        assert!(code == 5 && out.is_empty() && err.contains("another workspace is called team"), "{out}{err}");
    }
    // What cannot be done is told before it is shown, with and without the option.
    let byok = ["budgets", "apply", "team", "--include-byok", "--allow-empty"];
    for arguments in [&byok[..], &[&byok[..], &["--dry-run"]].concat()] {
        let (code, out, err) = run(&mut orw_at(&sandbox, arguments));
        assert_eq!((code, out.as_str()), (4, ""), "{err}");
        assert!(err.contains("include_byok cannot be changed where there is no budget"), "{err}");
    }
}
