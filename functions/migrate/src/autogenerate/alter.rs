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
    if to.is("restate") {
        return Alter(vec![to.sql.clone()]);
    }
    match to.kind.as_str() {
        "grant" => Alter(grants::grants(to, &from.list("given"), &to.list("given"))),
        "table" => table(from, to),
        "foreign table" => Recreate("its server or its options change"),
        "column" => column::column(from, to),
        "sequence" => Alter(sequence(from, to)),
        "enum" => enumeration(from, to),
        "domain" => domain(from, to),
        "composite" => composite(from, to),
        "check" | "foreign key" | "key" | "domain constraint" => constraint(from, to),
        "view" => view(from, to),
        "function" | "procedure" => routine(from, to),
        "policy" => policy(from, to),
        "extension" if to.is("relocatable") => {
            let schema = to.text("schema").unwrap_or_default();
            Alter(vec![format!(
                "ALTER EXTENSION {} SET SCHEMA {schema}",
                to.name
            )])
        }
        _ => Replace,
    }
}

fn table(from: &Fact, to: &Fact) -> Change {
    if from.attributes["partition_key"] != to.attributes["partition_key"] {
        return Recreate("its partitioning changes");
    }
    let mut statements = Vec::new();
    if from.attributes["of"] != to.attributes["of"] {
        statements.push(match to.text("of") {
            Some(of) => format!("ALTER TABLE {} OF {of}", to.name),
            None => format!("ALTER TABLE {} NOT OF", to.name),
        });
    }
    if from.attributes["persistence"] != to.attributes["persistence"] {
        let word = if to.text("persistence") == Some("u") {
            "UNLOGGED"
        } else {
            "LOGGED"
        };
        statements.push(format!("ALTER TABLE {} SET {word}", to.name));
    }
    if from.attributes["access_method"] != to.attributes["access_method"] {
        let method = to.text("access_method").unwrap_or("heap");
        statements.push(format!(
            "ALTER TABLE {} SET ACCESS METHOD {method}",
            to.name
        ));
    }
    Alter(statements)
}

fn sequence(from: &Fact, to: &Fact) -> Vec<String> {
    let name = &to.name;
    let mut statements = Vec::new();
    if from.attributes["persistence"] != to.attributes["persistence"] {
        let word = if to.text("persistence") == Some("u") {
            "UNLOGGED"
        } else {
            "LOGGED"
        };
        statements.push(format!("ALTER SEQUENCE {name} SET {word}"));
    }
    let (kind, options) = (
        to.text("type").unwrap_or_default(),
        to.text("options").unwrap_or_default(),
    );
    if from.text("type") != Some(kind) || from.text("options") != Some(options) {
        statements.push(format!("ALTER SEQUENCE {name} AS {kind} {options}"));
    }
    statements
}

/// New values can be added; anything else is another type.
fn enumeration(from: &Fact, to: &Fact) -> Change {
    let (old, new) = (from.list("labels"), to.list("labels"));
    let mut kept = new.iter().filter(|label| old.contains(label));
    if !old.iter().all(|label| kept.next() == Some(label)) {
        return Replace;
    }
    let quote = |label: &str| format!("'{}'", label.replace('\'', "''"));
    let mut statements = Vec::new();
    for (at, label) in new
        .iter()
        .enumerate()
        .filter(|(_, label)| !old.contains(label))
    {
        let place = match at {
            0 => old.first().map(|first| format!(" BEFORE {}", quote(first))),
            _ if new[at..].iter().any(|later| old.contains(later)) => {
                Some(format!(" AFTER {}", quote(new[at - 1])))
            }
            _ => None,
        };
        statements.push(format!(
            "ALTER TYPE {} ADD VALUE {}{}",
            to.name,
            quote(label),
            place.unwrap_or_default()
        ));
    }
    Alter(statements)
}

fn domain(from: &Fact, to: &Fact) -> Change {
    if from.attributes["base"] != to.attributes["base"] {
        return Replace;
    }
    let mut statements = Vec::new();
    if from.attributes["default"] != to.attributes["default"] {
        let words = match to.text("default") {
            Some(expression) => format!("SET DEFAULT {expression}"),
            None => "DROP DEFAULT".to_owned(),
        };
        statements.push(format!("ALTER DOMAIN {} {words}", to.name));
    }
    if from.attributes["not_null"] != to.attributes["not_null"] {
        let word = if to.is("not_null") { "SET" } else { "DROP" };
        statements.push(format!("ALTER DOMAIN {} {word} NOT NULL", to.name));
    }
    Alter(statements)
}

