//! The built-in standard: its schemas, its resolved form, its versions, and how its parts hang together.
//!
//! `SIKES_UPDATE=1 cargo test --test standard` writes `standard/schema/` anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use sikes::compile::{CheckKind, Dataset, Plan, compile};
use sikes::diagnostic::{Diagnostic, Diagnostics, Source};
use sikes::expression::{self, Context, GroupProgram, Program, Scope};
use sikes::standard::item::{self, Example, ExampleRow};
use sikes::standard::source::Library;
use sikes::standard::{Language, Standard, load, schema};
use sikes::submission::csv::{Dialect, Limits, Reader};
use sikes::submission::layout::{ColumnSpec, Layout};
use sikes::validate::{DatasetFile, DatasetValidation, Outcome, examples, settle};
use sikes::yaml::{Decode, Decoder, Node};

/// What the engine calls a mistake in the form of a file: those that a schema knows too.
const MISTAKES_OF_FORM: [&str; 6] =
    ["empty", "exclusive-fields", "missing-field", "unknown-choice", "unknown-field", "wrong-type"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn own_library() -> Library {
    Library::Folder(root().join("standard"))
}

fn assert_none(diagnostics: Diagnostics) {
    let found = diagnostics.into_sorted();
    assert!(found.is_empty(), "\n{}", sikes::report::diagnostic::render(&found, false));
}

fn loaded(library: &Library, version: &str) -> Standard {
    let mut diagnostics = Diagnostics::default();
    let standard = load(library, version, &mut diagnostics).expect("files that can be read");
    assert_none(diagnostics);
    standard
}

fn compiled(standard: &Standard, language: Language) -> Plan {
    let mut diagnostics = Diagnostics::default();
    let plan = compile(standard, language, &mut diagnostics);
    assert_none(diagnostics);
    plan
}

fn rules(plan: &Plan) -> Vec<&str> {
    plan.rules().map(|check| check.id.as_str()).collect()
}

/// The YAML files below a folder, sorted.
fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(yaml_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The kind of a version's file, by its folder or its own name.
fn kind_of(version: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(version).expect("a file of the version");
    let first = inside.iter().next().expect("a name").to_string_lossy();
    first.trim_end_matches(".yaml").to_owned()
}

fn validators() -> BTreeMap<&'static str, jsonschema::Validator> {
    let kinds = schema::kinds().into_iter();
    kinds.map(|(kind, schema)| (kind, jsonschema::validator_for(&schema).expect("a schema"))).collect()
}

/// What a schema finds wrong, each with its place.
fn complaints(validator: &jsonschema::Validator, value: &Value) -> Vec<String> {
    let errors = validator.iter_errors(value);
    errors.map(|error| format!("{} at {}", error, error.instance_path())).collect()
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

fn replace(file: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).expect("a text");
    assert_eq!(text.matches(old).count(), 1, "`{old}` once in {}", file.display());
    fs::write(file, text.replace(old, new)).expect("a file");
}

#[test]
fn the_schemas_are_those_of_the_types() {
    let folder = root().join("standard/schema");
    let wanted: BTreeMap<String, String> = schema::kinds()
        .into_iter()
        .map(|(kind, schema)| {
            (format!("{kind}.json"), serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n")
        })
        .collect();
    if std::env::var_os("SIKES_UPDATE").is_some() {
        fs::create_dir_all(&folder).expect("the folder of schemas");
        for (name, text) in &wanted {
            fs::write(folder.join(name), text).expect("a schema");
        }
    }
    let refresh = "write them anew with SIKES_UPDATE=1 cargo test --test standard";
    let names: BTreeSet<String> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}; {refresh}", folder.display()))
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, wanted.keys().cloned().collect(), "the kinds; {refresh}");
    for (name, text) in wanted {
        let found = fs::read_to_string(folder.join(&name)).expect("a schema");
        assert!(found == text, "standard/schema/{name} is not what the types say; {refresh}");
    }
}

#[test]
fn every_file_of_the_standard_follows_its_schema() {
    let validators = validators();
    let version = root().join("standard/1.0");
    let mut kinds = BTreeSet::new();
    for file in yaml_files(&version) {
        let kind = kind_of(&version, &file);
        let text = fs::read_to_string(&file).expect("a text");
        let value: Value = serde_saphyr::from_str(&text).expect("YAML");
        let found = complaints(&validators[kind.as_str()], &value);
        assert!(found.is_empty(), "{}: {found:#?}", file.display());
        kinds.insert(kind);
    }
    let known: BTreeSet<String> = validators.keys().map(|kind| (*kind).to_owned()).collect();
    assert_eq!(kinds, known, "a file of every kind was seen");
}

