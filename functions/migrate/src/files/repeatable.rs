//! Repeatable files, `R_name.sql`: functions and views that are applied again whenever their text changes.

use crate::files::{Script, hash, is_name};

/// The place of a version in the name of a repeatable file.
pub(crate) const R: &str = "R";

/// A repeatable file.
#[derive(Clone, Debug)]
pub(crate) struct Repeatable {
    pub name: String,
    pub script: Script,
}

impl Repeatable {
    /// Reads a file; None if its name does not begin with `R_`.
    pub fn parse(file: &str, text: &str) -> Option<Result<Self, String>> {
        let name = file.strip_prefix(R)?.strip_prefix('_')?;
        let name = name.strip_suffix(".sql").filter(|name| is_name(name));
        let name = name.ok_or_else(|| {
            format!(
                "{file}: must be named R_name.sql, with a name of lowercase letters, digits and _"
            )
        });
        Some(name.and_then(|name| Self::new(name, file, text)))
    }

    fn new(name: &str, file: &str, text: &str) -> Result<Self, String> {
        let script = Script::new(file.to_owned(), text)?;
        let directives = &script.directives;
        let (wrong, reason) = match (directives.no_transaction, directives.irreversible) {
            (true, _) if directives.repeat => ("repeat", "runs once for each of its texts"),
            (true, _) => ("no-transaction", "runs in a transaction with its record"),
            (_, true) => ("irreversible", "is never reverted"),
            _ => {
                let name = name.to_owned();
                return Ok(Self { name, script });
            }
        };
        Err(format!(
            "{file}: remove `{wrong}`: a repeatable file {reason}"
        ))
    }

    /// `R_name`, as commands take and list it.
    pub fn full_name(&self) -> String {
        format!("{R}_{}", self.name)
    }

    /// The SHA-256 of the text, in hexadecimal.
    pub fn checksum(&self) -> String {
        hash(&self.script.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeatable_file_has_a_name_and_no_directive_that_is_for_others() {
        let read = |file, text| Repeatable::parse(file, text).expect("R_");
        assert_eq!(
            read("R_films_2.sql", "SELECT 1;").map(|file| file.full_name()),
            Ok("R_films_2".to_owned())
        );
        assert!(Repeatable::parse("20240101000000_x.up.sql", "").is_none());
        for (file, text, words) in [
            ("R_.sql", "", "R_.sql: must be named R_name.sql"),
            ("R_x.up.sql", "", "R_x.up.sql: must be named R_name.sql"),
            ("R_X.sql", "", "R_X.sql: must be named R_name.sql"),
            (
                "R_x.sql",
                "-- migrate: no-transaction",
                "R_x.sql: remove `no-transaction`",
            ),
            ("R_x.sql", "-- migrate: repeat", "R_x.sql: remove `repeat`"),
            (
                "R_x.sql",
                "-- migrate: irreversible",
                "R_x.sql: remove `irreversible`",
            ),
            ("R_x.sql", "-- migrate: odd", "R_x.sql: line 1: `odd`"),
        ] {
            let error = read(file, text).expect_err(file);
            assert!(error.starts_with(words), "{error}");
        }
    }
}
