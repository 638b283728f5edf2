//! The files of a new migration, for `revision -m`.

use std::{fs, path::Path};

use time::{
    Duration, OffsetDateTime, PrimitiveDateTime,
    format_description::StaticFormatDescription as Format, macros::format_description,
};

const VERSION: Format = format_description!("[year][month][day][hour][minute][second]");

/// When a new migration of this folder is made: now, or a second after the newest one that is there, so
/// that the new one comes last.
pub fn next_time(folder: &Path, now: OffsetDateTime) -> OffsetDateTime {
    // Whoever writes to the folder reports that it cannot be read.
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let times = entries.filter_map(|entry| {
        let name = entry.file_name();
        let (version, _) = name.to_str()?.split_once('_')?;
        let time = PrimitiveDateTime::parse(version, VERSION).ok()?;
        time.assume_utc().checked_add(Duration::SECOND)
    });
    times.fold(now, OffsetDateTime::max)
}

/// The names and texts of a new up file and down file, in this order.
///
/// # Errors
/// The message has neither a letter nor a digit.
pub fn template(message: &str, now: OffsetDateTime) -> Result<[(String, String); 2], String> {
    let words = message.to_lowercase();
    let words = words.split(|character: char| !character.is_ascii_alphanumeric());
    let name = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("_");
    if name.is_empty() {
        return Err(format!(
            "the message of a revision must have ASCII letters or digits, unlike `{message}`"
        ));
    }
    let version = now.format(VERSION).map_err(|error| error.to_string())?;
    let up = format!("-- {message}\n\n");
    let down = format!("-- Reverts: {message}\n\n");
    Ok([
        (format!("{version}_{name}.up.sql"), up),
        (format!("{version}_{name}.down.sql"), down),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_template_is_named_after_its_time_and_message() {
        let now = datetime!(2026-07-01 12:30:05 UTC);
        let [(up, _), (down, _)] = template("Add film.budget, in EUR", now).expect("names");
        assert_eq!(up, "20260701123005_add_film_budget_in_eur.up.sql");
        assert_eq!(down, "20260701123005_add_film_budget_in_eur.down.sql");
        assert!(template("…", now).is_err());
    }
}
