//! Shares of empty containers that were collected and read, and what they say of consumption.

use super::design_based::sample::{self, Sample};
use super::design_based::share::{self, Rows, Share};
use super::numeric::sample::sum;
use super::{
    Argument, Call, Column, Estimate, Holds, Input, MOST_WITHOUT_DENOMINATOR, Measure, Need, Quantity, Reach,
    Records, Refusal, Step, Takes, delta_method,
};

method! {
    /// Illicit share of consumption from discarded containers.
    ///
    /// # Assumes
    /// Sites were drawn by chance within strata, all containers found there were counted, and weights say what each site stands for.
    /// What is thrown away where it is collected mirrors what is drunk in the territory, by residents and visitors.
    /// A container made for another market, or without the stamp that the law asks for, was not taxed here; every other one was.
    /// A row without `unstamped` is unknown; where no row has it, foreign containers alone count. Without `weight` all sites weigh alike.
    /// Of what was not taxed here, what travellers brought in within their allowance and what was sold duty-free is legal.
    /// All figures are litres of pure alcohol of one territory and period; different figures are independent, and independent of the sites.
    ///
    /// # Formula
    /// ```text
    /// s     = sum of w a (foreign + unstamped) / sum of w a read      a alcohol in a container; not taxed here
    /// D     = P - T             P duty-paid, T of it taken out of the territory (0 where not given)
    /// C     = D / (1 - s)       all that is drunk: its part 1 - s was taxed here
    /// N     = B + F             B brought in by travellers, F sold duty-free (0 where not given)
    /// share = (s C - N) / C = s - (1 - s) N / D
    /// se    = sqrt( ((1 + N/D) se_s)^2 + ((1-s)/D se_N)^2 + ((1-s) N/D^2 se_D)^2 )
    /// ```
    /// s, its error and its draws are those of the method `design_based`, with sites as clusters; the interval is that of the draws of all parts.
    /// A negative share is kept.
    ///
    /// # Fails when
    /// D is not positive, in the value or in more than 1 of 1,000 draws: there is no estimate. In fewer draws such a one counts as the lowest of the others.
    /// Nothing but untaxed containers was found: C has no bound then. A stratum has one site of several.
    /// A refilled bottle looks legal, and draught drinks and returnable bottles leave nothing behind: for refills and for bars it is a lower bound.
    /// Containers near a border, a port or a hotel are foreign more often than elsewhere: sites must be drawn, not chosen.
    /// A container for another market may have been filled legally abroad and bought by a traveller beyond the figures B and F, which are judgements themselves.
    /// The step from s to the illicit share is an identity of this standard; it was not checked against a published description.
    ///
    /// # References
    /// KPMG, Project Sun and Project Stella: studies of the illicit cigarette market from empty packs (paid by manufacturers, and disputed).
    /// E. L. Korn, B. I. Graubard (1998), Confidence Intervals for Proportions with Small Expected Number of Positive Counts Estimated from Survey Data, Survey Methodology 24(2), 193-201.
    METHOD {
        name: "discarded_containers",
        reach: Reach::Place,
        inputs: &[
            Input { name: "containers", doc: "the containers that were collected and read, by site and kind", need: Need::Always, takes: Takes::Records { columns: COLUMNS } },
            Input { name: "duty_paid", doc: "duty-paid alcohol, P", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("LPA") } },
            Input { name: "brought_in", doc: "alcohol that travellers bring in within their allowance, B", need: Need::WhereNamed, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("LPA") } },
            Input { name: "taken_out", doc: "duty-paid alcohol that travellers take out, T", need: Need::WhereNamed, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("LPA") } },
            Input { name: "duty_free", doc: "alcohol sold duty-free, F", need: Need::WhereNamed, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("LPA") } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "illicit_share", doc: "illicit part of what is drunk" },
        ],
        run: run,
    }
}

