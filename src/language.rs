//! The languages of the standard, and phrases in all of them.

/// A language of the standard; English is authoritative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
    /// Portuguese.
    Portuguese,
    /// French.
    French,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::English, Self::Spanish, Self::Portuguese, Self::French];

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::Portuguese => "pt",
            Self::French => "fr",
        }
    }

    /// The language of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

/// A module's phrases, and `words(language)`, which gives all of them in one language.
///
/// A phrase stands beside its translations, so that a phrase without one does not compile.
macro_rules! phrases {
    ($($(#[$why:meta])* $name:ident: $english:literal, $spanish:literal, $portuguese:literal, $french:literal;)*) => {
        /// Every phrase in one language.
        pub(super) struct Words {
            $($(#[$why])* pub(super) $name: &'static str,)*
        }

        static ENGLISH: Words = Words { $($name: $english,)* };
        static SPANISH: Words = Words { $($name: $spanish,)* };
        static PORTUGUESE: Words = Words { $($name: $portuguese,)* };
        static FRENCH: Words = Words { $($name: $french,)* };

        /// The phrases of a language.
        pub(super) fn words(language: $crate::language::Language) -> &'static Words {
            match language {
                $crate::language::Language::English => &ENGLISH,
                $crate::language::Language::Spanish => &SPANISH,
                $crate::language::Language::Portuguese => &PORTUGUESE,
                $crate::language::Language::French => &FRENCH,
            }
        }

        #[cfg(test)]
        impl Words {
            pub(super) fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }
    };
}

pub(crate) use phrases;

/// A phrase with its gaps `{name}` filled. What is filled in is never searched for gaps: it may come from an agency's
/// file.
pub(crate) fn fill(phrase: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(values.iter().find(|(gap, _)| *gap == name).map_or("", |(_, value)| value));
        rest = after;
    }
    text + rest
}

/// A number of things, of the forms `one|many`: "1 row", "3,834 rows".
pub(crate) fn count(language: Language, forms: &str, number: u64) -> String {
    let (one, many) = forms.split_once('|').unwrap_or((forms, forms));
    let singular = number == 1 || (language == Language::French && number == 0);
    fill(if singular { one } else { many }, &[("n", &whole(language, number))])
}

/// A whole number with its thousands set apart.
///
/// The comma is kept to English: elsewhere it is the decimal mark, and 3,834 rows would be read as not quite four.
pub(crate) fn whole(language: Language, number: u64) -> String {
    let separator = if language == Language::English { ',' } else { '\u{a0}' };
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A number of bytes: "1 MiB", "64 KiB".
pub(crate) fn size(language: Language, bytes: usize) -> String {
    let [mebibytes, kibibytes, plain] = match language {
        Language::French => ["Mio", "Kio", "octets"],
        _ => ["MiB", "KiB", "bytes"],
    };
    let (number, unit) = match bytes {
        _ if bytes > 0 && bytes.is_multiple_of(1 << 20) => (bytes >> 20, mebibytes),
        _ if bytes > 0 && bytes.is_multiple_of(1 << 10) => (bytes >> 10, kibibytes),
        _ => (bytes, plain),
    };
    format!("{} {unit}", whole(language, number as u64))
}

/// Panics where a phrase is left in English, but for those listed, or has not the gaps and forms of the English.
/// A phrase with a full stop is a sentence and begins like one.
#[cfg(test)]
pub(crate) fn assert_translated(
    all: impl Fn(Language) -> Vec<(&'static str, &'static str)>,
    same: &[(Language, &str)],
) {
    let gaps = |text: &str| {
        let form = text.split('|').next().unwrap_or_default();
        let gaps = form.split('{').skip(1).map(|part| part.split('}').next().unwrap_or_default().to_owned());
        let mut names: Vec<String> = gaps.collect();
        names.sort();
        (names, text.matches('|').count())
    };
    let english = all(Language::English);
    for language in Language::ALL {
        for ((name, original), (_, translated)) in english.iter().zip(all(language)) {
            assert_eq!(gaps(original), gaps(translated), "{name} in {language:?}");
            let tidy = !translated.contains("  ") && translated.trim() == translated;
            assert!(tidy, "{name} in {language:?} has stray spaces");
            let begins = translated.starts_with(|first: char| first.is_uppercase() || first == '`');
            assert_eq!(original.ends_with('.'), translated.ends_with('.'), "{name} in {language:?}");
            assert!(begins || !translated.ends_with('.'), "{name} in {language:?} has no capital");
            if language == Language::English {
                continue;
            }
            let listed = same.contains(&(language, *name));
            assert_eq!(*original == translated, listed, "{name} in {language:?} is {translated:?}");
            for word in [" the ", " of ", " and ", " for ", " to ", " not ", " with "] {
                let left = format!(" {translated} ").contains(word);
                assert!(!left, "{name} in {language:?}: {translated}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_choose_their_form_and_set_thousands_apart() {
        assert_eq!(count(Language::English, "{n} row|{n} rows", 0), "0 rows");
        assert_eq!(count(Language::English, "{n} row|{n} rows", 1), "1 row");
        assert_eq!(count(Language::English, "{n} row|{n} rows", 3834), "3,834 rows");
        assert_eq!(count(Language::Spanish, "{n} fila|{n} filas", 3834), "3\u{a0}834 filas");
        assert_eq!(count(Language::French, "{n} ligne|{n} lignes", 0), "0 ligne");
        assert_eq!(whole(Language::English, 999), "999");
        assert_eq!(whole(Language::English, 12_345_678), "12,345,678");
    }

    #[test]
    fn sizes_are_whole_where_they_can_be() {
        assert_eq!(size(Language::English, 1 << 20), "1 MiB");
        assert_eq!(size(Language::French, 1 << 16), "64 Kio");
        assert_eq!(size(Language::Spanish, 1_000_000), "1\u{a0}000\u{a0}000 bytes");
    }

    #[test]
    fn what_is_filled_in_is_not_searched_for_gaps() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x");
        assert_eq!(fill("open {a", &[("a", "x")]), "open x");
    }
}
