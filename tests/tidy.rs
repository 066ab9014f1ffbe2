//! The shape of the source: which way the arrows of the pipeline point, and who alone may touch files, print, or name a
//! library. What each rule keeps out is said beside it.
#![allow(clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sikes::estimator::METHODS;

/// The modules of `src/` from left to right. A module names only itself and modules to its left; some name fewer.
#[rustfmt::skip]
const STAGES: [(&str, MayName); 22] = [
    // The leaves, which every stage may use.
    ("spelling",    Only(&[])),
    ("diagnostic",  Only(&["spelling"])),
    ("error",       Only(&[])),
    ("language",    Only(&[])),
    ("table",       Only(&[])),
    ("calendar",    Only(&[])),
    ("group",       Only(&["calendar", "table"])),
    ("yaml",        Only(&["diagnostic", "spelling"])),
    ("expression",  Only(&["calendar", "spelling", "table"])),
    ("estimator",   Only(&[])),
    // The pipeline.
    ("standard",    Only(&["diagnostic", "error", "language", "yaml"])),    // knows no data and no SQL
    ("compile",     AllToItsLeft),
    ("submission",  Only(&["calendar", "diagnostic", "error", "language", "table", "yaml"])),   // knows no rules
    ("validate",    AllToItsLeft),
    ("measure",     AllToItsLeftBut(&["estimator", "standard"])),       // knows no methods
    ("reconcile",   AllToItsLeftBut(&["estimator", "submission", "yaml"])), // knows no files and no methods
    ("compare",     AllToItsLeftBut(&["submission", "yaml"])),          // knows no files
    ("run",         AllToItsLeft),
    ("report",      AllToItsLeftBut(&["estimator", "submission", "yaml"])), // knows not how results came about
    ("conformance", Only(&["error", "estimator", "expression", "table"])),
    ("simulate",    Only(&["estimator", "spelling"])),                  // knows the columns of datasets, not their rules
    ("cli",         AllToItsLeft),
];

/// Words that only some files may name, and why.
const WORDS: [(&[&str], &[&str], &str); 9] = [
    (&["sqlparser"], &["src/expression/"], "only `expression` knows how a check is written"),
    (&["serde_saphyr"], &["src/yaml/"], "only `yaml` knows how YAML is read"),
    (&["annotate_snippets"], &["src/report/diagnostic.rs"], "diagnostics are printed in one place"),
    (
        &["arrow_array"],
        &[
            "src/expression/",
            "src/group.rs",
            "src/table.rs",
            "src/submission/",
            "src/validate/",
            "src/measure/",
            "src/compare/grade.rs",
            "src/conformance/model.rs",
        ],
        "few know how a column is kept",
    ),
    (
        &["std::fs", "fs::", "File::", "read_dir("],
        &["src/cli/", "src/standard/source.rs", "src/submission/", "src/run.rs", "src/conformance/"],
        "files are at the edges",
    ),
    (&["tempfile"], &["src/cli/output.rs"], "files are written in one place"),
    (
        &["print!", "println!", "eprint!", "eprintln!", "stdout(", "stderr(", "stdin("],
        &["src/cli/"],
        "only the command line prints",
    ),
    (&["SystemTime", "Instant"], &[], "results know no clock"),
    (&["dbg!", "todo!", "unimplemented!", "unwrap()"], &[], "a proof is `expect(\"reason\")`"),
];

/// The most lines of one source file.
const MOST_LINES: usize = 800;

use MayName::{AllToItsLeft, AllToItsLeftBut, Only};

#[derive(Clone, Copy)]
enum MayName {
    AllToItsLeft,
    AllToItsLeftBut(&'static [&'static str]),
    Only(&'static [&'static str]),
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of `src/`: its path from the root, its text, and its text without comments and literals.
struct File {
    path: String,
    text: String,
    code: String,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), code: code_of(text) }
    }

    /// `src/compile/check.rs` is `["compile", "check"]`.
    fn module(&self) -> Vec<&str> {
        let inside = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        inside.split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main")).collect()
    }
}

/// Every file of `src/`, sorted.
fn sources() -> Vec<File> {
    let mut paths = Vec::new();
    collect(&root().join("src"), &mut paths);
    let sources = paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    sources
        .map(|path| {
            let text = fs::read_to_string(path).expect("source is text");
            File::new(&inside(path), &text)
        })
        .collect()
}

/// The path from the root, with `/`.
fn inside(path: &Path) -> String {
    path.strip_prefix(root()).expect("a file of this project").to_string_lossy().replace('\\', "/")
}

/// All files below a folder, sorted; what is built, and what begins with a dot as `.git` does, is not the project's.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("a folder of this project");
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().expect("a name").to_string_lossy();
        // In a worktree `.git` is a file.
        if matches!(&*name, "target" | ".git") {
            continue;
        }
        if path.is_dir() {
            collect(&path, paths);
        } else {
            paths.push(path);
        }
    }
}