/// An editor underlines a file for its form exactly when the engine does.
#[test]
fn editors_and_engine_find_fault_with_the_same_files() {
    let validators = validators();
    let folder = root().join("fixtures/broken/standards");
    let library = Library::Folder(folder.clone());
    let (mut files, mut faulty) = (0, BTreeSet::new());
    for version in library.versions() {
        let mut diagnostics = Diagnostics::default();
        // A file that is no text at all is nobody's YAML.
        let Ok(_) = load(&library, &version, &mut diagnostics) else { continue };
        let found = diagnostics.into_sorted();
        let path = folder.join(&version);
        for file in yaml_files(&path) {
            let Some(validator) = validators.get(kind_of(&path, &file).as_str()) else { continue };
            let here: Vec<&Diagnostic> =
                found.iter().filter(|mistake| Path::new(&mistake.place.source.path) == file).collect();
            let value =
                fs::read_to_string(&file).ok().and_then(|text| serde_saphyr::from_str::<Value>(&text).ok());
            let Some(value) = value.filter(|_| here.iter().all(|mistake| mistake.code != "yaml")) else {
                continue;
            };
            let by_engine: BTreeSet<&str> = here
                .iter()
                .map(|mistake| mistake.code)
                .filter(|code| MISTAKES_OF_FORM.contains(code))
                .collect();
            let by_schema = complaints(validator, &value);
            assert_eq!(
                by_engine.is_empty(),
                by_schema.is_empty(),
                "{}: the engine says {by_engine:?}, the schema {by_schema:#?}",
                file.display()
            );
            files += 1;
            faulty.extend(by_engine);
        }
    }
    assert!(files > 40, "{files} files were compared");
    assert_eq!(faulty, BTreeSet::from(MISTAKES_OF_FORM), "every mistake of form was seen");
}

/// The mistakes of form that the engine finds in a file of a kind.
fn mistakes_of_form(kind: &str, text: &str) -> Vec<String> {
    let source = Arc::new(Source { path: format!("{kind}.yaml"), text: text.to_owned() });
    let mut diagnostics = Diagnostics::default();
    let node = Node::parse(&source, &mut diagnostics).expect("JSON is YAML");
    let mut decoder = Decoder { source: &source, diagnostics: &mut diagnostics };
    match kind {
        "code-lists" => drop(item::CodeList::decode(&node, &mut decoder)),
        "datasets" => drop(item::Dataset::decode(&node, &mut decoder)),
        "estimators" => drop(item::Estimator::decode(&node, &mut decoder)),
        "grades" => drop(item::Grades::decode(&node, &mut decoder)),
        "indicators" => drop(item::Indicator::decode(&node, &mut decoder)),
        "locales" => drop(item::Locale::decode(&node, &mut decoder)),
        "quantities" => drop(item::Quantity::decode(&node, &mut decoder)),
        "rules" => drop(item::Rule::decode(&node, &mut decoder)),
        "standard" => drop(item::Header::decode(&node, &mut decoder)),
        "taxonomies" => drop(item::Taxonomy::decode(&node, &mut decoder)),
        "units" => drop(item::Units::decode(&node, &mut decoder)),
        other => panic!("the kind {other} is new: decode it here"),
    }
    diagnostics.into_sorted().into_iter().map(|mistake| mistake.message).collect()
}

/// The places of all values in a tree, as JSON pointers.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                pointers(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(values) => {
            for (place, value) in values.iter().enumerate() {
                pointers(value, &format!("{at}/{place}"), found);
            }
        }
        _ => {}
    }
}

