//! The statement that makes an object, with what is written inside of it.

use super::{
    facts::{Fact, Schema},
    grants,
    order::Step,
};

/// The statements that create a fact, with the facts that come in its statement.
pub(crate) fn create(schema: &Schema, key: &str, inline: &[String]) -> Vec<String> {
    let fact = &schema.facts[key];
    let inside = inline.iter().filter(|other| other.as_str() != key);
    let inside: Vec<_> = inside.map(|key| &schema.facts[key]).collect();
    let sql = match fact.kind.as_str() {
        "table" | "foreign table" => table(schema, fact, &inside),
        "column" => format!("{}{}", fact.sql, column(fact, &inside)),
        "domain" => {
            let options = options(fact, fact.text("default"));
            let mut words = vec![format!("{}{options}", fact.sql)];
            words.extend(texts(&inside, "inline"));
            words.join(" ")
        }
        "grant" => return grants::grants(fact, &fact.list("usual"), &fact.list("given")),
        _ => fact.sql.replacen("CREATE OR REPLACE ", "CREATE ", 1),
    };
    vec![sql]
}

fn table(schema: &Schema, fact: &Fact, inside: &[&Fact]) -> String {
    let of = fact.text("of");
    let columns = schema.columns(&fact.key()).into_iter();
    let columns = columns.filter(|column| !column.is("silent"));
    let columns = columns.map(|fact| match of {
        None => column(fact, inside),
        Some(_) => match column_options(fact, inside) {
            options if options.is_empty() => options,
            options => {
                let name = fact.text("column").unwrap_or_default();
                format!("{name} WITH OPTIONS{options}")
            }
        },
    });
    let mut lines: Vec<_> = columns.filter(|line| !line.is_empty()).collect();
    let of_kind = |kinds: &[&str]| -> Vec<&Fact> {
        let facts = inside
            .iter()
            .filter(|fact| kinds.contains(&fact.kind.as_str()));
        facts.copied().filter(|fact| !fact.is("silent")).collect()
    };
    lines.extend(texts(&of_kind(&["check", "key"]), "inline"));
    let mut sql = fact.sql.clone();
    if let Some(of) = of {
        sql += &format!(" OF {of}");
    }
    sql += &match (lines.is_empty(), of) {
        (true, None) => " ()".to_owned(),
        (true, Some(_)) => String::new(),
        (false, _) => format!(" (\n    {}\n)", lines.join(",\n    ")),
    };
    let mut parents = of_kind(&["inherit"]);
    parents.sort_by_key(|fact| fact.order());
    if !parents.is_empty() {
        sql += &format!(" INHERITS ({})", texts(&parents, "above").join(", "));
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

/// A field of each fact that has it.
fn texts(facts: &[&Fact], name: &str) -> Vec<String> {
    let texts = facts.iter().filter_map(|fact| fact.text(name));
    texts.map(ToOwned::to_owned).collect()
}

fn column(fact: &Fact, inside: &[&Fact]) -> String {
    let text = fact.text("inline").unwrap_or_default();
    format!("{text}{}", column_options(fact, inside))
}

fn column_options(fact: &Fact, inside: &[&Fact]) -> String {
    let mut inside = inside.iter();
    let default = inside.find(|other| other.kind == "default" && other.name == fact.name);
    options(fact, default.and_then(|default| default.text("expression")))
}

fn options(fact: &Fact, default: Option<&str>) -> String {
    let default = default.map(|expression| format!(" DEFAULT {expression}"));
    let not_null = if fact.is("not_null") { " NOT NULL" } else { "" };
    format!("{}{not_null}", default.unwrap_or_default())
}

/// The steps as a script.
pub(crate) fn script<'a>(steps: impl IntoIterator<Item = &'a Step>) -> String {
    let steps = steps.into_iter();
    let statements: Vec<_> = steps.flat_map(|step| step.sql.clone()).collect();
    match statements.is_empty() {
        true => "\n".to_owned(),
        false => format!("{};\n", statements.join(";\n\n")),
    }
}
