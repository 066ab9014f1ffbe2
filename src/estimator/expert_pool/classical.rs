//! Cooke's classical model: experts are weighed by their answers to questions whose truth is known.

use super::super::numeric::incomplete::gamma_tails;
use super::super::numeric::sample::sum;

/// The probabilities that an expert leaves below 5 %, to the median, to 95 % and above.
pub const BINS: [f64; 4] = [0.05, 0.45, 0.45, 0.05];

/// By how much of its length the range of all answers and the truth is stretched to each side.
pub const OVERSHOOT: f64 = 0.1;

/// Answers and truth that span more than this factor are compared by their logarithms.
const LOGARITHMIC_FROM: f64 = 1000.0;

/// A question whose truth is known, with the 5 %, 50 % and 95 % quantiles of each expert who answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Seed {
    /// The truth.
    pub truth: f64,
    /// By expert; none where the expert gave no answer.
    pub answers: Vec<Option<[f64; 3]>>,
}

/// How well somebody judges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The probability of being off by as much, if the truth fell into the bins as often as they say.
    pub calibration: f64,
    /// How much the answers narrow the ranges down, on average.
    pub information: f64,
}

impl Score {
    /// Calibration times information.
    pub fn combined(&self) -> f64 {
        self.calibration * self.information
    }
}

/// What the answers to the seed questions say of the experts.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighing {
    /// By expert; none for those who answered too few questions.
    pub scores: Vec<Option<Score>>,
    /// An expert of lower calibration has no weight.
    pub cut_off: f64,
    /// By expert; they add up to 1.
    pub weights: Vec<f64>,
    /// The score of the pool with these weights.
    pub pool: Score,
    /// The score of the pool in which all who have a score weigh alike.
    pub alike: Score,
}

/// More experts or questions than this are no consultation.
const MOST: usize = 200;

/// Weighs the experts: with the cut-off that is stated, or the one whose pool scores best.
///
/// An expert who answered less than half of the questions has no score. The calibration of all is taken at the number of
/// questions that the one with the fewest answered, so that nobody gains by leaving questions out.
pub fn weigh(seeds: &[Seed], cut_off: Option<f64>) -> Result<Weighing, String> {
    let experts = seeds.first().map_or(0, |seed| seed.answers.len());
    if seeds.len() > MOST || experts > MOST {
        return Err(format!(
            "{experts} experts and {} seed questions are more than {MOST}, and no consultation",
            seeds.len()
        ));
    }
    let seeds: Vec<Scaled> = seeds.iter().filter_map(Scaled::new).collect();
    let answered: Vec<usize> = (0..experts)
        .map(|expert| seeds.iter().filter(|seed| seed.answers[expert].is_some()).count())
        .collect();
    let scored = |expert: usize| answered[expert] > 0 && 2 * answered[expert] >= seeds.len();
    let Some(power) = (0..experts).filter(|expert| scored(*expert)).map(|expert| answered[expert]).min()
    else {
        return Err("no expert answered half of the seed questions".to_owned());
    };
    let scores: Vec<Option<Score>> = (0..experts)
        .map(|expert| scored(expert).then(|| score(&seeds, power, |seed| seed.answers[expert])))
        .collect();
    let pool_of = |weights: &[f64]| score(&seeds, power, |seed| seed.pooled(weights));
    let weights_at =
        |cut_off: f64| normalised(&scores, |s| if s.calibration >= cut_off { s.combined() } else { 0.0 });
    let alike = normalised(&scores, |_| 1.0).map(|weights| pool_of(&weights));
    let alike = alike.ok_or("no expert answered half of the seed questions")?;
    let mut cut_offs: Vec<f64> = match cut_off {
        Some(stated) => vec![stated],
        None => scores.iter().flatten().map(|score| score.calibration).collect(),
    };
    cut_offs.sort_unstable_by(f64::total_cmp);
    cut_offs.dedup();
    let mut best: Option<Weighing> = None;
    for cut_off in cut_offs {
        let Some(weights) = weights_at(cut_off) else { continue };
        let pool = pool_of(&weights);
        // Of cut-offs that score alike the lowest keeps most experts.
        if best.as_ref().is_none_or(|best| pool.combined() > best.pool.combined()) {
            best = Some(Weighing { scores: scores.clone(), cut_off, weights, pool, alike });
        }
    }
    best.ok_or_else(|| "no expert has both calibration and information above the cut-off".to_owned())
}

