//! The total of a sample whose units were drawn with known probabilities, its variance, and what is known of what was not seen.
//!
//! Letters: pi the probability that a consignment is drawn, d that an inspection finds what is there, `p = pi d`, y what a find
//! holds. A find stands for `1 / p` consignments, of which one was seen: `V = sum y / p` is what was found, A, and a rest R.

use crate::estimator::numeric::sample::sum;

/// Consignments that were drawn with one probability and inspected in one way.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The probability of being drawn, pi.
    pub probability: f64,
    /// How many were inspected, n.
    pub inspected: f64,
    /// What each find held, y; above 0.
    pub finds: Vec<f64>,
    /// How many more finds there were, of which nobody knows what they held.
    pub unknown: usize,
    /// The probability that an inspection finds what is there, d, where trials measured it.
    pub detection: Option<f64>,
}

/// How consignments were drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// Each by itself (Poisson sampling; Bernoulli within a group).
    Poisson,
    /// As many in each group as were inspected (simple random sampling within strata).
    Stratified,
}

/// What a sample says at one detection probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// What was found, A.
    pub found: f64,
    /// What finds stand for beside themselves, R.
    pub rest: f64,
    /// The variance of `V = A + R`.
    pub variance: f64,
}

impl Moments {
    /// The total V.
    pub fn total(&self) -> f64 {
        self.found + self.rest
    }
}

/// Sums over some groups, from which the moments at any detection probability follow.
///
/// `V = amount / d` and `var V = square / d^2 - linear / d`, with d of 1 where it is measured and worked into the sums.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sums {
    found: f64,
    amount: f64,
    square: f64,
    linear: f64,
    /// Weights of all finds, and of those whose content is known.
    finds: f64,
    known: f64,
}

/// A find that was not made, to stand for what finds may hold that were never seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unseen {
    /// What it holds.
    pub content: f64,
    /// The probability of its being drawn.
    pub probability: f64,
    /// The probability that an inspection finds it, where trials measured it.
    pub detection: Option<f64>,
}

impl Unseen {
    /// What it adds to the rest and to the variance, at a detection probability for those not measured.
    pub fn adds(&self, detection: f64) -> (f64, f64) {
        let p = self.probability * self.detection.unwrap_or(detection);
        let weight = self.content / p;
        ((1.0 - p) * weight, (1.0 - p) * weight * weight)
    }
}

/// A sample, summed up.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    assumed: Sums,
    measured: Sums,
    /// How many finds, also those of unknown content.
    pub finds: usize,
    /// How many of them have an unknown content.
    pub unknown: usize,
    /// What is added to be safe; none without finds of known content.
    pub unseen: Option<Unseen>,
}

impl Summary {
    /// Sums up a sample. `detection` is what the largest weights are found at, such as the median of its law.
    pub fn of(groups: &[Group], design: Design, detection: f64) -> Self {
        let sums = |is_measured: bool| {
            let groups = groups.iter().filter(|group| group.detection.is_some() == is_measured);
            groups.fold(Sums::default(), |sums, group| sums.with(group, design))
        };
        let known: usize = groups.iter().map(|group| group.finds.len()).sum();
        let unknown = groups.iter().map(|group| group.unknown).sum();
        let finds = known + unknown;
        let unseen = unseen(groups, finds, detection);
        Self { assumed: sums(false), measured: sums(true), finds, unknown, unseen }
    }

    /// What the sample says where an inspection that no trial was made for finds what is there with probability `detection`.
    pub fn at(&self, detection: f64) -> Moments {
        let (assumed, measured, d) = (&self.assumed, &self.measured, detection);
        let g = self.content_factor(detection);
        let found = assumed.found + measured.found;
        let total = g * (assumed.amount / d + measured.amount);
        let variance = assumed.square / (d * d) - assumed.linear / d + measured.square - measured.linear;
        // Where all is inspected and found nothing is left, up to rounding.
        Moments { found, rest: (total - found).max(0.0), variance: (g * g * variance).max(0.0) }
    }

    /// What finds of known content are multiplied by to stand for the others too: the weights of all finds over theirs.
    pub fn content_factor(&self, detection: f64) -> f64 {
        let (assumed, measured) = (&self.assumed, &self.measured);
        let [finds, known] =
            [assumed.finds / detection + measured.finds, assumed.known / detection + measured.known];
        if known > 0.0 { finds / known } else { 1.0 }
    }

    /// How the total changes with the assumed detection probability.
    pub fn slope(&self, detection: f64) -> f64 {
        -self.content_factor(detection) * self.assumed.amount / (detection * detection)
    }

