//! What commands print.

pub(crate) mod changes;
pub(crate) mod format;
mod listed;
pub(crate) mod style;
mod table;
pub(crate) mod text;

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::output::changes::Change;
use crate::output::format::Format;
pub(crate) use crate::output::listed::{BudgetRow, Listed, MemberRow};
use crate::output::text::clean;

/// No changes, in Markdown: a table without rows would tell nobody anything.
const NOTHING: &str = "Nothing to do.\n";

/// Where results go, and how they are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    /// How many columns the terminal has; `None` if there is none, and nothing is cut off.
    pub(crate) columns: Option<usize>,
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        let told =
            std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
        let terminal = || {
            let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
            Some(usize::from(width.0))
        };
        Self { format, columns: told.or_else(terminal) }
    }

    pub(crate) fn is_for_people(&self) -> bool {
        self.format == Format::Table
    }

    /// Writes text as it is, but for people without colours where they are not wanted. That nobody reads it any more, as in
    /// `orw list | head -1`, is no mistake, and no reason to stop half way: what is to be changed does not depend on it.
    pub(crate) fn text(&self, text: &str) -> Result<(), Failure> {
        let written = match self.is_for_people() {
            true => write_all(anstream::stdout().lock(), text),
            // No colour is ours there, and what looks like one is what the API says.
            false => write_all(io::stdout().lock(), text),
        };
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }

    /// Writes a line for people. Programs that asked for another format do not get it.
    pub(crate) fn say(&self, line: &str) -> Result<(), Failure> {
        if self.is_for_people() { self.text(&format!("{}\n", clean(line))) } else { Ok(()) }
    }

    /// Writes a list, for people with a count at the end.
    pub(crate) fn list<T: Listed>(&self, rows: &[T], count: &str) -> Result<(), Failure> {
        let text = match self.format {
            Format::Table if rows.is_empty() => format!("{count}\n"),
            Format::Table => {
                let (headings, cells) = columns(rows, &names(T::COLUMNS), people)?;
                let headings: Vec<String> = headings.iter().map(|name| name.to_uppercase().replace('_', " ")).collect();
                let end = if count.is_empty() { String::new() } else { format!("\n{count}\n") };
                table::render(&headings, &cells, self.columns) + &end
            }
            Format::Json => json(&rows)?,
            Format::Yaml => yaml(&rows)?,
            Format::Csv => {
                let (headings, cells) = columns(rows, &T::fields(), plain)?;
                csv(&headings, &cells)?
            }
            Format::Markdown => {
                let (headings, cells) = columns(rows, &names(T::COLUMNS), people)?;
                markdown(&headings, &cells)
            }
            Format::Ids => {
                let (_, mut cells) = columns(rows, &names(&[T::ID]), plain)?;
                cells.dedup();
                cells.into_iter().flatten().map(|id| id + "\n").collect()
            }
        };
        self.text(&text)
    }

    /// Writes one thing: for people a line for each field, for programs the object itself.
    pub(crate) fn one<T: Listed>(&self, row: &T) -> Result<(), Failure> {
        let text = match self.format {
            Format::Table => record(&object(row)?),
            Format::Json => json(row)?,
            Format::Yaml => yaml(row)?,
            Format::Csv | Format::Markdown | Format::Ids => return self.list(std::slice::from_ref(row), ""),
        };
        self.text(&text)
    }

    /// Writes something that is more than its rows: for people as text, and in JSON and YAML as a whole.
    pub(crate) fn document<T: Listed>(&self, whole: &impl Serialize, rows: &[T], text: &str) -> Result<(), Failure> {
        match self.format {
            Format::Table => self.text(text),
            Format::Json => self.text(&json(whole)?),
            Format::Yaml => self.text(&yaml(whole)?),
            Format::Markdown if rows.is_empty() => self.text(NOTHING),
            Format::Csv | Format::Markdown | Format::Ids => self.list(rows, ""),
        }
    }

    /// Writes what was done: for people a sentence, for programs the thing that was changed.
    pub(crate) fn done<T: Listed>(&self, row: &T, sentence: &str) -> Result<(), Failure> {
        if self.is_for_people() { self.say(sentence) } else { self.one(row) }
    }

    /// Writes what was changed: for people, who have seen it, a sentence, for programs the list.
    pub(crate) fn changed(&self, changes: &[Change], sentence: &str) -> Result<(), Failure> {
        if self.is_for_people() { self.say(sentence) } else { self.list(changes, "") }
    }

    /// Writes what is to be changed: for people as a difference, for programs as a list.
    pub(crate) fn changes(&self, changes: &[Change]) -> Result<(), Failure> {
        match self.format {
            Format::Table => self.text(&changes::render(changes)),
            Format::Markdown if changes.is_empty() => self.text(NOTHING),
            _ => self.list(changes, ""),
        }
    }
}

