//! What the engine's own checks say, in each language.

use crate::standard::Language;

/// The words of one kind of check. `{column}`, `{value}`, `{bound}`, `{list}`, `{dataset}`, `{columns}` and `{first}` are filled in.
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
    pub readable: Words,
    pub required: Words,
    pub required_always: Words,
    pub min: Words,
    pub max: Words,
    pub codes: Words,
    pub reference: Words,
    pub key: Words,
}

/// The engine's words in a language.
pub(super) fn words(language: Language) -> &'static EngineWords {
    match language {
        Language::Spanish => &SPANISH,
        Language::English | Language::Portuguese | Language::French => &ENGLISH,
    }
}

static ENGLISH: EngineWords = EngineWords {
    file: Words {
        title: "The file cannot be read as a table",
        message: "",
        fix: "Save the table again as CSV in UTF-8, with the header that the dataset asks for.",
        why: "What cannot be read cannot be checked, and counts as not reported.",
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
};

static SPANISH: EngineWords = EngineWords {
    file: Words {
        title: "El archivo no se puede leer como tabla",
        message: "",
        fix: "Guarde la tabla de nuevo como CSV en UTF-8, con el encabezado que pide el conjunto de datos.",
        why: "Lo que no se puede leer no se puede comprobar y cuenta como no declarado.",
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
};
