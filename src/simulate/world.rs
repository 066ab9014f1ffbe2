//! A territory as it is: its outlets with what they sell, before any agency looks.

use std::cell::OnceCell;

use super::random::Random;
use super::{Parameters, Request};

/// A territory of a world.
#[derive(Debug)]
pub(super) struct Territory<'a> {
    pub(super) code: &'a str,
    pub(super) year: i32,
    pub(super) parameters: &'a Parameters,
    request: &'a Request<'a>,
    strata: OnceCell<Vec<Stratum>>,
    drinks: OnceCell<Drinks>,
}

/// What is drunk in a year, in litres of pure alcohol.
#[derive(Debug, Default)]
pub(super) struct Drinks {
    /// What outlets sell, beverage by beverage.
    pub(super) sold: [Sold; 3],
    /// What travellers bring in and buy duty-free, within the law.
    pub(super) travellers: f64,
    /// What people make for themselves, within the law.
    pub(super) home_made: f64,
}

/// What outlets sell of a beverage.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sold {
    pub(super) beverage: &'static str,
    /// Litres of pure alcohol with duty paid.
    pub(super) legal: f64,
    /// Litres of product with duty paid.
    pub(super) volume: f64,
    /// Litres of pure alcohol without duty paid.
    pub(super) illicit: f64,
}

/// The beverages.
const BEVERAGES: [&str; 3] = ["beer", "spirits", "wine"];

impl Drinks {
    pub(super) fn legal(&self) -> f64 {
        self.sold.iter().map(|sold| sold.legal).sum()
    }

    pub(super) fn illicit(&self) -> f64 {
        self.sold.iter().map(|sold| sold.illicit).sum()
    }

    pub(super) fn unrecorded(&self) -> f64 {
        self.illicit() + self.travellers + self.home_made
    }

    pub(super) fn total(&self) -> f64 {
        self.legal() + self.unrecorded()
    }
}

/// Outlets of one kind of district.
#[derive(Debug)]
pub(super) struct Stratum {
    pub(super) clusters: Vec<Vec<Outlet>>,
}

/// A place of sale.
#[derive(Debug)]
pub(super) struct Outlet {
    pub(super) items: Vec<Item>,
}

/// Containers of one kind that an outlet sells.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) beverage: &'static str,
    /// Millilitres of a container.
    pub(super) volume: f64,
    /// Percent of volume.
    pub(super) strength: f64,
    /// How many stand on the shelf.
    pub(super) shelf: f64,
    /// How many are sold in a week, for each on the shelf.
    pub(super) turnover: f64,
    pub(super) illicit: bool,
}

impl Item {
    /// Litres of pure alcohol in a container.
    pub(super) fn alcohol(&self) -> f64 {
        self.volume / 1000.0 * self.strength / 100.0
    }

    /// Litres of pure alcohol sold in a year.
    pub(super) fn sold(&self) -> f64 {
        self.alcohol() * self.shelf * self.turnover * WEEKS
    }
}

const WEEKS: f64 = 52.0;

/// What is sold: the beverage, the volume of a container, its strength, and how much more often it is illicit than others.
const GOODS: [(&str, f64, f64, f64); 5] = [
    ("beer", 330.0, 5.0, 0.5),
    ("beer", 1000.0, 5.0, 0.5),
    ("wine", 750.0, 12.5, 0.7),
    ("spirits", 700.0, 40.0, 1.5),
    ("spirits", 1000.0, 38.0, 1.8),
];

impl<'a> Territory<'a> {
    pub(super) fn new(code: &'a str, request: &'a Request<'a>) -> Self {
        let parameters = &request.parameters;
        Self {
            code,
            year: request.year,
            parameters,
            request,
            strata: OnceCell::new(),
            drinks: OnceCell::new(),
        }
    }

