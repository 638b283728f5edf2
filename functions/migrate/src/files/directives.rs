//! The directives in the header of a file: `-- migrate: no-transaction, lock_timeout=5s`.

use std::time::Duration;

use squawk_linter::Rule;

const MARK: &str = "-- migrate:";
/// The rule of lint that squawk does not have.
pub(crate) const REWRITE_UNDER_LOCK: &str = "rewrite-under-lock";

/// The rule of lint for statements that are repeated.
pub(crate) const ENDLESS_REPEAT: &str = "endless-repeat";

/// The directives of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directives {
    /// Run the statements one by one, because one of them cannot run in a transaction.
    pub no_transaction: bool,
    /// Run the only statement again and again, each time in a transaction, until it touches no row.
    /// It implies `no_transaction`.
    pub repeat: bool,
    /// There is no down migration.
    pub irreversible: bool,
    /// How long a statement waits for a lock.
    pub lock_timeout: Option<Duration>,
    /// How long a statement may run.
    pub statement_timeout: Option<Duration>,
    /// The rules of squawk that lint does not check.
    pub allow: Vec<Rule>,
    /// Whether lint does not check [`REWRITE_UNDER_LOCK`].
    pub allow_rewrite_under_lock: bool,
    /// Whether lint does not check [`ENDLESS_REPEAT`].
    pub allow_endless_repeat: bool,
}

impl Directives {
    /// Reads the directives from the header, which is the comments before the first statement.
    ///
    /// # Errors
    /// The first directive that is unknown, malformed, misspelt or below the header, with its line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut directives = Self::default();
        let mut header = true;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            header &= line.is_empty() || line.starts_with("--");
            let at = |reason: String| format!("line {}: {reason}", number + 1);
            let Some(list) = line.strip_prefix(MARK) else {
                refuse_misspelt(line).map_err(at)?;
                continue;
            };
            if !header {
                return Err(at(format!("`{line}` must be above the first statement")));
            }
            for directive in list.split(',') {
                directives.add(directive.trim()).map_err(at)?;
            }
        }
        Ok(directives)
    }

    fn is_directive(text: &str) -> bool {
        Self::default().add(text.trim()).is_ok()
    }

    fn add(&mut self, directive: &str) -> Result<(), String> {
        match directive.split_once('=') {
            None if directive == "no-transaction" => self.no_transaction = true,
            None if directive == "repeat" => {
                self.repeat = true;
                self.no_transaction = true;
            }
            None if directive == "irreversible" => self.irreversible = true,
            Some(("lock_timeout", value)) => self.lock_timeout = Some(duration(value)?),
            Some(("statement_timeout", value)) => self.statement_timeout = Some(duration(value)?),
            Some(("allow", REWRITE_UNDER_LOCK)) => self.allow_rewrite_under_lock = true,
            Some(("allow", ENDLESS_REPEAT)) => self.allow_endless_repeat = true,
            Some(("allow", value)) => {
                let rule = value
                    .parse()
                    .map_err(|_| format!("`{value}` is not a lint rule"))?;
                self.allow.push(rule);
            }
            _ => {
                return Err(format!(
                    "`{directive}` is not a directive: use no-transaction, repeat, irreversible, lock_timeout=2s, \
                     statement_timeout=5min or allow=rule"
                ));
            }
        }
        Ok(())
    }
}

/// Refuses a comment that is meant as a directive, and would have no effect.
fn refuse_misspelt(line: &str) -> Result<(), String> {
    let dashes = line.strip_prefix("--");
    let comment = dashes.map(|rest| rest.trim_start_matches('-'));
    let comment = comment.or_else(|| line.strip_prefix("/*")?.strip_suffix("*/"));
    let words = comment.unwrap_or_default().trim();
    let Some((mark, rest)) = words.split_at_checked("migrate".len()) else {
        return Ok(());
    };
    let after_colon = rest.trim_start().strip_prefix(':');
    let list = after_colon.unwrap_or(rest).trim();
    // In other letters or without the colon it may be a sentence, unless it begins with a directive.
    let first = list.split([',', ' ']).next().unwrap_or_default();
    let is_marked = mark == "migrate" && after_colon.is_some();
    match is_marked || mark.eq_ignore_ascii_case("migrate") && Directives::is_directive(first) {
        true => Err(format!("`{line}` has no effect: write `{MARK} {list}`")),
        false => Ok(()),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let milliseconds = match &text[digits.len()..] {
        "ms" => Some(1),
        "s" => Some(1_000),
        "min" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let number = digits.parse::<u32>().ok();
    match (number, milliseconds) {
        (Some(number), Some(unit)) => Ok(Duration::from_millis(u64::from(number) * unit)),
        _ => Err(format!(
            "`{text}` is not a duration: write it like 500ms, 2s, 5min or 1h"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_can_have_several_lines() {
        let text = "-- Why.\n-- migrate: no-transaction, lock_timeout=500ms\n\n-- migrate: allow=ban-drop-column\nSELECT 1;";
        let directives = Directives::parse(text).expect("directives");
        assert!(directives.no_transaction && !directives.irreversible);
        assert_eq!(directives.lock_timeout, Some(Duration::from_millis(500)));
        assert_eq!(directives.allow, [Rule::BanDropColumn]);
    }

    #[test]
    fn a_sentence_about_migrating_is_a_comment() {
        for text in [
            "-- migrate the rows",
            "-- Migrates: all rows",
            "-- Migrate: all rows",
            "--migrated: yesterday",
            "-- migrate",
        ] {
            let directives = Directives::parse(text).expect(text);
            assert_eq!(directives, Directives::default());
        }
    }

    #[test]
    fn an_error_names_its_value_and_line() {
        for (text, words) in [
            ("\n-- migrate: fast", "line 2: `fast`"),
            ("-- migrate: lock_timeout=2", "`2` is not a duration"),
            ("-- migrate: lock_timeout=s", "`s` is not a duration"),
            (
                "-- migrate: allow=everything",
                "`everything` is not a lint rule",
            ),
            (
                "SELECT 1;\n-- migrate: irreversible",
                "above the first statement",
            ),
            ("-- migrate:", "`` is not a directive"),
            (
                "--migrate: irreversible",
                "line 1: `--migrate: irreversible`",
            ),
            ("\n--  migrate: irreversible", "line 2: `--  migrate: "),
            ("-- Migrate: irreversible", "`-- Migrate: irreversible` "),
            ("-- migrate : irreversible", "`-- migrate : irreversible` "),
            ("--- migrate: irreversible", "`--- migrate: irreversible` "),
            (
                "-- migrate irreversible",
                "write `-- migrate: irreversible`",
            ),
            (
                "-- migrate lock_timeout=2s",
                "write `-- migrate: lock_timeout=2s`",
            ),
            (
                "/* migrate: irreversible */",
                "write `-- migrate: irreversible`",
            ),
        ] {
            let error = Directives::parse(text).expect_err(text);
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
