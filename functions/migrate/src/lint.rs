//! `lint`: squawk's rules over migrations, before they stop traffic.

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

/// What the engine sees to itself, or what is a matter of taste and not of safety.
const NOT_ASKED: [Rule; 5] = [
    // Set for every statement.
    Rule::RequireLockTimeout,
    Rule::RequireStatementTimeout,
    // A migration runs once, and is recorded.
    Rule::PreferRobustStmts,
    Rule::PreferBigintOverInt,
    Rule::PreferBigintOverSmallint,
];

/// Something that a migration should not do while others work.
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
        let mut warnings = Vec::new();
        for migration in &pending {
            warnings.extend(check(&migration.up)?);
            // The way back is meant to lose what the way up has made; it need only be SQL.
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
        let lines: Vec<_> = lines.collect();
        report.detail("warnings", warnings);
        match lines.is_empty() {
            true => Ok(()),
            false => Err(Failure::new(lines.join("\n"))),
        }
    }
}

fn check(script: &Script) -> Result<Vec<Warning>, Failure> {
    split(script)?;
    let exclude: Vec<_> = NOT_ASKED
        .into_iter()
        .chain(script.directives.allow.iter().copied())
        .collect();
    let mut linter = Linter::with_rules(&[], &exclude);
    linter.settings.assume_in_transaction = !script.directives.no_transaction;
    let violations = linter.lint(&SourceFile::parse(&script.text), &script.text);
    let warnings = violations.into_iter().map(|violation| Warning {
        file: script.file.clone(),
        line: line_at(&script.text, violation.text_range.start().into()),
        rule: violation.code.to_string(),
        message: violation.message,
        help: violation.help,
    });
    Ok(warnings.collect())
}
