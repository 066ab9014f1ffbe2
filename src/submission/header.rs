//! The names in a header, matched with the columns of a dataset.

use std::collections::BTreeSet;

use super::fault::{Fault, Faults, Kind, excerpt};
use super::fold::fold_name;
use super::layout::Layout;

/// Names longer than this are not compared with the dataset's for likeness.
const NAME_BYTES: usize = 64;

/// The characters of the expected header that a fault lists.
const LISTED_BYTES: usize = 400;

/// Finds each column of the layout among the names: its index, if it is there.
///
/// A name that differs from the dataset's by capitals, spaces, accents or punctuation alone is a fault and taken for it all the
/// same, so that the faults of its cells show at once. A name that is merely similar is a fault with a suggestion: it is not read.
/// Each cause is one fault: a column suggested for a misspelt name is not also missing.
pub(super) fn match_names(
    names: &[String],
    line: u64,
    layout: &Layout,
    faults: &mut Faults,
) -> Vec<Option<usize>> {
    let mut found = Match {
        positions: vec![None; layout.columns.len()],
        suggested: vec![false; layout.columns.len()],
        verdicts: vec![None; names.len()],
    };
    found.exactly(names, layout);
    found.folded(names, layout);
    found.similar(names, layout);
    let Match { positions, suggested, verdicts } = found;

    let nothing = positions.iter().all(Option::is_none) && !suggested.contains(&true);
    if nothing && !layout.columns.is_empty() {
        let kind = Kind::HeaderNotFound { expected: expected(layout) };
        faults.add(Fault { text: Some(excerpt(&names.join(", "))), ..Fault::of_line(kind, line) });
        return positions;
    }
    for (index, (name, verdict)) in names.iter().zip(verdicts).enumerate() {
        let kind = match verdict {
            Some(Verdict::Good) => continue,
            Some(Verdict::Fault(kind)) => kind,
            None if name.trim().is_empty() => Kind::EmptyColumnName,
            None => Kind::UnknownColumn,
        };
        faults.add(Fault {
            column: Some(index + 1),
            column_name: Some(excerpt(name)),
            text: Some(excerpt(name)),
            ..Fault::of_line(kind, line)
        });
    }
    for ((column, position), suggested) in layout.columns.iter().zip(&positions).zip(suggested) {
        if column.required && position.is_none() && !suggested {
            faults.add(Fault {
                column_name: Some(column.name.clone()),
                ..Fault::of_line(Kind::MissingColumn, line)
            });
        }
    }
    positions
}

/// How many columns of the layout the names hold, capitals and spaces aside.
pub(super) fn count_known(names: &[String], layout: &Layout) -> usize {
    let names: BTreeSet<String> = names.iter().map(|name| fold_name(name)).collect();
    layout.columns.iter().filter(|column| names.contains(&fold_name(&column.name))).count()
}

struct Match {
    /// For each column of the layout, the index of its name.
    positions: Vec<Option<usize>>,
    /// For each column of the layout, whether it was suggested for another name.
    suggested: Vec<bool>,
    /// For each name, what is known of it.
    verdicts: Vec<Option<Verdict>>,
}

#[derive(Clone)]
enum Verdict {
    Good,
    Fault(Kind),
}

impl Match {
    fn exactly(&mut self, names: &[String], layout: &Layout) {
        for (index, name) in names.iter().enumerate() {
            let Some(column) = layout.columns.iter().position(|column| column.name == *name) else {
                continue;
            };
            self.verdicts[index] = Some(match self.positions[column] {
                Some(first) => Verdict::Fault(Kind::DuplicateColumn { first: first + 1 }),
                None => Verdict::Good,
            });
            self.positions[column].get_or_insert(index);
        }
    }

    fn folded(&mut self, names: &[String], layout: &Layout) {
        let folded: Vec<String> = layout.columns.iter().map(|column| fold_name(&column.name)).collect();
        for (index, name) in names.iter().enumerate() {
            let written = fold_name(name);
            if self.verdicts[index].is_some() || written.is_empty() {
                continue;
            }
            let Some(column) = folded.iter().position(|folded| *folded == written) else {
                continue;
            };
            let kind = match self.positions[column] {
                Some(first) => Kind::DuplicateColumn { first: first + 1 },
                None => Kind::MisspeltColumn { meant: layout.columns[column].name.clone() },
            };
            self.verdicts[index] = Some(Verdict::Fault(kind));
            self.positions[column].get_or_insert(index);
        }
    }

    /// Suggests for each name left the nearest column left, the nearest pairs first.
    fn similar(&mut self, names: &[String], layout: &Layout) {
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for (index, name) in names.iter().enumerate() {
            if self.verdicts[index].is_some() || name.len() > NAME_BYTES {
                continue;
            }
            let written = fold_name(name);
            for (column, spec) in layout.columns.iter().enumerate() {
                let allowed = spec.name.len().min(written.len()) / 3;
                if self.positions[column].is_some() || spec.name.len().abs_diff(written.len()) > allowed {
                    continue;
                }
                let distance = strsim::damerau_levenshtein(&written, &spec.name);
                if distance <= allowed {
                    pairs.push((distance, index, column));
                }
            }
        }
        pairs.sort_unstable();
        for (_, index, column) in pairs {
            if self.verdicts[index].is_none() && !self.suggested[column] {
                let meant = layout.columns[column].name.clone();
                self.verdicts[index] = Some(Verdict::Fault(Kind::MisspeltColumn { meant }));
                self.suggested[column] = true;
            }
        }
    }
}

fn expected(layout: &Layout) -> String {
    let mut listed = String::new();
    for column in &layout.columns {
        if listed.len() + column.name.len() > LISTED_BYTES {
            listed.push('…');
            break;
        }
        if !listed.is_empty() {
            listed.push(',');
        }
        listed.push_str(&column.name);
    }
    listed
}
