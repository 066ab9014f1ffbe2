//! Words compared as people read them: without capitals and accents.

/// The text in lower case, without the accents of Spanish, Portuguese, French and English.
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter_map(plain).collect()
}

/// A column name as it would be written by someone who follows the standard's way of naming.
///
/// `Pure alcohol`, ` PURE-ALCOHOL` and a `pure_alcohol` behind a byte order mark all give `pure_alcohol`.
pub(super) fn fold_name(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for part in fold(name).split(|character: char| !character.is_alphanumeric()) {
        if !part.is_empty() {
            if !folded.is_empty() {
                folded.push('_');
            }
            folded.push_str(part);
        }
    }
    folded
}

fn plain(character: char) -> Option<char> {
    Some(match character {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        // An accent written as a character of its own, as macOS does.
        '\u{300}'..='\u{36f}' => return None,
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_to_the_standard_form() {
        for name in
            ["Pure alcohol", " PURE-ALCOHOL ", "\u{feff}pure_alcohol", "pure__alcohol", "Pùré  alcohol."]
        {
            assert_eq!(fold_name(name), "pure_alcohol", "{name:?}");
        }
        assert_eq!(fold("AN\u{303}O Sí"), "ano si");
    }
}
