//! The risk of a territory's imports: of all, of each product and from each provenance.

use super::world::{Cell, Indices, World};
use crate::estimator::numeric::incomplete::expit;
use crate::estimator::numeric::robust;
use crate::estimator::numeric::sample::sum;

/// One figure: a mean of the indices of some pairs, weighted by imports.
#[derive(Debug)]
pub(super) struct Figure {
    /// The dimension and its value; none for all imports.
    pub(super) of: Option<(String, String)>,
    /// The imports that it is about.
    pub(super) imports: f64,
    /// Places among the territory's imports.
    cells: Vec<usize>,
}

/// All figures of a territory.
#[derive(Debug)]
pub(super) struct Risks<'w> {
    world: &'w World,
    figures: Vec<Figure>,
}

impl<'w> Risks<'w> {
    /// All imports first, then each product and each provenance of which something is imported.
    pub(super) fn new(world: &'w World) -> Self {
        let cells = || world.imports.iter().enumerate();
        let figure = |of: Option<(String, String)>, cells: Vec<usize>| Figure {
            of,
            imports: sum(cells.iter().map(|cell| world.imports[*cell].value)),
            cells,
        };
        let part = |dimension: &str, names: &[String], category: fn(&Cell) -> usize| {
            let of = |place: usize| {
                let here = cells().filter(|(_, cell)| category(cell) == place).map(|(cell, _)| cell);
                figure(Some((dimension.to_owned(), names[place].clone())), here.collect())
            };
            (0..names.len()).map(of).filter(|figure| !figure.cells.is_empty()).collect::<Vec<Figure>>()
        };
        let mut figures = vec![figure(None, cells().map(|(cell, _)| cell).collect())];
        figures.extend(part("commodity", &world.products.names, |cell| cell.product));
        figures.extend(part("partner", &world.provenances.names, |cell| cell.provenance));
        Self { world, figures }
    }

    /// The figures, in order.
    pub(super) fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// Each figure at some indices, with a least index of pairs that were never seized.
    pub(super) fn at(&self, indices: &Indices, floor: f64) -> Vec<f64> {
        let pairs: Vec<f64> = self.world.pairs(indices, floor).collect();
        let mean = |figure: &Figure| {
            sum(figure.cells.iter().map(|cell| pairs[*cell] * self.world.imports[*cell].value))
                / figure.imports
        };
        self.figures.iter().map(mean).collect()
    }
}

/// Draws of a share moved on the logit scale so that their median is the value, and by how much.
///
/// As they are where the value or the median is no share strictly between 0 and 1.
pub(super) fn recentred(draws: Vec<f64>, value: f64) -> (Vec<f64>, f64) {
    let is_inside = |share: f64| share > 0.0 && share < 1.0;
    let logit = |share: f64| libm::log(share) - libm::log1p(-share);
    match robust::median(&draws) {
        Some(median) if is_inside(median) && is_inside(value) => {
            let shift = logit(value) - logit(median);
            let moved = |share: f64| if is_inside(share) { expit(logit(share) + shift).0 } else { share };
            (draws.into_iter().map(moved).collect(), shift)
        }
        _ => (draws, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_move_to_the_value_and_keep_their_order() {
        let (draws, shift) = recentred(vec![0.0, 0.1, 0.2, 0.5, 1.0], 0.5);
        // The median 0.2 has odds 1/4: odds are multiplied by 4.
        assert!((shift - libm::log(4.0)).abs() < 1e-12);
        for (draw, expected) in draws.iter().zip([0.0, 4.0 / 13.0, 0.5, 0.8, 1.0]) {
            assert!((draw - expected).abs() < 1e-12, "{draws:?}");
        }
        assert_eq!(recentred(vec![0.0, 0.0, 0.3], 0.0), (vec![0.0, 0.0, 0.3], 0.0));
        assert_eq!(recentred(vec![0.2], 0.2), (vec![0.2], 0.0));
    }
}
