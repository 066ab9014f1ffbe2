//! The estimates for people, as a table for each quantity and what must be known to read it.

use std::collections::{BTreeMap, BTreeSet};

use super::arrangement::{Answer, Line, Section, sections};
use super::figures::{levels, percent, probability};
use super::prose::{Page, Style, one_line};
use super::table::{Column, Kind, Table};
use super::words::{Words, count, fill, whole, words};
use super::{Agreement, EstimateRow, Idleness, RefusalRow, Report};
use crate::standard::Language;

/// So many estimators that were not asked are named; more are counted, unless all is asked for.
const MOST_NAMED: usize = 5;

/// How a report is shown to people.
#[derive(Debug, Clone, Copy)]
pub struct Human {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether ANSI colours may be used.
    pub colour: bool,
    /// The language of the tool's own words.
    pub language: Language,
    /// Whether methods that are not the headline have rows of their own, and more reasons are given.
    pub verbose: bool,
}

impl Human {
    /// The page, never so narrow that a hanging line has no room.
    pub(super) fn page(self) -> Page {
        Page { width: self.width.max(40), colour: self.colour }
    }
}

/// From this Monte Carlo error of a share on, its last shown digit depends on the seed.
const NOTICEABLE: f64 = 0.0005;
/// As many territories are named; of more, the number is given.
const NAMED: usize = 3;

/// The estimates, for standard output.
pub fn human(report: &Report, options: Human) -> String {
    let mut estimators: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let estimates = report.estimates.iter().map(|row| (&row.method, &row.estimator));
    for (method, estimator) in
        estimates.chain(report.refusals.iter().map(|row| (&row.method, &row.estimator)))
    {
        estimators.entry(method).or_default().insert(estimator);
    }
    let writer = Writer { report, options, words: words(options.language), page: options.page(), estimators };
    let mut blocks: Vec<String> =
        sections(report, options.verbose).iter().map(|section| writer.section(section)).collect();
    if blocks.is_empty() {
        blocks.push(writer.paragraph(writer.words.no_estimates));
    }
    blocks.push(writer.footer());
    blocks.join("\n")
}

/// What every part of the text needs.
struct Writer<'a> {
    report: &'a Report,
    options: Human,
    words: &'static Words,
    page: Page,
    /// The estimators of each method.
    estimators: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// More inputs of one estimate are not listed; the others bring in less.
const MOST_INFLUENCES: usize = 5;

/// The numbered notes below a table: each text once, with the territories that it is about.
#[derive(Default)]
struct Notes<'a> {
    notes: Vec<(Note<'a>, Vec<&'a str>)>,
}

/// A note's text, and what would mend it; a refusal has a remedy.
type Note<'a> = (&'a str, Option<&'a str>);

impl<'a> Notes<'a> {
    /// The number of a note.
    fn number(&mut self, note: Note<'a>, territory: &'a str) -> String {
        let at = self.notes.iter().position(|(known, _)| *known == note).unwrap_or_else(|| {
            self.notes.push((note, Vec::new()));
            self.notes.len() - 1
        });
        let territories = &mut self.notes[at].1;
        if !territories.contains(&territory) {
            territories.push(territory);
        }
        format!("[{}]", at + 1)
    }
}

