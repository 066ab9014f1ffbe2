//! Taxonomies: the category of every combination of attributes, worked out before any data are seen.

mod condition;

use std::collections::{BTreeMap, BTreeSet};

pub use condition::condition;

use super::check::sound;
use crate::diagnostic::{Diagnostics, did_you_mean};
use crate::expression::{self, Context, Expected, Field, Kind, Program, Scope, Vocabulary};
use crate::standard::{Held, Language, Standard, Text, item};
use crate::table::Column;

/// The attributes of goods that taxonomies speak of. The codes of each are the code list of that name.
pub const ATTRIBUTES: [&str; 4] = ["duty", "origin", "authenticity", "ethanol"];

/// The code of an attribute that nobody knows.
const UNKNOWN: &str = "unknown";

/// The most combinations of codes: a taxonomy is worked out for every one of them.
const MOST_COMBINATIONS: usize = 20_000;

/// More categories than this no body has.
const MOST_CATEGORIES: usize = 100;

/// One value an attribute.
type Each<T> = [T; ATTRIBUTES.len()];

/// The known codes of each attribute, in the order of their lists. Combinations of them are numbered from 0.
#[derive(Debug, Default)]
pub struct Attributes {
    codes: Each<Vec<String>>,
}

impl Attributes {
    /// How many combinations of one known code each there are.
    pub fn combinations(&self) -> usize {
        self.codes.iter().map(Vec::len).product()
    }

    /// The codes of a combination, in the order of [`ATTRIBUTES`].
    pub fn codes(&self, combination: usize) -> Each<&str> {
        let places = self.places(combination);
        std::array::from_fn(|attribute| self.codes[attribute][places[attribute]].as_str())
    }

    /// The place of each code of a combination in its list.
    fn places(&self, combination: usize) -> Each<usize> {
        let mut rest = combination;
        let mut places = Each::default();
        for (place, codes) in places.iter_mut().zip(&self.codes).rev() {
            *place = rest % codes.len();
            rest /= codes.len();
        }
        places
    }

    /// The combinations that some of an attribute's codes form with some of the others', as `true` says.
    fn combinations_of(&self, allowed: &Each<Vec<bool>>) -> Vec<usize> {
        let mut found = vec![0];
        for (codes, allowed) in self.codes.iter().zip(allowed) {
            let places = || (0..codes.len()).filter(|place| allowed[*place]);
            found = found
                .into_iter()
                .flat_map(|combination| places().map(move |place| combination * codes.len() + place))
                .collect();
        }
        found
    }
}

/// A taxonomy, compiled.
#[derive(Debug)]
pub struct Taxonomy {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What the body measures.
    pub definition: String,
    /// Where the body says so.
    pub source: String,
    /// Its categories, in order of precedence.
    pub categories: Vec<Category>,
    /// For each combination the categories whose conditions it meets, in order; none where it is not covered.
    meets: Vec<Vec<usize>>,
}

/// A category of a taxonomy.
#[derive(Debug)]
pub struct Category {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What belongs to it.
    pub definition: String,
    /// Whether the body counts it as illicit.
    pub illicit: bool,
}

/// Where goods stand in a taxonomy as far as their attributes are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// In a category, whatever the unknown attributes may be.
    In(usize),
    /// Not covered, whatever the unknown attributes may be.
    Outside,
    /// The unknown attributes decide.
    Undetermined {
        /// The categories that it may be, in order.
        categories: Vec<usize>,
        /// Whether it may also stand outside.
        possibly_outside: bool,
    },
}

impl Taxonomy {
    /// The category of a combination: the first whose condition it meets. None where the taxonomy does not cover it.
    pub fn category(&self, combination: usize) -> Option<usize> {
        self.meets[combination].first().copied()
    }

    /// How many combinations belong to a category, or to none.
    pub fn size(&self, category: Option<usize>) -> usize {
        (0..self.meets.len()).filter(|combination| self.category(*combination) == category).count()
    }

    /// How many combinations meet a category's condition and belong to one before it.
    pub fn taken_before(&self, category: usize) -> usize {
        self.meets.iter().filter(|meets| meets.iter().skip(1).any(|met| *met == category)).count()
    }

    /// How many combinations meet the conditions of several categories.
    pub fn meeting_several(&self) -> usize {
        self.meets.iter().filter(|meets| meets.len() > 1).count()
    }