static COLUMNS: &[Column] = &[
    Column {
        name: "read",
        doc: "how many containers were read",
        holds: Holds::Numbers(Measure::Share),
        need: Need::Always,
    },
    Column {
        name: "foreign",
        doc: "of these made for another market",
        holds: Holds::Numbers(Measure::Share),
        need: Need::Always,
    },
    Column {
        name: "duty_free",
        doc: "of the foreign ones marked for duty-free sale",
        holds: Holds::Numbers(Measure::Share),
        need: Need::Optional,
    },
    Column {
        name: "unstamped",
        doc: "of those read, made for this market and without the stamp that the law asks for",
        holds: Holds::Numbers(Measure::Share),
        need: Need::Optional,
    },
    Column {
        name: "alcohol",
        doc: "pure alcohol in one container when full, a",
        holds: Holds::Numbers(Measure::Of("LPA")),
        need: Need::Always,
    },
    Column {
        name: "beverage",
        doc: "the beverage, to name those whose size is unknown",
        holds: Holds::Texts,
        need: Need::Optional,
    },
    Column {
        name: "weight",
        doc: "what the site stands for, w",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Optional,
    },
    Column { name: "stratum", doc: "the stratum of the site", holds: Holds::Texts, need: Need::Optional },
    Column { name: "cluster", doc: "the site", holds: Holds::Texts, need: Need::Always },
    Column {
        name: "clusters_in_stratum",
        doc: "how many sites the stratum has",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Optional,
    },
];

/// The figures beside the containers, at their values or at a draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// P.
    pub duty_paid: f64,
    /// T.
    pub taken_out: f64,
    /// B.
    pub brought_in: f64,
    /// F.
    pub duty_free: f64,
}

impl Figures {
    /// D, the duty-paid alcohol that is drunk in the territory.
    pub fn taxed_here(&self) -> f64 {
        self.duty_paid - self.taken_out
    }

    /// N, what was not taxed here and is legal.
    pub fn legal_untaxed(&self) -> f64 {
        self.brought_in + self.duty_free
    }

    /// The illicit share of consumption where the part `s` was not taxed here; none where D is not positive.
    pub fn illicit_share(&self, s: f64) -> Option<f64> {
        let share = s - (1.0 - s) * (self.legal_untaxed() / self.taxed_here());
        (self.taxed_here() > 0.0 && share.is_finite()).then_some(share)
    }
}

/// The figures of a call.
struct Given<'a> {
    duty_paid: &'a Argument<'a>,
    taken_out: Option<&'a Argument<'a>>,
    brought_in: Option<&'a Argument<'a>>,
    duty_free: Option<&'a Argument<'a>>,
}

