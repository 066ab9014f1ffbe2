//! Taxonomies: that each is a partition, that goods fall where the bodies say, and that crosswalks add up.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use proptest::prelude::*;
use sikes::compare::crosswalk::{CategoryName, Crosswalk, crosswalk};
use sikes::compile::{ATTRIBUTES, Plan, Standing, Taxonomy, compile, condition};
use sikes::diagnostic::Diagnostics;
use sikes::expression::{self, Context, Expected, Field, Kind, Scope};
use sikes::standard::source::Library;
use sikes::standard::{Language, Standard, load};
use sikes::table::Column;
use support::{here, sikes};

fn standard() -> Standard {
    let library = Library::Folder(here("standard"));
    load(&library, "1.0", &mut Diagnostics::default()).expect("files that can be read")
}

fn plan() -> &'static Plan {
    static PLAN: LazyLock<Plan> =
        LazyLock::new(|| compile(&standard(), Language::English, &mut Diagnostics::default()));
    &PLAN
}

fn pairs(plan: &Plan) -> Vec<(&str, &str)> {
    let ids = || plan.taxonomies.keys().map(String::as_str);
    ids().flat_map(|from| ids().map(move |to| (from, to))).collect()
}

fn id(category: Option<&CategoryName>) -> Option<&str> {
    category.map(|category| category.id.as_str())
}

/// The id of the category of goods of which all attributes are known.
fn category<'a>(taxonomy: &'a Taxonomy, plan: &Plan, codes: [&str; 4]) -> Option<&'a str> {
    match taxonomy.standing(&plan.attributes, codes.map(Some)) {
        Standing::In(category) => Some(&taxonomy.categories[category].id),
        Standing::Outside => None,
        undetermined @ Standing::Undetermined { .. } => panic!("{codes:?}: {undetermined:?}"),
    }
}

/// Of which combinations a check holds.
fn holds(plan: &Plan, text: &str) -> Vec<bool> {
    let field =
        |name: &&str| Field { name: (*name).to_owned(), kind: Kind::Code((*name).to_owned()), title: None };
    let fields: Vec<Field> = ATTRIBUTES.iter().map(field).collect();
    let vocabulary = &plan.vocabulary;
    let scope = Scope { fields: &fields, vocabulary, context: Context::Row, table_name: "goods" };
    let program = expression::compile(text, &scope, Some(&Expected::Boolean))
        .unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
    let all = 0..plan.attributes.combinations();
    let columns: Vec<Column> = (0..ATTRIBUTES.len())
        .map(|attribute| Column::of_texts(all.clone().map(|at| plan.attributes.codes(at)[attribute])))
        .collect();
    let columns: Vec<&Column> = columns.iter().collect();
    let values = program.evaluate(&columns, all.len());
    all.map(|at| values.truth(at) == Some(true)).collect()
}

#[test]
fn every_covered_combination_is_in_the_first_category_whose_condition_holds() {
    let (standard, plan) = (standard(), plan());
    assert_eq!(plan.attributes.combinations(), 4 * 5 * 5 * 5);
    let ids: Vec<&str> = plan.taxonomies.keys().map(String::as_str).collect();
    assert_eq!(ids, ["euromonitor_tracit", "hmrc", "iard", "oecd", "who"]);
    for (id, taxonomy) in &plan.taxonomies {
        let declared = &standard.taxonomies[id].value;
        let covers = holds(plan, &declared.covers.value);
        let whens: Vec<Vec<bool>> =
            declared.categories.iter().map(|(_, category)| holds(plan, &category.when.value)).collect();
        for (at, covered) in covers.iter().enumerate() {
            let first = whens.iter().position(|when| when[at]);
            assert_eq!(covered.then_some(first).flatten(), taxonomy.category(at), "{id} {at}");
            assert_eq!(taxonomy.category(at).is_some(), *covered, "{id} {at}");
        }
        let sizes: Vec<usize> = (0..whens.len()).map(|category| taxonomy.size(Some(category))).collect();
        assert!(sizes.iter().all(|size| *size > 0), "{id}: {sizes:?}");
        let total: usize = sizes.iter().sum();
        assert_eq!(total + taxonomy.size(None), plan.attributes.combinations(), "{id}");
    }
}

