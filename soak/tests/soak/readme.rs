//! The table of promises names checks and tests that there are.

use std::fs;
use std::path::Path;

use soak::{Promise, Rule, fleets, kills, walks};

#[test]
fn every_check_and_every_test_of_the_table_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("soak/README.md")).expect("the README");
    let rows: Vec<Vec<&str>> =
        readme.lines().filter(|line| line.starts_with("| ")).map(|l| l.split('|').collect()).collect();
    assert!(rows.len() > 20, "there is a table");
    let mut known: Vec<String> = Promise::ALL.iter().map(|(promise, _)| format!("{promise:?}")).collect();
    known.extend(walks::Rule::NAMES.iter().map(|(rule, _)| format!("{rule:?}")));
    known.extend(fleets::Rule::NAMES.iter().map(|(rule, _)| format!("{rule:?}")));
    known.extend(kills::Rule::NAMES.iter().map(|(rule, _)| format!("{rule:?}")));
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    for row in rows.iter().filter(|row| row.len() == 5 && row[1].trim() != "promise") {
        let (checks, tests) = (quoted(row[2]), quoted(row[3]));
        let heading = row[1].trim().starts_with("**");
        assert!(heading || !checks.is_empty() || !tests.is_empty(), "{} is not checked", row[1]);
        for check in checks {
            assert!(known.contains(&check), "there is no check {check}");
        }
        for test in tests {
            let (file, name) = test.split_once("::").expect("a file and a name");
            let text = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert!(text.contains(&format!("fn {name}(")), "{file} has no test {name}");
        }
    }
}
