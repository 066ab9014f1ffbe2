//! What a set of draws says: mean, standard deviation, quantiles, and how far each may be off because the draws are few.
//!
//! Sums are compensated and run in the order of the draws. The quantile of probability `p` of N draws is read at the place
//! `(N - 1) p` between the sorted draws, in a line (the rule of R's `type = 7`).
//!
//! # References
//! R. J. Hyndman, Y. Fan (1996), Sample Quantiles in Statistical Packages, The American Statistician 50(4), 361-365.
//! JCGM 101:2008, Propagation of distributions using a Monte Carlo method, 7.6 and 7.7.

/// From fewer blocks of draws their spread is not known well enough.
pub const FEWEST_BLOCKS: usize = 8;

/// At least one finite draw, in order and sorted.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    draws: Vec<f64>,
    sorted: Vec<f64>,
    mean: f64,
    sd: f64,
}

impl Sample {
    /// Refuses an empty set and values that are not finite numbers.
    pub fn new(draws: Vec<f64>) -> Result<Self, String> {
        if draws.is_empty() {
            return Err("there are no draws".to_owned());
        }
        if let Some(place) = draws.iter().position(|draw| !draw.is_finite()) {
            return Err(format!("draw {place} is {}, and must be a finite number", draws[place]));
        }
        let count = draws.len() as f64;
        let mean = sum(draws.iter().copied()) / count;
        let sd = if draws.len() == 1 {
            0.0
        } else {
            libm::sqrt(sum(draws.iter().map(|draw| (draw - mean) * (draw - mean))) / (count - 1.0))
        };
        let mut sorted = draws.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        Ok(Self { draws, sorted, mean, sd })
    }

    /// The draws in order.
    pub fn draws(&self) -> &[f64] {
        &self.draws
    }

    /// The draws in order, taken out.
    pub fn into_draws(self) -> Vec<f64> {
        self.draws
    }

    /// The mean of the draws.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The standard deviation of the draws, with the divisor N - 1.
    pub fn sd(&self) -> f64 {
        self.sd
    }

    /// The standard error of [`Self::mean`] as the mean of the law.
    pub fn mean_error(&self) -> f64 {
        self.sd / libm::sqrt(self.count())
    }

    /// The standard error of [`Self::sd`] as that of the law, from the fourth moment: `sqrt((m4 - s^4)/N) / (2 s)`.
    pub fn sd_error(&self) -> f64 {
        if self.sd == 0.0 {
            return 0.0;
        }
        let square = self.sd * self.sd;
        // In units of the standard deviation, so that the fourth power of a small or large draw stays a number.
        let fourth = sum(self.draws.iter().map(|draw| {
            let unit = (draw - self.mean) / self.sd;
            unit * unit * unit * unit
        })) / self.count();
        libm::sqrt(square * (fourth - 1.0).max(0.0) / self.count()) / 2.0
    }

    /// The quantile of probability `p`.
    pub fn quantile(&self, p: f64) -> f64 {
        let place = (self.count() - 1.0) * p.clamp(0.0, 1.0);
        let below = libm::floor(place);
        let low = self.sorted[below as usize];
        let high = self.sorted[(below as usize + 1).min(self.sorted.len() - 1)];
        low + (high - low) * (place - below)
    }

    /// The sorted draws that stand `sigmas` binomial standard deviations below and above the place of a quantile.
    ///
    /// The quantile of the law lies between them with the probability of so many standard deviations, whatever the law.
    pub fn quantile_bounds(&self, p: f64, sigmas: f64) -> (f64, f64) {
        let count = self.count();
        let reach = sigmas * libm::sqrt(count * p * (1.0 - p));
        let at = |rank: f64| self.sorted[(rank.clamp(1.0, count) - 1.0) as usize];
        (at(libm::floor(count * p - reach)), at(libm::ceil(count * p + reach) + 1.0))
    }

    /// The standard error of a quantile, by the sorted draws one binomial standard deviation to each side of it.
    pub fn quantile_error(&self, p: f64) -> f64 {
        let (low, high) = self.quantile_bounds(p, 1.0);
        (high - low) / 2.0
    }

