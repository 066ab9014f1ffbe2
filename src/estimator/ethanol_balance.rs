//! The balance of ethanol: what was there, less what was used, exported and lost.

use super::ledger::{Entry, coefficient};
use super::numeric::balancing::{Balance, Constraint, Errors};
use super::numeric::sample::sum;
use super::{
    Argument, Call, Column, Estimate, Holds, Input, Law, Measure, Need, Quantity, Reach, Refusal, Step, Takes,
};

mod books;

use books::{Supply, Use};

method! {
    /// Ethanol that no declared use explains.
    ///
    /// # Assumes
    /// The books hold all licensed production, all imports and all stocks of ethanol of one territory and year, in litres of
    /// pure alcohol, and every delivery with the purpose that the user declared. Exports are a purpose. A delivery without a
    /// declared purpose is not explained by one: it is part of X, and shown.
    /// Where a book has a row for all grades it is taken, and its rows by grade are not added to it.
    /// Each flow errs as a whole, normally, with the coefficient of variation that is stated, which is cautious where its
    /// rows err independently; different flows, and the stocks of different days, are independent. A stock that closes one
    /// month and opens the next is one count, and its error cancels.
    /// A part e of what was available evaporates beside the losses that are in the books.
    /// Where customs count the imports too, both counts are of the same goods and err independently.
    ///
    /// # Formula
    /// ```text
    /// X  = (O + P + M*)(1 - e) - B - U - C     O opening stock, P production, B losses in the books, U declared uses with
    ///                                          exports, C closing stock, e evaporation
    /// M* = (M/v + K/w) / (1/v + 1/w)           M imports by the regulator, K by customs, with variances v and w: Stone's
    ///                                          balancing under M = K; M where customs give none
    /// Q  = (M - K)^2 / (v + w)                 misclosure, chi-squared with 1 degree of freedom where both are right
    /// se = sqrt((1 - e)^2 (var O + var P + 1/(1/v + 1/w)) + var U + var C + (O + P + M*)^2 var e)
    /// ```
    /// The value is taken at the given figures and the median of e, the interval from the quantiles of the draws. X is a small
    /// difference of large numbers: it is never given without its standard error. A negative X is kept.
    ///
    /// # Fails when
    /// A figure of either book is empty: there is no estimate then. Legal users without a licence look like diversion; false
    /// declarations of use hide it. Stocks that users hold are in no book. Where Q is large the two counts of imports
    /// contradict each other by more than their errors, and the interval is too narrow; X by each count stands beside it.
    /// X is ethanol, not drinks: not all of it is drunk.
    ///
    /// # References
    /// R. Stone, D. G. Champernowne, J. E. Meade (1942), The precision of national income estimates, Review of Economic Studies 9(2), 111-125.
    METHOD {
        name: "ethanol_balance",
        reach: Reach::Place,
        inputs: &[
            Input { name: "supply", doc: "ethanol made, imported, lost and held, a row a month or year and grade", need: Need::Always, takes: Takes::Records { columns: &[
                Column { name: "grade", doc: "the grade; all where a row holds every grade", holds: Holds::Texts, need: Need::Always },
                Column { name: "production", doc: "made in the territory, P", holds: Holds::Numbers(Measure::Of("LPA")), need: Need::Always },
                Column { name: "imports", doc: "imported, M", holds: Holds::Numbers(Measure::Of("LPA")), need: Need::Always },
                Column { name: "lost", doc: "lost or destroyed, as the books say, B", holds: Holds::Numbers(Measure::Of("LPA")), need: Need::Optional },
                Column { name: "opening_stock", doc: "stock at the start, O", holds: Holds::Numbers(Measure::Of("LPA")), need: Need::Always },
                Column { name: "closing_stock", doc: "stock at the end, C", holds: Holds::Numbers(Measure::Of("LPA")), need: Need::Always },
            ] } },
            Input { name: "use", doc: "ethanol delivered, a row a month or year, purpose and grade", need: Need::Always, takes: Takes::Records { columns: &[
                Column { name: "purpose", doc: "the declared purpose; unknown where none was declared", holds: Holds::Texts, need: Need::Always },
                Column { name: "grade", doc: "the grade; all where a row holds every grade", holds: Holds::Texts, need: Need::Always },
                Column { name: "delivered", doc: "delivered, U", holds: Holds::Numbers(Measure::Of("LPA")), need: Need::Always },
                Column { name: "denatured", doc: "part of it that was denatured before use", holds: Holds::Numbers(Measure::Of("LPA")), need: Need::Optional },
            ] } },
            Input { name: "imports_by_customs", doc: "the same imports as customs count them, K", need: Need::Optional, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("LPA") } },
        ],
        assumptions: &[
            Law { name: "production_error", doc: "coefficient of variation of production", need: Need::Always },
            Law { name: "imports_error", doc: "coefficient of variation of declared imports, of the regulator and of customs alike", need: Need::Always },
            Law { name: "stock_error", doc: "coefficient of variation of a stock", need: Need::Always },
            Law { name: "use_error", doc: "coefficient of variation of declared uses", need: Need::Always },
            Law { name: "evaporation", doc: "part of what was available that evaporates and is in no book, e", need: Need::Always },
        ],
        gives: &[
            Quantity { name: "unaccounted_ethanol", doc: "ethanol that no declared use, export or loss explains, X" },
        ],
        run: run,
    }
}

