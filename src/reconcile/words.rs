//! Why a rule over indicators was not checked, in every language of the standard.

use crate::language::phrases;

phrases! {
    no_figure: "no figure to which it applies", "ninguna cifra a la que se aplique", "nenhum número ao qual se aplique",
        "aucun chiffre auquel elle s'applique";
    not_whole: "a file of {dataset} could not be read whole", "un archivo de {dataset} no se pudo leer entero",
        "um arquivo de {dataset} não pôde ser lido inteiro", "un fichier de {dataset} n'a pas pu être lu en entier";
    disputed: "submissions give different figures of {indicator}", "hay envíos que dan cifras distintas de {indicator}",
        "há envios que dão números diferentes de {indicator}",
        "des transmissions donnent des chiffres différents de {indicator}";
    unreadable: "a cell that {indicator} is computed from could not be read",
        "no se pudo leer una celda de la que se calcula {indicator}",
        "não foi possível ler uma célula da qual se calcula {indicator}",
        "une cellule dont {indicator} est calculé n'a pas pu être lue";
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
