//! Why a rule was not checked, in every language of the standard.

use crate::language::phrases;

phrases! {
    no_column: "the file has no column {column}", "el archivo no tiene la columna {column}",
        "o arquivo não tem a coluna {column}", "le fichier n'a pas de colonne {column}";
    no_dataset: "the submission holds no {dataset}", "el envío no contiene {dataset}", "o envio não contém {dataset}",
        "la transmission ne contient pas {dataset}";
    no_row: "no row to which it applies", "ninguna fila a la que se aplique", "nenhuma linha à qual se aplique",
        "aucune ligne à laquelle elle s'applique";
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
