//! Everything that a run found, put together as a [`Report`].

use std::collections::BTreeMap;

use super::words::words;
use super::{
    Agreement, AssumptionUsed, EstimateRow, Idleness, IndicatorRow, InfluenceRow, InputFigure, InputFile,
    NotEstimated, PartRow, QuantityMeaning, RecordsUsed, RefusalRow, Report, Settings, StandardName, Step,
    Tool, Verdict,
};
use crate::compare::{Compared, Comparison, Reading, Refused};
use crate::compile::Plan;
use crate::language::{Language, fill};
use crate::measure::Missing;
use crate::run::Checked;
use crate::standard::item::Severity;
use crate::validate::{Entry, Finding, KeyPart, Ledger, Outcome};

/// Puts a report together.
pub fn assemble(
    plan: &Plan,
    checked: Vec<Checked>,
    ledger: Ledger,
    comparison: &Comparison,
    settings: Settings,
) -> Report {
    let ledger = ledger.entries();
    let counts: BTreeMap<&str, u64> =
        checked.iter().map(|checked| (checked.name.as_str(), found(checked))).collect();
    let findings_of =
        |submissions: &[String]| submissions.iter().filter_map(|name| counts.get(name.as_str())).sum::<u64>();
    let name_of = |code: &str| plan.territories.get(code).cloned().unwrap_or_else(|| code.to_owned());
    let estimates = comparison.estimates.iter().map(|compared| {
        let appraised = &compared.appraised;
        estimate_row(plan, compared, name_of(&appraised.territory), findings_of(&appraised.submissions))
    });
    let estimates: Vec<EstimateRow> = estimates.collect();
    let refusals = comparison.refusals.iter().map(|refused| {
        refusal_row(plan, refused, name_of(&refused.territory), findings_of(&refused.submissions))
    });
    let refusals: Vec<RefusalRow> = refusals.collect();
    let inputs = checked.iter().flat_map(|checked| {
        checked.files.iter().map(|file| InputFile {
            path: format!("{}/{}", checked.name, file.name),
            sha256: file.sha256.clone(),
            bytes: file.bytes,
            rows: file.rows,
            dataset: file.dataset.clone(),
        })
    });
    let inputs: Vec<InputFile> = inputs.collect();
    Report {
        tool: Tool { name: "sikes".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        standard: StandardName {
            title: plan.title.clone(),
            version: plan.version.clone(),
            status: plan.status.to_owned(),
            digest: plan.digest.clone(),
        },
        verdict: verdict(&ledger, &checked),
        quantities: meanings(plan, &estimates, &refusals),
        indicators: checked.iter().flat_map(|checked| indicator_rows(plan, checked)).collect(),
        estimates,
        refusals,
        not_estimated: not_estimated(plan, comparison),
        findings: sample(checked, settings.samples),
        settings,
        ledger,
        inputs,
    }
}

/// The estimators that were not asked, sorted.
fn not_estimated(plan: &Plan, comparison: &Comparison) -> Vec<NotEstimated> {
    let idle =
        comparison.idle.iter().filter_map(|id| plan.estimators.get(id)).map(|estimator| NotEstimated {
            estimator: estimator.id.clone(),
            title: estimator.title.clone(),
            method: estimator.method.name.to_owned(),
            because: Idleness::NoData,
        });
    let lacking = plan.unavailable.iter().map(|(id, lacking)| NotEstimated {
        estimator: id.clone(),
        title: lacking.title.clone(),
        method: lacking.method.clone(),
        because: Idleness::NoMethod,
    });
    let mut all: Vec<NotEstimated> = idle.chain(lacking).collect();
    all.sort_by(|a, b| a.estimator.cmp(&b.estimator));
    all
}

/// The figures of a submission.
fn indicator_rows(plan: &Plan, checked: &Checked) -> Vec<IndicatorRow> {
    let usable = |indicator: &str| {
        let dataset = plan.indicators.get(indicator).map(|indicator| indicator.dataset.as_str());
        dataset.and_then(|dataset| checked.errors.get(dataset)).is_none_or(|errors| *errors == 0)
    };
    let rows = checked.figures.iter().map(|figure| IndicatorRow {
        indicator: figure.indicator.clone(),
        dimensions: key(&figure.dimensions),
        value: figure.value.ok(),
        absence: match figure.value {
            Err(Missing::Reason(absence)) => Some(absence.word().to_owned()),
            _ => None,
        },
        unit: figure.unit.clone(),
        low: figure.interval.map(|(low, _, _)| low),
        high: figure.interval.map(|(_, high, _)| high),
        level: figure.interval.map(|(_, _, level)| level),
        usable: usable(&figure.indicator),
        file: figure.provenance.file.clone(),
        rows: figure.provenance.rows,
        lines: figure.provenance.lines.clone(),
    });
    rows.collect()
}

/// What the quantities that the rows speak of are.
fn meanings(plan: &Plan, estimates: &[EstimateRow], refusals: &[RefusalRow]) -> Vec<QuantityMeaning> {
    let named = |id: &str| {
        estimates.iter().any(|row| row.quantity == id) || refusals.iter().any(|row| row.quantity == id)
    };
    let quantities = plan.quantities.values().filter(|quantity| named(&quantity.id));
    quantities
        .map(|quantity| QuantityMeaning {
            quantity: quantity.id.clone(),
            title: quantity.title.clone(),
            definition: quantity.definition.clone(),
            numerator: quantity.numerator.clone(),
            denominator: quantity.denominator.clone(),
            unit: quantity.unit.clone(),
            sign: quantity.sign.clone(),
        })
        .collect()
}

/// How many findings a submission has, all counted.
fn found(checked: &Checked) -> u64 {
    let failed = checked.outcome.outcomes.values().map(|outcome| match outcome {
        Outcome::Failed { failed, .. } => *failed,
        _ => 0,
    });
    failed.sum()
}

fn verdict(ledger: &[Entry], checked: &[Checked]) -> Verdict {
    let count = |severity: Severity| {
        ledger.iter().filter(|entry| entry.severity == severity).map(|entry| entry.failed).sum()
    };
    Verdict {
        submissions: checked.len() as u64,
        rows: checked.iter().map(|checked| checked.rows).sum(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        infos: count(Severity::Info),
    }
}

/// The findings, heaviest first; of each rule no more than are wanted.
fn sample(checked: Vec<Checked>, samples: u64) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        checked.into_iter().flat_map(|checked| checked.outcome.findings).collect();
    findings.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then_with(|| a.rule.cmp(&b.rule))
            .then_with(|| a.location.cmp(&b.location))
            .then_with(|| a.message.cmp(&b.message))
    });
    let mut listed: BTreeMap<String, u64> = BTreeMap::new();
    findings.retain(|finding| {
        let listed = listed.entry(finding.rule.clone()).or_default();
        *listed += 1;
        *listed <= samples
    });
    findings
}

