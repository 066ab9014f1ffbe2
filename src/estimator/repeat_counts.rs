//! Units behind repeated events, seen and never seen.

use std::collections::BTreeMap;

use super::numeric::sample::sum;
use super::numeric::unseen::Unseen;
use super::{
    Call, Column, Estimate, Holds, Input, Need, Part, Quantity, Reach, Records, Refusal, Step, Takes, Texts,
};
use frequencies::Frequencies;

pub mod frequencies;

method! {
    /// Number of units behind events, those never seen included.
    ///
    /// # Assumes
    /// The population is closed over the period: a unit that was seen could be seen again, and one seen late could have been seen early.
    /// Each unit is seen a Poisson number of times with a rate of its own; rates near that of the units seen once and
    /// twice tell how many were never seen. One event is one occasion, whichever agencies reported it, and each unit is recognised.
    ///
    /// # Formula
    /// ```text
    /// f_j units seen j times, n = sum f_j, lambda = 2 f2 / f1
    /// Zelterman          N = n / (1 - exp(-lambda))        G = exp(-lambda) / (1 - exp(-lambda))^2
    ///                    var = n G (1 + n G lambda^2 (1 / f1 + 1 / f2))
    /// Chao               N = n + f1^2 / (2 f2);  bias-corrected n + f1 (f1 - 1) / (2 (f2 + 1))
    /// truncated Poisson  lambda / (1 - exp(-lambda)) = mean count, N = n / (1 - exp(-lambda))
    /// interval           of the log-normal law of f0 = N - n: K = exp(1.96 sqrt(log(1 + var / f0^2))), [n + f0 / K, n + f0 K]
    /// ```
    /// The value is Zelterman's, the variance Boehning's, the draws those of the log-normal law. Where units differ, all of these are too low:
    /// Chao's is a lower bound, Zelterman's lies above it and below the truth in most laws of the rates, and the truncated
    /// Poisson law is the lowest; if the three lie far apart, units differ much. COVERAGE
    /// Strata are estimated apart and added where every unit stands in one stratum and each stratum has five units seen once
    /// and five seen twice; otherwise all are taken together, and a note says so.
    ///
    /// # Fails when
    /// No unit was seen once, or none twice: there is no estimate then.
    /// Units stop or change their name after they were seen: N is too high. Units are watched once they were seen: too low.
    /// Some units are never at risk (protected ones): they are not in N.
    ///
    /// # References
    /// D. Zelterman (1988), Robust estimation in truncated discrete distributions with application to capture-recapture experiments, Journal of Statistical Planning and Inference 18(2), 225-237.
    /// A. Chao (1987), Estimating the population size for capture-recapture data with unequal catchability, Biometrics 43(4), 783-791.
    /// D. Boehning (2008), A simple variance formula for population size estimators by conditioning, Statistical Methodology 5(5), 410-423.
    /// P. G. M. van der Heijden, R. Bustami, M. J. L. F. Cruyff, G. Engbersen, H. C. van Houwelingen (2003), Point and interval estimation of the population size using the truncated Poisson regression model, Statistical Modelling 3(4), 305-322.
    METHOD {
        name: "repeat_counts",
        reach: Reach::Place,
        inputs: &[
            Input { name: "seizures", doc: "events with the unit behind each", need: Need::Always, takes: EVENTS },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "hidden_operators", doc: "illicit operators, caught and not caught, N" },
        ],
        run: run,
    }
}

const EVENTS: Takes = Takes::Records {
    columns: &[
        Column {
            name: "unit",
            doc: "whom the event belongs to, such as a keyed hash",
            holds: Holds::Texts,
            need: Need::Always,
        },
        Column {
            name: "event",
            doc: "the event; rows of one event and unit count once",
            holds: Holds::Texts,
            need: Need::Always,
        },
        Column {
            name: "stratum",
            doc: "what is estimated by itself, such as the direction; strata are added",
            holds: Holds::Texts,
            need: Need::Optional,
        },
    ],
};

/// With fewer units seen once, or twice, a stratum is not estimated by itself.
const FEWEST_APART: f64 = 5.0;

/// A stratum with how often its units were seen.
struct Stratum {
    name: String,
    frequencies: Frequencies,
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let records = call.table("seizures")?;
    let mut notes = Vec::new();
    let sightings = sightings(records, &mut notes)?;
    let whole = frequencies(&sightings, "all")?;
    let strata = match apart(&sightings, records)? {
        Ok(strata) => strata,
        Err(reason) => {
            notes.extend(reason);
            vec![Stratum { name: "all".to_owned(), frequencies: whole.clone() }]
        }
    };
    let laws: Vec<Unseen> = strata.iter().map(zelterman).collect::<Result<_, _>>()?;
    let count = call.count()?;
    let mut draws = vec![0.0; count];
    for (stratum, law) in strata.iter().zip(&laws) {
        let stream = records.stream(&stratum.name);
        for (i, draw) in draws.iter_mut().enumerate() {
            *draw += law.at_score(stream.normal(i as u64));
        }
    }
    let total = |of: fn(&Unseen) -> f64| sum(laws.iter().map(of));
    let (value, unseen) = (total(Unseen::total), total(|law| law.unseen));
    let mut steps = vec![
        Step { name: "units seen n", value: whole.observed() },
        Step { name: "seen once f1", value: whole.times(1) },
        Step { name: "seen twice f2", value: whole.times(2) },
        Step { name: "units never seen f0", value: unseen },
        Step { name: "all units N = n + f0", value },
    ];
    steps.extend(beside(&strata));
    if whole.times(2) < 2.0 * FEWEST_APART {
        notes.push(format!("only {} units were seen twice, on which the estimate rests", whole.times(2)));
    }
    let analytic = libm::sqrt(total(|law| law.variance));
    let mut estimate = call.estimate(quantity, value, Some(analytic), draws, steps, notes)?;
    if strata.len() > 1 {
        let part = |(stratum, law): (&Stratum, &Unseen)| {
            let [low, high] = law.log_normal_interval(call.level).unwrap_or([law.total(); 2]);
            let of = vec![("stratum".to_owned(), stratum.name.clone())];
            Part { of, value: law.total(), low, high }
        };
        estimate.parts = strata.iter().zip(&laws).map(part).collect();
    }
    Ok(estimate)
}

