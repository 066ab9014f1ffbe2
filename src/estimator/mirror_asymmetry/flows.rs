//! The two ends of a flow of goods: what the exporter declares and what the importer declares.
//!
//! `A = M / c` with imports M (cost, insurance and freight) and the CIF/FOB factor `c = 1 + m`, `gap = A - X` with exports
//! X (free on board): positive where the importer records more.

use crate::estimator::numeric::sample::sum;

/// One flow, as its two ends declare it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// What the exporter declares, X; none where it reports nothing. A reported zero is a zero.
    pub exported: Option<f64>,
    /// What the importer declares, M; none where it reports nothing.
    pub imported: Option<f64>,
    /// What turns exports into imports of the same goods, c; 1 for quantities.
    pub factor: f64,
    /// How much the flow counts in sums; 1 unless something says otherwise.
    pub weight: f64,
}

/// How the two ends of a flow differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asymmetry {
    /// The imports without freight and insurance, A.
    pub import_equivalent: f64,
    /// `A - X`.
    pub gap: f64,
    /// `gap / X`; none where nothing was exported.
    pub gap_over_export: Option<f64>,
    /// `gap / ((A + X) / 2)`, from -2 to 2; none where neither end records anything.
    pub relative_gap: Option<f64>,
    /// `|gap| / (A + X)`, from 0 to 1; none where neither end records anything.
    pub index: Option<f64>,
    /// `ln(A / X)`; none unless both ends record something.
    pub log_ratio: Option<f64>,
}

/// What some flows show together. Sums are weighted, save those of flows of which one end is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Together {
    /// Flows that both ends report.
    pub used: usize,
    /// `sum w gap`.
    pub gap: f64,
    /// The sum of the positive gaps: where the importer records more.
    pub import_over: f64,
    /// The sum of the negative gaps, as a positive number: where the exporter records more.
    pub export_over: f64,
    /// `sum w gap / sum w X`; none where nothing was exported.
    pub relative_gap: Option<f64>,
    /// `sum w |gap| / sum w (A + X)`; none where nothing is recorded.
    pub index: Option<f64>,
    /// The mean of `ln(A / X)` with the weights `w (A + X) / 2`, over flows with both ends positive.
    pub mean_log_ratio: Option<f64>,
    /// Exports whose import nobody reports.
    pub unmatched_exports: f64,
    /// Imports, without freight and insurance, whose export nobody reports.
    pub unmatched_imports: f64,
}

impl Together {
    /// The gap with the flows of which one end is missing: their other end then counts as zero.
    pub fn gap_with_unmatched(&self) -> f64 {
        self.gap - self.unmatched_exports + self.unmatched_imports
    }
}

impl Flow {
    /// The imports without freight and insurance, A.
    fn import_equivalent(&self) -> Option<f64> {
        self.imported.map(|imported| imported / self.factor)
    }

    /// Refuses what cannot be: amounts below zero, a factor or a weight that is none.
    fn check(&self) -> Result<(), String> {
        let amount = |value: Option<f64>| value.is_none_or(|value| value >= 0.0 && value.is_finite());
        if !amount(self.exported) || !amount(self.imported) {
            let Self { exported, imported, .. } = self;
            return Err(format!(
                "exports of {exported:?} and imports of {imported:?}: both must be numbers from 0"
            ));
        }
        if !(self.factor > 0.0 && self.factor.is_finite()) {
            return Err(format!("the CIF/FOB factor is {}, and must be positive", self.factor));
        }
        if !(self.weight >= 0.0 && self.weight.is_finite()) {
            return Err(format!("the weight of a flow is {}, and must be a number from 0", self.weight));
        }
        Ok(())
    }
}

/// How the two ends differ; none where one of them is missing.
pub fn compare(flow: &Flow) -> Option<Asymmetry> {
    let (a, x) = (flow.import_equivalent()?, flow.exported?);
    let gap = a - x;
    let both = a + x;
    Some(Asymmetry {
        import_equivalent: a,
        gap,
        gap_over_export: (x > 0.0).then(|| gap / x),
        relative_gap: (both > 0.0).then(|| gap / (both / 2.0)),
        index: (both > 0.0).then(|| gap.abs() / both),
        log_ratio: (a > 0.0 && x > 0.0).then(|| libm::log(a / x)),
    })
}

