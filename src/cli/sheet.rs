//! Pages about the standard: fields with their names in the margin, sections, and tables whose last column wraps.

use unicode_width::UnicodeWidthStr as _;

use crate::report::prose::{Page, Style, one_line};

/// Between two columns, and before the first.
const GAP: usize = 2;
/// Where the last column of a table would be narrower than this, it stands below its row.
const NARROWEST: usize = 24;
/// Lines longer than this are hard to read, however wide the terminal.
pub(super) const WIDEST: usize = 100;

/// A page in the making.
pub(super) struct Sheet {
    page: Page,
    text: String,
    /// Fields wait until all of a block are known, so that their values stand in one line.
    fields: Vec<(&'static str, String)>,
}

impl Sheet {
    pub(super) fn new(width: usize, colour: bool) -> Self {
        let page = Page { width: width.min(WIDEST), colour };
        Self { page, text: String::new(), fields: Vec::new() }
    }

    /// What the page is about: `rule month_missing`, and its title below.
    pub(super) fn heading(&mut self, kind: &str, id: &str, title: &str) {
        self.text += &self.page.paint(Style::Bold, &one_line(&format!("{kind} {id}")));
        self.text.push('\n');
        self.paragraph(title);
        self.text.push('\n');
    }

    /// A field; one without a value is left out.
    pub(super) fn field(&mut self, name: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !value.trim().is_empty() {
            self.fields.push((name, value));
        }
    }

    /// The heading of a section.
    pub(super) fn section(&mut self, name: &str) {
        self.flush();
        self.blank();
        self.text += &self.page.paint(Style::Bold, name);
        self.text.push('\n');
    }

    /// A section that lists things with what they are; none where there is nothing to list.
    pub(super) fn list(&mut self, name: &str, rows: &[Vec<String>]) {
        if !rows.is_empty() {
            self.section(name);
            self.table(&[], rows);
        }
    }

    /// Words over the whole width; their lines stay lines.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.flush();
        for line in self.wrapped(text, self.page.width) {
            self.line(&line);
        }
    }