    /// The standard errors of some figures of the draws, such as quantiles, from what whole blocks of draws give each by
    /// itself: blocks are independent, also where the draws within one are evenly spread. None with fewer than 8 blocks.
    pub fn block_errors<const N: usize>(&self, figures: impl Fn(&Self) -> [f64; N]) -> Option<[f64; N]> {
        let blocks = self.draws.chunks_exact(super::draw::BLOCK as usize);
        let count = blocks.len();
        if count < FEWEST_BLOCKS {
            return None;
        }
        let by_block: Vec<[f64; N]> =
            blocks.filter_map(|block| Some(figures(&Self::new(block.to_vec()).ok()?))).collect();
        Some(std::array::from_fn(|figure| {
            let values = || by_block.iter().map(|figures| figures[figure]);
            let mean = sum(values()) / count as f64;
            let squares = sum(values().map(|value| (value - mean) * (value - mean)));
            libm::sqrt(squares / ((count - 1) as f64 * count as f64))
        }))
    }

    /// The fraction of the draws below `x`.
    pub fn fraction_below(&self, x: f64) -> f64 {
        self.sorted.partition_point(|draw| *draw < x) as f64 / self.count()
    }

    /// The fraction of the draws at or below `x`.
    pub fn fraction_to(&self, x: f64) -> f64 {
        self.sorted.partition_point(|draw| *draw <= x) as f64 / self.count()
    }

    /// The density of the law at its quantile `x` of probability `p`, with how far it may be off; none where draws coincide.
    ///
    /// Draws are counted in a window about `x` that holds about 0.3 of the smaller tail. How far that may be off: `sigmas`
    /// standard deviations of the count, and twice the change that a window of double width makes, which bounds the effect of its width.
    pub fn density(&self, x: f64, p: f64, sigmas: f64) -> Option<(f64, f64)> {
        let part = 0.15 * p.min(1.0 - p);
        let half = (self.quantile(p + part) - self.quantile(p - part)) / 2.0;
        if half <= 0.0 {
            return None;
        }
        let within = |half: f64| self.fraction_to(x + half) - self.fraction_below(x - half);
        let [narrow, wide] = [half, 2.0 * half].map(|half| within(half) / (2.0 * half));
        let error = libm::sqrt(within(half) / self.count()) / (2.0 * half);
        Some((narrow, sigmas * error + 2.0 * (wide - narrow).abs()))
    }

    /// How many draws, as a number of formulas.
    pub fn count(&self) -> f64 {
        self.draws.len() as f64
    }
}

/// Neumaier's compensated sum: the error of each addition is added at the end.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let sample = Sample::new(vec![4.0, 1.0, 3.0, 2.0]).expect("four finite draws");
        assert_eq!(sample.mean().to_bits(), 2.5_f64.to_bits());
        assert!((sample.sd() - (5.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert!((sample.quantile(0.25) - 1.75).abs() < 1e-15);
        assert_eq!(sample.quantile(0.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(sample.quantile(1.0).to_bits(), 4.0_f64.to_bits());
        assert!((sample.fraction_below(3.0) - 0.5).abs() < 1e-15);
        assert!((sample.fraction_to(3.0) - 0.75).abs() < 1e-15);
    }

    #[test]
    fn a_sum_keeps_what_a_large_term_hides() {
        assert_eq!(sum([1e100, 1.0, -1e100]).to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn blocks_tell_the_error_of_a_mean_and_of_a_quantile() {
        use super::super::draw::{BLOCK, Stream};
        let stream = Stream::new(11, "blocks");
        let draws = |count: u64, draw: fn(Stream, u64) -> f64| (0..count).map(|i| draw(stream, i)).collect();
        let few = Sample::new(draws(7 * BLOCK, Stream::uniform)).expect("draws");
        assert_eq!(few.block_errors(|sample| [sample.mean()]), None);
        let count = 64 * BLOCK;
        let independent = Sample::new(draws(count, Stream::uniform)).expect("draws");
        let errors =
            independent.block_errors(|sample| [sample.mean(), sample.quantile(0.9)]).expect("blocks");
        // By theory; an error from 64 blocks is itself known to a tenth.
        let theory = [(12.0 * count as f64).sqrt().recip(), (0.09 / count as f64).sqrt()];
        for (error, theory) in errors.iter().zip(theory) {
            assert!((error / theory - 1.0).abs() < 0.35, "{error} {theory}");
        }
        let spread = Sample::new(draws(count, Stream::spread)).expect("draws");
        let errors = spread.block_errors(|sample| [sample.mean()]).expect("blocks");
        assert!(errors[0] < theory[0] / 1000.0, "{errors:?}");
    }

    #[test]
    fn nothing_and_nonsense_are_refused() {
        assert!(Sample::new(vec![]).is_err());
        assert!(Sample::new(vec![1.0, f64::NAN]).is_err());
        assert_eq!(Sample::new(vec![3.0]).expect("one draw").sd().to_bits(), 0.0_f64.to_bits());
    }
}
