//! Splits a script into statements, with a parser that knows PostgreSQL's quoting.

use squawk_syntax::{
    SourceFile,
    ast::{AstNode, CreateIndex, DropIndex, Stmt, Temp},
};

use crate::{
    files::backfill,
    files::psql,
    files::{Script, hash},
};

/// A statement of a script.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement {
    pub sql: String,
    /// Its first line in the file, from 1.
    pub line: usize,
    pub hash: String,
    pub kind: Kind,
}

/// What the engine can do about a statement when it is unknown whether it ran.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Ask the catalog for this index, whose name is quoted for SQL.
    CreateIndexConcurrently(String),
    /// Ask the catalog for this index, whose name is quoted for SQL.
    DropIndexConcurrently(String),
    /// Run it again, which is harmless: VACUUM, ANALYZE, REINDEX, REFRESH and the like.
    Repeatable,
    /// Always run it again: it changes a setting of the session that later statements rely on.
    Setting,
    /// Nothing: a person must find out.
    Other,
}

impl Statement {
    /// Whether it blocks nobody while it waits for a lock, so that it may wait.
    pub fn is_concurrent(&self) -> bool {
        self.sql.to_uppercase().contains("CONCURRENTLY")
    }
}

/// Splits a script into its statements.
///
/// # Errors
/// A syntax error, or a statement that cannot be in a migration, with its file and line.
pub(crate) fn split(script: &Script) -> Result<Vec<Statement>, String> {
    let parse = SourceFile::parse(&script.text);
    let (tree, text) = (parse.tree(), &script.text);
    let errors = parse.errors().into_iter();
    let errors = errors.map(|error| (error.range().start().into(), error.message().to_owned()));
    // What only psql understands is a syntax error too, here or in the next line.
    let problems = [
        psql::command(&tree, text),
        psql::copy(&tree),
        errors.min_by_key(|(at, _)| *at),
    ];
    let first = problems.into_iter().flatten().min_by_key(|(at, _)| *at);
    if let Some((at, message)) = first {
        return Err(format!("{}:{}: {message}", script.file, line_at(text, at)));
    }
    if script.directives.repeat {
        let statements: Vec<_> = tree.stmts().collect();
        if let Some(reason) = backfill::refused(&statements) {
            return Err(format!("{}: {reason}", script.file));
        }
    }
    tree.stmts()
        .map(|statement| read(script, &statement))
        .collect()
}

fn read(script: &Script, statement: &Stmt) -> Result<Statement, String> {
    let start = statement.syntax().text_range().start().into();
    let line = line_at(&script.text, start);
    let sql = statement.syntax().text().to_string();
    let sql = sql.trim().trim_end_matches(';').to_owned();
    let reason = refused(statement).or_else(|| match script.directives.no_transaction {
        true => lost_on_resume(statement),
        false => None,
    });
    if let Some(reason) = reason {
        return Err(format!("{}:{line}: `{sql}` {reason}", script.file));
    }
    let kind = match is_set_config(&sql) {
        true => Kind::Setting,
        false => kind(statement),
    };
    Ok(Statement {
        line,
        hash: hash(&sql),
        kind,
        sql,
    })
}

/// Why a statement cannot be in a migration.
fn refused(statement: &Stmt) -> Option<&'static str> {
    match statement {
        Stmt::Begin(_) | Stmt::Commit(_) | Stmt::Rollback(_) | Stmt::PrepareTransaction(_) => {
            Some("begins or ends a transaction: remove it, since the engine does that")
        }
        Stmt::SetSessionAuth(_) => {
            Some("denies the engine access to its bookkeeping: use SET ROLE")
        }
        Stmt::CreateIndex(create)
            if create.concurrently_token().is_some() && create.index().is_none() =>
        {
            Some("must name its index, so that a later run can find it")
        }
        _ => None,
    }
}

/// Why a statement cannot be outside of a transaction: a later run, in another session, would lack
/// what it made.
fn lost_on_resume(statement: &Stmt) -> Option<&'static str> {
    // CREATE TEMP TABLE, VIEW or SEQUENCE, and SELECT INTO TEMP; EXPLAIN ANALYZE may contain them.
    let mut nodes = statement.syntax().descendants();
    let is_temporary = nodes.any(|node| Temp::can_cast(node.kind()));
    match statement {
        Stmt::Prepare(_) | Stmt::Declare(_) => {}
        _ if is_temporary => {}
        _ => return None,
    }
    Some(
        "makes something that is lost when a later run continues in another session: use a transaction, or a permanent object",
    )
}

/// Whether the statement calls set_config, which a later run must repeat like SET.
fn is_set_config(sql: &str) -> bool {
    let sql = sql.to_lowercase();
    let words = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    words.starts_with("select set_config(") || words.starts_with("select pg_catalog.set_config(")
}

/// The line, from 1, of an offset in bytes.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

