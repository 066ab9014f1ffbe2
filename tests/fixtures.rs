//! The fixtures restate published figures. Where the publishers' own files lie beside the project, the first two tests
//! write every fixture line again from them and compare the text, so that one altered digit fails.
//! The last two tests need the fixtures alone: the published figures add up, but for two known months.
#![allow(clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const NOT_AVAILABLE: &str = "not_available";

/// Folder of the fixture, and the country code in the source.
const COUNTRIES: [(&str, &str); 24] = [
    ("ar-argentina", "ARG"),
    ("bb-barbados", "BRB"),
    ("bo-bolivia", "BOL"),
    ("bq-bonaire", "BES"),
    ("br-brazil", "BRA"),
    ("ca-canada", "CAN"),
    ("cl-chile", "CHL"),
    ("co-colombia", "COL"),
    ("cr-costa-rica", "CRI"),
    ("dm-dominica", "DMA"),
    ("do-dominican-republic", "DOM"),
    ("ec-ecuador", "ECU"),
    ("gd-grenada", "GRD"),
    ("gt-guatemala", "GTM"),
    ("jm-jamaica", "JAM"),
    ("lc-saint-lucia", "LCA"),
    ("mx-mexico", "MEX"),
    ("ni-nicaragua", "NIC"),
    ("pe-peru", "PER"),
    ("sv-el-salvador", "SLV"),
    ("tt-trinidad-and-tobago", "TTO"),
    ("us-united-states", "USA"),
    ("uy-uruguay", "URY"),
    ("vc-saint-vincent-and-the-grenadines", "VCT"),
];

const COMPONENTS: [(&str, &str); 4] = [
    ("recorded", "SA_0000001747"),
    ("unrecorded", "SA_0000001821"),
    ("tourist", "SA_0000001823"),
    ("total", "SA_0000001822"),
];

const CONSUMPTION_HEADER: &str = "period,component,value,low,high,source";
const CLEARANCES_HEADER: &str =
    "period,beverage,breakdown,kind,strength_band,origin,volume,pure_alcohol,rounded_to,status,source";

