//! Plain-text tables: columns side by side, a rule below the titles, nothing else.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Between two columns.
const GAP: &str = "  ";
/// A text column is never cut below this, however narrow the page.
const NARROWEST: usize = 12;

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words: set left, and cut where the table is too wide for the page.
    Text,
    /// Codes and short words that make no sense cut: set left, never cut.
    Code,
    /// Figures: set right, never cut.
    Number,
}

/// A column's title and how it is set.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its title.
    pub(super) title: String,
    /// How it is set.
    pub(super) kind: Kind,
}

/// Titles and rows of cells, each row as long as there are columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// The columns, from the left.
    pub(super) columns: Vec<Column>,
    /// The rows, from the top.
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    /// How wide it is if nothing is cut.
    pub(super) fn width(&self) -> usize {
        total(&self.widths())
    }

    /// The lines of the table: the titles, the rule, then the rows. Cells are cut until it fits, or cannot be cut more.
    pub(super) fn lines(&self, width: usize) -> Vec<String> {
        let mut widths = self.widths();
        while total(&widths) > width {
            let cuttable = self.columns.iter().zip(widths.iter_mut()).filter(|(column, cells)| {
                column.kind == Kind::Text && **cells > NARROWEST.max(column.title.width())
            });
            match cuttable.max_by_key(|(_, cells)| **cells) {
                Some((_, cells)) => *cells -= 1,
                None => break,
            }
        }
        let titles: Vec<String> = self.columns.iter().map(|column| column.title.clone()).collect();
        let mut lines = vec![self.line(&titles, &widths), "─".repeat(total(&widths))];
        lines.extend(self.rows.iter().map(|row| self.line(row, &widths)));
        lines
    }

    fn widths(&self) -> Vec<usize> {
        let of_column = |(index, column): (usize, &Column)| {
            let cells = self.rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.width());
            cells.max().unwrap_or(0).max(column.title.width())
        };
        self.columns.iter().enumerate().map(of_column).collect()
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let set = |((cell, column), width): ((&String, &Column), &usize)| {
            let text = cut(cell, *width);
            let space = " ".repeat(width.saturating_sub(text.width()));
            if column.kind == Kind::Number { space + &text } else { text + &space }
        };
        let cells: Vec<String> = cells.iter().zip(&self.columns).zip(widths).map(set).collect();
        cells.join(GAP).trim_end().to_owned()
    }
}

/// A text cut to a width, with `…` where something is missing.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut taken = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used > width {
            break;
        }
        taken.push(character);
    }
    taken.trim_end().to_owned() + "…"
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(columns: &[(&str, Kind)], rows: &[&[&str]]) -> Table {
        Table {
            columns: columns
                .iter()
                .map(|(title, kind)| Column { title: (*title).to_owned(), kind: *kind })
                .collect(),
            rows: rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect(),
        }
    }

    #[test]
    fn numbers_stand_right_and_words_left() {
        let table = table(
            &[("territory", Kind::Text), ("share", Kind::Number)],
            &[&["Perú", "9.1 %"], &["日本", "19.1 %"]],
        );
        assert_eq!(
            table.lines(80),
            ["territory   share", "─────────────────", "Perú        9.1 %", "日本       19.1 %"]
        );
    }

    #[test]
    fn only_words_are_cut() {
        let row: &[&str] = &["Saint Vincent and the Grenadines", "apc_decomposition", "14.4 %"];
        let table =
            table(&[("territory", Kind::Text), ("method", Kind::Code), ("share", Kind::Number)], &[row]);
        assert_eq!(table.lines(50)[2], "Saint Vincent and the…   apc_decomposition  14.4 %");
        assert_eq!(table.lines(1)[2], "Saint Vince…  apc_decomposition  14.4 %");
    }

    #[test]
    fn an_empty_table_is_its_titles() {
        assert_eq!(table(&[("a", Kind::Text)], &[]).lines(80), ["a", "─"]);
        assert_eq!(Table::default().lines(0), ["", ""]);
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_it_must_be(cells in prop::collection::vec("\\PC{0,40}", 1..20), width in 0_usize..120) {
            let columns = [("words", Kind::Text), ("more words", Kind::Text)];
            let rows: Vec<Vec<String>> = cells.iter().map(|cell| vec![cell.clone(), cell.clone()]).collect();
            let table = Table { rows, ..table(&columns, &[]) };
            for line in table.lines(width) {
                prop_assert!(line.width() <= width.max(2 * NARROWEST + 2), "{line:?}");
                prop_assert_eq!(line.trim_end(), &line);
            }
        }
    }
}
