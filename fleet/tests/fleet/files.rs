//! Which files a manifest is read from.

use std::fs;
use std::path::{Path, PathBuf};

use openrouter_workspaces_fleet::{Manifest, Source};

/// A folder of a test, which is deleted with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("openrouter-fleet-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The names of the files that are read, or what is wrong, each without the folder.
    fn read(&self, names: &[&str]) -> Vec<String> {
        let start = format!("{}/", self.0.display());
        let paths: Vec<PathBuf> = names.iter().map(|name| Path::new(&start).join(name)).collect();
        match Source::read(paths) {
            Ok(sources) => sources.iter().map(|source| source.name.replace(&start, "")).collect(),
            Err(errors) => errors.iter().map(|error| format!("error: {error}").replace(&start, "")).collect(),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_and_folders_merge_and_a_slug_twice_names_both() {
    let folder = Folder::new("merge");
    let write = |name: &str, text: &str| folder.write(name, text);
    write("b.yml", "defaults: {default_provider_sort: price}\nworkspaces: [{slug: b}]");
    write("a.json", r#"{"defaults": {"default_provider_sort": "price"}, "workspaces": [{"slug": "a"}]}"#);
    write("notes.txt", "no manifest");
    let merged = Manifest::load([&folder.0]);
    write("c.yaml", "defaults: {default_provider_sort: latency}\nworkspaces: [{slug: a}]");
    let collision = Manifest::load([&folder.0]);
    let absent = Manifest::load([folder.0.join("absent.yaml")]);

    let slugs: Vec<String> = merged.unwrap().workspaces.into_iter().map(|entry| entry.slug).collect();
    assert_eq!(slugs, ["a", "b"]);
    let found = collision.unwrap_err().to_string().replace(&format!("{}/", folder.0.display()), "");
    assert_eq!(
        found,
        "c.yaml:1:12: defaults.default_provider_sort: has another value at a.json:1:15: a default is the same in all files\n\
         c.yaml:2:15: a.slug: is the slug of another workspace of the manifest; the other one is at a.json:1:66"
    );
    assert_eq!(Manifest::load([""; 0]).unwrap_err().to_string(), "no file and no folder was named");
    assert!(absent.unwrap_err().to_string().contains("absent.yaml: cannot be read: "));
}

#[test]
fn a_default_may_be_said_twice_however_its_value_is_written() {
    let folder = Folder::new("defaults-twice");
    folder.write(
        "a.yaml",
        "defaults: {io_logging_sampling_rate: 1, disabled_server_tools: ['openrouter:bash', 'openrouter:shell']}",
    );
    folder.write(
        "b.yaml",
        "defaults: {io_logging_sampling_rate: 1.0, disabled_server_tools: ['openrouter:shell', 'openrouter:bash']}",
    );
    let merged = Manifest::load([&folder.0]).unwrap();
    assert_eq!(merged.defaults.io_logging_sampling_rate, Some(1.0));
    folder.write("c.yaml", "defaults: {io_logging_sampling_rate: 0.5, disabled_server_tools: ['openrouter:bash']}");
    let found = Manifest::load([&folder.0]).unwrap_err().to_string();
    assert_eq!(found.lines().filter(|line| line.contains("has another value at")).count(), 2, "{found}");
}

#[test]
fn what_is_named_twice_is_read_once() {
    let folder = Folder::new("twice");
    folder.write("a.yaml", "workspaces: [{slug: a}]");
    folder.write("b.yaml", "workspaces: [{slug: b}]");
    assert_eq!(folder.read(&["b.yaml", "b.yaml"]), ["b.yaml"]);
    assert_eq!(folder.read(&["b.yaml", "", "a.yaml"]), ["b.yaml", "a.yaml"]);
    assert_eq!(folder.read(&["", "./", "./b.yaml"]), ["a.yaml", "b.yaml"]);
    let paths = [folder.0.join("a.yaml"), folder.0.clone()];
    assert_eq!(Manifest::load(paths).unwrap().workspaces.len(), 2);
}

#[cfg(unix)]
#[test]
fn a_link_is_the_file_that_it_leads_to_and_one_to_the_folder_itself_ends() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new("links");
    folder.write("a.yaml", "workspaces: [{slug: a}]");
    symlink("a.yaml", folder.0.join("b.yaml")).unwrap();
    assert_eq!(folder.read(&[""]), ["a.yaml"]);
    symlink(".", folder.0.join("itself")).unwrap();
    assert_eq!(folder.read(&["", "itself"]), ["a.yaml"]);
    symlink("loop", folder.0.join("loop")).unwrap();
    assert_eq!(folder.read(&[""]), ["a.yaml"]);
    symlink("nowhere", folder.0.join(".#a.yaml")).unwrap();
    assert_eq!(folder.read(&[""]), ["a.yaml"]);
    symlink("loop", folder.0.join("c.yaml")).unwrap();
    let errors = folder.read(&[""]);
    assert!(errors.len() == 1 && errors[0].starts_with("error: c.yaml: cannot be read: "), "{errors:?}");
}

#[test]
fn what_editors_leave_in_a_folder_is_not_read() {
    let folder = Folder::new("editors");
    for name in [".#x.yaml", ".x.yaml.swp", "x.yaml~", "#x.yaml#", ".x.yaml", "x.yaml.bak", "4913", ".git/x.yaml"] {
        folder.write(name, "not: [a manifest");
    }
    let none = folder.read(&[""]);
    assert!(none[0].ends_with(": the folder has no file that ends in .yaml, .yml, .json"), "{none:?}");
    folder.write("x.YAML", "workspaces: []");
    assert_eq!(folder.read(&[""]), ["x.YAML"]);
    assert_eq!(folder.read(&[".x.yaml"]), [".x.yaml"]);
}

#[test]
fn a_folder_in_a_folder_is_an_error_unless_it_is_named_as_well() {
    let folder = Folder::new("nested");
    folder.write("a.yaml", "");
    folder.write("teams/b.yaml", "");
    folder.write("more.yaml/c.yaml", "");
    let rule = "is in a folder that is read, and is not read with it: name this folder, too, or name files";
    assert_eq!(folder.read(&[""]), [format!("error: more.yaml: {rule}"), format!("error: teams: {rule}")]);
    assert_eq!(folder.read(&["", "teams"]), [format!("error: more.yaml: {rule}")]);
    assert_eq!(folder.read(&["teams", "", "more.yaml"]), ["teams/b.yaml", "a.yaml", "more.yaml/c.yaml"]);
    assert_eq!(folder.read(&["a.yaml", "teams"]), ["a.yaml", "teams/b.yaml"]);
}

#[test]
fn a_file_that_cannot_be_read_hides_no_error_of_the_others() {
    let folder = Folder::new("hidden-errors");
    fs::write(folder.0.join("a.yaml"), b"workspaces: [{slug: \xff}]").unwrap();
    folder.write("b.yaml", "workspaces: [{slug: b, nmae: B}]");
    let start = format!("{}/", folder.0.display());
    let told = |manifest: Result<Manifest, openrouter_workspaces_fleet::ManifestErrors>| -> Vec<String> {
        manifest.unwrap_err().iter().map(|error| error.to_string().replace(&start, "")).collect()
    };
    let unreadable = "a.yaml: cannot be read: stream did not contain valid UTF-8";
    let misspelt = "b.yaml:1:24: b: there is no field `nmae`; did you mean `name`?";
    assert_eq!(told(Manifest::load([&folder.0])), [unreadable, misspelt]);
    let stdin = Source { name: "<stdin>".to_owned(), text: "workspaces: [{slug: B}]".to_owned() };
    let errors = told(Manifest::load_with([stdin], [&folder.0]));
    assert!(errors.iter().any(|error| error.starts_with("<stdin>:1:15: B.slug: must be")), "{errors:?}");
    assert!(errors.len() == 3 && errors.iter().any(|error| error == unreadable), "{errors:?}");
}
