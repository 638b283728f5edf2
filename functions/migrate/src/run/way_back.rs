//! The way back of an applied migration: its down file, or the text that the history keeps.

use crate::{
    database::history::Applied,
    failure::Failure,
    files::{Migration, Migrations, Script},
    report::Source,
};

/// The script that reverts a migration.
pub(crate) struct WayBack {
    pub script: Script,
    pub source: Source,
    /// Why this script, where a person may expect another.
    pub note: Option<String>,
}

/// Chooses the down file where there is one and its up file is the one that was applied: it may have
/// been corrected since. Otherwise the text that the history has kept, as an older build needs it.
///
/// # Errors
/// The migration is irreversible, or this build does not know a directive of the kept text.
pub(crate) fn way_back(migrations: &Migrations, row: &Applied) -> Result<WayBack, Failure> {
    let migration = migrations.find(&row.version);
    if let Some(migration) = migration
        && let Some(script) = down_file(migration, row)
    {
        let note = format!(
            "{} differs from the text stored in the history: the file is used",
            script.file
        );
        return Ok(WayBack {
            script: script.clone(),
            source: Source::File,
            note: (!is_kept(migration, row)).then_some(note),
        });
    }
    let reason = match migration {
        None => "has no files here",
        Some(_) => "was applied from another .up.sql than the one here",
    };
    let (version, name) = (&row.version, &row.name);
    Ok(WayBack {
        script: row.down_script()?,
        source: Source::History,
        note: Some(format!(
            "{version}_{name} {reason}: the .down.sql stored in the history is used"
        )),
    })
}

/// The down files that the history keeps in another text.
pub(crate) fn differing(migrations: &Migrations, history: &[Applied]) -> Vec<String> {
    let files = history.iter().filter_map(|row| {
        let migration = migrations.find(&row.version)?;
        let script = down_file(migration, row)?;
        (!is_kept(migration, row)).then(|| script.file.clone())
    });
    files.collect()
}

/// The down file of the migration that was applied.
fn down_file<'a>(migration: &'a Migration, row: &Applied) -> Option<&'a Script> {
    let is_applied = migration.checksum() == row.checksum;
    migration.down.as_ref().filter(|_| is_applied)
}

/// Whether the history has the text of the down file.
pub(crate) fn is_kept(migration: &Migration, row: &Applied) -> bool {
    row.down.as_ref() == migration.down.as_ref().map(|script| &script.text)
}