impl Writer<'_> {
    fn section(&self, section: &Section<'_>) -> String {
        let common = common_notes(&section.lines);
        let mut notes = Notes::default();
        let (title, table) = self.table(section, &common, &mut notes);
        let title = self.page.paragraph(0, 2, (Style::Bold, &title), "");
        let mut lines = table.lines(self.page.width);
        lines[0] = self.page.paint(Style::Bold, &lines[0]);
        let table: String = lines.into_iter().map(|line| line + "\n").collect();
        let parts = [
            title + "\n" + &table,
            self.meaning(section.quantity),
            self.numbered(&notes),
            self.without_row(&section.without_row),
            common.iter().map(|note| self.paragraph(&fill(self.words.on_all, &[("note", note)]))).collect(),
            self.grades(&section.lines),
            self.disagreements(section),
            self.influences(section),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }

    /// The title and the table. Where the page is too narrow, what all rows share moves into the title.
    fn table<'a>(&self, section: &Section<'a>, common: &[&str], notes: &mut Notes<'a>) -> (String, Table) {
        let words = self.words;
        let column = |title: &str, kind| Column { title: title.to_owned(), kind };
        let bounds = |line: &Line<'_>| match line.answer {
            Answer::Estimate(row) => self.figures(row)[1..].to_vec(),
            Answer::Refusal(_) => Vec::new(),
        };
        let texts: Vec<Vec<String>> = section.lines.iter().map(bounds).collect();
        let longest =
            |at: usize| texts.iter().filter_map(|pair| pair.get(at)).map(String::len).max().unwrap_or(0);
        let widths = [longest(0), longest(1)];
        let mut table = Table {
            columns: vec![
                column(words.territory, Kind::Text),
                column(words.period, Kind::Code),
                column(words.quantity, Kind::Code),
                column(&self.figure_title(section), Kind::Number),
                column(&self.interval_title(&section.lines), Kind::Number),
                column(words.method, Kind::Text),
                column(words.grade, Kind::Code),
                column(words.findings, Kind::Number),
                column(words.note, Kind::Code),
            ],
            rows: section.lines.iter().map(|line| self.row(line, widths, common, notes)).collect(),
        };
        if table.rows.iter().all(|row| row[8].is_empty()) {
            drop_column(&mut table, 8);
        }
        let mut title = self.title_of(section.quantity);
        // The title names the quantity already.
        let narrow = [(5, words.method_is, "method"), (2, "", "quantity"), (1, words.period_is, "period")];
        for (at, phrase, gap) in narrow {
            let first = table.rows.first().map(|row| row[at].clone()).unwrap_or_default();
            let shared = !first.is_empty() && table.rows.iter().all(|row| row[at] == first);
            if shared && table.width() > self.page.width {
                if !phrase.is_empty() {
                    title = format!("{title}, {}", fill(phrase, &[(gap, &first)]));
                }
                drop_column(&mut table, at);
            }
        }
        (title, table)
    }

    fn row<'a>(
        &self,
        line: &Line<'a>,
        widths: [usize; 2],
        common: &[&str],
        notes: &mut Notes<'a>,
    ) -> Vec<String> {
        let (territory, period, quantity, cells) = match line.answer {
            Answer::Estimate(row) => {
                let [figure, low, high] = self.figures(row);
                let percent = if row.unit.is_none() { " %" } else { "" };
                let mut numbers: Vec<String> = Vec::new();
                for note in row.notes.iter().filter(|note| !common.contains(&note.as_str())) {
                    let number = notes.number((note, None), name(&row.territory_name, &row.territory));
                    if !numbers.contains(&number) {
                        numbers.push(number);
                    }
                }
                let interval = format!("{low:>0$} – {high:>1$}{percent}", widths[0], widths[1]);
                let cells = [
                    figure + percent,
                    interval,
                    self.method_name(&row.method, &row.estimator),
                    one_line(&row.grade),
                    whole(self.options.language, row.findings),
                    numbers.join(" "),
                ];
                (name(&row.territory_name, &row.territory), &row.period, &row.quantity, cells)
            }
            Answer::Refusal(row) => {
                let territory = name(&row.territory_name, &row.territory);
                let cells = [
                    self.absence(row),
                    "–".to_owned(),
                    self.method_name(&row.method, &row.estimator),
                    "–".to_owned(),
                    whole(self.options.language, row.findings),
                    notes.number((&row.reason, Some(&row.remedy)), territory),
                ];
                (territory, &row.period, &row.quantity, cells)
            }
        };
        let indent = if line.secondary { "  " } else { "" };
        let names = [indent.to_owned() + &one_line(territory), one_line(period), one_line(quantity)];
        names.into_iter().chain(cells).collect()
    }

    /// How many draws the estimates are made of: one number, or the least and the most.
    fn draws(&self) -> String {
        let number = |draws: u64| whole(self.options.language, draws);
        let counts = self.report.estimates.iter().map(|row| row.draws).filter(|draws| *draws > 1);
        match (self.report.settings.draws, counts.clone().min(), counts.max()) {
            (Some(draws), _, _) => number(draws),
            (None, Some(low), Some(high)) if low < high => {
                fill(self.words.draws_between, &[("low", &number(low)), ("high", &number(high))])
            }
            (None, low, _) => number(low.unwrap_or(1)),
        }
    }

    /// What to measure next: the inputs that bring most into the variance of each estimate.
    fn influences(&self, section: &Section<'_>) -> String {
        let words = self.words;
        let estimates = estimates(&section.lines).filter(|row| !row.influences.is_empty());
        let rows: Vec<Vec<String>> = estimates
            .flat_map(|row| {
                row.influences.iter().take(MOST_INFLUENCES).map(move |influence| (row, influence))
            })
            .map(|(row, influence)| {
                let here = format!("|{}|{}", row.territory, row.period);
                let input = if influence.input.is_empty() { words.of_the_method } else { &influence.input };
                let input = input.replace(&here, "").replace(&format!("|{}", row.territory), "");
                let part = |part: f64| percent(part.clamp(0.0, 1.0)) + " %";
                vec![
                    one_line(name(&row.territory_name, &row.territory)),
                    one_line(&row.period),
                    self.method_name(&row.method, &row.estimator),
                    one_line(&input),
                    part(influence.first),
                    part(influence.total),
                ]
            })
            .collect();
        if rows.is_empty() {
            return String::new();
        }
        let titles = [words.territory, words.period, words.method, words.input, words.alone, words.in_total];
        let kinds = [Kind::Text, Kind::Code, Kind::Text, Kind::Text, Kind::Number, Kind::Number];
        let columns =
            titles.iter().zip(kinds).map(|(title, kind)| Column { title: (*title).to_owned(), kind });
        let table = Table { columns: columns.collect(), rows };
        let lines = table.lines(self.page.width).into_iter().map(|line| line + "\n");
        self.paragraph(words.influences) + &lines.collect::<String>()
    }

    /// The title of a quantity; its id where the report does not tell its meaning.
    fn title_of(&self, id: &str) -> String {
        let meaning = self.report.quantities.iter().find(|meaning| meaning.quantity == id);
        one_line(meaning.map_or(id, |meaning| &meaning.title))
    }

    /// What a share is a share of.
    fn meaning(&self, id: &str) -> String {
        let meaning = self.report.quantities.iter().find(|meaning| meaning.quantity == id);
        let Some(meaning) = meaning else { return String::new() };
        let parts = [
            (self.words.numerator, meaning.numerator.as_deref().unwrap_or_default()),
            (self.words.denominator, meaning.denominator.as_deref().unwrap_or_default()),
            (self.words.sign, &meaning.sign),
        ];
        parts
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(what, text)| self.paragraph(&format!("{what}: {text}")))
            .collect()
    }

    /// The estimate and its bounds, without a sign of percent.
    fn figures(&self, row: &EstimateRow) -> [String; 3] {
        match row.unit {
            None => [row.value, row.low, row.high].map(percent),
            Some(_) => levels(self.options.language, row.value, [row.low, row.high]),
        }
    }

    fn figure_title(&self, section: &Section<'_>) -> String {
        let estimated = section.lines.iter().any(|line| matches!(line.answer, Answer::Estimate(_)));
        match section.unit {
            Some(unit) => fill(self.words.level, &[("unit", &one_line(unit))]),
            None if estimated => self.words.share.to_owned(),
            None => self.words.estimate.to_owned(),
        }
    }

    fn interval_title(&self, lines: &[Line<'_>]) -> String {
        let levels = estimates(lines).map(|row| probability(row.level)).collect::<BTreeSet<_>>();
        match levels.first() {
            Some(level) if levels.len() == 1 => fill(self.words.interval, &[("level", level)]),
            Some(_) => self.words.interval_mixed.to_owned(),
            None => fill(self.words.interval, &[("level", &probability(self.report.settings.level))]),
        }
    }

    /// Why there is no figure, in a word or two.
    fn absence(&self, row: &RefusalRow) -> String {
        let words = self.words;
        match row.absence.as_deref() {
            None => words.refused.to_owned(),
            Some("zero") => words.zero.to_owned(),
            Some("not_collected") => words.not_collected.to_owned(),
            Some("not_available") => words.not_available.to_owned(),
            Some("confidential") => words.confidential.to_owned(),
            Some("not_applicable") => words.not_applicable.to_owned(),
            Some(other) => one_line(&other.replace('_', " ")),
        }
    }

    /// The method, or the estimator where the standard sets the same method up twice.
    fn method_name(&self, method: &str, estimator: &str) -> String {
        let twice = self.estimators.get(method).is_some_and(|estimators| estimators.len() > 1);
        one_line(if twice || method.is_empty() { estimator } else { method })
    }

    fn numbered(&self, notes: &Notes<'_>) -> String {
        let mut text = String::new();
        for (at, ((note, remedy), territories)) in notes.notes.iter().enumerate() {
            let lead = format!("[{}]", at + 1);
            let hang = lead.len() + 1;
            let about = format!("{}: {note}", listed(territories));
            text += &self.page.paragraph(0, hang, (Style::Plain, &lead), &about);
            text += &self.remedy(hang, remedy.unwrap_or_default());
        }
        text
    }

    fn remedy(&self, indent: usize, remedy: &str) -> String {
        if remedy.is_empty() {
            return String::new();
        }
        self.page.paragraph(indent, 2, (Style::Bold, self.words.remedy), remedy)
    }

    /// Methods without an estimate where another method has one, each reason once.
    fn without_row(&self, refusals: &[&RefusalRow]) -> String {
        let mut groups: Vec<([&str; 4], Vec<&str>)> = Vec::new();
        for row in refusals {
            let key = [row.method.as_str(), &row.estimator, &row.reason, &row.remedy];
            let territory = name(&row.territory_name, &row.territory);
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, territories)) if territories.contains(&territory) => {}
                Some((_, territories)) => territories.push(territory),
                None => groups.push((key, vec![territory])),
            }
        }
        let mut text = String::new();
        for ([method, estimator, reason, remedy], territories) in groups {
            let method = self.method_name(method, estimator);
            let territories = self.named(&territories, self.words.territories);
            let values = [("method", method.as_str()), ("territories", &territories), ("reason", reason)];
            text += &self.page.paragraph(0, 2, (Style::Plain, ""), &fill(self.words.refused_for, &values));
            text += &self.remedy(2, remedy);
        }
        text
    }

    /// Why the grades are what they are, each reason once.
    fn grades(&self, lines: &[Line<'_>]) -> String {
        let mut groups: BTreeMap<(&str, &[String]), Vec<&str>> = BTreeMap::new();
        for row in estimates(lines).filter(|row| !row.grade_reasons.is_empty()) {
            let key = (row.grade.as_str(), row.grade_reasons.as_slice());
            groups.entry(key).or_default().push(name(&row.territory_name, &row.territory));
        }
        let all = estimates(lines).count();
        let mut text = String::new();
        for ((grade, reasons), territories) in groups {
            let rows = if territories.len() == all && all > 1 {
                self.words.all_rows.to_owned()
            } else {
                self.named(&territories, self.words.rows)
            };
            let reasons = reasons.join("; ");
            text += &self.paragraph(&fill(
                self.words.grade_for,
                &[("grade", grade), ("rows", &rows), ("reasons", &reasons)],
            ));
        }
        text
    }

    /// Methods that contradict each other, each pair once: disagreement is a result.
    fn disagreements(&self, section: &Section<'_>) -> String {
        let of_section =
            |row: &&EstimateRow| row.quantity == section.quantity && row.unit.as_deref() == section.unit;
        let mut rows: Vec<&EstimateRow> = self.report.estimates.iter().filter(of_section).collect();
        // The headline is the one that the others are compared with.
        rows.sort_by_key(|row| !row.headline);
        let mut seen = BTreeSet::new();
        let mut text = String::new();
        for row in rows {
            for agreement in row.agreement.iter().filter(|agreement| !agreement.agree) {
                let pair = (
                    row.estimator.as_str().min(&agreement.estimator),
                    row.estimator.as_str().max(&agreement.estimator),
                );
                if seen.insert((row.territory.as_str(), row.period.as_str(), pair)) {
                    text += &self.paragraph(&self.disagreement(row, agreement));
                }
            }
        }
        text
    }

    fn disagreement(&self, row: &EstimateRow, agreement: &Agreement) -> String {
        let above = agreement.difference >= 0.0;
        let phrase = if above { self.words.lies_above } else { self.words.lies_below };
        let [low, high] =
            if above { [agreement.low, agreement.high] } else { [-agreement.high, -agreement.low] };
        let (difference, bounds) = match &row.unit {
            None => (
                fill(self.words.points, &[("n", &percent(agreement.difference.abs()))]),
                format!("{} – {}", percent(low), percent(high)),
            ),
            Some(unit) => {
                let [figure, low, high] =
                    levels(self.options.language, agreement.difference.abs(), [low, high]);
                (format!("{figure} {unit}"), format!("{low} – {high}"))
            }
        };
        let same = |other: &&EstimateRow| other.estimator == agreement.estimator;
        let other = self.report.estimates.iter().find(same);
        let other = other
            .map_or(agreement.estimator.clone(), |other| self.method_name(&other.method, &other.estimator));
        let place = format!("{}, {}", name(&row.territory_name, &row.territory), row.period);
        let interval = fill(self.words.interval, &[("level", &probability(row.level))]);
        let values = [
            ("place", place.as_str()),
            ("method", &self.method_name(&row.method, &row.estimator)),
            ("difference", &difference),
            ("other", &other),
            ("interval", &interval),
            ("bounds", &bounds),
        ];
        fill(phrase, &values)
    }

    /// The estimators that were not asked, so that nobody takes what is printed for all there could be.
    fn not_estimated(&self) -> String {
        let lists =
            [(Idleness::NoData, self.words.no_data_for), (Idleness::NoMethod, self.words.no_method_for)];
        let told = lists.map(|(because, phrase)| {
            let rows = self.report.not_estimated.iter().filter(|row| row.because == because);
            let names: Vec<&str> = rows.map(|row| row.estimator.as_str()).collect();
            if names.is_empty() {
                return String::new();
            }
            let listed = if names.len() <= MOST_NAMED || self.options.verbose {
                names.join(", ")
            } else {
                fill(self.words.many_estimators, &[("n", &whole(self.options.language, names.len() as u64))])
            };
            self.paragraph(&fill(phrase, &[("estimators", &listed)]))
        });
        told.concat()
    }

    /// What the figures depend on.
    fn footer(&self) -> String {
        let Report { settings, standard, estimates, .. } = self.report;
        let mut text = String::new();
        if !estimates.is_empty() {
            let values = [
                ("level", probability(settings.level)),
                ("draws", self.draws()),
                ("seed", settings.seed.to_string()),
            ];
            let values = values.each_ref().map(|(gap, value)| (*gap, value.as_str()));
            text += &self.paragraph(&fill(self.words.intervals, &values));
            text += &self.paragraph(self.words.interval_meaning);
        }
        let shares = estimates.iter().filter(|row| row.unit.is_none());
        let error = shares.map(|row| row.monte_carlo_error).fold(0.0, f64::max);
        if error > NOTICEABLE {
            let points = fill(self.words.points, &[("n", &format!("{:.2}", (100.0 * error).min(100.0)))]);
            text += &self.paragraph(&fill(self.words.monte_carlo, &[("error", &points)]));
        }
        text += &self.not_estimated();
        let digest: String = standard.digest.chars().take(12).collect();
        let values = [
            ("title", standard.title.as_str()),
            ("version", &standard.version),
            ("status", status(self.words, &standard.status)),
            ("digest", &digest),
        ];
        text + &self.paragraph(&fill(self.words.standard, &values))
    }

    /// A few territories by name, or how many rows or territories they are.
    fn named(&self, territories: &[&str], forms: &str) -> String {
        let different = territories.iter().collect::<BTreeSet<_>>().len() == territories.len();
        if different && territories.len() <= NAMED {
            return listed(territories);
        }
        count(self.options.language, forms, territories.len() as u64)
    }

    fn paragraph(&self, text: &str) -> String {
        self.page.paragraph(0, 2, (Style::Plain, ""), text)
    }
}

