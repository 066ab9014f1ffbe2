//! Why a rule over indicators was not checked, in every language of the standard.

use crate::language::phrases;

phrases! {
    no_figure: "no figure to which it applies", "ninguna cifra a la que se aplique", "nenhum número ao qual se aplique",
        "aucun chiffre auquel elle s'applique";
    not_whole: "the figures of {dataset} are not whole, because its file could not be read to the end",
        "las cifras de {dataset} no están completas, porque su archivo no se pudo leer hasta el final",
        "os números de {dataset} não estão completos, porque seu arquivo não pôde ser lido até o fim",
        "les chiffres de {dataset} ne sont pas complets, car son fichier n'a pas pu être lu jusqu'au bout";
    unlike: "another submission gives other figures of {indicator}", "otro envío da otras cifras de {indicator}",
        "outro envio dá outros números de {indicator}", "une autre transmission donne d'autres chiffres de {indicator}";
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
