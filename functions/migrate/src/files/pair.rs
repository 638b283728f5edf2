//! The pairs of an up file and a down file.

use std::collections::BTreeMap;

use crate::files::{Migration, Script, is_name};

/// The files of one version.
#[derive(Default)]
pub(super) struct Pair {
    name: String,
    up: Option<Script>,
    down: Option<Script>,
}

/// Adds a file to the pair of its version.
pub(super) fn add(
    pairs: &mut BTreeMap<String, Pair>,
    file: &str,
    text: &str,
) -> Result<(), String> {
    let (version, name, is_up) = parse_name(file).ok_or_else(|| {
        format!("{file}: must be named YYYYMMDDHHMMSS_name.up.sql or .down.sql, or R_name.sql, with a name of lowercase letters, digits and _")
    })?;
    let pair = pairs.entry(version.to_owned()).or_default();
    if !pair.name.is_empty() && pair.name != name {
        return Err(format!(
            "{file}: has the same version as {version}_{}: change one of them",
            pair.name
        ));
    }
    name.clone_into(&mut pair.name);
    let script = Script::new(file.to_owned(), text)?;
    let side = if is_up { &mut pair.up } else { &mut pair.down };
    *side = Some(script);
    Ok(())
}

impl Pair {
    pub fn complete(self, version: String) -> Result<Migration, String> {
        let Self { name, up, down } = self;
        let Some(up) = up else {
            return Err(format!("{version}_{name}.down.sql: the .up.sql is missing"));
        };
        match (&down, up.directives.irreversible) {
            (None, false) => Err(format!(
                "{}: the .down.sql is missing; write one, or add `-- migrate: irreversible` here",
                up.file
            )),
            (Some(down), true) => Err(format!(
                "{}: the .up.sql says `irreversible`; delete this file, or that directive",
                down.file
            )),
            _ => Ok(Migration {
                version,
                name,
                up,
                down,
            }),
        }
    }
}

fn parse_name(file: &str) -> Option<(&str, &str, bool)> {
    let (version, rest) = file.split_once('_')?;
    let (name, direction) = rest.strip_suffix(".sql")?.rsplit_once('.')?;
    let is_valid = is_timestamp(version) && is_name(name);
    match direction {
        "up" | "down" if is_valid => Some((version, name, direction == "up")),
        _ => None,
    }
}

/// Whether the version is a valid date and time.
fn is_timestamp(version: &str) -> bool {
    use time::{PrimitiveDateTime, macros::format_description};
    let format = format_description!("[year][month][day][hour][minute][second]");
    version.len() == 14 && PrimitiveDateTime::parse(version, format).is_ok()
}