    /// The number of equal finds that would tell as much as those that were made: `V^2 / sum (y / p)^2`.
    pub fn effective_finds(groups: &[Group], detection: f64) -> f64 {
        let weights = || {
            groups.iter().flat_map(|group| {
                let p = group.probability * group.detection.unwrap_or(detection);
                group.finds.iter().map(move |y| y / p)
            })
        };
        let total = sum(weights());
        let squares = sum(weights().map(|weight| (weight / total) * (weight / total)));
        if total > 0.0 { 1.0 / squares } else { 0.0 }
    }
}

impl Sums {
    /// With one more group; its own detection probability, where it has one, is worked in.
    fn with(self, group: &Group, design: Design) -> Self {
        let (pi, n, d) = (group.probability, group.inspected, group.detection.unwrap_or(1.0));
        let amount = sum(group.finds.iter().copied());
        let squares = sum(group.finds.iter().map(|y| y * y));
        let [known, unknown] = [group.finds.len() as f64, group.unknown as f64];
        let (square, linear) = match design {
            Design::Stratified if n >= 2.0 => {
                // N^2/n [(1 - pi) s^2 + pi (1 - d) m] / d^2 with N = n/pi, s^2 the variance and m the mean square of all inspected.
                let mean = amount / n;
                let deviations =
                    sum(group.finds.iter().map(|y| (y - mean) * (y - mean))) + (n - known) * mean * mean;
                let per = n / (pi * pi);
                let both = per * ((1.0 - pi) * deviations / (n - 1.0) + pi * squares / n);
                (both, per * pi * squares / n)
            }
            // (1 - pi d) / (pi d)^2 sum y^2.
            Design::Stratified | Design::Poisson => (squares / (pi * pi), squares / pi),
        };
        Self {
            found: self.found + amount,
            amount: self.amount + amount / (pi * d),
            square: self.square + square / (d * d),
            linear: self.linear + linear / d,
            finds: self.finds + (known + unknown) / (pi * d),
            known: self.known + known / (pi * d),
        }
    }
}

/// How many times the heaviest find an unseen one may weigh, by the number of finds: the fewer, the less is known of large ones.
///
/// Set by simulation, see the documentation of the method.
pub fn caution(finds: usize) -> f64 {
    1.25 + 15.0 / finds as f64
}

/// The find to be safe with: the heaviest of all, taken [`caution`] times, or a mean one where consignments are drawn most
/// rarely, whichever adds more to the variance.
fn unseen(groups: &[Group], finds: usize, detection: f64) -> Option<Unseen> {
    let all = || groups.iter().flat_map(|group| group.finds.iter().copied());
    let known = all().count();
    if known == 0 {
        return None;
    }
    let mean = sum(all()) / known as f64;
    let candidates = groups.iter().flat_map(|group| {
        let largest = group.finds.iter().copied().fold(0.0, f64::max);
        [caution(finds) * largest, mean].map(|content| Unseen {
            content,
            probability: group.probability,
            detection: group.detection,
        })
    });
    let adds = |unseen: &Unseen| unseen.adds(detection).1;
    candidates.max_by(|one, other| adds(one).total_cmp(&adds(other)))
}