/// Every file of the standard, spoilt in one place after the other: what an editor lets stand the engine lets stand, and
/// the other way round. Only an empty optional field, which the engine takes for left out, an editor underlines.
#[test]
fn editors_and_engine_agree_on_every_spoilt_field() {
    const PLACES: usize = 80;
    let validators = validators();
    let version = root().join("standard/1.0");
    let (mut silent, mut loud) = (0, 0);
    for file in yaml_files(&version) {
        let kind = kind_of(&version, &file);
        let value: Value = serde_saphyr::from_str(&fs::read_to_string(&file).expect("a text")).expect("YAML");
        let mut places = Vec::new();
        pointers(&value, "", &mut places);
        let step = places.len().div_ceil(PLACES);
        for place in places.iter().step_by(step) {
            let replacements = [json!([]), json!({}), json!("words"), json!(7), json!(true), json!(null)];
            let mut spoilt: Vec<Value> = replacements
                .into_iter()
                .map(|new| {
                    let mut spoilt = value.clone();
                    *spoilt.pointer_mut(place).expect("the place") = new;
                    spoilt
                })
                .collect();
            if let Some(fields) = value.pointer(place).and_then(Value::as_object) {
                let with = |fields: serde_json::Map<String, Value>| {
                    let mut spoilt = value.clone();
                    *spoilt.pointer_mut(place).expect("the place") = Value::Object(fields);
                    spoilt
                };
                for key in fields.keys() {
                    spoilt.push(with(fields.clone().into_iter().filter(|(name, _)| name != key).collect()));
                }
                let more = fields.clone().into_iter().chain([("titel".to_owned(), json!("words"))]);
                spoilt.push(with(more.collect()));
            }
            for spoilt in spoilt {
                let by_engine =
                    mistakes_of_form(&kind, &serde_json::to_string_pretty(&spoilt).expect("JSON"));
                let by_schema = complaints(&validators[kind.as_str()], &spoilt);
                let is_empty = spoilt.pointer(place) == Some(&Value::Null);
                assert!(
                    by_engine.is_empty() == by_schema.is_empty() || (is_empty && by_engine.is_empty()),
                    "{} at {place}: the engine says {by_engine:?}, the schema {by_schema:#?} of {:?}",
                    file.display(),
                    spoilt.pointer(place)
                );
                if by_engine.is_empty() { silent += 1 } else { loud += 1 }
            }
        }
    }
    assert!(silent > 1000 && loud > 3000, "{silent} let stand, {loud} found at fault");
}

#[test]
fn version_1_0_compiles_in_every_language() {
    let standard = loaded(&own_library(), "1.0");
    let english = compiled(&standard, Language::English);
    assert!(rules(&english).len() > 60, "{:?}", rules(&english));
    for language in Language::ALL {
        assert!(
            language == Language::English || standard.locales.contains_key(language.code()),
            "{language:?}"
        );
        assert_eq!(rules(&compiled(&standard, language)), rules(&english), "{language:?}");
    }
    let mut diagnostics = Diagnostics::default();
    examples(&standard, &english, &mut diagnostics);
    assert_none(diagnostics);
    let embedded = loaded(&Library::Embedded, "1.0");
    assert_eq!(embedded.digest, standard.digest, "the binary holds the folder's standard");
}

#[test]
fn the_resolved_form_is_the_standard() {
    let standard = loaded(&own_library(), "1.0");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("resolved.json");
    fs::write(&file, standard.resolved()).expect("a file");
    let (library, version) = Library::of_version(&file).expect("a resolved file");
    let again = loaded(&library, &version);
    assert_eq!(again.version, "1.0");
    assert_eq!(again.digest, standard.digest);
    assert_eq!(again.resolved(), standard.resolved());
    assert_eq!(again.translation_coverage(), standard.translation_coverage());
    for language in Language::ALL {
        let (one, other) = (compiled(&standard, language), compiled(&again, language));
        let described = |plan: &Plan| {
            let rules = plan
                .rules()
                .map(|check| (check.id.clone(), check.severity, check.title.clone(), check.fix.clone()));
            (
                rules.collect::<Vec<_>>(),
                plan.indicators.keys().cloned().collect::<Vec<_>>(),
                plan.estimators.keys().cloned().collect::<Vec<_>>(),
            )
        };
        assert_eq!(described(&other), described(&one), "{language:?}");
    }
}

