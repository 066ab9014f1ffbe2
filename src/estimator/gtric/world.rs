//! Who reports, what of it can be compared, and how the indices move had other seizures been made.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Call, Records, Refusal};
use super::index::{self, Divisor, Imports, Index, Weights};
use super::seizures::{self, Group, Line};
use crate::estimator::numeric::draw::Stream;

/// The code of all goods together, as in UN Comtrade.
const ALL_GOODS: &str = "TOTAL";

/// More economies, and more products or provenances, than there are.
const MOST_ECONOMIES: usize = 500;
const MOST_CATEGORIES: usize = 1_000;

/// What is compared.
#[derive(Debug)]
pub(super) struct World {
    /// The seizures of each reporting economy, with the stream of its own weight.
    economies: Vec<(Stream, Vec<Group>)>,
    pub(super) products: Categories,
    pub(super) provenances: Categories,
    /// Imports of the territory that is asked for, by product and provenance.
    pub(super) imports: Vec<Cell>,
    /// Numbers that belong to the comparison, whichever territory is asked for.
    pub(super) stream: Stream,
    pub(super) notes: Vec<String>,
}

/// What the territory imports of one product from one provenance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) product: usize,
    pub(super) provenance: usize,
    pub(super) value: f64,
    /// Whether any economy reported a seizure of the pair.
    pub(super) is_seized: bool,
}

/// One kind of category: products or provenances.
#[derive(Debug)]
pub(super) struct Categories {
    pub(super) names: Vec<String>,
    /// What the reporting economies import of each.
    imports: Imports,
}

/// The indices of products and of provenances.
#[derive(Debug)]
pub(super) struct Indices {
    pub(super) products: Index,
    pub(super) provenances: Index,
}

/// The imports of an economy by product and provenance.
type Cells<'a> = BTreeMap<(&'a str, &'a str), f64>;

impl World {
    /// Sorts figures and records.
    pub(super) fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let mut notes = Vec::new();
        let imports = imports(call, &mut notes)?;
        let mut reporters: Vec<&Records> = call
            .tables("seized")
            .into_iter()
            .filter(|table| table.period() == call.place.period && imports.contains_key(table.territory()))
            .collect();
        // In one order, whichever territory is asked for.
        reporters.sort_by_key(|table| table.territory());
        let Some(first) = reporters.first() else {
            return Err(Refusal::new(
                "no territory reports both its imports and its seizures of the period",
                "give the seizures of counterfeits, also of territories that made none",
            ));
        };
        let stream = first.stream("comparison");
        let cells: Vec<&Cells<'_>> = reporters.iter().map(|table| &imports[table.territory()]).collect();
        let (products, provenances) =
            (Categories::of(&cells, |key| key.0)?, Categories::of(&cells, |key| key.1)?);
        let pair = |product: &str, provenance: &str| {
            Some((products.place(product)?, provenances.place(provenance)?))
        };

