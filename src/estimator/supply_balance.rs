//! The balance of drinks by beverage: what was made and imported, less what is accounted for.

use super::ledger::{Entry, coefficient, count};
use super::numeric::sample::sum;
use super::{Call, Estimate, Input, Law, Measure, Need, Quantity, Reach, Refusal, Step, Takes};

mod closing;
mod flows;

use closing::Closing;
use flows::Beverage;

method! {
    /// Drinks that left legal supply without being cleared.
    ///
    /// # Assumes
    /// Each ledger holds its flow of every beverage of one territory and year, in litres of pure alcohol. Where a flow is given
    /// for some beverages, it is nil for those of which no figure is given, which a note names; a beverage of which no
    /// clearances, or neither production nor imports, are given is left out and named. Whisky is inside spirits.
    /// A figure with an interval has the error that the interval says. Others err normally and independently, by the stated
    /// coefficient of variation: production, imports and exports (trade), clearances with duty-free sales, and stocks with
    /// losses. The change of a stock errs by the stock at its start and at its end, where `stock` gives that at the end.
    ///
    /// # Formula
    /// ```text
    /// X_b  = P_b + M_b - E_b - S_b - B_b - D_b - F_b     P production, M imports, E exports, S change of stocks, B lost,
    ///                                                    D duty-paid, F duty-free; b beverage
    /// X    = sum of X_b
    /// se   = sqrt(sum of all variances)                  var S_b = k^2 (T^2 + (T - S_b)^2), T stock at the end, k its error
    /// Q    = sum of X_b^2 / var X_b                      misclosure, chi-squared with as many degrees as beverages, were
    ///                                                    every X_b truly 0: Stone's balancing of the closed ledgers
    /// ```
    /// The value is taken at the given figures, the interval from the quantiles of the draws. X and `X_b` may be negative and are
    /// kept. Beside X stand the sums of the `X_b` above 0 and below 0, so that a surplus of one does not hide what is missing of another.
    ///
    /// # Fails when
    /// A needed ledger has no figure at all: there is no estimate then. Goods under duty suspension at the turn of the year,
    /// and transit, move X in either direction; what moved under suspension and never arrived is within X.
    /// Without `stock`, the change of a stock seems to err by a part of the change alone, which is too little.
    /// Goods that were smuggled in or made without a licence were never in the ledgers and are not in X.
    ///
    /// # References
    /// R. Stone, D. G. Champernowne, J. E. Meade (1942), The precision of national income estimates, Review of Economic Studies 9(2), 111-125.
    METHOD {
        name: "supply_balance",
        reach: Reach::Place,
        inputs: &[
            Input { name: "production", doc: "licensed production, P", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
            Input { name: "imports", doc: "imports, M", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
            Input { name: "exports", doc: "exports, E", need: Need::WhereNamed, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
            Input { name: "stock_change", doc: "stock at the end less stock at the start, S", need: Need::WhereNamed, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
            Input { name: "stock", doc: "stock at the end, T", need: Need::Optional, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
            Input { name: "lost", doc: "lost in store, as the books say, B", need: Need::Optional, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
            Input { name: "duty_paid", doc: "cleared with duty paid, D", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
            Input { name: "duty_free", doc: "sold duty-free, F", need: Need::Optional, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
        ],
        assumptions: &[
            Law { name: "production_error", doc: "coefficient of variation of production", need: Need::Always },
            Law { name: "trade_error", doc: "coefficient of variation of imports and of exports", need: Need::Always },
            Law { name: "stock_error", doc: "coefficient of variation of a stock, k", need: Need::Always },
            Law { name: "clearance_error", doc: "coefficient of variation of clearances", need: Need::Always },
        ],
        gives: &[
            Quantity { name: "unaccounted_alcohol", doc: "drinks that were made or imported and neither exported, stored, lost, sold duty-free nor cleared, X" },
        ],
        run: run,
    }
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let count = count(call)?;
    let errors: Result<Vec<_>, Refusal> =
        METHOD.assumptions.iter().map(|law| coefficient(call.one(law.name)?, count)).collect();
    let (beverages, mut notes) = flows::read(call, &errors?)?;
    let by_beverage: Vec<Vec<f64>> =
        beverages.iter().map(|beverage| (0..count).map(|i| beverage.draw(i)).collect()).collect();
    let draws = (0..count).map(|i| sum(by_beverage.iter().map(|draws| draws[i]))).collect();
    let each: Vec<f64> = beverages.iter().map(Beverage::unaccounted).collect();
    let value = sum(each.iter().copied());
    let variances: Option<Vec<f64>> = beverages.iter().map(Beverage::variance).collect();
    let analytic = variances.map(|variances| libm::sqrt(sum(variances)));
    let mut steps = flows::totals(&beverages);
    steps.extend([
        Step { name: "unaccounted X", value },
        Step { name: "sum of the X_b above 0", value: sum(each.iter().map(|x| x.max(0.0))) },
        Step { name: "sum of the X_b below 0", value: sum(each.iter().map(|x| x.min(0.0))) },
    ]);
    match closing::close(&beverages) {
        Ok(Closing { statistic, degrees, probability }) => {
            steps.push(Step { name: "misclosure of the ledgers Q", value: statistic });
            steps.push(Step { name: "degrees of freedom of Q", value: degrees });
            steps.push(Step {
                name: "probability of such a misclosure, were nothing missing",
                value: probability,
            });
            if probability >= closing::UNLIKELY {
                notes.push(format!(
                    "the ledgers close within their errors (probability {probability:.2}), so that nothing need be missing"
                ));
            }
        }
        Err(reason) => notes.push(reason),
    }
    let mut estimate = call.estimate(quantity, value, analytic, draws, steps, notes)?;
    for ((beverage, value), draws) in beverages.iter().zip(each).zip(by_beverage) {
        estimate.parts.push(call.part("beverage", &beverage.name, value, draws)?);
    }
    if value < 0.0 {
        estimate
            .notes
            .push("more was cleared than there was, so that supply is missing in the ledgers".to_owned());
    } else if estimate.low <= 0.0 {
        estimate.notes.push(
            "the interval reaches 0: the errors of the figures alone can explain what is left over"
                .to_owned(),
        );
    }
    Ok(estimate)
}

#[cfg(test)]
mod tests;
