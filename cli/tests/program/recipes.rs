//! The recipes of the guide, from top to bottom, in a sandbox.

use std::fs;
use std::process::Command;

use crate::support::{folder, repository};

/// The files and the scripts of the page, in its order. A file says its name in its first line.
fn blocks(page: &str) -> impl Iterator<Item = (&str, &str)> {
    page.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'))
}

#[test]
fn every_recipe_runs() {
    let page = fs::read_to_string(repository().join("fleet/src/guide/recipes.md")).unwrap();
    let folder = folder("recipes");
    let mut scripts = 0;
    for (fence, text) in blocks(&page) {
        match fence {
            "yaml" => {
                let name = text.lines().next().and_then(|line| line.strip_prefix("# ")).expect("a file has a name");
                let file = folder.join(name);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            }
            "sh" => {
                scripts += 1;
                let script =
                    format!("orw() {{ '{}' --sandbox account.json \"$@\"; }}\n{text}", env!("CARGO_BIN_EXE_orw"));
                let mut shell = Command::new("sh");
                shell.args(["-euc", &script]).current_dir(&folder).env("XDG_CONFIG_HOME", "/nonexistent");
                let output = shell.output().unwrap();
                let told = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
                assert!(output.status.success(), "{text}\n{}", told.join("\n"));
            }
            _ => {}
        }
    }
    assert!(scripts > 10, "{scripts}");
}
