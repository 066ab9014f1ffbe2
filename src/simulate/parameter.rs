//! What can be set of a world, and of how agencies report it.

use std::collections::BTreeMap;

use crate::spelling::nearest;

/// Something that can be set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a line.
    pub doc: &'static str,
    /// Its value unless another is set.
    pub default: f64,
    /// The least that it may be.
    pub low: f64,
    /// The most that it may be.
    pub high: f64,
}

const fn parameter(name: &'static str, default: f64, low: f64, high: f64, doc: &'static str) -> Parameter {
    Parameter { name, doc, default, low, high }
}

/// Everything that can be set, by name.
#[rustfmt::skip]
pub static PARAMETERS: &[Parameter] = &[
    parameter("adults", 50_000.0, 1000.0, 1e9, "people aged 15 and over"),
    parameter("carried_over", 0.0, 0.0, 1.0, "how much of what comes late in the year before fills up what comes late in this; above 0 breaks the comparison of the two ends of trade"),
    parameter("caught", 0.5, 0.01, 5.0, "how often an operator is caught in a year on average"),
    parameter("clusters", 40.0, 2.0, 400.0, "primary sampling units of a stratum's frame"),
    parameter("clusters_sampled", 8.0, 1.0, 400.0, "primary sampling units drawn in each stratum"),
    parameter("consignments", 20_000.0, 100.0, 1e6, "imported consignments of a year"),
    parameter("consignments_illicit", 0.01, 0.0, 0.2, "the illicit part of imported consignments"),
    parameter("content_spread", 1.0, 0.0, 2.5, "how unlike illicit consignments are in size (standard deviation of the logarithm)"),
    parameter("coverage_overstated", 0.0, -0.3, 0.3, "how much higher the agency measures the part of drinking that people tell; other than 0 breaks the top-down gap"),
    parameter("denial", 0.0, 0.0, 1.0, "the part of buyers of illicit alcohol who deny it when asked openly; above 0 breaks the direct question"),
    parameter("detection", 0.8, 0.05, 1.0, "the probability that an inspection finds what is there"),
    parameter("detection_overstated", 0.0, -0.5, 0.5, "how much higher the agency states the probability that an inspection finds what is there; other than 0 breaks what inspections are scaled with"),
    parameter("device", 1.0, 1.0, 4.0, "which device hides answers: 1 Warner, 2 forced response, 3 crosswise, 4 unrelated question"),
    parameter("device_ignored", 0.0, 0.0, 1.0, "the part of people who say no whatever the device asks for; above 0 breaks the randomised response"),
    parameter("diversion_hidden", 0.0, 0.0, 1.0, "the part of diverted ethanol that stands in false declarations of use; above 0 breaks the balance of ethanol"),
    parameter("drawn_by_chance", 0.1, 0.001, 0.7, "the part of imported consignments that chance draws for inspection"),
    parameter("ethanol_diverted", 0.1, 0.0, 0.5, "the part of all ethanol that is diverted"),
    parameter("expert_doubt", 1.0, 0.1, 3.0, "how wide experts' intervals are beside the errors of those who judge well; below 1 they are too sure of themselves, which breaks the pool of experts"),
    parameter("experts", 6.0, 1.0, 50.0, "experts who are asked, the first of whom judges well"),
    parameter("experts_led_astray", 0.0, -2.0, 2.0, "how much too high all experts judge what is asked, as a logit; other than 0 breaks the pool of experts"),
    parameter("frame_coverage", 1.0, 0.1, 1.0, "the part of illicit sellers that stands in the frame of outlets; below 1 breaks the market sample"),
    parameter("heterogeneity", 0.0, 0.0, 2.0, "how unlike illicit sellers are in being found (standard deviation of the logit); above 0 breaks the independence of lists"),
    parameter("home_made", 0.0, 0.0, 0.4, "the part of all drinking that people make for themselves within the law; it is unrecorded and not illicit"),
    parameter("illicit_share", 0.2, 0.0, 0.9, "the illicit share of sales"),
    parameter("laboratory_misses", 0.0, 0.0, 1.0, "the part of illicit bottles that the laboratory misses; above 0 breaks the verification"),
    parameter("leakage", 0.05, 0.0, 0.5, "drinks that leave the legal chain with stamps on and nothing declared, beside what is cleared"),
    parameter("list_coverage", 0.35, 0.01, 0.95, "the probability that an illicit seller stands on a list"),
    parameter("list_effect", 0.0, 0.0, 1.0, "the part of people who leave out a harmless statement where the sensitive one stands beside it; above 0 breaks the list experiment"),
    parameter("lists", 3.0, 2.0, 6.0, "how many agencies keep lists of illicit sellers"),
    parameter("lists_asked", 1.0, 1.0, 2.0, "how many lists of statements each person hears: 1 for half of the people with the sensitive one, 2 for all of them in one"),
    parameter("litres_per_adult", 8.0, 0.5, 20.0, "litres of pure alcohol drunk in a year for each person aged 15 and over"),
    parameter("loads", 300.0, 10.0, 10_000.0, "loads that leave under suspension of duty"),
    parameter("loads_missing", 0.03, 0.0, 0.5, "the part of loads under suspension of duty that never arrive"),
    parameter("loads_short", 0.03, 0.0, 0.5, "the part of loads under suspension of duty that arrive a fifth short"),
    parameter("missed_links", 0.0, 0.0, 0.5, "the part of sellers on several lists whose entries are not recognised as one"),
    parameter("operators", 800.0, 10.0, 100_000.0, "operators who run the risk of a seizure"),
    parameter("operators_rename", 0.0, 0.0, 1.0, "the part of operators who go on under another name once they were caught; above 0 breaks the count of repeats"),
    parameter("operators_unlike", 0.0, 0.0, 2.0, "how unlike operators are in being caught (standard deviation of the logarithm); above 0 breaks the count of repeats"),
    parameter("outlets", 12.0, 1.0, 200.0, "outlets of a primary sampling unit"),
    parameter("outlets_sampled", 4.0, 1.0, 200.0, "outlets drawn in each sampled unit"),
    parameter("panel", 200.0, 5.0, 100_000.0, "bottles of known kind on which the test was tried, of each kind"),
    parameter("people_asked", 2000.0, 100.0, 20_000.0, "people asked about buying illicit alcohol, by each way of asking"),
    parameter("purchase_prevalence", 0.2, 0.001, 0.9, "the part of people who bought illicit alcohol"),
    parameter("random_favours", 1.0, 0.1, 10.0, "how much more often illicit consignments are drawn than others; other than 1 breaks the selection by chance"),
    parameter("receipts_untrue", 0.0, 0.0, 1.0, "the part of loads that never arrive and are reported as received; above 0 breaks the count of loads"),
    parameter("refilled", 0.0, 0.0, 1.0, "the part of illicit containers that look legal; above 0 breaks the discarded containers"),
    parameter("seed_questions", 20.0, 0.0, 100.0, "questions with known answers that experts are asked"),
    parameter("sellers", 2000.0, 10.0, 1e6, "illicit sellers of a territory"),
    parameter("sensitivity", 0.92, 0.5, 1.0, "the probability that the test finds an illicit bottle"),
    parameter("sewer_loss", 0.0, 0.0, 0.9, "the part of ethyl sulfate that is lost in the sewer beside what was measured; above 0 breaks the wastewater method"),
    parameter("sites_near_border", 1.0, 0.1, 5.0, "how much more often containers are foreign where they are collected than elsewhere; other than 1 breaks the discarded containers"),
    parameter("smuggled", 0.1, 0.0, 0.5, "the part of what partners send that comes in beside customs"),
    parameter("specificity", 0.97, 0.5, 1.0, "the probability that the test passes a legal bottle"),
    parameter("stamped_early", 0.0, -0.5, 0.5, "the part of a year's stamps whose goods are cleared in the next year; other than 0 breaks the comparison of stamps"),
    parameter("strangers_refused", 0.0, 0.0, 1.0, "how much more rarely strangers are sold illicit bottles; above 0 breaks test purchases"),
    parameter("strata", 4.0, 1.0, 50.0, "strata of the frame of outlets"),
    parameter("survey_coverage", 0.0, 0.0, 0.95, "the part of drinking that people tell; 0 draws it from the law that the standard states, and another value may break the residual"),
    parameter("test_drift", 0.0, -0.5, 0.5, "how much more sensitive the test was on the panel than in the field; other than 0 breaks the correction"),
    parameter("test_purchases", 0.0, 0.0, 50.0, "bottles that a stranger buys in each outlet"),
    parameter("tourists", 0.0, -3.0, 3.0, "litres of pure alcohol that residents drink abroad less what visitors drink here, for each resident aged 15 and over; all of it recorded somewhere, so that other than 0 bends the share that people answer"),
    parameter("towns_drink_more", 0.0, -0.5, 1.0, "how much more is drunk in towns whose wastewater is sampled than elsewhere; other than 0 breaks the step to the territory"),
    parameter("trade_error", 0.02, 0.0, 0.3, "the coefficient of variation of imports and exports as a whole; above 0 breaks the comparison of the two ends of trade"),
    parameter("travellers", 0.0, 0.0, 0.4, "the part of all drinking that travellers bring in and buy duty-free within the law; outlets do not see it"),
    parameter("unrecorded_told", 1.0, 0.0, 2.0, "how much of unrecorded drinks people tell, beside recorded ones; other than 1 breaks the share that people answer"),
    parameter("unrecorded_understated", 0.0, -1.0, 1.0, "how much too low the health ministry puts unrecorded consumption; other than 0 breaks the decomposition"),
    parameter("unseen_stock", 0.0, -0.3, 0.3, "how much stocks that are in no book grew, beside what is cleared; other than 0 breaks the balance of supply"),
    parameter("verified_negatives", 0.1, 0.0, 1.0, "the part of bottles which the test passes that go to a laboratory"),
    parameter("verified_positives", 0.3, 0.0, 1.0, "the part of bottles which the test accuses that go to a laboratory"),
    parameter("verified_suspects", 1.0, 0.1, 10.0, "how much more often illicit bottles go to a laboratory than others with the same result; other than 1 breaks the verification"),
    parameter("wastewater_sites", 12.0, 1.0, 200.0, "towns whose wastewater is sampled"),
];

