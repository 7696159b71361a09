//! A listing of each library's public API, checked in, so that a change of it is seen and reviewed.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::members::{Package, Workspace, cargo, published, run};

/// Where the listings are, below the root.
const FOLDER: &str = "xtask/api";

/// Set where this program stands in for rustdoc; its value is the real one.
const RUSTDOC: &str = "XTASK_RUSTDOC";

/// Writes the listings of all published libraries.
pub fn write(root: &Path) -> Result<String, String> {
    let folder = root.join(FOLDER);
    fs::create_dir_all(&folder).map_err(|e| format!("{FOLDER} cannot be made: {e}"))?;
    let mut report = Vec::new();
    for (file, listing) in listings(root)? {
        fs::write(folder.join(&file), &listing).map_err(|e| format!("{FOLDER}/{file} cannot be written: {e}"))?;
        report.push(format!("{FOLDER}/{file}: {} items", listing.lines().count()));
    }
    Ok(report.join("\n"))
}

/// Compares the listings with what is checked in: an error names each item that has come or gone. Changes nothing.
pub fn check(root: &Path) -> Result<String, String> {
    let mut report = String::new();
    for (file, listing) in listings(root)? {
        let recorded = match fs::read_to_string(root.join(FOLDER).join(&file)) {
            Ok(recorded) => recorded,
            Err(e) if e.kind() == ErrorKind::NotFound => String::new(),
            Err(e) => return Err(format!("{FOLDER}/{file} cannot be read: {e}")),
        };
        report += &difference(&file, &recorded, &listing);
    }
    if report.is_empty() {
        return Ok(format!("the public API is that of {FOLDER}"));
    }
    Err(format!(
        "{report}The public API has changed. If that is meant: `cargo xtask api`, commit it, and say so in the changelog"
    ))
}

/// The file name and the listing of each published library.
fn listings(root: &Path) -> Result<Vec<(String, String)>, String> {
    let workspace = published(root)?;
    let libraries = workspace.packages.iter().filter(|package| package.has_library());
    libraries.map(|package| Ok((format!("{}.txt", package.name), listing(root, &workspace, package)?))).collect()
}

/// One line for each public item, with all features. What every type has without anybody writing it is left out.
fn listing(root: &Path, workspace: &Workspace, package: &Package) -> Result<String, String> {
    let this = env::current_exe().map_err(|e| format!("this program cannot be found: {e}"))?;
    let real = env::var_os("RUSTDOC").unwrap_or("rustdoc".into());
    let mut rustdoc = cargo(root);
    rustdoc.env("RUSTDOC", this).env(RUSTDOC, real).env_remove("RUSTDOCFLAGS");
    rustdoc.args(["rustdoc", "--quiet", "--locked", "--lib", "--all-features", "--package", &package.name]);
    run(rustdoc.args(["--", "-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow"]))?;

    let json = workspace.target_directory.join("doc").join(format!("{}.json", package.name.replace('-', "_")));
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .map_err(|e| format!("the version of public-api that xtask has cannot read what this rustdoc writes: {e}"))?;
    Ok(api.items().fold(String::new(), |mut listing, item| {
        let _ = writeln!(listing, "{item}");
        listing
    }))
}

/// What has come and gone, a line each.
fn difference(file: &str, recorded: &str, listing: &str) -> String {
    let gone = recorded.lines().filter(|line| !listing.lines().any(|other| other == *line)).map(|line| ('-', line));
    let come = listing.lines().filter(|line| !recorded.lines().any(|other| other == *line)).map(|line| ('+', line));
    gone.chain(come).fold(String::new(), |mut lines, (sign, line)| {
        let _ = writeln!(lines, "{file}: {sign} {line}");
        lines
    })
}

/// Whether this program was started by cargo in place of rustdoc.
pub fn is_rustdoc() -> bool {
    env::var_os(RUSTDOC).is_some()
}

/// Runs rustdoc, which writes JSON only where unstable features are allowed. Were that said to cargo as a whole, it would
/// build all dependencies once more.
pub fn rustdoc(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let real = env::var_os(RUSTDOC).unwrap_or_else(|| OsStr::new("rustdoc").to_owned());
    match run(Command::new(real).args(arguments).env("RUSTC_BOOTSTRAP", "1")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_come_and_gone_is_told() {
        let report = difference("a.txt", "pub fn a()\npub fn b()\n", "pub fn b()\npub fn c()\n");
        assert_eq!(report, "a.txt: - pub fn a()\na.txt: + pub fn c()\n");
    }

    #[test]
    fn the_same_listing_is_no_difference() {
        assert_eq!(difference("a.txt", "pub fn a()\n", "pub fn a()\n"), "");
    }
}
