//! `--sql`: what a run would do, as a script for psql.

use std::fmt::Write;

use crate::{
    directives::Directives,
    failure::Failure,
    files::Migration,
    files::{Script, hash},
    history::Applied,
};

const CREATE: &str = include_str!("sql/create.sql");

pub(crate) fn up(plan: &[&Migration], history: &[Applied]) -> Result<String, Failure> {
    let mut sql = String::new();
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
        one(&mut sql, up, &record);
    }
    Ok(sql)
}

pub(crate) fn down(plan: &[&Applied]) -> Result<String, Failure> {
    let mut sql = String::new();
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
        directives: Directives { no_transaction, .. },
    } = script;
    let text = text.trim_end();
    let end = if text.ends_with(';') { "" } else { ";" };
    // Outside of a transaction the record comes last, so that what it says has happened.
    let _ = match no_transaction {
        true => write!(sql, "\n-- {file}\n{text}{end}\n{record}"),
        false => write!(
            sql,
            "\n-- {file}\nBEGIN;\nSET LOCAL lock_timeout = '2s';\n{record}{text}{end}\nCOMMIT;\n"
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
