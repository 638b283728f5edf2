//! A SELECT that is composed of what a request asks for.

use super::{Bind, Sql};

/// A statement and its parameters. Its text consists of constants only, so that nothing in a
/// request can become SQL.
#[derive(Clone)]
pub struct Select<'a> {
    file: &'static str,
    columns: String,
    added: String,
    from: String,
    conditions: String,
    order: String,
    found_order: String,
    end: String,
    whole: Option<Whole>,
    is_narrowed: bool,
    most_cost: Option<f64>,
    parameters: Vec<&'a dyn Bind>,
}

/// The statement that reads whole rows, once it is known which: SELECT and FROM, and a condition for
/// what was found. `{found}` stands for the statement that finds the rows.
#[derive(Clone, Copy, Debug)]
pub struct Whole {
    /// The columns of a row.
    pub select: Sql<'static>,
    /// The condition. PostgreSQL plans it in half the time of the join.
    pub condition: &'static str,
    /// The join, for what was found with further columns.
    pub join: &'static str,
}

impl<'a> Select<'a> {
    /// A statement that starts with `select`: SELECT and, on a line of its own, FROM, without WHERE.
    pub fn new(select: Sql<'static>) -> Self {
        let (columns, from) = parts(select);
        Self {
            file: select.file,
            columns: columns.to_owned(),
            added: String::new(),
            from: from.to_owned(),
            conditions: String::new(),
            order: String::new(),
            found_order: String::new(),
            end: String::new(),
            whole: None,
            is_narrowed: false,
            most_cost: None,
            parameters: Vec::new(),
        }
    }

    /// As [`Select::new`]. What it selects finds the rows of `whole`, which is read for those rows only
    /// that are left after ORDER BY, LIMIT and OFFSET.
    pub fn find(select: Sql<'static>, whole: Whole) -> Self {
        Self {
            file: whole.select.file,
            whole: Some(whole),
            ..Self::new(select)
        }
    }

    /// Reads whole rows at once if no condition and no join narrows them, which takes less time to plan.
    pub fn at_once(&mut self) {
        if let (Some(whole), false) = (self.whole, self.is_narrowed) {
            let (columns, from) = parts(whole.select);
            self.columns = columns.to_owned();
            self.from = from.to_owned();
            self.whole = None;
        }
    }

    /// Limits the cost if there are conditions so far: they may leave few rows of a large table, so that
    /// to count, skip or examine rows may read much of it. The planner is asked first, and `most` is in
    /// its units.
    pub fn limit_cost(&mut self, most: f64) {
        self.most_cost = self.is_narrowed.then_some(most);
    }

    /// The limit of the cost.
    pub fn most_cost(&self) -> Option<f64> {
        self.most_cost
    }

    /// Adds a column.
    pub fn column(&mut self, column: &'static str) {
        self.added.push_str(", ");
        self.added.push_str(column);
    }

    /// Adds ORDER BY.
    pub fn order(&mut self, by: &'static str) {
        self.order = ["\n", by].concat();
        self.found_order.clone_from(&self.order);
    }

    /// Adds ORDER BY for the same order in other words, for the statement that finds the rows. Call it
    /// after [`Select::order`].
    pub fn find_in_order(&mut self, by: &'static str) {
        self.found_order = ["\n", by].concat();
    }

    /// Replaces FROM and its joins. Each name in braces, such as `{first}`, stands for a statement.
    pub fn from(&mut self, from: &'static str, statements: &[(&'static str, &Select<'a>)]) {
        let from = self.number_all(from, &[], statements);
        self.from = ["\n", &*from].concat();
    }