fn estimate_row(plan: &Plan, compared: &Compared, territory_name: String, findings: u64) -> EstimateRow {
    let appraised = &compared.appraised;
    let unit = plan.quantities.get(&appraised.quantity).and_then(|quantity| quantity.unit.clone());
    let estimate = &appraised.estimate;
    let agreement = compared.agreement.iter().map(|difference| Agreement {
        estimator: difference.estimator.clone(),
        difference: difference.value,
        low: difference.low,
        high: difference.high,
        agree: difference.agrees,
    });
    let inputs = appraised.figures.iter().map(|figure| InputFigure {
        input: figure.input.clone(),
        indicator: figure.indicator.clone(),
        dimensions: key(&figure.dimensions),
        value: figure.value,
        unit: figure.unit.clone(),
        low: figure.bounds.map(|(low, _)| low),
        high: figure.bounds.map(|(_, high)| high),
        file: figure.provenance.file.clone(),
        rows: figure.provenance.rows,
        lines: figure.provenance.lines.clone(),
    });
    let records = appraised.records.iter().map(|records| RecordsUsed {
        input: records.input.clone(),
        dataset: records.dataset.clone(),
        territory: records.territory.clone(),
        period: records.period.clone(),
        file: records.provenance.file.clone(),
        rows: records.provenance.rows,
    });
    let influences = appraised.influences.iter().map(|influence| InfluenceRow {
        input: influence.name.clone(),
        first: influence.first,
        first_error: influence.first_error,
        total: influence.total,
        total_error: influence.total_error,
    });
    let parts = estimate.parts.iter().map(|part| PartRow {
        dimensions: key(&part.of),
        value: part.value,
        low: part.low,
        high: part.high,
    });
    let assumptions = appraised.assumptions.iter().map(|assumption| AssumptionUsed {
        name: assumption.name.clone(),
        distribution: assumption.description.clone(),
        source: assumption.source.clone(),
    });
    EstimateRow {
        territory: appraised.territory.clone(),
        territory_name,
        period: appraised.period.clone(),
        quantity: appraised.quantity.clone(),
        reading: estimate.reading.name().to_owned(),
        value: estimate.value,
        low: estimate.low,
        high: estimate.high,
        level: estimate.level,
        unit,
        method: appraised.method.to_owned(),
        estimator: appraised.estimator.clone(),
        grade: compared.grade.word().to_owned(),
        grade_reasons: compared.reasons.clone(),
        findings,
        headline: compared.headline,
        agreement: agreement.collect(),
        standard_error: estimate.standard_error,
        analytic_standard_error: estimate.analytic,
        monte_carlo_error: estimate.monte_carlo_error[0].max(estimate.monte_carlo_error[1]),
        draws: appraised.draws as u64,
        parts: parts.collect(),
        steps: estimate
            .steps
            .iter()
            .map(|step| Step { name: step.name.to_owned(), value: step.value })
            .collect(),
        notes: reading(estimate.reading, plan.language).into_iter().chain(estimate.notes.clone()).collect(),
        inputs: inputs.collect(),
        records: records.collect(),
        assumptions: assumptions.collect(),
        influences: influences.collect(),
    }
}

