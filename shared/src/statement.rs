//! A SELECT put together from what a request asks for.

use time::OffsetDateTime;
use tokio_postgres::types::{ToSql, Type};

/// A value that a statement is run with, and its type, so that the server need not be asked.
pub trait Bind: ToSql + Sync {
    /// The type as PostgreSQL knows it.
    fn sql_type(&self) -> Type;
}

macro_rules! bind {
    ($($rust:ty => $sql:ident),*) => {
        $(impl Bind for $rust {
            fn sql_type(&self) -> Type {
                Type::$sql
            }
        })*
    };
}

bind! {
    bool => BOOL, i32 => INT4, i64 => INT8, f32 => FLOAT4, String => TEXT, &str => TEXT,
    OffsetDateTime => TIMESTAMPTZ, Vec<i32> => INT4_ARRAY, Vec<&str> => TEXT_ARRAY
}

/// A statement and its parameters. The text is only ever made of constants, so that nothing of a
/// request can become SQL; what a request says are parameters.
#[derive(Clone)]
pub struct Statement<'a> {
    columns: String,
    from: String,
    conditions: String,
    end: String,
    parameters: Vec<(&'a (dyn ToSql + Sync), Type)>,
}

impl<'a> Statement<'a> {
    /// A statement that begins with `select`: SELECT and, on a line of its own, FROM; no WHERE.
    pub fn new(select: &'static str) -> Self {
        let select = select.trim_end();
        let from = select.find("\nFROM ").unwrap_or(select.len());
        Self {
            columns: select[..from].to_owned(),
            from: select[from..].to_owned(),
            conditions: String::new(),
            end: String::new(),
            parameters: Vec::new(),
        }
    }

    /// Adds a column.
    pub fn column(&mut self, column: &'static str) {
        self.columns.push_str(", ");
        self.columns.push_str(column);
    }

    /// Adds a table, as `JOIN …`, in which each `$` stands for the next of `parameters`.
    pub fn join(&mut self, table: &'static str, parameters: &[&'a dyn Bind]) {
        let table = self.number(table, parameters);
        self.from.push('\n');
        self.from.push_str(&table);
    }

    /// Adds a condition, in which each `$` stands for the next of `parameters`.
    pub fn filter(&mut self, condition: &'static str, parameters: &[&'a dyn Bind]) {
        let condition = self.number(condition, parameters);
        let and = match self.conditions.is_empty() {
            true => "\nWHERE ",
            false => "\n  AND ",
        };
        self.conditions.push_str(and);
        self.conditions.push_str(&condition);
    }

    /// Ends the statement with `sql`, in which each `$` stands for the next of `parameters`.
    pub fn end(&mut self, sql: &'static str, parameters: &[&'a dyn Bind]) {
        let sql = self.number(sql, parameters);
        self.end.push('\n');
        self.end.push_str(&sql);
    }

    fn number(&mut self, sql: &str, parameters: &[&'a dyn Bind]) -> String {
        let mut parameters = parameters.iter();
        let mut numbered = String::with_capacity(sql.len() + 8);
        for part in sql.split_inclusive('$') {
            numbered.push_str(part);
            if let (true, Some(parameter)) = (part.ends_with('$'), parameters.next()) {
                self.parameters.push((*parameter, parameter.sql_type()));
                numbered.push_str(&self.parameters.len().to_string());
            }
        }
        numbered
    }

    /// The text, with `$1`, `$2`, ….
    pub fn sql(&self) -> String {
        [&*self.columns, &self.from, &self.conditions, &self.end].concat()
    }

    /// The text that counts the rows; to be taken before the end, which a count has not.
    pub fn count_sql(&self) -> String {
        ["SELECT count(*) AS total", &self.from, &self.conditions].concat()
    }

    /// What to run it with.
    pub fn parameters(&self) -> &[(&'a (dyn ToSql + Sync), Type)] {
        &self.parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_in_the_order_they_come() {
        let mut statement = Statement::new("SELECT 1\nFROM t\n");
        statement.filter("(a, b) < ($, $)", &[&1, &2]);
        statement.join("JOIN f($) AS f ON true", &[&"x"]);
        statement.column("f.c");
        statement.filter("c = $", &[&3_i64]);
        assert_eq!(
            statement.count_sql(),
            "SELECT count(*) AS total\nFROM t\nJOIN f($3) AS f ON true\nWHERE (a, b) < ($1, $2)\n  AND c = $4"
        );
        statement.end("LIMIT $", &[&5_i64]);
        assert_eq!(
            statement.sql(),
            "SELECT 1, f.c\nFROM t\nJOIN f($3) AS f ON true\nWHERE (a, b) < ($1, $2)\n  AND c = $4\nLIMIT $5"
        );
        let types: Vec<_> = statement
            .parameters()
            .iter()
            .map(|(_, of)| of.clone())
            .collect();
        assert_eq!(
            types,
            [Type::INT4, Type::INT4, Type::TEXT, Type::INT8, Type::INT8]
        );
    }
}