    /// Adds a join. `$1`, `$2`, … in it are its own `parameters`.
    pub fn join(&mut self, join: &'static str, parameters: &[&'a dyn Bind]) {
        self.join_of(join, parameters, &[]);
    }

    /// Adds a join in which each name in braces, such as `{words}`, stands for a statement. `$1`, `$2`,
    /// … in it are its own `parameters`.
    pub fn join_of(
        &mut self,
        join: &'static str,
        parameters: &[&'a dyn Bind],
        statements: &[(&'static str, &Select<'a>)],
    ) {
        let join = self.number_all(join, parameters, statements);
        self.from.push('\n');
        self.from.push_str(&join);
        self.is_narrowed = true;
    }

    /// Adds a condition. `$1`, `$2`, … in it are its own `parameters`.
    pub fn filter(&mut self, condition: &'static str, parameters: &[&'a dyn Bind]) {
        let condition = self.number(condition, parameters);
        let and = match self.conditions.is_empty() {
            true => "\nWHERE ",
            false => "\n  AND ",
        };
        self.is_narrowed = true;
        self.conditions.push_str(and);
        self.conditions.push_str(&condition);
    }

    /// Adds LIMIT and the like. `$1`, `$2`, … in it are its own `parameters`.
    pub fn end(&mut self, end: &'static str, parameters: &[&'a dyn Bind]) {
        let end = self.number(end, parameters);
        self.end.push('\n');
        self.end.push_str(&end);
    }

    /// As [`Select::number`], with statements in place of their names.
    fn number_all(
        &mut self,
        sql: &'static str,
        parameters: &[&'a dyn Bind],
        statements: &[(&'static str, &Select<'a>)],
    ) -> String {
        let mut numbered = self.number(sql, parameters);
        for (name, statement) in statements {
            let sql = self.number(&statement.sql(), &statement.parameters);
            numbered = numbered.replace(name, &sql);
        }
        numbered
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
        let found = self.found_sql();
        let Some(whole) = self.whole else {
            return found;
        };
        let (columns, from) = parts(whole.select);
        let which = match self.added.is_empty() {
            true => whole.condition,
            false => whole.join,
        };
        let which = which.replace("{found}", &found);
        [columns, &self.added, from, "\n", &which, &self.order].concat()
    }

    /// The text that finds the rows, without the [`Whole`] of them.
    pub fn found_sql(&self) -> String {
        [
            &*self.columns,
            &self.added,
            &self.from,
            &self.conditions,
            &self.found_order,
            &self.end,
        ]
        .concat()
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

/// SELECT with the columns, and FROM.
fn parts(select: Sql<'static>) -> (&'static str, &'static str) {
    let text = select.text.trim_end();
    text.split_at(text.find("\nFROM ").unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use tokio_postgres::types::Type;

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
    fn whole_rows_are_read_of_what_is_found_only() {
        let [ids, films] = ["SELECT f.id\nFROM f", "SELECT f.id, f.text\nFROM f"].map(|text| Sql {
            file: "t.sql",
            text,
        });
        let whole = Whole {
            select: films,
            condition: "WHERE f.id = ANY (ARRAY ({found}))",
            join: "JOIN ({found}) AS found ON found.id = f.id",
        };
        let mut select = Select::find(ids, whole);
        select.filter("f.a = $1", &[&7_i64]);
        assert_eq!(
            select.sql(),
            "SELECT f.id, f.text\nFROM f\nWHERE f.id = ANY (ARRAY (SELECT f.id\nFROM f\nWHERE f.a = $1))"
        );
        let mut select = Select::find(ids, whole);
        select.join("JOIN r($1) AS found USING (id)", &[&"x"]);
        select.column("found.rank");
        select.filter("f.a = $1", &[&7_i64]);
        select.order("ORDER BY found.rank");
        select.end("LIMIT $1", &[&5_i64]);
        let found = "SELECT f.id, found.rank\nFROM f\nJOIN r($1) AS found USING (id)\nWHERE f.a = $2\nORDER BY found.rank\nLIMIT $3";
        assert_eq!(select.found_sql(), found);
        assert_eq!(
            select.sql(),
            format!(
                "SELECT f.id, f.text, found.rank\nFROM f\nJOIN ({found}) AS found ON found.id = f.id\nORDER BY found.rank"
            )
        );
    }

    #[test]
    fn whole_rows_are_read_at_once_if_nothing_narrows_them() {
        let [ids, films] = ["SELECT f.id\nFROM f", "SELECT f.id, f.text\nFROM f"].map(|text| Sql {
            file: "t.sql",
            text,
        });
        let whole = Whole {
            select: films,
            condition: "WHERE f.id = ANY (ARRAY ({found}))",
            join: "JOIN ({found}) AS found USING (id)",
        };
        let select = Select::find(ids, whole);
        let mut all = select.clone();
        all.at_once();
        all.filter("f.id > $1", &[&7_i64]);
        assert_eq!(all.sql(), "SELECT f.id, f.text\nFROM f\nWHERE f.id > $1");
        let mut some = select;
        some.filter("f.id > $1", &[&7_i64]);
        some.at_once();
        assert!(
            some.sql()
                .contains("ANY (ARRAY (SELECT f.id\nFROM f\nWHERE")
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
        let mut select = Select::new(Sql {
            file: "t.sql",
            text: "SELECT 1\nFROM t",
        });
        select.filter("t.b = $1", &[&"x"]);
        select.from("FROM ({one}) AS t", &[("{one}", &one)]);
        assert_eq!(
            select.sql(),
            "SELECT 1\nFROM (SELECT 2\nFROM p\nWHERE p.a = $2) AS t\nWHERE t.b = $1"
        );
    }
}
