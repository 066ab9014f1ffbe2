//! What experts say of a share, as laws, and their pools.
//!
//! ```text
//! z_k, y_k   normal score of a probability that the expert was asked for, logit of the share given for it
//! Q_e(z)     straight from point to point, and beyond the last points as between the last two; X = expit(Q_e(Z))
//! F          = sum_e w_e F_e                  linear pool: one of the experts is right
//! f          prop. to prod_e f_e^(w_e)        logarithmic pool: each holds a part of the knowledge
//! ```
//! Three quantiles make a normal law of the logit with a spread of its own below and above the median. An expert who gives
//! 0 or 1 for a quantile has no logit there: on that side the line runs through the shares themselves and is cut at 0 and 1.
//! Every quantile that was given is kept either way.
//!
//! The linear pool is as wide as the experts are apart; it is the one that estimates are drawn from. The logarithmic pool
//! narrows where they agree and is empty of what any one of them rules out.
//!
//! # References
//! M. Stone (1961), The Opinion Pool, Annals of Mathematical Statistics 32, 1339-1342.
//! C. Genest, J. V. Zidek (1986), Combining Probability Distributions: A Critique and an Annotated Bibliography, Statistical Science 1, 114-135.
//! A. O'Hagan and others (2006), Uncertain Judgements: Eliciting Experts' Probabilities.

use super::incomplete::expit;
use super::normal;
use super::sample::sum;

/// A law of a share through the quantiles that an expert gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    points: Vec<Point>,
}

/// A quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    /// The normal score of its probability.
    score: f64,
    share: f64,
    /// Infinite where the share is 0 or 1.
    logit: f64,
}

/// What lies between two points, or beyond the last of an end.
#[derive(Debug, Clone, Copy)]
struct Segment {
    /// Whether the line runs through logits; otherwise through shares.
    logit: bool,
    from: Point,
    to: Point,
}

impl Judgement {
    /// Through shares at probabilities, both in order. Refuses quantiles that are none of a share, or that are all one figure.
    pub fn new(quantiles: &[(f64, f64)]) -> Result<Self, String> {
        if let Some((_, share)) = quantiles.iter().find(|(_, share)| !(0.0..=1.0).contains(share)) {
            return Err(format!("{share} is no share, which lies from 0 to 1"));
        }
        let inside = |p: f64| p > 0.0 && p < 1.0;
        if !quantiles.iter().all(|(p, _)| inside(*p)) || !quantiles.is_sorted_by(|a, b| a.0 < b.0) {
            return Err("the probabilities must lie between 0 and 1, in order".to_owned());
        }
        if !quantiles.is_sorted_by(|a, b| a.1 <= b.1) {
            return Err("the quantiles are not in order".to_owned());
        }
        let (Some((_, first)), Some((_, last))) = (quantiles.first(), quantiles.last()) else {
            return Err("there are no quantiles".to_owned());
        };
        if first == last {
            return Err(format!("{first} alone says nothing of how sure the expert is"));
        }
        let point = |(p, share): &(f64, f64)| Point {
            score: normal::quantile(*p),
            share: *share,
            logit: logit(*share),
        };
        Ok(Self { points: quantiles.iter().map(point).collect() })
    }

    /// The share with probability `p` at or below it.
    pub fn quantile(&self, p: f64) -> f64 {
        let z = normal::quantile(p);
        self.segment(self.points.partition_point(|point| point.score <= z)).share(z)
    }

    /// The probability of at most `share`.
    pub fn cdf(&self, share: f64) -> f64 {
        if share < 0.0 {
            return 0.0;
        }
        if share >= 1.0 {
            return 1.0;
        }
        normal::cdf(self.segment(self.points.partition_point(|point| point.share <= share)).score(share))
    }

    /// The segment that ends before the point of this place; beyond the ends, the first or last.
    fn segment(&self, place: usize) -> Segment {
        let to = place.clamp(1, self.points.len() - 1);
        let (from, to) = (self.points[to - 1], self.points[to]);
        Segment { logit: from.share > 0.0 && to.share < 1.0, from, to }
    }

    /// The normal score as a line of the logit, `(a, c)` for `a + c y`, in the part that holds `y`; none where it has no density.
    fn line(&self, y: f64) -> Option<(f64, f64)> {
        let Segment { logit, from, to } = self.segment(self.points.partition_point(|point| point.logit <= y));
        (logit && to.logit > from.logit).then(|| {
            let c = (to.score - from.score) / (to.logit - from.logit);
            (from.score - c * from.logit, c)
        })
    }
}

impl Segment {
    fn places(&self) -> (f64, f64) {
        let Self { from, to, .. } = self;
        if self.logit { (from.logit, to.logit) } else { (from.share, to.share) }
    }

