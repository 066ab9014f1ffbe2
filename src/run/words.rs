//! What is said of a submission's own description and of files that cannot be had, in every language of the standard.

use crate::language::phrases;

phrases! {
    /// Why rules are not checked.
    mend_first: "submission.yaml has to be mended first", "primero hay que corregir submission.yaml",
        "primeiro é preciso corrigir submission.yaml", "il faut d'abord corriger submission.yaml";
    no_dataset: "the submission does not hold the dataset", "el envío no contiene el conjunto de datos",
        "o envio não contém o conjunto de dados", "la transmission ne contient pas le jeu de données";
    not_opened: "its file could not be opened", "su archivo no se pudo abrir", "seu arquivo não pôde ser aberto",
        "son fichier n'a pas pu être ouvert";
    not_a_table: "its file could not be read as a table", "su archivo no se pudo leer como tabla",
        "seu arquivo não pôde ser lido como tabela", "son fichier n'a pas pu être lu comme tableau";
    broken_off: "its file could not be read to the end", "su archivo no se pudo leer hasta el final",
        "seu arquivo não pôde ser lido até o fim", "son fichier n'a pas pu être lu jusqu'au bout";

    cannot_open: "{name} cannot be opened: {reason}", "{name} no se puede abrir: {reason}",
        "{name} não pode ser aberto: {reason}", "{name} ne peut pas être ouvert : {reason}";
    leads_outside: "it leads out of the submission's folder", "lleva fuera de la carpeta del envío",
        "leva para fora da pasta do envio", "il mène hors du dossier de la transmission";
    is_folder: "it is a folder", "es una carpeta", "é uma pasta", "c'est un dossier";
    no_such_file: "there is no such file beside submission.yaml", "no existe tal archivo junto a submission.yaml",
        "não existe tal arquivo junto a submission.yaml", "il n'y a pas de tel fichier à côté de submission.yaml";
    not_permitted: "it may not be opened by this user", "este usuario no tiene permiso para abrirlo",
        "este usuário não tem permissão para abri-lo", "cet utilisateur n'a pas le droit de l'ouvrir";
    put_file: "Put the file into the folder, or correct its name in submission.yaml.",
        "Ponga el archivo en la carpeta, o corrija su nombre en submission.yaml.",
        "Ponha o arquivo na pasta, ou corrija o seu nome em submission.yaml.",
        "Mettez le fichier dans le dossier, ou corrigez son nom dans submission.yaml.";
    name_file: "Name a file in submission.yaml, not a folder.", "Indique en submission.yaml un archivo, no una carpeta.",
        "Indique em submission.yaml um arquivo, não uma pasta.", "Indiquez dans submission.yaml un fichier, non un dossier.";
    permit: "Give this user the right to open the file.", "Dé a este usuario permiso para abrir el archivo.",
        "Dê a este usuário permissão para abrir o arquivo.", "Donnez à cet utilisateur le droit d'ouvrir le fichier.";

    not_utf8: "submission.yaml is not UTF-8 text", "submission.yaml no es texto en UTF-8",
        "submission.yaml não é texto em UTF-8", "submission.yaml n'est pas du texte en UTF-8";
    save_as_utf8: "Save submission.yaml as plain text in UTF-8.", "Guarde submission.yaml como texto sin formato en UTF-8.",
        "Salve submission.yaml como texto sem formatação em UTF-8.", "Enregistrez submission.yaml en texte brut, en UTF-8.";
    too_large: "submission.yaml is larger than 4 MiB", "submission.yaml ocupa más de 4 MiB",
        "submission.yaml tem mais de 4 MiB", "submission.yaml dépasse 4 Mio";
    only_describe: "Let submission.yaml only describe the submission; its figures stand in files of their own.",
        "Haga que submission.yaml solo describa el envío; las cifras van en sus propios archivos.",
        "Faça com que submission.yaml só descreva o envio; os números ficam em seus próprios arquivos.",
        "Faites que submission.yaml décrive seulement la transmission ; les chiffres vont dans leurs propres fichiers.";

    did_you_mean: "Did you mean `{word}`?", "¿Quiso decir `{word}`?", "Quis dizer `{word}`?",
        "Vouliez-vous dire `{word}` ?";
    one_of: "Write one of {known}.", "Escriba uno de estos valores: {known}.", "Escreva um destes valores: {known}.",
        "Écrivez l'une de ces valeurs : {known}.";
    how_it_looks: "`sikes explain submission/manifest` shows how it looks.",
        "`sikes explain submission/manifest` muestra cómo debe ser.",
        "`sikes explain submission/manifest` mostra como deve ser.",
        "`sikes explain submission/manifest` montre à quoi il ressemble.";
    other_version: "the submission follows version {named} of the standard, but this run goes by {used}",
        "el envío sigue la versión {named} de la norma, pero se comprueba según la {used}",
        "o envio segue a versão {named} da norma, mas é verificado segundo a {used}",
        "la transmission suit la version {named} de la norme, mais elle est contrôlée selon la {used}";
    check_apart: "Check this submission on its own, or write `{used}`.",
        "Compruebe este envío por separado, o escriba `{used}`.", "Verifique este envio em separado, ou escreva `{used}`.",
        "Contrôlez cette transmission à part, ou écrivez `{used}`.";
    no_version: "there is no version `{value}` of the standard", "la norma no tiene la versión `{value}`",
        "a norma não tem a versão `{value}`", "la norme n'a pas de version `{value}`";
    no_territory: "`{value}` is not a territory's code in the standard",
        "`{value}` no es el código de un territorio en la norma",
        "`{value}` não é o código de um território na norma",
        "`{value}` n'est pas le code d'un territoire dans la norme";
    write_code: "Write `{code}` for {name}.", "Escriba `{code}` para {name}.", "Escreva `{code}` para {name}.",
        "Écrivez `{code}` pour {name}.";
    look_up_code: "Write the territory's code, such as `{code}`; `sikes explain territory` lists them.",
        "Escriba el código del territorio, por ejemplo `{code}`; `sikes explain territory` los enumera.",
        "Escreva o código do território, por exemplo `{code}`; `sikes explain territory` os enumera.",
        "Écrivez le code du territoire, par exemple `{code}` ; `sikes explain territory` les énumère.";
    no_language: "`{value}` is not a language of the standard", "`{value}` no es un idioma de la norma",
        "`{value}` não é um idioma da norma", "`{value}` n'est pas une langue de la norme";
    no_confidentiality: "`{value}` is not a confidentiality status", "`{value}` no es un estado de confidencialidad",
        "`{value}` não é um estado de confidencialidade", "`{value}` n'est pas un statut de confidentialité";
    no_period: "`{value}` is not a period", "`{value}` no es un periodo", "`{value}` não é um período",
        "`{value}` n'est pas une période";
    write_period: "Write a year 2024, a quarter 2024-Q2, a month 2024-06 or a span of years 2016/2018.",
        "Escriba un año 2024, un trimestre 2024-Q2, un mes 2024-06 o un intervalo de años 2016/2018.",
        "Escreva um ano 2024, um trimestre 2024-Q2, um mês 2024-06 ou um intervalo de anos 2016/2018.",
        "Écrivez une année 2024, un trimestre 2024-Q2, un mois 2024-06 ou un intervalle d'années 2016/2018.";
    no_tier: "there is no tier {value}", "no hay nivel {value}", "não há nível {value}", "il n'y a pas de niveau {value}";
    tiers: "The tiers are {known}.", "Los niveles son {known}.", "Os níveis são {known}.", "Les niveaux sont {known}.";
    no_reason: "`{value}` is not a reason for absence", "`{value}` no es un motivo de ausencia",
        "`{value}` não é um motivo de ausência", "`{value}` n'est pas un motif d'absence";
    held_and_absent: "`{value}` is among the datasets and among those that are absent",
        "`{value}` está entre los conjuntos de datos y entre los ausentes",
        "`{value}` está entre os conjuntos de dados e entre os ausentes",
        "`{value}` est parmi les jeux de données et parmi les absents";
    strike_one: "Strike it from one of the two lists.", "Quítelo de una de las dos listas.",
        "Retire-o de uma das duas listas.", "Retirez-le de l'une des deux listes.";
    lower_tier: "the submission names no tier that asks for it", "el envío no indica un nivel que lo pida",
        "o envio não indica um nível que o peça", "la transmission n'indique pas de niveau qui le demande";
    no_date: "`{value}` is not a date", "`{value}` no es una fecha", "`{value}` não é uma data",
        "`{value}` n'est pas une date";
    write_date: "Write the day on which the submission was prepared as 2024-06-30.",
        "Escriba el día en que se preparó el envío como 2024-06-30.",
        "Escreva o dia em que o envio foi preparado como 2024-06-30.",
        "Écrivez le jour où la transmission a été préparée sous la forme 2024-06-30.";
    unknown_dataset: "the standard has no dataset `{value}`", "la norma no tiene el conjunto de datos `{value}`",
        "a norma não tem o conjunto de dados `{value}`", "la norme n'a pas de jeu de données `{value}`";
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
