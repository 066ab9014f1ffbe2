//! The verdict for people: whether the data are valid, what was checked, and what must be mended.

use std::collections::BTreeMap;

use super::Report;
use super::human::{Human, status};
use super::prose::{Page, Style, harmless};
use super::table::cut;
use super::words::{Words, count, fill, whole, words};
use crate::standard::item::Severity;
use crate::validate::{Entry, Finding, Status};

/// So many rules with one reason are named; of more, the number is enough.
const NAMED: usize = 5;

/// A cell's value is shown as far as this.
const VALUE_WIDTH: usize = 60;

/// The verdict, for standard error.
pub fn verdict(report: &Report, options: Human) -> String {
    let writer = Writer { report, options, words: words(options.language), page: options.page() };
    let groups = writer.groups();
    let mut blocks = vec![writer.headline()];
    blocks.extend(groups.values().map(|group| writer.group(group)));
    let broken = writer.reasons(writer.words.could_not_run, |entry| entry.submissions_not_run);
    let mut explain = !groups.is_empty() || !broken.is_empty();
    blocks.push(broken);
    if options.verbose {
        // Of a rule that was checked somewhere, having nothing to check elsewhere is no news.
        let idle = |entry: &Entry| match entry.status {
            Status::NotApplicable => entry.submissions_not_applicable,
            _ => 0,
        };
        blocks.push(writer.reasons(writer.words.had_nothing, idle));
        explain = true;
    }
    if explain && !report.ledger.is_empty() {
        blocks.push(writer.paragraph(writer.words.explain));
    }
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n")
}

/// What every part of the text needs.
struct Writer<'a> {
    report: &'a Report,
    options: Human,
    words: &'static Words,
    page: Page,
}

/// The findings of one rule.
struct Group<'a> {
    rule: &'a str,
    severity: Severity,
    /// All of them, exactly.
    count: u64,
    /// Those that the report lists.
    listed: Vec<&'a Finding>,
}

impl<'a> Writer<'a> {
    fn headline(&self) -> String {
        let (words, language) = (self.words, self.options.language);
        let total = &self.report.verdict;
        let mut counts = vec![(words.errors, total.errors), (words.warnings, total.warnings)];
        if total.infos > 0 {
            counts.push((words.infos, total.infos));
        }
        let counts: Vec<String> =
            counts.into_iter().map(|(forms, number)| count(language, forms, number)).collect();
        let values = [
            ("submissions", count(language, words.submissions, total.submissions)),
            ("rows", count(language, words.rows, total.rows)),
            ("counts", counts.join(", ")),
        ];
        let values = values.each_ref().map(|(gap, value)| (*gap, value.as_str()));
        let first = self.page.paragraph(0, 2, (Style::Bold, &fill(words.headline, &values)), "");

        let of = |status| self.report.ledger.iter().filter(|entry| entry.status == status).count() as u64;
        let (passed, failed, broken) = (of(Status::Passed), of(Status::Failed), of(Status::NotRun));
        let (style, phrase) = if total.errors > 0 {
            (Style::Red, words.not_valid)
        } else if passed + failed == 0 {
            (Style::Yellow, words.not_checked)
        } else if self.report.ledger.iter().any(|entry| entry.submissions_not_run > 0) {
            // What was not run may not pass for passed.
            (Style::Yellow, words.valid_so_far)
        } else {
            (Style::Green, words.valid)
        };
        let standard = &self.report.standard;
        let standard = format!("{} ({})", standard.version, status(words, &standard.status));
        let counts = [
            ("passed", count(language, words.passed, passed)),
            ("failed", count(language, words.failed, failed)),
            ("idle", count(language, words.idle, of(Status::NotApplicable))),
            ("broken", count(language, words.broken, broken)),
        ];
        let counts = counts.each_ref().map(|(gap, value)| (*gap, value.as_str()));
        let verdict = self.page.paragraph(0, 2, (style, &fill(phrase, &[("standard", &standard)])), "");
        if self.report.ledger.is_empty() {
            return first + &verdict;
        }
        first + &verdict + &self.paragraph(&fill(words.rules, &counts))
    }

