//! Shares of a probability sample, with the error of its design.

use super::{Call, Column, Estimate, Holds, Input, Measure, Need, Quantity, Reach, Refusal, Takes};

pub mod proportions;
pub mod sample;
pub mod share;

method! {
    /// Share of what a probability sample stands for.
    ///
    /// # Assumes
    /// Every unit of the population had a known chance above 0 to be drawn, and its weight is 1 over that chance, made greater
    /// for those that did not answer. Who is not in the frame, such as sellers without a licence, is not in the estimate.
    /// Clusters are named within their stratum, units within their cluster. Without `stratum` there is one stratum, without `cluster`
    /// each unit was drawn by itself, without `unit` each row was. A column that is empty in all rows counts as left out; one that is empty in some is refused.
    /// Clusters and units were drawn simply within stratum and cluster. With `clusters_in_stratum` they were drawn without putting back; then
    /// what was drawn within them adds its own part, which takes `units_in_cluster` or counts as drawn with putting back, and so
    /// do several rows of a unit. Without it the differences between clusters hold all error, and nothing within them need be known.
    /// A row without `part` is unknown. It stays in the sample, and the estimate takes it to be like those that are known.
    ///
    /// # Formula
    /// ```text
    /// p    = Y / X          Y = sum of w part,  X = sum of w whole,  over all strata together
    /// s    = w (part - p whole) / X            score of a row, 0 where it is unknown;  u = sum of s over a cluster
    /// se^2 = sum over strata of (1 - f) n / (n - 1) sum over clusters of (u - ubar)^2
    ///        + f times the same for the units of each cluster, and so on;  f = n / N, 0 where N is not given
    /// df   = clusters less strata, of those with known rows;  where a stratum was taken whole, units less clusters
    /// m    = p (1 - p) / se^2                  effective count
    /// p_i  = beta quantile with shapes m p + 1/2 and m (1 - p) + 1/2, at the probability of e_i / se sqrt(df / chi2_i)
    /// e_i  = sum over clusters, and units within, of sqrt(their part of se^2) z_i, signed
    /// if unknown: (Y + 0) / (X + X_unknown) and (Y + X_unknown) / (X + X_unknown) bound the share of the sample
    /// ```
    /// The interval is that of the draws: it stays between 0 and 1, holds p, and has the tails of Student's t. Beside it stands that of Korn
    /// and Graubard. The same cluster has the same z in every estimate from the table, so that shares of one table move together as their
    /// linearised covariance says.
    /// Where nothing was found, or everything, the sample shows no error. The interval is then that of the answers' number,
    /// made less by unequal weights and sizes and by a correlation of 1/6 within clusters: a judgement, for the design effect of 2 with 7 answers
    /// a cluster that the cluster surveys of the World Health Organization were planned with. Half of its draws are p itself.
    ///
    /// # Fails when
    /// A stratum has one cluster of several: there is no estimate. Joining strata needs knowledge of the field, and every formula in its place guesses the
    /// error: taking it for 0 is too narrow, centring on the mean of all is mostly too wide.
    /// No row is known, X is 0, a part exceeds its whole, or a weight is missing or negative: there is no estimate.
    /// A cluster without any row is not seen, and the error is then too small: send a row for every cluster that was drawn.
    /// The unknown rows are not like the others: hidden bottles and refusals mostly hide what is illicit. The bounds stand beside.
    /// There are few clusters: below 8 degrees of freedom the standard error itself is known badly, and a note says so.
    /// Two periods share clusters: their draws are independent here, so that the change between them is known better than it seems.
    ///
    /// # References
    /// W. G. Cochran (1977), Sampling Techniques, third edition, chapters 6, 10 and 11.
    /// D. A. Binder (1983), On the Variances of Asymptotically Normal Estimators from Complex Surveys, International Statistical Review 51, 279-292.
    /// E. L. Korn, B. I. Graubard (1998), Confidence Intervals for Proportions with Small Expected Number of Positive Counts Estimated from Survey Data, Survey Methodology 24(2), 193-201.
    /// J. D. Parker and others (2017), National Center for Health Statistics Data Presentation Standards for Proportions, Vital and Health Statistics 2(175).
    /// C. F. Manski (1989), Anatomy of the Selection Problem, Journal of Human Resources 24(3), 343-360.
    /// R. H. Henderson, T. Sundaresan (1982), Cluster Sampling to Assess Immunization Coverage, Bulletin of the World Health Organization 60(2), 253-260.
    METHOD {
        name: "design_based",
        reach: Reach::Place,
        inputs: &[Input {
            name: "records",
            doc: "the rows of the sample",
            need: Need::Always,
            takes: Takes::Records { columns: COLUMNS },
        }],
        assumptions: &[],
        gives: &[
            Quantity { name: "illicit_share", doc: "illicit part of the whole" },
            Quantity { name: "unrecorded_share", doc: "unrecorded part of the whole" },
            Quantity { name: "unstamped_share", doc: "part of the whole without a valid stamp" },
            Quantity { name: "purchase_prevalence", doc: "part of the people who bought illicit alcohol, with part 1 or 0 and whole 1" },
        ],
        run: run,
    }
}

/// The columns of a sample of shares.
pub(super) static COLUMNS: &[Column] = &[
    Column {
        name: "part",
        doc: "how much of the row counts; empty where it is unknown",
        holds: Holds::Numbers(Measure::Alike("size")),
        need: Need::Always,
    },
    Column {
        name: "whole",
        doc: "how much there is in the row",
        holds: Holds::Numbers(Measure::Alike("size")),
        need: Need::Always,
    },
    Column {
        name: "weight",
        doc: "how many units of the population the row stands for, w",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Always,
    },
    Column { name: "stratum", doc: "the stratum", holds: Holds::Texts, need: Need::Optional },
    Column {
        name: "cluster",
        doc: "the cluster that was drawn first",
        holds: Holds::Texts,
        need: Need::Optional,
    },
    Column {
        name: "unit",
        doc: "the unit that was drawn in the cluster",
        holds: Holds::Texts,
        need: Need::Optional,
    },
    Column {
        name: "clusters_in_stratum",
        doc: "how many clusters the stratum has, where they were drawn without putting back, N",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Optional,
    },
    Column {
        name: "units_in_cluster",
        doc: "how many units the cluster has, where they were drawn without putting back",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Optional,
    },
];

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let share = share_of(call)?;
    call.estimate(quantity, share.value, share.standard_error, share.draws, share.steps, share.notes)
}

/// The share of the call's records.
pub(super) fn share_of(call: &Call<'_>) -> Result<share::Share, Refusal> {
    let records = call.table("records")?;
    if records.rows() == 0 {
        return Err(Refusal::new("the records have no rows", "send the rows of the sample"));
    }
    let (weights, given) = sample::weights(records)?;
    if !given {
        return Err(Refusal::new("no row has a weight", "give how many units each row stands for"));
    }
    let rows = share::Rows {
        part: records.numbers("part")?.to_vec(),
        whole: records.numbers("whole")?.to_vec(),
        weights,
        pieces: None,
    };
    let drawn = sample::Sample::read(records, sample::Rows::Drawn)?;
    share::estimate(records, &drawn, &rows, call.level, call.count()?)
}

#[cfg(test)]
pub(super) mod made;
#[cfg(test)]
mod tests;