/// What the flows show together. Refuses amounts that cannot be.
pub fn together(flows: &[Flow]) -> Result<Together, String> {
    flows.iter().try_for_each(Flow::check)?;
    let compared: Vec<(f64, f64, Asymmetry)> =
        flows.iter().filter_map(|flow| Some((flow.weight, flow.exported?, compare(flow)?))).collect();
    let total = |part: fn(&(f64, f64, Asymmetry)) -> f64| sum(compared.iter().map(part));
    let gap = total(|(w, _, a)| w * a.gap);
    let exported = total(|(w, x, _)| w * x);
    let both = total(|(w, x, a)| w * (a.import_equivalent + x));
    let absolute = total(|(w, _, a)| w * a.gap.abs());
    let positive = compared.iter().filter_map(|(w, x, a)| {
        a.log_ratio.map(|log_ratio| (w * (a.import_equivalent + x) / 2.0, log_ratio))
    });
    let weight = sum(positive.clone().map(|(weight, _)| weight));
    let missing = |part: fn(&Flow) -> Option<f64>| {
        sum(flows.iter().filter(|flow| compare(flow).is_none()).filter_map(part))
    };
    Ok(Together {
        used: compared.len(),
        gap,
        import_over: total(|(w, _, a)| w * a.gap.max(0.0)),
        export_over: total(|(w, _, a)| w * (-a.gap).max(0.0)),
        relative_gap: (exported > 0.0).then(|| gap / exported),
        index: (both > 0.0).then(|| absolute / both),
        mean_log_ratio: (weight > 0.0).then(|| sum(positive.map(|(w, ratio)| w * ratio)) / weight),
        unmatched_exports: missing(|flow| flow.exported),
        unmatched_imports: missing(Flow::import_equivalent),
    })
}

