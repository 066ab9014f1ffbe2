//! What `explain` and `standard show` say around the texts of the standard, in every language of the standard.

use crate::language::phrases;
pub(super) use crate::language::{count, fill, whole};

phrases! {
    rule: "rule", "regla", "regra", "règle";
    code_list: "code list", "lista de códigos", "lista de códigos", "liste de codes";
    code: "code", "código", "código", "code";
    dataset: "dataset", "conjunto de datos", "conjunto de dados", "jeu de données";
    column: "column", "columna", "coluna", "colonne";
    indicator: "indicator", "indicador", "indicador", "indicateur";
    estimator: "estimator", "estimador", "estimador", "estimateur";
    method: "method", "método", "método", "méthode";
    taxonomy: "taxonomy", "taxonomía", "taxonomia", "taxinomie";
    taxonomies: "taxonomies", "taxonomías", "taxonomias", "taxinomies";
    covers: "covers", "abarca", "abrange", "couvre";
    combinations: "combinations", "combinaciones", "combinações", "combinaisons";
    combinations_covered: "{covered} of {all} combinations of known attributes are covered",
        "abarca {covered} de {all} combinaciones de atributos conocidos",
        "abrange {covered} de {all} combinações de atributos conhecidos",
        "{covered} combinaisons d'attributs connus sur {all} sont couvertes";
    combinations_several: "{n} meets the condition of more than one category and belongs to the first below|{n} meet the condition of more than one category and belong to the first below",
        "{n} cumple la condición de más de una categoría y pertenece a la primera de abajo|{n} cumplen la condición de más de una categoría y pertenecen a la primera de abajo",
        "{n} cumpre a condição de mais de uma categoria e pertence à primeira abaixo|{n} cumprem a condição de mais de uma categoria e pertencem à primeira abaixo",
        "{n} remplit la condition de plus d'une catégorie et appartient à la première ci-dessous|{n} remplissent la condition de plus d'une catégorie et appartiennent à la première ci-dessous";
    combinations_unknown: "of {unknown} more with an attribute unknown, {placed} have a category all the same",
        "de otras {unknown} con algún atributo desconocido, {placed} tienen categoría de todos modos",
        "de outras {unknown} com algum atributo desconhecido, {placed} têm categoria mesmo assim",
        "sur {unknown} autres dont un attribut est inconnu, {placed} ont tout de même une catégorie";
    combinations_of: "{n} combination|{n} combinations", "{n} combinación|{n} combinaciones", "{n} combinação|{n} combinações",
        "{n} combinaison|{n} combinaisons";
    combinations_taken: "{n} more meets its condition and belongs to a category before it|{n} more meet its condition and belong to a category before it",
        "otra {n} cumple su condición y pertenece a una categoría anterior|otras {n} cumplen su condición y pertenecen a una categoría anterior",
        "outra {n} cumpre a sua condição e pertence a uma categoria anterior|outras {n} cumprem a sua condição e pertencem a uma categoria anterior",
        "{n} autre remplit sa condition et appartient à une catégorie précédente|{n} autres remplissent sa condition et appartiennent à une catégorie précédente";
    category_is: "counts as", "cuenta como", "conta como", "compte comme";
    is_illicit: "illicit", "ilícito", "ilícito", "illicite";
    is_not_illicit: "not illicit", "no ilícito", "não ilícito", "non illicite";
    crosswalks: "correspondence with the others", "correspondencia con las demás", "correspondência com as demais",
        "correspondance avec les autres";
    over: "over the indicators", "sobre los indicadores", "sobre os indicadores", "sur les indicateurs";
    rules_over_it: "rules over it", "reglas sobre él", "regras sobre ele", "règles sur lui";
    variance: "variance", "varianza", "variância", "variance";
    serves: "serves", "sirve a", "serve a", "sert à";
    not_here: "This version of the program does not have the method yet: there is no estimate of it.",
        "Esta versión del programa aún no tiene el método: no da estimación.",
        "Esta versão do programa ainda não tem o método: não dá estimativa.",
        "Cette version du programme n'a pas encore la méthode : elle n'en donne pas d'estimation.";
    method_not_here: "whose methods this version of the program does not have yet",
        "cuyos métodos esta versión del programa aún no tiene", "cujos métodos esta versão do programa ainda não tem",
        "dont cette version du programme n'a pas encore les méthodes";
    quantity: "quantity", "magnitud", "grandeza", "grandeur";
    unit: "unit", "unidad", "unidade", "unité";
    grade: "grade", "grado", "grau", "classe";

    code_lists: "code lists", "listas de códigos", "listas de códigos", "listes de codes";
    datasets: "datasets", "conjuntos de datos", "conjuntos de dados", "jeux de données";
    rules: "rules", "reglas", "regras", "règles";
    indicators: "indicators", "indicadores", "indicadores", "indicateurs";
    estimators: "estimators", "estimadores", "estimadores", "estimateurs";
    methods: "methods", "métodos", "métodos", "méthodes";
    quantities: "quantities", "magnitudes", "grandezas", "grandeurs";
    units: "units", "unidades", "unidades", "unités";
    grades: "grades", "grados", "graus", "classes";

    error: "error", "error", "erro", "erreur";
    warning: "warning", "advertencia", "aviso", "avertissement";
    info: "info", "información", "informação", "information";
    draft: "draft", "borrador", "rascunho", "projet";
    published: "published", "publicado", "publicado", "publié";
    retired: "retired", "retirado", "retirado", "retiré";
    text: "text", "texto", "texto", "texte";
    number: "number", "número", "número", "nombre";
    integer: "whole number", "entero", "inteiro", "entier";
    boolean: "true or false", "sí o no", "sim ou não", "oui ou non";
    date: "date", "fecha", "data", "date";
    period: "period", "periodo", "período", "période";
    yes: "yes", "sí", "sim", "oui";

    what: "what it is", "qué es", "o que é", "ce que c'est";
    why: "why", "por qué", "por quê", "pourquoi";
    fix: "fix", "corrección", "correção", "correction";
    since: "since version", "desde la versión", "desde a versão", "depuis la version";
    severity: "severity", "gravedad", "gravidade", "gravité";
    severity_error: "error: the figure cannot be used as it stands", "error: la cifra no se puede usar tal como está",
        "erro: o número não pode ser usado como está", "erreur : le chiffre ne peut pas être utilisé tel quel";
    severity_warning: "warning: the figure may be used, and someone should look at it",
        "advertencia: la cifra se puede usar, y alguien debe revisarla",
        "aviso: o número pode ser usado, e alguém deve conferi-lo",
        "avertissement : le chiffre peut être utilisé, et quelqu'un doit le vérifier";
    severity_info: "info: worth knowing", "información: conviene saberlo", "informação: convém saber",
        "information : bon à savoir";
    which_rows: "which rows", "qué filas", "quais linhas", "quelles lignes";
    for_each: "for each", "para cada", "para cada", "pour chaque";
    in_order_of: "in the order of", "en el orden de", "na ordem de", "dans l'ordre de";
    must_hold: "must hold", "debe cumplirse", "deve valer", "doit être vrai";
    says: "says", "mensaje", "mensagem", "message";
    passes: "cases that pass", "casos que la cumplen", "casos que a cumprem", "cas qui la respectent";
    fails: "cases that fail", "casos que la incumplen", "casos que a descumprem", "cas qui l'enfreignent";
    /// A cell of an example that holds nothing.
    empty: "(empty)", "(vacía)", "(vazia)", "(vide)";

    over_indicators: "over several datasets", "sobre varios conjuntos de datos", "sobre vários conjuntos de dados",
        "sur plusieurs jeux de données";
    rows: "rows", "filas", "linhas", "lignes";
    key: "key", "clave", "chave", "clé";
    tier: "tier", "nivel", "nível", "niveau";
    tier_from: "asked for from tier {tier} on", "se pide a partir del nivel {tier}", "pede-se a partir do nível {tier}",
        "demandé à partir du niveau {tier}";
    tier_never: "asked for at no tier, and welcome where it is kept",
        "no se pide en ningún nivel, y es bienvenido donde se lleve",
        "não se pede em nenhum nível, e é bem-vindo onde existir",
        "demandé à aucun niveau, et bienvenu là où il est tenu";
    territory: "territory", "territorio", "território", "territoire";
    territory_implied: "that of the submission; it needs no column", "el del envío; no necesita columna",
        "o do envio; não precisa de coluna", "celui de la transmission ; il n'a pas besoin de colonne";
    columns: "columns", "columnas", "colunas", "colonnes";
    name: "name", "nombre", "nome", "nom";
    type_: "type", "tipo", "tipo", "type";
    required: "required", "obligatoria", "obrigatória", "obligatoire";
    holds: "what it holds", "qué contiene", "o que contém", "ce qu'elle contient";
    reason_will_do: "* a value, or the reason why there is none: not_collected, not_available, confidential or not_applicable",
        "* un valor, o el motivo por el que falta: not_collected, not_available, confidential o not_applicable",
        "* um valor, ou o motivo por que falta: not_collected, not_available, confidential ou not_applicable",
        "* une valeur, ou la raison de son absence : not_collected, not_available, confidential ou not_applicable";
    codes: "codes", "códigos", "códigos", "codes";
    codes_of: "codes: {list}", "códigos: {list}", "códigos: {list}", "codes : {list}";
    refers_to: "refers to", "remite a", "remete a", "renvoie à";
    refers_to_column: "refers to {column}", "remite a {column}", "remete a {column}", "renvoie à {column}";
    bounds: "bounds", "límites", "limites", "bornes";
    at_least: "at least {bound}", "como mínimo {bound}", "no mínimo {bound}", "au moins {bound}";
    at_most: "at most {bound}", "como máximo {bound}", "no máximo {bound}", "au plus {bound}";
    header: "header of the file", "encabezado del archivo", "cabeçalho do arquivo", "en-tête du fichier";
    of_columns: "checks of the file and its columns", "comprobaciones del archivo y de sus columnas",
        "verificações do arquivo e das suas colunas", "contrôles du fichier et de ses colonnes";
    of_column: "checks of the column", "comprobaciones de la columna", "verificações da coluna", "contrôles de la colonne";
    rules_on_it: "rules about it", "reglas que lo comprueban", "regras que o verificam", "règles qui le contrôlent";
    indicators_from_it: "indicators that use it", "indicadores que lo usan", "indicadores que o usam",
        "indicateurs qui l'utilisent";
    datasets_to_it: "datasets that refer to it", "conjuntos de datos que remiten a él",
        "conjuntos de dados que remetem a ele", "jeux de données qui y renvoient";
    rules_of_column: "rules that read it", "reglas que la leen", "regras que a leem", "règles qui la lisent";
    indicators_of_column: "indicators that read it", "indicadores que la leen", "indicadores que a leem",
        "indicateurs qui la lisent";
    columns_to_it: "columns that refer to it", "columnas que remiten a ella", "colunas que remetem a ela",
        "colonnes qui y renvoient";
    text_is: "text: characters, as written", "texto: caracteres, tal como se escriben",
        "texto: caracteres, como se escrevem", "texte : caractères, tels qu'ils sont écrits";
    number_is: "number: a decimal number, 1234.5", "número: un número decimal, 1234.5",
        "número: um número decimal, 1234.5", "nombre : un nombre décimal, 1234.5";
    integer_is: "whole number: 12", "entero: un número entero, 12", "inteiro: um número inteiro, 12",
        "entier : un nombre entier, 12";
    boolean_is: "true or false: written true or false", "sí o no: se escribe true o false",
        "sim ou não: escreve-se true ou false", "oui ou non : s'écrit true ou false";
    date_is: "date: a day, 2024-06-30", "fecha: un día, 2024-06-30", "data: um dia, 2024-06-30",
        "date : un jour, 2024-06-30";
    period_is: "period: a year 2024, a quarter 2024-Q2, a month 2024-06 or a span of years 2016/2018",
        "periodo: un año 2024, un trimestre 2024-Q2, un mes 2024-06 o un intervalo de años 2016/2018",
        "período: um ano 2024, um trimestre 2024-Q2, um mês 2024-06 ou um intervalo de anos 2016/2018",
        "période : une année 2024, un trimestre 2024-Q2, un mois 2024-06 ou un intervalle d'années 2016/2018";
    required_always: "yes, always a value", "sí, siempre un valor", "sim, sempre um valor", "oui, toujours une valeur";
    required_or_reason: "yes: a value, or the reason why there is none (not_collected, not_available, confidential, not_applicable)",
        "sí: un valor, o el motivo por el que falta (not_collected, not_available, confidential, not_applicable)",
        "sim: um valor, ou o motivo por que falta (not_collected, not_available, confidential, not_applicable)",
        "oui : une valeur, ou la raison de son absence (not_collected, not_available, confidential, not_applicable)";
    not_required: "no, it may be empty", "no, puede quedar vacía", "não, pode ficar vazia", "non, elle peut rester vide";

    confidential: "confidential", "confidencial", "confidencial", "confidentielle";
    not_published: "not for publication", "no se publica", "não se publica", "non publiée";
    collected: "collected because", "se recoge porque", "coleta-se porque", "recueillie parce que";
    design: "sample design", "diseño muestral", "plano amostral", "plan de sondage";
    stratum: "stratum: {column}", "estrato: {column}", "estrato: {column}", "strate : {column}";
    cluster: "cluster: {column}", "conglomerado: {column}", "conglomerado: {column}", "grappe : {column}";
    unit_drawn: "unit drawn: {column}", "unidad extraída: {column}", "unidade sorteada: {column}",
        "unité tirée : {column}";
    weight: "weight: {column}", "ponderación: {column}", "peso: {column}", "pondération : {column}";
    stratum_size: "size of the stratum: {column}", "tamaño del estrato: {column}", "tamanho do estrato: {column}",
        "taille de la strate : {column}";
    cluster_size: "size of the cluster: {column}", "tamaño del conglomerado: {column}",
        "tamanho do conglomerado: {column}", "taille de la grappe : {column}";
    estimators_of_rows: "estimators that read its rows", "estimadores que leen sus filas",
        "estimadores que leem as suas linhas", "estimateurs qui lisent ses lignes";
    estimators_of_column: "estimators that read it", "estimadores que la leen", "estimadores que a leem",
        "estimateurs qui la lisent";

    source: "source", "fuente", "fonte", "source";
    groups: "groups", "grupos", "grupos", "groupes";
    properties: "properties", "propiedades", "propriedades", "propriétés";
    correspondences: "correspondences", "correspondencias", "correspondências", "correspondances";
    columns_with_it: "columns that use it", "columnas que la usan", "colunas que a usam", "colonnes qui l'utilisent";
    columns_with_code: "columns that may hold it", "columnas que pueden contenerlo", "colunas que podem contê-lo",
        "colonnes qui peuvent le contenir";

    formula: "formula", "fórmula", "fórmula", "formule";
    dimensions: "dimensions", "dimensiones", "dimensões", "dimensions";
    computed_from: "computed from", "se calcula de", "calculado de", "calculé à partir de";
    interval: "interval", "intervalo", "intervalo", "intervalle";
    interval_from: "from {low} to {high}, which holds {level} %", "de {low} a {high}, que recoge el {level} %",
        "de {low} a {high}, que reúne {level} %", "de {low} à {high}, qui contient {level} %";
    corresponds: "corresponds to", "corresponde a", "corresponde a", "correspond à";
    estimators_with_it: "estimators that use it", "estimadores que lo usan", "estimadores que o usam",
        "estimateurs qui l'utilisent";
    numerator: "numerator", "numerador", "numerador", "numérateur";
    denominator: "denominator", "denominador", "denominador", "dénominateur";
    sign: "sign", "signo", "sinal", "signe";
    unit_of_share: "none: it is a share", "ninguna: es una proporción", "nenhuma: é uma proporção",
        "aucune : c'est une part";
    estimators_of_it: "estimators that give it", "estimadores que la dan", "estimadores que a dão",
        "estimateurs qui la donnent";
    gives: "gives", "da", "dá", "donne";
    entry_grade: "entry grade", "grado de entrada", "grau de entrada", "classe d'entrée";
    inputs: "inputs", "entradas", "entradas", "entrées";
    assumptions: "assumptions", "supuestos", "pressupostos", "hypothèses";
    fixed: "exactly {value}", "exactamente {value}", "exatamente {value}", "exactement {value}";
    normal: "normal, mean {mean}, standard deviation {sd}", "normal, media {mean}, desviación estándar {sd}",
        "normal, média {mean}, desvio padrão {sd}", "normale, moyenne {mean}, écart type {sd}";
    uniform: "uniform, from {low} to {high}", "uniforme, de {low} a {high}", "uniforme, de {low} a {high}",
        "uniforme, de {low} à {high}";
    triangular: "triangular, from {low} to {high}, most likely {mode}",
        "triangular, de {low} a {high}, lo más probable {mode}",
        "triangular, de {low} a {high}, o mais provável {mode}",
        "triangulaire, de {low} à {high}, le plus probable {mode}";
    pert: "PERT, from {low} to {high}, most likely {mode}", "PERT, de {low} a {high}, lo más probable {mode}",
        "PERT, de {low} a {high}, o mais provável {mode}", "PERT, de {low} à {high}, le plus probable {mode}";
    beta: "beta, shapes {alpha} and {beta}", "beta, parámetros de forma {alpha} y {beta}",
        "beta, parâmetros de forma {alpha} e {beta}", "bêta, paramètres de forme {alpha} et {beta}";
    judged: "rests on somebody's judgement", "se apoya en el juicio de alguien", "apoia-se no juízo de alguém",
        "repose sur le jugement de quelqu'un";
    modelled: "rests on a model", "se apoya en un modelo", "apoia-se em um modelo", "repose sur un modèle";
    measured: "rests on a measurement of the same thing in the same territory",
        "se apoya en una medición de lo mismo en el mismo territorio",
        "apoia-se em uma medição da mesma coisa no mesmo território",
        "repose sur une mesure de la même chose sur le même territoire";
    sees: "what it can see", "qué puede ver", "o que pode ver", "ce qu'il peut voir";
    sees_all: "all of it", "todo", "tudo", "tout";
    sees_some: "some of it", "una parte", "uma parte", "une partie";
    sees_none: "nothing of it", "nada", "nada", "rien";
    assumes: "assumes", "supone", "supõe", "suppose";
    fails_when: "fails when", "falla cuando", "falha quando", "échoue quand";
    references: "references", "referencias", "referências", "références";
    documentation_is_english: "The documentation of methods is in English.", "La documentación de los métodos está en inglés.",
        "A documentação dos métodos está em inglês.", "La documentation des méthodes est en anglais.";
    reference_is_english: "The reference of expressions is in English.", "La referencia de las expresiones está en inglés.",
        "A referência das expressões está em inglês.", "La référence des expressions est en anglais.";
    may_be_left_out: "(may be left out)", "(puede omitirse)", "(pode ser omitido)", "(peut être omis)";
    measures: "measures", "mide", "mede", "mesure";
    is_worth: "is worth", "equivale a", "equivale a", "vaut";
    requires: "requires", "exige", "exige", "exige";
    bias: "bias", "sesgo", "viés", "biais";
    bias_of: "{sd} on the logit scale, as a standard deviation", "{sd} en escala logit, como desviación estándar",
        "{sd} em escala logit, como desvio padrão", "{sd} sur l'échelle logit, comme écart type";
    never_pooled: "never combined with others", "nunca se combina con otras", "nunca se combina com outras",
        "jamais combinée avec d'autres";
    at_best: "at best this grade", "como máximo este grado", "no máximo este grau", "au mieux cette classe";
    at_least_grade: "at least this grade", "como mínimo este grado", "no mínimo este grau", "au moins cette classe";

    manifest_title: "The submission's description is wrong", "La descripción del envío está mal",
        "A descrição do envio está errada", "La description de la transmission est fautive";
    manifest_what: "The file submission.yaml says who reports, about which territory and period, by which version of the standard, and in which files.",
        "El archivo submission.yaml dice quién declara, sobre qué territorio y periodo, según qué versión de la norma y en qué archivos.",
        "O arquivo submission.yaml diz quem declara, sobre que território e período, segundo que versão da norma e em que arquivos.",
        "Le fichier submission.yaml dit qui déclare, sur quel territoire et quelle période, selon quelle version de la norme et dans quels fichiers.";
    manifest_why: "Without it nobody can tell what the figures are about.",
        "Sin él nadie puede saber de qué tratan las cifras.", "Sem ele ninguém pode saber do que tratam os números.",
        "Sans lui, personne ne peut savoir de quoi parlent les chiffres.";
    manifest_fix: "Mend the line that the finding names; `sikes new` writes a whole one.",
        "Corrija la línea que nombra el hallazgo; `sikes new` escribe uno completo.",
        "Corrija a linha que a constatação nomeia; `sikes new` escreve um completo.",
        "Corrigez la ligne que nomme la constatation ; `sikes new` en écrit un complet.";
    manifest_agency: "Ministry of Finance", "Ministerio de Hacienda", "Ministério da Fazenda", "Ministère des Finances";
    example: "example", "ejemplo", "exemplo", "exemple";

    nothing_called: "error: there is nothing called `{id}`; {help}", "error: no hay nada que se llame `{id}`; {help}",
        "erro: não há nada que se chame `{id}`; {help}", "erreur : rien ne s'appelle `{id}` ; {help}";
    did_you_mean: "did you mean `{word}`?", "¿quiso decir `{word}`?", "quis dizer `{word}`?", "vouliez-vous dire `{word}` ?";
    is_inside: "ask for {words}", "pida {words}", "peça {words}", "demandez {words}";
    or: "or", "o", "ou", "ou";
    show_lists_all: "`sikes standard show` lists everything that there is",
        "`sikes standard show` enumera todo lo que hay", "`sikes standard show` enumera tudo o que existe",
        "`sikes standard show` énumère tout ce qu'il y a";
    explain_tells: "sikes explain ID tells more of each", "sikes explain ID dice más de cada uno",
        "sikes explain ID diz mais de cada um", "sikes explain ID en dit plus sur chacun";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, assert_translated};

    /// Phrases that are the same in English and another language, and right in both.
    const SAME: [(Language, &str); 8] = [
        (Language::French, "variance"),
        (Language::French, "code"),
        (Language::Spanish, "error"),
        (Language::French, "date"),
        (Language::French, "type_"),
        (Language::French, "codes"),
        (Language::French, "source"),
        (Language::French, "dimensions"),
    ];

    #[test]
    fn phrases_are_translated() {
        assert_translated(|language| words(language).all(), &SAME);
    }
}