    fn share(&self, z: f64) -> f64 {
        if self.from.share == self.to.share {
            // A flat end stays flat however far out.
            return self.from.share;
        }
        let (y0, y1) = self.places();
        let y = y0 + (y1 - y0) * ((z - self.from.score) / (self.to.score - self.from.score));
        if self.logit { expit(y).0 } else { y.clamp(0.0, 1.0) }
    }

    fn score(&self, share: f64) -> f64 {
        if self.from.share == self.to.share {
            // All that lies beyond a flat end stands on it.
            return if share < self.from.share { f64::NEG_INFINITY } else { f64::INFINITY };
        }
        let (y0, y1) = self.places();
        let y = if self.logit { logit(share) } else { share };
        self.from.score + (y - y0) * ((self.to.score - self.from.score) / (y1 - y0))
    }
}

fn logit(share: f64) -> f64 {
    libm::log(share / (1.0 - share))
}

/// Judgements with weights that add up to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    judgements: Vec<(f64, Judgement)>,
}

impl Pool {
    /// A pool by weights in any unit. Leaves out those of weight 0, and refuses where nothing is left.
    pub fn new(judgements: impl IntoIterator<Item = (f64, Judgement)>) -> Result<Self, String> {
        let mut judgements: Vec<(f64, Judgement)> =
            judgements.into_iter().filter(|(weight, _)| *weight != 0.0).collect();
        let whole = sum(judgements.iter().map(|(weight, _)| *weight));
        if judgements.iter().any(|(weight, _)| *weight < 0.0) || !(whole > 0.0 && whole.is_finite()) {
            return Err("no judgement has a weight".to_owned());
        }
        for (weight, _) in &mut judgements {
            *weight /= whole;
        }
        Ok(Self { judgements })
    }

    /// The judgements that have a weight, with it.
    pub fn judgements(&self) -> &[(f64, Judgement)] {
        &self.judgements
    }

    /// The probability of at most `share` in the linear pool.
    pub fn cdf(&self, share: f64) -> f64 {
        sum(self.judgements.iter().map(|(weight, judgement)| weight * judgement.cdf(share)))
    }