fn normalised(scores: &[Option<Score>], weight: impl Fn(&Score) -> f64) -> Option<Vec<f64>> {
    let weights: Vec<f64> = scores.iter().map(|score| score.as_ref().map_or(0.0, &weight)).collect();
    let whole = sum(weights.iter().copied());
    (whole > 0.0).then(|| weights.iter().map(|weight| weight / whole).collect())
}

/// The score of answers to the questions, of those that were answered.
fn score(seeds: &[Scaled], power: usize, answer: impl Fn(&Scaled) -> Option<[f64; 3]>) -> Score {
    let answered: Vec<(&Scaled, [f64; 3])> =
        seeds.iter().filter_map(|seed| answer(seed).map(|answer| (seed, answer))).collect();
    let mut counts = [0_usize; 4];
    for (seed, answer) in &answered {
        counts[answer.iter().filter(|quantile| seed.truth > **quantile).count()] += 1;
    }
    let questions = answered.len() as f64;
    let information = sum(answered.iter().map(|(seed, answer)| seed.information(answer))) / questions;
    Score { calibration: calibration(counts, power), information }
}

/// `1 - F(2 m sum s ln(s/p))` by the chi-squared law of three degrees of freedom, `s` the parts of the truths in the bins.
///
/// A truth that equals a quantile counts as not above it.
pub fn calibration(counts: [usize; 4], questions: usize) -> f64 {
    let whole = counts.iter().sum::<usize>() as f64;
    let divergence = sum(counts.iter().zip(BINS).filter(|(count, _)| **count > 0).map(|(count, p)| {
        let part = *count as f64 / whole;
        part * libm::log(part / p)
    }));
    // The law of a half of chi-squared is gamma. A sum that is 0 but for rounding may come out below it.
    gamma_tails(1.5, questions as f64 * divergence.max(0.0)).upper()
}

/// A seed question on the scale on which it is compared, with its range.
#[derive(Debug)]
struct Scaled {
    truth: f64,
    answers: Vec<Option<[f64; 3]>>,
    low: f64,
    high: f64,
}

impl Scaled {
    /// None where nobody gave quantiles that differ, which are what can be scored.
    fn new(seed: &Seed) -> Option<Self> {
        let usable =
            |answer: &Option<[f64; 3]>| answer.filter(|[low, middle, high]| low < middle && middle < high);
        let answers: Vec<Option<[f64; 3]>> = seed.answers.iter().map(usable).collect();
        let all = || answers.iter().flatten().flatten().copied().chain([seed.truth]);
        let least = all().fold(f64::INFINITY, f64::min);
        let most = all().fold(f64::NEG_INFINITY, f64::max);
        if answers.iter().all(Option::is_none)
            || !(least.is_finite() && most.is_finite() && seed.truth.is_finite())
        {
            return None;
        }
        let logarithmic = least > 0.0 && most / least > LOGARITHMIC_FROM;
        let scaled = |value: f64| if logarithmic { libm::log(value) } else { value };
        let (low, high) = (scaled(least), scaled(most));
        let stretch = OVERSHOOT * (high - low);
        Some(Self {
            truth: scaled(seed.truth),
            answers: answers.iter().map(|answer| answer.map(|quantiles| quantiles.map(scaled))).collect(),
            low: low - stretch,
            high: high + stretch,
        })
    }

    fn edges(&self, [low, middle, high]: [f64; 3]) -> [f64; 5] {
        [self.low, low, middle, high, self.high]
    }

    /// The information of an answer beside the even law over the range: `ln(range) + sum p ln(p / width)`.
    fn information(&self, answer: &[f64; 3]) -> f64 {
        let edges = self.edges(*answer);
        let range = self.high - self.low;
        sum(edges.windows(2).zip(BINS).map(|(bin, p)| p * libm::log(p * range / (bin[1] - bin[0]))))
    }

