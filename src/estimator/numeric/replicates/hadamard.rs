//! Hadamard matrices: square matrices of signs whose rows, and so columns, are orthogonal.
//!
//! Built from the residues of primes (Paley) and by doubling (Sylvester). Orders that only other constructions reach, such
//! as 52, are passed over for the next: a larger matrix balances as well.
//!
//! # References
//! R. E. A. C. Paley (1933), On Orthogonal Matrices, Journal of Mathematics and Physics 12, 311-320.

/// A Hadamard matrix whose first column holds only plus signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signs {
    order: usize,
    plus: Vec<bool>,
}

/// Half samples of more strata than this are better replaced by a jackknife.
const LARGEST_ORDER: usize = 4096;

impl Signs {
    /// The smallest matrix that this module can build with more columns than `columns`.
    pub(super) fn above(columns: usize) -> Result<Self, String> {
        let mut order = if columns < 2 { 2 } else { columns / 4 * 4 + 4 };
        while order <= LARGEST_ORDER {
            if let Some(signs) = Self::of_order(order) {
                return Ok(signs);
            }
            order += 4;
        }
        Err(format!(
            "{columns} strata are too many for half samples, which serve up to {}",
            LARGEST_ORDER - 1
        ))
    }

    pub(super) fn order(&self) -> usize {
        self.order
    }

    pub(super) fn plus(&self, row: usize, column: usize) -> bool {
        self.plus[row * self.order + column]
    }

    fn of_order(order: usize) -> Option<Self> {
        if order <= 2 {
            return Some(Self::by(order, |row, column| row & column == 0));
        }
        if let Some(residues) = Residues::of(order - 1).filter(|_| order.is_multiple_of(4)) {
            // A skew conference matrix and the unit matrix.
            return Some(Self::by(order, |row, column| row == column || residues.conference(row, column)));
        }
        if let Some(residues) = Residues::of(order / 2 - 1).filter(|_| order % 8 == 4) {
            // A symmetric conference matrix, whose zeros become one block of four signs and whose signs another.
            return Some(Self::by(order, |row, column| {
                let (i, j) = (row / 2, column / 2);
                let (low, right) = (row % 2 == 1, column % 2 == 1);
                if i == j { !low && !right } else { residues.conference(i, j) != (low && right) }
            }));
        }
        let half = Self::of_order(order / 2).filter(|_| order.is_multiple_of(2))?;
        let size = half.order;
        Some(Self::by(order, |row, column| {
            half.plus(row % size, column % size) != (row >= size && column >= size)
        }))
    }

    /// From a rule, with the signs of each row turned so that its first is plus.
    fn by(order: usize, rule: impl Fn(usize, usize) -> bool) -> Self {
        let plus = (0..order * order).map(|place| {
            let (row, column) = (place / order, place % order);
            rule(row, column) == rule(row, 0)
        });
        Self { order, plus: plus.collect() }
    }
}

/// Which numbers are squares modulo an odd prime.
struct Residues {
    prime: usize,
    square: Vec<bool>,
}

impl Residues {
    fn of(prime: usize) -> Option<Self> {
        let is_prime = prime > 2
            && (2..prime)
                .take_while(|factor| factor * factor <= prime)
                .all(|factor| !prime.is_multiple_of(factor));
        is_prime.then(|| {
            let mut square = vec![false; prime];
            for root in 1..prime {
                square[root * root % prime] = true;
            }
            Self { prime, square }
        })
    }

    /// The sign off the diagonal of the conference matrix of order `prime + 1`.
    fn conference(&self, row: usize, column: usize) -> bool {
        match (row, column) {
            (0, _) => true,
            // Skew where -1 is no square, symmetric where it is.
            (_, 0) => self.square[self.prime - 1],
            _ => self.square[(row + self.prime - column) % self.prime],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_hadamard(signs: &Signs) -> bool {
        let order = signs.order();
        (0..order).all(|a| {
            signs.plus(a, 0)
                && (0..a).all(|b| {
                    (0..order).filter(|column| signs.plus(a, *column) == signs.plus(b, *column)).count() * 2
                        == order
                })
        })
    }

    #[test]
    fn rows_are_orthogonal_in_every_order_that_is_built() {
        let mut missing = Vec::new();
        for order in (4..=260).step_by(4) {
            match Signs::of_order(order) {
                Some(signs) => assert!(signs.order() == order && is_hadamard(&signs), "{order}"),
                None => missing.push(order),
            }
        }
        // Those need fields of prime powers or other constructions.
        assert_eq!(missing, [52, 92, 100, 116, 156, 172, 184, 188, 232, 236, 244, 260]);
    }

    #[test]
    fn the_smallest_order_above() {
        for (columns, order) in
            [(1, 2), (2, 4), (3, 4), (4, 8), (7, 8), (8, 12), (27, 28), (28, 32), (51, 56)]
        {
            let signs = Signs::above(columns).expect("few columns");
            assert_eq!(signs.order(), order, "{columns}");
            assert!(is_hadamard(&signs));
        }
        assert!(Signs::above(5000).expect_err("too many").contains("5000 strata"));
    }
}
