//! Reads the tables of fixtures and of their sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The cells of a line, of which some may stand in quotes. A quoted cell holds no quotes here.
pub(crate) fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut inside = false;
    for letter in line.trim_end_matches('\r').trim_start_matches('\u{feff}').chars() {
        match letter {
            '"' => inside = !inside,
            ',' if !inside => cells.push(String::new()),
            letter => cells.last_mut().expect("there is always one").push(letter),
        }
    }
    cells
}

/// The lines of a file after its header, each as its cells by the header's names.
pub(crate) fn records(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines().map(cells);
    let header = lines.next().expect("a header");
    lines.map(|line| header.iter().cloned().zip(line).collect()).collect()
}