/// The standard error of `sum w gap` where the CIF/FOB factor is off by its standard error everywhere alike:
/// `se sum w M / c^2` over the flows that both ends report.
pub fn error_of_factor(flows: &[Flow], standard_error: f64) -> f64 {
    let slopes = flows.iter().filter(|flow| flow.exported.is_some());
    let slopes = slopes.filter_map(|flow| Some(flow.weight * flow.import_equivalent()? / flow.factor));
    standard_error * sum(slopes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn flow(exported: f64, imported: f64, factor: f64) -> Flow {
        Flow { exported: Some(exported), imported: Some(imported), factor, weight: 1.0 }
    }

    /// Imports of 112 against exports of 100 at a margin of 6 %.
    #[test]
    fn worked_number() {
        let asymmetry = compare(&flow(100.0, 112.0, 1.06)).expect("both ends");
        assert!((asymmetry.gap - 5.660_377_358_490_566).abs() < 1e-12);
        assert!((100.0 * asymmetry.relative_gap.expect("both positive") - 5.5).abs() < 0.05);
    }

    /// Imports of the United States in 2018 by partner, the partners' exports, and the gaps that Global Financial Integrity published
    /// (Trade Misinvoicing, from the International Monetary Fund's Direction of Trade Statistics; all goods, US dollars).
    #[test]
    fn published_gaps() {
        for (imported, exported, gap) in [
            (318_481_082_527.0, 337_831_875_906.0, -37_378_024_465.434),
            (4_861_438_385.0, 4_182_197_000.0, 404_065_627.358_49),
            (485_039_621.0, 502_878_359.0, -45_293_810.886_792_5),
        ] {
            let asymmetry = compare(&flow(exported, imported, 1.06)).expect("both ends");
            assert!((asymmetry.gap - gap).abs() < 0.005, "{}", asymmetry.gap);
        }
    }

    #[test]
    fn what_is_undefined_is_none() {
        let nothing = compare(&flow(0.0, 0.0, 1.0)).expect("two zeros are reported");
        assert_eq!((nothing.gap_over_export, nothing.relative_gap), (None, None));
        assert_eq!((nothing.index, nothing.log_ratio), (None, None));
        let unseen = compare(&flow(10.0, 0.0, 1.0)).expect("a reported zero is a zero");
        assert_eq!((unseen.gap, unseen.relative_gap, unseen.log_ratio), (-10.0, Some(-2.0), None));
        let unsent = compare(&flow(0.0, 10.0, 1.0)).expect("a reported zero is a zero");
        assert_eq!((unsent.gap_over_export, unsent.relative_gap), (None, Some(2.0)));
        assert_eq!(compare(&Flow { imported: None, ..flow(1.0, 1.0, 1.0) }), None);
        let empty = together(&[]).expect("no flow is no mistake");
        assert_eq!((empty.used, empty.gap, empty.relative_gap, empty.index), (0, 0.0, None, None));
        assert_eq!(empty.mean_log_ratio, None);
        // A weight of zero leaves nothing to divide by.
        let unweighted = together(&[Flow { weight: 0.0, ..flow(1.0, 2.0, 1.0) }]).expect("one flow");
        assert_eq!((unweighted.used, unweighted.index, unweighted.mean_log_ratio), (1, None, None));
    }

    #[test]
    fn flows_that_cannot_be_are_refused() {
        for (wrong, word) in [
            (flow(-1.0, 1.0, 1.0), "from 0"),
            (flow(1.0, f64::NAN, 1.0), "from 0"),
            (flow(1.0, 1.0, 0.0), "factor"),
            (Flow { weight: -1.0, ..flow(1.0, 1.0, 1.0) }, "weight"),
        ] {
            let reason = together(&[wrong]).expect_err("it cannot be");
            assert!(reason.contains(word), "{reason}");
        }
    }

    #[test]
    fn one_missing_end_is_unmatched_and_unweighted() {
        let flows = [
            Flow { imported: None, weight: 0.5, ..flow(50.0, 0.0, 1.0) },
            Flow { exported: None, weight: 0.5, ..flow(0.0, 70.0, 1.4) },
            Flow { exported: None, imported: None, factor: 1.0, weight: 1.0 },
        ];
        let together = together(&flows).expect("possible flows");
        assert_eq!((together.used, together.unmatched_exports, together.unmatched_imports), (0, 50.0, 50.0));
        assert!(together.gap_with_unmatched().abs() < 1e-12);
        assert!(error_of_factor(&flows, 1.0).abs() < 1e-12);
    }

    fn flows() -> impl Strategy<Value = Vec<Flow>> {
        let one = (0.0..1e4_f64, 0.0..1e4_f64, 1.0..1.3_f64, 0.1..2.0_f64);
        prop::collection::vec(one, 1..12).prop_map(|flows| {
            let flow =
                |(exported, imported, factor, weight)| Flow { weight, ..flow(exported, imported, factor) };
            flows.into_iter().map(flow).collect()
        })
    }

    proptest! {
        #[test]
        fn sums_split_into_over_and_under_and_merge(flows in flows(), at in 0..12_usize, unit in 1e-3..1e3_f64) {
            let whole = together(&flows).expect("possible flows");
            let scale = 1e-9 * (1.0 + whole.import_over + whole.export_over);
            prop_assert!((whole.gap - (whole.import_over - whole.export_over)).abs() < scale);
            let (left, right) = flows.split_at(at.min(flows.len()));
            let parts = [left, right].map(|flows| together(flows).expect("possible flows").gap);
            prop_assert!((parts[0] + parts[1] - whole.gap).abs() < scale);
            if let Some(index) = whole.index {
                prop_assert!((0.0..=1.0).contains(&index));
                let scaled: Vec<Flow> = flows
                    .iter()
                    .map(|flow| Flow {
                        exported: flow.exported.map(|x| x * unit),
                        imported: flow.imported.map(|m| m * unit),
                        ..*flow
                    })
                    .collect();
                let scaled = together(&scaled).expect("possible flows").index.expect("the same index");
                prop_assert!((scaled - index).abs() < 1e-12);
            }
        }

        #[test]
        fn exchanging_the_ends_turns_the_sign(x in 0.1..1e4_f64, m in 0.1..1e4_f64) {
            let [one, other] = [flow(x, m, 1.0), flow(m, x, 1.0)].map(|flow| compare(&flow).expect("both ends"));
            prop_assert!((one.gap + other.gap).abs() < 1e-9);
            let ratios = [one.log_ratio, other.log_ratio].map(|ratio| ratio.expect("both positive"));
            prop_assert!((ratios[0] + ratios[1]).abs() < 1e-12);
        }
    }
}