/// The values of a world.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    set: BTreeMap<&'static str, f64>,
}

impl Parameters {
    /// Sets one. Refuses what is not there, and a value that it may not have.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), String> {
        let Some(parameter) = PARAMETERS.iter().find(|parameter| parameter.name == name) else {
            let near = nearest(name, PARAMETERS.iter().map(|parameter| parameter.name));
            let help = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            return Err(format!("there is no parameter {name}{help}"));
        };
        if !(parameter.low..=parameter.high).contains(&value) {
            return Err(format!(
                "{name} is {value}, and must lie between {} and {}",
                parameter.low, parameter.high
            ));
        }
        self.set.insert(parameter.name, value);
        Ok(())
    }

    /// The value of one.
    ///
    /// # Panics
    /// If the program asks for one that is not in [`PARAMETERS`].
    pub(super) fn get(&self, name: &str) -> f64 {
        let default =
            || PARAMETERS.iter().find(|parameter| parameter.name == name).map(|known| known.default);
        self.set.get(name).copied().or_else(default).expect("a parameter of the list")
    }

    /// The value of one that counts something.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count within its bounds, none of them negative or above a million"
    )]
    pub(super) fn count(&self, name: &str) -> usize {
        self.get(name).round() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_sorted_and_start_within_their_bounds() {
        assert!(PARAMETERS.is_sorted_by_key(|parameter| parameter.name));
        for parameter in PARAMETERS {
            assert!((parameter.low..=parameter.high).contains(&parameter.default), "{}", parameter.name);
        }
    }

    #[test]
    fn mistakes_are_told() {
        let mut parameters = Parameters::default();
        assert_eq!(parameters.set("illicit_share", 0.3), Ok(()));
        assert!((parameters.get("illicit_share") - 0.3).abs() < 1e-15);
        let refused = parameters.set("illicit_shares", 0.3).expect_err("no such parameter");
        assert!(refused.contains("did you mean illicit_share?"), "{refused}");
        assert!(parameters.set("illicit_share", f64::NAN).is_err() && parameters.set("strata", 0.0).is_err());
    }
}