        let mut economies = Vec::new();
        let mut seized = BTreeSet::new();
        let [mut all, mut usable, mut known] = [0; 3];
        for table in &reporters {
            let lines = seizures::lines(table)?;
            let of = |line: &Line<'_>| pair(line.product, line.provenance);
            let groups = seizures::groups(table, &lines, of);
            all += table.rows();
            usable += lines.len();
            known += lines.iter().filter(|line| of(line).is_some()).count();
            let positive = groups.iter().flat_map(|group| &group.cells).filter(|cell| cell.2 > 0.0);
            seized.extend(positive.map(|cell| (cell.0, cell.1)));
            economies.push((table.stream("economy"), groups));
        }
        if usable < all {
            notes.push(format!(
                "{} of {all} lines of seizures lack a commodity, a provenance or a value, or are in another currency than most of their economy's, and are left out",
                all - usable
            ));
        }
        if known < usable {
            notes.push(format!(
                "{} of {usable} lines of seizures are of goods or from territories that nobody imported, and are left out",
                usable - known
            ));
        }
        check(&seized)?;
        let here = imports[call.place.territory].iter();
        let here = here.filter(|(_, value)| **value > 0.0).filter_map(|((product, provenance), value)| {
            let (product, provenance) = pair(product, provenance)?;
            let is_seized = seized.contains(&(product, provenance));
            Some(Cell { product, provenance, value: *value, is_seized })
        });
        let imports: Vec<Cell> = here.collect();
        if imports.is_empty() {
            return Err(Refusal::new(
                "the territory imports nothing of what is compared",
                "give the value of its imports by commodity and partner",
            ));
        }
        Ok(Self { economies, products, provenances, imports, stream, notes })
    }

    /// How many economies report, and how many of them seizures.
    pub(super) fn reporters(&self) -> (usize, usize) {
        let with = self.economies.iter().filter(|(_, groups)| !groups.is_empty()).count();
        (self.economies.len(), with)
    }

    /// How many seizures, or groups of them.
    pub(super) fn seizures(&self) -> usize {
        self.economies.iter().map(|(_, groups)| groups.len()).sum()
    }

    /// The indices as the seizures were reported; none where all factors are equal.
    pub(super) fn indices(&self) -> Option<Indices> {
        self.weighted(&|_| 1.0)
    }

    /// The indices of a draw: each economy and each seizure has a weight by chance (the Bayesian bootstrap).
    pub(super) fn drawn(&self, draw: usize) -> Option<Indices> {
        // An exponential variable of mean 1.
        self.weighted(&|stream| -libm::log(stream.uniform(draw as u64)))
    }

    fn weighted(&self, weight: &dyn Fn(Stream) -> f64) -> Option<Indices> {
        let times: Vec<f64> = self.economies.iter().map(|(stream, _)| weight(*stream)).collect();
        let empty = |categories: &Categories| vec![vec![0.0; categories.names.len()]; times.len()];
        let (mut products, mut provenances) = (empty(&self.products), empty(&self.provenances));
        for (economy, (_, groups)) in self.economies.iter().enumerate() {
            for group in groups {
                let weight = weight(group.stream);
                for (product, provenance, value) in &group.cells {
                    products[economy][*product] += weight * value;
                    provenances[economy][*provenance] += weight * value;
                }
            }
        }
        Some(Indices {
            products: self.products.index(&products, &times)?,
            provenances: self.provenances.index(&provenances, &times)?,
        })
    }

    /// The index of each pair that the territory imports, in their order; a pair that was never seized has at least `floor`.
    pub(super) fn pairs<'w>(&'w self, indices: &'w Indices, floor: f64) -> impl Iterator<Item = f64> + 'w {
        self.imports.iter().map(move |cell| {
            let pair = indices.products.gtric[cell.product] * indices.provenances.gtric[cell.provenance];
            if cell.is_seized { pair } else { pair.max(floor) }
        })
    }
}

/// Refuses pairs that hold no two categories to tell apart.
fn check(seized: &BTreeSet<(usize, usize)>) -> Result<(), Refusal> {
    let count = |of: fn(&(usize, usize)) -> usize| seized.iter().map(of).collect::<BTreeSet<_>>().len();
    for (count, what) in [(count(|pair| pair.0), "products"), (count(|pair| pair.1), "provenances")] {
        if count < 2 {
            return Err(Refusal::new(
                format!("counterfeits of {count} of the imported {what} were seized, and an index needs two"),
                "give the seizures of more territories, with commodity, provenance and value",
            ));
        }
    }
    Ok(())
}

