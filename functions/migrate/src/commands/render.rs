//! `--sql`: what a run would execute, as a script for psql.

use std::time::Duration;

use crate::{
    database::history::{Applied, State},
    database::session::Session,
    failure::Failure,
    files::directives::Directives,
    files::statement::split,
    files::{Migration, Script, hash},
    run::way_back::WayBack,
};

const CREATE: &str = include_str!("../sql/create.sql");
/// By default psql continues after an error, and would record a migration that failed.
const STRICT: &str = "\\set ON_ERROR_STOP on\n\n";

pub(crate) fn up(plan: &[&Migration], history: &[Applied]) -> Result<String, Failure> {
    refuse_incomplete(history.iter())?;
    let mut sql = String::from(STRICT);
    if history.is_empty() {
        sql.push_str(CREATE);
    }
    for migration in plan {
        let Migration {
            version,
            name,
            up,
            down,
        } = migration;
        let down = down
            .as_ref()
            .map_or("NULL".to_owned(), |script| literal(&script.text));
        let record = format!(
            "INSERT INTO migrate.history (version, name, checksum, down, state)\nVALUES ({}, {}, {}, {down}, 'applied');\n",
            literal(version),
            literal(name),
            literal(&hash(&up.text)),
        );
        add(&mut sql, up, &record)?;
    }
    Ok(sql)
}

pub(crate) fn down(plan: &[(&Applied, WayBack)]) -> Result<String, Failure> {
    refuse_incomplete(plan.iter().map(|(row, _)| *row))?;
    let mut sql = String::from(STRICT);
    for (row, way_back) in plan {
        let record = format!(
            "DELETE FROM migrate.history WHERE version = {};\n",
            literal(&row.version)
        );
        add(&mut sql, &way_back.script, &record)?;
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
        for statement in split(script)? {
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
        *sql += &format!("RESET ROLE;\nRESET ALL;\n{record}");
    } else {
        let timeouts = timeouts(directives, "LOCAL ", Session::default_lock_timeout());
        *sql += &format!("BEGIN;\n{timeouts}{record}{text}\n;\nCOMMIT;\nRESET ROLE;\nRESET ALL;\n");
    }
    Ok(())
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
