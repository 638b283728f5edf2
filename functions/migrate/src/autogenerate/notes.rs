//! What a person should know of a difference that the statements do not tell.

use super::facts::{Fact, Schema};

/// One sentence each.
pub(crate) fn notes(from: &Schema, to: &Schema) -> Vec<String> {
    let tables = to
        .facts
        .iter()
        .filter(|(key, fact)| fact.kind == "table" && from.facts.contains_key(*key));
    tables
        .flat_map(|(key, _)| of_table(key, from, to))
        .collect()
}

fn of_table(table: &str, from: &Schema, to: &Schema) -> Vec<String> {
    let (old, new) = (columns(from, table), columns(to, table));
    let name = table.trim_start_matches("table ");
    let only = |a: &[&Fact], b: &[&Fact]| -> Vec<Fact> {
        let is_there = |fact: &Fact| b.iter().any(|other| other.name == fact.name);
        a.iter()
            .filter(|fact| !is_there(fact))
            .map(|fact| (*fact).clone())
            .collect()
    };
    let (gone, come) = (only(&old, &new), only(&new, &old));
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
    let kept = old
        .iter()
        .filter(|fact| !gone.iter().any(|gone| gone.name == fact.name));
    let order: Vec<_> = kept
        .map(|fact| &fact.name)
        .chain(come.iter().map(|fact| &fact.name))
        .collect();
    if !order.iter().zip(&new).all(|(a, b)| **a == b.name) {
        notes.push(format!(
            "the columns of {name} will have another order than in the schema file, since PostgreSQL adds columns at the end"
        ));
    }
    notes
}

fn columns<'a>(schema: &'a Schema, table: &str) -> Vec<&'a Fact> {
    let children = schema.children(table).map(|(_, fact)| fact);
    let mut columns: Vec<_> = children.filter(|fact| fact.kind == "column").collect();
    columns.sort_by_key(|fact| fact.extra["order"].as_i64());
    columns
}