    /// A text as it stands, set in like a table and not wrapped, so that it can be copied.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.flush();
        for line in text.lines() {
            self.line(&format!("{}{line}", " ".repeat(GAP)));
        }
    }

    /// An empty line, but not two, and not the first.
    pub(super) fn blank(&mut self) {
        self.flush();
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A table, its last column wrapped. A column in which no row has anything is left out.
    pub(super) fn table(&mut self, titles: &[&str], rows: &[Vec<String>]) {
        self.part_of_table(titles, rows, rows);
    }

    /// Some rows of a table that is set in parts, so that the columns of all parts stand below each other.
    pub(super) fn part_of_table(&mut self, titles: &[&str], rows: &[Vec<String>], all: &[Vec<String>]) {
        self.flush();
        let Some(last) = all.iter().map(Vec::len).max().and_then(|columns| columns.checked_sub(1)) else {
            return;
        };
        let cell =
            |row: &[String], column: usize| row.get(column).map_or_else(String::new, |cell| one_line(cell));
        let kept: Vec<usize> =
            (0..last).filter(|column| all.iter().any(|row| !cell(row, *column).is_empty())).collect();
        let width_of = |column: usize| {
            let cells = all.iter().map(|row| cell(row, column).width()).max().unwrap_or(0);
            cells.max(titles.get(column).map_or(0, |title| title.width()))
        };
        let widths: Vec<usize> = kept.iter().map(|column| width_of(*column)).collect();
        let before = GAP + widths.iter().map(|width| width + GAP).sum::<usize>();
        let room = self.page.width.saturating_sub(before);
        let below = room < NARROWEST;
        let set = |cells: Vec<String>| {
            let mut line = " ".repeat(GAP);
            for (cell, width) in cells.iter().zip(&widths) {
                line += cell;
                line += &" ".repeat(width.saturating_sub(cell.width()) + GAP);
            }
            line
        };
        if !titles.is_empty() {
            let mut line = set(kept.iter().map(|column| titles[*column].to_owned()).collect());
            if !below {
                line += titles.get(last).copied().unwrap_or_default();
            }
            self.line(line.trim_end());
            let texts = all.iter().filter_map(|row| row.get(last)).flat_map(|text| text.lines());
            let of_last = texts.chain(titles.get(last).copied()).map(str::width).max().unwrap_or(0);
            let whole = if below { before - 2 * GAP } else { before - GAP + of_last.min(room) };
            self.line(&format!("{}{}", " ".repeat(GAP), "─".repeat(whole)));
        }
        for row in rows {
            let mut line = set(kept.iter().map(|column| cell(row, *column)).collect());
            let text = row.get(last).map_or("", String::as_str);
            let (room, margin) =
                if below { (self.page.width.saturating_sub(3 * GAP), 3 * GAP) } else { (room, before) };
            let mut wrapped = self.wrapped(text, room).into_iter();
            if !below {
                line += &wrapped.next().unwrap_or_default();
            }
            self.line(line.trim_end());
            for rest in wrapped {
                self.line(&format!("{}{rest}", " ".repeat(margin)));
            }
        }
    }

    /// A table whose cells are never wrapped; where it is too wide, each row is a line of names and values.
    pub(super) fn grid(&mut self, titles: &[&str], rows: &[Vec<String>]) {
        self.flush();
        let widths: Vec<usize> = titles
            .iter()
            .enumerate()
            .map(|(column, title)| {
                rows.iter().map(|row| row[column].width()).max().unwrap_or(0).max(title.width())
            })
            .collect();
        if widths.iter().map(|width| width + GAP).sum::<usize>() <= self.page.width {
            let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
            for row in std::iter::once(&titles).chain(rows) {
                let cells = row.iter().zip(&widths);
                let cells = cells.map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())));
                let line = format!("{}{}", " ".repeat(GAP), cells.collect::<Vec<_>>().join(&" ".repeat(GAP)));
                self.line(line.trim_end());
            }
            return;
        }
        for row in rows {
            let cells = titles.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
            let cells: Vec<String> = cells.map(|(title, cell)| format!("{title} {cell}")).collect();
            self.text += &self.page.paragraph(GAP, GAP, (Style::Plain, ""), &cells.join(", "));
        }
    }

    /// The whole page.
    pub(super) fn finish(mut self) -> String {
        self.flush();
        self.text.truncate(self.text.trim_end().len());
        self.text + "\n"
    }

    /// Sets the fields that wait.
    fn flush(&mut self) {
        let fields = std::mem::take(&mut self.fields);
        let margin = fields.iter().map(|(name, _)| name.width() + GAP).max().unwrap_or(0);
        for (name, value) in fields {
            let mut name = name;
            for line in self.wrapped(&value, self.page.width.saturating_sub(margin)) {
                let space = " ".repeat(margin - name.width());
                self.line(&format!("{}{space}{line}", self.page.paint(Style::Bold, name)));
                name = "";
            }
        }
    }

    fn line(&mut self, line: &str) {
        self.text += line;
        self.text.push('\n');
    }

    /// The lines of a text, each set in as it is written and wrapped to a width.
    fn wrapped(&self, text: &str, width: usize) -> Vec<String> {
        let page = Page { width, ..self.page };
        let lines = text.trim().lines().map(|line| {
            let indent = line.len() - line.trim_start().len();
            page.paragraph(indent, 0, (Style::Plain, ""), line)
        });
        lines.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn values_stand_in_one_line_beside_their_names() {
        let mut sheet = Sheet::new(30, false);
        sheet.heading("règle", "a", "Une règle");
        sheet.field("gravité", "élevée");
        sheet.field("où", "ici\n  là-bas, plus loin que le bord");
        sheet.field("rien", " ");
        let expected = "règle a\nUne règle\n\ngravité  élevée\noù       ici\n           là-bas, plus loin\n           que le bord\n";
        assert_eq!(sheet.finish(), expected);
    }

    #[test]
    fn the_last_column_wraps_and_an_empty_one_is_left_out() {
        let mut sheet = Sheet::new(40, false);
        let table = rows(&[&["hl", "", "a hectolitre is a hundred litres"], &["l", "", ""]]);
        sheet.table(&["id", "unit", "what"], &table);
        let expected = "  id  what\n  ────────────────────────────────────\n  hl  a hectolitre is a hundred litres\n  l\n";
        assert_eq!(sheet.finish(), expected);
        let mut narrow = Sheet::new(28, false);
        narrow.table(&["id", "what"], &rows(&[&["hectolitre", "a hundred litres of it"]]));
        assert_eq!(narrow.finish(), "  id\n  ──────────\n  hectolitre\n      a hundred litres of it\n");
    }

    #[test]
    fn a_grid_that_is_too_wide_is_written_out() {
        let table = rows(&[&["2024", "beer", "1"], &["2024", "", "2"]]);
        let mut wide = Sheet::new(40, false);
        wide.grid(&["period", "beverage", "volume"], &table);
        assert_eq!(
            wide.finish(),
            "  period  beverage  volume\n  2024    beer      1\n  2024              2\n"
        );
        let mut narrow = Sheet::new(20, false);
        narrow.grid(&["period", "beverage", "volume"], &table);
        assert_eq!(
            narrow.finish(),
            "  period 2024,\n    beverage beer,\n    volume 1\n  period 2024,\n    volume 2\n"
        );
    }
}
