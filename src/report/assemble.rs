//! Everything that a run found, put together as a [`Report`].

use std::collections::BTreeMap;

use super::{
    Agreement, AssumptionUsed, EstimateRow, Idleness, IndicatorRow, InputFigure, InputFile, NotEstimated,
    QuantityMeaning, RefusalRow, Report, Settings, StandardName, Step, Tool, Verdict,
};
use crate::compare::{Compared, Comparison, Refused};
use crate::compile::Plan;
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
        let unit = plan.quantities.get(&appraised.quantity).and_then(|quantity| quantity.unit.clone());
        estimate_row(compared, name_of(&appraised.territory), unit, findings_of(&appraised.submissions))
    });
    let estimates: Vec<EstimateRow> = estimates.collect();
    let refusals = comparison
        .refusals
        .iter()
        .map(|refused| refusal_row(refused, name_of(&refused.territory), findings_of(&refused.submissions)));
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
        dimensions: figure
            .dimensions
            .iter()
            .map(|(column, value)| KeyPart { column: column.clone(), value: value.clone() })
            .collect(),
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

fn estimate_row(
    compared: &Compared,
    territory_name: String,
    unit: Option<String>,
    findings: u64,
) -> EstimateRow {
    let appraised = &compared.appraised;
    let estimate = &appraised.estimate;
    let agreement = compared.agreement.iter().map(|difference| Agreement {
        estimator: difference.estimator.clone(),
        difference: difference.value,
        low: difference.low,
        high: difference.high,
        agree: difference.agrees(),
    });
    let inputs = appraised.figures.iter().map(|figure| InputFigure {
        input: figure.input.clone(),
        indicator: figure.indicator.clone(),
        value: figure.value,
        unit: figure.unit.clone(),
        low: figure.bounds.map(|(low, _)| low),
        high: figure.bounds.map(|(_, high)| high),
        file: figure.provenance.file.clone(),
        rows: figure.provenance.rows,
        lines: figure.provenance.lines.clone(),
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
        steps: estimate
            .steps
            .iter()
            .map(|step| Step { name: step.name.to_owned(), value: step.value })
            .collect(),
        notes: estimate.notes.clone(),
        inputs: inputs.collect(),
        assumptions: assumptions.collect(),
    }
}

fn refusal_row(refused: &Refused, territory_name: String, findings: u64) -> RefusalRow {
    RefusalRow {
        territory: refused.territory.clone(),
        territory_name,
        period: refused.period.clone(),
        quantity: refused.quantity.clone(),
        method: refused.method.to_owned(),
        estimator: refused.estimator.clone(),
        reason: refused.refusal.reason.clone(),
        remedy: refused.refusal.remedy.clone(),
        absence: refused.absence.map(str::to_owned),
        findings,
    }
}
