//! The pages of code lists and of single codes.

use super::super::words::whole;
use super::Book;

impl Book<'_> {
    /// The page of a code list: one code a line, so that a long list can be searched.
    pub(super) fn code_list(&self, id: &str) -> Option<String> {
        let held = self.standard.code_lists.get(id)?;
        let path = format!("code-lists/{id}");
        let words = self.words;
        let mut sheet = self.sheet(words.code_list, id, &self.text(&path, "title"));
        sheet.field(words.source, &held.value.source);
        sheet.field(words.since, &held.since);
        let codes: Vec<Vec<String>> = held
            .value
            .codes
            .keys()
            .map(|code| {
                let (label, definition) = self.code_texts(id, code);
                let carried: Vec<String> = self
                    .carried(id, code)
                    .into_iter()
                    .map(|(name, value)| format!("{name} {value}"))
                    .collect();
                vec![code.to_owned(), format!("{label}\n{definition}\n{}", carried.join(", "))]
            })
            .collect();
        sheet.section(&format!("{} ({})", words.codes, whole(self.language, codes.len() as u64)));
        sheet.table(&[], &codes);
        let groups: Vec<Vec<String>> = held
            .value
            .groups
            .iter()
            .map(|(name, group)| {
                let codes: Vec<&str> = group.codes.iter().map(|code| code.value.as_str()).collect();
                let title = self.text(&path, &format!("groups.{}.title", name.value));
                vec![name.value.clone(), format!("{title}\n{}", codes.join(", "))]
            })
            .collect();
        sheet.list(words.groups, &groups);
        let properties = held.value.properties.iter().map(|(name, property)| {
            let title = self.text(&path, &format!("properties.{}.title", name.value));
            let source = property.source.as_deref().unwrap_or_default();
            vec![name.value.clone(), format!("{title}\n{source}")]
        });
        sheet.list(words.properties, &properties.collect::<Vec<_>>());
        let correspondences = held.value.correspondences.iter().map(|(name, declared)| {
            let title = self.text(&path, &format!("correspondences.{}.title", name.value));
            let mut lines = vec![title, declared.source.clone()];
            lines.push(format!("{} → {}", declared.from.value, declared.to.value));
            lines.extend(declared.codes.iter().map(|(code, now)| {
                let now: Vec<&str> = now.iter().map(|code| code.value.as_str()).collect();
                format!("  {} → {}", code.value, now.join(", "))
            }));
            vec![name.value.clone(), lines.join("\n")]
        });
        sheet.list(words.correspondences, &correspondences.collect::<Vec<_>>());
        sheet.list(words.columns_with_it, &self.columns_of_list(id));
        Some(sheet.finish())
    }

    /// The page of one code, asked for as `list.code`.
    pub(super) fn code(&self, id: &str) -> Option<String> {
        let (list, code) = id.split_once('.')?;
        let held = self.standard.code_lists.get(list)?;
        held.value.codes.get(code)?;
        let words = self.words;
        let (label, definition) = self.code_texts(list, code);
        let mut sheet = self.sheet(words.code, id, &label);
        sheet.field(words.what, definition);
        sheet.field(words.code_list, self.titled("code-lists", list));
        sheet.field(words.since, &held.since);
        let groups = held
            .value
            .groups
            .iter()
            .filter(|(_, group)| group.codes.iter().any(|member| member.value == code));
        let groups: Vec<Vec<String>> = groups
            .map(|(name, _)| {
                let field = format!("groups.{}.title", name.value);
                vec![name.value.clone(), self.text(&format!("code-lists/{list}"), &field)]
            })
            .collect();
        let carried = self.carried(list, code).into_iter().map(|(name, value)| {
            let title = self.text(&format!("code-lists/{list}"), &format!("properties.{name}.title"));
            vec![name, value, title]
        });
        sheet.list(words.properties, &carried.collect::<Vec<_>>());
        sheet.list(words.groups, &groups);
        sheet.list(words.columns_with_code, &self.columns_of_list(list));
        Some(sheet.finish())
    }

    /// The label of a code and, where it has one, its definition.
    pub(in crate::cli) fn code_texts(&self, list: &str, code: &str) -> (String, String) {
        let path = format!("code-lists/{list}");
        let label = self.code_text(&path, code, None);
        let defined = self.standard.code_lists.get(list).and_then(|held| held.value.codes.get(code));
        let definition = defined.and_then(|code| code.definition.as_ref());
        let definition = definition.map(|_| self.code_text(&path, code, Some("definition")));
        (label, definition.unwrap_or_default())
    }

    /// The properties that a code carries, each with its value: a number with its unit, or a code with its label.
    fn carried(&self, list: &str, code: &str) -> Vec<(String, String)> {
        let Some(held) = self.standard.code_lists.get(list) else { return Vec::new() };
        let carried = held.value.codes.get(code).into_iter().flat_map(|code| code.properties.iter());
        let said = carried.map(|(name, value)| {
            let declared = held.value.properties.get(&name.value);
            let unit = declared.and_then(|declared| declared.unit.as_ref());
            let codes = declared.and_then(|declared| declared.codes.as_ref());
            let said = match (unit, codes) {
                (Some(unit), _) => format!("{} {}", value.value, unit.value),
                (_, Some(codes)) => {
                    format!("{} ({})", value.value, self.code_texts(&codes.value, &value.value).0)
                }
                _ => value.value.clone(),
            };
            (name.value.clone(), said)
        });
        said.collect()
    }

    fn code_text(&self, path: &str, code: &str, field: Option<&str>) -> String {
        let field = field.map_or_else(String::new, |field| format!(".{field}"));
        self.text(path, &format!("codes.{code}{field}"))
    }

    /// The columns whose texts come from a list, each with its title.
    fn columns_of_list(&self, list: &str) -> Vec<Vec<String>> {
        let datasets = self.standard.datasets.values();
        let columns = datasets.flat_map(|held| {
            let of_list = held
                .value
                .columns
                .iter()
                .filter(|(_, column)| column.codes.as_ref().is_some_and(|codes| codes.value == list));
            of_list.map(|(name, _)| self.column_row(&held.id, &name.value))
        });
        columns.collect()
    }
}
