//! Words that stand where a value should: placeholders, spreadsheet errors, yes and no.

use super::LOOKALIKE_BYTES;
use crate::submission::fold::fold;
use crate::table::Absence;

/// The reasons that a placeholder may mean, the likeliest first, if the text is one.
pub(super) fn placeholder(text: &str) -> Option<&'static [Absence]> {
    use Absence::{Confidential, NotApplicable, NotAvailable, NotCollected};
    if text.len() > LOOKALIKE_BYTES {
        return None;
    }
    let folded = fold(text);
    let folded = folded.replace([' ', '_', '\u{a0}'], " ");
    Some(match folded.as_str() {
        "-" | "--" | "---" | "\u{2013}" | "\u{2014}" | "\u{2212}" | "?" | "." | "*" | "null" | "none"
        | "nil" | "nan" | "na" | "n/a" | "n.a." | "n.a" | "n a" | "#" | "vacio" | "empty" => {
            &[NotAvailable, NotApplicable, NotCollected]
        }
        ".." | "..." | "\u{2026}" | ":" | "nd" | "n/d" | "n.d." | "n.d" | "n d" | "s/d" | "sd" | "s.d."
        | "s.d" | "s/i" | "s.i." | "sin dato" | "sin datos" | "sin informacion" | "no disponible"
        | "not available" | "no data" | "missing" | "unknown" | "desconocido" | "sem dados"
        | "nao disponivel" | "non disponible" => &[NotAvailable, NotCollected],
        "no aplica" | "no aplicable" | "not applicable" | "nao se aplica" | "sans objet" => &[NotApplicable],
        "no recolectado" | "no recopilado" | "not collected" => &[NotCollected],
        "c" | "conf" | "conf." | "confidencial" | "confidential" | "confidentiel" | "reservado" => {
            &[Confidential]
        }
        _ => return None,
    })
}

/// Whether the text is what a spreadsheet, English or Spanish, writes where a formula has failed.
pub(super) fn is_spreadsheet_error(text: &str) -> bool {
    if !text.starts_with('#') || text.len() > LOOKALIKE_BYTES {
        return false;
    }
    let bare: String = text
        .chars()
        .filter(|character| !matches!(character, '#' | '!' | '?' | '¡' | '¿'))
        .flat_map(char::to_uppercase)
        .collect();
    match bare.as_str() {
        "N/A" | "N/D" | "DIV/0" => true,
        // Without its exclamation mark each of these is a word, and a text may begin with `#`.
        "REF" | "VALUE" | "VALOR" | "NAME" | "NOMBRE" | "NOME" | "NULL" | "NULO" | "NUM" | "SPILL"
        | "DESBORDAMIENTO" | "CALC" | "GETTING_DATA" | "VALEUR" | "NOM" | "NUL" | "NOMBRE_NO_VALIDO" => {
            text.ends_with(['!', '?']) || bare == "GETTING_DATA"
        }
        _ => false,
    }
}

/// The truth value that a word in use stands for.
pub(super) fn boolean(text: &str) -> Option<bool> {
    if text.len() > LOOKALIKE_BYTES {
        return None;
    }
    match fold(text).as_str() {
        "yes" | "y" | "si" | "s" | "sim" | "oui" | "o" | "1" | "1.0" | "t" | "v" | "verdadero"
        | "verdadeiro" | "vrai" => Some(true),
        "no" | "n" | "nao" | "non" | "0" | "0.0" | "f" | "falso" | "faux" => Some(false),
        _ => None,
    }
}
