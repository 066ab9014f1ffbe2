//! Units of measure: a registry with dimensions and exact factors, and symbolic units built from it.

use std::collections::BTreeMap;
use std::fmt;

use crate::spelling::nearest;

/// The units that a standard knows.
#[derive(Debug, Clone, Default)]
pub struct Units {
    defined: BTreeMap<String, Defined>,
}

#[derive(Debug, Clone)]
struct Defined {
    title: String,
    dimension: BTreeMap<String, i32>,
    factor: Ratio,
}

impl Units {
    /// Adds a unit: how many base units of its dimension make one of it, so that `hl` of volume has 100 where `l` has 1.
    ///
    /// The factor is taken as the decimal number that it is written as, so 0.01 is exactly one hundredth.
    /// A factor that is not a positive number is refused in words, and so is an id defined before.
    pub fn define(
        &mut self,
        id: &str,
        title: &str,
        dimension: &BTreeMap<String, i32>,
        factor: f64,
    ) -> Result<(), String> {
        let Some(ratio) = Ratio::of_decimal(factor) else {
            return Err(format!("the factor of unit `{id}` is {factor}, not a positive number"));
        };
        if id == "1" || self.defined.contains_key(id) {
            return Err(format!("unit `{id}` is already defined"));
        }
        let dimension =
            dimension.iter().filter(|(_, power)| **power != 0).map(|(name, power)| (name.clone(), *power));
        self.defined.insert(
            id.to_owned(),
            Defined { title: title.to_owned(), dimension: dimension.collect(), factor: ratio },
        );
        Ok(())
    }

    /// The title of a unit, if it is defined.
    pub fn title(&self, id: &str) -> Option<&str> {
        self.defined.get(id).map(|defined| defined.title.as_str())
    }

    /// The ids of all units, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.defined.keys().map(String::as_str)
    }

    /// Reads a unit expression: ids joined by `*` and `/`, each with an optional whole power as in `l^2`, and `1` for no unit.
    pub fn parse(&self, text: &str) -> Result<Unit, String> {
        let mut unit = Unit::one();
        let mut rest = text.trim();
        let mut sign = 1;
        loop {
            let end = rest.find(['*', '/']).unwrap_or(rest.len());
            let (id, power) = power_of(rest[..end].trim(), text)?;
            let atom = self.atom(id, text)?;
            let raised = atom
                .power(sign * power)
                .ok_or_else(|| format!("the powers of unit `{text}` are too large"))?;
            unit = unit.times(&raised).map_err(|(one, other)| {
                format!("unit `{text}` mixes `{one}` and `{other}`, which measure the same: use one of them")
            })?;
            let Some(operator) = rest[end..].chars().next() else { return Ok(unit) };
            sign = if operator == '*' { 1 } else { -1 };
            rest = &rest[end + 1..];
        }
    }

    fn atom(&self, id: &str, text: &str) -> Result<Unit, String> {
        if id == "1" {
            return Ok(Unit::one());
        }
        if id.is_empty() {
            return Err(format!("unit `{text}` lacks a name where one should stand"));
        }
        let Some(defined) = self.defined.get(id) else {
            let hint =
                nearest(id, self.ids()).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return Err(format!("unknown unit `{id}`{hint}"));
        };
        let atom = Atom { dimension: defined.dimension.clone(), factor: defined.factor, exponent: 1 };
        Ok(Unit { atoms: BTreeMap::from([(id.to_owned(), atom)]) })
    }
}

/// Splits `l^2` into its id and its power.
fn power_of<'a>(atom: &'a str, text: &str) -> Result<(&'a str, i32), String> {
    let Some((id, power)) = atom.split_once('^') else { return Ok((atom, 1)) };
    match power.trim().parse::<i32>() {
        Ok(power) if (-9..=9).contains(&power) => Ok((id.trim(), power)),
        _ => Err(format!("the power `{}` in unit `{text}` is not a whole number from -9 to 9", power.trim())),
    }
}

/// A unit as its author wrote it, such as `LPA/person`, with the dimension and factor that follow from it.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    atoms: BTreeMap<String, Atom>,
}

#[derive(Debug, Clone)]
struct Atom {
    dimension: BTreeMap<String, i32>,
    factor: Ratio,
    exponent: i32,
}

impl Unit {
    /// The unit of a bare number, written `1`.
    pub fn one() -> Self {
        Self::default()
    }

    /// The dimension: base dimensions with their exponents, without zeros.
    pub fn dimension(&self) -> BTreeMap<&str, i32> {
        let mut dimension = BTreeMap::new();
        for atom in self.atoms.values() {
            for (name, power) in &atom.dimension {
                *dimension.entry(name.as_str()).or_insert(0) += power * atom.exponent;
            }
        }
        dimension.retain(|_, power| *power != 0);
        dimension
    }

    /// The dimension in words, such as `alcohol/person`, or `1` for none.
    pub fn dimension_text(&self) -> String {
        product(self.dimension().into_iter())
    }

    /// How many base units one of this unit is.
    pub fn factor(&self) -> f64 {
        self.ratio().value()
    }

    /// Whether this is the unit of a bare number: no dimension, and a factor of one.
    pub fn is_one(&self) -> bool {
        self.same_as(&Self::one())
    }

