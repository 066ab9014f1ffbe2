//! Relative risk of counterfeits: where seizures fall, against where imports fall.

use std::collections::BTreeSet;

use super::{
    Argument, Call, Column, Estimate, Holds, Input, Law, MOST_WITHOUT_DENOMINATOR, Measure, Need, Part,
    Quantity, Reach, Reading, Refusal, Step, Takes,
};
use crate::estimator::numeric::sample::{Sample, sum};
use world::{Indices, World};

pub mod index;
mod seizures;
mod world;

method! {
    /// Relative risk of counterfeits by commodity and provenance (GTRIC).
    ///
    /// # Assumes
    /// Customs everywhere finds the same part of the counterfeits of each commodity and from each provenance: where it looks
    /// more, it finds more, and the index rises. Values of seizures and of imports are of one kind.
    /// A reporting economy is one that gives its imports and its seizures of the period, also where it seized nothing: it then
    /// counts with gamma = 0 and its weight. Imports are in one currency; seizures may be in one of each economy's own.
    /// Only goods and provenances that some reporting economy imports are compared.
    ///
    /// # Formula
    /// ```text
    /// gamma_ik = v_ik / sum_k v_ik         seizures v of economy i and product k
    /// omega_i  = m_i / sum_i m_i           imports m
    /// Gamma_k  = sum_i omega_i gamma_ik
    /// CP_k     = Gamma_k / s_k             s_k the share of product k in all imports
    /// cp_k     = ln(CP_k + 1) ;  mu = mean of cp_k, sigma^2 = sum_k (cp_k - mu)^2 / (K - 1)
    /// p_k      = [Phi((cp_k - mu)/sigma) - Phi(-mu/sigma)] / [1 - Phi(-mu/sigma)]
    /// e_j      the same with provenances j in place of products
    /// P_kj     = p_k e_j, and at least eps_p eps_e for a pair of which nothing was ever seized
    /// risk     = sum_kj P_kj m_kj / sum_kj m_kj            over the territory's imports
    /// ceiling  = alpha sum_kj P_kj m_kj                    alpha the fixed point
    /// ```
    /// The steps to `CP_k` are those of the annex that the OECD published; it words the weights both by all imports of an economy
    /// (as here) and by its imports of the product. NOT VERIFIED against a publication: the logarithm, the law cut off
    /// at 0, the divisor K - 1, the product of the two indices and the floors, all from memory. P is relative to 1 and not to its highest value;
    /// dividing by that changes a ceiling much (the example of two economies here: 36.8 and 56.7).
    /// No variance is published. Each draw gives every economy and every seizure a weight from an exponential law (the Bayesian
    /// bootstrap) and leaves imports as they are; the interval is made of the quantiles of the draws. More than
    /// 200 seizures of an economy are drawn in 200 groups. With few economies or few seizures it is too narrow.
    ///
    /// # Fails when
    /// Fewer than two imported products or provenances have seizures, or all log factors are equal (sigma is 0): there
    /// is nothing to rank then. The index is relative: 0.6 is no share of imports, and says nothing of smuggling or unpaid duty.
    /// Two products, or two provenances, have the log factors mu -+ 0.707 sigma whatever they are: little but their order is left.
    /// One large seizure moves an index much. Economies that report differ from year to year: the index of two years
    /// is of two worlds. The ceiling is as good as alpha, which must not come from seizures.
    ///
    /// # References
    /// OECD and European Union Intellectual Property Office (2016), Trade in Counterfeit and Pirated Goods: Mapping the Economic Impact, annex A.
    /// OECD (2008), The Economic Impact of Counterfeiting and Piracy.
    /// D. B. Rubin (1981), The Bayesian Bootstrap, Annals of Statistics 9(1), 130-134.
    METHOD {
        name: "gtric",
        reach: Reach::Peers,
        inputs: &[
            Input { name: "seized", doc: "lines of seizures of counterfeits, v", need: Need::Always, takes: Takes::Records { columns: &[
                Column { name: "product", doc: "the commodity", holds: Holds::Texts, need: Need::Always },
                Column { name: "provenance", doc: "the territory that the goods came from", holds: Holds::Texts, need: Need::Always },
                Column { name: "value", doc: "the value of the line", holds: Holds::Numbers(Measure::Any), need: Need::Always },
                Column { name: "currency", doc: "the currency of the value", holds: Holds::Texts, need: Need::Optional },
                Column { name: "seizure", doc: "the seizure, whose lines are drawn together", holds: Holds::Texts, need: Need::Optional },
            ] } },
            Input { name: "imports", doc: "value of imports, m", need: Need::Always, takes: Takes::Figures {
                many: false, by: &["partner", "commodity", "currency"], unit: Measure::Any,
            } },
        ],
        assumptions: &[
            Law { name: "product_floor", doc: "the least index of a product, eps_p; 0 where not stated", need: Need::Optional },
            Law { name: "provenance_floor", doc: "the least index of a provenance, eps_e; 0 where not stated", need: Need::Optional },
            Law { name: "fixed_point", doc: "an upper limit, not from seizures, of the counterfeit share where the index is 1, alpha; for the ceiling", need: Need::Optional },
        ],
        gives: &[
            Quantity { name: "relative_counterfeit_risk", doc: "the index of pairs, weighted by the territory's imports" },
            Quantity { name: "counterfeit_imports_ceiling", doc: "the most that the territory's imports of counterfeits are worth, for a fixed point" },
        ],
        run: run,
    }
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let count = call.count()?;
    let floors = ["product_floor", "provenance_floor"].map(|name| call.optional(name));
    for law in floors.into_iter().flatten() {
        within(law, count)?;
    }
    let alpha = match quantity.name {
        "counterfeit_imports_ceiling" => Some(fixed_point(call, count)?),
        _ => None,
    };
    let world = World::of(call)?;
    let at = |law: Option<&Argument<'_>>, draw: Option<usize>| {
        law.map_or(0.0, |law| draw.map_or(law.value, |draw| law.draw(draw)))
    };
    let floor = |draw| at(floors[0], draw) * at(floors[1], draw);

    let indices = world.indices().ok_or_else(|| {
        Refusal::new(
            "seizures fall on products or provenances exactly as imports do, so that no index sets them apart",
            "give the seizures of more territories",
        )
    })?;
    let scale = |draw| alpha.map(|alpha| at(Some(alpha), draw));
    let value = Risks::of(&world, &indices, floor(None), scale(None));
    let mut drawn = Vec::with_capacity(count);
    let mut without = 0_usize;
    for draw in 0..count {
        if let Some(indices) = world.drawn(draw) {
            drawn.push(Risks::of(&world, &indices, floor(Some(draw)), scale(Some(draw))));
        } else {
            without += 1;
            drawn.push(value.clone());
        }
    }
    if without as f64 > MOST_WITHOUT_DENOMINATOR * count as f64 {
        return Err(Refusal::new(
            format!("in {without} of {count} draws no index sets products or provenances apart"),
            "give the seizures of more territories",
        ));
    }
    let draws = drawn.iter().map(|risks| risks.whole).collect();
    let parts = parts(&world, &value, &drawn, call.level)?;
    let steps = steps(&world, &indices, &value, floor(None), alpha);
    let estimate = call.estimate(quantity, value.whole, None, draws, steps, notes(&world))?;
    let reading = if alpha.is_some() { Reading::Ceiling } else { Reading::Level };
    Ok(Estimate { reading, parts, ..estimate })
}

