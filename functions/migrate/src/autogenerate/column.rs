//! The rules that change a column in place.

use super::{
    alter::{
        Change::{self, Alter, Recreate, Replace, Retype},
        literal,
    },
    facts::Fact,
};

/// How a column becomes another one of the same name.
pub(crate) fn column(from: &Fact, to: &Fact) -> Change {
    let differs = |name: &str| from.attributes[name] != to.attributes[name];
    let text = |name| to.text(name).unwrap_or_default();
    let (table, name) = (text("table"), text("column"));
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
    let (sequence, options) = (text("sequence"), text("sequence_options"));
    if let (None, Some(kind)) = identity {
        statements.push(alter(&format!(
            "ADD GENERATED {kind} AS IDENTITY (SEQUENCE NAME {sequence} {options})"
        )));
        // The rows that are there have numbers already.
        let relation = table
            .trim_start_matches("FOREIGN ")
            .trim_start_matches("TABLE ");
        let sequence = literal(sequence);
        statements.push(format!("SELECT pg_catalog.setval({sequence}, max({name})) FROM {relation} HAVING max({name}) > 0"));
    }
    if let (Some(_), Some(kind)) = identity {
        if differs("identity") {
            statements.push(alter(&format!("SET GENERATED {kind}")));
        }
        if differs("sequence") {
            let old = from.text("sequence").unwrap_or_default();
            let name = sequence.rsplit('.').next().unwrap_or_default();
            statements.push(format!("ALTER SEQUENCE {old} RENAME TO {name}"));
        }
        if differs("sequence_options") {
            statements.push(format!("ALTER SEQUENCE {sequence} {options}"));
        }
    }
    match is_retyped {
        true => Retype(statements),
        false => Alter(statements),
    }
}

/// `TYPE … USING …` from one column to another; `through_text` where no cast leads there.
pub(crate) fn retyping(from: &Fact, to: &Fact, through_text: bool) -> String {
    let old = from.text("type").unwrap_or_default();
    let text = |name| to.text(name).unwrap_or_default();
    // With a COLLATE clause only where the type's own collation is not meant.
    let (name, new, collation) = (text("column"), text("type"), text("collation"));
    if old == new && !through_text {
        return format!("TYPE {new}{collation}");
    }
    let is_own = |name: &str| name.contains('.') || name.contains('"');
    let is_list = old.ends_with("[]") && new.ends_with("[]");
    let cast = match through_text || is_own(old) || is_own(new) {
        true if is_list => "::text[]",
        true => "::text",
        false => "",
    };
    format!("TYPE {new}{collation} USING {name}{cast}::{new}")
}
