//! A SELECT that is composed of what a request asks for.

use time::OffsetDateTime;
use tokio_postgres::types::{ToSql, Type};

/// A statement, which [`sql!`](crate::sql) reads from a file.
#[derive(Clone, Copy, Debug)]
pub struct Sql<'a> {
    /// The file that it stands in or starts from, which names it in logs: `get-film/src/get_film.sql`.
    pub file: &'static str,
    /// The text, with `$1`, `$2`, ….
    pub text: &'a str,
}

/// The [`Sql`] in a file of `src`, beside the code that names it.
#[macro_export]
macro_rules! sql {
    ($file:literal) => {
        $crate::database::Sql {
            file: concat!(env!("CARGO_PKG_NAME"), "/src/", $file),
            text: include_str!($file),
        }
    };
}

/// A value for a parameter of a statement, with its type, so that the server need not be asked.
pub trait Bind: ToSql + Sync {
    /// The PostgreSQL type.
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

/// A statement and its parameters. Its text consists of constants only, so that nothing in a
/// request can become SQL.
#[derive(Clone)]
pub struct Select<'a> {
    file: &'static str,
    columns: String,
    from: String,
    conditions: String,
    end: String,
    parameters: Vec<&'a dyn Bind>,
}

impl<'a> Select<'a> {
    /// A statement that starts with `select`: SELECT and, on a line of its own, FROM, without WHERE.
    pub fn new(select: Sql<'static>) -> Self {
        let Sql { file, text } = select;
        let select = text.trim_end();
        let from = select.find("\nFROM ").unwrap_or(select.len());
        Self {
            file,
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

    /// Adds a join. `$1`, `$2`, … in it are its own `parameters`.
    pub fn join(&mut self, join: &'static str, parameters: &[&'a dyn Bind]) {
        let join = self.number(join, parameters);
        self.from.push('\n');
        self.from.push_str(&join);
    }

    /// Adds a join in which each name in braces, such as `{words}`, stands for a statement. `$1`, `$2`,
    /// … in it are its own `parameters`.
    pub fn join_of(
        &mut self,
        join: &'static str,
        parameters: &[&'a dyn Bind],
        statements: &[(&'static str, &Select<'a>)],
    ) {
        let mut join = self.number(join, parameters);
        for (name, statement) in statements {
            let sql = self.number(&statement.sql(), &statement.parameters);
            join = join.replace(name, &sql);
        }
        self.from.push('\n');
        self.from.push_str(&join);
    }

    /// Adds a condition. `$1`, `$2`, … in it are its own `parameters`.
    pub fn filter(&mut self, condition: &'static str, parameters: &[&'a dyn Bind]) {
        let condition = self.number(condition, parameters);
        let and = match self.conditions.is_empty() {
            true => "\nWHERE ",
            false => "\n  AND ",
        };
        self.conditions.push_str(and);
        self.conditions.push_str(&condition);
    }

    /// Adds ORDER BY, LIMIT and the like. `$1`, `$2`, … in it are its own `parameters`.
    pub fn end(&mut self, end: &'static str, parameters: &[&'a dyn Bind]) {
        let end = self.number(end, parameters);
        self.end.push('\n');
        self.end.push_str(&end);
    }

    /// Renumbers `$1`, `$2`, … of a part to follow the parameters that there are already.
    fn number(&mut self, sql: &str, parameters: &[&'a dyn Bind]) -> String {
        let before = self.parameters.len();
        self.parameters.extend(parameters);
        let mut parts = sql.split('$');
        let mut numbered = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
            let number = part[..part.len() - rest.len()].parse().unwrap_or(0);
            numbered.push('$');
            numbered.push_str(&(before + number).to_string());
            numbered.push_str(rest);
        }
        numbered
    }

    /// The file that the statement starts from.
    pub fn file(&self) -> &'static str {
        self.file
    }

    /// The text, with `$1`, `$2`, ….
    pub fn sql(&self) -> String {
        [&*self.columns, &self.from, &self.conditions, &self.end].concat()
    }

    /// The text that counts the rows, up to `most` and one more. Call it before [`Select::end`], which
    /// a count does not have.
    pub fn count_sql(&self, most: i64) -> String {
        let (from, conditions) = (&self.from, &self.conditions);
        let limit = most + 1;
        format!(
            "SELECT count(*) AS total\nFROM (SELECT{from}{conditions}\nLIMIT {limit}) AS counted"
        )
    }

    /// The values of `$1`, `$2`, ….
    pub fn parameters(&self) -> &[&'a dyn Bind] {
        &self.parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_in_the_order_of_their_addition() {
        let mut select = Select::new(Sql {
            file: "t.sql",
            text: "SELECT 1\nFROM t\n",
        });
        select.filter("(a, b) < ($1, $2)", &[&1, &2]);
        select.join("JOIN f($1) AS f ON $1 > ''", &[&"x"]);
        select.column("f.c");
        select.filter("c = $1", &[&3_i64]);
        assert_eq!(
            select.count_sql(9),
            "SELECT count(*) AS total\nFROM (SELECT\nFROM t\nJOIN f($3) AS f ON $3 > ''\nWHERE (a, b) < ($1, $2)\n  AND c = $4\nLIMIT 10) AS counted"
        );
        select.end("LIMIT $1", &[&5_i64]);
        assert_eq!(
            select.sql(),
            "SELECT 1, f.c\nFROM t\nJOIN f($3) AS f ON $3 > ''\nWHERE (a, b) < ($1, $2)\n  AND c = $4\nLIMIT $5"
        );
        let types = select.parameters().iter().map(|value| value.sql_type());
        assert_eq!(
            types.collect::<Vec<_>>(),
            [Type::INT4, Type::INT4, Type::TEXT, Type::INT8, Type::INT8]
        );
    }

    #[test]
    fn a_statement_in_a_join_keeps_its_parameters() {
        let part = |text: &'static str| {
            let mut part = Select::new(Sql {
                file: "p.sql",
                text,
            });
            part.filter("p.a = $1", &[&7_i64]);
            part
        };
        let mut select = Select::new(Sql {
            file: "t.sql",
            text: "SELECT 1\nFROM t",
        });
        let (one, two) = (part("SELECT 2\nFROM p"), part("SELECT 3\nFROM p"));
        let join = "JOIN ({one} UNION {two}) AS u ON u.a = $1";
        select.join_of(join, &[&"x"], &[("{one}", &one), ("{two}", &two)]);
        assert_eq!(
            select.sql(),
            "SELECT 1\nFROM t\nJOIN (SELECT 2\nFROM p\nWHERE p.a = $2 UNION SELECT 3\nFROM p\nWHERE p.a = $3) AS u ON u.a = $1"
        );
        assert_eq!(select.parameters().len(), 3);
    }
}
