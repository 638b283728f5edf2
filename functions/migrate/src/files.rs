//! The files: named, paired, in one line of order, and free of what cannot be right.

use std::{collections::BTreeMap, fs, path::Path};

use sha2::{Digest, Sha256};

use crate::directives::Directives;

/// Name and text of every file in migrations/, made by build.rs.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// All migrations, oldest first.
#[derive(Clone, Debug)]
pub struct Migrations(pub(crate) Vec<Migration>);

/// A step of the schema, and its way back.
#[derive(Clone, Debug)]
pub(crate) struct Migration {
    pub version: String,
    pub name: String,
    pub up: Script,
    /// None where it is irreversible.
    pub down: Option<Script>,
}

/// One direction of a migration.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    /// The file's name, for messages.
    pub file: String,
    pub text: String,
    pub directives: Directives,
}

impl Script {
    pub fn new(file: String, text: &str) -> Result<Self, String> {
        let text = normalise(text);
        let directives = Directives::parse(&text).map_err(|error| format!("{file}: {error}"))?;
        Ok(Self {
            file,
            text,
            directives,
        })
    }
}

impl Migration {
    /// SHA-256 over the way up, in hex.
    pub fn checksum(&self) -> String {
        hash(&self.up.text)
    }
}

impl Migrations {
    /// Those that are compiled in.
    ///
    /// # Errors
    /// Everything that is wrong with the files, a line each.
    pub fn embedded() -> Result<Self, String> {
        let files = EMBEDDED
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Self::parse(files.collect())
    }

    /// Those in a folder.
    ///
    /// # Errors
    /// The folder that cannot be read, or everything that is wrong with its files, a line each.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let failed = |error| format!("{}: {error}", folder.display());
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if !name.starts_with('.') {
                let text = fs::read_to_string(&path)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                files.push((name, text));
            }
        }
        Self::parse(files)
    }

    /// Those in these files: names and texts.
    ///
    /// # Errors
    /// Everything that is wrong with them, a line each.
    pub fn parse(mut files: Vec<(String, String)>) -> Result<Self, String> {
        files.sort();
        let mut errors = Vec::new();
        let mut pairs = BTreeMap::<String, Pair>::new();
        for (file, text) in files {
            if let Err(error) = add(&mut pairs, &file, &text) {
                errors.push(error);
            }
        }
        let mut migrations = Vec::new();
        for (version, pair) in pairs {
            match pair.complete(version) {
                Ok(migration) => migrations.push(migration),
                Err(error) => errors.push(error),
            }
        }
        match errors.is_empty() {
            true => Ok(Self(migrations)),
            false => Err(errors.join("\n")),
        }
    }

    pub(crate) fn find(&self, version: &str) -> Option<&Migration> {
        self.0.iter().find(|migration| migration.version == version)
    }

    pub(crate) fn head(&self) -> Option<&str> {
        self.0.last().map(|migration| migration.version.as_str())
    }
}

#[derive(Default)]
struct Pair {
    name: String,
    up: Option<Script>,
    down: Option<Script>,
}