/// The risk of all imports, of each product and of each provenance.
#[derive(Debug, Clone)]
struct Risks {
    whole: f64,
    products: Vec<f64>,
    provenances: Vec<f64>,
}

impl Risks {
    /// Means over imports; with a fixed point the counterfeit imports that it makes of them.
    fn of(world: &World, indices: &Indices, floor: f64, alpha: Option<f64>) -> Self {
        let mut products = vec![(0.0, 0.0); world.products.names.len()];
        let mut provenances = vec![(0.0, 0.0); world.provenances.names.len()];
        for (k, j, pair, imports) in world.pairs(indices, floor) {
            for (risky, all) in [&mut products[k], &mut provenances[j]] {
                *risky += pair * imports;
                *all += imports;
            }
        }
        let figure = |(risky, all): (f64, f64)| match alpha {
            Some(alpha) => alpha * risky,
            None => {
                if all > 0.0 {
                    risky / all
                } else {
                    0.0
                }
            }
        };
        let whole = (sum(products.iter().map(|cell| cell.0)), sum(products.iter().map(|cell| cell.1)));
        let figures = |cells: Vec<(f64, f64)>| cells.into_iter().map(figure).collect();
        Self { whole: figure(whole), products: figures(products), provenances: figures(provenances) }
    }
}