/// Goods as an officer meets them, and what each body calls them.
#[test]
fn goods_fall_where_the_bodies_say() {
    let plan = plan();
    let bodies = ["euromonitor_tracit", "oecd", "iard", "who", "hmrc"];
    let potable = "potable_agricultural";
    let surrogate = "non_beverage_surrogate";
    #[rustfmt::skip]
    let cases = [
        ("whisky in a shop", ["paid", "import_declared", "genuine", potable],
            [None, None, Some("recorded"), Some("recorded"), Some("paid")]),
        ("cartons that were never declared", ["unpaid_here", "import_undeclared", "genuine", potable],
            [Some("contraband"), Some("contraband"), Some("unrecorded_illicit"), Some("smuggled"), Some("unpaid")]),
        ("a container declared as juice", ["unpaid_here", "import_misdeclared", "genuine", potable],
            [Some("contraband"), Some("contraband"), Some("unrecorded_illicit"), Some("smuggled"), Some("unpaid")]),
        ("beer that left a bonded warehouse for the market", ["suspended_diverted", "import_declared", "genuine", potable],
            [Some("contraband"), Some("contraband"), Some("unrecorded_illicit"), Some("smuggled"), Some("diverted")]),
        ("a distillery's second set of books", ["unpaid_here", "domestic_licensed", "genuine", potable],
            [Some("tax_leakage"), Some("tax_leakage"), Some("unrecorded_illicit"), Some("other_untaxed"), Some("unpaid")]),
        ("a still in the hills", ["unpaid_here", "domestic_unlicensed", "unbranded", potable],
            [Some("artisanal"), Some("artisanal"), Some("unrecorded_illicit"), Some("illegal_production"), Some("unpaid")]),
        ("a farmer's own plum brandy", ["not_due", "domestic_unlicensed", "unbranded", potable],
            [None, None, Some("unrecorded_licit"), Some("home_made"), None]),
        ("two bottles from a holiday", ["not_due", "import_undeclared", "genuine", potable],
            [None, None, Some("unrecorded_licit"), Some("recorded_elsewhere"), None]),
        ("a fine bottle with a cheap drink in it", ["paid", "domestic_licensed", "refill", potable],
            [Some("refill"), Some("counterfeit"), Some("unrecorded_illicit"), Some("recorded"), Some("paid")]),
        ("a false label, smuggled in", ["unpaid_here", "import_undeclared", "counterfeit_brand", potable],
            [Some("counterfeit"), Some("counterfeit"), Some("unrecorded_illicit"), Some("smuggled"), Some("unpaid")]),
        ("mouthwash", ["paid", "domestic_licensed", "genuine", surrogate],
            [Some("surrogate"), Some("non_conforming"), Some("surrogate"), Some("surrogate"), None]),
        ("mouthwash in a counterfeit bottle", ["unpaid_here", "domestic_unlicensed", "counterfeit_brand", surrogate],
            [Some("surrogate"), Some("non_conforming"), Some("surrogate"), Some("surrogate"), None]),
        ("a licensed rum with methanol in it", ["paid", "domestic_licensed", "genuine", "methanol_adulterated"],
            [None, Some("non_conforming"), Some("unrecorded_illicit"), Some("recorded"), Some("paid")]),
    ];
    for (goods, codes, expected) in cases {
        for (body, expected) in bodies.iter().zip(expected) {
            assert_eq!(category(&plan.taxonomies[*body], plan, codes), expected, "{goods} in {body}");
        }
    }
}

