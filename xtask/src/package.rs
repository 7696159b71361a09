//! Packages what is published, and builds and tests each package from its tarball, without the repository around it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::members::{Package, Workspace, cargo, published, run};

/// What each package must contain.
const REQUIRED: [&str; 3] = ["LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// Packages all published members of the workspace at `root`, looks into the tarballs, and builds or tests what is in them.
pub fn check(root: &Path, command: &str) -> Result<String, String> {
    let workspace = published(root)?;
    let mut package = cargo(root);
    // The changes of a working copy are looked at, too; publishing itself refuses them.
    package.args(["package", "--no-verify", "--allow-dirty", "--locked"]);
    for member in &workspace.packages {
        package.args(["--package", &member.name]);
    }
    run(&mut package)?;

    let place = workspace.target_directory.join("package-check");
    unpack(root, &workspace, &place).map_err(|e| format!("the tarballs cannot be unpacked: {e}"))?;
    let faults = faults(&workspace, &place)?;
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    for member in &workspace.packages {
        println!("== {command} {} from its tarball", member.folder());
        // A target directory that is shared: what does not come from here is built once.
        let target = workspace.target_directory.as_os_str();
        run(cargo(&place).env("CARGO_TARGET_DIR", target).args([command, "--package", &member.name]))?;
    }
    Ok(format!("{} packages {command} from their tarballs", workspace.packages.len()))
}

/// Lays the tarballs side by side, as a workspace in which each finds the others, with the versions that the repository
/// has tested.
fn unpack(root: &Path, workspace: &Workspace, place: &Path) -> Result<(), String> {
    let told = |e: std::io::Error| e.to_string();
    if place.exists() {
        fs::remove_dir_all(place).map_err(told)?;
    }
    fs::create_dir_all(place).map_err(told)?;
    for member in &workspace.packages {
        let tarball = workspace.target_directory.join("package").join(format!("{}.crate", member.folder()));
        run(Command::new("tar").arg("-xzf").arg(tarball).current_dir(place))?;
        let manifest = place.join(member.folder()).join("Cargo.toml");
        let content = fs::read_to_string(&manifest).map_err(told)?;
        fs::write(&manifest, content + &restored(member, &workspace.packages)).map_err(told)?;
    }
    fs::write(place.join("Cargo.toml"), workspace_manifest(&workspace.packages)).map_err(told)?;
    fs::copy(root.join("Cargo.lock"), place.join("Cargo.lock")).map_err(told)?;
    Ok(())
}

/// The tables of a manifest that name what its tests need and cargo has left out, because it is published later.
fn restored(member: &Package, packages: &[Package]) -> String {
    let mut tables = String::new();
    for dependency in member.unpublished_dependencies() {
        if let Some(package) = packages.iter().find(|package| package.name == dependency.name) {
            let _ = write!(
                tables,
                "\n[dev-dependencies.{}]\npath = \"../{}\"\ndefault-features = {}\nfeatures = {:?}\n",
                dependency.name,
                package.folder(),
                dependency.uses_default_features,
                dependency.features
            );
        }
    }
    tables
}

/// The manifest of a workspace of unpacked tarballs.
fn workspace_manifest(packages: &[Package]) -> String {
    let folders: Vec<_> = packages.iter().map(Package::folder).collect();
    let mut manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {folders:?}\n\n[patch.crates-io]\n");
    for package in packages {
        let _ = writeln!(manifest, "{} = {{ path = \"{}\" }}", package.name, package.folder());
    }
    manifest
}

/// What is wrong with the packages, a line each.
fn faults(workspace: &Workspace, place: &Path) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    for member in &workspace.packages {
        let folder = place.join(member.folder());
        let mut found = manifest_faults(member);
        found.extend(
            REQUIRED
                .iter()
                .filter(|file| !folder.join(file).is_file())
                .map(|file| format!("{file} is not in the package")),
        );
        for path in files(&folder).map_err(|e| format!("{} cannot be read: {e}", folder.display()))? {
            let Ok(content) = fs::read_to_string(folder.join(&path)) else { continue };
            if path.ends_with(".md") {
                let links = relative_links(&content);
                found.extend(
                    links.map(|link| format!("{path} links to {link}, which leads nowhere on crates.io and docs.rs")),
                );
            }
            if path.starts_with("examples/") {
                let others = member.unpublished_dependencies().filter(|other| other.name != member.name);
                let needed = others.filter(|other| content.contains(&other.name.replace('-', "_")));
                found.extend(
                    needed.map(|other| format!("{path} needs {}, which the published manifest lacks", other.name)),
                );
            }
        }
        faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", member.name)));
    }
    Ok(faults)
}