impl Categories {
    /// The categories that some reporting economy imports, in the order of their names.
    fn of<'a>(cells: &[&Cells<'a>], category: fn((&'a str, &'a str)) -> &'a str) -> Result<Self, Refusal> {
        let mut names = BTreeSet::new();
        for (key, value) in cells.iter().flat_map(|cells| cells.iter()) {
            if *value > 0.0 {
                names.insert(category(*key).to_owned());
            }
        }
        let names: Vec<String> = names.into_iter().collect();
        if cells.len() > MOST_ECONOMIES || names.len() > MOST_CATEGORIES {
            return Err(Refusal::new(
                format!("{} economies and {} categories are too many to compare", cells.len(), names.len()),
                format!(
                    "give at most {MOST_ECONOMIES} economies and {MOST_CATEGORIES} commodities or partners"
                ),
            ));
        }
        let mut imports = vec![vec![0.0; names.len()]; cells.len()];
        for (row, cells) in imports.iter_mut().zip(cells) {
            for (key, value) in *cells {
                if let Ok(place) = names.binary_search_by(|name| name.as_str().cmp(category(*key))) {
                    row[place] += value;
                }
            }
        }
        let imports = Imports::new(imports)
            .map_err(|reason| Refusal::new(reason, "give the value of imports by commodity and partner"))?;
        Ok(Self { names, imports })
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).ok()
    }

    fn index(&self, seizures: &[Vec<f64>], times: &[f64]) -> Option<Index> {
        let factors = self.imports.factors_resampled(seizures, Weights::Economy, times).ok()?;
        index::index(&factors.log_factors()?, Divisor::CountLessOne)
    }
}

/// The imports of every territory in the currency of the one that is asked for, with a note where some are in another.
fn imports<'a>(call: &Call<'a>, notes: &mut Vec<String>) -> Result<BTreeMap<&'a str, Cells<'a>>, Refusal> {
    let place = call.place;
    let lacks = |name: &str, dimension: &str| {
        Refusal::new(format!("{name} is not by {dimension}"), "give imports by commodity and partner")
    };
    let mut figures = Vec::new();
    for figure in call.all("imports") {
        let territory = figure.of("territory").unwrap_or(place.territory);
        let period = figure.of("period").or_else(|| figure.of("year"));
        let product = figure.of("commodity").ok_or_else(|| lacks(figure.name, "commodity"))?;
        let provenance = figure.of("partner").ok_or_else(|| lacks(figure.name, "partner"))?;
        if product == ALL_GOODS || provenance == territory || period.is_some_and(|own| own != place.period) {
            continue;
        }
        if !(figure.value >= 0.0 && figure.value.is_finite()) {
            return Err(Refusal::new(
                format!("the imports of {product} by {territory} from {provenance} are {}", figure.value),
                "give values that are numbers from 0",
            ));
        }
        figures.push((
            territory,
            figure.of("currency").unwrap_or_default(),
            product,
            provenance,
            figure.value,
        ));
    }
    let own = figures.iter().filter(|figure| figure.0 == place.territory).map(|figure| figure.1);
    let own: BTreeSet<&str> = own.collect();
    let mut listed = own.iter().copied();
    let currency = match (listed.next(), listed.next()) {
        (Some(currency), None) => currency,
        (None, _) => {
            return Err(Refusal::new(
                "the territory reports no imports of the period",
                "give the value of its imports by commodity and partner",
            ));
        }
        (Some(_), Some(_)) => {
            let currencies: Vec<&str> = own.into_iter().collect();
            return Err(Refusal::new(
                format!("the imports are in {}", currencies.join(" and ")),
                "give them in one currency",
            ));
        }
    };
    // A territory of which a part is in another currency would count with the rest alone.
    let others: BTreeSet<&str> =
        figures.iter().filter(|figure| figure.1 != currency).map(|figure| figure.0).collect();
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().copied().collect();
        notes.push(format!("the imports of {} are in another currency and are left out", names.join(", ")));
    }
    let mut imports: BTreeMap<&str, Cells<'_>> = BTreeMap::new();
    for (territory, _, product, provenance, value) in figures {
        if !others.contains(territory) {
            *imports.entry(territory).or_default().entry((product, provenance)).or_default() += value;
        }
    }
    Ok(imports)
}
