//! The desired state: what a manifest says, and how it is read.

mod check;
mod entry;
mod errors;
mod files;
mod load;
mod node;
mod places;
mod read;
pub(crate) mod rules;
mod text;
mod variables;
mod yaml;

use std::collections::BTreeMap;
use std::env::{self, VarError};
use std::path::Path;

use openrouter_workspaces::BudgetSet;
use openrouter_workspaces::body::UpdateWorkspaceRequest;
use serde::{Deserialize, Serialize};

use places::Places;

pub(crate) use variables::looks_like_a_key;

pub use errors::{ManifestError, ManifestErrors, Place};

/// Workspaces as they are to be.
///
/// It is made by [`load`](Self::load) or [`from_sources`](Self::from_sources) of YAML or JSON, by
/// [`export`](crate::export) of an account, or by hand. What it says of a workspace is managed, and what it leaves out is
/// not looked at. One that is deserialized, or made by hand, is checked by [`check`](Self::check) and by
/// [`plan`](crate::plan()); variables are only known to `load` and `from_sources`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Manifest {
    /// Settings of all workspaces that do not say otherwise. Neither a name nor a slug is among them.
    #[serde(default, deserialize_with = "entry::settings", skip_serializing_if = "no_settings")]
    pub defaults: UpdateWorkspaceRequest,
    /// The workspaces, in the order in which they were read.
    #[serde(default)]
    pub workspaces: Vec<WorkspaceEntry>,
}

fn no_settings(settings: &UpdateWorkspaceRequest) -> bool {
    *settings == UpdateWorkspaceRequest::default()
}

/// A workspace in a [`Manifest`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct WorkspaceEntry {
    /// Its slug.
    pub slug: String,
    /// The slug that it had before. If there is a workspace with that one, and none with [`slug`](Self::slug), it is
    /// renamed, and keeps its id.
    pub renamed_from: Option<String>,
    /// Its settings, name included: `None` is not managed, `Some(None)` is cleared. The slug is not among them.
    pub settings: UpdateWorkspaceRequest,
    /// Its members; `None` is not managed.
    pub members: Option<Members>,
    /// Its budgets, exactly these; `None` is not managed. [`include_byok`](BudgetSet::include_byok) is managed by itself.
    pub budgets: Option<BudgetSet>,
}

impl WorkspaceEntry {
    /// A workspace of which nothing but its existence is managed.
    pub fn new(slug: impl Into<String>) -> Self {
        Self { slug: slug.into(), ..Self::default() }
    }
}

/// The members of a workspace, by the ids of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
#[non_exhaustive]
pub enum Members {
    /// Exactly these: all others are removed.
    Exactly(Vec<String>),
    /// These at least: nobody is removed.
    AtLeast {
        /// Who is to be a member.
        include: Vec<String>,
    },
}

impl Members {
    /// Who is to be a member.
    pub fn users(&self) -> &[String] {
        match self {
            Self::Exactly(users) | Self::AtLeast { include: users } => users,
        }
    }
}

/// The text of a part of a manifest, and how errors name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name in errors: a path, or `<stdin>`.
    pub name: String,
    /// YAML or JSON.
    pub text: String,
}

impl Source {
    /// Reads files, and of folders those that [`Manifest::load`] reads, to be merged with other texts.
    ///
    /// # Errors
    ///
    /// What cannot be read.
    pub fn read(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Vec<Self>, ManifestErrors> {
        let (sources, mut errors) = files::sources(paths);
        if sources.is_empty() && errors.is_empty() {
            errors.push(files::nothing_named());
        }
        if errors.is_empty() { Ok(sources) } else { Err(ManifestErrors::new(errors)) }
    }
}

impl Manifest {
    /// Reads a manifest from files and folders, which merge. Of a folder those files are read that end in `.yaml`, `.yml`
    /// or `.json`, in the order of their names, and are not hidden. A folder in it is an error, unless it is named as well or
    /// hidden. What is there by several names is read once.
    ///
    /// `${NAME}` in a value stands for a variable of the environment, and `$${` for `${` itself. Variables that hold a key
    /// are refused, and so is a value that looks like one.
    ///
    /// # Errors
    ///
    /// All that is wrong with the manifest, each with its place.
    pub fn load(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, ManifestErrors> {
        Self::load_with([], paths)
    }

    /// Reads a manifest from texts, such as that of stdin, and from files and folders, as [`load`](Self::load) reads them; all
    /// of them merge.
    ///
    /// # Errors
    ///
    /// All that is wrong with the manifest, each with its place.
    pub fn load_with(
        sources: impl IntoIterator<Item = Source>,
        paths: impl IntoIterator<Item = impl AsRef<Path>>,
    ) -> Result<Self, ManifestErrors> {
        let mut sources = Vec::from_iter(sources);
        let (read, mut unread) = files::sources(paths);
        sources.extend(read);
        if sources.is_empty() && unread.is_empty() {
            unread.push(files::nothing_named());
        }
        load::manifest(sources, unread, &|name| env::var(name))
    }

    /// Reads a manifest from texts, which merge, with these variables in place of the environment's.
    ///
    /// # Errors
    ///
    /// All that is wrong with the manifest, each with its place.
    pub fn from_sources(
        sources: impl IntoIterator<Item = Source>,
        variables: &BTreeMap<String, String>,
    ) -> Result<Self, ManifestErrors> {
        load::manifest(sources, Vec::new(), &|name| variables.get(name).cloned().ok_or(VarError::NotPresent))
    }

    /// Checks a manifest that was made or changed by a program. [`plan`](crate::plan) does so, too.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, without places.
    pub fn check(&self) -> Result<(), ManifestErrors> {
        let errors = check::check(self, &Places::default());
        if errors.is_empty() { Ok(()) } else { Err(ManifestErrors::new(errors)) }
    }
}
