//! The migrations that are compiled in, paired and in order.

use std::collections::BTreeMap;

/// Name and text of every file in migrations/, made by build.rs.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// A step of the schema, and its way back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Migration {
    /// When it was written, UTC: `20241109103000`.
    pub version: &'static str,
    /// What it does, in snake case.
    pub name: &'static str,
    /// The SQL that applies it.
    pub up: &'static str,
    /// The SQL that reverts it.
    pub down: &'static str,
}

/// All migrations, oldest first.
///
/// # Errors
/// The file that is misnamed, or that has no counterpart.
pub fn migrations() -> Result<Vec<Migration>, String> {
    let mut migrations = BTreeMap::<&str, Migration>::new();
    for (file, text) in FILES {
        let (version, name, direction) = parse(file).ok_or_else(|| {
            format!("migrations/{file} must be named YYYYMMDDHHMMSS_name.up.sql or .down.sql")
        })?;
        let migration = migrations.entry(version).or_default();
        if !migration.name.is_empty() && migration.name != name {
            return Err(format!(
                "migrations/{file} has the version of {}",
                migration.name
            ));
        }
        (migration.version, migration.name) = (version, name);
        match direction {
            "up" => migration.up = text,
            _ => migration.down = text,
        }
    }
    for Migration {
        version,
        name,
        up,
        down,
    } in migrations.values()
    {
        if up.is_empty() || down.is_empty() {
            return Err(format!(
                "migrations/{version}_{name} must have both .up.sql and .down.sql"
            ));
        }
    }
    Ok(migrations.into_values().collect())
}

fn parse(file: &str) -> Option<(&str, &str, &str)> {
    let (version, rest) = file.split_once('_')?;
    let (name, direction) = rest.strip_suffix(".sql")?.rsplit_once('.')?;
    let is_version = version.len() == 14 && version.bytes().all(|byte| byte.is_ascii_digit());
    let is_direction = matches!(direction, "up" | "down");
    (is_version && is_direction && !name.is_empty()).then_some((version, name, direction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_has_a_way_back() {
        let migrations = migrations().expect("well-named pairs");
        assert!(!migrations.is_empty());
    }

    #[test]
    fn a_misnamed_file_is_not_a_migration() {
        assert_eq!(
            parse("20241109103000_add_x.up.sql"),
            Some(("20241109103000", "add_x", "up"))
        );
        for file in [
            "2024_x.up.sql",
            "20241109103000_x.sql",
            "20241109103000_x.up.txt",
            "20241109103000_.up.sql",
        ] {
            assert_eq!(parse(file), None, "{file}");
        }
    }
}