impl Given<'_> {
    fn at(&self, of: impl Fn(&Argument<'_>) -> f64) -> Figures {
        let or_none = |figure: Option<&Argument<'_>>| figure.map_or(0.0, &of);
        Figures {
            duty_paid: of(self.duty_paid),
            taken_out: or_none(self.taken_out),
            brought_in: or_none(self.brought_in),
            duty_free: or_none(self.duty_free),
        }
    }

    /// The part of the standard error that comes from the figures.
    fn error(&self, at: &Figures, s: f64) -> Option<f64> {
        let by_untaxed = -(1.0 - s) / at.taxed_here();
        let by_taxed = -by_untaxed * at.legal_untaxed() / at.taxed_here();
        let slopes = [
            (Some(self.duty_paid), by_taxed),
            (self.taken_out, -by_taxed),
            (self.brought_in, by_untaxed),
            (self.duty_free, by_untaxed),
        ];
        let gradient: Vec<(&Argument<'_>, f64)> =
            slopes.into_iter().filter_map(|(figure, slope)| Some((figure?, slope))).collect();
        delta_method(&gradient)
    }

    /// Whether D, which divides, is exact.
    fn taxed_is_exact(&self) -> bool {
        self.duty_paid.draws.is_empty() && self.taken_out.is_none_or(|figure| figure.draws.is_empty())
    }
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let given = Given {
        duty_paid: call.one("duty_paid")?,
        taken_out: call.optional("taken_out"),
        brought_in: call.optional("brought_in"),
        duty_free: call.optional("duty_free"),
    };
    let at = given.at(|figure| figure.value);
    if [at.duty_paid, at.taken_out, at.brought_in, at.duty_free].iter().any(|figure| *figure < 0.0) {
        return Err(Refusal::new("a figure of legal alcohol is negative", "give figures from 0"));
    }
    let containers = Containers::of(call.table("containers")?)?;
    let share = containers.untaxed(call)?;
    let (s, n, d) = (share.value, at.legal_untaxed(), at.taxed_here());
    let value = at
        .illicit_share(s)
        .ok_or_else(|| nothing_taxed(&format!("duty-paid alcohol less what is taken out is {d}")))?;
    if s >= 1.0 {
        return Err(Refusal::new(
            "no container that was read was taxed here, so that nothing bounds what is drunk",
            "look at the columns foreign and unstamped, and collect at more sites",
        ));
    }
    let mut notes = share.notes;
    let draws = draws(&given, &share.draws, &mut notes)?;
    let analytic = share.standard_error.zip(given.error(&at, s)).map(|(of_share, of_figures)| {
        let of_share = (1.0 + n / d) * of_share;
        libm::sqrt(sum([of_share * of_share, of_figures * of_figures]))
    });
    let all = d / (1.0 - s);
    let mut steps = share.steps;
    steps.extend([
        Step { name: "not taxed here s", value: s },
        Step { name: "duty-paid and drunk here D = P - T", value: d },
        Step { name: "all that is drunk C = D / (1 - s)", value: all },
        Step { name: "not taxed here, s C", value: s * all },
        Step { name: "legal of that, N = B + F", value: n },
        Step { name: "illicit s C - N", value: s * all - n },
    ]);
    if let Some(marked) = containers.marked_duty_free() {
        steps.push(Step { name: "marked for duty-free sale, by the containers", value: marked * all });
        if marked * all > n {
            notes.push("more alcohol is in containers marked for duty-free sale than is legally brought in and sold duty-free".to_owned());
        }
    }
    notes.extend(containers.notes());
    let mut estimate = call.estimate(quantity, value, analytic, draws, steps, notes)?;
    estimate.standard_error = estimate.standard_error.filter(|_| given.taxed_is_exact());
    if value < 0.0 {
        estimate.notes.push(
            "the share is negative and is kept: more is legally brought in and sold duty-free than the containers show"
                .to_owned(),
        );
    }
    Ok(estimate)
}

/// The illicit share of each draw.
fn draws(given: &Given<'_>, shares: &[f64], notes: &mut Vec<String>) -> Result<Vec<f64>, Refusal> {
    let count = shares.len();
    let of = |(draw, share): (usize, &f64)| given.at(|figure| figure.draw(draw)).illicit_share(*share);
    let draws: Vec<Option<f64>> = shares.iter().enumerate().map(of).collect();
    let without = draws.iter().filter(|draw| draw.is_none()).count();
    if without as f64 > MOST_WITHOUT_DENOMINATOR * count as f64 {
        return Err(nothing_taxed(&format!(
            "duty-paid alcohol less what is taken out is 0 or less in {without} of {count} draws"
        )));
    }
    if without > 0 {
        notes.push(format!(
            "{without} of {count} draws have no duty-paid alcohol left and count as the lowest of the others"
        ));
    }
    let lowest = draws.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    Ok(draws.into_iter().map(|draw| draw.unwrap_or(lowest)).collect())
}

fn nothing_taxed(reason: &str) -> Refusal {
    Refusal::new(reason, "look at the figures of duty-paid alcohol and of what travellers take out")
}

/// The columns of the containers.
struct Containers<'a> {
    records: &'a Records,
    read: &'a [f64],
    alcohol: &'a [f64],
    /// Where it is asked: where no row has it, the law asks for no stamp or nobody looked.
    unstamped: Option<&'a [f64]>,
    weights: Vec<f64>,
}

impl<'a> Containers<'a> {
    fn of(records: &'a Records) -> Result<Self, Refusal> {
        if records.rows() == 0 {
            return Err(Refusal::new("no containers were collected", "send the containers of every site"));
        }
        let unstamped = filled(records, "unstamped")?;
        let (read, alcohol) = (records.numbers("read")?, records.numbers("alcohol")?);
        let weights = sample::weights(records)?.0;
        Ok(Self { records, read, alcohol, unstamped, weights })
    }

    /// The share of alcohol that was not taxed here.
    fn untaxed(&self, call: &Call<'_>) -> Result<Share, Refusal> {
        let foreign = self.records.numbers("foreign")?;
        let unstamped = |row: usize| self.unstamped.map_or(0.0, |unstamped| unstamped[row]);
        let rows = 0..self.records.rows();
        let rows = Rows {
            part: rows.clone().map(|row| self.alcohol[row] * (foreign[row] + unstamped(row))).collect(),
            whole: rows.map(|row| self.alcohol[row] * self.read[row]).collect(),
            weights: self.weights.clone(),
            pieces: Some(self.read.to_vec()),
        };
        let sites = Sample::read(self.records, sample::Rows::Whole)?;
        share::estimate(self.records, &sites, &rows, call.level, call.count()?)
    }