fn add(pairs: &mut BTreeMap<String, Pair>, file: &str, text: &str) -> Result<(), String> {
    let (version, name, is_up) = parse_name(file).ok_or_else(|| {
        format!("{file}: must be named YYYYMMDDHHMMSS_name.up.sql or .down.sql, in small letters, digits and _")
    })?;
    let pair = pairs.entry(version.to_owned()).or_default();
    if !pair.name.is_empty() && pair.name != name {
        return Err(format!(
            "{file}: has the version of {version}_{}",
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
    fn complete(self, version: String) -> Result<Migration, String> {
        let Self { name, up, down } = self;
        let Some(up) = up else {
            return Err(format!("{version}_{name}.down.sql: has no .up.sql"));
        };
        match (&down, up.directives.irreversible) {
            (None, false) => Err(format!(
                "{}: has no .down.sql, and is not irreversible",
                up.file
            )),
            (Some(down), true) => Err(format!(
                "{}: there is a way back from what is irreversible",
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
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let right = is_moment(version) && !name.is_empty() && name.bytes().all(is_name);
    match direction {
        "up" | "down" if right => Some((version, name, direction == "up")),
        _ => None,
    }
}

fn is_moment(version: &str) -> bool {
    use time::{PrimitiveDateTime, macros::format_description};
    let format = format_description!("[year][month][day][hour][minute][second]");
    version.len() == 14 && PrimitiveDateTime::parse(version, format).is_ok()
}

/// Without a byte order mark and with LF, so that a checkout on another system is no divergence.
fn normalise(text: &str) -> String {
    text.strip_prefix('\u{FEFF}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
}

pub(crate) fn hash(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The names and texts of a new pair, for `revision -m`.
///
/// # Errors
/// A message without a letter or a digit.
pub fn template(message: &str, now: time::OffsetDateTime) -> Result<[(String, String); 2], String> {
    let words = message.to_lowercase();
    let words = words.split(|character: char| !character.is_ascii_alphanumeric());
    let name = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("_");
    if name.is_empty() {
        return Err(format!(
            "a revision needs a message with letters or digits, not `{message}`"
        ));
    }
    let format = time::macros::format_description!("[year][month][day][hour][minute][second]");
    let version = now.format(format).map_err(|error| error.to_string())?;
    let up = format!("-- {message}\n\n");
    let down = format!("-- The way back from: {message}\n\n");
    Ok([
        (format!("{version}_{name}.up.sql"), up),
        (format!("{version}_{name}.down.sql"), down),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(files: &[(&str, &str)]) -> Result<Migrations, String> {
        let own = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Migrations::parse(own.collect())
    }

    #[test]
    fn the_embedded_migrations_are_right() {
        let migrations = Migrations::embedded().expect("right files");
        assert!(migrations.head().is_some());
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let error = parse(&[
            ("2024_x.up.sql", ""),
            ("20241301000000_month.up.sql", ""),
            ("20240101000000_Case.up.sql", ""),
            ("20240101000000_one.up.sql", ""),
            ("20240101000000_two.up.sql", ""),
            ("20240102000000_alone.up.sql", ""),
            ("20240103000000_back.down.sql", ""),
            ("20240104000000_final.up.sql", "-- migrate: irreversible"),
            ("20240104000000_final.down.sql", ""),
            ("20240105000000_odd.up.sql", "-- migrate: odd"),
            ("notes.txt", ""),
        ]);
        let error = error.expect_err("errors");
        for words in [
            "2024_x.up.sql: must be named",
            "20241301000000_month.up.sql: must be named",
            "20240101000000_Case.up.sql: must be named",
            "20240101000000_two.up.sql: has the version of 20240101000000_one",
            "20240102000000_alone.up.sql: has no .down.sql",
            "20240103000000_back.down.sql: has no .up.sql",
            "20240104000000_final.down.sql: there is a way back",
            "20240105000000_odd.up.sql: line 1: `odd`",
            "notes.txt: must be named",
        ] {
            assert!(error.contains(words), "`{words}` is not in:\n{error}");
        }
    }

    #[test]
    fn a_byte_order_mark_and_carriage_returns_are_no_change() {
        let checksum = |text| {
            let files = [
                ("20240101000000_x.up.sql", text),
                ("20240101000000_x.down.sql", ""),
            ];
            parse(&files).expect("a pair").0[0].checksum()
        };
        assert_eq!(
            checksum("\u{FEFF}SELECT 1;\r\nSELECT 2;\r\n"),
            checksum("SELECT 1;\nSELECT 2;\n")
        );
        assert_ne!(checksum("SELECT 1;"), checksum("SELECT 1; "));
    }

    #[test]
    fn a_template_is_named_by_its_moment_and_message() {
        let now = time::macros::datetime!(2026-07-01 12:30:05 UTC);
        let [(up, _), (down, _)] = template("Add film.budget, in EUR", now).expect("names");
        assert_eq!(up, "20260701123005_add_film_budget_in_eur.up.sql");
        assert_eq!(down, "20260701123005_add_film_budget_in_eur.down.sql");
        assert!(template("…", now).is_err());
    }
}