/// How an estimate is to be read that is not the quantity itself.
fn reading(reading: Reading, language: Language) -> Option<String> {
    let words = words(language);
    let text = match reading {
        Reading::Level => return None,
        Reading::Floor => words.reading_floor,
        Reading::Ceiling => words.reading_ceiling,
        Reading::Range => words.reading_range,
        Reading::Signal => words.reading_signal,
    };
    Some(text.to_owned())
}

/// Dimensions with their values, as a report writes them.
fn key(dimensions: &[(String, String)]) -> Vec<KeyPart> {
    dimensions
        .iter()
        .map(|(column, value)| KeyPart { column: column.clone(), value: value.clone() })
        .collect()
}

fn refusal_row(plan: &Plan, refused: &Refused, territory_name: String, findings: u64) -> RefusalRow {
    let mut remedy = refused.refusal.remedy.clone();
    if !refused.others.is_empty() {
        let others = [("estimators", refused.others.join(", "))];
        let others = others.each_ref().map(|(gap, value)| (*gap, value.as_str()));
        remedy = remedy + "; " + &fill(words(plan.language).other_methods, &others);
    }
    RefusalRow {
        territory: refused.territory.clone(),
        territory_name,
        period: refused.period.clone(),
        quantity: refused.quantity.clone(),
        method: refused.method.to_owned(),
        estimator: refused.estimator.clone(),
        reason: refused.refusal.reason.clone(),
        remedy,
        absence: refused.absence.map(str::to_owned),
        others: refused.others.clone(),
        findings,
    }
}
