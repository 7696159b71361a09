//! The files of a manifest, and those of folders.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::manifest::Source;
use crate::manifest::errors::{ManifestError, Place};

/// What the files of a manifest end in.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// The texts of files, and of those in folders, in their order, each once; and what cannot be read.
pub(super) fn sources(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> (Vec<Source>, Vec<ManifestError>) {
    let paths: Vec<PathBuf> = paths.into_iter().map(|path| path.as_ref().to_owned()).collect();
    let named = paths.iter().map(|path| identity(path)).collect();
    let mut files = Files { named, read: HashSet::new(), sources: Vec::new(), errors: Vec::new() };
    for path in &paths {
        match path.is_dir() {
            true => files.folder(path),
            false => files.file(path),
        }
    }
    (files.sources, files.errors)
}

/// Said where there is nothing to read: an empty manifest by mistake would be one that all workspaces may be pruned by.
pub(super) fn nothing_named() -> ManifestError {
    ManifestError { place: None, path: String::new(), message: "no file and no folder was named".to_owned() }
}

struct Files {
    /// All that was named.
    named: HashSet<PathBuf>,
    /// What was read by now.
    read: HashSet<PathBuf>,
    sources: Vec<Source>,
    errors: Vec<ManifestError>,
}

impl Files {
    fn file(&mut self, path: &Path) {
        if !self.read.insert(identity(path)) {
            return;
        }
        match fs::read_to_string(path) {
            Ok(text) => self.sources.push(Source { name: path.display().to_string(), text }),
            Err(error) => self.unreadable(path, &error),
        }
    }

    fn folder(&mut self, path: &Path) {
        if !self.read.insert(identity(path)) {
            return;
        }
        let mut entries = match entries(path) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(path, &error),
        };
        entries.retain(|entry| !is_hidden(entry) && (entry.is_dir() || is_manifest(entry)));
        if entries.is_empty() {
            self.fail(path, format!("the folder has no file that ends in .{}", EXTENSIONS.join(", .")));
        }
        for entry in entries {
            if !entry.is_dir() {
                self.file(&entry);
            } else if !self.named.contains(&identity(&entry)) {
                // Left out without a word, what it has would be deleted where others are pruned.
                let message =
                    "is in a folder that is read, and is not read with it: name this folder, too, or name files";
                self.fail(&entry, message.to_owned());
            }
        }
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        self.fail(path, format!("cannot be read: {error}"));
    }

    fn fail(&mut self, path: &Path, message: String) {
        let place = Place { file: path.display().to_string(), line: 0, column: 0 };
        self.errors.push(ManifestError { place: Some(place), path: String::new(), message });
    }
}

/// What is the same for all names of a file or a folder. One that has no other name, such as a pipe, is known by its own.
fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    entries.sort();
    Ok(entries)
}

/// As the locks and drafts of editors are, which end in the same as what they are of.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension)))
}
