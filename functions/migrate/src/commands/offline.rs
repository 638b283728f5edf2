//! `upgrade A:B --sql` and `downgrade B:A --sql`: a script from one version to another, without a database.

use crate::{commands::render, engine::Engine, failure::Failure, files::Migration, report::Report};

/// The migrations after one version, or base, up to another, oldest first.
struct Range<'a> {
    older: Option<String>,
    newer: String,
    between: Vec<&'a Migration>,
}

impl Engine {
    /// Renders the migrations after `from` (a version, or base) up to `to` (a version, or head).
    pub(crate) fn offline_up(
        &self,
        from: &str,
        to: &str,
        sql: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        require_sql(from, to, sql)?;
        let Range {
            older,
            newer,
            between,
        } = self.range(from, to, "older")?;
        // They belong to the newest migration, and may need it.
        let repeatable = self.migrations()?.repeatable.iter();
        let is_head = self.migrations()?.head() == Some(&newer);
        let repeatable: Vec<_> = repeatable.filter(|_| is_head).collect();
        let script = render::offline_up(&between, older.as_deref(), &repeatable)?;
        report.detail("sql", script);
        Ok(())
    }

    /// Renders the ways back in the files, from `from` (a version, or head) down to `to` (a version, or
    /// base), which stays.
    pub(crate) fn offline_down(
        &self,
        from: &str,
        to: &str,
        sql: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        require_sql(from, to, sql)?;
        let range = self.range(to, from, "newer")?;
        let (older, newer) = (range.older.as_deref(), &range.newer);
        let script = render::offline_down(&range.between, newer, older, self.migrations()?)?;
        report.detail("sql", script);
        Ok(())
    }

    /// `first` tells which of the two a person writes first.
    fn range(&self, older: &str, newer: &str, first: &str) -> Result<Range<'_>, Failure> {
        let older = match older {
            "base" => None,
            version => Some(self.existing(version, "base or an existing version")?),
        };
        let newer = self.existing(newer, "head or an existing version")?;
        if let Some(older) = older.as_ref().filter(|older| newer < **older) {
            let message =
                format!("`{newer}` is older than `{older}`: write the {first} version first");
            return Err(Failure::new(message));
        }
        let is_after = |version| older.as_ref().is_none_or(|older| older < version);
        let between = self.migrations()?.versioned.iter();
        let between = between
            .filter(|migration| is_after(&migration.version) && migration.version <= newer)
            .collect();
        Ok(Range {
            older,
            newer,
            between,
        })
    }
}

fn require_sql(from: &str, to: &str, sql: bool) -> Result<(), Failure> {
    match sql {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "a range such as `{from}:{to}` is for a script: add --sql, or name only the target"
        ))),
    }
}