    fn colon(&self) -> &'static str {
        if self.options.language == crate::standard::Language::French { " :" } else { ":" }
    }

    /// The findings by rule: errors first, then by the rule's name, then by place.
    fn groups(&self) -> BTreeMap<(std::cmp::Reverse<Severity>, &'a str), Group<'a>> {
        let mut groups = BTreeMap::new();
        for entry in self.report.ledger.iter().filter(|entry| entry.failed > 0) {
            let group = Group {
                rule: &entry.rule,
                severity: entry.severity,
                count: entry.failed,
                listed: Vec::new(),
            };
            groups.insert((std::cmp::Reverse(entry.severity), entry.rule.as_str()), group);
        }
        for finding in &self.report.findings {
            let key = (std::cmp::Reverse(finding.severity), finding.rule.as_str());
            let group = groups.entry(key).or_insert_with(|| Group {
                rule: &finding.rule,
                severity: finding.severity,
                count: 0,
                listed: Vec::new(),
            });
            group.listed.push(finding);
        }
        for group in groups.values_mut() {
            group.listed.sort_by_key(|finding| &finding.location);
            group.count = group.count.max(group.listed.len() as u64);
        }
        groups
    }

    fn group(&self, group: &Group<'_>) -> String {
        let (words, language) = (self.words, self.options.language);
        let (style, word) = match group.severity {
            Severity::Error => (Style::Red, words.error),
            Severity::Warning => (Style::Yellow, words.warning),
            Severity::Info => (Style::Blue, words.info),
        };
        let lead = format!("{word}[{}]{}", group.rule, self.colon());
        let mut message = group.listed.first().map_or("", |finding| &finding.message);
        // What every finding says is said once, above them.
        let shared = group.listed.len() > 1 && group.listed.iter().all(|finding| finding.message == message);
        if !shared {
            message = "";
        }
        let number = count(language, words.findings_count, group.count);
        let heading = if message.is_empty() { number } else { format!("{message} ({number})") };
        let mut text = self.page.paragraph(0, 2, (style, &lead), &heading);
        for (fix, findings) in by_fix(&group.listed) {
            for finding in findings {
                // Never wrapped, so that the place can be copied into an editor.
                text = text + "  " + &self.page.paint(Style::Bold, &place(finding)) + "\n";
                for other in &finding.beside {
                    let other = harmless(&other.to_string());
                    text = text + "    " + &fill(words.beside, &[("place", &other)]) + "\n";
                }
                if !shared {
                    text += &self.page.paragraph(4, 2, (Style::Plain, ""), &finding.message);
                }
                let key: Vec<String> = finding
                    .key
                    .iter()
                    .map(|part| format!("{}={}", part.column, quoted(&part.value)))
                    .collect();
                text += &self.page.paragraph(4, 2, (Style::Plain, ""), &key.join(" "));
            }
            if !fix.is_empty() {
                text += &self.page.paragraph(2, 2, (Style::Bold, words.fix), fix);
            }
        }
        let listed = group.listed.len() as u64;
        if listed == 0 {
            text += &self.page.paragraph(2, 2, (Style::Plain, ""), words.none_listed);
        } else if group.count > listed {
            let more = fill(words.more, &[("n", &whole(language, group.count - listed))]);
            text += &self.page.paragraph(2, 2, (Style::Plain, ""), &more);
        }
        text
    }

    /// Rules that gave no verdict, with why; rules with the same reasons together.
    fn reasons(&self, title: &str, submissions: impl Fn(&Entry) -> u64) -> String {
        let (words, language) = (self.words, self.options.language);
        let mut groups: BTreeMap<(String, u64), Vec<&str>> = BTreeMap::new();
        for entry in self.report.ledger.iter().filter(|entry| submissions(entry) > 0) {
            let key = (entry.reasons.join("; "), submissions(entry));
            groups.entry(key).or_default().push(&entry.rule);
        }
        if groups.is_empty() {
            return String::new();
        }
        let mut text = self.page.paragraph(0, 2, (Style::Bold, &format!("{title}{}", self.colon())), "");
        for ((reasons, number), rules) in groups {
            let lead = match rules.as_slice() {
                [rule] => (*rule).to_owned(),
                rules => count(language, words.rules_count, rules.len() as u64),
            };
            let places = count(language, words.in_submissions, number);
            let line = format!("{lead} ({places}){} {reasons}", self.colon());
            text += &self.page.paragraph(2, 4, (Style::Plain, ""), &line);
            if rules.len() > 1 && (self.options.verbose || rules.len() <= NAMED) {
                text += &self.page.paragraph(4, 0, (Style::Plain, ""), &rules.join(", "));
            }
        }
        text
    }

    fn paragraph(&self, text: &str) -> String {
        self.page.paragraph(0, 2, (Style::Plain, ""), text)
    }
}

