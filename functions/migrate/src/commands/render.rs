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
    let is_late = |version: &str| history.iter().any(|row| *row.version > *version);
    // An older bookkeeping does not know what is out of order.
    if history.is_empty() || plan.iter().any(|migration| is_late(&migration.version)) {
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
        let late = is_late(version);
        let record = format!(
            "INSERT INTO migrate.history (version, name, checksum, down, state{})\nVALUES ({}, {}, {}, {down}, 'applied'{});\n",
            if late { ", out_of_order" } else { "" },
            literal(version),
            literal(name),
            literal(&hash(&up.text)),
            if late { ", true" } else { "" },
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
            // The semicolon has a line of its own, because the text may end in a comment.
            *sql += &format!("{}\n;\n", statement.sql);
        }
        *sql += &format!("RESET ROLE;\nRESET ALL;\n{record}");
    } else {
        let timeouts = timeouts(directives, "LOCAL ", Session::default_lock_timeout());
        *sql += &format!("BEGIN;\n{timeouts}{record}{text}\n;\nCOMMIT;\nRESET ROLE;\nRESET ALL;\n");
    }
    Ok(())
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