/// What X is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ledger {
    /// Stock at the start, O.
    pub opening: f64,
    /// Stock at the end, C.
    pub closing: f64,
    /// Production, P.
    pub production: f64,
    /// Imports, M*.
    pub imports: f64,
    /// Losses in the books, B.
    pub lost: f64,
    /// Declared uses with exports, U.
    pub used: f64,
    /// The part that evaporates, e.
    pub evaporation: f64,
}

impl Ledger {
    /// Opening stock, production and imports.
    pub fn available(&self) -> f64 {
        self.opening + self.production + self.imports
    }

    /// What nothing explains, X.
    pub fn unaccounted(&self) -> f64 {
        sum([
            self.opening,
            self.production,
            self.imports,
            -self.evaporation * self.available(),
            -self.lost,
            -self.used,
            -self.closing,
        ])
    }
}

/// The figures of the ledger with their errors.
struct Entries<'a> {
    opening: Entry<'a>,
    closing: Entry<'a>,
    production: Entry<'a>,
    used: Entry<'a>,
    imports: Imports<'a>,
    evaporation: &'a Argument<'a>,
    lost: f64,
}

/// One or two counts of the imports.
struct Imports<'a> {
    regulator: Entry<'a>,
    customs: Option<(Entry<'a>, Balance)>,
}

impl<'a> Imports<'a> {
    fn new(regulator: Entry<'a>, customs: Option<Entry<'a>>) -> Result<Self, Refusal> {
        let Some(customs) = customs else { return Ok(Self { regulator, customs: None }) };
        let unknown = || {
            Refusal::new(
                "the imports by customs come with draws and without a standard deviation",
                "give them an interval",
            )
        };
        let variances = [regulator, customs].map(|entry| entry.sd().map(|sd| sd * sd));
        let [Some(v), Some(w)] = variances else { return Err(unknown()) };
        let same = Constraint {
            name: "regulator and customs".to_owned(),
            coefficients: vec![1.0, -1.0],
            total: 0.0,
        };
        let balance = Balance::new(&Errors::Independent(vec![v, w]), vec![same])
            .map_err(|reason| unbalanced(&reason))?;
        Ok(Self { regulator, customs: Some((customs, balance)) })
    }

    /// The reconciled imports M* and their misclosure Q, where there are two counts.
    fn reconciled(&self, regulator: f64, customs: Option<f64>) -> Result<(f64, Option<f64>), Refusal> {
        let (Some((_, balance)), Some(customs)) = (&self.customs, customs) else {
            return Ok((regulator, None));
        };
        let balanced = balance.at(&[regulator, customs]).map_err(|reason| unbalanced(&reason))?;
        Ok((balanced.figures[0], Some(balanced.statistic)))
    }

