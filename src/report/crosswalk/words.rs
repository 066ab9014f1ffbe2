//! The words of a crosswalk, in every language of the standard.

use crate::language::phrases;

phrases! {
    /// Every combination of a category belongs to the other.
    all: "all", "todo", "tudo", "tout";
    /// Some combinations of a category belong to the other.
    some: "some", "parte", "parte", "partie";
    illicit: "illicit", "ilícito", "ilícito", "illicite";
    licit: "not illicit", "no ilícito", "não ilícito", "non illicite";
    combinations: "{n} combination|{n} combinations", "{n} combinación|{n} combinaciones",
        "{n} combinação|{n} combinações", "{n} combinaison|{n} combinaisons";
    /// In the place of a category.
    outside: "outside {taxonomy}", "fuera de {taxonomy}", "fora de {taxonomy}", "hors de {taxonomy}";
    /// The condition is a check of the expression language.
    applies: "where {condition}", "donde {condition}", "onde {condition}", "où {condition}";
    what_counts: "A combination is one known code each of duty, origin, authenticity and ethanol: there are {all}. \
                  They say which goods are meant, not how many litres there are of them.",
        "Una combinación es un código conocido de cada uno de duty, origin, authenticity y ethanol: hay {all}. \
         Dicen de qué mercancías se trata, no cuántos litros hay de ellas.",
        "Uma combinação é um código conhecido de cada um de duty, origin, authenticity e ethanol: há {all}. \
         Dizem de que mercadorias se trata, não quantos litros há delas.",
        "Une combinaison est un code connu de chacun de duty, origin, authenticity et ethanol : il y a {all}. \
         Elles disent de quelles marchandises il s'agit, non combien de litres il y en a.";
    reverse: "The other way round: {command}.", "En sentido inverso: {command}.", "No sentido inverso: {command}.",
        "Dans l'autre sens : {command}.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::assert_translated;

    #[test]
    fn phrases_are_translated() {
        assert_translated(|language| words(language).all(), &[]);
    }
}
