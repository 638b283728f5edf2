//! `upgrade A:B --sql`: a script from one version to another, without a database.

use crate::{commands::render, engine::Engine, failure::Failure, report::Report};

impl Engine {
    /// Renders the migrations after `from` (a version, or base) up to `to` (a version, or head).
    pub(crate) fn offline(
        &self,
        from: &str,
        to: &str,
        sql: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        if !sql {
            let message = format!(
                "a range such as `{from}:{to}` is for a script: add --sql, or name only the target"
            );
            return Err(Failure::new(message));
        }
        let from = match from {
            "base" => None,
            version => Some(self.existing(version, "base or an existing version")?),
        };
        let to = self.existing(to, "head or an existing version")?;
        let after = |version: &String| from.as_ref().is_none_or(|from| from < version);
        if !after(&to) && from.as_ref() != Some(&to) {
            let from = from.unwrap_or_default();
            let message = format!("`{to}` is older than `{from}`: write the older version first");
            return Err(Failure::new(message));
        }
        let plan = self.migrations()?.versioned.iter();
        let plan: Vec<_> = plan
            .filter(|migration| after(&migration.version) && migration.version <= to)
            .collect();
        // They belong to the newest migration, and may need it.
        let repeatable = self.migrations()?.repeatable.iter();
        let is_head = self.migrations()?.head() == Some(&to);
        let repeatable: Vec<_> = repeatable.filter(|_| is_head).collect();
        let script = render::offline(&plan, from.as_deref(), &repeatable)?;
        report.detail("sql", script);
        Ok(())
    }
}
