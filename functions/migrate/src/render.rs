//! `--sql`: what a run would do, as a script for psql.

use std::fmt::Write;

use crate::{
    failure::Failure,
    files::Migration,
    files::{Script, hash},
    history::{Applied, State},
    session::Session,
};

const CREATE: &str = include_str!("sql/create.sql");
/// psql goes on after an error unless it is told, and would record what has failed.
const STRICT: &str = "\\set ON_ERROR_STOP on\n\n";

pub(crate) fn up(plan: &[&Migration], history: &[Applied]) -> Result<String, Failure> {
    let mut sql = String::from(STRICT);
    if history.is_empty() {
        sql.push_str(CREATE);
    }
    if let Some(half) = history.iter().find(|row| row.state != State::Applied) {
        return Err(Failure::new(format!(
            "{} is half-way, which no script can go on with",
            half.version
        )));
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
        one(&mut sql, up, &record);
    }
    Ok(sql)
}

pub(crate) fn down(plan: &[&Applied]) -> Result<String, Failure> {
    let mut sql = String::from(STRICT);
    if let Some(half) = plan.iter().find(|row| row.state != State::Applied) {
        return Err(Failure::new(format!(
            "{} is half-way, which no script can go on with",
            half.version
        )));
    }
    for row in plan {
        let file = format!("{}_{}.down.sql", row.version, row.name);
        let text = row.down.as_ref();
        let text = text
            .ok_or_else(|| Failure::new(format!("{}_{} is irreversible", row.version, row.name)))?;
        let record = format!(
            "DELETE FROM migrate.history WHERE version = {};\n",
            literal(&row.version)
        );
        one(&mut sql, &Script::new(file, text)?, &record);
    }
    Ok(sql)
}

fn one(sql: &mut String, script: &Script, record: &str) {
    let Script {
        file,
        text,
        directives,
    } = script;
    let lock = directives
        .lock_timeout
        .or(Session::default_lock_timeout())
        .unwrap_or_default()
        .as_millis();
    let statement = directives.statement_timeout.unwrap_or_default().as_millis();
    // A line of its own, for the text may end in a comment. Outside of a transaction the record
    // comes last, so that what it says has happened.
    let _ = match directives.no_transaction {
        true => write!(
            sql,
            "\n-- {file}\n{text}\n;\nRESET ROLE;\nRESET ALL;\n{record}"
        ),
        false => write!(
            sql,
            "\n-- {file}\nBEGIN;\nSET LOCAL lock_timeout = {lock};\nSET LOCAL statement_timeout = {statement};\n\
             {record}{text}\n;\nCOMMIT;\nRESET ROLE;\nRESET ALL;\n"
        ),
    };
}

fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    match quoted.contains('\\') {
        true => format!("E'{}'", quoted.replace('\\', "\\\\")),
        false => format!("'{quoted}'"),
    }
}
