//! The rules that change a column in place.

use super::{
    alter::Change::{self, Alter, Recreate, Replace, Retype},
    facts::Fact,
};

/// How a column becomes another one of the same name.
pub(crate) fn column(from: &Fact, to: &Fact) -> Change {
    let differs = |name: &str| from.attributes[name] != to.attributes[name];
    let table = to.text("table").unwrap_or_default();
    let name = to.text("column").unwrap_or_default();
    let alter = |words: &str| format!("ALTER {table} ALTER COLUMN {name} {words}");
    let mut statements = Vec::new();
    if differs("generated") || differs("generated_kind") {
        match (from.text("generated"), to.text("generated")) {
            (Some(_), None) if from.text("generated_kind") == Some("s") => {
                statements.push(alter("DROP EXPRESSION"))
            }
            // Its values are computed again.
            (Some(_), _) => return Replace,
            _ => return Recreate("it becomes a generated column, which overwrites its values"),
        }
    }
    let identity = (from.text("identity"), to.text("identity"));
    if let (Some(_), None) = identity {
        statements.push(alter("DROP IDENTITY"));
    }
    let is_retyped = differs("type") || differs("collation");
    if is_retyped {
        statements.push(alter(&retyping(from, to, false)));
    }
    if differs("not_null") {
        let word = if to.is("not_null") { "SET" } else { "DROP" };
        statements.push(alter(&format!("{word} NOT NULL")));
    }
    match identity {
        (None, Some(kind)) => {
            let sequence = to.text("sequence").unwrap_or_default();
            let options = to.text("sequence_options").unwrap_or_default();
            let relation = table
                .split_once(' ')
                .map_or(table, |(_, relation)| relation);
            statements.push(alter(&format!(
                "ADD GENERATED {kind} AS IDENTITY (SEQUENCE NAME {sequence} {options})"
            )));
            // The rows that are there have numbers already.
            statements.push(format!("SELECT pg_catalog.setval('{}', max({name})) FROM {relation} HAVING max({name}) > 0", sequence.replace('\'', "''")));
        }
        (Some(_), Some(kind)) => {
            if differs("identity") {
                statements.push(alter(&format!("SET GENERATED {kind}")));
            }
            if differs("sequence") {
                let name = to.text("sequence").unwrap_or_default();
                let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
                statements.push(format!(
                    "ALTER SEQUENCE {} RENAME TO {name}",
                    from.text("sequence").unwrap_or_default()
                ));
            }
            if differs("sequence_options") {
                let options = to.text("sequence_options").unwrap_or_default();
                statements.push(format!(
                    "ALTER SEQUENCE {} {options}",
                    to.text("sequence").unwrap_or_default()
                ));
            }
        }
        _ => {}
    }
    match is_retyped {
        true => Retype(statements),
        false => Alter(statements),
    }
}

/// `TYPE … USING …` from one column to another; `through_text` where no cast leads there.
pub(crate) fn retyping(from: &Fact, to: &Fact, through_text: bool) -> String {
    let (old, new) = (
        from.text("type").unwrap_or_default(),
        to.text("type").unwrap_or_default(),
    );
    let name = to.text("column").unwrap_or_default();
    // With a COLLATE clause only where the type's own collation is not meant.
    let collation = to.text("collation").unwrap_or_default();
    if old == new && !through_text {
        return format!("TYPE {new}{collation}");
    }
    let is_own = |name: &str| name.contains('.') || name.contains('"');
    match through_text || is_own(old) || is_own(new) {
        true => {
            let text = if old.ends_with("[]") && new.ends_with("[]") {
                "text[]"
            } else {
                "text"
            };
            format!("TYPE {new}{collation} USING {name}::{text}::{new}")
        }
        false => format!("TYPE {new}{collation} USING {name}::{new}"),
    }
}
