//! Histories and the hierarchical log-linear models over them.
//!
//! A history and a term are both sets of lists, written as the bits of a number: the first list is bit 0. The term `A:B`
//! is 0b0011; the history of units on the first and the third of three lists, `101`, is 0b101.

use crate::estimator::numeric::poisson_regression::Matrix;

/// Fewest and most lists that are modelled together.
pub const FEWEST_LISTS: usize = 2;
/// See [`FEWEST_LISTS`].
pub const MOST_LISTS: usize = 6;

/// Sets of lists: a history, or a term of a model.
pub type Set = u8;

/// The terms of a model beside the intercept and the effect of each list: sets of two lists and more, as the bits of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Terms(u64);

impl Terms {
    /// Of these sets.
    pub fn of(sets: impl IntoIterator<Item = Set>) -> Self {
        Self(sets.into_iter().fold(0, |bits, set| bits | 1 << set))
    }

    /// The sets: smaller before larger, and those with earlier lists first.
    pub fn sets(self) -> Vec<Set> {
        let mut sets: Vec<Set> = (0..64).filter(|set| self.has(*set)).collect();
        sets.sort_by_key(|set| (set.count_ones(), members(*set)));
        sets
    }

    /// Whether a set is one of the terms.
    pub fn has(self, set: Set) -> bool {
        set < 64 && self.0 >> set & 1 == 1
    }

    /// How many terms.
    pub fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether every part of a term with two lists and more is a term too.
    pub fn is_hierarchical(self) -> bool {
        self.sets().into_iter().all(|set| self.holds_faces_of(set))
    }

    fn with(self, set: Set) -> Self {
        Self(self.0 | 1 << set)
    }

    fn holds_faces_of(self, set: Set) -> bool {
        set.count_ones() <= 2 || members(set).into_iter().all(|list| self.has(set & !(1 << list)))
    }
}

/// The places of the lists in a set.
pub fn members(set: Set) -> Vec<usize> {
    (0..8).filter(|list| set >> list & 1 == 1).collect()
}

/// The name of a set such as `A:B`, from the names of the lists.
pub fn name(set: Set, lists: &[String]) -> String {
    let names: Vec<&str> =
        members(set).into_iter().filter_map(|list| lists.get(list)).map(String::as_str).collect();
    names.join(":")
}

/// All hierarchical models of so many lists whose terms hold at most `most` lists each, and not all of them: fewer terms
/// before more, and those with earlier terms first.
///
/// Of three lists there are 8, of four 113 and of five 6,893 (one less than the simplicial complexes on so many labelled
/// points, 9, 114 and 6,894; six lists have 7,785,061). With terms of two lists alone there are 2, 8, 64, 1,024 and 32,768
/// of two to six lists.
pub fn hierarchical_models(lists: usize, most: usize) -> Vec<Terms> {
    let largest = most.min(lists.saturating_sub(1));
    let mut models = vec![Terms::default()];
    for size in 2..=largest {
        let sets: Vec<Set> = (0..1_u8 << lists).filter(|set| set.count_ones() as usize == size).collect();
        // Each set is put in or left out; a set can stand only where all its parts do, which are of the size before.
        for set in sets {
            let with: Vec<Terms> = models
                .iter()
                .filter(|model| model.holds_faces_of(set))
                .map(|model| model.with(set))
                .collect();
            models.extend(with);
        }
    }
    models.sort_by_cached_key(|model| {
        let sets: Vec<(u32, Vec<usize>)> =
            model.sets().into_iter().map(|set| (set.count_ones(), members(set))).collect();
        (sets.len(), sets)
    });
    models
}

/// The design of a hierarchical model on the `2^k - 1` histories that can be seen, in the order of their numbers from 1.
///
/// It is never written out: the entry of a history and a term is 1 where the term is part of the history. So a predictor is
/// a sum over the parts of a history, an entry of `X'WX` the sum over the histories that hold two terms together, and both
/// come from `k 2^(k-1)` additions for all at once (the transforms of Yates and Moebius).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lattice {
    lists: usize,
    /// The intercept, the lists and the terms.
    sets: Vec<Set>,
    /// For each entry of the lower triangle, the lists of both terms together.
    unions: Vec<Set>,
}

impl Lattice {
    /// The design of these terms on so many lists, of [`FEWEST_LISTS`] to [`MOST_LISTS`].
    pub fn new(lists: usize, terms: Terms) -> Self {
        let mut sets: Vec<Set> = vec![0];
        sets.extend((0..lists).map(|list| 1 << list));
        sets.extend(terms.sets());
        let unions =
            (0..sets.len()).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|(i, j)| sets[i] | sets[j]);
        Self { lists, unions: unions.collect(), sets }
    }

    /// The intercept, the lists and the terms, in the order of the coefficients.
    pub fn sets(&self) -> &[Set] {
        &self.sets
    }

    /// The design written out.
    pub fn rows(&self) -> Vec<Vec<f64>> {
        (1..1_u16 << self.lists)
            .map(|history| {
                let holds = |set: &Set| u16::from(*set) & !history == 0;
                self.sets.iter().map(|set| f64::from(u8::from(holds(set)))).collect()
            })
            .collect()
    }
}