    /// Where goods stand of which these codes are known, in the order of [`ATTRIBUTES`]. A code that is no known code of
    /// its list, such as `unknown`, says as little as none.
    pub fn standing(&self, attributes: &Attributes, codes: Each<Option<&str>>) -> Standing {
        let allowed: Each<Vec<bool>> = std::array::from_fn(|attribute| {
            let known =
                codes[attribute].filter(|code| attributes.codes[attribute].iter().any(|own| own == code));
            attributes.codes[attribute].iter().map(|own| known.is_none_or(|code| code == own)).collect()
        });
        let mut found: Vec<Option<usize>> = attributes
            .combinations_of(&allowed)
            .into_iter()
            .map(|combination| self.category(combination))
            .collect();
        found.sort_unstable();
        found.dedup();
        match found[..] {
            [] | [None] => Standing::Outside,
            [Some(category)] => Standing::In(category),
            _ => Standing::Undetermined {
                possibly_outside: found.contains(&None),
                categories: found.into_iter().flatten().collect(),
            },
        }
    }

    /// How many combinations have an attribute unknown, and how many of those have a category all the same.
    pub fn with_unknown(&self, attributes: &Attributes) -> (usize, usize) {
        let mut counts = (0, 0);
        // One more choice each: that the attribute is not known.
        let choices: Each<usize> = std::array::from_fn(|attribute| attributes.codes[attribute].len() + 1);
        for number in 0..choices.iter().product() {
            let mut rest = number;
            let codes: Each<Option<&str>> = std::array::from_fn(|attribute| {
                let choice = rest % choices[attribute];
                rest /= choices[attribute];
                attributes.codes[attribute].get(choice).map(String::as_str)
            });
            if codes.contains(&None) {
                counts.0 += 1;
                counts.1 += usize::from(matches!(self.standing(attributes, codes), Standing::In(_)));
            }
        }
        counts
    }
}

/// Compiles all taxonomies, and the attributes that they speak of.
pub(super) fn taxonomies(
    standard: &Standard,
    language: Language,
    vocabulary: &Vocabulary,
    diagnostics: &mut Diagnostics,
) -> (Attributes, BTreeMap<String, Taxonomy>) {
    let Some(first) = standard.taxonomies.values().next() else { return Default::default() };
    let Some(attributes) = attributes(standard, first, diagnostics) else { return Default::default() };
    let fields: Vec<Field> = ATTRIBUTES
        .iter()
        .map(|name| Field {
            name: (*name).to_owned(),
            kind: Kind::Code((*name).to_owned()),
            title: standard.text(language, &format!("code-lists/{name}"), "title"),
        })
        .collect();
    let scope = Scope { fields: &fields, vocabulary, context: Context::Row, table_name: "a taxonomy" };
    let compiled = standard.taxonomies.iter().filter_map(|(id, held)| {
        Some((id.clone(), taxonomy(standard, held, language, &attributes, &scope, diagnostics)?))
    });
    let taxonomies = compiled.collect();
    (attributes, taxonomies)
}

/// The attributes; none where the standard lacks their codes, which is reported once.
fn attributes(
    standard: &Standard,
    first: &Held<item::Taxonomy>,
    diagnostics: &mut Diagnostics,
) -> Option<Attributes> {
    let mut attributes = Attributes::default();
    let mut complete = true;
    let lists = standard.code_lists.keys().map(String::as_str);
    for (name, codes) in ATTRIBUTES.iter().zip(&mut attributes.codes) {
        if let Some(list) = standard.code_lists.get(*name) {
            let known = list.value.codes.keys().filter(|code| *code != UNKNOWN);
            *codes = known.map(str::to_owned).collect();
        } else {
            complete = false;
            let message = format!("there is no code list `{name}`, an attribute that taxonomies speak of");
            let help = did_you_mean(name, lists.clone())
                .unwrap_or_else(|| format!("the attributes are {}", ATTRIBUTES.join(", ")));
            let covers = first.value.covers.range();
            diagnostics.add("unknown-code-list", &first.source, covers, message, Some(help));
        }
    }
    let sizes = attributes.codes.iter().map(|codes| codes.len() as u64);
    let combinations = sizes.fold(1_u64, u64::saturating_mul);
    if combinations > MOST_COMBINATIONS as u64 {
        complete = false;
        let message = format!(
            "the attributes have {combinations} combinations of codes, more than {MOST_COMBINATIONS}"
        );
        let help = Some("a taxonomy is worked out for every combination: use fewer codes".to_owned());
        diagnostics.add("too-many", &first.source, first.value.covers.range(), message, help);
    }
    complete.then_some(attributes)
}