fn kind(statement: &Stmt) -> Kind {
    match statement {
        Stmt::CreateIndex(create) => {
            created(create).map_or(Kind::Other, Kind::CreateIndexConcurrently)
        }
        Stmt::DropIndex(drop) => dropped(drop).map_or(Kind::Other, Kind::DropIndexConcurrently),
        // Not repeatable: each failure leaves another invalid index.
        Stmt::Reindex(_)
            if statement
                .syntax()
                .text()
                .to_string()
                .to_uppercase()
                .contains("CONCURRENTLY") =>
        {
            Kind::Other
        }
        Stmt::Analyze(_)
        | Stmt::Checkpoint(_)
        | Stmt::Cluster(_)
        | Stmt::Refresh(_)
        | Stmt::Reindex(_)
        | Stmt::Vacuum(_) => Kind::Repeatable,
        Stmt::Set(_)
        | Stmt::SetRole(_)
        | Stmt::Reset(_)
        | Stmt::ResetRole(_)
        | Stmt::ResetSessionAuth(_) => Kind::Setting,
        _ => Kind::Other,
    }
}

/// The index that is created concurrently, with the schema of its table: CREATE INDEX names none.
fn created(create: &CreateIndex) -> Option<String> {
    create.concurrently_token()?;
    let name = create.index()?.syntax().text().to_string();
    let table = create.table_relation_name()?.table_name_ref()?;
    let table = table.syntax().text().to_string();
    Some(match table.trim().rsplit_once('.') {
        Some((schema, _)) => format!("{}.{}", schema.trim(), name.trim()),
        None => name.trim().to_owned(),
    })
}

/// The index that is dropped concurrently.
fn dropped(drop: &DropIndex) -> Option<String> {
    drop.concurrently_token()?;
    let name = drop.index_refs().next()?;
    Some(name.syntax().text().to_string().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(text: &str) -> Vec<Statement> {
        let script = Script::new("x.up.sql".to_owned(), text).expect("a script");
        split(&script).expect("statements")
    }

    #[test]
    fn quotes_and_bodies_do_not_end_a_statement() {
        let text = "-- one; two\nSELECT 'a;b', E'\\';', \"c;d\", $$e;f$$, $x$;$$;$x$;\n\n/* ; /* ; */ */\nDO $$ BEGIN PERFORM 1; END $$;\nCREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;\nSELECT 3";
        let found = statements(text);
        let lines: Vec<_> = found.iter().map(|statement| statement.line).collect();
        assert_eq!(lines, [2, 5, 6, 7]);
        assert!(found[2].sql.ends_with("SELECT 2; END"), "{}", found[2].sql);
    }

    #[test]
    fn a_statement_has_the_kind_of_its_syntax() {
        let text =
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"My idx\" ON public.film (title);
            CREATE INDEX CONCURRENTLY b ON film (title);
            DROP INDEX CONCURRENTLY IF EXISTS public.b;
            CREATE INDEX c ON film (title);
            VACUUM film;
            SELECT set_config('role', 'x', false);";
        let kinds: Vec<_> = statements(text)
            .into_iter()
            .map(|statement| statement.kind)
            .collect();
        let expected = [
            Kind::CreateIndexConcurrently("public.\"My idx\"".to_owned()),
            Kind::CreateIndexConcurrently("b".to_owned()),
            Kind::DropIndexConcurrently("public.b".to_owned()),
            Kind::Other,
            Kind::Repeatable,
            Kind::Setting,
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn a_statement_that_disturbs_the_engine_is_refused_with_its_line() {
        for sql in [
            "BEGIN",
            "END",
            "ABORT",
            "ROLLBACK",
            "CREATE INDEX CONCURRENTLY ON t (id)",
            "SET SESSION AUTHORIZATION x",
        ] {
            let script = Script::new("x.up.sql".to_owned(), &format!("SELECT 1;\n{sql};"))
                .expect("a script");
            let error = split(&script).expect_err(sql);
            assert!(error.starts_with("x.up.sql:2: "), "{error}");
        }
    }

    #[test]
    fn a_temporary_object_is_found_by_its_syntax() {
        let outside = |sql: &str| {
            let text = format!("-- migrate: no-transaction\n{sql};");
            split(&Script::new("x.up.sql".to_owned(), &text).expect("a script"))
        };
        for permanent in [
            "CREATE TABLE templates ()",
            "CREATE TABLE temp.orders ()",
            "CREATE VIEW temperature AS SELECT 1",
            "CREATE SCHEMA temp",
            "DROP TABLE temporary_orders",
            "DO $$ BEGIN CREATE TEMP TABLE x (); END $$",
        ] {
            outside(permanent).expect(permanent);
        }
        for temporary in [
            "CREATE OR REPLACE TEMP VIEW x AS SELECT 1",
            "CREATE /* */ LOCAL TEMPORARY TABLE x ()",
            "CREATE TEMP SEQUENCE x",
            "SELECT 1 AS id INTO TEMP x",
            "EXPLAIN ANALYZE CREATE TEMP TABLE x AS SELECT 1",
        ] {
            let error = outside(temporary).expect_err(temporary);
            assert!(error.contains("another session"), "{error}");
        }
    }

    #[test]
    fn a_syntax_error_is_reported_with_its_line() {
        let script =
            Script::new("x.up.sql".to_owned(), "SELECT 1;\nCREATE TABEL x ();").expect("a script");
        let error = split(&script).expect_err("an error");
        assert!(error.starts_with("x.up.sql:2: "), "{error}");
    }
}
