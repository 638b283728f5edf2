//! What a person should know of a difference that the statements do not tell.

use super::facts::{Fact, Schema};

/// One sentence each.
pub(crate) fn notes(from: &Schema, to: &Schema) -> Vec<String> {
    let tables = to.facts.iter().filter(|(_, fact)| fact.kind == "table");
    tables
        .filter(|(key, _)| from.facts.contains_key(*key))
        .flat_map(|(key, table)| of_table(&table.name, from.columns(key), to.columns(key), to))
        .collect()
}

fn of_table(name: &str, old: Vec<&Fact>, new: Vec<&Fact>, to: &Schema) -> Vec<String> {
    let is_in = |list: &[&Fact], fact: &Fact| list.iter().any(|other| other.name == fact.name);
    let (kept, gone): (Vec<&Fact>, Vec<&Fact>) = old.iter().partition(|fact| is_in(&new, fact));
    let come: Vec<&Fact> = new
        .iter()
        .copied()
        .filter(|fact| !is_in(&old, fact))
        .collect();
    let mut notes = Vec::new();
    if let ([gone], [come]) = (&gone[..], &come[..])
        && gone.text("type") == come.text("type")
    {
        let column = come.text("column").unwrap_or_default();
        notes.push(format!(
            "{} goes and {} comes, with the same type: if it was renamed, delete the files and add --rename {}={column}",
            gone.name, come.name, gone.name
        ));
    }
    for column in come.iter().filter(|column| column.is("not_null")) {
        let has_value = to.facts.contains_key(&format!("default {}", column.name))
            || column.text("identity").is_some()
            || column.text("generated").is_some();
        if !has_value {
            notes.push(format!(
                "{} is NOT NULL without a default, so the migration fails if {name} has rows",
                column.name
            ));
        }
    }
    let names = kept.iter().chain(&come).map(|fact| &fact.name);
    if !names.eq(new.iter().map(|fact| &fact.name)) {
        notes.push(format!(
            "the columns of {name} will have another order than in the schema file, since PostgreSQL adds columns at the end"
        ));
    }
    notes
}
