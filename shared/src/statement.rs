//! A SELECT put together from the conditions that a request asks for.

use tokio_postgres::types::ToSql;

/// A statement and its parameters. The text is only ever made of constants, so that nothing of a
/// request can become SQL; what a request says are parameters.
pub struct Statement<'a> {
    sql: String,
    parameters: Vec<&'a (dyn ToSql + Sync)>,
    filtered: bool,
}

impl<'a> Statement<'a> {
    /// A statement that begins with `select`: SELECT and FROM, without WHERE.
    pub fn new(select: &'static str) -> Self {
        Self {
            sql: select.trim_end().to_owned(),
            parameters: Vec::new(),
            filtered: false,
        }
    }

    /// Adds a condition, in which each `$` stands for the next of `parameters`.
    pub fn filter(&mut self, condition: &'static str, parameters: &[&'a (dyn ToSql + Sync)]) {
        let and = if self.filtered {
            "\n  AND "
        } else {
            "\nWHERE "
        };
        self.filtered = true;
        self.push(and, condition, parameters);
    }

    /// Ends the statement with `sql`, in which each `$` stands for the next of `parameters`.
    pub fn end(&mut self, sql: &'static str, parameters: &[&'a (dyn ToSql + Sync)]) {
        self.push("\n", sql, parameters);
    }

    fn push(&mut self, before: &str, sql: &str, parameters: &[&'a (dyn ToSql + Sync)]) {
        self.sql.push_str(before);
        let mut parameters = parameters.iter();
        for part in sql.split_inclusive('$') {
            self.sql.push_str(part);
            if let (true, Some(parameter)) = (part.ends_with('$'), parameters.next()) {
                self.parameters.push(*parameter);
                self.sql.push_str(&self.parameters.len().to_string());
            }
        }
    }

    /// The text, with `$1`, `$2`, ….
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// What to run it with.
    pub fn parameters(&self) -> &[&'a (dyn ToSql + Sync)] {
        &self.parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_in_the_order_they_come() {
        let mut statement = Statement::new("SELECT 1\n");
        statement.filter("(a, b) < ($, $)", &[&1, &2]);
        statement.filter("c = $", &[&3]);
        statement.end("LIMIT $", &[&4_i64]);
        let sql = "SELECT 1\nWHERE (a, b) < ($1, $2)\n  AND c = $3\nLIMIT $4";
        assert_eq!(statement.sql(), sql);
        assert_eq!(statement.parameters().len(), 4);
    }
}