/// The standing of a standard's version, in words.
pub(super) fn status<'a>(words: &'static Words, status: &'a str) -> &'a str {
    match status {
        "draft" => words.draft,
        "published" => words.published,
        "retired" => words.retired,
        other => other,
    }
}

fn estimates<'a>(lines: &[Line<'a>]) -> impl Iterator<Item = &'a EstimateRow> {
    lines.iter().filter_map(|line| match line.answer {
        Answer::Estimate(row) => Some(row),
        Answer::Refusal(_) => None,
    })
}

/// Notes that every estimate carries: said once, not in every row.
fn common_notes<'a>(lines: &[Line<'a>]) -> Vec<&'a str> {
    let mut rows = estimates(lines);
    let Some(first) = rows.next() else { return Vec::new() };
    let rest: Vec<&EstimateRow> = rows.collect();
    let common = |note: &&String| !rest.is_empty() && rest.iter().all(|row| row.notes.contains(*note));
    let mut notes: Vec<&str> = Vec::new();
    for note in first.notes.iter().filter(common) {
        if !notes.contains(&note.as_str()) {
            notes.push(note);
        }
    }
    notes
}

fn drop_column(table: &mut Table, at: usize) {
    table.columns.remove(at);
    for row in &mut table.rows {
        row.remove(at);
    }
}

