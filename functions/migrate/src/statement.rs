//! Scripts cut into statements, by a parser that knows PostgreSQL's quoting.

use squawk_syntax::{
    SourceFile,
    ast::{AstNode, CreateIndex, DropIndex, Stmt},
};

use crate::files::{Script, hash};

/// A statement of a script.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement {
    pub sql: String,
    /// Where it begins in its file, from 1.
    pub line: usize,
    pub hash: String,
    pub kind: Kind,
}

/// What is known of a statement when nobody knows whether it ran.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// The catalog tells. The index's name, as SQL has it.
    CreateIndexConcurrently(String),
    /// The catalog tells. The index's name, as SQL has it.
    DropIndexConcurrently(String),
    /// It may run again: VACUUM, ANALYZE, REINDEX, REFRESH and the like.
    Repeatable,
    /// It sets the session, for those after it: a run that goes on must run it again.
    Setting,
    Other,
}

/// The statements of a script.
///
/// # Errors
/// Where the parser does not know the syntax, its file, line and message.
pub(crate) fn split(script: &Script) -> Result<Vec<Statement>, String> {
    let parse = SourceFile::parse(&script.text);
    if let Some(error) = parse.errors().first() {
        let line = line_at(&script.text, error.range().start().into());
        return Err(format!("{}:{line}: {}", script.file, error.message()));
    }
    parse
        .tree()
        .stmts()
        .map(|statement| read(script, &statement))
        .collect()
}

fn read(script: &Script, statement: &Stmt) -> Result<Statement, String> {
    let start = statement.syntax().text_range().start().into();
    let line = line_at(&script.text, start);
    let sql = statement.syntax().text().to_string();
    let sql = sql.trim().trim_end_matches(';').to_owned();
    let reason = refusal(statement).or_else(|| match script.directives.no_transaction {
        true => lost_on_resume(statement, &sql),
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

/// Why a statement cannot stand in a migration.
fn refusal(statement: &Stmt) -> Option<&'static str> {
    match statement {
        Stmt::Begin(_) | Stmt::Commit(_) | Stmt::Rollback(_) | Stmt::PrepareTransaction(_) => {
            Some("would begin or end a transaction, which only the engine does")
        }
        Stmt::SetSessionAuth(_) => Some("would keep the engine from its bookkeeping: use SET ROLE"),
        Stmt::CreateIndex(create)
            if create.concurrently_token().is_some() && create.index().is_none() =>
        {
            Some("must name its index, so that a run that goes on can find it")
        }
        _ => None,
    }
}

/// Why a run that goes on in another session could not do without it.
fn lost_on_resume(statement: &Stmt, sql: &str) -> Option<&'static str> {
    let words = sql.to_lowercase();
    let words: Vec<_> = words.split_whitespace().take(3).collect();
    let is_temporary =
        words.first() == Some(&"create") && words.iter().any(|word| word.starts_with("temp"));
    match statement {
        Stmt::Prepare(_) | Stmt::Declare(_) => {}
        _ if is_temporary => {}
        _ => return None,
    }
    Some("would be gone when a run goes on in another session")
}

/// SET as a function, which a run that goes on must repeat like SET itself.
fn is_set_config(sql: &str) -> bool {
    let sql = sql.to_lowercase();
    let words = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    words.starts_with("select set_config(") || words.starts_with("select pg_catalog.set_config(")
}

/// The line of an offset in bytes, from 1.
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
        // It leaves an invalid index each time that it fails.
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

/// An index lies in its table's schema, and is named without one.
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
    fn concurrent_indexes_are_known_by_their_name() {
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
    fn what_the_engine_cannot_bear_is_refused_with_its_line() {
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
    fn what_is_no_sql_is_named_with_its_line() {
        let script =
            Script::new("x.up.sql".to_owned(), "SELECT 1;\nCREATE TABEL x ();").expect("a script");
        let error = split(&script).expect_err("an error");
        assert!(error.starts_with("x.up.sql:2: "), "{error}");
    }
}
