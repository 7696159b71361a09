//! From files to a manifest.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::manifest::check::check;
use crate::manifest::errors::{ManifestError, ManifestErrors, Place};
use crate::manifest::read::Reader;
use crate::manifest::variables::substitute;
use crate::manifest::{Manifest, Source, yaml};

/// What the files of a manifest end in.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// The texts of files, and of those in folders, in their order.
pub(super) fn sources(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Vec<Source>, ManifestErrors> {
    let (mut sources, mut errors) = (Vec::new(), Vec::new());
    for path in paths {
        let path = path.as_ref();
        let files = match path.is_dir() {
            true => files_of(path),
            false => Ok(vec![path.to_owned()]),
        };
        match files {
            Ok(files) if files.is_empty() => {
                errors.push(of_file(path, format!("the folder has no file that ends in .{}", EXTENSIONS.join(", ."))));
            }
            Ok(files) => {
                for file in files {
                    match fs::read_to_string(&file) {
                        Ok(text) => sources.push(Source { name: file.display().to_string(), text }),
                        Err(error) => errors.push(of_file(&file, format!("cannot be read: {error}"))),
                    }
                }
            }
            Err(error) => errors.push(of_file(path, format!("cannot be read: {error}"))),
        }
    }
    if sources.is_empty() && errors.is_empty() {
        // An empty manifest by mistake would be one that all workspaces may be pruned by.
        let message = "no file and no folder was named".to_owned();
        errors.push(ManifestError { place: None, path: String::new(), message });
    }
    if errors.is_empty() { Ok(sources) } else { Err(ManifestErrors::new(errors)) }
}

fn files_of(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|extension| EXTENSIONS.contains(&extension)) && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn of_file(file: &Path, message: String) -> ManifestError {
    let place = Place { file: file.display().to_string(), line: 0, column: 0 };
    ManifestError { place: Some(place), path: String::new(), message }
}

/// Reads and merges texts, and checks the whole.
pub(super) fn manifest(
    sources: impl IntoIterator<Item = Source>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Manifest, ManifestErrors> {
    let mut reader = Reader::default();
    for source in sources {
        reader.file(&source.name);
        let documents = yaml::parse(&source.text).unwrap_or_else(|error| {
            reader.fail(error.at, "", error.message);
            Vec::new()
        });
        for mut document in documents {
            let mut wrong = Vec::new();
            substitute(&mut document, variable, &mut wrong);
            for (at, message) in wrong {
                reader.fail(at, "", message);
            }
            reader.document(&document);
        }
    }
    let Reader { manifest, places, mut errors, .. } = reader;
    errors.extend(check(&manifest, &places));
    if errors.is_empty() { Ok(manifest) } else { Err(ManifestErrors::new(errors)) }
}
