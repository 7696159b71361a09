//! Text as a terminal shows it.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text on one line, with what would steer the terminal shown and not done: names come from other people.
pub(crate) fn clean(text: &str) -> String {
    let steers = |c: char| {
        let turns =
            matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}')
    };
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) {
            clean.extend(c.escape_default());
        } else {
            clean.push(c);
        }
    }
    clean
}

/// The text line by line, each with what would steer the terminal shown and not done: of errors that are several.
pub(crate) fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// The text as Markdown, with what would be a column, HTML, a link, an image or a mention shown and not done: it is made to
/// be a comment, and names come from other people.
pub(crate) fn markdown(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => markdown.push_str("&lt;"),
            '&' => markdown.push_str("&amp;"),
            // One who is mentioned is told, whatever backslash there is before it.
            '@' => markdown.push_str("&#64;"),
            '\\' | '|' | '[' | ']' | '!' => markdown.extend(['\\', c]),
            c => markdown.push(c),
        }
    }
    markdown
}

/// A number for people: whole ones without a point.
pub(crate) fn number(number: &serde_json::Number) -> String {
    number.as_f64().filter(|_| number.is_f64()).map_or_else(|| number.to_string(), |number| number.to_string())
}

/// How many columns of the terminal the text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most so many columns: what is cut off is an ellipsis.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut fitting = String::new();
    let mut left = columns.saturating_sub(1);
    for c in text.chars() {
        let taken = c.width().unwrap_or(0);
        if taken > left {
            break;
        }
        left -= taken;
        fitting.push(c);
    }
    if columns > 0 {
        fitting.push('…');
    }
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown() {
        assert_eq!(clean("a\u{1b}[31mred\nb\u{202e}c"), "a\\u{1b}[31mred\\nb\\u{202e}c");
        assert_eq!(clean("a\u{61c}b\u{2028}c"), "a\\u{61c}b\\u{2028}c");
        assert_eq!(clean("Größe 大"), "Größe 大");
        assert_eq!(clean_lines("one\ntwo\r\nthr\u{1b}]0;ee\u{7}"), "one\ntwo\nthr\\u{1b}]0;ee\\u{7}");
    }

    #[test]
    fn what_would_be_more_than_text_in_markdown_is_shown() {
        assert_eq!(markdown("![x](//a|b) <img> @all"), "\\!\\[x\\](//a\\|b) &lt;img> &#64;all");
        assert_eq!(markdown("`include_byok` differs"), "`include_byok` differs");
    }

    #[test]
    fn text_is_cut_by_the_columns_that_it_takes() {
        assert_eq!(fit("production", 10), "production");
        assert_eq!(fit("production", 6), "produ…");
        assert_eq!(fit("大きい", 4), "大…");
        assert_eq!(fit("大きい", 0), "");
    }
}
