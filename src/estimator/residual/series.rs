//! Several years, with an uplift from base years in which the illicit market is taken to be nil.
//!
//! The uplift is the ratio of sums of legal supply to surveyed consumption over the base years, so the share of a year
//! depends on the surveys of the base years, and twice on its own where it is one of them. The standard errors keep that;
//! surveys of different years are independent and legal supply has no error.

use super::gap;
use crate::estimator::numeric::correlation::Correlation;
use crate::estimator::numeric::first_order::standard_uncertainty;
use crate::estimator::numeric::sample::sum;

/// The figures of a year; none where missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Year {
    /// Consumption that the survey sees.
    pub survey: Option<f64>,
    /// Its standard error.
    pub standard_error: Option<f64>,
    /// Legal supply.
    pub legal: Option<f64>,
    /// Whether its illicit market is taken to be nil.
    pub is_base: bool,
}

/// The uplift in four forms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uplift {
    /// Legal supply of all base years over their surveyed consumption; the shares use it.
    pub ratio_of_sums: f64,
    /// The mean over base years of each one's ratio.
    pub mean_of_ratios: f64,
    /// The smallest ratio of a base year.
    pub least: f64,
    /// The largest ratio of a base year.
    pub most: f64,
}

/// What comes out for a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Consumption.
    pub total: f64,
    /// Consumption less legal supply.
    pub gap: f64,
    /// The gap, not below 0.
    pub gap_bounded: f64,
    /// The gap as a share of consumption.
    pub share: f64,
    /// The share, from 0 to 1.
    pub share_bounded: f64,
    /// The standard error of the share; none where one that it needs is missing.
    pub standard_error: Option<f64>,
    /// The share with the mean of ratios as the uplift.
    pub share_by_mean_of_ratios: f64,
}

/// The uplift, and what comes out for each year; none for a year with a figure missing.
pub fn assess(years: &[Year]) -> Result<(Uplift, Vec<Option<Outcome>>), String> {
    let mut base = Vec::new();
    for (place, year) in years.iter().enumerate().filter(|(_, year)| year.is_base) {
        match (year.survey, year.legal) {
            (Some(survey), Some(legal)) if survey > 0.0 => base.push((place, survey, legal)),
            _ => {
                return Err(format!(
                    "base year {} of the series lacks a positive survey or its legal supply",
                    place + 1
                ));
            }
        }
    }
    if base.is_empty() {
        return Err("no year of the series is a base year, so there is no uplift".to_owned());
    }
    let ratios = || base.iter().map(|(_, survey, legal)| legal / survey);
    let base_survey = sum(base.iter().map(|(_, survey, _)| *survey));
    let base_legal = sum(base.iter().map(|(_, _, legal)| *legal));
    let uplift = Uplift {
        ratio_of_sums: base_legal / base_survey,
        mean_of_ratios: sum(ratios()) / base.len() as f64,
        least: ratios().fold(f64::INFINITY, f64::min),
        most: ratios().fold(f64::NEG_INFINITY, f64::max),
    };
    let outcomes =
        (0..years.len()).map(|place| outcome(years, place, &uplift, base_survey, base_legal)).collect();
    Ok((uplift, outcomes))
}

fn outcome(
    years: &[Year],
    place: usize,
    uplift: &Uplift,
    base_survey: f64,
    base_legal: f64,
) -> Option<Outcome> {
    let (survey, legal) = (years[place].survey?, years[place].legal?);
    let u = uplift.ratio_of_sums;
    let total = survey * u;
    if total <= 0.0 {
        return None;
    }
    // share = 1 - legal * base_survey / (survey * base_legal)
    let slope = |other: usize| {
        let own = if other == place { legal * base_survey / (survey * survey * base_legal) } else { 0.0 };
        let through_uplift = if years[other].is_base { -legal / (survey * base_legal) } else { 0.0 };
        own + through_uplift
    };
    let counts: Vec<usize> =
        (0..years.len()).filter(|other| *other == place || years[*other].is_base).collect();
    let errors: Option<Vec<f64>> = counts.iter().map(|other| years[*other].standard_error).collect();
    let standard_error = errors.map(|errors| {
        let gradient: Vec<f64> = counts.iter().map(|other| slope(*other)).collect();
        standard_uncertainty(&gradient, &errors, &Correlation::none(errors.len()))
    });
    let gap = gap::gap(survey, u, legal);
    let share = gap::share(survey, u, legal);
    Some(Outcome {
        total,
        gap,
        gap_bounded: gap.max(0.0),
        share,
        share_bounded: share.clamp(0.0, 1.0),
        standard_error,
        share_by_mean_of_ratios: gap::share(survey, uplift.mean_of_ratios, legal),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(survey: f64, legal: f64, is_base: bool) -> Year {
        Year { survey: Some(survey), standard_error: Some(1.0), legal: Some(legal), is_base }
    }

    #[test]
    fn a_single_base_year_has_no_gap_and_no_error() {
        let (uplift, years) =
            assess(&[year(40.0, 60.0, true), year(50.0, 60.0, false)]).expect("a base year");
        assert!((uplift.ratio_of_sums - 1.5).abs() < 1e-15);
        let base = years[0].expect("figures");
        assert!(base.share.abs() < 1e-15 && base.standard_error.expect("errors") < 1e-15);
        let next = years[1].expect("figures");
        // 1 - 60/75, and (1 - share) sqrt(1/50^2 + 1/40^2).
        assert!((next.share - 0.2).abs() < 1e-15);
        assert!(
            (next.standard_error.expect("errors") - 0.8 * (1.0_f64 / 2500.0 + 1.0 / 1600.0).sqrt()).abs()
                < 1e-15
        );
    }

    #[test]
    fn what_is_missing_stays_missing() {
        let gone = Year { survey: None, ..year(1.0, 60.0, false) };
        let vague = Year { standard_error: None, ..year(50.0, 60.0, false) };
        let (_, years) = assess(&[year(40.0, 60.0, true), gone, vague]).expect("a base year");
        assert!(years[1].is_none() && years[2].expect("figures").standard_error.is_none());
        assert!(assess(&[gone]).expect_err("a mistake").contains("no year"));
        assert!(assess(&[Year { is_base: true, ..gone }]).expect_err("a mistake").contains("base year 1"));
    }
}
