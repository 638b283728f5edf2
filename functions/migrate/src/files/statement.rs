//! Splits a script into statements, with a parser that knows PostgreSQL's quoting.

use squawk_syntax::{
    SourceFile, SyntaxToken,
    ast::{AstNode, CallExpr, DiscardTarget, Stmt, Temp},
};

use crate::{
    files::backfill,
    files::kind::Kind,
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
        false => Kind::of(statement),
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
        Stmt::Discard(discard)
            if matches!(discard.discard_target(), Some(DiscardTarget::DiscardAll(_))) =>
        {
            Some(
                "releases the lock that keeps other runners out: use RESET ALL, DEALLOCATE ALL, CLOSE ALL or DISCARD TEMP",
            )
        }
        Stmt::CreateFunction(_) | Stmt::CreateProcedure(_) => None,
        other if calls_unlock_all(other) => {
            Some("releases the lock that keeps other runners out: use pg_advisory_unlock(key)")
        }
        Stmt::CreateIndex(create)
            if create.concurrently_token().is_some() && create.index().is_none() =>
        {
            Some("must name its index, so that a later run can find it")
        }
        _ => None,
    }
}

/// Whether it calls pg_advisory_unlock_all(). What a DO block or a function calls cannot be seen.
fn calls_unlock_all(statement: &Stmt) -> bool {
    let mut calls = statement.syntax().descendants().filter_map(CallExpr::cast);
    calls.any(|call| {
        let function = call
            .expr()
            .map(|function| function.syntax().text().to_string());
        let name = function.unwrap_or_default().to_lowercase();
        name.rsplit('.').next().map(str::trim) == Some("pg_advisory_unlock_all")
    })
}

/// Why a statement cannot be outside of a transaction: a later run, in another session, would lack
/// what it made.
fn lost_on_resume(statement: &Stmt) -> Option<&'static str> {
    // CREATE TEMP TABLE, VIEW or SEQUENCE, and SELECT INTO TEMP; EXPLAIN ANALYZE may contain them.
    let mut nodes = statement.syntax().descendants_with_tokens();
    let is_temporary = nodes.any(|node| {
        Temp::can_cast(node.kind()) || node.into_token().is_some_and(is_temporary_schema)
    });
    match statement {
        Stmt::Prepare(_) | Stmt::Declare(_) => {}
        _ if is_temporary => {}
        _ => return None,
    }
    Some(
        "makes something that is lost when a later run continues in another session: use a transaction, or a permanent object",
    )
}

/// Whether this is the schema of a name, as in `pg_temp.x`. In a search_path it makes nothing.
fn is_temporary_schema(token: SyntaxToken) -> bool {
    let name = token.text().to_lowercase();
    let mut next = std::iter::successors(token.next_token(), SyntaxToken::next_token);
    let next = next.find(|token| !token.kind().is_trivia());
    matches!(name.as_str(), "pg_temp" | "\"pg_temp\"")
        && next.is_some_and(|next| next.text() == ".")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::kind::Reindexed;

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
            SELECT set_config('role', 'x', false);
            REINDEX INDEX CONCURRENTLY public.b;
            REINDEX (VERBOSE, CONCURRENTLY) TABLE \"My film\";
            REINDEX SCHEMA CONCURRENTLY public;
            REINDEX (CONCURRENTLY false) TABLE film;
            ALTER TABLE ONLY public.film DETACH PARTITION film_1 CONCURRENTLY;
            ALTER TABLE film DETACH PARTITION film_1 FINALIZE;
            ALTER TABLE film DETACH PARTITION film_1;";
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
            Kind::ReindexConcurrently(Reindexed::Relation("public.b".to_owned())),
            Kind::ReindexConcurrently(Reindexed::Relation("\"My film\"".to_owned())),
            Kind::ReindexConcurrently(Reindexed::Schema("public".to_owned())),
            Kind::Repeatable,
            Kind::DetachConcurrently {
                table: "public.film".to_owned(),
                partition: "film_1".to_owned(),
            },
            Kind::Other,
            Kind::Other,
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
            "DISCARD ALL",
            "SELECT pg_advisory_unlock_all()",
            "SELECT 1 FROM t WHERE pg_catalog.PG_ADVISORY_UNLOCK_ALL() IS NULL",
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
            "CREATE FUNCTION f() RETURNS int SET search_path = public, pg_temp RETURN 1",
        ] {
            outside(permanent).expect(permanent);
        }
        for temporary in [
            "CREATE OR REPLACE TEMP VIEW x AS SELECT 1",
            "CREATE /* */ LOCAL TEMPORARY TABLE x ()",
            "CREATE TEMP SEQUENCE x",
            "SELECT 1 AS id INTO TEMP x",
            "EXPLAIN ANALYZE CREATE TEMP TABLE x AS SELECT 1",
            "CREATE TABLE pg_temp.x ()",
            "CREATE VIEW \"pg_temp\" . x AS SELECT 1",
            "CREATE FUNCTION PG_TEMP.f() RETURNS int RETURN 1",
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