/// The 27 rows of a month in the fixture's order: its key, the source series of its volume, that of its pure alcohol.
/// A series is alcohol type, sub type, content, origin, measure and unit, as the source spells them.
#[rustfmt::skip]
const SERIES: [(&str, &str, &str); 27] = [
    ("beer,origin,all,all,ex_warehouse_and_ex_ship", "beer-and-cider,all,all,ex-warehouse-and-ex-ship-clearances,clearances,thousand-hectolitres", ""),
    ("beer,origin,all,all,uk_registered", "beer-and-cider,uk-registered,all,all,clearances,thousand-hectolitres", ""),
    ("beer,total,all,all,all", "beer,all,all,all,clearances,thousand-hectolitres", "beer,all,all,all,clearances-of-alcohol,thousand-hectolitres"),
    ("cider,total,all,all,all", "cider,all,all,all,clearances,thousand-hectolitres", ""),
    ("made_wine,origin,all,over_1_2_to_5_5,all", "made-wine,all,1-2-to-5-5-abv,all,clearances,hectolitres", ""),
    ("made_wine,origin,all,over_5_5,ex_ship", "made-wine,all,over-5-5-abv,ex-ship,clearances,hectolitres", ""),
    ("made_wine,origin,all,over_5_5,ex_warehouse", "made-wine,all,over-5-5-abv,ex-warehouse,clearances,hectolitres", ""),
    ("made_wine,origin,all,over_5_5,uk_origin", "made-wine,all,over-5-5-abv,uk-origin,clearances,hectolitres", ""),
    ("made_wine,strength,all,over_15,all", "made-wine,all,over-15-abv,all,clearances,hectolitres", ""),
    ("made_wine,strength,all,over_1_2_to_5_5,all", "made-wine,all,1-2-to-5-5-abv,all,clearances,hectolitres", ""),
    ("made_wine,strength,sparkling,over_5_5_to_15,all", "made-wine,sparkling,5-5-to-15-abv,all,clearances,hectolitres", ""),
    ("made_wine,strength,still,over_5_5_to_15,all", "made-wine,still,5-5-to-15-abv,all,clearances,hectolitres", ""),
    ("made_wine,total,all,all,all", "made-wine,all,all,all,clearances,hectolitres", ""),
    ("spirits,kind,other,all,all", "", "spirits,all,all,ex-ship,clearances-of-alcohol,hectolitres"),
    ("spirits,kind,ready_to_drink,all,all", "", "spirits,ready-to-drink,all,all,clearances-of-alcohol,hectolitres"),
    ("spirits,kind,whisky,all,all", "", "whiskey,all,all,all,clearances,hectolitres-of-alcohol"),
    ("spirits,total,all,all,all", "", "spirits,all,all,all,clearances-of-alcohol,hectolitres"),
    ("whisky,kind,grain_and_blend,all,all", "", "whiskey,uk-grain-and-blend,all,all,clearances,hectolitres-of-alcohol"),
    ("whisky,kind,malt,all,all", "", "whiskey,uk-malt,all,all,clearances,hectolitres-of-alcohol"),
    ("whisky,total,all,all,all", "", "whiskey,all,all,all,clearances,hectolitres-of-alcohol"),
    ("wine,origin,all,over_5_5,ex_ship", "wine,all,over-5-5-abv,ex-ship,clearances,hectolitres", ""),
    ("wine,origin,all,over_5_5,ex_warehouse", "wine,all,over-5-5-abv,ex-warehouse,clearances,hectolitres", ""),
    ("wine,origin,all,over_5_5,uk_origin", "wine,all,over-5-5-abv,uk-origin,clearances,hectolitres", ""),
    ("wine,strength,all,over_15,all", "wine,all,over-15-abv,all,clearances,hectolitres", ""),
    ("wine,strength,sparkling,up_to_15,all", "wine,sparkling,up-to-15-abv,all,clearances,hectolitres", ""),
    ("wine,strength,still,up_to_15,all", "wine,still,up-to-15-abv,all,clearances,hectolitres", ""),
    ("wine,total,all,all,all", "wine,all,all,all,clearances,hectolitres", ""),
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The publishers' files, if they are here.
fn source(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    if !path.is_dir() {
        eprintln!("skipped: ../shared is not here");
        return None;
    }
    Some(path)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cells of a line whose every cell stands in quotes.
fn quoted_cells(line: &str) -> Vec<&str> {
    let inner = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_else(|| panic!("not in quotes: {line}")).split("\",\"").collect()
}

/// Every byte of the fixture is as expected; the message names the first line that is not.
fn assert_same(path: &Path, expected: &[String]) {
    let text = read(path);
    for (index, (found, wanted)) in text.lines().zip(expected).enumerate() {
        assert_eq!(found, wanted, "{} line {}", path.display(), index + 1);
    }
    assert_eq!(text.lines().count(), expected.len(), "lines of {}", path.display());
    assert_eq!(text, expected.join("\n") + "\n", "line ends of {}", path.display());
}

/// The same number with exactly so many decimals: `5` and `5.40000` become `5.0` and `5.4`. It never rounds.
fn with_decimals(number: &str, count: usize) -> String {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    assert!(!digits.is_empty() && plain(digits) && plain(decimals), "not a number: {number:?}");
    let kept = decimals.trim_end_matches('0');
    assert!(kept.len() <= count, "more than {count} decimals: {number}");
    format!("{whole}.{kept:0<count$}")
}

/// A number as a count of hundredths.
fn hundredths(number: &str) -> i64 {
    let digits = with_decimals(number, 2).replace('.', "");
    digits.parse().unwrap_or_else(|error| panic!("{number}: {error}"))
}

#[test]
fn americas_are_the_published_figures() {
    let Some(folder) = source("who-gisah-2020") else { return };
    let mut published: BTreeMap<(&str, String), [String; 3]> = BTreeMap::new();
    for (_, indicator) in COMPONENTS {
        let text = read(&folder.join(format!("{indicator}.csv")));
        let mut lines = text.lines().map(quoted_cells);
        let header = lines.next().expect("a header");
        let place = |name: &str| header.iter().position(|column| *column == name);
        let [country, year, numeric, low, high] = ["COUNTRY", "YEAR", "Numeric", "Low", "High"]
            .map(|name| place(name).unwrap_or_else(|| panic!("{indicator} has no column {name}")));
        for cells in lines {
            let both_sexes = place("SEX").is_none_or(|sex| cells[sex] == "BTSX");
            if both_sexes && !cells[country].is_empty() {
                assert_eq!(cells[year], "2016-2018", "{indicator} {}", cells[country]);
                let values = [numeric, low, high].map(|column| cells[column].to_owned());
                let before = published.insert((indicator, cells[country].to_owned()), values);
                assert!(before.is_none(), "{indicator} has {} twice", cells[country]);
            }
        }
    }

    let mut compared = 0;
    for (name, country) in COUNTRIES {
        let mut expected = vec![CONSUMPTION_HEADER.to_owned()];
        for (component, indicator) in COMPONENTS {
            let values = match published.get(&(indicator, country.to_owned())) {
                Some(values) => {
                    compared += values.len();
                    values.each_ref().map(|value| with_decimals(value, 1))
                }
                None => [NOT_AVAILABLE; 3].map(str::to_owned),
            };
            expected.push(format!("2016/2018,{component},{},{indicator}", values.join(",")));
        }
        assert_same(&fixtures().join("americas").join(name).join("consumption_per_adult.csv"), &expected);
    }
    assert_eq!(compared, 23 * 4 * 3, "WHO publishes 23 of the 24 countries");
}

#[test]
fn united_kingdom_is_the_published_figures() {
    let Some(folder) = source("hmrc-alcohol-bulletin") else { return };
    let text = read(&folder.join("alcohol-bulletin.csv"));
    let mut published: BTreeMap<(String, &str), (&str, &str)> = BTreeMap::new();
    let mut months = BTreeSet::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [period, alcohol, kind, content, origin, value, measure, unit, marker] = cells[..] else {
            panic!("not nine cells: {line}");
        };
        let Some(month) = period.strip_prefix("month/").filter(|month| *month >= "2010-01") else { continue };
        months.insert(month);
        let series = [alcohol, kind, content, origin, measure, unit].join(",");
        assert!(published.insert((series, month), (value, marker)).is_none(), "twice: {line}");
    }

    let mut expected = vec![CLEARANCES_HEADER.to_owned()];
    for month in &months {
        for (key, volume, pure_alcohol) in SERIES {
            let mut numbers = [String::new(), String::new()];
            let (mut rounded_to, mut status) = ("", "A");
            for (number, series) in numbers.iter_mut().zip([volume, pure_alcohol]) {
                if series.is_empty() {
                    continue;
                }
                let Some((value, marker)) = published.get(&(series.to_owned(), *month)) else {
                    panic!("{month} has no {series}");
                };
                *number = match *marker {
                    "not-available" | "data-not-provided" if value.is_empty() => NOT_AVAILABLE.to_owned(),
                    "" | "provisional" if series.ends_with(",thousand-hectolitres") => {
                        rounded_to = "10";
                        (hundredths(value) * 10).to_string()
                    }
                    "" | "provisional" => with_decimals(value, 2),
                    other => panic!("{month} {series}: value {value:?} with marker {other:?}"),
                };
                if *marker == "provisional" {
                    status = "P";
                }
            }
            let [volume, pure_alcohol] = numbers;
            if [&volume, &pure_alcohol].iter().any(|number| *number == NOT_AVAILABLE) {
                status = "O";
            }
            expected.push(format!(
                "{month},{key},{volume},{pure_alcohol},{rounded_to},{status},hmrc_alcohol_bulletin"
            ));
        }
    }
    assert_eq!(months.len(), 142, "January 2010 to October 2021");
    assert_eq!(expected.len(), 1 + 142 * 27);
    assert_same(&fixtures().join("united-kingdom/clearances.csv"), &expected);
}

/// Recorded, unrecorded and tourist consumption make the total, to within 0.2 litres: three parts and a total, each
/// rounded to 0.1.
#[test]
fn americas_add_up() {
    let mut folders: Vec<String> = Vec::new();
    for entry in fs::read_dir(fixtures().join("americas")).expect("the folder of the Americas") {
        folders.push(entry.expect("an entry").file_name().to_string_lossy().into_owned());
    }
    folders.sort();
    assert_eq!(folders, COUNTRIES.map(|(name, _)| name));

    for name in folders {
        let path = fixtures().join("americas").join(&name).join("consumption_per_adult.csv");
        let text = read(&path);
        let values: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
        if name == "bq-bonaire" {
            assert_eq!(values, [NOT_AVAILABLE; 4]);
            continue;
        }
        let numbers: Vec<i64> = values.into_iter().map(hundredths).collect();
        let [recorded, unrecorded, tourist, total] = numbers[..] else {
            panic!("{name} has not four rows");
        };
        assert!((recorded + unrecorded + tourist - total).abs() <= 20, "{name}: {numbers:?}");
    }
}

/// Each split adds up to its total to within (k + 1) / 2 rounding units, k being the number of parts. HMRC's wine by
/// strength does not in two months. Splits with a part that is not available are left out.
#[test]
fn united_kingdom_adds_up_but_for_two_months() {
    let text = read(&fixtures().join("united-kingdom/clearances.csv"));
    let mut totals = BTreeMap::new();
    let mut splits: BTreeMap<[&str; 3], Vec<(&str, i64)>> = BTreeMap::new();
    let mut keys = Vec::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = if cells[6].is_empty() { cells[7] } else { cells[6] };
        let unit = if cells[8].is_empty() { 1 } else { hundredths(cells[8]) };
        if cells[2] == "total" {
            totals.insert((cells[0], cells[1]), number);
        } else {
            splits.entry([cells[0], cells[1], cells[2]]).or_default().push((number, unit));
        }
        keys.push(cells[..6].join(","));
    }
    let in_order: BTreeSet<&String> = keys.iter().collect();
    assert_eq!(in_order.len(), keys.len(), "no key stands twice");

    let (mut tested, mut failed) = (0, Vec::new());
    for ([month, beverage, breakdown], parts) in splits {
        let total = totals[&(month, beverage)];
        if total == NOT_AVAILABLE || parts.iter().any(|(number, _)| *number == NOT_AVAILABLE) {
            continue;
        }
        tested += 1;
        let sum: i64 = parts.iter().map(|(number, _)| hundredths(number)).sum();
        let units: i64 = parts.iter().map(|(_, unit)| unit).sum::<i64>() + parts[0].1;
        let difference = sum - hundredths(total);
        if difference.abs() * 2 > units {
            failed.push((month, beverage, breakdown, difference));
        }
    }
    assert_eq!(tested, 141 * 5);
    assert_eq!(
        failed,
        [("2017-07", "wine", "strength", 344_500), ("2018-11", "wine", "strength", -564_180)],
        "in hundredths of a hectolitre"
    );
}
