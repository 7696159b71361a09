//! The options that all commands have.

use std::ffi::OsString;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use crate::output::format::Format;

/// The options that all commands have.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalOptions {
    /// How results are written
    #[arg(short, long, value_name = "FORMAT", global = true, hide_possible_values = true, help = FORMATS)]
    pub(crate) output: Option<Format>,
    /// The account of this name in the configuration, in place of the one that ORW_PROFILE names
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) profile: Option<String>,
    /// A file with the management key, which nobody else may read, in place of the profile's key
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) key_file: Option<PathBuf>,
    /// The URL of the API, in place of OPENROUTER_BASE_URL and OpenRouter's own
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) base_url: Option<String>,
    /// Talks to a made-up account and needs no key: one that lives as long as the command, or in FILE, which must end in
    /// .json and is made if there is none
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        default_missing_value = "",
        value_parser = SandboxPlace::parse,
        conflicts_with_all = ["profile", "key_file", "base_url"],
        global = true,
    )]
    pub(crate) sandbox: Option<SandboxPlace>,
    /// Does what is asked for without asking
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// Shows what would be changed, and changes nothing
    #[arg(short = 'n', long, global = true)]
    pub(crate) dry_run: bool,
    /// How many requests are under way at the same time [default: 16]
    #[arg(long, value_name = "COUNT", value_parser = whole::<NonZeroUsize>, global = true)]
    pub(crate) concurrency: Option<NonZeroUsize>,
    /// The time for each call, with its retries, in seconds [default: 120]
    #[arg(long, value_name = "SECONDS", value_parser = whole::<NonZeroU64>, global = true)]
    pub(crate) timeout: Option<NonZeroU64>,
    /// How often a call that failed is tried again at most [default: 3]
    #[arg(long, value_name = "COUNT", value_parser = whole::<u32>, global = true)]
    pub(crate) retries: Option<u32>,
    /// Whether output has colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Color,
    /// Shows the requests on stderr, and with -vv retries and pages; never the key
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
}

const FORMATS: &str = "How results are written: table (for people), json, yaml, csv, markdown, or ids (a line for each row) [default: table]";

/// A whole number, in words for people: those of the library are about digits and types.
fn whole<T: FromStr>(text: &str) -> Result<T, String> {
    let least = if "0".parse::<T>().is_ok() { 0 } else { 1 };
    text.parse().map_err(|_| format!("choose a whole number, from {least} on"))
}

/// A limit in US dollars. What a limit may be says the API's rule.
pub(crate) fn dollars(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| "choose a number of US dollars, such as 100 or 12.50".to_owned())
}

/// Whether output has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// Where the account of a sandbox is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SandboxPlace {
    Memory,
    File(PathBuf),
}

impl SandboxPlace {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "" => Ok(Self::Memory),
            file if file.ends_with(".json") => Ok(Self::File(file.into())),
            _ => Err("choose a file that ends in .json"),
        }
    }
}

/// The arguments, with nothing left open about `--sandbox`: what follows it is a file only if it ends in `.json`, which no
/// command and no workspace does.
pub(crate) fn settled(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut settled = Vec::new();
    let mut arguments = arguments.into_iter().peekable();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            settled.push(argument);
            break;
        }
        let is_file = |next: &OsString| next.to_string_lossy().ends_with(".json");
        let alone = argument == "--sandbox" && !arguments.peek().is_some_and(is_file);
        settled.push(if alone { "--sandbox=".into() } else { argument });
    }
    settled.extend(arguments);
    settled
}

/// Whether errors are to be JSON, of arguments that clap cannot read.
pub(crate) fn wants_json(arguments: &[OsString]) -> bool {
    let arguments: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    let joined = ["--output=json", "-ojson", "-o=json"];
    arguments.iter().any(|argument| joined.contains(&argument.as_ref()))
        || arguments
            .windows(2)
            .any(|pair| matches!(pair, [flag, value] if (flag == "-o" || flag == "--output") && value == "json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(line: &str) -> Vec<String> {
        let settled = settled(line.split(' ').map(OsString::from));
        settled.into_iter().map(|argument| argument.into_string().unwrap()).collect()
    }

    #[test]
    fn what_follows_sandbox_is_a_file_only_if_it_ends_in_json() {
        assert_eq!(settle("orw --sandbox demo.json list"), ["orw", "--sandbox", "demo.json", "list"]);
        assert_eq!(settle("orw --sandbox list"), ["orw", "--sandbox=", "list"]);
        assert_eq!(settle("orw get --sandbox production"), ["orw", "get", "--sandbox=", "production"]);
        assert_eq!(settle("orw list --sandbox"), ["orw", "list", "--sandbox="]);
        assert_eq!(settle("orw get -- --sandbox"), ["orw", "get", "--", "--sandbox"]);
    }
}
