//! The tool's own words for people, in every language of the standard.
//!
//! `{name}` is a gap that [`fill`] fills; `one|many` are the two forms that [`count`] chooses from.

use crate::language::phrases;
pub(super) use crate::language::{count, fill, whole};

phrases! {
    territory: "territory", "territorio", "território", "territoire";
    period: "period", "periodo", "período", "période";
    quantity: "quantity", "magnitud", "grandeza", "grandeur";
    numerator: "numerator", "numerador", "numerador", "numérateur";
    denominator: "denominator", "denominador", "denominador", "dénominateur";
    sign: "sign", "signo", "sinal", "signe";
    share: "share", "proporción", "proporção", "part";
    /// The title of a column of levels, which have a unit.
    level: "level, {unit}", "nivel, {unit}", "nível, {unit}", "niveau, {unit}";
    /// The title of the column where a table holds nothing but refusals.
    estimate: "estimate", "estimación", "estimativa", "estimation";
    interval: "{level} % interval", "intervalo al {level} %", "intervalo de {level} %", "intervalle à {level} %";
    /// The title where the rows' intervals have different probabilities.
    interval_mixed: "interval", "intervalo", "intervalo", "intervalle";
    method: "method", "método", "método", "méthode";
    grade: "grade", "grado", "grau", "classe";
    findings: "findings", "hallazgos", "constatações", "constatations";
    /// The title of the column that points to the notes below the table.
    note: "note", "nota", "nota", "renvoi";

    /// A refusal, in the place of the figure.
    refused: "refused", "sin estimación", "sem estimativa", "sans estimation";
    zero: "zero", "cero", "zero", "zéro";
    not_collected: "not collected", "no recopilado", "não coletado", "non collecté";
    not_available: "not available", "no disponible", "não disponível", "non disponible";
    confidential: "confidential", "confidencial", "confidencial", "confidentiel";
    not_applicable: "not applicable", "no aplicable", "não aplicável", "sans objet";

    /// What holds of the whole table and has no column of its own there.
    method_is: "method {method}", "método {method}", "método {method}", "méthode {method}";
    period_is: "period {period}", "periodo {period}", "período {period}", "période {period}";

    interval_meaning: "an interval holds the uncertainty that is given with the figures and assumptions, different figures counting as independent; the bias that a grade stands for is not in it",
        "un intervalo recoge la incertidumbre que se da con las cifras y los supuestos, tomando cifras distintas como independientes; el sesgo que indica el grado no está en él",
        "um intervalo reúne a incerteza dada com os números e os pressupostos, tomando números diferentes como independentes; o viés que o grau indica não está nele",
        "un intervalle contient l'incertitude donnée avec les chiffres et les hypothèses, des chiffres différents comptant comme indépendants ; le biais qu'indique la classe n'y est pas";
    no_estimates: "no estimates", "ninguna estimación", "nenhuma estimativa", "aucune estimation";
    refused_for: "{method}: no estimate for {territories}: {reason}",
        "{method}: ninguna estimación para {territories}: {reason}",
        "{method}: nenhuma estimativa para {territories}: {reason}",
        "{method} : aucune estimation pour {territories} : {reason}";
    remedy: "remedy:", "solución:", "solução:", "remède :";
    grade_for: "grade {grade} for {rows}: {reasons}", "grado {grade} para {rows}: {reasons}",
        "grau {grade} para {rows}: {reasons}", "classe {grade} pour {rows} : {reasons}";
    /// A note on every row of a table.
    on_all: "all rows: {note}", "todas las filas: {note}", "todas as linhas: {note}", "toutes les lignes : {note}";
    all_rows: "all rows", "todas las filas", "todas as linhas", "toutes les lignes";
    territories: "{n} territory|{n} territories", "{n} territorio|{n} territorios",
        "{n} território|{n} territórios", "{n} territoire|{n} territoires";
    lies_above: "{place}: {method} lies {difference} above {other} ({interval} of the difference: {bounds}); \
                 the two methods do not agree",
        "{place}: {method} está {difference} por encima de {other} ({interval} de la diferencia: {bounds}); \
         los dos métodos no concuerdan",
        "{place}: {method} está {difference} acima de {other} ({interval} da diferença: {bounds}); \
         os dois métodos não concordam",
        "{place} : {method} se situe {difference} au-dessus de {other} ({interval} de la différence : {bounds}) ; \
         les deux méthodes ne concordent pas";
    lies_below: "{place}: {method} lies {difference} below {other} ({interval} of the difference: {bounds}); \
                 the two methods do not agree",
        "{place}: {method} está {difference} por debajo de {other} ({interval} de la diferencia: {bounds}); \
         los dos métodos no concuerdan",
        "{place}: {method} está {difference} abaixo de {other} ({interval} da diferença: {bounds}); \
         os dois métodos não concordam",
        "{place} : {method} se situe {difference} au-dessous de {other} ({interval} de la différence : {bounds}) ; \
         les deux méthodes ne concordent pas";
    points: "{n} percentage points", "{n} puntos porcentuales", "{n} pontos percentuais", "{n} points de pourcentage";
    /// What the intervals are.
    intervals: "{level} % intervals from {draws} draws, seed {seed}",
        "intervalos al {level} % a partir de {draws} simulaciones, semilla {seed}",
        "intervalos de {level} % a partir de {draws} simulações, semente {seed}",
        "intervalles à {level} % issus de {draws} tirages, graine {seed}";
    draws_between: "{low} to {high}", "{low} a {high}", "{low} a {high}", "{low} à {high}";
    other_methods: "{estimators} can still speak", "{estimators} aún puede responder", "{estimators} ainda pode responder", "{estimators} peut encore répondre";
    monte_carlo: "so few draws leave a bound uncertain by up to {error} (standard error); more draws make it firmer",
        "tan pocas simulaciones dejan un límite incierto hasta en {error} (error estándar); más simulaciones lo afirman",
        "tão poucas simulações deixam um limite incerto em até {error} (erro padrão); mais simulações o firmam",
        "si peu de tirages laissent une borne incertaine de {error} au plus (erreur type) ; plus de tirages l'affermissent";
    /// How an estimate is to be read that is not the quantity itself.
    reading_floor: "this is a lower bound: the quantity is at least this", "es una cota inferior: la cantidad es al menos esta",
        "é um limite inferior: a quantidade é pelo menos esta", "c'est une borne inférieure : la quantité est au moins celle-ci";
    reading_ceiling: "this is an upper bound: the quantity is at most this", "es una cota superior: la cantidad es a lo sumo esta",
        "é um limite superior: a quantidade é no máximo esta", "c'est une borne supérieure : la quantité est au plus celle-ci";
    reading_range: "the quantity lies somewhere in the interval, and nothing says where", "la cantidad está en algún punto del intervalo, y nada dice en cuál",
        "a quantidade está em algum ponto do intervalo, e nada diz em qual", "la quantité se trouve quelque part dans l'intervalle, et rien ne dit où";
    reading_signal: "this is a sign to look closer, never the size of the market", "es una señal para mirar más de cerca, nunca el tamaño del mercado",
        "é um sinal para olhar mais de perto, nunca o tamanho do mercado", "c'est un signal pour regarder de plus près, jamais la taille du marché";
    /// What to measure next.
    influences: "What to measure next: the part of the variance that each input brings in, alone and with the others",
        "Qué medir después: la parte de la varianza que aporta cada dato, solo y junto con los demás",
        "O que medir a seguir: a parte da variância que cada dado traz, sozinho e com os outros",
        "Que mesurer ensuite : la part de la variance qu'apporte chaque donnée, seule et avec les autres";
    input: "Input", "Dato", "Dado", "Donnée";
    alone: "Alone", "Solo", "Sozinho", "Seule";
    in_total: "In total", "En total", "No total", "Au total";
    of_the_method: "error of the method itself", "error del propio método", "erro do próprio método", "erreur de la méthode même";
    /// Estimators that were not asked.
    no_data_for: "not estimated, for want of data: {estimators}", "sin estimar, por falta de datos: {estimators}",
        "sem estimativa, por falta de dados: {estimators}", "non estimé, faute de données : {estimators}";
    many_estimators: "{n} estimators, which `sikes standard show --kind estimators` lists",
        "{n} estimadores, que enumera `sikes standard show --kind estimators`",
        "{n} estimadores, que `sikes standard show --kind estimators` enumera",
        "{n} estimateurs, que `sikes standard show --kind estimators` énumère";
    no_method_for: "not estimated, because this version of the program does not have the methods yet: {estimators}",
        "sin estimar, porque esta versión del programa aún no tiene los métodos: {estimators}",
        "sem estimativa, porque esta versão do programa ainda não tem os métodos: {estimators}",
        "non estimé, car cette version du programme n'a pas encore les méthodes : {estimators}";
    standard: "{title} {version} ({status}), digest {digest}", "{title} {version} ({status}), huella {digest}",
        "{title} {version} ({status}), resumo {digest}", "{title} {version} ({status}), empreinte {digest}";
    draft: "draft", "borrador", "rascunho", "projet";
    published: "published", "publicado", "publicado", "publié";
    retired: "retired", "retirado", "retirado", "retiré";

    submissions: "{n} submission|{n} submissions", "{n} envío|{n} envíos", "{n} envio|{n} envios",
        "{n} transmission|{n} transmissions";
    rows: "{n} row|{n} rows", "{n} fila|{n} filas", "{n} linha|{n} linhas", "{n} ligne|{n} lignes";
    errors: "{n} error|{n} errors", "{n} error|{n} errores", "{n} erro|{n} erros", "{n} erreur|{n} erreurs";
    warnings: "{n} warning|{n} warnings", "{n} advertencia|{n} advertencias", "{n} aviso|{n} avisos",
        "{n} avertissement|{n} avertissements";
    infos: "{n} info|{n} infos", "{n} información|{n} informaciones", "{n} informação|{n} informações",
        "{n} information|{n} informations";
    headline: "{submissions}, {rows}: {counts}", "{submissions}, {rows}: {counts}", "{submissions}, {rows}: {counts}",
        "{submissions}, {rows} : {counts}";
    valid: "valid against standard {standard}", "conforme a la norma {standard}", "conforme à norma {standard}",
        "conforme à la norme {standard}";
    not_valid: "not valid against standard {standard}", "no conforme a la norma {standard}",
        "não conforme à norma {standard}", "non conforme à la norme {standard}";
    valid_so_far: "valid against standard {standard} as far as it could be checked",
        "conforme a la norma {standard} hasta donde se pudo comprobar",
        "conforme à norma {standard} até onde se pôde verificar",
        "conforme à la norme {standard} pour ce qui a pu être contrôlé";
    not_checked: "nothing was checked against standard {standard}", "no se comprobó nada según la norma {standard}",
        "nada foi verificado segundo a norma {standard}", "rien n'a été contrôlé selon la norme {standard}";
    rules: "{passed}, {failed}, {idle}, {broken}", "{passed}, {failed}, {idle}, {broken}",
        "{passed}, {failed}, {idle}, {broken}", "{passed}, {failed}, {idle}, {broken}";
    rules_count: "{n} rule|{n} rules", "{n} regla|{n} reglas", "{n} regra|{n} regras", "{n} règle|{n} règles";
    passed: "{n} rule passed|{n} rules passed", "{n} regla cumplida|{n} reglas cumplidas",
        "{n} regra cumprida|{n} regras cumpridas", "{n} règle respectée|{n} règles respectées";
    failed: "{n} failed|{n} failed", "{n} incumplida|{n} incumplidas", "{n} descumprida|{n} descumpridas",
        "{n} enfreinte|{n} enfreintes";
    idle: "{n} had nothing to check|{n} had nothing to check", "{n} sin nada que comprobar|{n} sin nada que comprobar",
        "{n} sem nada a verificar|{n} sem nada a verificar", "{n} sans objet|{n} sans objet";
    broken: "{n} could not run|{n} could not run", "{n} no se pudo comprobar|{n} no se pudieron comprobar",
        "{n} não pôde ser verificada|{n} não puderam ser verificadas",
        "{n} n'a pas pu être contrôlée|{n} n'ont pas pu être contrôlées";
    error: "error", "error", "erro", "erreur";
    warning: "warning", "advertencia", "aviso", "avertissement";
    info: "info", "información", "informação", "information";
    findings_count: "{n} finding|{n} findings", "{n} hallazgo|{n} hallazgos", "{n} constatação|{n} constatações",
        "{n} constatation|{n} constatations";
    /// The place of another figure that a finding is about.
    beside: "beside {place}", "junto a {place}", "ao lado de {place}", "à côté de {place}";
    fix: "fix:", "corrección:", "correção:", "correction :";
    more: "and {n} more; --samples lifts the limit", "y {n} más; --samples amplía el límite",
        "e mais {n}; --samples amplia o limite", "et {n} de plus ; --samples relève la limite";
    none_listed: "none is listed; --samples lifts the limit", "no se muestra ninguno; --samples amplía el límite",
        "nenhuma é mostrada; --samples amplia o limite", "aucune n'est affichée ; --samples relève la limite";
    could_not_run: "could not run", "no se pudieron comprobar", "não puderam ser verificadas",
        "n'ont pas pu être contrôlées";
    had_nothing: "had nothing to check", "sin nada que comprobar", "sem nada a verificar", "sans objet";
    in_submissions: "in {n} submission|in {n} submissions", "en {n} envío|en {n} envíos", "em {n} envio|em {n} envios",
        "dans {n} transmission|dans {n} transmissions";
    explain: "sikes explain RULE tells why a rule exists and how to mend what it found",
        "sikes explain RULE dice por qué existe una regla y cómo corregir lo que halló",
        "sikes explain RULE diz por que uma regra existe e como corrigir o que ela encontrou",
        "sikes explain RULE dit pourquoi une règle existe et comment corriger ce qu'elle a relevé";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, assert_translated};

    /// Phrases that are the same in English and another language, and right in both.
    const SAME: [(Language, &str); 7] = [
        (Language::Spanish, "headline"),
        (Language::Portuguese, "headline"),
        (Language::Portuguese, "zero"),
        (Language::Spanish, "error"),
        (Language::Spanish, "rules"),
        (Language::Portuguese, "rules"),
        (Language::French, "rules"),
    ];

    #[test]
    fn phrases_are_translated() {
        assert_translated(|language| words(language).all(), &SAME);
    }
}
