//! What `sikes new` says, and what it writes for an agency to read, in every language of the standard.

use crate::language::phrases;
pub(super) use crate::language::{count, fill};

phrases! {
    /// Two sentences: what is wrong, and what to do.
    complaint: "error: {message}. {help}", "error: {message}. {help}", "erro: {message}. {help}", "erreur : {message}. {help}";
    not_a_year: "`{year}` is not a year", "`{year}` no es un año", "`{year}` não é um ano", "`{year}` n'est pas une année";
    write_year: "Write its four digits, such as 2025.", "Escriba sus cuatro cifras, por ejemplo 2025.",
        "Escreva os seus quatro algarismos, por exemplo 2025.", "Écrivez ses quatre chiffres, par exemple 2025.";
    not_an_agency: "the agency's name is empty or breaks off in the middle of the line",
        "el nombre de la institución está vacío o se corta a media línea",
        "o nome da instituição está vazio ou se corta no meio da linha",
        "le nom de l'institution est vide ou s'interrompt au milieu de la ligne";
    write_agency: "Write the whole name in one line.", "Escriba el nombre completo en una línea.",
        "Escreva o nome completo em uma linha.", "Écrivez le nom complet en une ligne.";
    unknown_dataset: "the standard has no dataset `{id}`", "la norma no tiene el conjunto de datos `{id}`",
        "a norma não tem o conjunto de dados `{id}`", "la norme n'a pas de jeu de données `{id}`";
    did_you_mean: "Did you mean `{id}`?", "¿Quiso decir `{id}`?", "Quis dizer `{id}`?", "Vouliez-vous dire `{id}` ?";
    datasets_are_listed: "`sikes standard show --kind datasets` lists those that there are.",
        "`sikes standard show --kind datasets` enumera los que hay.",
        "`sikes standard show --kind datasets` enumera os que existem.",
        "`sikes standard show --kind datasets` énumère ceux qu'il y a.";
    nothing_asked: "the standard asks for no dataset up to tier {tier}",
        "la norma no pide ningún conjunto de datos hasta el nivel {tier}",
        "a norma não pede nenhum conjunto de dados até o nível {tier}",
        "la norme ne demande aucun jeu de données jusqu'au niveau {tier}";
    name_datasets: "Name the datasets that you want with --dataset.", "Indique con --dataset los conjuntos de datos que desea.",
        "Indique com --dataset os conjuntos de dados que deseja.",
        "Indiquez avec --dataset les jeux de données que vous voulez.";
    unsafe_name: "`{name}` of the standard cannot be the name of a file or a column",
        "`{name}`, de la norma, no puede ser el nombre de un archivo ni de una columna",
        "`{name}`, da norma, não pode ser o nome de um arquivo nem de uma coluna",
        "`{name}`, dans la norme, ne peut pas être le nom d'un fichier ou d'une colonne";
    rename_in_standard: "A name has letters, digits and `_`, and begins with a letter.",
        "Un nombre lleva letras, cifras y `_`, y empieza por una letra.",
        "Um nome leva letras, algarismos e `_`, e começa por uma letra.",
        "Un nom a des lettres, des chiffres et `_`, et commence par une lettre.";
    taken: "`{folder}` already holds {names}", "`{folder}` ya contiene {names}", "`{folder}` já contém {names}",
        "`{folder}` contient déjà {names}";
    and_more: "{names} and {n} more", "{names} y {n} más", "{names} e mais {n}", "{names} et {n} de plus";
    not_a_folder: "`{folder}` is not a folder", "`{folder}` no es una carpeta", "`{folder}` não é uma pasta",
        "`{folder}` n'est pas un dossier";
    stands_in_it: "this command is running inside `{folder}`", "este comando se ejecuta dentro de `{folder}`",
        "este comando está sendo executado dentro de `{folder}`",
        "cette commande s'exécute à l'intérieur de `{folder}`";
    name_new_folder: "Nothing was written; name a folder that is not there yet.",
        "No se escribió nada; indique una carpeta que todavía no exista.",
        "Nada foi escrito; indique uma pasta que ainda não exista.",
        "Rien n'a été écrit ; indiquez un dossier qui n'existe pas encore.";

    /// What a run prints.
    written: "{folder} is written: submission.yaml, {guide} and {tables}",
        "{folder} está listo: submission.yaml, {guide} y {tables}", "{folder} está pronto: submission.yaml, {guide} e {tables}",
        "{folder} est prêt : submission.yaml, {guide} et {tables}";
    empty_tables: "{n} empty table|{n} empty tables", "{n} tabla vacía|{n} tablas vacías",
        "{n} tabela vazia|{n} tabelas vazias", "{n} tableau vide|{n} tableaux vides";
    fill_in: "Fill in the tables as {guide} says, and check them with", "Rellene las tablas como dice {guide} y compruébelas con",
        "Preencha as tabelas como diz {guide} e verifique-as com",
        "Remplissez les tableaux comme le dit {guide} et contrôlez-les avec";

    /// The file that says how to fill in the tables, by the name that it bears in that language.
    guide: "README.md", "LEEME.md", "LEIAME.md", "LISEZMOI.md";
    guide_title: "Submission: {territory}, {year}", "Envío: {territory}, {year}", "Envio: {territory}, {year}",
        "Transmission : {territory}, {year}";
    guide_intro: "This folder is a submission by the standard “{standard}”, version {version}, still to be filled in. It holds `submission.yaml`, which says who reports what, and {tables}.",
        "Esta carpeta es un envío según la norma «{standard}», versión {version}, que falta rellenar. Contiene `submission.yaml`, que dice quién declara qué, y {tables}.",
        "Esta pasta é um envio segundo a norma “{standard}”, versão {version}, que falta preencher. Contém `submission.yaml`, que diz quem declara o quê, e {tables}.",
        "Ce dossier est une transmission selon la norme « {standard} », version {version}, qu'il reste à remplir. Il contient `submission.yaml`, qui dit qui déclare quoi, et {tables}.";
    to_do: "What to do", "Qué hacer", "O que fazer", "Que faire";
    do_fill: "Fill in `submission.yaml`, and write the rows of each table below its header. Leave the header as it is.",
        "Complete `submission.yaml` y escriba las filas de cada tabla debajo de su encabezado. Deje el encabezado como está.",
        "Complete `submission.yaml` e escreva as linhas de cada tabela abaixo do seu cabeçalho. Deixe o cabeçalho como está.",
        "Complétez `submission.yaml` et écrivez les lignes de chaque tableau sous son en-tête. Laissez l'en-tête tel quel.";
    do_run: "Run these commands in this folder; nothing is sent anywhere:",
        "Ejecute estos comandos en esta carpeta; no se envía nada a ninguna parte:",
        "Execute estes comandos nesta pasta; nada é enviado a lugar nenhum:",
        "Lancez ces commandes dans ce dossier ; rien n'est envoyé nulle part :";
    do_validate: "Checks the tables and says which cells to mend, and how.",
        "Comprueba las tablas y dice qué celdas corregir, y cómo.",
        "Verifica as tabelas e diz que células corrigir, e como.",
        "Contrôle les tableaux et dit quelles cellules corriger, et comment.";
    do_explain: "Tells all of a dataset; it also takes a rule, a code list, or a column such as `{column}`.",
        "Dice todo sobre un conjunto de datos; también admite una regla, una lista de códigos o una columna como `{column}`.",
        "Diz tudo sobre um conjunto de dados; também aceita uma regra, uma lista de códigos ou uma coluna como `{column}`.",
        "Dit tout d'un jeu de données ; accepte aussi une règle, une liste de codes ou une colonne comme `{column}`.";
    do_estimate: "Computes what the figures come to.", "Calcula lo que resulta de las cifras.",
        "Calcula o que resulta dos números.", "Calcule ce qui résulte des chiffres.";
    standard_is: "`{name}` stands for the place of the standard on your computer.",
        "`{name}` representa el lugar de la norma en su computadora.",
        "`{name}` representa o lugar da norma no seu computador.",
        "`{name}` représente l'endroit où se trouve la norme sur votre ordinateur.";
    /// Stands in commands for the place of a standard that is not built in.
    standard_path: "STANDARD", "NORMA", "CAMINHO_DA_NORMA", "NORME";
    values: "How values are written", "Cómo se escriben los valores", "Como se escrevem os valores",
        "Comment s'écrivent les valeurs";
    value_file: "A table is a CSV file in UTF-8, its cells separated by commas. Where your spreadsheet writes semicolons and decimal commas, say so in `submission.yaml`: `{example}`.",
        "Una tabla es un archivo CSV en UTF-8, con las celdas separadas por comas. Si su hoja de cálculo escribe puntos y comas y comas decimales, indíquelo en `submission.yaml`: `{example}`.",
        "Uma tabela é um arquivo CSV em UTF-8, com as células separadas por vírgulas. Se a sua planilha escreve pontos e vírgulas e vírgulas decimais, indique-o em `submission.yaml`: `{example}`.",
        "Un tableau est un fichier CSV en UTF-8, aux cellules séparées par des virgules. Si votre tableur écrit des points-virgules et des virgules décimales, indiquez-le dans `submission.yaml` : `{example}`.";
    value_number: "A number has a decimal point and nothing between its thousands: `1234.5`.",
        "Un número lleva punto decimal y nada entre los miles: `1234.5`.",
        "Um número leva ponto decimal e nada entre os milhares: `1234.5`.",
        "Un nombre a un point décimal et rien entre les milliers : `1234.5`.";
    value_period: "A day is written `2024-06-30`; a period is a year `2024`, a quarter `2024-Q2`, a month `2024-06` or a span of years `2016/2018`.",
        "Un día se escribe `2024-06-30`; un periodo es un año `2024`, un trimestre `2024-Q2`, un mes `2024-06` o un intervalo de años `2016/2018`.",
        "Um dia se escreve `2024-06-30`; um período é um ano `2024`, um trimestre `2024-Q2`, um mês `2024-06` ou um intervalo de anos `2016/2018`.",
        "Un jour s'écrit `2024-06-30` ; une période est une année `2024`, un trimestre `2024-Q2`, un mois `2024-06` ou un intervalle d'années `2016/2018`.";
    value_boolean: "Yes and no are written `true` and `false`.", "Sí y no se escriben `true` y `false`.",
        "Sim e não se escrevem `true` e `false`.", "Oui et non s'écrivent `true` et `false`.";
    value_absent: "Where a figure is not there, its cell says why: `not_collected` (nobody counts it), `not_available` (it is counted, but not at hand), `confidential` (it may not be given) or `not_applicable` (there can be none). Zero is `0`.",
        "Donde falta una cifra, su celda dice por qué: `not_collected` (nadie la recoge), `not_available` (se recoge, pero no se tiene), `confidential` (no se puede dar) o `not_applicable` (no puede haberla). El cero es `0`.",
        "Onde falta um número, a sua célula diz por quê: `not_collected` (ninguém o coleta), `not_available` (coleta-se, mas não se tem), `confidential` (não pode ser dado) ou `not_applicable` (não pode existir). O zero é `0`.",
        "Où un chiffre manque, sa cellule dit pourquoi : `not_collected` (personne ne le recueille), `not_available` (il est recueilli, mais on ne l'a pas), `confidential` (il ne peut être donné) ou `not_applicable` (il ne peut y en avoir). Zéro est `0`.";
    value_nothing: "Where you do not send a table, delete its file, and its line in `submission.yaml`; where the tier asks for it, name it there under `absent` with the reason.",
        "Si no envía una tabla, borre su archivo y su línea en `submission.yaml`; si el nivel la pide, nómbrela allí en `absent` con el motivo.",
        "Se não enviar uma tabela, apague o seu arquivo e a sua linha em `submission.yaml`; se o nível a pede, nomeie-a ali em `absent` com o motivo.",
        "Si vous n'envoyez pas un tableau, supprimez son fichier et sa ligne dans `submission.yaml` ; si le niveau le demande, nommez-le là sous `absent` avec la raison.";
    more_codes: "{codes} and {n} more: `{command}`", "{codes} y {n} más: `{command}`", "{codes} e mais {n}: `{command}`",
        "{codes} et {n} de plus : `{command}`";
    all_codes: "{codes}: `{command}`", "{codes}: `{command}`", "{codes}: `{command}`", "{codes} : `{command}`";

    /// The comments of `submission.yaml`.
    says_who: "{standard}, version {version}: who reports what, and in which files",
        "{standard}, versión {version}: quién declara qué, y en qué archivos",
        "{standard}, versão {version}: quem declara o quê, e em que arquivos",
        "{standard}, version {version} : qui déclare quoi, et dans quels fichiers";
    notes: "Lines that begin with # are notes for you, and are not read.",
        "Las líneas que empiezan con # son notas para usted y no se leen.",
        "As linhas que começam com # são notas para você e não são lidas.",
        "Les lignes qui commencent par # sont des notes pour vous et ne sont pas lues.";
    standard: "The version of the standard that this submission follows.",
        "La versión de la norma que sigue este envío.", "A versão da norma que este envio segue.",
        "La version de la norme que suit cette transmission.";
    agency: "Who sends the figures: the agency's whole name.", "Quién envía las cifras: el nombre completo de la institución.",
        "Quem envia os números: o nome completo da instituição.",
        "Qui transmet les chiffres : le nom complet de l'institution.";
    agency_here: "Name of the agency", "Nombre de la institución", "Nome da instituição", "Nom de l'institution";
    tier: "The tier: 1 gives bounds, 2 adds the tax ledgers, stamps and inspections, 3 adds market samples, laboratories and surveys.",
        "El nivel: el 1 da límites; el 2 agrega los registros fiscales, las estampillas y las inspecciones; el 3, muestras de mercado, laboratorios y encuestas.",
        "O nível: o 1 dá limites; o 2 acrescenta os registros fiscais, os selos e as inspeções; o 3, amostras de mercado, laboratórios e pesquisas.",
        "Le niveau : 1 donne des bornes, 2 ajoute les registres fiscaux, les timbres et les contrôles, 3 ajoute échantillons du marché, laboratoires et enquêtes.";
    absent: "A dataset of the tier that you do not send: strike it above, and name it here with the reason, without the #.",
        "Un conjunto de datos del nivel que no envíe: quítelo de arriba y nómbrelo aquí con el motivo, sin el #.",
        "Um conjunto de dados do nível que não enviar: retire-o de cima e nomeie-o aqui com o motivo, sem o #.",
        "Un jeu de données du niveau que vous ne transmettez pas : retirez-le ci-dessus et nommez-le ici avec la raison, sans le #.";
    territory: "The territory that the figures are about, by its ISO 3166-1 code: {code} is {name}.",
        "El territorio del que tratan las cifras, por su código ISO 3166-1: {code} es {name}.",
        "O território de que tratam os números, pelo seu código ISO 3166-1: {code} é {name}.",
        "Le territoire dont parlent les chiffres, par son code ISO 3166-1 : {code} est {name}.";
    period: "The year that the figures are about, or a span of years such as 2016/2018.",
        "El año del que tratan las cifras, o un intervalo de años como 2016/2018.",
        "O ano de que tratam os números, ou um intervalo de anos como 2016/2018.",
        "L'année dont parlent les chiffres, ou un intervalle d'années comme 2016/2018.";
    language: "The language of your notes and texts: en, es, pt or fr.",
        "El idioma de sus notas y textos: en, es, pt o fr.", "O idioma das suas notas e textos: en, es, pt ou fr.",
        "La langue de vos notes et textes : en, es, pt ou fr.";
    confidentiality: "Who may see the submission. The codes are:", "Quién puede ver el envío. Los códigos son:",
        "Quem pode ver o envio. Os códigos são:", "Qui peut voir la transmission. Les codes sont :";
    prepared: "When you are done, take away the # and write the day here; a later submission then revises an earlier one.",
        "Cuando termine, quite el # y escriba aquí el día; así un envío posterior corrige uno anterior.",
        "Quando terminar, retire o # e escreva aqui o dia; assim um envio posterior corrige um anterior.",
        "Quand vous aurez terminé, ôtez le # et écrivez ici le jour ; ainsi une transmission ultérieure corrige une précédente.";
    datasets: "The datasets, each with its file. Delete the line of one that you do not send.",
        "Los conjuntos de datos, cada uno con su archivo. Borre la línea del que no envíe.",
        "Os conjuntos de dados, cada um com o seu arquivo. Apague a linha do que não enviar.",
        "Les jeux de données, chacun avec son fichier. Supprimez la ligne de celui que vous n'envoyez pas.";
    dialect: "Where a file has semicolons between its cells and decimal commas, its line says so:",
        "Si un archivo lleva punto y coma entre las celdas y coma decimal, su línea lo dice:",
        "Se um arquivo leva ponto e vírgula entre as células e vírgula decimal, a sua linha o diz:",
        "Si un fichier a des points-virgules entre ses cellules et des virgules décimales, sa ligne le dit :";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, assert_translated};

    /// Phrases that are the same in English and another language, and right in both.
    const SAME: [(Language, &str); 3] = [
        (Language::Spanish, "complaint"),
        (Language::Spanish, "all_codes"),
        (Language::Portuguese, "all_codes"),
    ];

    #[test]
    fn phrases_are_translated() {
        assert_translated(|language| words(language).all(), &SAME);
    }
}
