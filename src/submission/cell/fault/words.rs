//! The words of the faults of cells, in every language of the standard.

use crate::language::phrases;

phrases! {
    /// Between the last two of several readings.
    or: "or", "o", "ou", "ou";
    comma: "a comma", "una coma", "uma vírgula", "une virgule";
    point: "a point", "un punto", "um ponto", "un point";
    space: "a space", "un espacio", "um espaço", "une espace";
    apostrophe: "an apostrophe", "un apóstrofo", "um apóstrofo", "une apostrophe";
    no_break_space: "a no-break space", "un espacio de no separación", "um espaço inseparável", "une espace insécable";
    thin_space: "a thin space", "un espacio fino", "um espaço fino", "une espace fine";

    decimal_comma: "the number has a decimal comma, and this file's decimal mark is a point",
        "el número lleva coma decimal, y el separador decimal de este archivo es el punto",
        "o número tem vírgula decimal, e o separador decimal deste arquivo é o ponto",
        "le nombre a une virgule décimale, et le séparateur décimal de ce fichier est le point";
    decimal_point: "the number has a decimal point, and this file's decimal mark is a comma",
        "el número lleva punto decimal, y el separador decimal de este archivo es la coma",
        "o número tem ponto decimal, e o separador decimal deste arquivo é a vírgula",
        "le nombre a un point décimal, et le séparateur décimal de ce fichier est la virgule";
    two_numbers: "with {separator} in it the number can be {first} or {second}",
        "con {separator}, el número puede ser {first} o {second}",
        "com {separator}, o número pode ser {first} ou {second}",
        "avec {separator}, le nombre peut être {first} ou {second}";
    thousands: "the number has {separator} between its thousands",
        "el número lleva {separator} como separador de miles",
        "o número tem {separator} como separador de milhares",
        "le nombre a {separator} comme séparateur de milliers";
    percent_sign: "the number has a per cent sign", "el número lleva el signo de porcentaje",
        "o número tem o sinal de porcentagem", "le nombre a un signe de pourcentage";
    currency: "the number has the currency `{sign}` with it", "el número lleva la moneda `{sign}`",
        "o número vem com a moeda `{sign}`", "le nombre est accompagné de la monnaie `{sign}`";
    unit: "the number has the unit `{unit}` with it", "el número lleva la unidad `{unit}`",
        "o número vem com a unidade `{unit}`", "le nombre est accompagné de l'unité `{unit}`";
    negative: "the negative number has no plain minus sign before it",
        "el número negativo no lleva delante un signo menos simple",
        "o número negativo não tem à frente um sinal de menos simples",
        "le nombre négatif n'est pas précédé d'un signe moins simple";
    not_whole: "the number has decimals, and this column holds whole numbers",
        "el número tiene decimales, y esta columna es de números enteros",
        "o número tem casas decimais, e esta coluna é de números inteiros",
        "le nombre a des décimales, et cette colonne ne contient que des nombres entiers";
    too_large_whole: "the whole number is larger than 9007199254740992",
        "el número entero es mayor que 9007199254740992",
        "o número inteiro é maior que 9007199254740992",
        "le nombre entier dépasse 9007199254740992";
    too_large: "the number is too large to be held", "el número es demasiado grande para representarlo",
        "o número é grande demais para ser representado", "le nombre est trop grand pour être représenté";
    too_small: "the number is not zero, but too small to be held",
        "el número no es cero, pero es demasiado pequeño para representarlo",
        "o número não é zero, mas é pequeno demais para ser representado",
        "le nombre n'est pas nul, mais il est trop petit pour être représenté";
    date_for_number: "the cell holds a date, and this column holds numbers",
        "la celda contiene una fecha, y esta columna es de números",
        "a célula contém uma data, e esta coluna é de números",
        "la cellule contient une date, et cette colonne ne contient que des nombres";
    not_a_number: "the text is not a number", "el texto no es un número", "o texto não é um número",
        "le texte n'est pas un nombre";
    spreadsheet_error: "the spreadsheet could not compute this cell: {code}",
        "la hoja de cálculo no pudo calcular esta celda: {code}",
        "a planilha não conseguiu calcular esta célula: {code}",
        "le tableur n'a pas pu calculer cette cellule : {code}";
    column_too_narrow: "the spreadsheet wrote `#` signs because the column was too narrow for its value",
        "la hoja de cálculo escribió signos `#` porque la columna era demasiado estrecha para el valor",
        "a planilha escreveu sinais `#` porque a coluna era estreita demais para o valor",
        "le tableur a écrit des signes `#` parce que la colonne était trop étroite pour la valeur";
    placeholder: "the text stands for a value that is not there", "el texto ocupa el lugar de un valor que falta",
        "o texto ocupa o lugar de um valor ausente", "le texte tient lieu d'une valeur absente";
    not_a_boolean: "the text is neither `true` nor `false`", "el texto no es ni `true` ni `false`",
        "o texto não é nem `true` nem `false`", "le texte n'est ni `true` ni `false`";
    date_can_mean: "the date can mean {readings}", "la fecha puede significar {readings}",
        "a data pode significar {readings}", "la date peut signifier {readings}";
    date_order: "the date is not written year-month-day", "la fecha no está escrita en el orden año-mes-día",
        "a data não está escrita na ordem ano-mês-dia", "la date n'est pas écrite dans l'ordre année-mois-jour";
    date_with_time: "the date has a time of day with it", "la fecha lleva una hora", "a data vem com uma hora",
        "la date est accompagnée d'une heure";
    spreadsheet_day: "the number is how a spreadsheet holds {day}",
        "el número es el modo en que una hoja de cálculo guarda {day}",
        "o número é o modo como uma planilha guarda {day}",
        "le nombre est celui par lequel un tableur représente {day}";
    month_name: "the month is a word", "el mes está escrito en letras", "o mês está escrito por extenso",
        "le mois est écrit en lettres";
    no_such_day: "there is no such day in the calendar", "ese día no existe en el calendario",
        "esse dia não existe no calendário", "ce jour n'existe pas dans le calendrier";
    day_missing: "the text is a period, and this column holds days",
        "el texto es un periodo, y esta columna es de días",
        "o texto é um período, e esta coluna é de dias",
        "le texte est une période, et cette colonne ne contient que des jours";
    not_a_date: "the text is not a date", "el texto no es una fecha", "o texto não é uma data",
        "le texte n'est pas une date";
    period_can_mean: "the period can mean {readings}", "el periodo puede significar {readings}",
        "o período pode significar {readings}", "la période peut signifier {readings}";
    period_style: "the period is not written as the standard writes it",
        "el periodo no está escrito como lo escribe la norma",
        "o período não está escrito como a norma o escreve",
        "la période n'est pas écrite comme la norme l'écrit";
    span_reversed: "the span ends before it begins", "el intervalo de años termina antes de empezar",
        "o intervalo de anos termina antes de começar", "l'intervalle d'années finit avant de commencer";
    not_a_period: "the text is not a period", "el texto no es un periodo", "o texto não é um período",
        "le texte n'est pas une période";
    nul: "the cell holds a NUL character", "la celda contiene un carácter NUL", "a célula contém um caractere NUL",
        "la cellule contient un caractère NUL";
    too_long: "the cell holds more than {limit} of text", "la celda contiene más de {limit} de texto",
        "a célula contém mais de {limit} de texto", "la cellule contient plus de {limit} de texte";

    write: "Write `{text}`.", "Escriba `{text}`.", "Escreva `{text}`.", "Écrivez `{text}`.";
    write_one_of: "Write {readings}, whichever is meant.", "Escriba {readings}, según corresponda.",
        "Escreva {readings}, conforme o caso.", "Écrivez {readings}, selon le cas.";
    write_or_declare: "Write `{rewritten}`, or declare `decimal: '{mark}'` for this file in submission.yaml.",
        "Escriba `{rewritten}`, o declare `decimal: '{mark}'` para este archivo en submission.yaml.",
        "Escreva `{rewritten}`, ou declare `decimal: '{mark}'` para este arquivo em submission.yaml.",
        "Écrivez `{rewritten}`, ou déclarez `decimal: '{mark}'` pour ce fichier dans submission.yaml.";
    write_alone: "Write `{number}` alone, if it is in the unit that the standard gives for this column.",
        "Escriba solo `{number}`, si está en la unidad que la norma fija para esta columna.",
        "Escreva só `{number}`, se estiver na unidade que a norma fixa para esta coluna.",
        "Écrivez seulement `{number}`, s'il est dans l'unité que la norme fixe pour cette colonne.";
    write_converted: "Write `{number}` alone, converted to the unit that the standard gives for this column.",
        "Escriba solo `{number}`, convertido a la unidad que la norma fija para esta columna.",
        "Escreva só `{number}`, convertido para a unidade que a norma fixa para esta coluna.",
        "Écrivez seulement `{number}`, converti dans l'unité que la norme fixe pour cette colonne.";
    write_whole: "Write a whole number, or ask whether this figure belongs in another column.",
        "Escriba un número entero, o averigüe si la cifra corresponde a otra columna.",
        "Escreva um número inteiro, ou verifique se o valor pertence a outra coluna.",
        "Écrivez un nombre entier, ou vérifiez si ce chiffre relève d'une autre colonne.";
    check_digits: "Check the digits, and the unit that the standard gives for this column.",
        "Revise los dígitos y la unidad que la norma fija para esta columna.",
        "Confira os algarismos e a unidade que a norma fixa para esta coluna.",
        "Vérifiez les chiffres et l'unité que la norme fixe pour cette colonne.";
    write_zero: "Write `0` if zero is meant.", "Escriba `0` si quiere decir cero.", "Escreva `0` se quiser dizer zero.",
        "Écrivez `0` s'il s'agit de zéro.";
    enter_again: "A spreadsheet may have made a date of a number: format the column as numbers and enter the figure again.",
        "Puede que la hoja de cálculo haya hecho de un número una fecha: dé a la columna formato de número y escriba de \
         nuevo la cifra.",
        "A planilha pode ter feito de um número uma data: formate a coluna como número e digite o valor de novo.",
        "Le tableur a peut-être fait d'un nombre une date : mettez la colonne au format nombre et saisissez de nouveau \
         le chiffre.";
    write_digits: "Write digits with at most one decimal mark, such as `1250{mark}5`, or leave the cell empty.",
        "Escriba dígitos con un separador decimal como máximo, por ejemplo `1250{mark}5`, o deje la celda vacía.",
        "Escreva algarismos com no máximo um separador decimal, por exemplo `1250{mark}5`, ou deixe a célula vazia.",
        "Écrivez des chiffres avec un séparateur décimal au plus, par exemple `1250{mark}5`, ou laissez la cellule vide.";
    mend_formula: "Mend the formula, or leave the cell empty, or write `not_available`.",
        "Corrija la fórmula, deje la celda vacía o escriba `not_available`.",
        "Corrija a fórmula, deixe a célula vazia ou escreva `not_available`.",
        "Corrigez la formule, laissez la cellule vide ou écrivez `not_available`.";
    widen_column: "Widen the column in the spreadsheet and save the file again.",
        "Ensanche la columna en la hoja de cálculo y guarde el archivo de nuevo.",
        "Alargue a coluna na planilha e salve o arquivo de novo.",
        "Élargissez la colonne dans le tableur et enregistrez de nouveau le fichier.";
    write_or_leave_empty: "Write {readings}, or leave the cell empty.", "Escriba {readings}, o deje la celda vacía.",
        "Escreva {readings}, ou deixe a célula vazia.", "Écrivez {readings}, ou laissez la cellule vide.";
    check_day: "Check the day and the month.", "Revise el día y el mes.", "Confira o dia e o mês.",
        "Vérifiez le jour et le mois.";
    write_day: "Write year, month and day, such as `2024-06-30`.", "Escriba año, mes y día, por ejemplo `2024-06-30`.",
        "Escreva ano, mês e dia, por exemplo `2024-06-30`.", "Écrivez l'année, le mois et le jour, par exemple `2024-06-30`.";
    write_period: "Write a year `2024`, a quarter `2024-Q2`, a month `2024-06` or a span of years `2016/2018`.",
        "Escriba un año `2024`, un trimestre `2024-Q2`, un mes `2024-06` o un intervalo de años `2016/2018`.",
        "Escreva um ano `2024`, um trimestre `2024-Q2`, um mês `2024-06` ou um intervalo de anos `2016/2018`.",
        "Écrivez une année `2024`, un trimestre `2024-Q2`, un mois `2024-06` ou un intervalle d'années `2016/2018`.";
    save_as_utf8: "Save the file again as `CSV UTF-8`.", "Guarde el archivo de nuevo como `CSV UTF-8`.",
        "Salve o arquivo de novo como `CSV UTF-8`.", "Enregistrez de nouveau le fichier en `CSV UTF-8`.";
    shorten: "Shorten the text; if it runs over many cells, look for a quote that is not closed.",
        "Acorte el texto; si abarca muchas celdas, busque unas comillas sin cerrar.",
        "Encurte o texto; se ele se estende por muitas células, procure aspas que não foram fechadas.",
        "Raccourcissez le texte ; s'il s'étend sur plusieurs cellules, cherchez un guillemet non fermé.";
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