    /// The part of the alcohol whose container is marked for duty-free sale; none where nobody looked.
    fn marked_duty_free(&self) -> Option<f64> {
        let marked = filled(self.records, "duty_free").ok()??;
        let known = |row: &usize| {
            self.weights[*row] > 0.0 && !(marked[*row] * self.alcohol[*row] * self.read[*row]).is_nan()
        };
        let total = |of: &[f64]| {
            sum((0..of.len()).filter(known).map(|row| self.weights[row] * self.alcohol[row] * of[row]))
        };
        let share = total(marked) / total(self.read);
        share.is_finite().then_some(share)
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![
            "refilled bottles look legal, and draught drinks and returnable bottles leave nothing behind: for these it is a lower bound"
                .to_owned(),
        ];
        if self.unstamped.is_none() {
            notes.push("no row says whether stamps are missing, so that foreign containers alone count as not taxed here".to_owned());
        }
        if let Ok(beverages) = self.records.texts("beverage") {
            let unknown = (0..self.alcohol.len()).filter(|row| self.alcohol[*row].is_nan());
            let names: std::collections::BTreeSet<&str> =
                unknown.filter_map(|row| beverages.get(row)).collect();
            if !names.is_empty() {
                let names: Vec<&str> = names.into_iter().collect();
                notes.push(format!("the alcohol in a container is unknown in rows of {}", names.join(", ")));
            }
        }
        notes
    }
}

/// A column of numbers; none where the standard or all rows leave it out.
fn filled<'a>(records: &'a Records, column: &str) -> Result<Option<&'a [f64]>, Refusal> {
    if !records.has(column) {
        return Ok(None);
    }
    let numbers = records.numbers(column)?;
    Ok(numbers.iter().any(|number| !number.is_nan()).then_some(numbers))
}

#[cfg(test)]
mod tests {
    use super::super::design_based::made::{Cell, table};
    use super::*;
    use proptest::prelude::*;

    /// Four sites with two kinds of containers each.
    fn containers(foreign: &[f64], unstamped: &[f64]) -> Vec<(&'static str, Cell)> {
        let sites = ["a", "a", "b", "b", "c", "c", "d", "d"];
        vec![
            ("read", Cell::Numbers(vec![100.0; 8])),
            ("foreign", Cell::Numbers(foreign.to_vec())),
            ("unstamped", Cell::Numbers(unstamped.to_vec())),
            ("duty_free", Cell::Numbers(vec![1.0; 8])),
            ("alcohol", Cell::Numbers([0.28, 0.025].repeat(4))),
            ("beverage", Cell::Texts(["spirits", "beer"].repeat(4))),
            ("cluster", Cell::Texts(sites.to_vec())),
        ]
    }

