//! Relative risk of counterfeits: where seizures fall, against where imports fall.

use super::{
    Argument, Call, Column, Estimate, Holds, Input, Law, MOST_WITHOUT_DENOMINATOR, Measure, Need, Part,
    Quantity, Reach, Reading, Refusal, Step, Takes,
};
use crate::estimator::numeric::sample::{Sample, sum};
use risks::Risks;
use world::{Indices, World};

pub mod index;
mod risks;
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
    /// Only goods and provenances that some reporting economy imports are compared; the commodity `TOTAL`, all goods, is left out.
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
    /// No variance is published. Each of 2,048 resamples gives every economy and every seizure a weight from an exponential
    /// law (the Bayesian bootstrap) and leaves imports as they are. Unequal weights alone set seizures further apart, so
    /// that the median of the resamples leaves the value; they are moved back to it on the logit scale, and how far
    /// stands beside. Draws read the law that they make, at uniform numbers which are the same for all territories of the
    /// comparison; the interval is made of their quantiles. More than 64 seizures of an economy are drawn in 64 groups. With few economies or few seizures it is too narrow.
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
    let risks = Risks::new(&world);
    let value = risks.at(&indices, floor(None));
    let resamples = count.min(RESAMPLES);
    let mut resampled = vec![Vec::with_capacity(resamples); value.len()];
    let mut without = 0_usize;
    for draw in 0..resamples {
        let risks = world.drawn(draw).map(|indices| risks.at(&indices, floor(Some(draw))));
        without += usize::from(risks.is_none());
        let risks = risks.as_ref().unwrap_or(&value);
        resampled.iter_mut().zip(risks).for_each(|(resampled, risk)| resampled.push(*risk));
    }
    if without as f64 > MOST_WITHOUT_DENOMINATOR * resamples as f64 {
        return Err(Refusal::new(
            format!("in {without} of {resamples} resamples no index sets products or provenances apart"),
            "give the seizures of more territories",
        ));
    }

    // A risk, or with a fixed point what it makes of the imports.
    let scale = |imports: f64, draw| alpha.map_or(1.0, |alpha| at(Some(alpha), draw) * imports);
    let mut figures = risks.figures().iter().zip(&value).zip(resampled).map(|((figure, risk), resampled)| {
        let (resampled, shift) = risks::recentred(resampled, *risk);
        (figure, *risk, resampled, shift)
    });
    let (all, risk, resampled, shift) = figures.next().expect("the figure of all imports comes first");
    let law = sample(resampled)?;
    let whole = risk * scale(all.imports, None);
    let draws = (0..count)
        .map(|draw| law.quantile(world.stream.spread(draw as u64)) * scale(all.imports, Some(draw)));
    let parts = figures.filter_map(|(figure, risk, resampled, _)| {
        let draws = resampled.iter().enumerate();
        let draws = draws.map(|(draw, risk)| risk * scale(figure.imports, Some(draw))).collect();
        Some(part(figure.of.clone()?, risk * scale(figure.imports, None), draws, call.level))
    });
    let parts = parts.collect::<Result<Vec<Part>, Refusal>>()?;
    let mut steps = steps(&world, &indices, floor(None), whole, alpha);
    steps.push(Step { name: "resamples", value: resamples as f64 });
    steps.push(Step { name: "median of the resamples less the value, in logits", value: -shift });
    let mut estimate = call.estimate(quantity, whole, None, draws.collect(), steps, notes(&world))?;
    // The ends are no better known than those of the law that is drawn from.
    for (error, p) in estimate.monte_carlo_error.iter_mut().zip(ends(call.level)) {
        *error = libm::hypot(*error, scale(all.imports, None) * law.quantile_error(p));
    }
    let reading = if alpha.is_some() { Reading::Ceiling } else { Reading::Level };
    Ok(Estimate { reading, parts, ..estimate })
}

/// So many times the economies and seizures are weighted anew; draws are read from what that gives.
const RESAMPLES: usize = 2_048;

fn ends(level: f64) -> [f64; 2] {
    [(1.0 - level) / 2.0, f64::midpoint(1.0, level)]
}

fn sample(draws: Vec<f64>) -> Result<Sample, Refusal> {
    Sample::new(draws)
        .map_err(|reason| Refusal::new(reason, "look for figures that are out of all proportion"))
}

/// The risk of one product or provenance.
fn part(of: (String, String), value: f64, draws: Vec<f64>, level: f64) -> Result<Part, Refusal> {
    let sample = sample(draws)?;
    let [low, high] = ends(level).map(|p| sample.quantile(p));
    Ok(Part { of: vec![of], value, low, high })
}

fn steps(
    world: &World,
    indices: &Indices,
    floor: f64,
    value: f64,
    alpha: Option<&Argument<'_>>,
) -> Vec<Step> {
    let (reporters, with_seizures) = world.reporters();
    let highest = world.pairs(indices, floor).fold(0.0, f64::max);
    let imports = sum(world.imports.iter().map(|cell| cell.value));
    let never_seized = world.imports.iter().filter(|cell| !cell.is_seized).count();
    let mut steps = vec![
        Step { name: "economies that report", value: reporters as f64 },
        Step { name: "economies with seizures", value: with_seizures as f64 },
        Step { name: "seizures, or groups of them", value: world.seizures() as f64 },
        Step { name: "products K", value: world.products.names.len() as f64 },
        Step { name: "provenances J", value: world.provenances.names.len() as f64 },
        Step { name: "spread of products sigma_p", value: indices.products.sigma },
        Step { name: "spread of provenances sigma_e", value: indices.provenances.sigma },
        Step { name: "floor eps_p eps_e", value: floor },
        Step { name: "pairs imported and never seized", value: never_seized as f64 },
        Step { name: "highest index P of an imported pair", value: highest },
        Step { name: "imports that are compared", value: imports },
    ];
    match alpha {
        Some(alpha) => {
            steps.push(Step { name: "fixed point alpha", value: alpha.value });
            steps.push(Step { name: "ceiling as a part of the imports", value: value / imports });
            steps.extend((highest > 0.0).then(|| Step {
                name: "ceiling with P relative to its highest value",
                value: value / highest,
            }));
        }
        None => steps.extend(
            (highest > 0.0)
                .then(|| Step { name: "risk with P relative to its highest value", value: value / highest }),
        ),
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