#[test]
fn what_is_unknown_leaves_open_what_it_decides() {
    let plan = plan();
    let attributes = &plan.attributes;
    let standing = |body: &str, codes: [&str; 4]| {
        let taxonomy = &plan.taxonomies[body];
        match taxonomy.standing(attributes, codes.map(|code| (code != "null").then_some(code))) {
            Standing::In(category) => taxonomy.categories[category].id.clone(),
            Standing::Outside => "outside".to_owned(),
            Standing::Undetermined { categories, possibly_outside } => {
                let mut names: Vec<&str> =
                    categories.iter().map(|category| taxonomy.categories[*category].id.as_str()).collect();
                names.extend(possibly_outside.then_some("outside"));
                names.join(" or ")
            }
        }
    };
    // An empty cell says as little as the code `unknown`.
    for unknown in ["unknown", "null"] {
        let surrogate = [unknown, unknown, unknown, "non_beverage_surrogate"];
        assert_eq!(standing("euromonitor_tracit", surrogate), "surrogate");
        assert_eq!(standing("hmrc", surrogate), "outside");
        assert_eq!(standing("hmrc", ["not_due", unknown, unknown, unknown]), "outside");
        assert_eq!(standing("hmrc", ["paid", unknown, unknown, unknown]), "paid or outside");
        let smuggled = ["unpaid_here", "import_undeclared", unknown, "potable_agricultural"];
        assert_eq!(standing("euromonitor_tracit", smuggled), "refill or counterfeit or contraband");
        assert_eq!(standing("who", smuggled), "smuggled");
        assert_eq!(
            standing("euromonitor_tracit", [unknown, "domestic_licensed", "genuine", "potable_agricultural"]),
            "tax_leakage or outside"
        );
    }
    for taxonomy in plan.taxonomies.values() {
        let (unknown, placed) = taxonomy.with_unknown(attributes);
        assert_eq!(unknown, 5 * 6 * 6 * 6 - 4 * 5 * 5 * 5, "{}", taxonomy.id);
        assert!(placed > 0 && placed < unknown, "{}: {placed}", taxonomy.id);
    }
}

proptest! {
    /// A category for goods of which something is unknown is the category of every way in which it may be known.
    #[test]
    fn unknown_attributes_agree_with_all_that_they_may_be(start in 0_usize..500, hidden in prop::array::uniform4(any::<bool>()), body in 0_usize..5) {
        let plan = plan();
        let taxonomy = plan.taxonomies.values().nth(body).expect("five taxonomies");
        let codes = plan.attributes.codes(start);
        let known: [Option<&str>; 4] =
            std::array::from_fn(|attribute| (!hidden[attribute]).then_some(codes[attribute]));
        let alike = |at: &usize| {
            let other = plan.attributes.codes(*at);
            (0..4).all(|attribute| hidden[attribute] || other[attribute] == codes[attribute])
        };
        let found: BTreeSet<Option<usize>> = (0..plan.attributes.combinations())
            .filter(alike)
            .map(|at| taxonomy.category(at))
            .collect();
        let expected = match found.iter().collect::<Vec<_>>()[..] {
            [None] => Standing::Outside,
            [Some(only)] => Standing::In(*only),
            _ => Standing::Undetermined {
                categories: found.iter().copied().flatten().collect(),
                possibly_outside: found.contains(&None),
            },
        };
        prop_assert_eq!(taxonomy.standing(&plan.attributes, known), expected);
    }

    /// Whatever is wanted among whatever else, the words hold of exactly that.
    #[test]
    fn conditions_hold_of_what_is_wanted_and_of_nothing_else(choices in prop::collection::vec(0_u8..3, 500)) {
        let plan = plan();
        let wanted: Vec<bool> = choices.iter().map(|choice| *choice == 2).collect();
        let among: Vec<bool> = choices.iter().map(|choice| *choice > 0).collect();
        let held = holds(plan, &condition(&plan.attributes, &wanted, &among));
        for at in 0..500 {
            prop_assert!(!among[at] || held[at] == wanted[at], "{:?}", plan.attributes.codes(at));
        }
    }
}

#[test]
fn conditions_are_short() {
    let plan = plan();
    for text in [
        "duty = 'paid'",
        "origin in ('import_misdeclared', 'import_undeclared')",
        "duty = 'paid' and ethanol = 'potable_agricultural'",
        "ethanol = 'non_beverage_surrogate' or duty = 'not_due'",
        "(duty = 'paid' and origin = 'domestic_licensed') or ethanol = 'diverted_industrial'",
    ] {
        let wanted = holds(plan, text);
        assert_eq!(condition(&plan.attributes, &wanted, &[true; 500]), text);
    }
    assert_eq!(condition(&plan.attributes, &[true; 500], &[true; 500]), "true");
    assert_eq!(condition(&plan.attributes, &[false; 500], &[true; 500]), "false");
}

