//! What a run of `drift` tells: as text, as JSON, and as Markdown.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::deviations::{self, Recorded, Sorted, Stale};
use super::difference::{Class, Difference, Key};

/// How many uses of a difference are listed before the rest is only counted.
const LISTED: usize = 6;

pub struct Report {
    /// The names of both files.
    pub contract: String,
    pub upstream: String,
    /// What upstream calls itself.
    pub title: String,
    /// What the two are called in the lines.
    pub sides: [&'static str; 2],
    /// The names of our operations.
    pub operations: BTreeSet<String>,
    /// How many of them upstream has.
    pub compared: usize,
    pub sorted: Sorted,
}

impl Report {
    /// Whether there is nothing to act on.
    pub fn is_clean(&self) -> bool {
        self.sorted.unexpected.is_empty() && self.sorted.stale.is_empty()
    }

    fn of_class(&self, class: Class) -> impl Iterator<Item = &Difference> {
        self.sorted.unexpected.iter().filter(move |difference| difference.class == class)
    }

    /// How much there is of what, in a line.
    fn summary(&self) -> String {
        let counts = Class::ALL.map(|class| format!("{} {class}", self.of_class(class).count()));
        format!(
            "{} of {} operations compared: {} ({}), {}, {}",
            self.compared,
            self.operations.len(),
            plural(self.sorted.unexpected.len(), "difference"),
            counts.join(", "),
            plural(self.sorted.recorded.len(), "recorded deviation"),
            plural(self.sorted.stale.len(), "stale record"),
        )
    }

    fn uses(&self, difference: &Difference) -> String {
        let uses = &difference.uses;
        if uses.len() > 1 && *uses == self.operations {
            return "all operations".to_owned();
        }
        let mut words: Vec<_> = uses.iter().take(LISTED).cloned().collect();
        if uses.len() > LISTED {
            words.push(format!("and {} more", uses.len() - LISTED));
        }
        words.join(", ")
    }

    pub fn text(&self) -> String {
        let mut lines = vec![format!("{} against {} ({})", self.contract, self.upstream, self.title)];
        for difference in Class::ALL.into_iter().flat_map(|class| self.of_class(class)) {
            let key = difference.key.text(self.sides);
            lines.push(format!("{:13}  {key}  [{}]", difference.class, self.uses(difference)));
        }
        for Stale { key, why } in &self.sorted.stale {
            lines.push(format!("{:13}  {key}  [recorded in {}, {why}]", "stale", deviations::PATH));
        }
        lines.push(self.summary());
        lines.join("\n") + "\n"
    }

    fn key(&self, key: &Key) -> Value {
        let [first, second] = self.sides;
        json!({ "where": key.place, "what": key.what, first: key.ours, second: key.theirs })
    }

    pub fn json(&self) -> String {
        let difference = |difference: &Difference| {
            let mut value = self.key(&difference.key);
            value["class"] = json!(difference.class.as_str());
            value["in"] = json!(difference.uses);
            value
        };
        let recorded = |recorded: &Recorded| {
            let mut value = difference(&recorded.difference);
            value["reason"] = json!(recorded.reason);
            value
        };
        let stale = |stale: &Stale| {
            let mut value = self.key(&stale.key);
            value["why"] = json!(stale.why);
            value
        };
        let value = json!({
            "contract": self.contract,
            "upstream": self.upstream,
            "title": self.title,
            "compared": self.compared,
            "differences": self.sorted.unexpected.iter().map(difference).collect::<Vec<_>>(),
            "recorded": self.sorted.recorded.iter().map(recorded).collect::<Vec<_>>(),
            "stale": self.sorted.stale.iter().map(stale).collect::<Vec<_>>(),
        });
        format!("{value:#}\n")
    }

    pub fn markdown(&self) -> String {
        let mut blocks = vec![
            "# Drift from upstream".to_owned(),
            format!("{} against {} ({}).", code(&self.contract), code(&self.upstream), escaped(&self.title)),
            format!("{}.", self.summary()),
        ];
        for class in Class::ALL {
            let rows: Vec<_> = self.of_class(class).map(|difference| self.row(difference)).collect();
            if !rows.is_empty() {
                let [first, second] = self.sides;
                let head = format!("| where | what | {first} | {second} | operations |\n|---|---|---|---|---|\n");
                blocks.push(format!("## {}", heading(class)));
                blocks.push(format!("{head}{}", rows.join("\n")));
            }
        }
        if !self.sorted.stale.is_empty() {
            let row = |stale: &Stale| format!("- {} ({})", escaped(&stale.key.to_string()), escaped(&stale.why));
            let rows: Vec<_> = self.sorted.stale.iter().map(row).collect();
            blocks.push("## Recorded, and no longer so".to_owned());
            blocks.push(format!("Remove from `{}`, or correct there:", deviations::PATH));
            blocks.push(rows.join("\n"));
        }
        if !self.is_clean() {
            blocks.push("CONTRIBUTING.md, \"When upstream changes\", says how to go on.".to_owned());
        }
        blocks.join("\n\n") + "\n"
    }

    fn row(&self, difference: &Difference) -> String {
        let Key { place, what, ours, theirs } = &difference.key;
        let cells = [code(place), code(what), code(ours), code(theirs), escaped(&self.uses(difference))];
        format!("| {} |", cells.join(" | "))
    }
}

fn heading(class: Class) -> &'static str {
    match class {
        Class::Breaking => "Breaking for our users",
        Class::Additive => "New upstream",
        Class::Documentation => "Documentation only",
    }
}

fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// Text that GitHub shows as it is: upstream's words must not become links, mentions or cells.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '|' | '<' | '>' | '[' | ']' | '#' | '@' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ").replace('`', "'").replace('|', "\\|");
    format!("`{text}`")
}
