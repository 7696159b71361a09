//! Aligned tables that fit the terminal.

use std::fmt::Write;

use crate::output::style;
use crate::output::text::{fit, width};

/// The fewest columns of the terminal that a column of the table shrinks to.
const NARROWEST: usize = 4;

/// A column of this width or less is short: a day is.
const SHORT: usize = 10;

const GAP: usize = 2;

/// Lays rows out under their headings, in at most so many columns of the terminal. The widest columns shrink first.
pub(crate) fn render(headings: &[String], rows: &[Vec<String>], columns: Option<usize>) -> String {
    let mut widths: Vec<usize> = headings.iter().map(|heading| width(heading)).collect();
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = width(cell).max(*widest);
        }
    }
    if let Some(columns) = columns {
        shrink(&mut widths, columns);
    }
    // Where even the narrowest columns are too wide together, the last ones are cut off.
    let line = |cells: &[String]| {
        let line = line(cells, &widths);
        columns.map_or(line.clone(), |columns| fit(&line, columns))
    };
    let mut text = String::new();
    let _ = writeln!(text, "{}{}{:#}", style::HEADING, line(headings), style::HEADING);
    for row in rows {
        let _ = writeln!(text, "{}", line(row));
    }
    text
}

/// Makes the widest columns narrower until all of them fit, or nothing can be gained any more. Short ones, such as days and
/// slugs, stay whole as long as others can give way.
fn shrink(widths: &mut [usize], columns: usize) {
    let room = columns.saturating_sub(GAP * widths.len().saturating_sub(1));
    let widest = widths.iter().copied().max().unwrap_or_default();
    let least = |width: usize, whole: usize, most: usize| if width <= whole { width } else { width.min(most) };
    let taken = |whole, most| widths.iter().map(|width| least(*width, whole, most)).sum::<usize>();
    let fitting = |whole| {
        let most = (NARROWEST..=widest).rev().find(|most| taken(whole, *most) <= room)?;
        Some((whole, most))
    };
    let (whole, most) = fitting(SHORT).or_else(|| fitting(0)).unwrap_or((0, NARROWEST));
    // What is left over by the last step goes to the first columns that were cut.
    let mut spare = room.saturating_sub(taken(whole, most));
    for width in widths {
        let shrunk = least(*width, whole, most);
        let more = usize::from(shrunk < *width).min(spare);
        spare -= more;
        *width = shrunk + more;
    }
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, columns) in cells.iter().zip(widths) {
        let cell = fit(cell, *columns);
        line.push_str(&cell);
        line.extend(std::iter::repeat_n(' ', columns.saturating_sub(width(&cell)) + GAP));
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: Option<usize>) -> Vec<String> {
        let headings = ["SLUG", "DESCRIPTION"].map(str::to_owned);
        let rows = [vec!["production".to_owned(), "What people see, all day and all night".to_owned()]];
        let text = render(&headings, &rows, columns);
        anstream::adapter::strip_str(&text).to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_table_is_as_wide_as_its_cells_where_nothing_limits_it() {
        assert_eq!(table(None), ["SLUG        DESCRIPTION", "production  What people see, all day and all night"]);
    }

    #[test]
    fn the_widest_column_shrinks_first() {
        assert_eq!(table(Some(30)), ["SLUG        DESCRIPTION", "production  What people see, …"]);
    }

    #[test]
    fn short_columns_stay_whole_as_long_as_others_can_give_way() {
        let mut widths = [10, 32, 40, 10];
        shrink(&mut widths, 44);
        assert_eq!(widths, [10, 9, 9, 10]);
        shrink(&mut widths, 30);
        assert_eq!(widths, [6, 6, 6, 6]);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for columns in 1..60 {
            assert!(table(Some(columns)).iter().all(|line| width(line) <= columns), "{columns}");
        }
    }
}