#[test]
fn crosswalk_rows_and_columns_add_up() {
    let plan = plan();
    for (from, to) in pairs(plan) {
        let walk = crosswalk(plan, from, to);
        let rows: u64 = walk.rows.iter().map(|row| row.combinations).sum();
        assert_eq!((rows, walk.combinations), (500, 500), "{from} {to}");
        for row in &walk.rows {
            let cells: u64 = row.cells.iter().map(|cell| cell.combinations).sum();
            assert_eq!(cells, row.combinations, "{from} {to}");
            assert_eq!(row.cells.iter().all(|cell| cell.all), row.cells.len() == 1, "{from} {to}");
            let name = id(row.category.as_ref());
            for cell in &row.cells {
                assert_eq!(cell.all, cell.applies.is_none(), "{from} {name:?} {to}");
            }
        }
        let covered: u64 =
            walk.rows.iter().filter(|row| row.category.is_some()).map(|row| row.combinations).sum();
        assert_eq!(covered, walk.from.covered, "{from} {to}");

        // The other way round it is the same table, turned.
        let mut cells = cells(&walk);
        let mut turned: Vec<_> = self::cells(&crosswalk(plan, to, from))
            .into_iter()
            .map(|(from, to, combinations)| (to, from, combinations))
            .collect();
        cells.sort();
        turned.sort();
        assert_eq!(cells, turned, "{from} {to}");
    }
}

fn cells(walk: &Crosswalk) -> Vec<(Option<String>, Option<String>, u64)> {
    let owned = |category: Option<&CategoryName>| category.map(|category| category.id.clone());
    let rows = walk.rows.iter();
    let cells = rows.flat_map(|row| row.cells.iter().map(move |cell| (row, cell)));
    cells
        .map(|(row, cell)| (owned(row.category.as_ref()), owned(cell.category.as_ref()), cell.combinations))
        .collect()
}

#[test]
fn a_taxonomy_maps_to_itself_as_it_stands() {
    let plan = plan();
    for name in plan.taxonomies.keys() {
        for row in crosswalk(plan, name, name).rows {
            let [cell] = &row.cells[..] else { panic!("{name}: {row:?}") };
            assert_eq!(id(cell.category.as_ref()), id(row.category.as_ref()), "{name}");
            assert!(cell.all && cell.applies.is_none(), "{name}: {row:?}");
        }
    }
}

#[test]
fn the_conditions_of_a_crosswalk_say_which_combinations_are_meant() {
    let plan = plan();
    for (from, to) in pairs(plan) {
        let (one, other) = (&plan.taxonomies[from], &plan.taxonomies[to]);
        let place = |taxonomy: &Taxonomy, category: Option<&CategoryName>| {
            category.and_then(|category| taxonomy.categories.iter().position(|own| own.id == category.id))
        };
        for row in crosswalk(plan, from, to).rows {
            let own = place(one, row.category.as_ref());
            for cell in row.cells {
                let Some(applies) = &cell.applies else { continue };
                let target = place(other, cell.category.as_ref());
                let held = holds(plan, applies);
                for (at, held) in held.iter().enumerate().filter(|(at, _)| one.category(*at) == own) {
                    assert_eq!(*held, other.category(at) == target, "{from} {to} {applies}");
                }
            }
        }
    }
}

/// Methods say what they see of the categories that estimates are split by, and these are one taxonomy's.
#[test]
fn the_categories_that_methods_see_are_those_of_a_taxonomy() {
    let plan = plan();
    let taxonomy = &plan.taxonomies["euromonitor_tracit"];
    let of_taxonomy: BTreeSet<&str> =
        taxonomy.categories.iter().map(|category| category.id.as_str()).collect();
    let of_list: BTreeSet<&str> =
        plan.vocabulary.code_lists["category"].codes.iter().map(String::as_str).collect();
    assert_eq!(of_taxonomy, of_list);
}

fn shown(name: &str, arguments: &[&str], columns: &str) {
    let run = support::finish(support::command().args(arguments).env("COLUMNS", columns));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
    let width = columns.parse::<usize>().expect("a number");
    for line in run.stdout.lines() {
        assert!(line.chars().count() <= width, "{line:?}");
        assert_eq!(line, line.trim_end(), "{line:?}");
    }
    insta::with_settings!({ omit_expression => true, description => format!("sikes {}", arguments.join(" ")) }, {
        insta::assert_snapshot!(name, run.stdout);
    });
}

#[test]
fn a_crosswalk_is_shown_on_narrow_and_wide_pages() {
    let arguments = ["standard", "crosswalk", "euromonitor_tracit", "who"];
    shown("crosswalk_narrow", &arguments, "80");
    shown("crosswalk_wide", &arguments, "140");
    shown("crosswalk_in_french", &["standard", "crosswalk", "oecd", "hmrc", "--lang", "fr"], "80");
}