/// The findings that one fix mends, in the order of the first of them.
fn by_fix<'a>(findings: &[&'a Finding]) -> Vec<(&'a str, Vec<&'a Finding>)> {
    let mut groups: Vec<(&str, Vec<&Finding>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        let place = *places.entry(&finding.fix).or_insert_with(|| {
            groups.push((&finding.fix, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(finding);
    }
    groups
}

/// Where a finding is, as editors take it, with the column's name and what stands in the cell.
fn place(finding: &Finding) -> String {
    let location = &finding.location;
    let mut text = location.to_string();
    // A cell of the header holds the column's name: that is not said twice.
    let value = finding.value.as_deref().filter(|value| Some(*value) != location.name.as_deref()).map(quoted);
    let cell: Vec<&str> = [location.name.as_deref(), value.as_deref()].into_iter().flatten().collect();
    if !cell.is_empty() {
        text = text + " (" + &cell.join(" = ") + ")";
    }
    harmless(text.trim_start())
}

/// A value as it stands in its cell, in quotation marks where spaces or nothing would not be seen.
fn quoted(value: &str) -> String {
    let shown = cut(&harmless(value), VALUE_WIDTH);
    let bare = !value.is_empty()
        && !value.contains(|character: char| character.is_whitespace() || "\"=()".contains(character));
    if bare { shown } else { format!("\"{shown}\"") }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::standard::Language;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr as _;

    const PLAIN: Human = Human { width: 100, colour: false, language: Language::English, verbose: false };

    /// Without the last finding of every rule there are more than are listed.
    fn truncated() -> Report {
        let mut report = sample::report();
        report.findings.retain(|finding| finding.rule == "components_do_not_add_up");
        report.findings[1].message = report.findings[0].message.clone();
        report
    }

    #[test]
    fn the_sample_is_as_it_was_at_three_widths() {
        for width in [80, 100, 140] {
            let text = verdict(&sample::report(), Human { width, ..PLAIN });
            sample::snapshot(&format!("verdict_{width}"), &text);
            assert!(text.lines().all(|line| line.width() <= width && line.trim_end() == line));
        }
    }

    #[test]
    fn the_sample_is_as_it_was_in_every_language() {
        for language in Language::ALL.into_iter().skip(1) {
            let text = verdict(&sample::report(), Human { language, verbose: true, ..PLAIN });
            sample::snapshot(&format!("verdict_{}", language.code()), &text);
        }
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        sample::snapshot("verdict_truncated", &verdict(&truncated(), PLAIN));
    }

    #[test]
    fn a_fix_stands_below_the_findings_that_it_mends() {
        let mut report = sample::report();
        report.findings.retain(|finding| finding.rule == "value_outside_interval");
        report.findings[1].fix = "Write `9.7` in the column of the value.".to_owned();
        // A cell of the header.
        report.findings[2].value = report.findings[2].location.name.clone();
        report.ledger.retain(|entry| entry.rule == "value_outside_interval");
        sample::snapshot("verdict_fixes", &verdict(&report, PLAIN));
    }

    #[test]
    fn rules_with_one_reason_stand_in_one_line() {
        let mut report = sample::report();
        report.findings.clear();
        let broken = report.ledger.iter().find(|entry| entry.status == Status::NotRun).cloned();
        let broken = broken.expect("a rule of the sample could not run");
        let named =
            |rule: String, reason: &str| Entry { rule, reasons: vec![reason.to_owned()], ..broken.clone() };
        let many =
            (1..=83).map(|number| named(format!("rule_{number}"), "submission.yaml has to be mended first"));
        let few = (1..=5).map(|number| named(format!("few_{number}"), "the file has no column source"));
        report.ledger =
            many.chain(few).chain([named("one".to_owned(), "the file has no column day")]).collect();
        let text = verdict(&report, PLAIN);
        sample::snapshot("verdict_reasons", &text);
        report.ledger.retain(|entry| !entry.rule.starts_with("few"));
        sample::snapshot(
            "verdict_reasons_verbose",
            &verdict(&report, Human { verbose: true, width: 80, ..PLAIN }),
        );
    }

    #[test]
    fn valid_means_that_everything_was_checked() {
        let mut report = sample::report();
        report.findings.clear();
        report.verdict.errors = 0;
        report.verdict.warnings = 0;
        let warned = report.ledger.pop().expect("the last rule of the sample warns");
        report.ledger.retain(|entry| entry.status != Status::Failed);
        let second = |report: &Report| verdict(report, PLAIN).lines().nth(1).unwrap_or_default().to_owned();
        assert_eq!(second(&report), "valid against standard 1.0 (draft) as far as it could be checked");
        report.ledger.retain(|entry| entry.status != Status::NotRun);
        // A rule that warns somewhere and could not run elsewhere.
        report.ledger.push(Entry { submissions_not_run: 1, ..warned });
        assert!(second(&report).ends_with("as far as it could be checked"));
        report.ledger.pop();
        assert_eq!(
            verdict(&report, PLAIN),
            "24 submissions, 3,834 rows: 0 errors, 0 warnings\nvalid against standard 1.0 (draft)\n\
             2 rules passed, 0 failed, 2 had nothing to check, 0 could not run\n"
        );
        report.ledger.clear();
        assert_eq!(second(&report), "nothing was checked against standard 1.0 (draft)");
    }

    #[test]
    fn nothing_says_so() {
        sample::snapshot("verdict_empty", &verdict(&sample::empty(), PLAIN));
    }

    #[test]
    fn colour_is_only_where_it_is_wanted() {
        let coloured = verdict(&sample::report(), Human { colour: true, ..PLAIN });
        assert!(coloured.contains("\u{1b}[1;31merror[components_do_not_add_up]:\u{1b}[0m"));
        assert!(!verdict(&sample::report(), PLAIN).contains('\u{1b}'));
    }

    proptest! {
        #[test]
        fn any_report_can_be_shown(texts in prop::array::uniform6("(?s).{0,200}"), width in 0_usize..200, verbose: bool) {
            let mut report = sample::report();
            let [rule, message, submission, value, fix, column] = texts;
            let mut finding = report.findings[0].clone();
            finding.key[0].column = column;
            finding.key[0].value.clone_from(&value);
            finding.location.submission = submission;
            report.findings.push(Finding { rule, message, fix, value: Some(value), ..finding });
            for language in Language::ALL {
                let text = verdict(&report, Human { width, verbose, language, colour: false });
                prop_assert!(text.ends_with('\n'));
                for line in text.lines() {
                    prop_assert_eq!(line.trim_end_matches(' '), line);
                    prop_assert!(!line.contains(char::is_control));
                }
            }
        }
    }
}
