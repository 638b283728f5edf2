//! `--rename OLD=NEW`: what became of an object, since no difference tells.

use super::{
    alter::literal,
    facts::{Fact, Schema},
};

/// A statement that renames, and the one that renames back.
#[derive(Clone, Debug)]
pub(crate) struct Rename {
    pub up: String,
    pub down: String,
}

/// The statement that gives an object another name, which is quoted where it must be.
pub(crate) fn statement(fact: &Fact, new: &str) -> String {
    match fact.drop.strip_prefix("DROP ") {
        Some(object) => format!("ALTER {object} RENAME TO {new}"),
        // A part of a table: ALTER TABLE … DROP COLUMN …
        None => format!("{} TO {new}", fact.drop.replacen(" DROP ", " RENAME ", 1)),
    }
}

/// The statement of `--rename public.film.title=name`, and the `--rename` back.
///
/// # Errors
/// No such object, or no such form.
pub(crate) fn rename(schema: &Schema, text: &str) -> Result<(String, String), String> {
    let (old, new) = text.split_once('=').ok_or_else(|| {
        format!("--rename must be schema.object=name or schema.table.column=name, not `{text}`")
    })?;
    let (above, plain, _) = split(old);
    let new = quote(new);
    if let Some(fact) = find(schema, old) {
        let (_, _, arguments) = split(&fact.name);
        let back = format!("{}{arguments}={plain}", below(above, &new));
        return Ok((statement(fact, &new), back));
    }
    let kind = schema.facts.get(&format!("enum {above}"));
    if kind.is_some_and(|kind| kind.list("labels").contains(&plain)) {
        let value = |text: &str| literal(text.trim_matches('"'));
        let (from, to) = (value(plain), value(&new));
        let up = format!("ALTER TYPE {above} RENAME VALUE {from} TO {to}");
        return Ok((up, format!("{above}.{}={plain}", new.trim_matches('"'))));
    }
    Err(format!("--rename {text}: the database has no `{old}`"))
}

/// The object of a name, which may leave out the arguments of a routine.
fn find<'a>(schema: &'a Schema, name: &str) -> Option<&'a Fact> {
    schema.facts.values().find(|fact| {
        let rest = fact.name.strip_prefix(name);
        let is_named = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('('));
        is_named
            && match fact.kind.as_str() {
                "column" | "check" | "key" | "foreign key" => true,
                "extension" => false,
                // Settings have the name of what they belong to.
                _ => fact.drop.starts_with("DROP "),
            }
    })
}

/// Checks that the schema that is wanted has what each object is renamed to, at the end of all renames.
///
/// # Errors
/// It lacks one, which would be dropped.
pub(crate) fn require_targets(wanted: &Schema, renames: &[String]) -> Result<(), String> {
    let targets = renames.iter().filter_map(|text| {
        let (old, new) = text.split_once('=')?;
        Some((text, old, below(split(old).0, &quote(new))))
    });
    let targets: Vec<_> = targets.collect();
    for (at, (text, _, target)) in targets.iter().enumerate() {
        let later = targets[at + 1..].iter();
        let target = later.fold(target.clone(), |name, (_, old, new)| {
            match name.strip_prefix(old) {
                Some(rest) if rest.is_empty() || rest.starts_with('.') => format!("{new}{rest}"),
                _ => name,
            }
        });
        if rename(wanted, &format!("{target}=x")).is_err() {
            return Err(format!(
                "--rename {text}: the wanted schema has no `{target}`"
            ));
        }
    }
    Ok(())
}

/// A name in a schema or a table.
pub(crate) fn below(above: &str, name: &str) -> String {
    match above {
        "" => name.to_owned(),
        _ => format!("{above}.{name}"),
    }
}

/// What is before the last dot, the name after it, and the arguments of a routine.
pub(crate) fn split(name: &str) -> (&str, &str, &str) {
    let mut is_quoted = false;
    let (mut start, mut end) = (0, name.len());
    for (at, character) in name.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => start = at + 1,
            '(' if !is_quoted => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    let above = &name[..start.saturating_sub(1)];
    (above, &name[start..end], &name[end..])
}

/// A name as SQL writes it; quotes that are there stay.
pub(crate) fn quote(name: &str) -> String {
    let is_letter = |c: char| c.is_ascii_lowercase() || c == '_';
    let is_plain =
        name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit());
    match is_plain || name.starts_with('"') {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}