fn write_all(mut out: impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

/// Writes a file that was asked for. One that is there stays as it is until the new one is written as a whole.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    // A link is followed, so that it stays a link. What is no file, such as a pipe, has nothing to lose.
    let written = match fs::canonicalize(path) {
        Ok(target) if target.is_file() => replace(&target, text),
        _ => fs::write(path, text),
    };
    written.map_err(Failure::at(path))
}

fn replace(target: &Path, text: &str) -> io::Result<()> {
    // Whoever may not write into it may not replace it.
    let permissions = fs::OpenOptions::new().write(true).open(target)?.metadata()?.permissions();
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = Path::new(&name);
    // Where there can be no other file, as in a folder that is read-only, this one is written itself.
    let Ok(mut file) = fs::File::create_new(beside) else { return fs::write(target, text) };
    let whole = fs::set_permissions(beside, permissions).and_then(|()| file.write_all(text.as_bytes()));
    if let Err(error) = whole.and_then(|()| file.sync_all()) {
        let _ = fs::remove_file(beside);
        return Err(error);
    }
    fs::rename(beside, target).or_else(|_| {
        // A file that is mounted cannot be replaced.
        let _ = fs::remove_file(beside);
        fs::write(target, text)
    })
}

/// Writes a line to whoever sits there, whatever the format is. Where nobody does, there is nothing to be done about it.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Whether somebody sits there and sees what is written on stderr.
pub(crate) fn is_seen() -> bool {
    io::stderr().is_terminal()
}

/// As in `1 member` and `2 members`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn object<T: Serialize>(row: &T) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(row).map_err(io::Error::from)? {
        Value::Object(object) => Ok(object),
        other => Ok(Map::from_iter([("value".to_owned(), other)])),
    }
}

/// The columns of rows, with their names.
fn columns<T: Serialize>(
    rows: &[T],
    names: &[String],
    cell: impl Fn(&str, &Value) -> String,
) -> Result<(Vec<String>, Vec<Vec<String>>), Failure> {
    let row = |row| {
        let object = object(row)?;
        Ok(names.iter().map(|name| cell(name, object.get(name).unwrap_or(&Value::Null))).collect())
    };
    Ok((names.to_vec(), rows.iter().map(row).collect::<Result<_, Failure>>()?))
}

/// A value as it is in the API.
fn plain(_name: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(|value| plain("", value)).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// A value for people: the day of a time, whole numbers without a point, and nothing that would steer the terminal.
fn people(name: &str, value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Number(number) => text::number(number),
        Value::String(time) if name.ends_with("_at") => clean(time.split('T').next().unwrap_or_default()),
        other => clean(&plain(name, other)),
    }
}

fn record(object: &Map<String, Value>) -> String {
    let widest = object.keys().map(|name| name.len()).max().unwrap_or_default();
    let style = style::HEADING;
    let shown = |name: &str, value: &Value| match value {
        // Of one thing, times are told in full.
        Value::String(text) => clean(text),
        other => people(name, other),
    };
    let line = |(name, value): (&String, &Value)| match shown(name, value) {
        empty if empty.is_empty() => format!("{style}{name}{style:#}\n"),
        value => format!("{style}{name:widest$}{style:#}  {value}\n"),
    };
    object.iter().map(line).collect()
}

/// A value as JSON that people can read, too.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(value).map_err(io::Error::from)? + "\n")
}

fn yaml<T: Serialize + ?Sized>(value: &T) -> Result<String, Failure> {
    Ok(serde_norway::to_string(value).map_err(io::Error::other)?)
}

fn csv(headings: &[String], rows: &[Vec<String>]) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(headings).chain(rows.iter().map(Vec::as_slice)) {
        writer.write_record(row).map_err(io::Error::from)?;
    }
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn markdown(headings: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| text::markdown(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule = format!("|{}\n", " --- |".repeat(headings.len()));
    line(headings) + &rule + &rows.iter().map(|row| line(row)).collect::<String>()
}