    /// Whether both measure the same in the same size, however they are spelt.
    pub fn same_as(&self, other: &Self) -> bool {
        self.dimension() == other.dimension() && self.ratio() == other.ratio()
    }

    /// What numbers in this unit are multiplied and divided by to be in another one; nothing where dimensions differ.
    pub(crate) fn conversion(&self, other: &Self) -> Option<(f64, f64)> {
        (self.dimension() == other.dimension()).then(|| {
            let ratio = self.ratio().times(other.ratio().inverse());
            (to_float(ratio.numerator), to_float(ratio.denominator))
        })
    }

    /// The product, or the two atoms that measure the same thing in different sizes.
    pub(crate) fn times(&self, other: &Self) -> Result<Self, (String, String)> {
        let mut product = self.clone();
        for (id, atom) in &other.atoms {
            let twin = self.atoms.iter().find(|(own, twin)| {
                *own != id && !atom.dimension.is_empty() && twin.dimension == atom.dimension
            });
            let id = match twin {
                None => id,
                Some((own, twin)) if twin.factor == atom.factor => own,
                Some((own, _)) => return Err((own.clone(), id.clone())),
            };
            let exponent = product.atoms.get(id).map_or(0, |own| own.exponent).saturating_add(atom.exponent);
            if exponent == 0 {
                product.atoms.remove(id);
            } else {
                product.atoms.insert(id.clone(), Atom { exponent, ..atom.clone() });
            }
        }
        Ok(product)
    }

    /// The quotient, or the two atoms that measure the same thing in different sizes.
    pub(crate) fn over(&self, other: &Self) -> Result<Self, (String, String)> {
        self.times(&other.power(-1).unwrap_or_default())
    }

    /// The unit to a whole power, within what exponents can hold.
    pub(crate) fn power(&self, power: i32) -> Option<Self> {
        let mut atoms = BTreeMap::new();
        for (id, atom) in &self.atoms {
            let exponent = atom.exponent.checked_mul(power).filter(|exponent| exponent.abs() <= 99)?;
            if exponent != 0 {
                atoms.insert(id.clone(), Atom { exponent, ..atom.clone() });
            }
        }
        Some(Self { atoms })
    }

    /// The square root, where every exponent is even.
    pub(crate) fn square_root(&self) -> Option<Self> {
        let mut root = self.clone();
        for atom in root.atoms.values_mut() {
            if atom.exponent % 2 != 0 {
                return None;
            }
            atom.exponent /= 2;
        }
        Some(root)
    }

    fn ratio(&self) -> Ratio {
        let mut ratio = Ratio::ONE;
        for atom in self.atoms.values() {
            let factor = if atom.exponent < 0 { atom.factor.inverse() } else { atom.factor };
            for _ in 0..atom.exponent.unsigned_abs() {
                ratio = ratio.times(factor);
            }
        }
        ratio
    }
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.same_as(other)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&product(self.atoms.iter().map(|(id, atom)| (id.as_str(), atom.exponent))))
    }
}

/// Writes factors with their exponents as a unit expression.
fn product<'a>(factors: impl Iterator<Item = (&'a str, i32)>) -> String {
    let mut over = String::new();
    let mut under = String::new();
    for (name, exponent) in factors {
        let side = if exponent > 0 { &mut over } else { &mut under };
        if exponent < 0 {
            side.push('/');
        } else if !side.is_empty() {
            side.push('*');
        }
        side.push_str(name);
        if exponent.abs() != 1 {
            side.push('^');
            side.push_str(&exponent.abs().to_string());
        }
    }
    if over.is_empty() { format!("1{under}") } else { over + &under }
}

/// A positive fraction in lowest terms: factors are decimals, and products of decimals in floats are not exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ratio {
    numerator: u128,
    denominator: u128,
}

impl Ratio {
    const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// The decimal that a float prints as; nothing unless it is positive and of ordinary size.
    fn of_decimal(value: f64) -> Option<Self> {
        if !(value.is_finite() && value > 0.0) {
            return None;
        }
        let text = value.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let numerator = format!("{whole}{decimals}").parse().ok()?;
        let denominator = 10_u128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
        Some(Self::reduced(numerator, denominator))
    }

    fn reduced(numerator: u128, denominator: u128) -> Self {
        let (mut divisor, mut rest) = (numerator, denominator);
        while rest != 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    fn inverse(self) -> Self {
        Self { numerator: self.denominator, denominator: self.numerator }
    }

    /// The product; beyond 128 bits it is that of floats, which no unit of trade comes near.
    fn times(self, other: Self) -> Self {
        let one = Self::reduced(self.numerator, other.denominator);
        let two = Self::reduced(other.numerator, self.denominator);
        let numerator = one.numerator.checked_mul(two.numerator);
        let denominator = one.denominator.checked_mul(two.denominator);
        match (numerator, denominator) {
            (Some(numerator), Some(denominator)) => Self { numerator, denominator },
            _ => Self::of_decimal(self.value() * other.value()).unwrap_or(Self::ONE),
        }
    }

    fn value(self) -> f64 {
        to_float(self.numerator) / to_float(self.denominator)
    }
}

fn to_float(whole: u128) -> f64 {
    whole as f64
}