/// Calls a function with the number of histories, seen and unseen, as a constant, so that its loops are laid out flat.
macro_rules! by_size {
    ($lists:expr, $function:ident($($argument:expr),*)) => {
        match $lists {
            2 => $function::<4>($($argument),*),
            3 => $function::<8>($($argument),*),
            4 => $function::<16>($($argument),*),
            5 => $function::<32>($($argument),*),
            _ => $function::<64>($($argument),*),
        }
    };
}

impl Matrix for Lattice {
    fn rows(&self) -> usize {
        (1 << self.lists) - 1
    }

    fn columns(&self) -> usize {
        self.sets.len()
    }

    fn times(&self, coefficients: &[f64], predictors: &mut [f64]) {
        by_size!(self.lists, sums_of_parts(&self.sets, coefficients, predictors));
    }

    fn gather(&self, values: &[f64], sums: &mut [f64]) {
        by_size!(self.lists, sums_of_wholes(&self.sets, values, sums));
    }

    fn information(&self, weights: &[f64], triangle: &mut [f64]) {
        by_size!(self.lists, sums_of_wholes(&self.unions, weights, triangle));
    }
}

/// For each history the sum of the coefficients of its parts.
fn sums_of_parts<const M: usize>(sets: &[Set], coefficients: &[f64], predictors: &mut [f64]) {
    let mut sums = [0.0; M];
    for (set, coefficient) in sets.iter().zip(coefficients) {
        sums[usize::from(*set) % M] = *coefficient;
    }
    let mut bit = 1;
    while bit < M {
        for history in 0..M {
            if history & bit != 0 {
                sums[history] += sums[history ^ bit];
            }
        }
        bit *= 2;
    }
    predictors.copy_from_slice(&sums[1..]);
}

/// For each set the sum of the values of the histories that hold it.
fn sums_of_wholes<const M: usize>(sets: &[Set], values: &[f64], wanted: &mut [f64]) {
    let mut sums = [0.0; M];
    sums[1..].copy_from_slice(values);
    let mut bit = 1;
    while bit < M {
        for history in 0..M {
            if history & bit == 0 {
                sums[history] += sums[history | bit];
            }
        }
        bit *= 2;
    }
    for (set, sum) in sets.iter().zip(wanted) {
        *sum = sums[usize::from(*set) % M];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::poisson_regression::Design;
    use proptest::prelude::*;

    #[test]
    fn the_numbers_of_models() {
        for (lists, most, count) in [
            (2, 2, 1),
            (3, 3, 8),
            (4, 4, 113),
            (5, 5, 6_893),
            (3, 2, 8),
            (4, 2, 64),
            (5, 2, 1_024),
            (6, 2, 32_768),
        ] {
            let models = hierarchical_models(lists, most);
            assert_eq!(models.len(), count, "{lists} {most}");
            assert!(models.iter().all(|model| model.is_hierarchical()));
        }
    }

    /// Every one of the 2^10 sets of terms on four lists, tried by the definition.
    #[test]
    fn the_models_of_four_lists_by_the_definition() {
        let sets: Vec<Set> = (0..15_u8).filter(|set| set.count_ones() >= 2).collect();
        let mut by_definition: Vec<Terms> = (0..1_u16 << sets.len())
            .map(|choice| Terms::of((0..sets.len()).filter(|i| choice >> i & 1 == 1).map(|i| sets[i])))
            .filter(|terms| terms.is_hierarchical())
            .collect();
        let mut models = hierarchical_models(4, 4);
        by_definition.sort();
        models.sort();
        assert_eq!(models, by_definition);
    }

    #[test]
    fn models_stand_in_the_order_of_their_terms() {
        let lists = ["A", "B", "C"].map(str::to_owned);
        let names: Vec<String> = hierarchical_models(3, 3)
            .into_iter()
            .map(|model| model.sets().into_iter().map(|set| name(set, &lists)).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(names, ["", "A:B", "A:C", "B:C", "A:B A:C", "A:B B:C", "A:C B:C", "A:B A:C B:C"]);
    }

    proptest! {
        #[test]
        fn the_transforms_are_the_products_with_the_design(
            lists in 2_usize..=6,
            choice in any::<prop::sample::Index>(),
            seed in prop::collection::vec(-2.0..2.0_f64, 64 + 64),
        ) {
            let models = hierarchical_models(lists, if lists > 4 { 2 } else { 4 });
            let lattice = Lattice::new(lists, models[choice.index(models.len())]);
            let design = Design::new(&lattice.rows()).expect("rows of one length");
            let (m, p) = (Matrix::rows(&lattice), lattice.columns());
            let triangle = p * (p + 1) / 2;
            let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-12);
            let (mut a, mut b) = (vec![0.0; m], vec![0.0; m]);
            lattice.times(&seed[..p], &mut a);
            design.times(&seed[..p], &mut b);
            prop_assert!(near(&a, &b));
            let (mut a, mut b) = (vec![0.0; p], vec![0.0; p]);
            lattice.gather(&seed[64..64 + m], &mut a);
            design.gather(&seed[64..64 + m], &mut b);
            prop_assert!(near(&a, &b));
            let (mut a, mut b) = (vec![0.0; triangle], vec![0.0; triangle]);
            lattice.information(&seed[64..64 + m], &mut a);
            design.information(&seed[64..64 + m], &mut b);
            prop_assert!(near(&a, &b));
        }
    }
}
