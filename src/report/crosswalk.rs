//! A crosswalk between two taxonomies, for people, for machines and for spreadsheets.

mod words;

use super::Human;
use super::csv::{line, text};
use super::prose::Style;
use crate::compare::crosswalk::{CategoryName, Cell, Crosswalk, Row, Side};
use crate::language::{count, fill};
use words::{Words, words};

/// The crosswalk as JSON.
///
/// # Panics
/// Never: a crosswalk holds texts and whole numbers, which JSON can hold.
pub fn json(crosswalk: &Crosswalk) -> String {
    serde_json::to_string_pretty(crosswalk).expect("a crosswalk holds texts and whole numbers") + "\n"
}

/// The JSON Schema of a crosswalk.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Crosswalk).to_value()
}

/// A condition is never set in fewer columns than these.
const NARROWEST: usize = 20;

const HEADER: [&str; 11] = [
    "from",
    "category",
    "category_title",
    "category_illicit",
    "to",
    "to_category",
    "to_category_title",
    "to_category_illicit",
    "combinations",
    "of",
    "where",
];

/// One row a pair of categories that share combinations; what a taxonomy does not cover has no category.
pub fn csv(crosswalk: &Crosswalk) -> String {
    let named = |category: Option<&CategoryName>| {
        category.map_or_else(Default::default, |name| {
            [text(&name.id), text(&name.title), name.illicit.to_string()]
        })
    };
    let mut table = line(&HEADER.map(str::to_owned));
    for row in &crosswalk.rows {
        for cell in &row.cells {
            let [category, title, illicit] = named(row.category.as_ref());
            let [to_category, to_title, to_illicit] = named(cell.category.as_ref());
            table += &line(&[
                text(&crosswalk.from.taxonomy),
                category,
                title,
                illicit,
                text(&crosswalk.to.taxonomy),
                to_category,
                to_title,
                to_illicit,
                cell.combinations.to_string(),
                row.combinations.to_string(),
                text(cell.applies.as_deref().unwrap_or_default()),
            ]);
        }
    }
    table
}

/// The crosswalk for people: a paragraph a category, a line a category that it maps to.
pub fn human(crosswalk: &Crosswalk, options: Human) -> String {
    let writer = Writer { crosswalk, options, words: words(options.language) };
    let rows = crosswalk.rows.iter().map(|row| {
        let cells: String = row.cells.iter().map(|cell| writer.cell(row, cell)).collect();
        writer.heading(row) + &cells
    });
    std::iter::once(writer.title()).chain(rows).chain([writer.footer()]).collect::<Vec<_>>().join("\n")
}

struct Writer<'a> {
    crosswalk: &'a Crosswalk,
    options: Human,
    words: &'static Words,
}

impl Writer<'_> {
    fn title(&self) -> String {
        let Crosswalk { from, to, .. } = self.crosswalk;
        let page = self.options.page();
        page.paragraph(0, 2, (Style::Bold, &format!("{}:", from.taxonomy)), &from.title)
            + &page.paragraph(0, 2, (Style::Bold, &format!("→ {}:", to.taxonomy)), &to.title)
    }

    /// A category and how large it is.
    fn heading(&self, row: &Row) -> String {
        let size = self.combinations(row.combinations);
        let (lead, said) = if let Some(category) = &row.category {
            let verdict = self.verdict(category);
            (format!("{}:", category.id), format!("{} ({verdict}, {size})", category.title))
        } else {
            (self.outside(&self.crosswalk.from), format!("({size})"))
        };
        self.options.page().paragraph(0, 2, (Style::Bold, &lead), &said)
    }

    /// A category that it maps to.
    fn cell(&self, row: &Row, cell: &Cell) -> String {
        let shares = [self.words.all, self.words.some];
        let share = if cell.all { self.words.all } else { self.words.some };
        let lead = format!(
            "  {share:shares$} {:>4}  {:targets$}  ",
            cell.combinations,
            self.target(cell),
            shares = widest(shares.into_iter()),
            targets = self.targets(),
        );
        let title = cell.category.as_ref().map(|category| match &row.category {
            Some(own) if own.illicit != category.illicit => {
                format!("{} ({})", category.title, self.verdict(category))
            }
            _ => category.title.clone(),
        });
        let applies = cell.applies.as_ref();
        let applies = applies.map(|condition| fill(self.words.applies, &[("condition", condition)]));
        let said: Vec<String> = title.into_iter().chain(applies).collect();
        self.hanging(&lead, &said.join(", "))
    }

    fn verdict(&self, category: &CategoryName) -> &'static str {
        if category.illicit { self.words.illicit } else { self.words.licit }
    }

    fn combinations(&self, number: u64) -> String {
        count(self.options.language, self.words.combinations, number)
    }

    fn outside(&self, side: &Side) -> String {
        fill(self.words.outside, &[("taxonomy", &side.taxonomy)])
    }

    /// The category that a cell leads to.
    fn target(&self, cell: &Cell) -> String {
        let category = cell.category.as_ref();
        category.map_or_else(|| self.outside(&self.crosswalk.to), |category| category.id.clone())
    }

    /// The width of the column of those categories.
    fn targets(&self) -> usize {
        let cells = self.crosswalk.rows.iter().flat_map(|row| &row.cells);
        let targets: Vec<String> = cells.map(|cell| self.target(cell)).collect();
        widest(targets.iter().map(String::as_str))
    }

    /// A text that is wrapped to the right of its lead, which stands in columns of its own.
    fn hanging(&self, lead: &str, text: &str) -> String {
        let margin = lead.chars().count();
        let mut page = self.options.page();
        page.width = page.width.saturating_sub(margin).max(NARROWEST);
        let wrapped = page.paragraph(0, 0, (Style::Plain, ""), text);
        let lines = wrapped.trim_end().replace('\n', &format!("\n{}", " ".repeat(margin)));
        format!("{lead}{lines}").trim_end().to_owned() + "\n"
    }

    fn footer(&self) -> String {
        let Crosswalk { from, to, combinations, .. } = self.crosswalk;
        let page = self.options.page();
        let note = fill(self.words.what_counts, &[("all", &self.combinations(*combinations))]);
        let reverse = format!("`sikes standard crosswalk {} {}`", to.taxonomy, from.taxonomy);
        let reverse = fill(self.words.reverse, &[("command", &reverse)]);
        page.paragraph(0, 0, (Style::Plain, ""), &note) + &page.paragraph(0, 0, (Style::Plain, ""), &reverse)
    }
}

/// The width of the widest of some words.
fn widest<'a>(words: impl Iterator<Item = &'a str>) -> usize {
    words.map(|word| word.chars().count()).max().unwrap_or(0)
}
