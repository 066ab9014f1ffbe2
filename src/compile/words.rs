//! What the engine's own checks say, in each language.

use crate::standard::Language;

/// The words of one kind of check. `{column}`, `{value}`, `{bound}`, `{list}`, `{dataset}`, `{columns}`, `{first}`, `{tier}` are filled in.
pub(super) struct Words {
    pub title: &'static str,
    pub message: &'static str,
    pub fix: &'static str,
    pub why: &'static str,
}

impl Words {
    /// The title for a column.
    pub(super) fn of(&self, column: &str) -> String {
        self.title.replace("{column}", column)
    }
}

/// The words of all kinds of check.
pub(super) struct EngineWords {
    pub file: Words,
    pub rows: Words,
    pub readable: Words,
    pub required: Words,
    pub required_always: Words,
    pub required_text: Words,
    pub min: Words,
    pub max: Words,
    pub codes: Words,
    pub reference: Words,
    pub key: Words,
    pub sent: Words,
}

/// The engine's words in a language.
pub(super) fn words(language: Language) -> &'static EngineWords {
    match language {
        Language::English => &ENGLISH,
        Language::Spanish => &SPANISH,
        Language::Portuguese => &PORTUGUESE,
        Language::French => &FRENCH,
    }
}

static ENGLISH: EngineWords = EngineWords {
    file: Words {
        title: "The file cannot be read as a table",
        message: "",
        fix: "Save the table again as CSV in UTF-8, with the header that the dataset asks for.",
        why: "What cannot be read cannot be checked, and counts as not reported.",
    },
    rows: Words {
        title: "The table has no rows",
        message: "the table has a header and no rows",
        fix: "Add the rows. If nothing of the kind happened, leave the table as it is; if you do not send it, write under absent in submission.yaml why.",
        why: "A table without rows says that nothing happened; one that was forgotten looks the same.",
    },
    readable: Words {
        title: "A cell of {column} cannot be read",
        message: "",
        fix: "Write {column} in the form that the dataset asks for.",
        why: "A cell that cannot be read would count as not reported.",
    },
    required: Words {
        title: "{column} is empty",
        message: "{column} is empty",
        fix: "Give {column}, or write why it is not there: not_collected, not_available, confidential or not_applicable.",
        why: "An empty cell does not say whether the value is zero, unknown or withheld.",
    },
    required_always: Words {
        title: "{column} is empty",
        message: "{column} is empty",
        fix: "Give {column}; without it the row cannot be told from others.",
        why: "A row is known by these columns.",
    },
    required_text: Words {
        title: "{column} is empty",
        message: "{column} is empty",
        fix: "Give {column}.",
        why: "The standard asks for it in every row.",
    },
    min: Words {
        title: "{column} is too small",
        message: "{column} is {value}, less than the least possible, {bound}",
        fix: "Check {column}: its sign, its unit and its decimal mark.",
        why: "A value that cannot be is a slip, and sums carry it on.",
    },
    max: Words {
        title: "{column} is too large",
        message: "{column} is {value}, more than the greatest possible, {bound}",
        fix: "Check {column}: its unit, its decimal mark and its thousands separators.",
        why: "A value that cannot be is a slip, and sums carry it on.",
    },
    codes: Words {
        title: "{column} is not a code of its list",
        message: "“{value}” is not a code of the list “{list}”",
        fix: "Use a code of the list, in lower and upper case as it stands there.",
        why: "Figures can be put together only where all use the same codes.",
    },
    reference: Words {
        title: "{column} names something that is not there",
        message: "“{value}” is in no row of {dataset}",
        fix: "Add the row that {column} names, or correct the name.",
        why: "A reference that leads nowhere leaves the figure without what it rests on.",
    },
    key: Words {
        title: "Two rows have the same key",
        message: "this row has the same key as line {first}",
        fix: "Keep one of the rows, or correct the columns that name it: {columns}.",
        why: "A row that stands twice is counted twice.",
    },
    sent: Words {
        title: "A dataset of the tier is missing",
        message: "{dataset} is missing, and the submission is of tier {tier}, which asks for it from tier {from} on",
        fix: "Add it under datasets, or write under absent why it is missing: not_collected, not_available, confidential or not_applicable (also where another agency sends it).",
        why: "What the tier promises and does not come limits the estimates, and nobody knows whether it was forgotten or does not exist.",
    },
};

