//! `--sql`: what a run would execute, as a script for psql.

use std::time::Duration;

use squawk_syntax::{SourceFile, ast::AstNode};

use crate::{
    database::history::{Applied, State, irreversible},
    database::repeatable::RECORD_REPEATABLE,
    database::session::Session,
    failure::Failure,
    files::directives::Directives,
    files::repeatable::Repeatable,
    files::statement::split,
    files::{Migration, Migrations, Script},
    run::moved::Moved,
    run::plan::is_late,
    run::way_back::WayBack,
};

const CREATE: &str = include_str!("../sql/create.sql");
/// By default psql continues after an error, and would record a migration that failed.
const STRICT: &str = "\\set ON_ERROR_STOP on\n\n";
/// As the engine does between files.
const RESET: &str = "RESET ROLE;\nRESET ALL;\nCLOSE ALL;\nUNLISTEN *;\nDEALLOCATE ALL;\nDISCARD TEMP;\nDISCARD SEQUENCES;\n";

pub(crate) fn up(
    plan: &[&Migration],
    history: &[Applied],
    moved: &[Moved<'_>],
    due: &[&Repeatable],
) -> Result<String, Failure> {
    refuse_incomplete(history.iter())?;
    let is_late = |migration: &Migration| is_late(migration, history, moved);
    let mut sql = String::from(STRICT);
    // An older bookkeeping does not know what is out of order, has moved or is repeatable.
    let is_new = !moved.is_empty() || !due.is_empty() || plan.iter().any(|file| is_late(file));
    if history.is_empty() || is_new {
        sql.push_str(CREATE);
    }
    for migration in plan {
        match moved
            .iter()
            .find(|moved| moved.to.version == migration.version)
        {
            Some(moved) => sql += &adopt(moved),
            None => add(
                &mut sql,
                &migration.up,
                &record(migration, is_late(migration)),
            )?,
        }
    }
    repeat(&mut sql, due)?;
    Ok(sql)
}

/// A script that needs no database to be written, and looks for the expected one when it runs. `from` is
/// None for an empty history.
pub(crate) fn offline_up(
    plan: &[&Migration],
    from: Option<&str>,
    repeatable: &[&Repeatable],
) -> Result<String, Failure> {
    let mut sql = String::from(STRICT);
    if from.is_none() || !repeatable.is_empty() {
        sql.push_str(CREATE);
    }
    sql += &require(from, "");
    for migration in plan {
        add(&mut sql, &migration.up, &record(migration, false))?;
    }
    repeat(&mut sql, repeatable)?;
    Ok(sql)
}

/// The same for the ways back of the migrations after `to`, which the plan has oldest first. The files
/// have the ways back of these migrations alone, so the script looks for exactly these.
pub(crate) fn offline_down(
    plan: &[&Migration],
    from: &str,
    to: Option<&str>,
    migrations: &Migrations,
) -> Result<String, Failure> {
    let applied = plan
        .iter()
        .map(|file| format!("{} {}", file.version, file.checksum()));
    let applied = applied.collect::<Vec<_>>().join(", ");
    let others = format!(
        "    IF '{applied}' <> (
        SELECT coalesce(string_agg(version || ' ' || checksum, ', ' ORDER BY version), '')
        FROM migrate.history WHERE version > {}
    ) THEN
        RAISE 'the database has other migrations after {} than this script reverts, or applied them from other \
         files: run downgrade on the database itself';
    END IF;\n",
        literal(to.unwrap_or_default()),
        to.unwrap_or("base"),
    );
    let sql = format!("{STRICT}{}", require(Some(from), &others));
    let ways_back = plan.iter().rev().map(|migration| {
        let down = migration.down.as_ref();
        let down = down.ok_or_else(|| irreversible(&migration.version, &migration.name))?;
        Ok((migration.version.as_str(), down))
    });
    revert(sql, ways_back.collect::<Result<_, Failure>>()?, migrations)
}

/// A block that fails in a database that is not wholly at this version, or where `others` does.
fn require(version: Option<&str>, others: &str) -> String {
    format!(
        "\nDO $$
DECLARE
    newest text := (SELECT max(version) FROM migrate.history);
BEGIN
    IF newest IS DISTINCT FROM {} OR EXISTS (SELECT FROM migrate.history WHERE state <> 'applied') THEN
        RAISE 'this script begins at {}, and the database is at % or incomplete', coalesce(newest, 'base');
    END IF;
{others}END
$$;\n",
        version.map_or("NULL".to_owned(), literal),
        version.unwrap_or("base"),
    )
}

fn record(migration: &Migration, late: bool) -> String {
    let down = migration.down.as_ref();
    let down = down.map_or("NULL".to_owned(), |script| literal(&script.text));
    let (column, value) = match late {
        true => (", out_of_order", ", true"),
        false => ("", ""),
    };
    format!(
        "INSERT INTO migrate.history (version, name, checksum, down, state{column})\nVALUES ({}, {}, {}, {down}, \
         'applied'{value});\n",
        literal(&migration.version),
        literal(&migration.name),
        literal(&migration.checksum()),
    )
}

