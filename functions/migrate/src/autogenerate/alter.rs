//! The rules that change an object in place.

use super::{column, facts::Fact, grants};

/// How a fact becomes another one of the same key.
#[derive(Debug, PartialEq)]
pub(crate) enum Change {
    /// By these statements.
    Alter(Vec<String>),
    /// By these statements, before which what uses the column must go.
    Retype(Vec<String>),
    /// By dropping and creating it.
    Replace,
    /// Only by losing rows: the reason.
    Recreate(&'static str),
}

use Change::{Alter, Recreate, Replace};

/// How `from` becomes `to`, which differs from it.
pub(crate) fn change(from: &Fact, to: &Fact) -> Change {
    let restate = || Alter(vec![to.sql.clone()]);
    match to.kind.as_str() {
        _ if to.is("restate") => restate(),
        "grant" => Alter(grants::grants(to, &from.list("given"), &to.list("given"))),
        "column" => column::column(from, to),
        "enum" => enumeration(from, to),
        "composite" => composite(from, to),
        // A view can gain columns at its end.
        "view" if to.list("columns").starts_with(&from.list("columns")) => restate(),
        "function" | "procedure" if can_restate(from, to) => restate(),
        _ => attributes(from, to),
    }
}

/// By the statement that the catalogue query gives for each attribute that differs, if all have one.
fn attributes(from: &Fact, to: &Fact) -> Change {
    let mut statements = Vec::new();
    for (name, value) in to.attributes.as_object().into_iter().flatten() {
        if from.attributes[name] == *value {
            continue;
        }
        match (to.alter(name), to.kind.as_str()) {
            (Some(sql), _) => statements.push(sql.to_owned()),
            (None, "table") => return Recreate("its partitioning changes"),
            (None, "foreign table") => return Recreate("its server or its options change"),
            (None, _) => return Replace,
        }
    }
    statements.dedup();
    match statements.is_empty() {
        true => Replace,
        false => Alter(statements),
    }
}

/// New values can be added; anything else is another type.
fn enumeration(from: &Fact, to: &Fact) -> Change {
    let (old, new) = (from.list("labels"), to.list("labels"));
    let mut kept = new.iter().filter(|label| old.contains(label));
    if !old.iter().all(|label| kept.next() == Some(label)) {
        return Replace;
    }
    let mut statements = Vec::new();
    for (at, label) in new.iter().enumerate() {
        if old.contains(label) {
            continue;
        }
        let is_last = !new[at..].iter().any(|later| old.contains(later));
        let place = match (at, old.first()) {
            (0, Some(first)) => format!(" BEFORE {}", literal(first)),
            _ if is_last => String::new(),
            _ => format!(" AFTER {}", literal(new[at - 1])),
        };
        let value = literal(label);
        statements.push(format!("ALTER TYPE {} ADD VALUE {value}{place}", to.name));
    }
    Alter(statements)
}

/// A text as SQL writes it.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Attributes can be dropped anywhere, and added at the end.
fn composite(from: &Fact, to: &Fact) -> Change {
    let (old, new) = (from.list("parts"), to.list("parts"));
    let (kept, gone): (Vec<_>, Vec<_>) = old
        .into_iter()
        .zip(from.list("names"))
        .partition(|(part, _)| new.contains(part));
    let kept: Vec<_> = kept.into_iter().map(|(part, _)| part).collect();
    let names = to.list("names");
    if !new.starts_with(&kept) || gone.iter().any(|(_, name)| names.contains(name)) {
        return Replace;
    }
    let dropped = gone
        .iter()
        .map(|(_, name)| format!("DROP ATTRIBUTE {name}"));
    let added = new[kept.len()..]
        .iter()
        .map(|part| format!("ADD ATTRIBUTE {part}"));
    let words = dropped.chain(added);
    Alter(
        words
            .map(|words| format!("ALTER TYPE {} {words} CASCADE", to.name))
            .collect(),
    )
}

/// Whether CREATE OR REPLACE leads to it.
fn can_restate(from: &Fact, to: &Fact) -> bool {
    // A name may be given to an argument that has none.
    let (old, new) = (from.list("arguments"), to.list("arguments"));
    let is_named =
        |(a, b): (&&str, &&str)| a == b || a.trim_start() == "" && !b.starts_with(['o', 'b', 't']);
    let keeps_names = old.len() == new.len() && old.iter().zip(&new).all(is_named);
    let mut fixed = ["result", "types", "variadic"].into_iter();
    fixed.all(|name| from.extra[name] == to.extra[name])
        && (old.is_empty() || keeps_names)
        && to.extra["defaults"].as_i64() >= from.extra["defaults"].as_i64()
}
