//! What somebody meant who wrote a word that is not known.

/// The known word nearest to an unknown one, if it is near enough to be what was meant; the first of equals.
///
/// Capitals do not count, and one letter in three may be wrong, up to three of them.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    let allowed = (letters / 3).clamp(1, 3);
    let wanted = word.to_lowercase();
    known
        .into_iter()
        // A whole page in the place of a code is no slip of the pen, and is not worth comparing letter by letter.
        .filter(|candidate| candidate.chars().count().abs_diff(letters) <= allowed)
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn what_is_near_is_found_and_what_is_far_is_not() {
        let known = ["recorded", "unrecorded", "total", "A"];
        assert_eq!(nearest("RECORDED", known), Some("recorded"));
        assert_eq!(nearest("recoded", known), Some("recorded"));
        assert_eq!(nearest("a", known), Some("A"));
        assert_eq!(nearest("tourist", known), None);
        assert_eq!(nearest(&"recorded".repeat(10_000), known), None);
    }
}