static SPANISH: EngineWords = EngineWords {
    file: Words {
        title: "El archivo no se puede leer como tabla",
        message: "",
        fix: "Guarde la tabla de nuevo como CSV en UTF-8, con el encabezado que pide el conjunto de datos.",
        why: "Lo que no se puede leer no se puede comprobar y cuenta como no declarado.",
    },
    rows: Words {
        title: "La tabla no tiene filas",
        message: "la tabla tiene encabezado y ninguna fila",
        fix: "Agregue las filas. Si no hubo nada de eso, deje la tabla como está; si no la envía, escriba por qué en absent, en submission.yaml.",
        why: "Una tabla sin filas dice que no hubo nada; una olvidada se ve igual.",
    },
    readable: Words {
        title: "Una celda de {column} no se puede leer",
        message: "",
        fix: "Escriba {column} en la forma que pide el conjunto de datos.",
        why: "Una celda que no se puede leer contaría como no declarada.",
    },
    required: Words {
        title: "{column} está vacío",
        message: "{column} está vacío",
        fix: "Indique {column}, o escriba por qué falta: not_collected, not_available, confidential o not_applicable.",
        why: "Una celda vacía no dice si el valor es cero, desconocido o reservado.",
    },
    required_always: Words {
        title: "{column} está vacío",
        message: "{column} está vacío",
        fix: "Indique {column}; sin él la fila no se distingue de otras.",
        why: "La fila se reconoce por estas columnas.",
    },
    required_text: Words {
        title: "{column} está vacío",
        message: "{column} está vacío",
        fix: "Indique {column}.",
        why: "La norma lo pide en cada fila.",
    },
    min: Words {
        title: "{column} es demasiado pequeño",
        message: "{column} es {value}, menos que el mínimo posible, {bound}",
        fix: "Revise {column}: el signo, la unidad y el separador decimal.",
        why: "Un valor imposible es un error, y las sumas lo arrastran.",
    },
    max: Words {
        title: "{column} es demasiado grande",
        message: "{column} es {value}, más que el máximo posible, {bound}",
        fix: "Revise {column}: la unidad, el separador decimal y el de miles.",
        why: "Un valor imposible es un error, y las sumas lo arrastran.",
    },
    codes: Words {
        title: "{column} no es un código de su lista",
        message: "«{value}» no es un código de la lista «{list}»",
        fix: "Use un código de la lista, con mayúsculas y minúsculas como en ella.",
        why: "Las cifras solo se pueden reunir si todos usan los mismos códigos.",
    },
    reference: Words {
        title: "{column} nombra algo que no existe",
        message: "«{value}» no está en ninguna fila de {dataset}",
        fix: "Agregue la fila que nombra {column}, o corrija el nombre.",
        why: "Una referencia que no lleva a nada deja la cifra sin aquello en que se apoya.",
    },
    key: Words {
        title: "Dos filas tienen la misma clave",
        message: "esta fila tiene la misma clave que la línea {first}",
        fix: "Conserve una de las filas, o corrija las columnas que la identifican: {columns}.",
        why: "Una fila repetida se cuenta dos veces.",
    },
    sent: Words {
        title: "Falta un conjunto de datos del nivel",
        message: "{dataset} falta, y el envío es del nivel {tier}, que lo pide desde el nivel {from}",
        fix: "Agréguelo en datasets, o escriba en absent por qué falta: not_collected, not_available, confidential o not_applicable (también si lo envía otra autoridad).",
        why: "Lo que el nivel promete y no llega limita las estimaciones, y nadie sabe si falta por olvido o porque no existe.",
    },
};

