//! Finding the line on which something of a YAML document stands.
//!
//! The parser keeps no positions of what it read without an error. The contract is written in block style, so its
//! indentation tells them; inside flow style (`{a: b}`) the answer is the line of what is around it.

/// A line with content, without its indentation.
#[derive(Clone, Copy)]
struct Line<'a> {
    number: usize,
    indent: usize,
    text: &'a str,
}

impl Line<'_> {
    fn is_item(&self) -> bool {
        self.text == "-" || self.text.starts_with("- ")
    }

    fn has_key(&self, key: &str) -> bool {
        ["", "'", "\""].iter().any(|quote| {
            let rest = self.text.strip_prefix(quote);
            let rest = rest.and_then(|rest| rest.strip_prefix(key)?.strip_prefix(quote));
            let rest = rest.and_then(|rest| rest.trim_start().strip_prefix(':'));
            rest.is_some_and(|value| value.is_empty() || value.starts_with(' '))
        })
    }
}

/// The line of the place that these keys and indices lead to, or of the nearest one around it.
pub fn line_of(text: &str, path: &[String]) -> Option<usize> {
    let mut found = None;
    let mut block = content(text);
    for key in path {
        let Some((line, inner)) = child(&block, key) else {
            break;
        };
        found = Some(line);
        block = inner;
    }
    found
}

/// The line on which a key stands for the second time, in the mapping that starts at this line and column.
pub fn line_of_double(text: &str, key: &str, line: usize, column: usize) -> Option<usize> {
    let lines = content(text).into_iter();
    let mapping = lines.skip_while(|l| l.number < line);
    let mut same = mapping.filter(|l| {
        // The first key of a list's item stands behind a dash.
        let text = if l.number == line { l.text.trim_start_matches("- ") } else { l.text };
        (l.number == line || l.indent + 1 == column) && Line { text, ..*l }.has_key(key)
    });
    same.nth(1).map(|l| l.number)
}

fn content(text: &str) -> Vec<Line<'_>> {
    let lines = text.lines().enumerate().map(|(index, line)| {
        let text = line.trim_start();
        Line { number: index + 1, indent: line.len() - text.len(), text: text.trim_end() }
    });
    lines.filter(|line| !line.text.is_empty() && !line.text.starts_with('#')).collect()
}

/// The line of a direct child, and the block of lines that is its value.
///
/// Only lines with the indentation of the first one are children: what is deeper belongs to one of them, be it a key of
/// the same name or a line of a text.
fn child<'a>(block: &[Line<'a>], key: &str) -> Option<(usize, Vec<Line<'a>>)> {
    let first = block.first()?;
    let mut children = block.iter().enumerate().filter(|(_, line)| line.indent == first.indent);
    let (at, hit) = if first.is_item() {
        children.filter(|(_, line)| line.is_item()).nth(key.parse().ok()?)?
    } else {
        children.find(|(_, line)| line.has_key(key))?
    };
    let rest = block[at + 1..].iter();
    // The items of a list may stand below the very column of its key.
    let inner = rest
        .take_while(|line| line.indent > hit.indent || (line.indent == hit.indent && line.is_item() && !hit.is_item()));
    let mut value = Vec::new();
    if hit.is_item() {
        // The value of an item may start right behind its dash.
        let text = hit.text[1..].trim_start();
        value.push(Line { indent: hit.indent + hit.text.len() - text.len(), text, ..*hit });
        value.retain(|line| !line.text.is_empty());
    }
    value.extend(inner);
    Some((hit.number, value))
}