/// The text with comments, strings and characters blanked; lines and bytes keep their places.
fn code_of(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut blank = |range: std::ops::Range<usize>| {
        for byte in &mut code[range] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    };
    let find = |from: usize, what: &str| {
        text[from..].find(what).map_or(text.len(), |place| from + place + what.len())
    };
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let follows_word = at > 0 && is_word(bytes[at - 1]);
        let raw = rest.trim_start_matches('b').strip_prefix('r').filter(|_| !follows_word).map(|after| {
            let hashes = after.bytes().take_while(|byte| *byte == b'#').count();
            (hashes, after[hashes..].starts_with('"'))
        });
        let end = if rest.starts_with("//") {
            find(at, "\n") - usize::from(text[at..].contains('\n'))
        } else if rest.starts_with("/*") {
            find(at + 2, "*/")
        } else if let Some((hashes, true)) = raw {
            let start = at + rest.find('"').expect("a raw string begins with a quote") + 1;
            find(start, &format!("\"{}", "#".repeat(hashes)))
        } else if rest.starts_with('"') {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            end + 1
        } else if rest.starts_with("'\\") {
            find(at + 3, "'")
        } else if rest.starts_with('\'') && rest.chars().nth(2) == Some('\'') {
            at + rest.char_indices().nth(3).map_or(rest.len(), |(place, _)| place)
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        let end = end.min(bytes.len());
        blank(at..end);
        at = end;
    }
    String::from_utf8(code).expect("whole literals are blanked")
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where a word stands in code, not as the end of a longer one.
fn places<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word)
        .map(|(place, _)| place)
        .filter(move |place| *place == 0 || !is_word(code.as_bytes()[place - 1]))
}

fn line_of(code: &str, place: usize) -> usize {
    code[..place].matches('\n').count() + 1
}

/// The word at the beginning of a text.
fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    &text[..text.bytes().position(|byte| !is_word(byte)).unwrap_or(text.len())]
}

/// The code without what is compiled for tests alone.
fn without_tests(code: &str) -> String {
    let mut code = code.to_owned();
    while let Some(start) = code.find("#[cfg(test)]") {
        let mut depth = 0_usize;
        let ends = code[start..].char_indices().find(|(_, character)| match character {
            '{' => {
                depth += 1;
                false
            }
            '}' => {
                depth -= 1;
                depth == 0
            }
            ';' => depth == 0,
            _ => false,
        });
        let end = ends.map_or(code.len(), |(place, _)| start + place + 1);
        let blank: String = code[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        code.replace_range(start..end, &blank);
    }
    code
}

/// The files that are compiled for tests alone: `#[cfg(test)] mod sample;`.
fn test_files(sources: &[File]) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for file in sources {
        for (place, _) in file.code.match_indices("#[cfg(test)]") {
            let after = file.code[place + "#[cfg(test)]".len()..].trim_start();
            let Some((name, _)) = after.strip_prefix("mod ").and_then(|after| after.split_once(';')) else {
                continue;
            };
            if name.bytes().all(is_word) {
                files.insert(format!("src/{}/{name}.rs", file.module().join("/")));
            }
        }
    }
    files
}

/// Every stage that the code names by a path from the crate's root, with its place.
fn named_stages(code: &str) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    for place in places(code, "crate::") {
        let after = code[place + "crate::".len()..].trim_start();
        let Some(group) = after.strip_prefix('{') else {
            named.push((place, first_word(after).to_owned()));
            continue;
        };
        let mut depth = 1;
        let mut part = String::new();
        for character in group.chars() {
            depth += i32::from(character == '{') - i32::from(character == '}');
            if depth == 0 || (depth == 1 && character == ',') {
                let word = first_word(&part);
                if !word.is_empty() {
                    named.push((place, word.to_owned()));
                }
                part.clear();
            } else {
                part.push(character);
            }
            if depth == 0 {
                break;
            }
        }
    }
    named
}

/// The arrows of a file that point the wrong way.
fn wrong_arrows(file: &File) -> Vec<String> {
    let Some(stage) = file.module().first().copied() else { return Vec::new() };
    let Some(place) = STAGES.iter().position(|(name, _)| *name == stage) else {
        return vec![format!("{}: `{stage}` is no stage of the table", file.path)];
    };
    let left: Vec<&str> = STAGES[..place].iter().map(|(name, _)| *name).collect();
    let may_name = |other: &str| match STAGES[place].1 {
        _ if other == stage => true,
        AllToItsLeft => left.contains(&other),
        AllToItsLeftBut(but) => left.contains(&other) && !but.contains(&other),
        Only(these) => these.contains(&other),
    };
    let named = named_stages(&file.code).into_iter().filter(|(_, other)| !may_name(other));
    let mut wrong: Vec<String> = named
        .map(|(at, other)| {
            format!("{}:{}: `{stage}` may not name `{other}`", file.path, line_of(&file.code, at))
        })
        .collect();
    wrong.extend(ways_out(file));
    wrong
}