static PORTUGUESE: EngineWords = EngineWords {
    file: Words {
        title: "O arquivo não pode ser lido como tabela",
        message: "",
        fix: "Salve a tabela de novo como CSV em UTF-8, com o cabeçalho que o conjunto de dados pede.",
        why: "O que não pode ser lido não pode ser verificado e conta como não declarado.",
    },
    rows: Words {
        title: "A tabela não tem linhas",
        message: "a tabela tem cabeçalho e nenhuma linha",
        fix: "Acrescente as linhas. Se não houve nada disso, deixe a tabela como está; se não a enviar, escreva por quê em absent, em submission.yaml.",
        why: "Uma tabela sem linhas diz que não houve nada; uma esquecida parece igual.",
    },
    readable: Words {
        title: "Uma célula de {column} não pode ser lida",
        message: "",
        fix: "Escreva {column} na forma que o conjunto de dados pede.",
        why: "Uma célula que não pode ser lida contaria como não declarada.",
    },
    required: Words {
        title: "{column} está vazio",
        message: "{column} está vazio",
        fix: "Informe {column}, ou escreva por que falta: not_collected, not_available, confidential ou not_applicable.",
        why: "Uma célula vazia não diz se o valor é zero, desconhecido ou reservado.",
    },
    required_always: Words {
        title: "{column} está vazio",
        message: "{column} está vazio",
        fix: "Informe {column}; sem isso a linha não se distingue das outras.",
        why: "A linha é reconhecida por estas colunas.",
    },
    required_text: Words {
        title: "{column} está vazio",
        message: "{column} está vazio",
        fix: "Informe {column}.",
        why: "A norma o pede em cada linha.",
    },
    min: Words {
        title: "{column} é pequeno demais",
        message: "{column} é {value}, menos que o mínimo possível, {bound}",
        fix: "Confira {column}: o sinal, a unidade e o separador decimal.",
        why: "Um valor impossível é um erro, e as somas o levam adiante.",
    },
    max: Words {
        title: "{column} é grande demais",
        message: "{column} é {value}, mais que o máximo possível, {bound}",
        fix: "Confira {column}: a unidade, o separador decimal e o de milhares.",
        why: "Um valor impossível é um erro, e as somas o levam adiante.",
    },
    codes: Words {
        title: "{column} não é um código da sua lista",
        message: "“{value}” não é um código da lista “{list}”",
        fix: "Use um código da lista, com maiúsculas e minúsculas como nela.",
        why: "Os números só podem ser reunidos se todos usam os mesmos códigos.",
    },
    reference: Words {
        title: "{column} nomeia algo que não existe",
        message: "“{value}” não está em nenhuma linha de {dataset}",
        fix: "Acrescente a linha que {column} nomeia, ou corrija o nome.",
        why: "Uma referência que não leva a nada deixa o número sem aquilo em que se apoia.",
    },
    key: Words {
        title: "Duas linhas têm a mesma chave",
        message: "esta linha tem a mesma chave que a linha {first} do arquivo",
        fix: "Mantenha uma das linhas, ou corrija as colunas que a identificam: {columns}.",
        why: "Uma linha repetida é contada duas vezes.",
    },
    sent: Words {
        title: "Falta um conjunto de dados do nível",
        message: "{dataset} falta, e o envio é do nível {tier}, que o pede a partir do nível {from}",
        fix: "Inclua-o em datasets, ou escreva em absent por que falta: not_collected, not_available, confidential ou not_applicable (também quando outra autoridade o envia).",
        why: "O que o nível promete e não chega limita as estimativas, e ninguém sabe se falta por esquecimento ou porque não existe.",
    },
};

