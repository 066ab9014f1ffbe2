//! What is wrong with a submission's own description, as findings.

use std::sync::Arc;

use super::words::words;
use crate::compile::{Check, CheckKind, MANIFEST_RULE, Plan, TIERS};
use crate::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::language::{Language, fill};
use crate::spelling::nearest;
use crate::standard::item::Severity;
use crate::standard::source::Unreadable;
use crate::submission::cell::{DecimalMark, Notation, parse};
use crate::submission::fold::fold;
use crate::submission::folder::MANIFEST;
use crate::submission::manifest::Manifest;
use crate::table::{Absence, DataType};
use crate::validate::{Finding, Location, Outcome};
use crate::yaml::Located;

/// Checks what the manifest says against the standard. What is left out has been reported.
pub(super) fn check(
    manifest: &Manifest,
    source: &Arc<Source>,
    plan: &Plan,
    versions: &[String],
    mistakes: &mut Diagnostics,
) {
    let words = words(plan.language);
    let mut wrong = |value: &Located<String>, phrase: &str, fix: String| {
        let values = [("value", &*value.value), ("named", &value.value), ("used", &plan.version)];
        mistakes.add("unknown", source, value.range(), fill(phrase, &values), Some(fix));
    };
    let given = |value: &Located<String>| !value.value.is_empty();

    let version = &manifest.standard;
    if version.value != plan.version && given(version) {
        let known: Vec<&str> = versions.iter().map(String::as_str).collect();
        if known.contains(&version.value.as_str()) {
            wrong(version, words.other_version, fill(words.check_apart, &[("used", &plan.version)]));
        } else {
            wrong(version, words.no_version, nearest_or_all(&version.value, &known, plan.language));
        }
    }
    let territory = &manifest.territory;
    if !is_territory(&territory.value, plan) && given(territory) {
        wrong(territory, words.no_territory, territory_meant(&territory.value, plan));
    }
    let language = &manifest.language;
    if Language::from_code(&language.value).is_none() && given(language) {
        let known = Language::ALL.map(Language::code);
        wrong(language, words.no_language, one_of(&known, plan.language));
    }
    let status = &manifest.confidentiality;
    if let Some(list) = plan.vocabulary.code_lists.get("confidentiality")
        && !list.codes.contains(&status.value)
        && given(status)
    {
        let known: Vec<&str> = list.codes.iter().map(String::as_str).collect();
        wrong(status, words.no_confidentiality, nearest_or_all(&status.value, &known, plan.language));
    }
    let period = &manifest.period;
    if given(period) && !is_period(&period.value) {
        wrong(period, words.no_period, words.write_period.to_owned());
    }
    if let Some(prepared) = &manifest.prepared
        && manifest.prepared_day().is_none()
    {
        wrong(prepared, words.no_date, words.write_date.to_owned());
    }
    if let Some(tier) = &manifest.tier
        && !manifest.tier_number().is_some_and(|number| TIERS.contains(&number))
    {
        let known: Vec<String> = TIERS.map(|tier| tier.to_string()).collect();
        wrong(tier, words.no_tier, fill(words.tiers, &[("known", &known.join(", "))]));
    }
    for (dataset, reason) in manifest.absent.iter() {
        if manifest.datasets.get(&dataset.value).is_some() {
            wrong(dataset, words.held_and_absent, words.strike_one.to_owned());
        }
        if Absence::ALL.iter().all(|absence| absence.word() != reason.value) {
            let known = Absence::ALL.map(Absence::word);
            wrong(reason, words.no_reason, nearest_or_all(&reason.value, &known, plan.language));
        }
    }
    let absent = manifest.absent.iter().map(|(dataset, _)| dataset);
    for dataset in manifest.datasets.iter().map(|(dataset, _)| dataset).chain(absent) {
        if !plan.datasets.contains_key(&dataset.value) {
            let known: Vec<&str> = plan.datasets.keys().map(String::as_str).collect();
            wrong(dataset, words.unknown_dataset, nearest_or_all(&dataset.value, &known, plan.language));
        }
    }
}

/// A mistake in the manifest as a finding.
pub(super) fn finding(submission: &str, mistake: &Diagnostic, language: Language) -> Finding {
    let (line, column) = mistake.place.source.line_and_column(mistake.place.span.start);
    let value = mistake.place.source.text.get(mistake.place.span.clone()).map(unquoted);
    Finding {
        rule: MANIFEST_RULE.to_owned(),
        severity: Severity::Error,
        message: mistake.message.clone(),
        location: Location {
            submission: submission.to_owned(),
            file: MANIFEST.to_owned(),
            line: Some(line as u64),
            column: Some(column as u64),
            name: None,
        },
        beside: Vec::new(),
        key: Vec::new(),
        value: value.filter(|text| !text.is_empty()).map(str::to_owned),
        fix: mistake.help.as_deref().map_or_else(|| words(language).how_it_looks.to_owned(), sentence),
    }
}