#[test]
fn the_digest_changes_with_the_norm_and_not_with_a_translation() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&root().join("standard/1.0"), &folder.path().join("1.0"));
    let library = Library::Folder(folder.path().to_owned());
    let file = |name: &str| folder.path().join("1.0").join(name);
    let before = loaded(&library, "1.0").digest;
    assert_eq!(before, loaded(&own_library(), "1.0").digest, "where the files stand does not matter");

    let locale = fs::read_to_string(file("locales/es.yaml")).expect("a text");
    fs::write(file("locales/es.yaml"), locale.replacen("title: \"Bebida\"\n", "title: Trago\n", 1))
        .expect("a file");
    let header = fs::read_to_string(file("standard.yaml")).expect("a text");
    fs::write(file("standard.yaml"), format!("# A remark.\n{header}")).expect("a file");
    let standard = loaded(&library, "1.0");
    assert_eq!(standard.text(Language::Spanish, "code-lists/beverage", "title").as_deref(), Some("Trago"));
    assert_eq!(standard.digest, before, "neither a translation nor a remark is normative");

    replace(&file("rules/component_negative.yaml"), "check: value >= 0", "check: value > 0");
    assert_ne!(loaded(&library, "1.0").digest, before, "a check is");
    replace(&file("rules/component_negative.yaml"), "check: value > 0", "check: value >= 0");
    assert_eq!(loaded(&library, "1.0").digest, before);
    replace(
        &file("rules/component_negative.yaml"),
        "title: Consumption is negative",
        "title: Consumption is below nothing",
    );
    assert_ne!(loaded(&library, "1.0").digest, before, "the words of a title are");
}

#[test]
fn a_version_takes_over_replaces_adds_and_gives_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, new) = (folder.path().join("1.0"), folder.path().join("1.1"));
    copy(&root().join("standard/1.0"), &old);
    fs::create_dir_all(new.join("rules")).expect("a folder");
    fs::write(
        new.join("standard.yaml"),
        "title: A newer standard\nstatus: draft\nextends: 1.0\nchanges: Three rules.\nwithdraws: [rules/interval_half_given]\n",
    )
    .expect("a file");
    fs::copy(old.join("rules/component_negative.yaml"), new.join("rules/component_negative.yaml"))
        .expect("a copy");
    replace(&new.join("rules/component_negative.yaml"), "severity: error", "severity: info");
    fs::write(
        new.join("rules/total_improbable.yaml"),
        "title: The total is improbable\ndataset: consumption_per_adult\nseverity: warning\nwhere: component = 'total'\n\
         check: value <= 25\nmessage: \"{value} litres\"\nfix: Check the unit.\nwhy: Nobody reports more.\n\
         examples:\n  pass: [{ component: total, value: 10 }]\n  fail: [{ component: total, value: 26 }]\n",
    )
    .expect("a file");

    let library = Library::Folder(folder.path().to_owned());
    assert_eq!(library.versions(), ["1.0", "1.1"]);
    let (before, after) = (loaded(&library, "1.0"), loaded(&library, "1.1"));
    assert_eq!(after.version, "1.1");
    assert_ne!(after.digest, before.digest);
    assert_eq!(after.header.value.title, "A newer standard");

    let since: BTreeMap<&str, &str> =
        after.rules.values().map(|held| (held.id.as_str(), held.since.as_str())).collect();
    assert_eq!(since.get("component_negative"), Some(&"1.1"), "replaced");
    assert_eq!(since.get("total_improbable"), Some(&"1.1"), "added");
    assert_eq!(since.get("interval_half_given"), None, "given up");
    assert_eq!(since.values().filter(|since| **since == "1.0").count(), before.rules.len() - 2, "taken over");
    assert!(after.datasets.values().all(|held| held.since == "1.0"));
    assert!(
        before.rules.contains_key("interval_half_given"),
        "the older version keeps what the newer gives up"
    );

    let (old_plan, new_plan) = (compiled(&before, Language::English), compiled(&after, Language::English));
    let (old_rules, new_rules): (BTreeSet<&str>, BTreeSet<&str>) =
        (rules(&old_plan).into_iter().collect(), rules(&new_plan).into_iter().collect());
    assert_eq!(new_rules.difference(&old_rules).copied().collect::<Vec<_>>(), ["total_improbable"]);
    assert_eq!(old_rules.difference(&new_rules).copied().collect::<Vec<_>>(), ["interval_half_given"]);
    let severity =
        |plan: &Plan| plan.rules().find(|check| check.id == "component_negative").expect("the rule").severity;
    assert_eq!([severity(&old_plan).word(), severity(&new_plan).word()], ["error", "info"]);
    let mut diagnostics = Diagnostics::default();
    examples(&after, &new_plan, &mut diagnostics);
    assert_none(diagnostics);

    // The resolved form of the newer version needs the older one no more.
    let resolved = folder.path().join("resolved.json");
    fs::write(&resolved, after.resolved()).expect("a file");
    let (library, version) = Library::of_version(&resolved).expect("a resolved file");
    let again = loaded(&library, &version);
    assert_eq!((again.version.as_str(), &again.digest), ("1.1", &after.digest));
    assert_eq!(rules(&compiled(&again, Language::English)), rules(&new_plan));
}