static FRENCH: EngineWords = EngineWords {
    file: Words {
        title: "Le fichier ne peut pas être lu comme un tableau",
        message: "",
        fix: "Enregistrez de nouveau le tableau en CSV, en UTF-8, avec l'en-tête que demande le jeu de données.",
        why: "Ce qui ne peut pas être lu ne peut pas être contrôlé et compte comme non déclaré.",
    },
    rows: Words {
        title: "Le tableau n'a aucune ligne",
        message: "le tableau a un en-tête et aucune ligne",
        fix: "Ajoutez les lignes. S'il n'y a rien eu de tel, laissez le tableau tel quel ; si vous ne l'envoyez pas, écrivez pourquoi sous absent, dans submission.yaml.",
        why: "Un tableau sans lignes dit qu'il n'y a rien eu ; un tableau oublié a la même apparence.",
    },
    readable: Words {
        title: "Une cellule de {column} ne peut pas être lue",
        message: "",
        fix: "Écrivez {column} sous la forme que demande le jeu de données.",
        why: "Une cellule qui ne peut pas être lue compterait comme non déclarée.",
    },
    required: Words {
        title: "{column} est vide",
        message: "{column} est vide",
        fix: "Indiquez {column}, ou écrivez pourquoi il manque : not_collected, not_available, confidential ou not_applicable.",
        why: "Une cellule vide ne dit pas si la valeur est nulle, inconnue ou confidentielle.",
    },
    required_always: Words {
        title: "{column} est vide",
        message: "{column} est vide",
        fix: "Indiquez {column} ; sans cela, la ligne ne se distingue pas des autres.",
        why: "La ligne se reconnaît à ces colonnes.",
    },
    required_text: Words {
        title: "{column} est vide",
        message: "{column} est vide",
        fix: "Indiquez {column}.",
        why: "La norme le demande à chaque ligne.",
    },
    min: Words {
        title: "{column} est trop petit",
        message: "{column} est {value}, moins que le minimum possible, {bound}",
        fix: "Vérifiez {column} : le signe, l'unité et le séparateur décimal.",
        why: "Une valeur impossible est une erreur, et les sommes la propagent.",
    },
    max: Words {
        title: "{column} est trop grand",
        message: "{column} est {value}, plus que le maximum possible, {bound}",
        fix: "Vérifiez {column} : l'unité, le séparateur décimal et celui des milliers.",
        why: "Une valeur impossible est une erreur, et les sommes la propagent.",
    },
    codes: Words {
        title: "{column} n'est pas un code de sa liste",
        message: "« {value} » n'est pas un code de la liste « {list} »",
        fix: "Utilisez un code de la liste, avec les majuscules et minuscules qu'il y porte.",
        why: "Les chiffres ne peuvent être réunis que si tous utilisent les mêmes codes.",
    },
    reference: Words {
        title: "{column} nomme quelque chose qui n'existe pas",
        message: "« {value} » n'est dans aucune ligne de {dataset}",
        fix: "Ajoutez la ligne que nomme {column}, ou corrigez le nom.",
        why: "Une référence qui ne mène à rien prive le chiffre de ce sur quoi il repose.",
    },
    key: Words {
        title: "Deux lignes ont la même clé",
        message: "cette ligne a la même clé que la ligne {first} du fichier",
        fix: "Gardez une des lignes, ou corrigez les colonnes qui l'identifient : {columns}.",
        why: "Une ligne répétée est comptée deux fois.",
    },
    sent: Words {
        title: "Un jeu de données du niveau manque",
        message: "{dataset} manque, et la transmission est du niveau {tier}, qui le demande à partir du niveau {from}",
        fix: "Ajoutez-le sous datasets, ou écrivez sous absent pourquoi il manque : not_collected, not_available, confidential ou not_applicable (aussi quand une autre autorité le transmet).",
        why: "Ce que le niveau promet et qui n'arrive pas limite les estimations, et personne ne sait si c'est un oubli ou si cela n'existe pas.",
    },
};