/// The most consignments that may hold something where none was found to: as many as leave a probability `exp(-surprise)` of
/// finding none, when they lie where they are found least.
///
/// `n` of one group are missed with probability `(1 - p)^n`; a group holds no more than `n / pi`. With one group and small p the surprise
/// of 3 (95 %, one-sided) gives `3 / p`: the rule of three.
pub fn most_unfound(groups: &[Group], detection: f64, surprise: f64) -> f64 {
    let mut costs: Vec<(f64, f64)> = groups
        .iter()
        .map(|group| {
            let p = group.probability * group.detection.unwrap_or(detection);
            (-libm::log1p(-p), group.inspected / group.probability)
        })
        .collect();
    costs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut left, mut most) = (surprise, 0.0);
    for (cost, size) in costs {
        let here = (left / cost).min(size);
        most += here;
        left -= here * cost;
        if left <= 0.0 {
            break;
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn group(probability: f64, inspected: f64, finds: &[f64]) -> Group {
        Group { probability, inspected, finds: finds.to_vec(), unknown: 0, detection: None }
    }

    fn moments(groups: &[Group], design: Design, detection: f64) -> Moments {
        Summary::of(groups, design, detection).at(detection)
    }

    #[test]
    fn poisson_by_hand() {
        // 4/0.1 + 6/0.5 = 52; 0.9 x 4^2/0.01 + 0.5 x 6^2/0.25 = 1440 + 72.
        let groups = [group(0.1, 50.0, &[4.0]), group(0.5, 20.0, &[6.0])];
        let at_1 = moments(&groups, Design::Poisson, 1.0);
        assert!((at_1.total() - 52.0).abs() < 1e-12 && (at_1.variance - 1512.0).abs() < 1e-9);
        assert!((at_1.found - 10.0).abs() < 1e-12);
        // With d = 0.8 each find stands for 1/(0.08) and 1/(0.4): 50 + 15; 0.92 x 2500 + 0.6 x 225.
        let at_08 = moments(&groups, Design::Poisson, 0.8);
        assert!((at_08.total() - 65.0).abs() < 1e-12 && (at_08.variance - 2435.0).abs() < 1e-9);
        // The same where trials measured it.
        let measured: Vec<Group> =
            groups.iter().map(|group| Group { detection: Some(0.8), ..group.clone() }).collect();
        let measured = moments(&measured, Design::Poisson, 0.3);
        assert!((measured.total() - 65.0).abs() < 1e-12 && (measured.variance - 2435.0).abs() < 1e-9);
        let effective = Summary::effective_finds(&groups, 1.0);
        assert!((effective - 52.0 * 52.0 / (1600.0 + 144.0)).abs() < 1e-12);
    }

    #[test]
    fn stratified_by_hand() {
        // Ten of a hundred, of which two held 3 and 5: N^2 (1 - f) s^2 / n with s^2 = (34 - 10 x 0.64)/9.
        let groups = [group(0.1, 10.0, &[3.0, 5.0])];
        let by_hand = 100.0 * 100.0 * 0.9 * (34.0 - 6.4) / 9.0 / 10.0;
        let at_1 = moments(&groups, Design::Stratified, 1.0);
        assert!((at_1.total() - 80.0).abs() < 1e-12 && (at_1.variance / by_hand - 1.0).abs() < 1e-12);
        // All ten inspected, each find made with 0.8: (1 - d) sum y^2 / d^2.
        let census = [group(1.0, 10.0, &[3.0, 5.0])];
        let at_08 = moments(&census, Design::Stratified, 0.8);
        assert!((at_08.variance - 0.2 * 34.0 / 0.64).abs() < 1e-12);
        let certain = moments(&census, Design::Stratified, 1.0);
        assert_eq!((certain.found, certain.rest, certain.variance), (8.0, 0.0, 0.0));
        // One inspection alone has no variance of its own, and is taken as drawn by itself.
        let single = [group(0.1, 1.0, &[3.0])];
        assert_eq!(moments(&single, Design::Stratified, 0.7), moments(&single, Design::Poisson, 0.7));
    }

    #[test]
    fn finds_of_unknown_content_are_taken_as_the_known_ones() {
        let known = [group(0.1, 50.0, &[4.0, 6.0])];
        let some = [Group { unknown: 2, ..known[0].clone() }];
        let (one, other) = (moments(&known, Design::Poisson, 0.8), moments(&some, Design::Poisson, 0.8));
        assert!((other.total() - 2.0 * one.total()).abs() < 1e-9);
        assert!((other.variance - 4.0 * one.variance).abs() < 1e-6);
        assert!((other.found - one.found).abs() < 1e-12);
        // Where they were drawn more rarely they weigh more: (2/0.1 + 1/0.02) / (2/0.1).
        let rare = [known[0].clone(), Group { unknown: 1, ..group(0.02, 50.0, &[]) }];
        let factor = Summary::of(&rare, Design::Poisson, 1.0).content_factor(0.8);
        assert!((factor - 3.5).abs() < 1e-12);
    }

    #[test]
    fn the_rule_of_three_and_its_kin() {
        let one = [group(0.01, 300.0, &[])];
        let surprise = -libm::log(0.05);
        let most = most_unfound(&one, 1.0, surprise);
        // 0.99^n = 0.05 at n = 298.07.
        assert!((most - 298.072_852_3).abs() < 1e-6, "{most}");
        assert!((most_unfound(&[group(1e-6, 1e4, &[])], 1.0, surprise) * 1e-6 - 2.995_732).abs() < 1e-5);
        // Detection of a half: 0.995^n.
        assert!((most_unfound(&one, 0.5, surprise) - surprise / -libm::log(0.995)).abs() < 1e-9);
        // Rare places first, up to all that they hold: 20 of 100 leave 0.8^10... of which 10 are all.
        let two = [group(0.5, 10.0, &[]), group(0.1, 1.0, &[])];
        let left = surprise + 10.0 * libm::log(0.9);
        let by_hand = 10.0 + left / -libm::log(0.5);
        assert!((most_unfound(&two, 1.0, surprise) - by_hand).abs() < 1e-12);
        // All were inspected and nothing is missed.
        assert!(most_unfound(&[group(1.0, 10.0, &[])], 1.0, surprise).abs() < 1e-12);
        // No more than there are.
        assert!((most_unfound(&[group(0.9, 9.0, &[])], 0.1, 1e6) - 10.0).abs() < 1e-12);
        assert!(most_unfound(&[], 1.0, surprise).abs() < 1e-12);
    }

    #[test]
    fn the_find_to_be_safe_with_is_the_heaviest_or_a_mean_one_where_few_are_drawn() {
        let unseen = |groups: &[Group]| Summary::of(groups, Design::Poisson, 1.0).unseen.expect("finds");
        let one = unseen(&[group(0.1, 50.0, &[4.0, 6.0])]);
        assert_eq!((one.content, one.probability), (caution(2) * 6.0, 0.1));
        // Where one in ten thousand is inspected, even a mean find weighs more.
        let rare = unseen(&[group(0.1, 50.0, &[4.0, 6.0]), group(1e-4, 5.0, &[])]);
        assert_eq!((rare.content, rare.probability), (5.0, 1e-4));
        assert_eq!(Summary::of(&[group(0.1, 50.0, &[])], Design::Poisson, 1.0).unseen, None);
        assert!((caution(20) - 2.0).abs() < 1e-12);
    }

    fn groups() -> impl Strategy<Value = Vec<Group>> {
        let one = (0.01..1.0_f64, prop::collection::vec(0.01..100.0_f64, 0..6), 0..30_u32, any::<bool>());
        prop::collection::vec(one, 1..5).prop_map(|groups| {
            let group = |(probability, finds, more, is_measured): (f64, Vec<f64>, u32, bool)| Group {
                probability,
                inspected: finds.len() as f64 + f64::from(more),
                finds,
                unknown: 0,
                detection: is_measured.then_some(0.7),
            };
            groups.into_iter().map(group).collect()
        })
    }

    proptest! {
        #[test]
        fn units_merge_and_order(groups in groups(), unit in 1e-3..1e3_f64, d in 0.1..1.0_f64) {
            let one = moments(&groups, Design::Poisson, d);
            let scaled: Vec<Group> = groups
                .iter()
                .rev()
                .map(|g| Group { finds: g.finds.iter().map(|y| y * unit).collect(), ..g.clone() })
                .collect();
            let other = moments(&scaled, Design::Poisson, d);
            prop_assert!((other.total() - unit * one.total()).abs() <= 1e-9 * other.total());
            prop_assert!((other.variance - unit * unit * one.variance).abs() <= 1e-9 * other.variance);
            prop_assert!(one.rest >= 0.0 && one.variance >= 0.0);
            // Totals of groups add up, and so do the variances of independent draws.
            let parts = groups.iter().map(|g| moments(std::slice::from_ref(g), Design::Poisson, d));
            let (total, variance) = parts.fold((0.0, 0.0), |t, m| (t.0 + m.total(), t.1 + m.variance));
            prop_assert!((total - one.total()).abs() <= 1e-9 * total);
            prop_assert!((variance - one.variance).abs() <= 1e-9 * variance);
        }

        #[test]
        fn fixing_how_many_are_inspected_tells_more_where_finds_are_frequent(
            n in 2..40_u32, pi in 0.01..0.99_f64, d in 0.1..1.0_f64,
        ) {
            // All equal and all found: what varies is detection alone.
            let groups = [group(pi, f64::from(n), &vec![2.0; n as usize])];
            let [fixed, free] = [Design::Stratified, Design::Poisson].map(|design| moments(&groups, design, d).variance);
            prop_assert!(fixed <= free * (1.0 + 1e-12));
        }

        #[test]
        fn more_surprise_and_worse_detection_leave_more_unfound(
            groups in groups(), d in 0.1..0.9_f64, surprise in 0.1..5.0_f64,
        ) {
            let most = most_unfound(&groups, d, surprise);
            prop_assert!(most <= most_unfound(&groups, d, surprise + 0.5) + 1e-9);
            prop_assert!(most <= most_unfound(&groups, d * 0.9, surprise) + 1e-9);
        }
    }
}
