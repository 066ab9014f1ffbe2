//! The words of the faults of files, headers and rows, in every language of the standard.

use crate::language::phrases;

phrases! {
    workbook: "an Excel workbook or another ZIP archive", "un libro de Excel u otro archivo ZIP",
        "uma pasta de trabalho do Excel ou outro arquivo ZIP", "un classeur Excel ou une autre archive ZIP";
    old_workbook: "an Excel workbook of the format before 2007", "un libro de Excel en el formato anterior a 2007",
        "uma pasta de trabalho do Excel no formato anterior a 2007", "un classeur Excel au format antérieur à 2007";
    pdf: "a PDF document", "un documento PDF", "um documento PDF", "un document PDF";
    markup: "an HTML or XML page", "una página HTML o XML", "uma página HTML ou XML", "une page HTML ou XML";
    json: "JSON", "JSON", "JSON", "du JSON";
    gzip: "a gzip archive", "un archivo comprimido gzip", "um arquivo compactado gzip", "une archive gzip";
    parquet: "a Parquet file", "un archivo Parquet", "um arquivo Parquet", "un fichier Parquet";
    utf16: "text in UTF-16", "texto en UTF-16", "texto em UTF-16", "du texte en UTF-16";
    comma: "a comma", "una coma", "uma vírgula", "une virgule";
    semicolon: "a semicolon", "un punto y coma", "um ponto e vírgula", "un point-virgule";
    tab: "a tab", "un tabulador", "uma tabulação", "une tabulation";
    bar: "a vertical bar", "una barra vertical", "uma barra vertical", "une barre verticale";
    cells: "{n} cell|{n} cells", "{n} celda|{n} celdas", "{n} célula|{n} células", "{n} cellule|{n} cellules";

    empty_file: "the file is empty", "el archivo está vacío", "o arquivo está vazio", "le fichier est vide";
    no_rows: "the file has a header and no rows", "el archivo tiene encabezado y ninguna fila",
        "o arquivo tem cabeçalho e nenhuma linha", "le fichier a un en-tête et aucune ligne";
    other_format: "the file is not CSV but {format}", "el archivo no es CSV, sino {format}",
        "o arquivo não é CSV, e sim {format}", "le fichier n'est pas du CSV, mais {format}";
    wrong_delimiter: "the cells are separated by {found}, and {declared} is declared",
        "lo que separa las celdas es {found}, y el separador declarado es {declared}",
        "o que separa as células é {found}, e o separador declarado é {declared}",
        "ce qui sépare les cellules est {found}, et le séparateur déclaré est {declared}";
    lines_in_quotes: "each line stands in quotes as a single cell",
        "cada línea está entre comillas como una sola celda",
        "cada linha está entre aspas como uma única célula",
        "chaque ligne est entre guillemets comme une seule cellule";
    header_not_found: "the first row names no column of this dataset",
        "la primera fila no nombra ninguna columna de este conjunto de datos",
        "a primeira linha não nomeia nenhuma coluna deste conjunto de dados",
        "la première ligne ne nomme aucune colonne de ce jeu de données";
    misspelt_column: "the dataset has no column of this name; did you mean `{meant}`?",
        "el conjunto de datos no tiene ninguna columna con este nombre; ¿quiso decir `{meant}`?",
        "o conjunto de dados não tem coluna com este nome; quis dizer `{meant}`?",
        "le jeu de données n'a pas de colonne de ce nom ; vouliez-vous dire `{meant}` ?";
    unknown_column: "the dataset has no column of this name",
        "el conjunto de datos no tiene ninguna columna con este nombre",
        "o conjunto de dados não tem coluna com este nome",
        "le jeu de données n'a pas de colonne de ce nom";
    missing_column: "the dataset requires this column, and the header does not name it",
        "el conjunto de datos exige esta columna, y el encabezado no la nombra",
        "o conjunto de dados exige esta coluna, e o cabeçalho não a nomeia",
        "le jeu de données exige cette colonne, et l'en-tête ne la nomme pas";
    duplicate_column: "column {first} already has this name", "la columna {first} ya tiene este nombre",
        "a coluna {first} já tem este nome", "la colonne {first} porte déjà ce nom";
    empty_column_name: "the column has no name", "la columna no tiene nombre", "a coluna não tem nome",
        "la colonne n'a pas de nom";
    too_many_columns: "the header has more than {limit} columns", "el encabezado tiene más de {limit} columnas",
        "o cabeçalho tem mais de {limit} colunas", "l'en-tête a plus de {limit} colonnes";
    quote_left_open: "a quote is opened here and not closed", "aquí se abren unas comillas que no se cierran",
        "aqui se abrem aspas que não se fecham", "un guillemet est ouvert ici et n'est pas fermé";
    text_after_quote: "a cell in quotes has text behind its closing quote",
        "una celda entre comillas lleva texto después de las comillas de cierre",
        "uma célula entre aspas tem texto depois das aspas de fechamento",
        "une cellule entre guillemets a du texte après le guillemet fermant";
    quote_meets_quote: "a quote opened on line {opened} meets the next quote on line {closed}, with text behind it",
        "unas comillas abiertas en la línea {opened} encuentran las siguientes en la línea {closed}, con texto después",
        "aspas abertas na linha {opened} encontram as seguintes na linha {closed}, com texto depois",
        "un guillemet ouvert à la ligne {opened} rencontre le suivant à la ligne {closed}, avec du texte après";
    space_before_quote: "a cell in quotes has a space before its opening quote",
        "una celda entre comillas lleva un espacio antes de las comillas de apertura",
        "uma célula entre aspas tem um espaço antes das aspas de abertura",
        "une cellule entre guillemets a une espace avant le guillemet ouvrant";
    row_of_cells: "the row has {found}, and the header has {expected}",
        "la fila tiene {found}, y el encabezado tiene {expected}",
        "a linha tem {found}, e o cabeçalho tem {expected}",
        "la ligne a {found}, et l'en-tête en a {expected}";
    row_over_lines: "the row takes {lines} lines and has {found}, and the header has {expected}",
        "la fila ocupa {lines} líneas y tiene {found}, y el encabezado tiene {expected}",
        "a linha da tabela ocupa {lines} linhas do arquivo e tem {found}, e o cabeçalho tem {expected}",
        "la ligne du tableau occupe {lines} lignes du fichier et a {found}, et l'en-tête en a {expected}";
    row_too_long: "the row is longer than {limit}, and the file is not read further",
        "la fila ocupa más de {limit}, y el archivo no se lee más allá",
        "a linha tem mais de {limit}, e o arquivo não é lido além dela",
        "la ligne dépasse {limit}, et le fichier n'est pas lu au-delà";
    not_utf8: "the text is not UTF-8: byte {byte}", "el texto no es UTF-8: byte {byte}",
        "o texto não é UTF-8: byte {byte}", "le texte n'est pas en UTF-8 : octet {byte}";
    windows_1252: "the text is not UTF-8: byte {byte} is `{letter}` in Windows-1252",
        "el texto no es UTF-8: el byte {byte} es `{letter}` en Windows-1252",
        "o texto não é UTF-8: o byte {byte} é `{letter}` em Windows-1252",
        "le texte n'est pas en UTF-8 : l'octet {byte} est `{letter}` en Windows-1252";
    nul_in_header: "the header holds a NUL character, so the file is not text",
        "el encabezado contiene un carácter NUL, así que el archivo no es texto",
        "o cabeçalho contém um caractere NUL, portanto o arquivo não é texto",
        "l'en-tête contient un caractère NUL, le fichier n'est donc pas du texte";

    send_again: "Check that the export has finished, and send the file again.",
        "Compruebe que la exportación haya terminado, y envíe el archivo de nuevo.",
        "Verifique se a exportação terminou, e envie o arquivo de novo.",
        "Vérifiez que l'exportation est terminée, et envoyez de nouveau le fichier.";
    add_rows: "Add the rows; if there is nothing to report, leave the file out.",
        "Agregue las filas; si no hay nada que declarar, omita el archivo.",
        "Acrescente as linhas; se não houver nada a declarar, omita o arquivo.",
        "Ajoutez les lignes ; s'il n'y a rien à déclarer, omettez le fichier.";
    save_sheet: "Open it in the spreadsheet and save the sheet as `CSV UTF-8`, or give the file its own ending.",
        "Ábralo en la hoja de cálculo y guarde la hoja como `CSV UTF-8`, o dé al archivo su propia extensión.",
        "Abra-o na planilha eletrônica e salve a planilha como `CSV UTF-8`, ou dê ao arquivo a sua própria extensão.",
        "Ouvrez-le dans le tableur et enregistrez la feuille en `CSV UTF-8`, ou donnez au fichier sa propre extension.";
    unpack: "Unpack it first.", "Descomprímalo primero.", "Descompacte-o primeiro.", "Décompressez-le d'abord.";
    not_unicode_text: "Save the file as `CSV UTF-8`, not as `Unicode text`.",
        "Guarde el archivo como `CSV UTF-8`, no como `Texto Unicode`.",
        "Salve o arquivo como `CSV UTF-8`, não como `Texto Unicode`.",
        "Enregistrez le fichier en `CSV UTF-8`, et non en `Texte Unicode`.";
    export_table: "Export the table as `CSV UTF-8`, or give the file its own ending.",
        "Exporte la tabla como `CSV UTF-8`, o dé al archivo su propia extensión.",
        "Exporte a tabela como `CSV UTF-8`, ou dê ao arquivo a sua própria extensão.",
        "Exportez le tableau en `CSV UTF-8`, ou donnez au fichier sa propre extension.";
    declare_delimiter: "Declare `delimiter: '{found}'` for this file in submission.yaml, or save it with {declared} \
                        between the cells.",
        "Declare `delimiter: '{found}'` para este archivo en submission.yaml, o guárdelo con {declared} entre las celdas.",
        "Declare `delimiter: '{found}'` para este arquivo em submission.yaml, ou salve-o com {declared} entre as células.",
        "Déclarez `delimiter: '{found}'` pour ce fichier dans submission.yaml, ou enregistrez-le avec {declared} entre \
         les cellules.";
    remove_quotes: "Open the file as text, remove the quotes around each line, and make `\"` of each `\"\"`.",
        "Abra el archivo como texto, quite las comillas que rodean cada línea y cambie cada `\"\"` por `\"`.",
        "Abra o arquivo como texto, retire as aspas em volta de cada linha e troque cada `\"\"` por `\"`.",
        "Ouvrez le fichier comme texte, retirez les guillemets autour de chaque ligne et remplacez chaque `\"\"` par `\"`.";
    begin_with_header: "Let the first row be the header: `{expected}`.",
        "Haga que la primera fila sea el encabezado: `{expected}`.",
        "Faça da primeira linha o cabeçalho: `{expected}`.",
        "Faites de la première ligne l'en-tête : `{expected}`.";
    write_name: "Write `{meant}` in the header.", "Escriba `{meant}` en el encabezado.",
        "Escreva `{meant}` no cabeçalho.", "Écrivez `{meant}` dans l'en-tête.";
    remove_column: "Remove the column, or give it a name of this dataset.",
        "Quite la columna, o dele un nombre de este conjunto de datos.",
        "Retire a coluna, ou dê a ela um nome deste conjunto de dados.",
        "Retirez la colonne, ou donnez-lui un nom de ce jeu de données.";
    add_column: "Add the column.", "Agregue la columna.", "Acrescente a coluna.", "Ajoutez la colonne.";
    keep_one: "Keep one of the two, or rename the other.", "Conserve una de las dos, o cambie el nombre de la otra.",
        "Mantenha uma das duas, ou mude o nome da outra.", "Gardez l'une des deux, ou renommez l'autre.";
    name_column: "Name the column, or remove it.", "Dé un nombre a la columna, o quítela.",
        "Dê um nome à coluna, ou retire-a.", "Donnez un nom à la colonne, ou retirez-la.";
    remove_columns: "Remove the columns that this dataset does not have.",
        "Quite las columnas que este conjunto de datos no tiene.",
        "Retire as colunas que este conjunto de dados não tem.",
        "Retirez les colonnes que ce jeu de données n'a pas.";
    close_quote: "Add the closing quote, or remove the opening one; a quote inside a quoted cell is written `\"\"`.",
        "Agregue las comillas de cierre, o quite las de apertura; dentro de una celda entre comillas, unas comillas se \
         escriben `\"\"`.",
        "Acrescente as aspas de fechamento, ou retire as de abertura; dentro de uma célula entre aspas, as aspas se \
         escrevem `\"\"`.",
        "Ajoutez le guillemet fermant, ou retirez l'ouvrant ; dans une cellule entre guillemets, un guillemet s'écrit \
         `\"\"`.";
    double_quote: "Write a quote inside a quoted cell as `\"\"`.",
        "Dentro de una celda entre comillas, escriba las comillas como `\"\"`.",
        "Dentro de uma célula entre aspas, escreva as aspas como `\"\"`.",
        "Dans une cellule entre guillemets, écrivez un guillemet `\"\"`.";
    look_for_quote: "Look for a quote on line {opened} that is not closed; a quote inside a quoted cell is written `\"\"`.",
        "Busque en la línea {opened} unas comillas sin cerrar; dentro de una celda entre comillas, unas comillas se \
         escriben `\"\"`.",
        "Procure na linha {opened} aspas que não foram fechadas; dentro de uma célula entre aspas, as aspas se escrevem \
         `\"\"`.",
        "Cherchez à la ligne {opened} un guillemet non fermé ; dans une cellule entre guillemets, un guillemet s'écrit \
         `\"\"`.";
    remove_space: "Remove the space, so that the quote is the cell's first character.",
        "Quite el espacio, de modo que las comillas sean el primer carácter de la celda.",
        "Retire o espaço, de modo que as aspas sejam o primeiro caractere da célula.",
        "Retirez l'espace, pour que le guillemet soit le premier caractère de la cellule.";
    add_cells: "Give the row a cell for each column, empty where there is no value; if it runs over several lines, look \
                for a quote that is not closed.",
        "Dé a la fila una celda por columna, vacía donde no haya valor; si abarca varias líneas, busque unas comillas \
         sin cerrar.",
        "Dê à linha uma célula por coluna, vazia onde não houver valor; se ela ocupa várias linhas do arquivo, procure \
         aspas que não foram fechadas.",
        "Donnez à la ligne une cellule par colonne, vide là où il n'y a pas de valeur ; si elle occupe plusieurs lignes \
         du fichier, cherchez un guillemet non fermé.";
    quote_cells: "Put a cell that holds the delimiter in quotes; a decimal comma or a comma between thousands is the \
                  usual cause.",
        "Ponga entre comillas la celda que contenga el separador; la causa habitual es una coma decimal o una coma \
         entre miles.",
        "Ponha entre aspas a célula que contém o separador; a causa habitual é uma vírgula decimal ou uma vírgula entre \
         milhares.",
        "Mettez entre guillemets la cellule qui contient le séparateur ; la cause habituelle est une virgule décimale \
         ou une virgule entre milliers.";
    end_lines: "Check that the file has line ends, and that each quote is closed.",
        "Compruebe que el archivo tenga saltos de línea y que todas las comillas estén cerradas.",
        "Verifique se o arquivo tem quebras de linha e se todas as aspas estão fechadas.",
        "Vérifiez que le fichier a des fins de ligne et que chaque guillemet est fermé.";
    save_as_utf8: "Save the file as `CSV UTF-8`.", "Guarde el archivo como `CSV UTF-8`.",
        "Salve o arquivo como `CSV UTF-8`.", "Enregistrez le fichier en `CSV UTF-8`.";
    export_as_utf8: "Export the table as `CSV UTF-8`.", "Exporte la tabla como `CSV UTF-8`.",
        "Exporte a tabela como `CSV UTF-8`.", "Exportez le tableau en `CSV UTF-8`.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, assert_translated};

    /// Phrases that are the same in English and another language, and right in both.
    const SAME: [(Language, &str); 2] = [(Language::Spanish, "json"), (Language::Portuguese, "json")];

    #[test]
    fn phrases_are_translated() {
        assert_translated(|language| words(language).all(), &SAME);
    }
}
