//! How results are written.

use clap::ValueEnum;
use serde::Deserialize;

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// For people: aligned, and as wide as the terminal
    #[default]
    Table,
    /// An array of objects with the API's names; errors are JSON, too
    Json,
    /// The same as YAML
    Yaml,
    /// A line for each row, under a line with the API's names
    Csv,
    /// A table of Markdown
    Markdown,
    /// A line for each row, with nothing but what names it in other commands
    Ids,
}

impl Format {
    /// All of them.
    pub(crate) const ALL: &'static [Self] =
        &[Self::Table, Self::Json, Self::Yaml, Self::Csv, Self::Markdown, Self::Ids];

    /// The name as `--output` has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Ids => "ids",
        }
    }
}