    fn run_with(arguments: &[Argument<'_>], columns: &[(&str, Cell)]) -> Result<Estimate, Refusal> {
        let records = table("containers", columns);
        (METHOD.run)(&Call::of("illicit_share", arguments, &[records], 4_000))
    }

    fn exact(input: &'static str, value: f64) -> Argument<'static> {
        Argument::exact(input, value)
    }

    const FOREIGN: [f64; 8] = [30.0, 6.0, 10.0, 2.0, 20.0, 4.0, 20.0, 4.0];
    const NONE: [f64; 8] = [0.0; 8];

    /// Of 122 litres read, 0.28 80 + 0.025 16 = 22.8 are foreign; D = 900, C = 900 / (1 - s), N = 60.
    #[test]
    fn by_hand() {
        let figures = [
            exact("duty_paid", 1_000.0),
            exact("taken_out", 100.0),
            exact("brought_in", 40.0),
            exact("duty_free", 20.0),
        ];
        let estimate = run_with(&figures, &containers(&FOREIGN, &NONE)).expect("four sites");
        let s = 22.8 / 122.0;
        let all = 900.0 / (1.0 - s);
        assert!((estimate.value - (s * all - 60.0) / all).abs() < 1e-12, "{}", estimate.value);
        assert!(estimate.low < estimate.value && estimate.value < estimate.high);
        let step = |name: &str| {
            estimate.steps.iter().find(|step| step.name.starts_with(name)).expect("a step").value
        };
        assert!((step("all that is drunk") - all).abs() < 1e-9);
        let se = step("standard error");
        assert!((estimate.analytic.expect("an error") / ((1.0 + 60.0 / 900.0) * se) - 1.0).abs() < 1e-12);
        assert!(estimate.notes.iter().any(|note| note.contains("refilled")));
        // Without stamps and with them the same containers give the same share.
        let other = run_with(&figures, &containers(&NONE, &FOREIGN)).expect("four sites");
        assert!((other.value - estimate.value).abs() < 1e-15);
    }

    #[test]
    fn more_legal_than_was_found_is_kept_below_0() {
        let figures = [exact("duty_paid", 900.0), exact("brought_in", 400.0)];
        let estimate = run_with(&figures, &containers(&FOREIGN, &NONE)).expect("four sites");
        assert!(
            estimate.value < 0.0 && estimate.notes.iter().any(|note| note.contains("negative and is kept"))
        );
    }

    #[test]
    fn nothing_foreign_has_an_upper_end() {
        let estimate = run_with(&[exact("duty_paid", 900.0)], &containers(&NONE, &NONE)).expect("four sites");
        assert!(estimate.value == 0.0 && estimate.low == 0.0);
        // 200 containers a site, alike with 1/6, are worth less than 6 each: four sites bound the share at about 0.1.
        assert!(estimate.high > 0.05 && estimate.high < 0.2, "{}", estimate.high);
    }

    #[test]
    fn what_is_not_known_is_said() {
        let mut columns = containers(&FOREIGN, &[f64::NAN; 8]);
        let figures = [exact("duty_paid", 900.0)];
        let estimate = run_with(&figures, &columns).expect("four sites");
        assert!(estimate.notes.iter().any(|note| note.contains("no row says whether stamps")));
        columns[4].1 = Cell::Numbers([0.28, f64::NAN].repeat(4));
        let spirits = run_with(&figures, &columns).expect("four sites");
        assert!((spirits.value - 0.2).abs() < 1e-12);
        assert!(spirits.notes.iter().any(|note| note.contains("unknown in rows of beer")));
        let mut some = NONE;
        some[0] = f64::NAN;
        let estimate = run_with(&figures, &containers(&FOREIGN, &some)).expect("four sites");
        assert!(estimate.notes.iter().any(|note| note.contains("1 rows") && note.contains("no verdict")));
    }

    #[test]
    fn refusals_say_why() {
        let columns = containers(&FOREIGN, &NONE);
        let refusal = |arguments: &[Argument<'_>], columns: &[(&str, Cell)]| {
            run_with(arguments, columns).expect_err("a refusal").to_string()
        };
        assert!(refusal(&[], &columns).contains("duty_paid is missing"));
        let too_much = [exact("duty_paid", 100.0), exact("taken_out", 100.0)];
        assert!(refusal(&too_much, &columns).contains("less what is taken out is 0"));
        assert!(refusal(&[exact("duty_paid", -1.0)], &columns).contains("negative"));
        let figures = [exact("duty_paid", 900.0)];
        assert!(refusal(&figures, &containers(&[100.0; 8], &NONE)).contains("no container"));
        assert!(
            refusal(&figures, &containers(&FOREIGN, &[90.0; 8])).contains("greater than the whole in 3 of 8")
        );
        let mut one_site = columns.clone();
        one_site[6].1 = Cell::Texts(vec!["a"; 8]);
        assert!(refusal(&figures, &one_site).contains("one unit was drawn of the sample"));
        let draws = vec![0.0; 4_000];
        assert!(
            refusal(&[Argument { draws: &draws, ..figures[0] }], &columns).contains("in 4000 of 4000 draws")
        );
    }

    proptest! {
        #[test]
        fn the_parts_add_up(
            duty_paid in 1.0..1e9_f64, out in 0.0..0.9_f64, brought_in in 0.0..1e9_f64, duty_free in 0.0..1e9_f64, s in 0.0..0.99_f64,
        ) {
            let figures = Figures { duty_paid, taken_out: out * duty_paid, brought_in, duty_free };
            let all = figures.taxed_here() / (1.0 - s);
            let illicit = figures.illicit_share(s).expect("something is taxed") * all;
            let together = illicit + figures.legal_untaxed() + figures.taxed_here();
            prop_assert!((together / all - 1.0).abs() < 1e-9 * (1.0 + figures.legal_untaxed() / all));
        }
    }
}
