//! From a command to the method that runs it. Only this module knows every command.

use crate::{
    command::Command, engine::Engine, failure::Failure, report::Report, run::plan::Accept,
};

impl Engine {
    /// Runs a command. Failures are in the report, too.
    pub async fn run(&self, command: &Command) -> Report {
        let mut report = Report::new(command);
        let result = self.dispatch(command, &mut report).await;
        report.end(result, command, &self.clock)
    }

    async fn dispatch(&self, command: &Command, report: &mut Report) -> Result<(), Failure> {
        match command {
            Command::Upgrade {
                sql: true,
                dry_run: true,
                ..
            } => Err(Failure::new(
                "sql and dry_run exclude each other: a script is not run",
            )),
            Command::Upgrade {
                target,
                sql,
                dry_run,
                ahead,
                out_of_order,
            } => {
                let accept = Accept {
                    ahead: *ahead,
                    out_of_order: *out_of_order,
                };
                self.upgrade(target, *sql, *dry_run, accept, report).await
            }
            Command::Downgrade { target, sql, from } => {
                self.downgrade(target, *sql, from.as_deref(), report).await
            }
            Command::Current {} => self.current(report).await,
            Command::History {} => self.history(report).await,
            Command::Heads {} => self.heads(report),
            Command::Show { version } => self.show(version, report).await,
            Command::Stamp { version } => self.stamp(version, report).await,
            Command::Baseline { version } => self.baseline(version, report).await,
            Command::Check { schema: None, .. } => self.check(report).await,
            Command::Check {
                schema: Some(schema),
                scratch,
            } => {
                self.check_schema(schema.clone(), scratch.clone(), report)
                    .await
            }
            Command::Verify {} => self.verify(report).await,
            Command::Repair { version, outcome } => self.repair(version, *outcome, report).await,
            Command::Wait { seconds, secret } => {
                self.wait(*seconds, secret.as_deref(), report).await
            }
            Command::Bootstrap { secret, roles } => {
                self.bootstrap(secret.as_deref(), roles, report).await
            }
            Command::Lint { all, against } => self.lint(*all, against.as_deref(), report).await,
            Command::Restore { scale, if_empty } => self.restore(*scale, *if_empty, report).await,
        }
    }
}