    /// The outlets; built when somebody first looks.
    pub(super) fn strata(&self) -> &[Stratum] {
        self.strata.get_or_init(|| {
            let count = self.parameters.count("strata");
            let mut strata: Vec<Stratum> = (0..count).map(|stratum| self.stratum(stratum)).collect();
            let of = |strata: &mut Vec<Stratum>, act: &mut dyn FnMut(&mut Item)| {
                let outlets = strata.iter_mut().flat_map(|stratum| stratum.clusters.iter_mut().flatten());
                outlets.flat_map(|outlet| &mut outlet.items).for_each(act);
            };
            let mut sold = 0.0;
            of(&mut strata, &mut |item| sold += item.sold());
            // People drink as much as they do, however many outlets there are.
            let busier = self.drunk() * (1.0 - self.untaxed()) / sold;
            of(&mut strata, &mut |item| item.turnover *= busier);
            strata
        })
    }

    /// People aged 15 and over.
    pub(super) fn adults(&self) -> f64 {
        self.parameters.get("adults").round()
    }

    /// Litres of pure alcohol drunk in a year.
    fn drunk(&self) -> f64 {
        self.adults() * self.parameters.get("litres_per_adult")
    }

    /// The part of it that no outlet sells.
    fn untaxed(&self) -> f64 {
        self.parameters.get("travellers") + self.parameters.get("home_made")
    }

    /// What is drunk; added up when somebody first asks.
    pub(super) fn drinks(&self) -> &Drinks {
        self.drinks.get_or_init(|| {
            let mut sold = BEVERAGES.map(|beverage| Sold { beverage, ..Sold::default() });
            for item in self.items() {
                for sold in sold.iter_mut().filter(|sold| sold.beverage == item.beverage) {
                    if item.illicit {
                        sold.illicit += item.sold();
                    } else {
                        sold.legal += item.sold();
                        sold.volume += item.sold() / (item.strength / 100.0);
                    }
                }
            }
            let [travellers, home_made] =
                ["travellers", "home_made"].map(|name| self.parameters.get(name) * self.drunk());
            Drinks { sold, travellers, home_made }
        })
    }

    /// The other territories of the world.
    pub(super) fn others(&self) -> impl Iterator<Item = Territory<'a>> {
        let others = self.request.territories.iter().filter(|code| **code != self.code);
        others.map(|code| Territory::new(code, self.request))
    }

    /// Random numbers of their own for a part of the world or for one who observes it.
    pub(super) fn random(&self, name: &str) -> Random {
        Random::new(self.request.seed, &format!("{}|{}|{name}", self.code, self.year))
    }

    fn stratum(&self, stratum: usize) -> Stratum {
        let mut random = self.random(&format!("stratum {stratum}"));
        let share = self.parameters.get("illicit_share");
        let of_stratum = 0.6 * random.normal();
        let clusters = (0..self.parameters.count("clusters"))
            .map(|_| {
                let of_cluster = of_stratum + 0.5 * random.normal();
                (0..self.parameters.count("outlets"))
                    .map(|_| {
                        let of_outlet = of_cluster + 0.7 * random.normal();
                        Outlet { items: items(share, of_outlet, &mut random) }
                    })
                    .collect()
            })
            .collect();
        Stratum { clusters }
    }

    /// Every kind of container that is sold.
    pub(super) fn items(&self) -> impl Iterator<Item = &Item> {
        let outlets = self.strata().iter().flat_map(|stratum| stratum.clusters.iter().flatten());
        outlets.flat_map(|outlet| &outlet.items)
    }
}

/// What an outlet sells, with how much its district and itself raise the odds of illicit goods.
fn items(share: f64, raised: f64, random: &mut Random) -> Vec<Item> {
    let size = random.log_normal(0.6);
    let mut items = Vec::new();
    for (beverage, volume, strength, more) in GOODS {
        let shelf = 1.0 + random.poisson(6.0 * size);
        let turnover = 0.5 * random.log_normal(0.5);
        let odds = share / (1.0 - share) * more * libm::exp(raised);
        let illicit = random.binomial(shelf, odds / (1.0 + odds));
        let item = |shelf, illicit| Item { beverage, volume, strength, shelf, turnover, illicit };
        items.extend([(shelf - illicit, false), (illicit, true)].map(|(count, is)| item(count, is)));
    }
    items.retain(|item| item.shelf > 0.0);
    items
}