    /// The quantile of the linear pool, between the experts' quantiles of that probability.
    pub fn quantile(&self, p: f64) -> f64 {
        let of_each = || self.judgements.iter().map(|(_, judgement)| judgement.quantile(p));
        let mut low = of_each().fold(f64::INFINITY, f64::min);
        let mut high = of_each().fold(f64::NEG_INFINITY, f64::max);
        for _ in 0..MOST_HALVINGS {
            let middle = f64::midpoint(low, high);
            if middle <= low || middle >= high {
                break;
            }
            if self.cdf(middle) < p {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }

    /// A draw of the linear pool: one uniform number chooses the expert, another the expert's share.
    pub fn draw(&self, choice: f64, chance: f64) -> f64 {
        let mut passed = 0.0;
        let chosen = self.judgements.iter().position(|(weight, _)| {
            passed += weight;
            choice < passed
        });
        // Weights that add up to a little less than 1 leave the last.
        self.judgements[chosen.unwrap_or(self.judgements.len() - 1)].1.quantile(chance)
    }

    /// The quantile of the logarithmic pool; none where an expert's law has no density, or where together they rule out everything.
    ///
    /// Between the experts' points the logarithm of the density is a parabola, so that each part is one of a normal law.
    pub fn logarithmic_quantile(&self, p: f64) -> Option<f64> {
        let mut ends: Vec<f64> = self
            .judgements
            .iter()
            .flat_map(|(_, judgement)| judgement.points.iter().map(|point| point.logit))
            .collect();
        ends.sort_unstable_by(f64::total_cmp);
        ends.dedup();
        let lows = [f64::NEG_INFINITY].into_iter().chain(ends.iter().copied());
        let highs = ends.iter().copied().chain([f64::INFINITY]);
        let parts: Option<Vec<Part>> = lows.zip(highs).map(|(low, high)| self.part(low, high)).collect();
        let mut parts = parts?;
        let top = parts.iter().map(|part| part.ln_height).fold(f64::NEG_INFINITY, f64::max);
        for part in &mut parts {
            part.ln_height -= top;
        }
        let whole = sum(parts.iter().map(Part::mass));
        if !(whole > 0.0 && whole.is_finite()) {
            return None;
        }
        let mut left = p * whole;
        for part in &parts {
            let mass = part.mass();
            if left <= mass && mass > 0.0 {
                return Some(expit(part.at(left / mass)).0);
            }
            left -= mass;
        }
        parts.iter().rev().find(|part| part.mass() > 0.0).map(|part| expit(part.at(1.0)).0)
    }

    /// The part of the logarithmic pool's density of the logit between two neighbouring points.
    fn part(&self, low: f64, high: f64) -> Option<Part> {
        let inside = match (low.is_finite(), high.is_finite()) {
            (true, true) => f64::midpoint(low, high),
            (true, false) => low + 1.0,
            _ => high - 1.0,
        };
        let (mut squares, mut cross, mut rest, mut ln_slopes) = (0.0, 0.0, 0.0, 0.0);
        for (weight, judgement) in &self.judgements {
            let (a, c) = judgement.line(inside)?;
            squares += weight * c * c;
            cross += weight * a * c;
            rest += weight * a * a;
            ln_slopes += weight * libm::log(c);
        }
        let (mean, root) = (-cross / squares, libm::sqrt(squares));
        // What is left over cannot be negative but for rounding.
        let distance = (rest - cross * cross / squares).max(0.0);
        Some(Part { mean, root, ln_height: ln_slopes - distance / 2.0 - libm::log(root), low, high })
    }
}

/// A number has 53 bits, and a share may be small.
const MOST_HALVINGS: usize = 200;

/// A part of a normal law, with how high it stands beside the others.
#[derive(Debug, Clone, Copy)]
struct Part {
    mean: f64,
    /// One by the standard deviation.
    root: f64,
    ln_height: f64,
    low: f64,
    high: f64,
}

impl Part {
    fn scores(&self) -> (f64, f64) {
        (self.root * (self.low - self.mean), self.root * (self.high - self.mean))
    }

    fn mass(&self) -> f64 {
        let (low, high) = self.scores();
        let within =
            if low > 0.0 { normal::sf(low) - normal::sf(high) } else { normal::cdf(high) - normal::cdf(low) };
        libm::exp(self.ln_height) * within
    }

    /// The logit with the fraction `part` of the mass below it.
    fn at(&self, part: f64) -> f64 {
        let (low, high) = self.scores();
        let score = if low > 0.0 {
            normal::upper_quantile(normal::sf(low) + part * (normal::sf(high) - normal::sf(low)))
        } else {
            normal::quantile(normal::cdf(low) + part * (normal::cdf(high) - normal::cdf(low)))
        };
        (self.mean + score / self.root).clamp(self.low, self.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const THREE: [f64; 3] = [0.05, 0.5, 0.95];
    const FIVE: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

    fn judgement(shares: &[f64]) -> Judgement {
        let probabilities: &[f64] = if shares.len() == 3 { &THREE } else { &FIVE };
        let quantiles: Vec<(f64, f64)> = probabilities.iter().copied().zip(shares.iter().copied()).collect();
        Judgement::new(&quantiles).expect("quantiles of a share")
    }

    fn pool(shares: &[&[f64]]) -> Pool {
        Pool::new(shares.iter().map(|shares| (1.0, judgement(shares)))).expect("a pool")
    }

    /// The logits of 0.1, 0.2 and 0.4 are -2.197, -1.386 and -0.405; a quarter below lies 0.6745/1.6449 of the way down.
    #[test]
    fn between_the_quantiles_by_hand() {
        let law = judgement(&[0.1, 0.2, 0.4]);
        let quarter = -1.386_294_361_119_890_6
            - 0.674_489_750_196_081_7 / 1.644_853_626_951_472_2 * 0.810_930_216_216_328_8;
        assert!((law.quantile(0.25) - 1.0 / (1.0 + libm::exp(-quarter))).abs() < 1e-12);
        assert!((law.cdf(0.2) - 0.5).abs() < 1e-15 && (law.cdf(0.4) - 0.95).abs() < 1e-14);
        assert_eq!([law.cdf(0.0), law.cdf(1.0), law.cdf(-1.0)], [0.0, 1.0, 0.0]);
    }

    #[test]
    fn an_end_at_the_bound_is_kept() {
        let law = judgement(&[0.0, 0.1, 0.3]);
        assert!(law.quantile(0.05).abs() < 1e-15 && (law.quantile(0.5) - 0.1).abs() < 1e-15);
        assert!(law.quantile(0.01) == 0.0 && law.quantile(0.9999) < 1.0);
        assert!((law.cdf(0.0) - 0.05).abs() < 1e-15);
        // Half way down in normal scores is half way down in shares; above, logits are straight as ever.
        assert!((law.quantile(normal::cdf(normal::quantile(0.05) / 2.0)) - 0.05).abs() < 1e-12);
        assert!((law.quantile(0.99) - judgement(&[0.05, 0.1, 0.3]).quantile(0.99)).abs() < 1e-15);
        let sure = judgement(&[0.2, 0.2, 0.4]);
        assert_eq!([sure.cdf(0.199), sure.quantile(0.001)], [0.0, 0.2]);
        assert!((sure.cdf(0.2) - 0.5).abs() < 1e-15);
        let mirrored = judgement(&[0.2, 0.4, 0.4]);
        assert_eq!([mirrored.cdf(0.4), mirrored.quantile(0.999)], [1.0, 0.4]);
    }

    #[test]
    fn what_is_no_judgement_is_refused() {
        let refused =
            |shares: [f64; 3]| Judgement::new(&[(0.05, shares[0]), (0.5, shares[1]), (0.95, shares[2])]);
        assert!(refused([5.0, 10.0, 20.0]).expect_err("per cent").contains("5 is no share"));
        assert!(refused([0.3, 0.2, 0.4]).expect_err("disorder").contains("not in order"));
        assert!(refused([0.2, 0.2, 0.2]).expect_err("a point").contains("0.2 alone"));
        assert!(refused([0.2, f64::NAN, 0.3]).is_err());
        assert!(Judgement::new(&[]).is_err() && Judgement::new(&[(0.5, 0.1), (0.5, 0.2)]).is_err());
        assert!(
            Pool::new([(0.0, judgement(&[0.1, 0.2, 0.3]))]).expect_err("no weight").contains("no judgement")
        );
    }

    /// Both pools of two normal laws of the logit: F is the mean of both, and the product of roots is normal with the mean of means.
    #[test]
    fn two_experts_by_hand() {
        let law = |centre: f64, spread: f64| {
            let share = |y: f64| 1.0 / (1.0 + (-y).exp());
            [share(centre - spread), share(centre), share(centre + spread)]
        };
        let (low, high) = (law(-2.0, 0.7), law(-1.0, 0.7));
        let both = pool(&[&low, &high]);
        let middle = 1.0 / (1.0 + 1.5_f64.exp());
        assert!((both.quantile(0.5) - middle).abs() < 1e-12);
        assert!((both.logarithmic_quantile(0.5).expect("densities") - middle).abs() < 1e-9);
        // The spread of the product is that of each, and the mixture's is wider.
        let sd = 0.7 / 1.644_853_626_951_472_2;
        let upper = 1.0 / (1.0 + libm::exp(1.5 - 1.644_853_626_951_472_2 * sd));
        assert!((both.logarithmic_quantile(0.95).expect("densities") - upper).abs() < 1e-9);
        assert!(both.quantile(0.95) > upper);
        assert_eq!(pool(&[&low, &[0.0, 0.1, 0.2]]).logarithmic_quantile(0.5), None);
    }

    /// Against the product of densities added up on a fine grid.
    #[test]
    fn the_logarithmic_pool_of_crooked_laws() {
        let shares: [&[f64]; 3] = [&[0.05, 0.1, 0.4], &[0.1, 0.2, 0.25, 0.26, 0.5], &[0.02, 0.3, 0.33]];
        let pool = pool(&shares);
        let step = 1e-4;
        let (mut whole, mut below, median) = (0.0, 0.0, pool.logarithmic_quantile(0.5).expect("densities"));
        for i in 0..200_000 {
            let y = -12.0 + (f64::from(i) + 0.5) * step;
            let share = |y: f64| expit(y).0;
            let ln: f64 = pool
                .judgements()
                .iter()
                .map(|(weight, law)| {
                    let inside = law.cdf(share(y + step / 2.0)) - law.cdf(share(y - step / 2.0));
                    weight * inside.max(1e-300).ln()
                })
                .sum();
            whole += ln.exp();
            below += if share(y) <= median { ln.exp() } else { 0.0 };
        }
        assert!((below / whole - 0.5).abs() < 1e-4, "{}", below / whole);
    }

    proptest! {
        #[test]
        fn quantiles_invert_probabilities_and_pools_lie_between_experts(
            mut a in proptest::collection::vec(0.001..0.999_f64, 5), mut b in proptest::collection::vec(0.0..=1.0_f64, 3),
            p in 0.001..0.999_f64, choice in 0.0..1.0_f64,
        ) {
            a.sort_by(f64::total_cmp);
            b.sort_by(f64::total_cmp);
            let (one, other) = (judgement(&a), judgement(&b));
            prop_assert!((one.cdf(one.quantile(p)) - p).abs() < 1e-9);
            for (probability, share) in FIVE.iter().zip(&a) {
                prop_assert!((one.quantile(*probability) - share).abs() < 1e-12);
            }
            let pool = pool(&[&a, &b]);
            let (low, high) = (one.quantile(p).min(other.quantile(p)), one.quantile(p).max(other.quantile(p)));
            let between = pool.quantile(p);
            prop_assert!(low <= between && between <= high);
            prop_assert!(pool.cdf(between) >= p - 1e-12);
            let draw = pool.draw(choice, p);
            let chosen = if choice < 0.5 { one.quantile(p) } else { other.quantile(p) };
            prop_assert!((draw - chosen).abs() < 1e-15);
        }
    }
}