/// The risk of each product and of each provenance that the territory imports.
fn parts(world: &World, value: &Risks, drawn: &[Risks], level: f64) -> Result<Vec<Part>, Refusal> {
    let imported = |place: fn(&(usize, usize, f64)) -> usize| -> BTreeSet<usize> {
        world.imports.iter().filter(|cell| cell.2 > 0.0).map(place).collect()
    };
    let part = |dimension: &str, name: &str, figure: &dyn Fn(&Risks) -> f64| {
        let sample = Sample::new(drawn.iter().map(figure).collect())
            .map_err(|reason| Refusal::new(reason, "look for figures that are out of all proportion"))?;
        let [low, high] = [(1.0 - level) / 2.0, f64::midpoint(1.0, level)].map(|p| sample.quantile(p));
        Ok(Part { of: vec![(dimension.to_owned(), name.to_owned())], value: figure(value), low, high })
    };
    let products = imported(|cell| cell.0)
        .into_iter()
        .map(|k| part("commodity", &world.products.names[k], &|risks| risks.products[k]));
    let provenances = imported(|cell| cell.1)
        .into_iter()
        .map(|j| part("partner", &world.provenances.names[j], &|risks| risks.provenances[j]));
    products.chain(provenances).collect()
}

fn steps(
    world: &World,
    indices: &Indices,
    value: &Risks,
    floor: f64,
    alpha: Option<&Argument<'_>>,
) -> Vec<Step> {
    let (reporters, with_seizures) = world.reporters();
    let highest = world.pairs(indices, floor).map(|pair| pair.2).fold(0.0, f64::max);
    let imports = sum(world.imports.iter().map(|cell| cell.2));
    let mut steps = vec![
        Step { name: "economies that report", value: reporters as f64 },
        Step { name: "economies with seizures", value: with_seizures as f64 },
        Step { name: "seizures, or groups of them", value: world.seizures() as f64 },
        Step { name: "products K", value: world.products.names.len() as f64 },
        Step { name: "provenances J", value: world.provenances.names.len() as f64 },
        Step { name: "spread of products sigma_p", value: indices.products.sigma },
        Step { name: "spread of provenances sigma_e", value: indices.provenances.sigma },
        Step { name: "floor eps_p eps_e", value: floor },
        Step { name: "pairs imported and never seized", value: world.never_seized() as f64 },
        Step { name: "highest index P of an imported pair", value: highest },
        Step { name: "imports that are compared", value: imports },
    ];
    match alpha {
        Some(alpha) => {
            steps.push(Step { name: "fixed point alpha", value: alpha.value });
            steps.push(Step { name: "ceiling as a part of the imports", value: value.whole / imports });
            steps.extend((highest > 0.0).then(|| Step {
                name: "ceiling with P relative to its highest value",
                value: value.whole / highest,
            }));
        }
        None => steps.extend((highest > 0.0).then(|| Step {
            name: "risk with P relative to its highest value",
            value: value.whole / highest,
        })),
    }
    steps
}

fn notes(world: &World) -> Vec<String> {
    let mut notes = world.notes.clone();
    notes.push("the later steps of the index were not verified against a publication".to_owned());
    let (_, with_seizures) = world.reporters();
    if with_seizures < 2 {
        notes.push(
            "one economy alone reports seizures, so that the interval holds nothing of how economies differ"
                .to_owned(),
        );
    }
    notes
}

/// Refuses a law that leaves 0 to 1.
fn within(law: &Argument<'_>, count: usize) -> Result<(), Refusal> {
    let impossible = |x: f64| !(0.0..=1.0).contains(&x);
    let outside = (0..count).filter(|draw| impossible(law.draw(*draw))).count();
    if outside == 0 && !impossible(law.value) {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{} is {} and lies outside 0 to 1 in {outside} draws", law.input, law.value),
        "state a law between 0 and 1",
    ))
}

fn fixed_point<'a>(call: &Call<'a>, count: usize) -> Result<&'a Argument<'a>, Refusal> {
    let alpha = call.optional("fixed_point").ok_or_else(|| {
        Refusal::new(
            "no fixed point is stated, and seizures do not tell how much is counterfeit",
            "state `fixed_point`, an upper limit of the counterfeit share that does not come from seizures",
        )
    })?;
    within(alpha, count)?;
    Ok(alpha)
}

#[cfg(test)]
mod tests;
