//! Text for a terminal: made harmless, wrapped to the page, coloured if asked.

use unicode_width::UnicodeWidthStr as _;

/// How a stretch of text is shown where colour is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is.
    Plain,
    /// Titles.
    Bold,
    /// Errors.
    Red,
    /// Warnings.
    Yellow,
    /// Things worth knowing.
    Blue,
    /// Nothing wrong.
    Green,
}

/// How wide the page is, and whether it shows colour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    /// Columns of the terminal.
    pub(crate) width: usize,
    /// Whether ANSI colours may be used.
    pub(crate) colour: bool,
}

impl Page {
    /// The text in a style.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Plain => "",
            Style::Bold => "1",
            Style::Red => "1;31",
            Style::Yellow => "1;33",
            Style::Blue => "1;34",
            Style::Green => "1;32",
        };
        if self.colour && !code.is_empty() && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// A paragraph, its lines ended: `lead` in its style and then `text`, all set in by `indent` and the lines after
    /// the first by `hang` more. A word wider than the page is left whole, so that a path can still be copied.
    pub(crate) fn paragraph(
        self,
        indent: usize,
        hang: usize,
        (style, lead): (Style, &str),
        text: &str,
    ) -> String {
        let mut lines: Vec<Vec<(Style, String)>> = vec![Vec::new()];
        let mut used = 0;
        let leads = words_of(lead).into_iter().map(|word| (style, word));
        for (style, word) in leads.chain(words_of(text).into_iter().map(|word| (Style::Plain, word))) {
            let margin = if lines.len() > 1 { indent + hang } else { indent };
            if used > 0 && margin + used + word.width() > self.width {
                lines.push(Vec::new());
                used = 0;
            }
            // The space that follows is counted with the word.
            used += word.width() + 1;
            let Some(line) = lines.last_mut() else { continue };
            match line.last_mut() {
                Some((last, stretch)) if *last == style => *stretch = format!("{stretch} {word}"),
                _ => line.push((style, word)),
            }
        }
        let mut paragraph = String::new();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            paragraph += &" ".repeat(if at > 0 { indent + hang } else { indent });
            let stretches: Vec<String> = line.iter().map(|(style, text)| self.paint(*style, text)).collect();
            paragraph += &stretches.join(" ");
            paragraph.push('\n');
        }
        paragraph
    }
}

/// The words to break lines between; a sign that belongs to the figure before it stays with it.
fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in harmless(text).split(' ').filter(|word| !word.is_empty()) {
        let sign = word.chars().all(|character| "%–;:".contains(character));
        match words.last_mut() {
            Some(last) if sign || last.ends_with(" –") => *last = format!("{last} {word}"),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A text in one line, its words one space apart.
pub(crate) fn one_line(text: &str) -> String {
    harmless(text).split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A text that cannot steer the terminal: what stands in an agency's cell must not recolour or reorder the verdict.
pub(crate) fn harmless(text: &str) -> String {
    let shown = |character: char| match character {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ if character.is_control() => '\u{fffd}',
        _ => character,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: Page = Page { width: 20, colour: false };

    #[test]
    fn lines_hang_below_their_lead() {
        let text = PLAIN.paragraph(2, 5, (Style::Bold, "fix:"), "check the sign and the row of tourist");
        assert_eq!(text, "  fix: check the\n       sign and the\n       row of\n       tourist\n");
        let coloured =
            Page { colour: true, ..PLAIN }.paragraph(2, 5, (Style::Bold, "fix:"), "check the sign and");
        assert_eq!(coloured, "  \u{1b}[1mfix:\u{1b}[0m check the\n       sign and\n");
    }

    #[test]
    fn figures_keep_their_signs_and_paths_their_length() {
        let text = PLAIN.paragraph(0, 0, (Style::Plain, ""), "twelve letters 4.5 – 24.3 % of it");
        assert_eq!(text, "twelve letters\n4.5 – 24.3 % of it\n");
        let path = "a-very-long-submission/consumption_per_adult.csv:3:4";
        assert_eq!(PLAIN.paragraph(0, 2, (Style::Plain, ""), path), format!("{path}\n"));
        assert_eq!(PLAIN.paragraph(4, 2, (Style::Plain, ""), "  \n "), "");
    }

    #[test]
    fn a_cell_cannot_steer_the_terminal() {
        assert_eq!(one_line("9.7\u{1b}[2J\n\tvalid \u{202e}abc"), "9.7\u{fffd}[2J valid \u{fffd}abc");
    }

    proptest! {
        #[test]
        fn wrapping_keeps_every_word(text in "\\PC{0,200}", width in 0_usize..100, indent in 0_usize..8) {
            let wrapped = Page { width, colour: false }.paragraph(indent, 2, (Style::Plain, ""), &text);
            prop_assert_eq!(one_line(&wrapped), one_line(&text));
            for line in wrapped.lines() {
                prop_assert_eq!(line.trim_end_matches(' '), line);
            }
        }
    }
}
