//! `lint`: checks migrations with squawk's rules and two more, before they block traffic.

use serde::Serialize;
use squawk_linter::{Linter, Rule};
use squawk_syntax::{
    SourceFile,
    ast::{AlterColumnOption, AlterTableAction, AstNode, Stmt},
};

use crate::{
    commands::against::Comparison,
    engine::Engine,
    failure::Failure,
    files::Script,
    files::backfill,
    files::directives::{Directives, ENDLESS_REPEAT, REWRITE_UNDER_LOCK},
    files::statement::{line_at, split},
    report::Report,
    run::plan,
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

impl Warning {
    /// For a person to read, with `hint` before the rule.
    fn line(&self, hint: &str) -> String {
        let Self {
            file,
            line,
            rule,
            message,
            ..
        } = self;
        format!("{file}:{line}: {message} ({hint}{rule})")
    }
}

impl Engine {
    pub(crate) async fn lint(
        &self,
        all: bool,
        against: Option<&str>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        if against.is_some() && self.confirm.is_some() {
            let message =
                "`against` is only for the command line: it compares files in a git repository";
            return Err(Failure::new(message));
        }
        let migrations = self.migrations()?;
        let comparison = against.map(|reference| Comparison::new(migrations, reference));
        let comparison = comparison.transpose()?;
        let mut repeatable: Vec<_> = migrations.repeatable.iter().collect();
        let mut linted = plan::pending(migrations, &[]);
        match &comparison {
            _ if all => {}
            Some(comparison) => {
                linted.retain(|migration| !comparison.has(&migration.version));
                repeatable.retain(|file| !comparison.has_same(&file.script));
            }
            None => {
                let session = self.open(report).await?;
                let history = session.history().await?;
                linted = plan::pending(migrations, &history);
                repeatable = self.due(&session, &history).await?;
            }
        }
        let (mut warnings, mut problems) = (Vec::new(), Vec::new());
        problems.extend(comparison.into_iter().flat_map(|found| found.problems));
        let ups = linted.iter().map(|migration| &migration.up);
        for up in ups.chain(repeatable.iter().map(|file| &file.script)) {
            if split(up)?.is_empty() {
                problems.push(format!(
                    "{} has no statement: write one, or delete it",
                    up.file
                ));
            }
            warnings.extend(check(up));
        }
        // A down migration drops things on purpose, so only its syntax is checked.
        for down in linted
            .iter()
            .filter_map(|migration| migration.down.as_ref())
        {
            split(down)?;
        }
        report.detail("linted", linted.len() + repeatable.len());
        let lines = warnings
            .iter()
            .map(|warning| warning.line("-- migrate: allow="));
        let lines: Vec<_> = problems.into_iter().chain(lines).collect();
        report.detail("warnings", warnings);
        match lines.is_empty() {
            true => Ok(()),
            false => Err(Failure::new(lines.join("\n"))),
        }
    }
}

/// What `lint` will say of an up file, one line each.
pub(crate) fn findings(script: &Script) -> Vec<String> {
    let lines = check(script).map(|warning| format!("lint: {}", warning.line("")));
    lines.collect()
}

/// All warnings of an up file.
fn check(script: &Script) -> impl Iterator<Item = Warning> {
    let found = squawk(script).chain(rewrites_under_lock(script));
    found.chain(endless_repeats(script))
}

fn squawk(script: &Script) -> impl Iterator<Item = Warning> {
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

/// The statements that write to all rows of a table in the transaction of an earlier ALTER TABLE, whose
/// lock keeps readers out until they have ended. Tables that the same migration creates have none yet.
fn rewrites_under_lock(script: &Script) -> Vec<Warning> {
    let (mut warnings, mut created, mut locked) = (Vec::new(), Vec::new(), None);
    let Directives {
        no_transaction,
        allow_rewrite_under_lock,
        ..
    } = script.directives;
    if no_transaction || allow_rewrite_under_lock {
        return warnings;
    }
    for statement in SourceFile::parse(&script.text).tree().stmts() {
        let line = line_at(&script.text, statement.syntax().text_range().start().into());
        match &statement {
            Stmt::CreateTable(create) => created.extend(create.table_name().map(name)),
            Stmt::CreateTableAs(create) => created.extend(create.table_name().map(name)),
            Stmt::AlterTable(alter) if !alter.actions().all(|action| is_weak(&action)) => {
                let table = alter
                    .table_relation_name()
                    .and_then(|table| table.table_name_ref());
                if !table.is_some_and(|table| created.contains(&name(table))) {
                    locked.get_or_insert(line);
                }
            }
            _ => {}
        }
        if let (Some(since), Some(table)) = (locked, rewritten(&statement))
            && !created.contains(&table)
        {
            warnings.push(Warning {
                file: script.file.clone(),
                line,
                rule: REWRITE_UNDER_LOCK.to_owned(),
                message: format!(
                    "This writes to all rows of {table}, while the ALTER TABLE of line {since} keeps its table \
                     locked until the end of the transaction."
                ),
                help: Some("Move it to a migration of its own, and write in batches.".to_owned()),
            });
        }
    }
    warnings
}

/// Whether an action only takes a lock that readers and writers do not wait for, SHARE UPDATE EXCLUSIVE.
fn is_weak(action: &AlterTableAction) -> bool {
    match action {
        AlterTableAction::ClusterOn(_)
        | AlterTableAction::ResetOptions(_)
        | AlterTableAction::SetOptions(_)
        | AlterTableAction::SetWithoutCluster(_)
        | AlterTableAction::ValidateConstraint(_) => true,
        AlterTableAction::AlterColumn(alter) => matches!(
            alter.option(),
            Some(
                AlterColumnOption::ResetOptions(_)
                    | AlterColumnOption::SetOptions(_)
                    | AlterColumnOption::SetOptionsList(_)
                    | AlterColumnOption::SetStatistics(_)
            )
        ),
        _ => false,
    }
}

/// A statement that is repeated, and may not end.
fn endless_repeats(script: &Script) -> Vec<Warning> {
    let Directives {
        repeat,
        allow_endless_repeat,
        ..
    } = script.directives;
    if !repeat || allow_endless_repeat {
        return Vec::new();
    }
    let tree = SourceFile::parse(&script.text).tree();
    let warnings = tree.stmts().flat_map(|statement| {
        let start = statement.syntax().text_range().start().into();
        let warning = move |message: &str| Warning {
            file: script.file.clone(),
            line: line_at(&script.text, start),
            rule: ENDLESS_REPEAT.to_owned(),
            message: message.to_owned(),
            help: None,
        };
        backfill::warnings(&statement).into_iter().map(warning)
    });
    warnings.collect()
}

/// The table whose rows an UPDATE or a DELETE writes to, all of them or all that a new column of theirs
/// leaves NULL.
fn rewritten(statement: &Stmt) -> Option<String> {
    let (table, condition) = match statement {
        Stmt::Update(update) => (update.relation_name(), update.where_clause_or_current_of()),
        Stmt::Delete(delete) => (delete.relation_name(), delete.where_clause_or_current_of()),
        _ => return None,
    };
    let condition = condition.map(|condition| condition.syntax().text().to_string().to_lowercase());
    let words = condition.as_deref().unwrap_or_default().split_whitespace();
    let words: Vec<_> = words.collect();
    let is_whole = matches!(words[..], [] | ["where", _, "is", "null"]);
    Some(name(table?.relation_name_ref()?)).filter(|_| is_whole)
}

/// The name of a table as it is written, without its schema.
fn name(table: impl AstNode) -> String {
    let path = table.syntax().text().to_string().to_lowercase();
    path.rsplit('.')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}
