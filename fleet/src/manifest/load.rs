//! From texts to a manifest.

use crate::manifest::check::check;
use crate::manifest::errors::{ManifestError, ManifestErrors};
use crate::manifest::read::Reader;
use crate::manifest::variables::{Lookup, substitute};
use crate::manifest::{Manifest, Source, yaml};

/// Reads and merges texts, and checks the whole. What could not be read beside them is told with what is wrong in them.
pub(super) fn manifest(
    sources: impl IntoIterator<Item = Source>,
    unread: Vec<ManifestError>,
    variable: Lookup<'_>,
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
    errors.extend(unread);
    errors.extend(check(&manifest, &places));
    if errors.is_empty() { Ok(manifest) } else { Err(ManifestErrors::new(errors)) }
}