    /// The quantiles of the linear pool, of laws that are even between their quantiles; none where no expert of weight answered.
    fn pooled(&self, weights: &[f64]) -> Option<[f64; 3]> {
        let members: Vec<(f64, [f64; 5])> = weights
            .iter()
            .zip(&self.answers)
            .filter_map(|(weight, answer)| answer.filter(|_| *weight > 0.0).map(|a| (*weight, self.edges(a))))
            .collect();
        let whole = sum(members.iter().map(|(weight, _)| *weight));
        let below = |x: f64| {
            let of_each = members.iter().map(|(weight, edges)| {
                let of_bins = edges
                    .windows(2)
                    .zip(BINS)
                    .map(|(bin, p)| p * ((x - bin[0]) / (bin[1] - bin[0])).clamp(0.0, 1.0));
                weight * of_bins.sum::<f64>()
            });
            sum(of_each) / whole
        };
        let mut edges: Vec<f64> = members.iter().flat_map(|(_, edges)| *edges).collect();
        edges.sort_unstable_by(f64::total_cmp);
        edges.dedup();
        let reached: Vec<f64> = edges.iter().map(|edge| below(*edge)).collect();
        (!members.is_empty()).then(|| {
            [0.05, 0.5, 0.95].map(|p| {
                // Straight between neighbouring edges; the first has nothing below it and the last everything.
                let above = reached.partition_point(|reached| *reached < p).clamp(1, edges.len() - 1);
                let (p0, p1) = (reached[above - 1], reached[above]);
                let (x0, x1) = (edges[above - 1], edges[above]);
                if p1 > p0 { x0 + (x1 - x0) * ((p - p0) / (p1 - p0)) } else { x1 }
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seed(truth: f64, answers: &[[f64; 3]]) -> Seed {
        Seed { truth, answers: answers.iter().map(|answer| Some(*answer)).collect() }
    }

    /// Ten truths, five on each side of the median: 20 ln(0.5 / 0.45) = 2.1072; the upper tail of chi-squared with three
    /// degrees of freedom is erfc(sqrt(x/2)) + sqrt(2x/pi) exp(-x/2).
    #[test]
    fn calibration_by_hand() {
        let tail = |x: f64| {
            libm::erfc((x / 2.0).sqrt()) + (2.0 * x / std::f64::consts::PI).sqrt() * (-x / 2.0).exp()
        };
        let statistic = 20.0 * (0.5_f64 / 0.45).ln();
        assert!((calibration([0, 5, 5, 0], 10) - tail(statistic)).abs() < 1e-12);
        let statistic =
            20.0 * (0.1 * 2.0_f64.ln() + 0.4 * (0.4_f64 / 0.45).ln() + 0.5 * (0.5_f64 / 0.45).ln());
        assert!((calibration([1, 4, 5, 0], 10) - tail(statistic)).abs() < 1e-12);
        // Never right: 20 ln 20.
        assert!((calibration([10, 0, 0, 0], 10) / tail(20.0 * 20.0_f64.ln()) - 1.0).abs() < 1e-9);
        assert!((calibration([1, 9, 9, 1], 20) - 1.0).abs() < 1e-15);
        // Fewer questions tell less.
        assert!(calibration([0, 5, 5, 0], 5) > calibration([0, 5, 5, 0], 10));
    }

    /// Answers 10, 20, 30 and 5, 20, 45 with the truth 25: the range is 5 to 45, stretched to 1 to 49.
    #[test]
    fn information_by_hand() {
        let scaled = Scaled::new(&seed(25.0, &[[10.0, 20.0, 30.0], [5.0, 20.0, 45.0]])).expect("answers");
        assert!((scaled.low - 1.0).abs() < 1e-12 && (scaled.high - 49.0).abs() < 1e-12);
        let by_hand = 48.0_f64.ln()
            + 0.05 * (0.05_f64 / 9.0).ln()
            + 0.45 * (0.45_f64 / 10.0).ln()
            + 0.45 * (0.45_f64 / 10.0).ln()
            + 0.05 * (0.05_f64 / 19.0).ln();
        assert!((scaled.information(&[10.0, 20.0, 30.0]) - by_hand).abs() < 1e-12);
        assert!(scaled.information(&[5.0, 20.0, 45.0]) < by_hand);
    }

    /// Two answers of equal weight: 5 % of both lie below 2, and half below 6.
    #[test]
    fn pools_by_hand() {
        let scaled = Scaled::new(&seed(6.0, &[[2.0, 4.0, 8.0], [2.0, 8.0, 10.0]])).expect("answers");
        let [low, middle, high] = scaled.pooled(&[1.0, 1.0]).expect("two answers");
        assert!((low - 2.0).abs() < 1e-12);
        // To 6: of the first 0.5 + 0.45 / 2, of the second 0.05 + 0.45 * 4 / 6; half is reached a little before.
        let at = |x: f64| 0.5 * (0.5 + 0.45 * (x - 4.0) / 4.0) + 0.5 * (0.05 + 0.45 * (x - 2.0) / 6.0);
        assert!((at(middle) - 0.5).abs() < 1e-12, "{middle}");
        // To 8: of the first 0.95, of the second 0.5. Beyond, the first has 0.05 to 10.8 and the second 0.45 to 10.
        let at = |x: f64| 0.5 * (0.95 + 0.05 * (x - 8.0) / 2.8) + 0.5 * (0.5 + 0.45 * (x - 8.0) / 2.0);
        assert!((at(high) - 0.95).abs() < 1e-12, "{high}");
        assert_eq!(scaled.pooled(&[0.0, 0.0]), None);
        let alone = scaled.pooled(&[0.0, 3.0]).expect("the second answer");
        assert!(alone.iter().zip([2.0, 8.0, 10.0]).all(|(pooled, given)| (pooled - given).abs() < 1e-12));
    }

    /// Answers by three experts to ten questions whose truth is 100: one good, one too sure, one vague.
    fn consultation() -> Vec<Seed> {
        (0..10)
            .map(|i| {
                let side = if i % 2 == 0 { 1.0 } else { -1.0 };
                let good = 100.0 + 8.0 * side;
                let sure = 100.0 + 20.0 * side;
                seed(
                    100.0,
                    &[
                        [good - 20.0, good, good + 20.0],
                        [sure - 2.0, sure, sure + 2.0],
                        [20.0, 100.0 + 50.0 * side, 400.0],
                    ],
                )
            })
            .collect()
    }

    #[test]
    fn the_good_expert_counts_and_the_sure_one_does_not() {
        let seeds = consultation();
        let weighing = weigh(&seeds, None).expect("ten questions");
        let [good, sure, vague] = [0, 1, 2].map(|expert| weighing.scores[expert].expect("a score"));
        assert!((good.calibration - calibration([0, 5, 5, 0], 10)).abs() < 1e-15);
        assert!((sure.calibration - calibration([5, 0, 0, 5], 10)).abs() < 1e-15 && sure.calibration < 1e-8);
        assert!((vague.calibration - good.calibration).abs() < 1e-15);
        assert!(sure.information > good.information && good.information > vague.information);
        assert!(weighing.weights[0] > weighing.weights[2] && weighing.weights[1] < 1e-6);
        assert!((weighing.weights.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        // By the definition of the weights.
        let ratio = good.combined() / vague.combined();
        assert!((weighing.weights[0] / weighing.weights[2] - ratio).abs() < 1e-9 * ratio);
        assert!(weighing.pool.combined() >= weigh(&seeds, Some(0.0)).expect("all").pool.combined());
        assert!(weigh(&seeds, Some(0.9)).expect_err("none is so good").contains("above the cut-off"));
    }

    /// Four experts and nine questions, the first on a logarithmic scale, by a program of its own in numpy and scipy, whose
    /// pools stand on a grid of two million points.
    #[test]
    fn of_another_program() {
        let truths = [24.5, 14.5, 42.6, 83.1, 170.0, 60.9, 31.4, 24.9, 115.4];
        let answers = [
            [
                [24.8, 40.0, 70.7],
                [9.7, 15.7, 27.8],
                [18.2, 29.4, 52.0],
                [38.6, 62.3, 110.2],
                [170.0, 274.7, 485.8],
                [40.0, 64.7, 114.4],
                [11.6, 18.7, 33.0],
                [15.0, 24.3, 42.9],
                [50.4, 81.4, 143.9],
            ],
            [
                [14.4, 19.8, 28.9],
                [9.1, 12.6, 18.4],
                [23.9, 33.0, 48.2],
                [87.9, 121.1, 177.1],
                [132.2, 182.0, 266.2],
                [36.4, 50.1, 73.3],
                [30.9, 42.6, 62.3],
                [30.3, 41.7, 60.9],
                [40.7, 56.1, 82.0],
            ],
            [
                [0.06, 26.95, 735.0],
                [2.2, 8.0, 36.7],
                [9.0, 32.5, 148.8],
                [11.3, 40.6, 185.7],
                [39.0, 140.3, 641.7],
                [13.7, 49.1, 224.5],
                [6.3, 22.8, 104.1],
                [3.7, 13.4, 61.3],
                [22.4, 80.6, 368.7],
            ],
            [
                [7.7, 17.2, 44.4],
                [3.9, 8.7, 22.4],
                [29.6, 65.8, 170.2],
                [25.9, 57.7, 149.1],
                [208.1, 463.1, 1197.5],
                [56.8, 126.4, 326.7],
                [5.7, 12.8, 33.1],
                [17.8, 39.6, 102.3],
                [36.1, 80.4, 208.0],
            ],
        ];
        let seeds: Vec<Seed> =
            (0..9).map(|q| seed(truths[q], &answers.map(|of_expert: [[f64; 3]; 9]| of_expert[q]))).collect();
        let near = |actual: f64, expected: f64, off: f64| (actual - expected).abs() <= off * expected;
        let weighing = weigh(&seeds, None).expect("nine questions");
        let scores = [
            (0.154_277_246_802_967_84, 1.145_179_448_073_047_5),
            (0.199_970_609_698_249_76, 1.425_669_431_526_078_3),
            (0.044_105_246_026_351_37, 0.396_581_686_443_609_86),
            (0.592_654_284_260_298_9, 0.566_657_227_864_751_6),
        ];
        for (score, (calibration, information)) in weighing.scores.iter().flatten().zip(scores) {
            assert!(
                near(score.calibration, calibration, 1e-12) && near(score.information, information, 1e-12)
            );
        }
        assert_eq!(weighing.weights, [0.0, 0.0, 0.0, 1.0]);
        assert!(near(weighing.cut_off, scores[3].0, 1e-12));
        assert!(near(weighing.alike.calibration, 0.570_783_118_532_952_6, 1e-12));
        assert!(near(weighing.alike.information, 0.258_569_79, 1e-5));
        for (cut_off, weights, information) in [
            (0.04, [0.216_755_29, 0.349_767_37, 0.021_459_38, 0.412_017_96], 0.473_909_23),
            (0.15, [0.221_508_73, 0.357_437_76, 0.0, 0.421_053_5], 0.504_513_55),
            (0.19, [0.0, 0.459_141_65, 0.0, 0.540_858_35], 0.540_276_28),
        ] {
            let stated = weigh(&seeds, Some(cut_off)).expect("nine questions");
            assert!(stated.weights.iter().zip(weights).all(|(a, b)| (a - b).abs() < 1e-8));
            assert!(near(stated.pool.calibration, 0.570_783_118_532_952_6, 1e-12));
            assert!(near(stated.pool.information, information, 1e-5), "{}", stated.pool.information);
        }
    }

    #[test]
    fn missing_and_flat_answers_do_not_count() {
        let mut seeds = consultation();
        for seed in &mut seeds[..6] {
            seed.answers[1] = None;
        }
        seeds[0].answers[0] = Some([100.0, 100.0, 100.0]);
        let weighing = weigh(&seeds, None).expect("ten questions");
        assert_eq!((weighing.scores[1], weighing.weights[1]), (None, 0.0));
        // The first answered nine, so that all are scored as if nine had been asked.
        let first = weighing.scores[0].expect("a score").calibration;
        assert!((first - calibration([0, 4, 5, 0], 9)).abs() < 1e-15);
        assert!(
            (weighing.scores[2].expect("a score").calibration - calibration([0, 5, 5, 0], 9)).abs() < 1e-15
        );
        assert!(weigh(&[], None).expect_err("no question").contains("no expert answered"));
        let flat = [seed(1.0, &[[1.0, 1.0, 2.0]])];
        assert!(weigh(&flat, None).expect_err("nothing to score").contains("no expert answered"));
        let crowd = vec![seed(1.0, &[[1.0, 2.0, 3.0]; 201])];
        assert!(weigh(&crowd, None).expect_err("a crowd").contains("201 experts"));
    }

    proptest! {
        #[test]
        fn neither_the_unit_nor_the_order_of_questions_matters(
            cells in proptest::collection::vec((1.0..50.0_f64, 0.1..20.0_f64, 0.1..20.0_f64, 1.0..60.0_f64), 24), unit in 1e-3..1e3_f64,
        ) {
            let seeds: Vec<Seed> = cells
                .chunks(3)
                .map(|row| {
                    let answers: Vec<[f64; 3]> = row.iter().map(|(low, a, b, _)| [*low, low + a, low + a + b]).collect();
                    seed(row[0].3, &answers)
                })
                .collect();
            let scaled: Vec<Seed> = seeds
                .iter()
                .rev()
                .map(|seed| Seed {
                    truth: seed.truth * unit,
                    answers: seed.answers.iter().map(|a| a.map(|q| q.map(|x| x * unit))).collect(),
                })
                .collect();
            let (one, other) = (weigh(&seeds, None), weigh(&scaled, None));
            let (one, other) = (one.expect("eight questions"), other.expect("eight questions"));
            prop_assert!((one.pool.combined() - other.pool.combined()).abs() < 1e-9);
            prop_assert!(one.weights.iter().zip(&other.weights).all(|(a, b)| (a - b).abs() < 1e-9));
            for score in one.scores.iter().flatten() {
                prop_assert!(score.information >= 0.0 && (0.0..=1.0).contains(&score.calibration));
            }
        }
    }
}