fn taxonomy(
    standard: &Standard,
    held: &Held<item::Taxonomy>,
    language: Language,
    attributes: &Attributes,
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Taxonomy> {
    let declared = held.value.categories.iter().count();
    if declared > MOST_CATEGORIES {
        let message = format!("the taxonomy has {declared} categories, more than {MOST_CATEGORIES}");
        diagnostics.add("too-many", &held.source, held.value.covers.range(), message, None);
        return None;
    }
    let mut holds = |text: &Text| {
        let compiled = expression::compile(&text.value, scope, Some(&Expected::Boolean));
        sound(compiled, text, &held.source, diagnostics).map(|program| truths(&program, attributes))
    };
    let covers = holds(&held.value.covers);
    let whens: Vec<Option<Vec<bool>>> =
        held.value.categories.iter().map(|(_, category)| holds(&category.when)).collect();
    let (covers, whens) = (covers?, whens.into_iter().collect::<Option<Vec<_>>>()?);
    let meets = (0..attributes.combinations())
        .map(|combination| {
            let met =
                (0..whens.len()).filter(|category| covers[combination] && whens[*category][combination]);
            met.collect()
        })
        .collect();
    let path = format!("taxonomies/{}", held.id);
    let text = |field: &str| standard.text(language, &path, field).unwrap_or_default();
    let categories = held.value.categories.iter().map(|(id, category)| Category {
        id: id.value.clone(),
        title: text(&format!("categories.{}.title", id.value)),
        definition: text(&format!("categories.{}.definition", id.value)),
        illicit: category.illicit,
    });
    let taxonomy = Taxonomy {
        id: held.id.clone(),
        title: text("title"),
        definition: text("definition"),
        source: held.value.source.clone(),
        categories: categories.collect(),
        meets,
    };
    // Where the field is missing altogether, that has been reported.
    let categories = standard.nodes.get(&path).and_then(|node| node.get("categories"));
    if categories.is_some() {
        partitioned(held, &taxonomy, attributes, &covers, diagnostics);
    }
    if covers.contains(&true) {
        reached(held, &taxonomy, diagnostics);
    }
    Some(taxonomy)
}

/// Of which combinations a check holds; null does not hold.
fn truths(program: &Program, attributes: &Attributes) -> Vec<bool> {
    let combinations = attributes.combinations();
    let columns: Each<Column> = std::array::from_fn(|attribute| {
        Column::of_texts((0..combinations).map(|combination| attributes.codes(combination)[attribute]))
    });
    let columns: Vec<&Column> = columns.iter().collect();
    let values = program.evaluate(&columns, combinations);
    (0..combinations).map(|combination| values.truth(combination) == Some(true)).collect()
}

/// Reports combinations that are covered and belong to no category.
fn partitioned(
    held: &Held<item::Taxonomy>,
    taxonomy: &Taxonomy,
    attributes: &Attributes,
    covers: &[bool],
    diagnostics: &mut Diagnostics,
) {
    let place = held.value.covers.range();
    let covered = covers.iter().filter(|covered| **covered).count();
    let homeless: Vec<bool> =
        covers.iter().zip(&taxonomy.meets).map(|(covered, meets)| *covered && meets.is_empty()).collect();
    let without = homeless.iter().filter(|homeless| **homeless).count();
    if covered == 0 {
        let message = "the taxonomy covers nothing: its `covers` holds of no combination of known codes";
        diagnostics.add("never-reached", &held.source, place, message, None);
    } else if without > 0 {
        let message = format!(
            "not partitioned: no category for {without} of the {covered} combinations that the taxonomy covers"
        );
        let all = vec![true; homeless.len()];
        let help = format!(
            "give a category to goods where {}, or leave them out of `covers`",
            condition(attributes, &homeless, &all)
        );
        diagnostics.add("not-partitioned", &held.source, place, message, Some(help));
    }
}

/// Reports categories to which no combination belongs.
fn reached(held: &Held<item::Taxonomy>, taxonomy: &Taxonomy, diagnostics: &mut Diagnostics) {
    for (category, (id, _)) in held.value.categories.iter().enumerate() {
        if taxonomy.size(Some(category)) > 0 {
            continue;
        }
        let meeting = taxonomy.meets.iter().filter(|meets| meets.contains(&category));
        let takers: BTreeSet<usize> = meeting.filter_map(|meets| meets.first().copied()).collect();
        let takers: Vec<String> =
            takers.iter().map(|taker| format!("`{}`", taxonomy.categories[*taker].id)).collect();
        let (why, help) = if takers.is_empty() {
            ("its `when` holds of nothing that the taxonomy covers".to_owned(), None)
        } else {
            let why = format!("{} before it takes all that meets its `when`", takers.join(" and "));
            (why, Some("put the narrower category before the wider one".to_owned()))
        };
        let message = format!("`{}` is never reached: {why}", id.value);
        diagnostics.add("never-reached", &held.source, id.range(), message, help);
    }
}
