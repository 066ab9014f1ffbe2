//! The greatest likelihood of a variance between estimates, found for certain.
//!
//! ```text
//! 2 l(t)  = - sum ln(v + t) [- ln det X' W X] - y' P y            the bracket in the restricted likelihood
//! 2 l'(t) =   y' P P y - tr W   or   y' P P y - tr P             full or restricted
//! 2 l''(t) = - 2 y' P P P y + tr W W   or   + tr P P
//! ```
//! `l` can have several maxima, and steps by the expected information can swing about one for ever. But every form above falls
//! as `t` grows, because P falls (`dP/dt = -PP`). So the forms at the two ends of an interval bound slope and curvature within it:
//! an interval where the slope keeps its sign holds no maximum, one that is convex holds none inside, and one that is concave
//! holds at most one, which Newton steps within the interval reach. Other intervals are halved. What is found is the
//! greatest of all maxima, with `t = 0` one of them where the likelihood falls from there; of equal ones the smallest `t`.
//!
//! The last point that is searched: for `t` with `(k - p) t^2 > S (t + max v)`, S the least sum of squares without weights, the likelihood
//! falls (`y' P P y <= S / t^2` and `tr P >= (k - p) / (t + max v)`; with k for k - p in the full likelihood).
//!
//! # References
//! S. R. Searle, G. Casella, C. E. `McCulloch` (1992), Variance Components, Wiley, appendix M.
//! E. Hansen, G. W. Walster (2004), Global Optimization Using Interval Analysis, second edition, Marcel Dekker (monotonicity and convexity tests).

/// Which likelihood is made greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likelihood {
    /// Of the estimates.
    Full,
    /// Of what the estimates say beside the coefficients.
    Restricted,
}

/// The forms of W, P and y at one variance; all fall as it grows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forms {
    /// `tr P`.
    pub trace: f64,
    /// `tr P P`.
    pub trace_of_square: f64,
    /// `tr W`.
    pub weights: f64,
    /// `tr W W`.
    pub weights_of_square: f64,
    /// `y' P y`.
    pub quadratic: f64,
    /// `y' P P y`.
    pub square: f64,
    /// `y' P P P y`.
    pub cube: f64,
}

/// A likelihood as a function of the variance between the estimates.
pub trait Profile {
    /// The forms at a variance.
    fn forms(&mut self, tau2: f64) -> Forms;
    /// The logarithm of the likelihood, but for a constant.
    fn log_likelihood(&mut self, kind: Likelihood, tau2: f64) -> f64;
    /// How many estimates.
    fn size(&self) -> usize;
    /// Estimates less coefficients.
    fn degrees(&self) -> usize;
    /// The least sum of squares about the line, without weights.
    fn residual_squares(&self) -> f64;
    /// The least and the greatest variance of an estimate.
    fn variances(&self) -> (f64, f64);
}

/// The least and the greatest of positive numbers.
pub fn extremes(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, 0.0), |(least, most), value| (value.min(least), value.max(most)))
}

/// Halving stops where an interval is narrower than this part of its place; it is then a maximum by itself.
const NARROW: f64 = 1e-10;
/// Of the points that are looked at; of a hundred thousand made-up sets the worst took about 500.
const MOST_POINTS: usize = 2_000;
/// Each halving leaves one interval to be looked at later, and 50 halvings make any interval narrow.
const DEEPEST: usize = 64;

/// A variance with the forms there.
#[derive(Debug, Clone, Copy)]
struct Point {
    at: f64,
    /// `y' P P y` and what is taken off it.
    rise: f64,
    fall: f64,
    /// `2 y' P P P y` and what is taken off it.
    bend: f64,
    unbend: f64,
}

impl Point {
    fn of(profile: &mut impl Profile, kind: Likelihood, at: f64) -> Self {
        let forms = profile.forms(at);
        let (fall, unbend) = match kind {
            Likelihood::Full => (forms.weights, forms.weights_of_square),
            Likelihood::Restricted => (forms.trace, forms.trace_of_square),
        };
        Self { at, rise: forms.square, fall, bend: 2.0 * forms.cube, unbend }
    }

    /// A Newton step of `fall / rise - 1`, which is a straight line in `t` where all variances are equal.
    fn newton(&self) -> f64 {
        self.at + self.rise * (self.rise - self.fall) / (self.fall * self.bend - self.unbend * self.rise)
    }
}

