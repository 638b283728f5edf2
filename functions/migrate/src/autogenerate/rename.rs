//! `--rename OLD=NEW`: what became of an object, since no difference tells.

use super::facts::Schema;

/// A statement that renames, and the one that renames back.
#[derive(Clone, Debug)]
pub(crate) struct Rename {
    pub up: String,
    pub down: String,
}

/// The statements of `--rename public.film.title=name`.
///
/// # Errors
/// No such object, or no such form.
pub(crate) fn rename(schema: &Schema, text: &str) -> Result<Rename, String> {
    let (old, new) = text.split_once('=').ok_or_else(|| {
        format!("--rename must be schema.object=name or schema.table.column=name, not `{text}`")
    })?;
    let new = quote(new);
    let objects = schema
        .facts
        .values()
        .filter(|fact| fact.name == old || is_routine(&fact.name, old));
    for fact in objects {
        let (above, name) = split(old);
        let words = match fact.kind.as_str() {
            "table" | "view" | "materialized view" | "foreign table" | "sequence" | "index"
            | "domain" | "schema" | "collation" => fact.kind.to_uppercase(),
            "enum" | "composite" | "range" => "TYPE".to_owned(),
            "function" | "procedure" | "aggregate" => {
                let arguments = &fact.name[fact.name.find('(').unwrap_or(fact.name.len())..];
                let up = format!("ALTER ROUTINE {} RENAME TO {new}", fact.name);
                let down = format!(
                    "ALTER ROUTINE {}.{new}{arguments} RENAME TO {}",
                    above, name
                );
                return Ok(Rename { up, down });
            }
            "column" | "check" | "key" | "foreign key" => {
                let part = if fact.kind == "column" {
                    "COLUMN"
                } else {
                    "CONSTRAINT"
                };
                let sql = |from: &str, to: &str| {
                    format!("ALTER TABLE {above} RENAME {part} {from} TO {to}")
                };
                return Ok(Rename {
                    up: sql(name, &new),
                    down: sql(&new, name),
                });
            }
            "trigger" | "policy" | "rule" => {
                let word = fact.kind.to_uppercase();
                let sql =
                    |from: &str, to: &str| format!("ALTER {word} {from} ON {above} RENAME TO {to}");
                return Ok(Rename {
                    up: sql(name, &new),
                    down: sql(&new, name),
                });
            }
            _ => continue,
        };
        let up = format!("ALTER {words} {old} RENAME TO {new}");
        let qualified = if above.is_empty() {
            new.clone()
        } else {
            format!("{above}.{new}")
        };
        let down = format!("ALTER {words} {qualified} RENAME TO {name}");
        return Ok(Rename { up, down });
    }
    let (above, label) = split(old);
    let has_label = schema
        .facts
        .get(&format!("enum {above}"))
        .is_some_and(|fact| fact.list("labels").contains(&label));
    if has_label {
        let literal = |text: &str| format!("'{}'", text.trim_matches('"').replace('\'', "''"));
        let sql = |from: &str, to: &str| {
            format!(
                "ALTER TYPE {above} RENAME VALUE {} TO {}",
                literal(from),
                literal(to)
            )
        };
        return Ok(Rename {
            up: sql(label, &new),
            down: sql(&new, label),
        });
    }
    Err(format!("--rename {text}: the database has no `{old}`"))
}

/// Checks that the schema that is wanted has what each object is renamed to, at the end of all renames.
///
/// # Errors
/// It lacks one, which would be dropped.
pub(crate) fn require_targets(wanted: &Schema, renames: &[String]) -> Result<(), String> {
    let pairs: Vec<_> = renames.iter().filter_map(|text| target(text)).collect();
    for (at, (_, target)) in pairs.iter().enumerate() {
        let target = pairs[at + 1..]
            .iter()
            .fold(target.clone(), |name, (old, new)| {
                match name.strip_prefix(old) {
                    Some(rest) if rest.is_empty() || rest.starts_with('.') => {
                        format!("{new}{rest}")
                    }
                    _ => name,
                }
            });
        if rename(wanted, &format!("{target}=x")).is_err() {
            let text = &renames[at];
            return Err(format!(
                "--rename {text}: the wanted schema has no `{target}`"
            ));
        }
    }
    Ok(())
}

/// The old and the new name, both whole.
fn target(text: &str) -> Option<(&str, String)> {
    let (old, new) = text.split_once('=')?;
    let new = quote(new);
    match split(old) {
        ("", _) => Some((old, new)),
        (above, _) => Some((old, format!("{above}.{new}"))),
    }
}

fn is_routine(name: &str, old: &str) -> bool {
    name.strip_prefix(old)
        .is_some_and(|rest| rest.starts_with('('))
}

/// What is before the last dot outside of quotes, and what is after it.
fn split(name: &str) -> (&str, &str) {
    let name = name.split('(').next().unwrap_or(name);
    let mut is_quoted = false;
    let mut at = None;
    for (index, character) in name.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => at = Some(index),
            _ => {}
        }
    }
    at.map_or(("", name), |at| (&name[..at], &name[at + 1..]))
}

/// A name as SQL writes it; quotes that are there stay.
pub(crate) fn quote(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    match is_plain || name.starts_with('"') {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}
