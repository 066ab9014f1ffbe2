//! Why a rule was not checked, in every language of the standard.

use crate::language::phrases;

phrases! {
    no_column: "the file has no column {column}", "el archivo no tiene la columna {column}",
        "o arquivo não tem a coluna {column}", "le fichier n'a pas de colonne {column}";
    dataset_unread: "{dataset} could not be read to its end", "{dataset} no se pudo leer hasta el final",
        "{dataset} não pôde ser lido até o fim", "{dataset} n'a pas pu être lu jusqu'au bout";
    refers_to_nothing: "{column} refers to the dataset {dataset}, which the submission does not hold",
        "{column} remite al conjunto de datos {dataset}, que el envío no contiene",
        "{column} remete ao conjunto de dados {dataset}, que o envio não contém",
        "{column} renvoie au jeu de données {dataset}, que la transmission ne contient pas";
    add_dataset: "Add {dataset} to the submission.", "Agregue {dataset} al envío.", "Acrescente {dataset} ao envio.",
        "Ajoutez {dataset} à la transmission.";
    did_you_mean: "Did you mean `{code}`?", "¿Quiso decir `{code}`?", "Quis dizer `{code}`?", "Vouliez-vous dire `{code}` ?";
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