/// `super::` chains that leave the stage, which hide an arrow.
fn ways_out(file: &File) -> Vec<String> {
    let code = &file.code;
    let own_depth = file.module().len();
    let mut inline: Vec<usize> = Vec::new();
    let mut depth = 0;
    let mut wrong = Vec::new();
    let mut at = 0;
    while at < code.len() {
        let rest = &code[at..];
        let begins_word = at == 0 || !is_word(code.as_bytes()[at - 1]);
        if begins_word && rest.starts_with("mod ") {
            let after = rest["mod ".len()..].trim_start();
            if after[first_word(after).len()..].trim_start().starts_with('{') {
                inline.push(depth + 1);
            }
        }
        if begins_word && rest.starts_with("super::") {
            let mut chain = 0;
            while code[at..].starts_with("super::") {
                chain += 1;
                at += "super::".len();
            }
            if chain >= own_depth + inline.len() {
                wrong.push(format!(
                    "{}:{}: leaves its stage by `super`; name it from `crate`",
                    file.path,
                    line_of(code, at)
                ));
            }
            continue;
        }
        match rest.as_bytes()[0] {
            b'{' => depth += 1,
            b'}' => {
                inline.retain(|opened| *opened != depth);
                depth -= 1;
            }
            _ => {}
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    wrong
}

/// Words where they may not stand.
fn misplaced_words(file: &File) -> Vec<String> {
    let code = without_tests(&file.code);
    let mut found = Vec::new();
    for (words, allowed, why) in WORDS {
        if allowed.iter().any(|prefix| file.path.starts_with(prefix)) {
            continue;
        }
        for word in words {
            let misplaced = places(&code, word);
            found.extend(
                misplaced.map(|at| format!("{}:{}: `{word}`, but {why}", file.path, line_of(&code, at))),
            );
        }
    }
    found
}

/// What holds of every line, comments and tests too.
fn loose_ends(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        for word in [concat!("TO", "DO"), concat!("FIX", "ME")] {
            if line.contains(word) {
                found.push(format!("{}:{}: {word}", file.path, number + 1));
            }
        }
    }
    let lines = file.text.lines().count();
    if lines > MOST_LINES {
        found.push(format!("{}: {lines} lines, more than {MOST_LINES}", file.path));
    }
    // Each of the three makes a reader forget where in the file a value stood.
    for at in places(&file.code, "serde(") {
        let attribute = &file.code[at..file.code[at..].find(']').map_or(file.code.len(), |end| at + end)];
        for word in ["tag", "flatten", "untagged"] {
            if places(attribute, word).any(|place| first_word(&attribute[place..]) == word) {
                found.push(format!(
                    "{}:{}: serde's `{word}` loses the places of values",
                    file.path,
                    line_of(&file.code, at)
                ));
            }
        }
    }
    found
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn the_table_of_stages_is_the_list_of_modules() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let modules: BTreeSet<&str> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    let stages: BTreeSet<&str> = STAGES.iter().map(|(stage, _)| *stage).collect();
    assert_eq!(modules, stages);
    for (place, (stage, may_name)) in STAGES.iter().enumerate() {
        let left: Vec<&str> = STAGES[..place].iter().map(|(stage, _)| *stage).collect();
        let (AllToItsLeftBut(named) | Only(named)) = may_name else { continue };
        assert!(
            named.iter().all(|other| left.contains(other)),
            "the table lets `{stage}` name to its right: {named:?}"
        );
    }
}

#[test]
fn arrows_point_to_the_left() {
    let sources = sources();
    assert!(sources.len() > 80, "the walk found {} files", sources.len());
    let seen: usize = sources.iter().map(|file| named_stages(&file.code).len()).sum();
    assert!(seen > 100, "the files name {seen} stages");
    assert_none(&sources.iter().flat_map(wrong_arrows).collect::<Vec<_>>());
    let main = code_of(&fs::read_to_string(root().join("src/main.rs")).expect("src/main.rs"));
    assert!(
        places(&main, "sikes::").all(|at| main[at..].starts_with("sikes::cli::")),
        "main.rs calls the command line alone"
    );
}

#[test]
fn words_stand_where_they_belong() {
    let sources = sources();
    let tests = test_files(&sources);
    assert!(
        tests.contains("src/report/sample.rs") && tests.contains("src/conformance/tests.rs"),
        "{tests:?}"
    );
    let shipped = sources.iter().filter(|file| !tests.contains(&file.path));
    assert_none(&shipped.flat_map(misplaced_words).collect::<Vec<_>>());
}

#[test]
fn no_loose_ends() {
    assert_none(&sources().iter().flat_map(loose_ends).collect::<Vec<_>>());
}

#[test]
fn these_tests_can_fail() {
    let arrows = |path: &str, text: &str| wrong_arrows(&File::new(path, text)).len();
    assert_eq!(arrows("src/table.rs", "use crate::validate::Finding;"), 1);
    assert_eq!(arrows("src/validate/state.rs", "use crate::table::Batch;\nuse crate::validate::Finding;"), 0);
    assert_eq!(arrows("src/validate/state.rs", "fn f(plan: &crate::report::Report) {}"), 1);
    assert_eq!(
        arrows("src/submission/csv.rs", "use crate::{error::Error, compile::{Plan, Check}, table};"),
        1
    );
    assert_eq!(
        arrows("src/measure/mod.rs", "use crate::estimator::METHODS;"),
        1,
        "to its left, and yet not for it"
    );
    assert_eq!(arrows("src/compile/check.rs", "use super::super::cli::Exit;"), 1);
    assert_eq!(
        arrows(
            "src/compile/check.rs",
            "use super::dataset::Dataset;\nmod tests { use super::super::words; }"
        ),
        0
    );
    assert_eq!(arrows("src/compile/check.rs", "mod tests { use super::super::super::cli; }"), 1);
    assert_eq!(arrows("src/weather.rs", ""), 1, "a stage that the table does not know");
    assert_eq!(
        arrows("src/table.rs", "/// See [`crate::cli`].\nconst A: &str = \"crate::cli\"; // crate::cli"),
        0
    );
    assert_eq!(
        arrows("src/table.rs", "const A: &str = r#\"a \" b\"#; const B: char = '\"'; use crate::cli;"),
        1
    );

    let words = |path: &str, text: &str| misplaced_words(&File::new(path, text)).len();
    assert_eq!(words("src/report/csv.rs", "use std::fs;"), 1);
    assert_eq!(words("src/report/csv.rs", "let file = File::open(path);"), 1);
    assert_eq!(words("src/report/csv.rs", "let file = DatasetFile::new();"), 0);
    assert_eq!(words("src/submission/folder.rs", "use std::fs;"), 0);
    assert_eq!(words("src/compile/mod.rs", "println!();"), 1);
    assert_eq!(words("src/compile/mod.rs", "use sqlparser::ast::Expr;"), 1);
    assert_eq!(words("src/table.rs", "let a = b.unwrap();"), 1);
    assert_eq!(words("src/table.rs", "#[cfg(test)]\nmod tests { fn f() { b.unwrap(); } }\nfn g() {}"), 0);
    assert_eq!(words("src/table.rs", "#[cfg(test)]\nmod tests { }\nfn g() { b.unwrap(); }"), 1);

    let ends = |text: &str| loose_ends(&File::new("src/table.rs", text)).len();
    assert_eq!(ends(concat!("// TO", "DO")), 1);
    assert_eq!(ends("#[serde(tag = \"kind\")]"), 1);
    assert_eq!(ends("#[serde(rename_all = \"snake_case\", untagged)]"), 1);
    assert_eq!(ends("#[serde(rename_all = \"tag\")] #[command(flatten)]"), 0);
    assert_eq!(ends(&"\n".repeat(MOST_LINES)), 0);
    assert_eq!(ends(&"\n".repeat(MOST_LINES + 1)), 1);
}

#[test]
fn every_method_is_a_file_and_every_file_a_method() {
    let entries = fs::read_dir(root().join("src/estimator")).expect("the folder of methods");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let files: BTreeSet<String> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.file_stem().expect("a stem").to_string_lossy().into_owned())
        .filter(|stem| stem != "mod")
        .collect();
    let methods: BTreeSet<String> = METHODS.iter().map(|method| method.name.to_owned()).collect();
    assert_eq!(files, methods);
}

#[test]
fn the_readme_names_every_module() {
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else {
        eprintln!("skipped: there is no README.md");
        return;
    };
    let missing: Vec<&str> = STAGES
        .iter()
        .map(|(stage, _)| *stage)
        .filter(|stage| root().join("src").join(stage).is_dir())
        .filter(|stage| !readme.contains(&format!("`{stage}`")) && !readme.contains(&format!("{stage}/")))
        .collect();
    assert!(missing.is_empty(), "README.md does not name {missing:?}");
}

/// A path of the machine that a file was written on is a path that nobody else has.
#[test]
fn no_file_names_a_place_on_one_machine() {
    let mut paths = Vec::new();
    collect(root(), &mut paths);
    let mut found = BTreeMap::new();
    for path in &paths {
        let Ok(text) = fs::read_to_string(path) else { continue };
        for place in [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")] {
            if let Some(at) = text.find(place) {
                found.insert(inside(path), (line_of(&text, at), place));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
