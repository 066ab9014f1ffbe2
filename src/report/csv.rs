//! The estimates and refusals, and the findings, as CSV (RFC 4180, lines ended by LF), for spreadsheets and statistical software.

use super::{EstimateRow, RefusalRow, Report};
use crate::validate::{Finding, Location};

const HEADER: [&str; 16] = [
    "territory",
    "territory_name",
    "period",
    "quantity",
    "value",
    "low",
    "high",
    "level",
    "unit",
    "method",
    "estimator",
    "grade",
    "headline",
    "findings",
    "status",
    "reason",
];

/// One row an estimate, then one a refusal. Shares are fractions; every number has the digits that read back as itself.
pub fn csv(report: &Report) -> String {
    let header = HEADER.map(str::to_owned);
    let estimates = report.estimates.iter().map(estimate);
    let refusals = report.refusals.iter().map(refusal);
    std::iter::once(header).chain(estimates).chain(refusals).map(|cells| line(&cells)).collect()
}

fn estimate(row: &EstimateRow) -> [String; HEADER.len()] {
    [
        text(&row.territory),
        text(&row.territory_name),
        text(&row.period),
        text(&row.quantity),
        number(row.value),
        number(row.low),
        number(row.high),
        number(row.level),
        text(row.unit.as_deref().unwrap_or_default()),
        text(&row.method),
        text(&row.estimator),
        text(&row.grade),
        row.headline.to_string(),
        row.findings.to_string(),
        // A bound or a sign must not be taken for the quantity itself.
        if row.reading == "level" { "estimate".to_owned() } else { text(&row.reading) },
        String::new(),
    ]
}

fn refusal(row: &RefusalRow) -> [String; HEADER.len()] {
    [
        text(&row.territory),
        text(&row.territory_name),
        text(&row.period),
        text(&row.quantity),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        text(&row.method),
        text(&row.estimator),
        String::new(),
        "false".to_owned(),
        row.findings.to_string(),
        text(row.absence.as_deref().unwrap_or("refused")),
        text(&row.reason),
    ]
}

const FINDING_HEADER: [&str; 12] = [
    "severity",
    "rule",
    "submission",
    "file",
    "line",
    "column",
    "name",
    "key",
    "value",
    "message",
    "fix",
    "beside",
];

/// One row a finding, heaviest first: a list to work through in a spreadsheet.
pub fn findings_csv(report: &Report) -> String {
    let header = FINDING_HEADER.map(str::to_owned);
    std::iter::once(header).chain(report.findings.iter().map(finding)).map(|cells| line(&cells)).collect()
}

fn finding(finding: &Finding) -> [String; FINDING_HEADER.len()] {
    let place = &finding.location;
    let whole = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
    let key: Vec<String> = finding.key.iter().map(|part| format!("{}={}", part.column, part.value)).collect();
    [
        finding.severity.word().to_owned(),
        text(&finding.rule),
        text(&place.submission),
        text(&place.file),
        whole(place.line),
        whole(place.column),
        text(place.name.as_deref().unwrap_or_default()),
        text(&key.join(" ")),
        text(finding.value.as_deref().unwrap_or_default()),
        text(&finding.message),
        text(&finding.fix),
        text(&finding.beside.iter().map(Location::to_string).collect::<Vec<_>>().join("; ")),
    ]
}

/// A number; zero has no sign, whatever the arithmetic left it.
fn number(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

/// A text that a spreadsheet will not run: what begins like a formula gets an apostrophe, which shows it as text.
pub(super) fn text(value: &str) -> String {
    let runs = value.starts_with(['=', '+', '-', '@', '\t', '\r']) && value.parse::<f64>().is_err();
    if runs { format!("'{value}") } else { value.to_owned() }
}

/// One row, its cells quoted where they must be.
pub(super) fn line(cells: &[String]) -> String {
    let quoted = |cell: &String| {
        if cell.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use proptest::prelude::*;

    /// The cells as another program reads them.
    fn read(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv_core::Reader::new();
        let (mut output, mut ends) = (vec![0; text.len() + 1], vec![0; text.len() + 1]);
        let (mut rows, mut input) = (Vec::new(), text.as_bytes());
        loop {
            let (result, read, _, fields) = reader.read_record(input, &mut output, &mut ends);
            input = &input[read..];
            match result {
                csv_core::ReadRecordResult::Record => {
                    let starts = std::iter::once(0).chain(ends[..fields].iter().copied());
                    let cells = starts.zip(&ends[..fields]).map(|(start, end)| {
                        String::from_utf8(output[start..*end].to_vec()).expect("what was written is UTF-8")
                    });
                    rows.push(cells.collect());
                }
                csv_core::ReadRecordResult::End => return rows,
                // The reader's own end of input is an empty read; the buffers hold the whole text.
                _ => assert!(input.is_empty()),
            }
        }
    }

    #[test]
    fn the_sample_is_as_it_was() {
        sample::snapshot("csv", &csv(&sample::report()));
    }

    #[test]
    fn nothing_is_a_header() {
        assert_eq!(csv(&sample::empty()), HEADER.join(",") + "\n");
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        let mut report = sample::empty();
        report.estimates.push(EstimateRow {
            territory_name: "=HYPERLINK(\"http://x\",\"y\")".to_owned(),
            value: -0.05,
            low: -0.0,
            ..sample::estimate("AR", "Argentina", [1.4, 0.5, 2.2], 8.3)
        });
        let row = &read(&csv(&report))[1];
        assert_eq!(row[1], "'=HYPERLINK(\"http://x\",\"y\")");
        assert_eq!((row[4].as_str(), row[5].as_str()), ("-0.05", "0"));
    }

    #[test]
    fn findings_carry_no_formula() {
        let mut report = sample::report();
        report.findings.truncate(1);
        report.findings[0].value = Some("=cmd()".to_owned());
        let rows = read(&findings_csv(&report));
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0], FINDING_HEADER);
        assert_eq!(rows[1][8], "'=cmd()");
        assert_eq!(rows[1][9], report.findings[0].message);
    }

    proptest! {
        #[test]
        fn every_cell_reads_back(texts in prop::array::uniform6("(?s).{0,12}|[=+@,\"\r\n\t-]{0,4}"), values in prop::array::uniform3(prop::num::f64::NORMAL)) {
            let mut report = sample::report();
            let [territory, territory_name, period, method, grade, reason] = texts;
            let [value, low, high] = values;
            let first = EstimateRow {
                territory, territory_name, period, value, low, high, method, grade, ..report.estimates[0].clone()
            };
            let last = RefusalRow { reason, absence: None, ..report.refusals[0].clone() };
            report.estimates.push(first.clone());
            report.refusals.push(last.clone());
            let rows = read(&csv(&report));
            let expected: Vec<Vec<String>> = std::iter::once(HEADER.map(str::to_owned).to_vec())
                .chain(report.estimates.iter().map(|row| estimate(row).to_vec()))
                .chain(report.refusals.iter().map(|row| refusal(row).to_vec()))
                .collect();
            prop_assert_eq!(&rows, &expected);
            let estimated = &rows[report.estimates.len()];
            prop_assert_eq!(estimated[4].parse::<f64>().expect("a number").to_bits(), value.to_bits());
            for cell in &estimated[..4] {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
            }
            prop_assert!(estimated[1].ends_with(&first.territory_name));
            prop_assert!(rows.last().expect("a refusal")[15].ends_with(&last.reason));
        }
    }
}