/// The name of a territory; its code where the standard has no name for it.
fn name<'a>(name: &'a str, code: &'a str) -> &'a str {
    if name.is_empty() { code } else { name }
}

/// Names in a row; where one of them has a comma of its own, another sign parts them.
fn listed(names: &[&str]) -> String {
    names.join(if names.iter().any(|name| name.contains(',')) { "; " } else { ", " })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr as _;

    const PLAIN: Human = Human { width: 100, colour: false, language: Language::English, verbose: false };

    #[test]
    fn the_sample_is_as_it_was_at_three_widths() {
        for width in [80, 100, 140] {
            let text = human(&sample::report(), Human { width, ..PLAIN });
            sample::snapshot(&format!("human_{width}"), &text);
            assert!(text.lines().all(|line| line.width() <= width && line.trim_end() == line));
        }
    }

    #[test]
    fn the_sample_is_as_it_was_in_every_language() {
        for language in Language::ALL.into_iter().skip(1) {
            let text = human(&sample::report(), Human { language, ..PLAIN });
            sample::snapshot(&format!("human_{}", language.code()), &text);
        }
    }

    #[test]
    fn methods_that_disagree_say_so() {
        sample::snapshot("human_disagreement", &human(&sample::disagreement(), PLAIN));
        let all = Human { verbose: true, ..PLAIN };
        sample::snapshot("human_disagreement_verbose", &human(&sample::disagreement(), all));
    }

    #[test]
    fn nothing_says_so() {
        sample::snapshot("human_empty", &human(&sample::empty(), PLAIN));
    }

    #[test]
    fn a_method_that_is_alone_and_refuses_everywhere_has_its_rows() {
        let mut report = sample::report();
        report.estimates.clear();
        report.refusals.retain(|row| row.method == "residual");
        report.refusals.truncate(4);
        sample::snapshot("human_refused", &human(&report, PLAIN));
    }

    #[test]
    fn colour_is_only_where_it_is_wanted() {
        let coloured = human(&sample::report(), Human { colour: true, ..PLAIN });
        let plain = human(&sample::report(), PLAIN);
        assert!(coloured.contains("\u{1b}[1mUnrecorded share") && !plain.contains('\u{1b}'));
        assert_eq!(coloured.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), plain);
    }

    #[test]
    fn every_refusal_is_said_once() {
        for verbose in [false, true] {
            let report = sample::disagreement();
            let shown: usize = sections(&report, verbose)
                .iter()
                .map(|section| {
                    let refusals =
                        section.lines.iter().filter(|line| matches!(line.answer, Answer::Refusal(_)));
                    refusals.count() + section.without_row.len()
                })
                .sum();
            assert_eq!(shown, report.refusals.len());
        }
    }

    proptest! {
        #[test]
        fn any_report_can_be_shown(
            texts in prop::array::uniform8("(?s).{0,300}"),
            values in prop::array::uniform5(prop::num::f64::ANY),
            width in 0_usize..200,
            verbose: bool,
            share: bool,
        ) {
            let [territory, period, quantity, method, grade, reason, note, unit] = texts;
            let [value, low, high, level, error] = values;
            let mut report = sample::disagreement();
            report.settings.level = level;
            let row = EstimateRow {
                territory, period, quantity, method, grade, value, low, high, level, monte_carlo_error: error,
                unit: (!share).then_some(unit), notes: vec![note.clone(), note], grade_reasons: vec![reason.clone()],
                ..report.estimates[0].clone()
            };
            let refused = RefusalRow {
                quantity: row.quantity.clone(), reason, absence: Some(row.method.clone()), ..report.refusals[0].clone()
            };
            report.estimates.push(row);
            report.refusals.push(refused);
            for language in Language::ALL {
                let text = human(&report, Human { width, verbose, language, colour: false });
                prop_assert!(text.ends_with('\n'));
                for line in text.lines() {
                    prop_assert_eq!(line.trim_end_matches(' '), line);
                    prop_assert!(!line.contains(char::is_control));
                }
            }
        }
    }
}
