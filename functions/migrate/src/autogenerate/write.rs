//! The files of a proved plan.

use time::{Duration, OffsetDateTime};

use super::{Generated, prove::Proof};
use crate::{
    commands::lint,
    failure::Failure,
    files::{Script, revision::template, statement::split},
};

/// The files that hold a plan: one pair, or up to three.
pub(crate) fn files(
    proof: Proof,
    message: &str,
    now: OffsetDateTime,
) -> Result<Generated, Failure> {
    let mut generated = Generated {
        files: Vec::new(),
        notes: proof.notes,
    };
    for (at, part) in proof.parts.iter().enumerate() {
        // A later version, so that the order is that of the parts.
        let time = now + Duration::seconds(at as i64);
        let name = match (at, part.is_online) {
            (0, _) => message.to_owned(),
            (_, true) => format!("{message} online"),
            (_, false) => format!("{message} finish"),
        };
        let [(up_name, up_head), (down_name, down_head)] = template(&name, time)?;
        let up = text(&up_head, &part.up, part.is_online);
        let down = text(&down_head, &part.down, part.is_down_online);
        for (name, text) in [(up_name, up), (down_name, down)] {
            let script = Script::new(name.clone(), &text)?;
            // The engine must be able to run what is written.
            split(&script)?;
            if name.ends_with(".up.sql") {
                generated.notes.extend(lint::findings(&script));
            }
            generated.files.push((name, text));
        }
    }
    Ok(generated)
}

fn text(head: &str, statements: &[String], is_online: bool) -> String {
    let mut text = head.to_owned();
    if is_online {
        text = format!("{}\n-- migrate: no-transaction\n\n", text.trim_end());
    }
    let makes_routine = |sql: &String| sql.contains("FUNCTION ") || sql.contains("PROCEDURE ");
    if statements.iter().any(makes_routine) {
        let local = if is_online { "" } else { "LOCAL " };
        text += &format!("SET {local}check_function_bodies = off;\n\n");
    }
    for sql in statements {
        if let Some(lost) = lost(sql) {
            text += &format!("-- This loses {lost}; the way back cannot bring them back.\n");
        }
        text += &format!("{sql};\n\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// What a statement loses, for a person.
fn lost(sql: &str) -> Option<String> {
    if let Some(table) = sql.strip_prefix("DROP TABLE ") {
        return Some(format!("the rows of {table}"));
    }
    let (table, column) = sql
        .strip_prefix("ALTER TABLE ")?
        .split_once(" DROP COLUMN ")?;
    Some(format!("the values of {table}.{column}"))
}
