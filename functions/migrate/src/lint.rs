//! `lint`: checks migrations with squawk's rules, before they block traffic.

use serde::Serialize;
use squawk_linter::{Linter, Rule};
use squawk_syntax::SourceFile;

use crate::{
    engine::Engine,
    failure::Failure,
    files::Script,
    plan,
    report::Report,
    statement::{line_at, split},
};

/// Rules that the engine satisfies itself, or that are about style and not about safety.
const EXCLUDED: [Rule; 5] = [
    // The engine sets both for every statement.
    Rule::RequireLockTimeout,
    Rule::RequireStatementTimeout,
    // A recorded migration never runs twice, so it needs no IF NOT EXISTS.
    Rule::PreferRobustStmts,
    Rule::PreferBigintOverInt,
    Rule::PreferBigintOverSmallint,
];

/// A statement that is not safe while the database serves traffic.
#[derive(Debug, Serialize)]
struct Warning {
    file: String,
    line: usize,
    rule: String,
    message: String,
    help: Option<String>,
}

impl Engine {
    pub(crate) async fn lint(&self, all: bool, report: &mut Report) -> Result<(), Failure> {
        let migrations = self.migrations()?;
        let history = match all {
            true => Vec::new(),
            false => self.open(report).await?.history().await?,
        };
        let pending = plan::pending(migrations, &history);
        let (mut warnings, mut empty) = (Vec::new(), Vec::new());
        for migration in &pending {
            let up = &migration.up;
            if split(up)?.is_empty() {
                empty.push(format!(
                    "{} has no statement: write one, or delete the migration",
                    up.file
                ));
            }
            warnings.extend(check(up));
            // A down migration drops things on purpose, so only its syntax is checked.
            if let Some(down) = &migration.down {
                split(down)?;
            }
        }
        report.detail("linted", pending.len());
        let lines = warnings.iter().map(|warning| {
            let Warning {
                file,
                line,
                rule,
                message,
                ..
            } = warning;
            format!("{file}:{line}: {message} (-- migrate: allow={rule})")
        });
        let lines: Vec<_> = empty.into_iter().chain(lines).collect();
        report.detail("warnings", warnings);
        match lines.is_empty() {
            true => Ok(()),
            false => Err(Failure::new(lines.join("\n"))),
        }
    }
}

fn check(script: &Script) -> impl Iterator<Item = Warning> {
    let exclude: Vec<_> = EXCLUDED
        .into_iter()
        .chain(script.directives.allow.iter().copied())
        .collect();
    let mut linter = Linter::with_rules(&[], &exclude);
    linter.settings.assume_in_transaction = !script.directives.no_transaction;
    let violations = linter.lint(&SourceFile::parse(&script.text), &script.text);
    violations.into_iter().map(|violation| Warning {
        file: script.file.clone(),
        line: line_at(&script.text, violation.text_range.start().into()),
        rule: violation.code.to_string(),
        message: violation.message,
        help: violation.help,
    })
}
