//! From a fault in an expression's text to the words in the file.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostics, Source};
use crate::expression::{Fault, FaultKind};
use crate::standard::Text;

/// Adds the faults of an expression as diagnostics in the file that the expression stands in.
pub(super) fn report(faults: Vec<Fault>, text: &Text, source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    for fault in faults {
        // A column whose unit is unknown stands in as a bare number, and everything that it meets would be called wrong.
        if fault.code == FaultKind::UnlikeUnits && diagnostics.has("unknown-unit") {
            continue;
        }
        let span = in_file(&fault.span, text, source);
        diagnostics.add(fault.code.id(), source, span, fault.message, fault.help);
    }
}

/// The bytes of the file on which a stretch of the text stands.
///
/// In a plain scalar of one line the text is the file's own bytes. In a quoted or folded one, line ends and escapes
/// differ, so the words are looked up: the third `volume` of the text is the third `volume` of the scalar.
fn in_file(span: &Range<usize>, text: &Text, source: &Source) -> Range<usize> {
    let whole = text.range();
    let Some(raw) = source.text.get(whole.clone()) else { return whole };
    if raw == text.value {
        return whole.start + span.start..whole.start + span.end;
    }
    let Some(words) = text.value.get(span.clone()).filter(|words| !words.is_empty()) else { return whole };
    let earlier = text.value[..span.start].matches(words).count();
    let found = raw.match_indices(words).nth(earlier).map(|(start, _)| start);
    found.map_or(whole.clone(), |start| whole.start + start..whole.start + start + words.len())
}