/// The rows of an example as a file of the dataset.
fn csv(rows: &[ExampleRow], dataset: &Dataset) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let names: Vec<&str> = dataset.columns.iter().map(|column| column.name.as_str()).collect();
    let mut text = names.join(",") + "\n";
    for row in rows {
        let cells = names.iter().map(|name| match row.get(name) {
            Some(Some(cell)) => quoted(&cell.value),
            _ => String::new(),
        });
        text += &(cells.collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

/// The authors' rules that find fault with a file of a dataset.
fn firing(dataset: &Dataset, text: &str) -> Vec<String> {
    let columns = dataset.columns.iter().map(|column| ColumnSpec {
        name: column.name.clone(),
        data_type: column.data_type,
        required: column.required,
        absence_words: column.absence_words,
    });
    let layout = Layout { columns: columns.collect() };
    let mut reader =
        Reader::open(text.as_bytes(), "example.csv", &layout, Dialect::default(), Limits::default())
            .expect("a text in memory");
    let file = DatasetFile {
        submission: "example".to_owned(),
        file: "example.csv".to_owned(),
        territory: "ZZ".to_owned(),
        positions: reader
            .header_columns()
            .iter()
            .map(|position| position.map(|position| position as u64))
            .collect(),
        language: Language::English,
    };
    let mut validation = DatasetValidation::new(dataset, file, &[], 10);
    while let Some(chunk) = reader.next_batch().expect("a text in memory") {
        assert!(chunk.faulted.is_empty(), "every cell of an example can be read: {text}");
        validation.observe(&chunk.batch, &[]);
    }
    let rows = text.lines().count() as u64 - 1;
    let (summary, _) = reader.finish().expect("a text in memory");
    assert_eq!(summary.rows, rows, "every row of an example is read: {text}");
    let outcome = settle(vec![validation.finish(&[], None)], 10);
    let failed =
        outcome.outcomes.into_iter().filter(|(_, outcome)| matches!(outcome, Outcome::Failed { .. }));
    // Examples leave out what their rule does not look at, so that only the authors' rules mean anything here.
    failed.map(|(rule, _)| rule).filter(|rule| !rule.contains('/')).collect()
}

/// Overlaps and false alarms are seen in the snapshot: every rule runs over every other rule's examples.
#[test]
fn every_rule_runs_over_every_example_of_its_dataset() {
    let standard = loaded(&own_library(), "1.0");
    let plan = compiled(&standard, Language::English);
    let mut text = String::new();
    for dataset in plan.datasets.values() {
        let rules = standard
            .rules
            .values()
            .filter(|held| held.value.dataset.as_ref().is_some_and(|name| name.value == dataset.id));
        for held in rules {
            let cases: [(&str, &[Example]); 2] =
                [("pass", &held.value.examples.pass), ("fail", &held.value.examples.fail)];
            for (claim, examples) in cases {
                for (number, example) in examples.iter().enumerate() {
                    let found = firing(dataset, &csv(&example.rows, dataset));
                    assert_eq!(
                        found.contains(&held.id),
                        claim == "fail",
                        "{} {claim} {}",
                        held.id,
                        number + 1
                    );
                    let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
                    writeln!(text, "{}: {} {claim} {}: {found}", dataset.id, held.id, number + 1)
                        .expect("a text");
                }
            }
        }
    }
    insta::assert_snapshot!("rules_over_examples", text);
}

/// The columns of each dataset that a rule, an indicator, an estimator, a key, a reference or a design reads. What every
/// column is checked for (its type, its codes, its bounds) is no use of it.
fn used_columns(standard: &Standard, plan: &Plan) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for dataset in plan.datasets.values() {
        let mut of_dataset: Vec<usize> = dataset.key.clone();
        for check in &dataset.checks {
            if !check.id.contains('/') || matches!(check.kind, CheckKind::Reference { .. }) {
                of_dataset.extend(check.columns());
            }
            if let CheckKind::Reference { dataset, target, .. } = &check.kind {
                used.insert(format!("{dataset}.{}", plan.datasets[dataset].columns[*target].name));
            }
        }
        for indicator in plan.indicators.values().filter(|indicator| indicator.dataset == dataset.id) {
            let scoped = &indicator.scoped;
            of_dataset.extend(indicator.value.columns());
            of_dataset.extend(indicator.variance.iter().flat_map(GroupProgram::columns));
            of_dataset.extend(&scoped.keys);
            of_dataset.extend(scoped.applies.iter().flat_map(Program::columns));
            of_dataset.extend(scoped.computed.iter().flat_map(|computed| computed.program.columns()));
            if let Some(bounds) = &indicator.bounds {
                of_dataset.extend(bounds.low.columns());
                of_dataset.extend(bounds.high.columns());
            }
        }
        let scope = Scope {
            fields: &dataset.fields,
            vocabulary: &plan.vocabulary,
            context: Context::Row,
            table_name: &dataset.id,
        };
        for text in records(standard).filter(|(from, _)| *from == dataset.id).map(|(_, text)| text) {
            of_dataset.extend(expression::compile(text, &scope, None).expect("it was compiled").columns());
        }
        let design = standard.datasets[&dataset.id].value.design.iter().flat_map(item::Design::parts);
        of_dataset.extend(design.filter_map(|(_, column)| dataset.column(&column.value)));
        let names = of_dataset.into_iter().filter_map(|column| dataset.columns.get(column));
        used.extend(names.map(|column| format!("{}.{}", dataset.id, column.name)));
    }
    used
}

/// The expressions of all records that estimators read, each with its dataset.
fn records(standard: &Standard) -> impl Iterator<Item = (&str, &str)> {
    let inputs = standard.estimators.values().flat_map(|held| held.value.inputs.iter());
    let records = inputs.filter_map(|(_, input)| match input {
        item::Inputs::Records(records) => Some(records),
        item::Inputs::Indicators(_) => None,
    });
    records.flat_map(|records| {
        let columns = records.columns.iter().map(|(_, column)| column);
        let texts = columns.chain(&records.by).chain(&records.applies);
        texts.map(|text| (records.from.value.as_str(), text.value.as_str()))
    })
}

#[test]
fn every_column_is_used_or_says_why_it_is_collected() {
    let standard = loaded(&own_library(), "1.0");
    let plan = compiled(&standard, Language::English);
    let used = used_columns(&standard, &plan);
    let idle: Vec<String> = standard
        .datasets
        .iter()
        .flat_map(|(id, held)| held.value.columns.iter().map(move |(name, column)| (id, name, column)))
        .filter(|(_, _, column)| column.collected.is_none())
        .map(|(id, name, _)| format!("{id}.{}", name.value))
        .filter(|column| !used.contains(column))
        .collect();
    assert!(idle.is_empty(), "{idle:#?}");
}

#[test]
fn every_indicator_is_used_or_says_whom_it_serves() {
    let standard = loaded(&own_library(), "1.0");
    let mut read: BTreeSet<&str> = BTreeSet::new();
    for held in standard.estimators.values() {
        let indicators = held.value.inputs.iter().flat_map(|(_, input)| input.indicators());
        read.extend(indicators.map(|indicator| indicator.value.as_str()));
    }
    for held in standard.rules.values() {
        read.extend(held.value.over.iter().map(|(_, operand)| operand.indicator.value.as_str()));
    }
    let idle: Vec<&str> = standard
        .indicators
        .values()
        .filter(|held| held.value.serves.is_none() && !read.contains(held.id.as_str()))
        .map(|held| held.id.as_str())
        .collect();
    assert!(idle.is_empty(), "{idle:#?}");
}

#[test]
fn every_estimator_rests_on_a_documented_method() {
    let standard = loaded(&own_library(), "1.0");
    let plan = compiled(&standard, Language::English);
    assert_eq!(plan.estimators.len() + plan.unavailable.len(), standard.estimators.len(), "none is hidden");
    for estimator in plan.estimators.values() {
        let documentation = estimator.method.documentation();
        let headings: Vec<&str> = documentation.lines().filter_map(|line| line.strip_prefix("# ")).collect();
        assert_eq!(headings, ["Assumes", "Formula", "Fails when", "References"], "{}", estimator.method.name);
        for (place, heading) in headings.iter().enumerate() {
            let after = documentation.split(&format!("# {heading}\n")).nth(1).expect("the heading");
            let section = headings
                .get(place + 1)
                .map_or(after, |next| after.split(&format!("# {next}\n")).next().unwrap_or(after));
            assert!(section.trim().len() > 40, "{}: {heading} says nothing", estimator.method.name);
        }
        assert!(
            estimator.method.gives.iter().any(|quantity| quantity.name == estimator.quantity),
            "{} gives {}",
            estimator.id,
            estimator.quantity
        );
        assert!(plan.quantities.contains_key(&estimator.quantity), "{}", estimator.id);
    }
}
