//! Empty containers that are collected where they were thrown away, and read.

use super::random::Random;
use super::world::Territory;
use super::{Observed, Table, clearances};

const COLUMNS: &[&str] = &[
    "site",
    "collected_on",
    "stratum",
    "stratum_sites",
    "weight",
    "collection_place",
    "beverage",
    "container_type",
    "container_volume",
    "strength",
    "containers",
    "unreadable",
    "foreign",
    "duty_free",
    "unstamped",
    "source",
];

/// What is thrown away: the beverage, the type of container, its millilitres and its strength.
const KINDS: [(&str, &str, f64, f64); 3] = [
    ("beer", "can", 330.0, 5.0),
    ("spirits", "glass_bottle", 700.0, 40.0),
    ("wine", "glass_bottle", 750.0, 12.5),
];

/// Strata, sites of the frame and sites drawn in each; so many that nobody can tell whether they were put back.
const STRATA: usize = 3;
const FRAME: usize = 1000;
const SITES: usize = 12;

/// Containers of a site on average, the part that nobody can read, and how alike the containers of one site are (size of beta laws).
const CONTAINERS: f64 = 150.0;
const UNREADABLE: f64 = 0.1;
const ALIKE: f64 = 30.0;

/// The part of illicit goods that was made for another market; the rest is of this one and has no stamp.
const FOREIGN: f64 = 0.5;

/// Collects containers.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let drinks = territory.drinks();
    observed.truth("illicit_share", drinks.illicit() / drinks.total());
    let mut random = territory.random("containers");
    let kinds = KINDS.map(|kind| Kind::new(territory, kind));
    let all: f64 = kinds.iter().map(|kind| kind.containers).sum();
    let mut table = Table::new("discarded_containers", COLUMNS);
    let day = format!("{}-05-20", territory.year);
    for (stratum, site) in (0..STRATA).flat_map(|s| (0..SITES).map(move |c| (s, c))) {
        let size = random.log_normal(0.3);
        for kind in &kinds {
            let count = random.poisson(CONTAINERS * size * kind.containers / all);
            let unreadable = random.binomial(count, UNREADABLE);
            let [foreign, duty_free, unstamped] = kind.read(&mut random, count - unreadable);
            let (beverage, container, volume, strength) = kind.of;
            table.push(&[
                &format!("d{stratum}-{site}"),
                &day,
                &format!("s{stratum}"),
                &FRAME,
                &(FRAME as f64 / SITES as f64),
                &"household_waste",
                &beverage,
                &container,
                &volume,
                &strength,
                &count,
                &unreadable,
                &foreign,
                &duty_free,
                &unstamped,
                &"simulation",
            ]);
        }
    }
    observed.tables.push(table);
}

/// Containers of one kind, in which a beverage is drunk.
struct Kind {
    of: (&'static str, &'static str, f64, f64),
    /// How many are drunk in a year.
    containers: f64,
    /// The parts that look foreign and that have no stamp, and the part of the foreign ones that was sold duty-free.
    foreign: f64,
    unstamped: f64,
    duty_free: f64,
}

impl Kind {
    fn new(territory: &Territory<'_>, of: (&'static str, &'static str, f64, f64)) -> Self {
        let parameters = territory.parameters;
        let drinks = territory.drinks();
        let [more, refilled] = ["sites_near_border", "refilled"].map(|name| parameters.get(name));
        let (mut legal, mut illicit) = (0.0, 0.0);
        for sold in drinks.sold.iter().filter(|sold| sold.beverage == of.0) {
            legal += sold.legal;
            illicit += sold.illicit;
        }
        // All that travellers bring in and buy duty-free is spirits.
        let travellers = if of.0 == "spirits" { drinks.travellers } else { 0.0 };
        let duty_free = if of.0 == "spirits" { clearances::duty_free(territory) } else { 0.0 };
        let drunk = legal + illicit + travellers;
        let seen = illicit * (1.0 - refilled);
        let foreign = FOREIGN * seen + travellers;
        Self {
            of,
            containers: drunk / (of.2 / 1000.0 * of.3 / 100.0),
            foreign: foreign / drunk * more,
            unstamped: (1.0 - FOREIGN) * seen / drunk,
            duty_free: if foreign > 0.0 { duty_free / foreign } else { 0.0 },
        }
    }

    /// How many of a site's containers look foreign, how many of these are marked duty-free, and how many have no stamp.
    fn read(&self, random: &mut Random, count: f64) -> [f64; 3] {
        let untaxed = (self.foreign + self.unstamped).min(0.99);
        let here = if untaxed > 0.0 { random.beta(untaxed, ALIKE) } else { 0.0 };
        let untaxed_here = random.binomial(count, here);
        let foreign =
            random.binomial(untaxed_here, self.foreign / (self.foreign + self.unstamped).max(1e-12));
        let duty_free = random.binomial(foreign, self.duty_free);
        [foreign, duty_free, untaxed_here - foreign]
    }
}
