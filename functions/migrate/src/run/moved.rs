//! Files that have moved to another version, as after a rebase: the same name and up text as an applied
//! migration whose own file is missing.

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::{
    database::history::{Applied, State},
    files::{Migration, Migrations},
};

/// An applied migration, and the file that it has moved to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moved<'a> {
    pub row: &'a Applied,
    pub to: &'a Migration,
}

impl Moved<'_> {
    /// `20240105000000_name has moved to 20240120000000`
    pub fn sentence(&self) -> String {
        let Applied { version, name, .. } = self.row;
        format!("{version}_{name} has moved to {}", self.to.version)
    }
}

impl Serialize for Moved<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Moved", 3)?;
        fields.serialize_field("name", &self.row.name)?;
        fields.serialize_field("from", &self.row.version)?;
        fields.serialize_field("to", &self.to.version)?;
        fields.end()
    }
}

/// The files that have moved, oldest record first. Where two files or two records have the same name and
/// text, nobody knows which belong together, and none of them counts as moved.
pub(crate) fn moved<'a>(migrations: &'a Migrations, history: &'a [Applied]) -> Vec<Moved<'a>> {
    let missing = history.iter().filter(|row| is_missing(migrations, row));
    let moved = missing.filter_map(|row| {
        let [to] = candidates(migrations, history, row)[..] else {
            return None;
        };
        let mut rows = history.iter().filter(|row| is_missing(migrations, row));
        let is_other = |other: &Applied| other.version != row.version && is_same(to, other);
        (!rows.any(is_other)).then_some(Moved { row, to })
    });
    moved.collect()
}

/// The files that a record without a file may have moved to.
pub(crate) fn candidates<'a>(
    migrations: &'a Migrations,
    history: &[Applied],
    row: &Applied,
) -> Vec<&'a Migration> {
    let is_new = |file: &&Migration| !history.iter().any(|row| row.version == file.version);
    let files = migrations
        .versioned
        .iter()
        .filter(|file| is_same(file, row));
    files.filter(is_new).collect()
}

/// Whether an applied migration has no file here. One that is partially reverted is for `downgrade`.
fn is_missing(migrations: &Migrations, row: &Applied) -> bool {
    row.state != State::Reverting && migrations.find(&row.version).is_none()
}

fn is_same(file: &Migration, row: &Applied) -> bool {
    file.name == row.name && file.checksum() == row.checksum
}