    fn value(&self) -> Result<(f64, Option<f64>), Refusal> {
        self.reconciled(self.regulator.value, self.customs.as_ref().map(|(customs, _)| customs.value))
    }

    fn draw(&self, i: usize) -> Result<f64, Refusal> {
        let customs = self.customs.as_ref().map(|(customs, _)| customs.draw(i));
        Ok(self.reconciled(self.regulator.draw(i), customs)?.0)
    }

    /// The variance of M*.
    fn variance(&self) -> Option<f64> {
        match &self.customs {
            None => self.regulator.sd().map(|sd| sd * sd),
            Some((_, balance)) => Some(balance.covariance()[0][0]),
        }
    }
}

impl Entries<'_> {
    fn at(&self, imports: f64) -> Ledger {
        Ledger {
            opening: self.opening.value,
            closing: self.closing.value,
            production: self.production.value,
            imports,
            lost: self.lost,
            used: self.used.value,
            evaporation: self.evaporation.value,
        }
    }

    fn draw(&self, i: usize) -> Result<Ledger, Refusal> {
        Ok(Ledger {
            opening: self.opening.draw(i),
            closing: self.closing.draw(i),
            production: self.production.draw(i),
            imports: self.imports.draw(i)?,
            lost: self.lost,
            used: self.used.draw(i),
            evaporation: self.evaporation.draw(i),
        })
    }

    /// By the delta method.
    fn standard_error(&self, ledger: &Ledger) -> Option<f64> {
        let square = |sd: Option<f64>| sd.map(|sd| sd * sd);
        let supply =
            sum([square(self.opening.sd())?, square(self.production.sd())?, self.imports.variance()?]);
        let kept = 1.0 - ledger.evaporation;
        let evaporated = self.evaporation.spread()? * ledger.available();
        Some(libm::sqrt(sum([
            kept * kept * supply,
            square(self.used.sd())?,
            square(self.closing.sd())?,
            evaporated * evaporated,
        ])))
    }
}

fn unbalanced(reason: &str) -> Refusal {
    Refusal::new(
        format!("the imports of the regulator and of customs cannot be reconciled: {reason}"),
        "state an error of imports above 0",
    )
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let (supply_table, use_table) = (call.table("supply")?, call.table("use")?);
    let count = call.count()?;
    let supply = Supply::read(supply_table)?;
    let uses = Use::read(use_table)?;
    let error = |name: &str| coefficient(call.one(name)?, count);
    let imports_error = error("imports_error")?;
    let stock_error = error("stock_error")?;
    let of_supply =
        |value, coefficient, part: &str| Entry::stated(value, coefficient, supply_table.stream(part));
    let customs = call
        .optional("imports_by_customs")
        .map(|customs| Entry::of(customs, imports_error, call.stream("imports_by_customs")));
    let entries = Entries {
        opening: of_supply(supply.opening, stock_error, "opening_stock"),
        closing: of_supply(supply.closing, stock_error, "closing_stock"),
        production: of_supply(supply.production, error("production_error")?, "production"),
        imports: Imports::new(of_supply(supply.imports, imports_error, "imports"), customs)?,
        used: Entry::stated(uses.declared, error("use_error")?, use_table.stream("delivered")),
        evaporation: evaporation(call, count)?,
        lost: supply.lost,
    };
    let (imports, misclosure) = entries.imports.value()?;
    let ledger = entries.at(imports);
    let draws: Result<Vec<f64>, Refusal> = (0..count).map(|i| Ok(entries.draw(i)?.unaccounted())).collect();
    let analytic = entries.standard_error(&ledger);
    let (steps, notes) = account(&entries, &ledger, &uses, misclosure, analytic);
    let mut estimate = call.estimate(quantity, ledger.unaccounted(), analytic, draws?, steps, notes)?;
    estimate.notes.extend(supply.notes);
    estimate.notes.extend(uses.notes);
    if ledger.unaccounted() < 0.0 {
        estimate.notes.push(
            "more was used than there was: supply is missing in the books, or uses were counted twice"
                .to_owned(),
        );
    } else if estimate.low <= 0.0 {
        estimate.notes.push(
            "the interval reaches 0: the errors of the figures alone can explain what is left over"
                .to_owned(),
        );
    }
    Ok(estimate)
}

