//! The columns and rows of a statement, guessed from its text.

use bytes::Bytes;

/// A statement as it was parsed.
#[derive(Default)]
pub(crate) struct Statement {
    sql: String,
    /// The types of its parameters.
    pub(crate) types: Vec<u32>,
    /// The names of its columns.
    pub(crate) columns: Vec<String>,
}

impl Statement {
    /// A statement with this text and these types of parameters.
    pub(crate) fn new(sql: &str, types: Vec<u32>) -> Self {
        let lines = sql.lines().filter(|line| !line.starts_with("--"));
        let sql = lines.collect::<Vec<_>>().join("\n");
        let columns = match sql.starts_with("EXPLAIN ") {
            true => vec!["QUERY PLAN".to_owned()],
            false => columns(&sql),
        };
        Self {
            sql,
            types,
            columns,
        }
    }

    /// The numbers of the rows that it returns for these values, sometimes none. They depend only on
    /// the values, so that an event always has the same response.
    pub(crate) fn rows(&self, values: &[Bytes]) -> Vec<u16> {
        let bytes = values.iter().flatten();
        let sum: usize = bytes.map(|byte| usize::from(*byte)).sum();
        let first = u16::try_from(sum % 5000).unwrap_or_default();
        let count = match self.limit(values) {
            Some(limit) => usize::from(first % 8).min(limit),
            // A single value is an id, which may be unknown.
            None if values.len() == 1 && !self.has_one_row() => usize::from(first % 4 > 0),
            None => 1,
        };
        (first..).take(count).collect()
    }

    fn has_one_row(&self) -> bool {
        let first = self.columns.first().map(String::as_str);
        matches!(first, Some("total" | "has_words" | "QUERY PLAN"))
    }

    fn limit(&self, values: &[Bytes]) -> Option<usize> {
        let (_, limit) = self.sql.split_once("LIMIT $")?;
        let number: usize = limit.split_whitespace().next()?.parse().ok()?;
        let value: &[u8] = values.get(number.checked_sub(1)?)?;
        usize::try_from(i64::from_be_bytes(value.try_into().ok()?)).ok()
    }
}

/// The last word of each element between SELECT and FROM, ignoring parentheses and their content.
fn columns(sql: &str) -> Vec<String> {
    let mut depth = 0;
    let is_outside = |character: &char| {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => return depth == 0,
        }
        false
    };
    let outer: String = sql.chars().filter(is_outside).collect();
    let (_, selected) = outer.split_once("SELECT").unwrap_or_default();
    let (selected, _) = selected.split_once("FROM").unwrap_or((selected, ""));
    let elements = selected.split(',').map(str::trim);
    let names = elements.filter_map(|element| element.rsplit(['.', ' ', '\n']).next());
    let names = names.filter(|name| !name.is_empty());
    names.map(ToOwned::to_owned).collect()
}