/// How often each unit was seen, with the strata in which it was.
type Sightings = BTreeMap<u32, (usize, Vec<Option<u32>>)>;

fn sightings(records: &Records, notes: &mut Vec<String>) -> Result<Sightings, Refusal> {
    let (units, events) = (records.texts("unit")?, records.texts("event")?);
    let strata = stratum_of(records)?;
    let mut seen: Vec<(u32, u32, Option<u32>)> = Vec::new();
    let mut without = 0;
    for row in 0..records.rows() {
        match (units.code(row), events.code(row)) {
            (Some(unit), Some(event)) => seen.push((unit, event, strata.and_then(|strata| strata.code(row)))),
            _ => without += 1,
        }
    }
    if without > 0 {
        notes.push(format!("{without} rows without a unit or an event are left out"));
    }
    seen.sort_unstable();
    seen.dedup_by_key(|(unit, event, _)| (*unit, *event));
    let mut sightings = Sightings::new();
    for (unit, _, stratum) in seen {
        let (times, strata) = sightings.entry(unit).or_default();
        *times += 1;
        if !strata.contains(&stratum) {
            strata.push(stratum);
        }
    }
    if sightings.is_empty() {
        return Err(Refusal::new(
            "no event has a unit",
            "give the key of the person or company behind each event",
        ));
    }
    Ok(sightings)
}

fn stratum_of(records: &Records) -> Result<Option<&Texts>, Refusal> {
    if records.has("stratum") { records.texts("stratum").map(Some) } else { Ok(None) }
}

/// How many units were seen once, twice, ...
fn frequencies<'a>(
    sightings: impl IntoIterator<Item = (&'a u32, &'a (usize, Vec<Option<u32>>))>,
    name: &str,
) -> Result<Frequencies, Refusal> {
    let mut f = Vec::new();
    for (_, (times, _)) in sightings {
        if f.len() < *times {
            f.resize(*times, 0.0);
        }
        f[times - 1] += 1.0;
    }
    Frequencies::new(f).map_err(|reason| {
        Refusal::new(format!("in stratum {name}, {reason}"), "give events with the unit behind each")
    })
}

/// The strata, each by itself; or why they are taken together, where there are several.
fn apart(sightings: &Sightings, records: &Records) -> Result<Result<Vec<Stratum>, Option<String>>, Refusal> {
    let Some(texts) = stratum_of(records)? else { return Ok(Err(None)) };
    let crossing = sightings.values().filter(|(_, strata)| strata.len() > 1).count();
    if crossing > 0 {
        return Ok(Err(Some(format!(
            "{crossing} units stand in more than one stratum, so that all strata are taken together"
        ))));
    }
    let mut by_stratum: BTreeMap<&str, Sightings> = BTreeMap::new();
    for (unit, (times, strata)) in sightings {
        let code = strata.first().copied().flatten();
        let name = code.and_then(|code| texts.names().get(code as usize)).map_or("unknown", String::as_str);
        by_stratum.entry(name).or_default().insert(*unit, (*times, strata.clone()));
    }
    if by_stratum.len() < 2 {
        return Ok(Err(None));
    }
    let strata: Vec<Stratum> = by_stratum
        .into_iter()
        .map(|(name, sightings)| {
            Ok(Stratum { name: name.to_owned(), frequencies: frequencies(&sightings, name)? })
        })
        .collect::<Result<_, Refusal>>()?;
    let is_small =
        |stratum: &&Stratum| [1, 2].iter().any(|times| stratum.frequencies.times(*times) < FEWEST_APART);
    if let Some(small) = strata.iter().find(is_small) {
        return Ok(Err(Some(format!(
            "stratum {} has fewer than {FEWEST_APART} units seen once or twice, so that all strata are taken together",
            small.name
        ))));
    }
    Ok(Ok(strata))
}

fn zelterman(stratum: &Stratum) -> Result<Unseen, Refusal> {
    let frequencies = &stratum.frequencies;
    frequencies.zelterman().ok_or_else(|| {
        if frequencies.times(2) == 0.0 {
            Refusal::new(
                "no unit was seen twice, so that there may be any number of units",
                "take a longer period, or check that units are recognised when they are seen again",
            )
        } else {
            Refusal::new(
                "no unit was seen exactly once, so that none seems to be missed",
                "check that units seen once are kept; if all were seen again, the number seen is the estimate",
            )
        }
    })
}

/// The other estimates of the same frequencies, added over strata.
fn beside(strata: &[Stratum]) -> Vec<Step> {
    let total = |of: fn(&Frequencies) -> Option<Unseen>| -> Option<f64> {
        strata.iter().map(|stratum| of(&stratum.frequencies).map(|law| law.total())).sum()
    };
    [
        ("N by Chao's lower bound", total(Frequencies::chao)),
        ("N by Chao's bound, bias-corrected", total(|f| Some(f.chao_bias_corrected().law))),
        ("N by a truncated Poisson law", total(|f| f.zero_truncated().map(|fit| fit.law))),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(Step { name, value: value? }))
    .collect()
}