/// What crates.io and docs.rs would miss in a manifest.
fn manifest_faults(member: &Package) -> Vec<String> {
    let missing = [
        ("description", member.description.is_none()),
        ("documentation", member.documentation.is_none()),
        ("license", member.license.is_none()),
        ("keywords", member.keywords.is_empty()),
        ("categories", member.categories.is_empty()),
    ];
    missing.iter().filter(|(_, missing)| *missing).map(|(field, _)| format!("its manifest has no {field}")).collect()
}

/// The paths of all files below a folder, with `/` between their segments.
fn files(folder: &Path) -> std::io::Result<Vec<String>> {
    let (mut files, mut folders) = (Vec::new(), vec![String::new()]);
    while let Some(prefix) = folders.pop() {
        for entry in fs::read_dir(folder.join(&prefix))? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() { folders.push(path + "/") } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

/// The targets of Markdown's links that lead to another file beside this one.
fn relative_links(markdown: &str) -> impl Iterator<Item = &str> {
    let targets = markdown.split("](").skip(1).filter_map(|rest| rest.split([')', ' ', '\n']).next());
    targets.filter(|target| {
        let elsewhere = ["http://", "https://", "mailto:", "#"].iter().any(|start| target.starts_with(start));
        // Items of the documentation, such as `crate::Client`, are links for rustdoc.
        !elsewhere && !target.contains("::") && !target.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_are_found_and_others_are_not() {
        let text = "[a](docs/a.md) [b](https://b.example) [c](#c) ![d](d.png) [`e`](crate::E) [f](../f.rs#L1)";
        assert_eq!(relative_links(text).collect::<Vec<_>>(), ["docs/a.md", "d.png", "../f.rs#L1"]);
    }

    #[test]
    fn what_a_manifest_lacks_is_named() {
        let member: Package = serde_json::from_str(MEMBER).expect("what cargo tells");
        let faults = manifest_faults(&member);
        assert_eq!(faults, ["its manifest has no documentation", "its manifest has no keywords"]);
    }

    #[test]
    fn only_test_dependencies_without_a_version_are_restored() {
        let member: Package = serde_json::from_str(MEMBER).expect("what cargo tells");
        let tables = restored(&member, std::slice::from_ref(&member));
        assert_eq!(
            tables,
            "\n[dev-dependencies.one]\npath = \"../one-0.1.0\"\ndefault-features = false\nfeatures = [\"a\", \"b\"]\n"
        );
    }

    const MEMBER: &str = r#"{
        "name": "one", "version": "0.1.0", "description": "One", "documentation": null, "license": "MIT",
        "keywords": [], "categories": ["api-bindings"], "publish": null, "targets": [{"kind": ["lib"]}],
        "dependencies": [
            {"name": "one", "features": ["a", "b"], "uses_default_features": false, "kind": "dev", "path": "/x", "req": "*"},
            {"name": "two", "features": [], "uses_default_features": true, "kind": "dev", "path": "/y", "req": "^0.1.0"},
            {"name": "three", "features": [], "uses_default_features": true, "kind": "dev", "path": null, "req": "^1"},
            {"name": "four", "features": [], "uses_default_features": true, "kind": null, "path": "/z", "req": "^0.1.0"}
        ]
    }"#;
}