/// Where the likelihood is greatest.
pub fn greatest(profile: &mut impl Profile, kind: Likelihood) -> f64 {
    let (least, most) = profile.variances();
    let degrees = match kind {
        Likelihood::Full => profile.size(),
        Likelihood::Restricted => profile.degrees(),
    } as f64;
    let squares = profile.residual_squares();
    let half = squares / (2.0 * degrees);
    // A little more, so that rounding leaves no slope to rise there.
    let last = 1.01 * (half + libm::sqrt(half * half + 2.0 * half * most));
    if squares == 0.0 {
        return 0.0;
    }
    let first = Point::of(profile, kind, 0.0);
    let mut best = Best { at: 0.0, height: None, is_any: first.rise <= first.fall };
    let end = Point::of(profile, kind, last);
    let mut waiting = [(first, end); DEEPEST];
    let (mut count, mut looked) = (1_usize, 2);
    while let Some(place) = count.checked_sub(1) {
        count = place;
        let (low, high) = waiting[place];
        let falls = low.rise < high.fall;
        let rises = high.rise > low.fall;
        let is_convex = low.bend < high.unbend;
        if falls || rises || is_convex {
            continue;
        }
        if high.bend >= low.unbend {
            if low.rise >= low.fall && high.rise < high.fall {
                let at = top(profile, kind, low, high);
                best.offer(profile, kind, at);
            }
            continue;
        }
        let is_narrow = high.at - low.at <= NARROW * (low.at + least);
        if is_narrow || looked >= MOST_POINTS || count + 2 > DEEPEST {
            best.offer(profile, kind, low.at + (high.at - low.at) / 2.0);
            continue;
        }
        let middle = Point::of(profile, kind, split(&low, &high, least));
        looked += 1;
        waiting[count] = (middle, high);
        waiting[count + 1] = (low, middle);
        count += 2;
    }
    best.at
}

/// Where an interval is cut: in the middle by the logarithm of the weights' inverse.
fn split(low: &Point, high: &Point, least: f64) -> f64 {
    let middle = libm::sqrt((low.at + least) * (high.at + least)) - least;
    if middle > low.at && middle < high.at { middle } else { low.at + (high.at - low.at) / 2.0 }
}

/// The top of an interval in which the likelihood is concave, by Newton steps that stay inside.
fn top(profile: &mut impl Profile, kind: Likelihood, mut low: Point, mut high: Point) -> f64 {
    let mut point = if low.rise - low.fall < high.fall - high.rise { low } else { high };
    for _ in 0..100 {
        let step = point.newton();
        let inside = step > low.at && step < high.at;
        let next = if inside { step } else { low.at + (high.at - low.at) / 2.0 };
        if (next - point.at).abs() <= 2.0 * f64::EPSILON * next || next <= low.at || next >= high.at {
            return next;
        }
        let previous = point.at;
        point = Point::of(profile, kind, next);
        if point.rise >= point.fall {
            low = point;
        } else {
            high = point;
        }
        // Newton's error squares: after a step of 1e-9 the next is below rounding.
        if inside && (point.at - previous).abs() <= 1e-9 * point.at {
            return point.newton().clamp(low.at, high.at);
        }
    }
    point.at
}

/// The best maximum so far; the likelihood is only computed where a second one asks for it.
struct Best {
    at: f64,
    height: Option<f64>,
    is_any: bool,
}

impl Best {
    fn offer(&mut self, profile: &mut impl Profile, kind: Likelihood, at: f64) {
        if !self.is_any {
            *self = Self { at, height: None, is_any: true };
            return;
        }
        let own = self.height.unwrap_or_else(|| profile.log_likelihood(kind, self.at));
        let height = profile.log_likelihood(kind, at);
        self.height = Some(own);
        if height > own {
            *self = Self { at, height: Some(height), is_any: true };
        }
    }
}

/// Where `y' P y` falls to a positive value; 0 where it is not above it.
///
/// `y' P y` falls and is convex, and its inverse is a straight line where all variances are equal.
pub fn where_quadratic_is(profile: &mut impl Profile, value: f64) -> f64 {
    let mut forms = profile.forms(0.0);
    if forms.quadratic <= value {
        return 0.0;
    }
    // y' P y is at most S / t.
    let (mut low, mut high) = (0.0, profile.residual_squares() / value);
    let mut at = 0.0;
    for _ in 0..200 {
        let step = at + (forms.quadratic / value - 1.0) * forms.quadratic / forms.square;
        let next = if step > low && step < high { step } else { low + (high - low) / 2.0 };
        if (next - at).abs() <= 2.0 * f64::EPSILON * next || next <= low || next >= high {
            return next;
        }
        at = next;
        forms = profile.forms(at);
        if forms.quadratic > value {
            low = at;
        } else {
            high = at;
        }
    }
    at
}