/// Attributes can be dropped anywhere, and added at the end.
fn composite(from: &Fact, to: &Fact) -> Change {
    let (old, new) = (from.list("names"), to.list("names"));
    let kept: Vec<_> = old.iter().filter(|name| new.contains(name)).collect();
    if !kept.iter().zip(&new).all(|(a, b)| *a == b) {
        return Replace;
    }
    let type_of = |fact: &Fact, name: &str| {
        let at = fact.list("names").iter().position(|other| *other == name);
        at.map(|at| fact.list("types")[at].to_owned())
    };
    if kept
        .iter()
        .any(|name| type_of(from, name) != type_of(to, name))
    {
        return Replace;
    }
    let dropped = old.iter().filter(|name| !new.contains(name));
    let dropped =
        dropped.map(|name| format!("ALTER TYPE {} DROP ATTRIBUTE {name} CASCADE", to.name));
    let parts = to.list("parts");
    let added = new
        .iter()
        .zip(parts)
        .filter(|(name, _)| !old.contains(name));
    let added =
        added.map(|(_, part)| format!("ALTER TYPE {} ADD ATTRIBUTE {part} CASCADE", to.name));
    Alter(dropped.chain(added).collect())
}

fn constraint(from: &Fact, to: &Fact) -> Change {
    let bare = |fact: &Fact| {
        fact.text("bare")
            .unwrap_or(fact.sql.trim_end_matches(" NOT VALID"))
            .to_owned()
    };
    let is_validated = !from.is("valid") && to.is("valid");
    if is_validated && bare(from) == bare(to) {
        return Alter(
            to.text("validate")
                .map(ToOwned::to_owned)
                .into_iter()
                .collect(),
        );
    }
    if to.kind == "foreign key" {
        // Only when it is checked differs.
        let strip = |text: String| {
            text.replace(" DEFERRABLE", "")
                .replace(" INITIALLY DEFERRED", "")
        };
        if from.attributes["valid"] == to.attributes["valid"]
            && strip(bare(from)) == strip(bare(to))
        {
            let (table, name) = (
                to.text("table").unwrap_or_default(),
                to.text("constraint").unwrap_or_default(),
            );
            let words = match (
                bare(to).contains(" DEFERRABLE"),
                bare(to).contains(" INITIALLY DEFERRED"),
            ) {
                (_, true) => "DEFERRABLE INITIALLY DEFERRED",
                (true, false) => "DEFERRABLE INITIALLY IMMEDIATE",
                (false, false) => "NOT DEFERRABLE",
            };
            return Alter(vec![format!(
                "ALTER TABLE {table} ALTER CONSTRAINT {name} {words}"
            )]);
        }
    }
    Replace
}

/// A view can gain columns at its end.
fn view(from: &Fact, to: &Fact) -> Change {
    match to.list("columns").starts_with(&from.list("columns")) {
        true => Alter(vec![to.sql.clone()]),
        false => Replace,
    }
}

fn routine(from: &Fact, to: &Fact) -> Change {
    let same = |name: &str| from.extra[name] == to.extra[name];
    // A name may be given to an argument that has none.
    let (old, new) = (from.list("arguments"), to.list("arguments"));
    let is_named = old.is_empty()
        || old == new
        || old.len() == new.len()
            && old
                .iter()
                .zip(&new)
                .all(|(a, b)| a == b || a.trim_start() == "" && !b.starts_with(['o', 'b', 't']));
    let has_defaults = to.extra["defaults"].as_i64() >= from.extra["defaults"].as_i64();
    match same("result") && same("types") && same("variadic") && is_named && has_defaults {
        true => Alter(vec![to.sql.clone()]),
        false => Replace,
    }
}

fn policy(from: &Fact, to: &Fact) -> Change {
    let keeps = |name: &str| from.attributes[name].is_null() || !to.attributes[name].is_null();
    match from.attributes["kind"] == to.attributes["kind"] && keeps("using") && keeps("check") {
        true => Alter(
            to.text("alter")
                .map(ToOwned::to_owned)
                .into_iter()
                .collect(),
        ),
        false => Replace,
    }
}
