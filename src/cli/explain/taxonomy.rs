//! The page of a taxonomy: what it covers, its categories, and how many combinations of attributes each takes.

use super::super::words::{count, fill};
use super::Book;

impl Book<'_> {
    /// The page of a taxonomy.
    pub(super) fn taxonomy(&self, id: &str) -> Option<String> {
        let (held, taxonomy) = (self.standard.taxonomies.get(id)?, self.plan.taxonomies.get(id)?);
        let words = self.words;
        let number = |phrase: &str, n: usize| count(self.language, phrase, n as u64);
        let mut sheet = self.sheet(words.taxonomy, id, &taxonomy.title);
        sheet.field(words.what, &taxonomy.definition);
        sheet.field(words.source, &taxonomy.source);
        sheet.field(words.since, &held.since);
        sheet.field(words.covers, &held.value.covers.value);
        let all = self.plan.attributes.combinations();
        let (unknown, placed) = taxonomy.with_unknown(&self.plan.attributes);
        let several = taxonomy.meeting_several();
        let covered = [("covered", (all - taxonomy.size(None)).to_string()), ("all", all.to_string())];
        let uncertain = [("placed", placed.to_string()), ("unknown", unknown.to_string())];
        let filled = |phrase: &str, values: &[(&str, String)]| {
            let values: Vec<(&str, &str)> =
                values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            fill(phrase, &values)
        };
        sheet.field(
            words.combinations,
            [
                filled(words.combinations_covered, &covered),
                number(words.combinations_several, several),
                filled(words.combinations_unknown, &uncertain),
            ]
            .join("\n"),
        );
        let declared = held.value.categories.iter();
        for (place, (category, (name, declared))) in taxonomy.categories.iter().zip(declared).enumerate() {
            sheet.section(&format!("{} ({})", name.value, category.title));
            sheet.field(words.what, &category.definition);
            sheet.field(
                words.category_is,
                if category.illicit { words.is_illicit } else { words.is_not_illicit },
            );
            sheet.field(words.must_hold, &declared.when.value);
            let own = number(words.combinations_of, taxonomy.size(Some(place)));
            let taken = match taxonomy.taken_before(place) {
                0 => String::new(),
                taken => format!("\n{}", number(words.combinations_taken, taken)),
            };
            sheet.field(words.combinations, own + &taken);
        }
        let others = self.plan.taxonomies.keys().filter(|other| *other != id);
        let commands: Vec<Vec<String>> =
            others.map(|other| vec![format!("sikes standard crosswalk {id} {other}")]).collect();
        sheet.list(words.crosswalks, &commands);
        Some(sheet.finish())
    }
}