fn repeat(sql: &mut String, files: &[&Repeatable]) -> Result<(), Failure> {
    for file in files {
        let record = RECORD_REPEATABLE.replace("$1", &literal(&file.name));
        let record = record.replace("$2", &literal(&file.checksum()));
        add(sql, &file.script, &format!("{};\n", record.trim_end()))?;
    }
    Ok(())
}

fn adopt(moved: &Moved<'_>) -> String {
    let (from, to) = (literal(&moved.row.version), literal(&moved.to.version));
    format!(
        "\n-- {}\nUPDATE migrate.history SET version = {to}, moved_from = {from} WHERE version = {from};\n",
        moved.sentence()
    )
}

pub(crate) fn down(
    plan: &[(&Applied, WayBack)],
    migrations: &Migrations,
) -> Result<String, Failure> {
    refuse_incomplete(plan.iter().map(|(row, _)| *row))?;
    let plan = plan
        .iter()
        .map(|(row, way_back)| (row.version.as_str(), &way_back.script));
    revert(String::from(STRICT), plan.collect(), migrations)
}

/// Adds the ways back, newest first.
fn revert(
    mut sql: String,
    plan: Vec<(&str, &Script)>,
    migrations: &Migrations,
) -> Result<String, Failure> {
    let mut again = "";
    if !migrations.repeatable.is_empty() {
        sql.push_str(CREATE);
        again = "DELETE FROM migrate.repeatable;\n";
    }
    for (version, script) in plan {
        let record = format!(
            "{again}DELETE FROM migrate.history WHERE version = {};\n",
            literal(version)
        );
        add(&mut sql, script, &record)?;
    }
    Ok(sql)
}

fn refuse_incomplete<'a>(mut rows: impl Iterator<Item = &'a Applied>) -> Result<(), Failure> {
    match rows.find(|row| row.state != State::Applied) {
        None => Ok(()),
        Some(row) => Err(Failure::new(format!(
            "{} is incomplete, and a script cannot continue it: run this without --sql",
            row.version
        ))),
    }
}

/// Adds a migration and its record to the script. Outside of a transaction the record comes last, so
/// that it is only written after success.
fn add(sql: &mut String, script: &Script, record: &str) -> Result<(), Failure> {
    let Script {
        file,
        text,
        directives,
    } = script;
    *sql += &format!("\n-- {file}\n");
    if directives.no_transaction {
        let mut end = 0;
        let tree = SourceFile::parse(text).tree();
        for (statement, node) in split(script)?.into_iter().zip(tree.stmts()) {
            let range = node.syntax().text_range();
            *sql += &comments(&text[end..range.start().into()]);
            end = range.end().into();
            *sql += &timeouts(directives, "", Session::lock_timeout_of(&statement));
            if directives.repeat && directives.statement_timeout.is_some() {
                *sql += "-- No limit for a round: it would be one for all rounds together.\n\
                         SET statement_timeout = 0;\n";
            }
            // The semicolon has a line of its own, because the text may end in a comment.
            match directives.repeat {
                true => *sql += &repeated(&statement.sql),
                false => *sql += &format!("{}\n;\n", statement.sql),
            }
        }
        *sql += &format!("{}{RESET}{record}", comments(&text[end..]));
    } else {
        let timeouts = timeouts(directives, "LOCAL ", Session::default_lock_timeout());
        *sql += &format!("BEGIN;\n{timeouts}{record}{text}\n;\nCOMMIT;\n{RESET}");
    }
    Ok(())
}

/// The comments between two statements.
fn comments(between: &str) -> String {
    let is_separator = |character: char| character == ';' || character.is_whitespace();
    match between.trim_start_matches(is_separator).trim_end() {
        "" => String::new(),
        comments => format!("{comments}\n"),
    }
}

/// A block that runs the statement until it touches no row, and commits each time. EXECUTE also takes
/// a RETURNING.
fn repeated(statement: &str) -> String {
    let statement = dollar_quoted("round", statement);
    let block = format!(
        "\nDECLARE\n    touched bigint;\nBEGIN\n    LOOP\n        EXECUTE {statement};\n        \
         GET DIAGNOSTICS touched = ROW_COUNT;\n        COMMIT;\n        EXIT WHEN touched = 0;\n    \
         END LOOP;\nEND\n"
    );
    format!("DO {};\n", dollar_quoted("rounds", &block))
}

/// The text between dollar signs with a tag that it does not have.
fn dollar_quoted(tag: &str, text: &str) -> String {
    let mut tag = format!("${tag}$");
    while text.contains(&tag) {
        tag.insert(1, '_');
    }
    // A comment at its end would hide the second tag.
    format!("{tag}{text}\n{tag}")
}

fn timeouts(directives: &Directives, local: &str, lock_timeout: Option<Duration>) -> String {
    let lock = directives.lock_timeout.or(lock_timeout).unwrap_or_default();
    let statement = directives.statement_timeout.unwrap_or_default();
    format!(
        "SET {local}lock_timeout = {};\nSET {local}statement_timeout = {};\n",
        lock.as_millis(),
        statement.as_millis()
    )
}

fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    match quoted.contains('\\') {
        true => format!("E'{}'", quoted.replace('\\', "\\\\")),
        false => format!("'{quoted}'"),
    }
}