/// The law of evaporation, in all its draws at least 0 and below 1.
fn evaporation<'a>(call: &Call<'a>, count: usize) -> Result<&'a Argument<'a>, Refusal> {
    let evaporation = call.one("evaporation")?;
    let is_possible = |e: f64| (0.0..1.0).contains(&e);
    if is_possible(evaporation.value) && (0..count).all(|i| is_possible(evaporation.draw(i))) {
        return Ok(evaporation);
    }
    Err(Refusal::new("evaporation is not always a part from 0 to 1", "state a law between 0 and 1"))
}

/// A misclosure with a smaller probability is a contradiction that a reader must know of.
const UNLIKELY: f64 = 0.05;

fn account(
    entries: &Entries<'_>,
    ledger: &Ledger,
    uses: &Use,
    misclosure: Option<f64>,
    analytic: Option<f64>,
) -> (Vec<Step>, Vec<String>) {
    let mut steps = vec![
        Step { name: "opening stock O", value: ledger.opening },
        Step { name: "production P", value: ledger.production },
        Step { name: "imports by the regulator M", value: entries.imports.regulator.value },
    ];
    let mut notes = Vec::new();
    if let (Some((customs, balance)), Some(statistic)) = (&entries.imports.customs, misclosure) {
        steps.push(Step { name: "imports by customs K", value: customs.value });
        steps.push(Step { name: "imports, reconciled M*", value: ledger.imports });
        steps.push(Step { name: "misclosure of the imports Q", value: statistic });
        let with = |imports: f64| Ledger { imports, ..*ledger }.unaccounted();
        let each = [with(entries.imports.regulator.value), with(customs.value)];
        if let Some(probability) = balance.probability(statistic) {
            steps.push(Step { name: "probability of such a misclosure", value: probability });
            if probability < UNLIKELY {
                notes.push(format!(
                    "the regulator and customs differ about the imports by more than their errors (probability {probability:.2e}), so that the interval is too narrow: the result is {:.0} with the regulator's and {:.0} with those of customs",
                    each[0], each[1]
                ));
            }
        }
        steps.push(Step { name: "X with the imports by the regulator", value: each[0] });
        steps.push(Step { name: "X with the imports by customs", value: each[1] });
    } else {
        notes.push("no imports by customs are given, so that those of the regulator stand alone".to_owned());
    }
    steps.extend([
        Step { name: "available O + P + M*", value: ledger.available() },
        Step { name: "evaporated e (O + P + M*)", value: ledger.evaporation * ledger.available() },
        Step { name: "lost, in the books B", value: ledger.lost },
        Step { name: "declared uses with exports U", value: ledger.used },
        Step { name: "closing stock C", value: ledger.closing },
        Step { name: "unaccounted X", value: ledger.unaccounted() },
    ]);
    steps.extend(analytic.map(|value| Step { name: "standard error of X", value }));
    if ledger.available() > 0.0 {
        let value = ledger.unaccounted() / ledger.available();
        steps.push(Step { name: "X as a part of what was available", value });
    }
    steps.push(Step { name: "delivered without a declared purpose, within X", value: uses.undeclared });
    steps.push(Step { name: "exported, within U", value: uses.exported });
    steps.extend(uses.denatured.map(|value| Step { name: "denatured before use, within U", value }));
    (steps, notes)
}

#[cfg(test)]
mod tests;