#[test]
fn a_taxonomy_is_explained() {
    shown("explained", &["explain", "euromonitor_tracit"], "80");
}

#[test]
fn crosswalks_come_as_json_and_csv() {
    let of = |format: &str| {
        let run = sikes(["standard", "crosswalk", "oecd", "iard", "standard/1.0", "--format", format]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{format}");
        run.stdout
    };
    let walk: serde_json::Value = serde_json::from_str(&of("json")).expect("JSON");
    let schema: serde_json::Value =
        serde_json::from_str(&sikes(["schema", "crosswalk"]).stdout).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let complaints: Vec<String> = validator.iter_errors(&walk).map(|error| error.to_string()).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert_eq!(walk["from"]["taxonomy"], "oecd");
    let first = &walk["rows"][0];
    assert_eq!(
        (&first["category"]["id"], &first["cells"][0]["category"]["id"]),
        (&"non_conforming".into(), &"surrogate".into())
    );
    assert_eq!(first["cells"][0]["where"], "ethanol = 'non_beverage_surrogate'");
    assert_eq!(
        walk["rows"].as_array().and_then(|rows| rows.last()).expect("a row")["category"],
        serde_json::Value::Null
    );

    let csv = of("csv");
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("from,category,"), "{}", lines[0]);
    assert!(
        lines[1].starts_with("oecd,non_conforming,Non-conforming products,true,iard,surrogate,"),
        "{}",
        lines[1]
    );
    assert!(lines.iter().any(|line| line.starts_with("oecd,,,,iard,recorded,")), "{csv}");
    let cells: usize = walk["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["cells"].as_array().map_or(0, Vec::len))
        .sum();
    assert_eq!(lines.len(), cells + 1);
}

#[test]
fn a_taxonomy_that_is_not_there_is_a_mistake_of_usage() {
    let cases: [(&[&str], &str); 4] = [
        (&["whoo", "hmrc"], "there is no taxonomy `whoo`; did you mean `who`?"),
        (&["who", "hmcr"], "there is no taxonomy `hmcr`; did you mean `hmrc`?"),
        (&["who", "interpol"], "the taxonomies are euromonitor_tracit, hmrc, iard, oecd, who"),
        (&["who"], "<TO>"),
    ];
    for (arguments, expected) in cases {
        let run = sikes(["standard", "crosswalk"].iter().chain(arguments));
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(expected), "{arguments:?}: {}", run.stderr);
    }
    let broken = "fixtures/broken/standards/taxonomy_not_partitioned";
    let run = sikes(["standard", "crosswalk", "illicit", "illicit", broken]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("error[not-partitioned]"), "{}", run.stderr);
    let run = sikes(["standard", "crosswalk", "who", "hmrc", "no/such/standard"]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
}

/// A standard of nothing but a taxonomy, whose attributes have so many codes besides `unknown`.
fn checked_with(codes: usize) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let version = folder.path().join("version");
    let write = |name: &str, text: &str| {
        let path = version.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("standard.yaml", "title: Small\nstatus: draft\nchanges: None.\n");
    for name in ATTRIBUTES {
        let codes: Vec<String> = (0..codes).map(|code| format!("  c{code}: Code {code}\n")).collect();
        let head = format!("title: {name}\nsource: This example\ncodes:\n  unknown: Unknown\n");
        let list = head + &codes.concat();
        write(&format!("code-lists/{name}.yaml"), &list);
    }
    let category = "{ title: A, definition: B, when: \"duty is not null\", illicit: true }";
    let taxonomy =
        format!("title: A\ndefinition: B\nsource: C\ncovers: \"true\"\ncategories:\n  a: {category}\n");
    write("taxonomies/a.yaml", &taxonomy);
    sikes(["standard".as_ref(), "check".as_ref(), version.as_os_str()]).stderr
}

#[test]
fn a_taxonomy_is_worked_out_for_as_many_combinations_as_is_sensible() {
    assert_eq!(checked_with(1), "");
    assert_eq!(checked_with(11), "", "14,641 combinations");
    let many = checked_with(12);
    assert!(many.contains("error[too-many]") && many.contains("20736 combinations"), "{many}");
    assert_eq!(many.matches("error[").count(), 1, "{many}");
    let none = checked_with(0);
    assert!(none.contains("the taxonomy covers nothing"), "{none}");
}
