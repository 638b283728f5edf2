//! The statement that makes an object, with what is written inside of it.

use super::{
    facts::{Fact, Schema},
    grants,
    order::Step,
};

/// The statements that create a fact, with the facts that come in its statement.
pub(crate) fn create(schema: &Schema, key: &str, inline: &[String]) -> Vec<String> {
    let fact = &schema.facts[key];
    let inside = || {
        inline
            .iter()
            .map(|key| (key, &schema.facts[key]))
            .filter(|(other, _)| other.as_str() != key)
    };
    match fact.kind.as_str() {
        "table" | "foreign table" => vec![table(
            schema,
            fact,
            inside().map(|(_, fact)| fact).collect(),
        )],
        "column" => vec![format!("{}{}", fact.sql, column(schema, key, inline))],
        "domain" => {
            let mut sql = fact.sql.clone();
            if let Some(expression) = fact.text("default") {
                sql += &format!(" DEFAULT {expression}");
            }
            if fact.is("not_null") {
                sql += " NOT NULL";
            }
            for (_, constraint) in inside() {
                sql += &format!(" {}", constraint.text("inline").unwrap_or_default());
            }
            vec![sql]
        }
        "grant" => grants::grants(fact, &fact.list("usual"), &fact.list("given")),
        _ => vec![fact.sql.replacen("CREATE OR REPLACE ", "CREATE ", 1)],
    }
}

fn table(schema: &Schema, fact: &Fact, inside: Vec<&Fact>) -> String {
    let of = fact
        .text("of")
        .map(|of| format!(" OF {of}"))
        .unwrap_or_default();
    let key = format!("{} {}", fact.kind, fact.name);
    let mut columns: Vec<_> = schema
        .children(&key)
        .filter(|(_, fact)| fact.kind == "column" && !fact.is("silent"))
        .collect();
    columns.sort_by_key(|(_, fact)| fact.extra["order"].as_i64());
    let keys: Vec<_> = inside
        .iter()
        .map(|fact| format!("{} {}", fact.kind, fact.name))
        .collect();
    let typed = |key: &str, fact: &Fact| {
        let name = fact.text("column").unwrap_or_default();
        let options = column_options(schema, key, &keys);
        (!options.is_empty()).then(|| format!("{name} WITH OPTIONS{options}"))
    };
    let mut lines: Vec<_> = columns
        .into_iter()
        .filter_map(|(key, fact)| match of.is_empty() {
            true => Some(column(schema, key, &keys)),
            false => typed(key, fact),
        })
        .collect();
    let constraints = inside
        .iter()
        .filter(|fact| matches!(fact.kind.as_str(), "check" | "key") && !fact.is("silent"));
    lines.extend(
        constraints
            .filter_map(|fact| fact.text("inline"))
            .map(ToOwned::to_owned),
    );
    let mut parents: Vec<_> = inside
        .iter()
        .filter(|fact| fact.kind == "inherit")
        .collect();
    parents.sort_by_key(|fact| fact.extra["order"].as_i64());
    let parents: Vec<_> = parents
        .iter()
        .filter_map(|fact| fact.text("above"))
        .collect();
    let mut sql = format!("{}{of}", fact.sql);
    sql += &match (lines.is_empty(), of.is_empty()) {
        (true, true) => " ()".to_owned(),
        (true, false) => String::new(),
        (false, _) => format!(" (\n    {}\n)", lines.join(",\n    ")),
    };
    if !parents.is_empty() {
        sql += &format!(" INHERITS ({})", parents.join(", "));
    }
    for (word, name) in [
        ("PARTITION BY", "partition_key"),
        ("USING", "access_method"),
        ("SERVER", "server"),
    ] {
        if let Some(text) = fact.text(name) {
            sql += &format!(" {word} {text}");
        }
    }
    sql
}

fn column(schema: &Schema, key: &str, inline: &[String]) -> String {
    let text = schema.facts[key].text("inline").unwrap_or_default();
    format!("{text}{}", column_options(schema, key, inline))
}

fn column_options(schema: &Schema, key: &str, inline: &[String]) -> String {
    let fact = &schema.facts[key];
    let default = format!("default {}", fact.name);
    let mut text = String::new();
    if inline.contains(&default)
        && let Some(expression) = schema.facts[&default].text("expression")
    {
        text += &format!(" DEFAULT {expression}");
    }
    if fact.is("not_null") {
        text += " NOT NULL";
    }
    text
}

/// The qualified and the plain name of a type that makes room for a new one.
pub(crate) fn aside(name: &str) -> (String, String) {
    let (schema, plain) = match name.strip_suffix('"') {
        // The part between the last two quotes that stand alone.
        Some(quoted) => {
            let start = quoted.rfind(".\"").map_or(0, |at| at + 1);
            (&name[..start], quoted[start + 1..].to_owned())
        }
        None => {
            let start = name.rfind('.').map_or(0, |at| at + 1);
            (&name[..start], name[start..].to_owned())
        }
    };
    let mut plain = plain;
    // A name has at most 63 bytes.
    while plain.len() > 59 {
        plain.pop();
    }
    let plain = format!("\"{plain}_old\"");
    (format!("{schema}{plain}"), plain)
}

/// The steps as a script.
pub(crate) fn script(steps: &[Step]) -> String {
    let mut text = String::new();
    for sql in steps.iter().flat_map(|step| &step.sql) {
        text += sql;
        text += ";\n\n";
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