/// What becomes of the check that a submission of some tier holds a dataset, where it does not hold it.
pub(super) fn not_sent(
    submission: &str,
    manifest: &Manifest,
    source: &Source,
    dataset: &str,
    check: &Check,
    language: Language,
) -> Option<(Outcome, Option<Finding>)> {
    let CheckKind::Sent { tier: from, message } = &check.kind else { return None };
    let named = manifest.tier.as_ref().zip(manifest.tier_number());
    let Some((tier, _)) = named.filter(|(_, number)| number >= from) else {
        return Some((Outcome::NotApplicable { reason: words(language).lower_tier.to_owned() }, None));
    };
    if manifest.absent.get(dataset).is_some() {
        return Some((Outcome::Passed { checked: 1 }, None));
    }
    let (line, column) = source.line_and_column(tier.range().start);
    let values = [("dataset", dataset), ("tier", &*tier.value), ("from", &*from.to_string())];
    let finding = Finding {
        rule: check.id.clone(),
        severity: check.severity,
        message: fill(message, &values),
        location: Location {
            submission: submission.to_owned(),
            file: MANIFEST.to_owned(),
            line: Some(line as u64),
            column: Some(column as u64),
            name: None,
        },
        beside: Vec::new(),
        key: Vec::new(),
        value: None,
        fix: check.fix.clone(),
    };
    Some((Outcome::Failed { checked: 1, failed: 1 }, Some(finding)))
}

/// A manifest that cannot be read as text, as a finding.
pub(super) fn unreadable(submission: &str, failure: &Unreadable, language: Language) -> Finding {
    let words = words(language);
    let mut line = None;
    let (message, fix) = match failure {
        Unreadable::Io(error) => {
            let reason = error.to_string();
            (fill(words.cannot_open, &[("name", MANIFEST), ("reason", &reason)]), words.permit)
        }
        Unreadable::TooLarge => (words.too_large.to_owned(), words.only_describe),
        Unreadable::NotUtf8 { line: first } => {
            line = Some(*first as u64);
            (words.not_utf8.to_owned(), words.save_as_utf8)
        }
    };
    Finding {
        rule: MANIFEST_RULE.to_owned(),
        severity: Severity::Error,
        message,
        location: Location {
            submission: submission.to_owned(),
            file: MANIFEST.to_owned(),
            line,
            ..Location::default()
        },
        beside: Vec::new(),
        key: Vec::new(),
        value: None,
        fix: fix.to_owned(),
    }
}

/// The nearest of the words that are known, or the only one; all of them where none is near.
fn nearest_or_all(word: &str, known: &[&str], language: Language) -> String {
    let only = if let [only] = known { Some(*only) } else { None };
    match only.or_else(|| nearest(word, known.iter().copied())) {
        Some(meant) => fill(words(language).did_you_mean, &[("word", meant)]),
        None => one_of(known, language),
    }
}

fn one_of(known: &[&str], language: Language) -> String {
    let quoted: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    fill(words(language).one_of, &[("known", &quoted.join(", "))])
}

/// What is wrong with a territory's code, and what was meant; nothing where the standard has it.
pub(crate) fn wrong_territory(code: &str, plan: &Plan) -> Option<(String, String)> {
    let message = fill(words(plan.language).no_territory, &[("value", code)]);
    (!is_territory(code, plan)).then(|| (message, territory_meant(code, plan)))
}

/// Whether a code is a territory's; a standard that lists none takes any.
fn is_territory(code: &str, plan: &Plan) -> bool {
    if plan.territories.is_empty() { !code.is_empty() } else { plan.territories.contains_key(code) }
}

/// The territory that was meant: its code in lower case, its name, or nearly its name. Codes are so short that a near
/// one is hardly ever meant.
fn territory_meant(written: &str, plan: &Plan) -> String {
    let words = words(plan.language);
    let written = fold(written.trim());
    let names: Vec<(String, &str)> =
        plan.territories.iter().map(|(code, name)| (fold(name), code.as_str())).collect();
    let by_name = || {
        let near = nearest(&written, names.iter().map(|(name, _)| name.as_str()))?;
        names.iter().find(|(name, _)| name == near).map(|(_, code)| *code)
    };
    let by_code = plan.territories.keys().map(String::as_str).find(|code| fold(code) == written);
    if let Some(code) = by_code.or_else(by_name) {
        return fill(words.write_code, &[("code", code), ("name", &plan.territories[code])]);
    }
    let example = plan.territories.keys().next().map_or("", String::as_str);
    fill(words.look_up_code, &[("code", example)])
}

fn is_period(text: &str) -> bool {
    let notation = Notation { decimal: DecimalMark::Point, absence_words: false };
    parse(text, DataType::Period, notation).is_ok()
}

/// A scalar as it is meant: `"2.0"` is 2.0.
fn unquoted(text: &str) -> &str {
    let inside = |quote| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(text)
}

/// A help such as "it is one of a, b" as a fix: "It is one of a, b."
fn sentence(help: &str) -> String {
    let mut characters = help.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    let end = if help.ends_with(['.', '?']) { "" } else { "." };
    first.chain(characters).collect::<String>() + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_shown_as_meant() {
        assert_eq!(unquoted("\"2.0\""), "2.0");
        assert_eq!(unquoted("';'"), ";");
        assert_eq!(unquoted("\""), "\"");
        assert_eq!(sentence("it is one of a, b"), "It is one of a, b.");
        assert_eq!(sentence("did you mean `é`?"), "Did you mean `é`?");
        assert_eq!(sentence("été"), "Été.");
    }
}
