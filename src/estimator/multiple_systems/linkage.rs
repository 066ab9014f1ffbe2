//! What a table would be if no match between records had been missed.
//!
//! ```text
//! 1 - missed = (1 - e)^2          a pair of records is recognised unless one of them, each with probability e, is spoilt
//! n_s = (1 - e)^|s| sum over t with s in t of e^|t - s| true_t      for histories s of two lists and more
//! true_s = sum over t with s in t of (-e)^|t - s| (1 - e)^-|t| n_t
//! ```
//! A spoilt record stands alone, so every list keeps its number of records: what is missing from the overlaps of a list is
//! among those that seem to be on it alone. With two lists this is `true = n / (1 - missed)` for the overlap.

use super::model::Set;
use super::table::Table;

/// The table without missed matches; refuses where more would be put together than stand alone.
pub fn relinked(table: &Table, missed: f64) -> Result<Table, String> {
    if !(0.0..1.0).contains(&missed) {
        return Err(format!("the share of missed matches is {missed}, and must lie from 0 to below 1"));
    }
    let kept = libm::sqrt(1.0 - missed);
    let spoilt = 1.0 - kept;
    let restored = |set: Set| -> f64 {
        let wider = table.cells().filter(|(history, _)| history & set == set);
        let terms = wider.map(|(history, count)| {
            let more = history.count_ones() - set.count_ones();
            power(-spoilt, more) * power(1.0 / kept, history.count_ones()) * count
        });
        // An overlap that stayed empty though larger ones did not would come out a little below nothing.
        terms.sum::<f64>().max(0.0)
    };
    let mut cells: Vec<(Set, f64)> =
        table.cells().filter(|(set, _)| set.count_ones() > 1).map(|(set, _)| (set, restored(set))).collect();
    for list in 0..table.lists() {
        let together: f64 = cells
            .iter()
            .filter(|(set, _)| set.count_ones() > 1 && set >> list & 1 == 1)
            .map(|(_, n)| n)
            .sum();
        let alone = table.on(1 << list) - together;
        if alone < -1e-9 * table.on(1 << list) {
            return Err(format!("list {} has fewer records alone than matches would be put back", list + 1));
        }
        cells.push((1 << list, alone.max(0.0)));
    }
    Table::of(table.lists(), &cells)
}

fn power(base: f64, exponent: u32) -> f64 {
    (0..exponent).fold(1.0, |product, _| product * base)
}

/// The table that is expected when matches of `table` are missed, to try [`relinked`] on.
#[cfg(test)]
fn unlinked(table: &Table, missed: f64) -> Table {
    let kept = libm::sqrt(1.0 - missed);
    let mut cells = Vec::new();
    for (history, count) in table.cells() {
        // Every choice of the records that are spoilt.
        for spoilt in (0..=history).filter(|spoilt| spoilt & !history == 0) {
            let whole = history & !spoilt;
            let probability = power(kept, whole.count_ones()) * power(1.0 - kept, spoilt.count_ones());
            cells.push((whole, probability * count));
            cells.extend(
                super::model::members(spoilt).into_iter().map(|list| (1 << list, probability * count)),
            );
        }
    }
    cells.retain(|(history, _)| *history != 0);
    Table::of(table.lists(), &cells).expect("the same lists")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_lists_by_hand() {
        let table = Table::of(2, &[(0b01, 160.0), (0b10, 110.0), (0b11, 40.0)]).expect("two lists");
        let better = relinked(&table, 0.2).expect("enough stand alone");
        assert!((better.count(0b11) - 50.0).abs() < 1e-9 && (better.count(0b01) - 150.0).abs() < 1e-9);
        assert_eq!(better.sizes().iter().map(|n| n.round()).collect::<Vec<_>>(), [200.0, 150.0]);
    }

    #[test]
    fn what_cannot_be_put_back_is_refused() {
        let table = Table::of(2, &[(0b01, 1.0), (0b10, 110.0), (0b11, 40.0)]).expect("two lists");
        assert!(relinked(&table, 0.2).expect_err("too few alone").contains("list 1"));
        assert!(relinked(&table, 1.0).is_err() && relinked(&table, f64::NAN).is_err());
        assert_eq!(relinked(&table, 0.0).expect("nothing to do"), table);
    }

    proptest! {
        #[test]
        fn it_undoes_what_missed_matches_do(
            lists in 2_usize..=5, counts in prop::collection::vec(0.0..100.0_f64, 31), missed in 0.0..0.6_f64,
        ) {
            let table = Table::new(lists, counts[..(1 << lists) - 1].to_vec()).expect("a table");
            let back = relinked(&unlinked(&table, missed), missed).expect("it was possible");
            for (history, count) in table.cells() {
                prop_assert!((back.count(history) - count).abs() < 1e-8, "{history:b}");
            }
        }
    }
}
