//! Why a command failed.

use std::fmt;

use serde::Serialize;
use shared::{Error, tokio_postgres};
use tokio_postgres::Row;

use crate::status::Status;

/// What went wrong, and where: the `error` of a report.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Failure {
    /// The status that the command ends with.
    #[serde(skip)]
    pub(crate) status: Status,
    /// Whether only time was missing, so that the same command can continue.
    #[serde(skip)]
    pub(crate) out_of_time: bool,
    /// What went wrong, for a person to read.
    pub message: String,
    /// The name of the migration file that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in that file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// PostgreSQL's SQLSTATE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqlstate: Option<String>,
    /// The constraint that was violated.
    #[serde(skip)]
    pub(crate) constraint: Option<String>,
    /// PostgreSQL's DETAIL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// PostgreSQL's HINT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The sessions that blocked the statement.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blockers: Vec<Blocker>,
}

/// A session that blocks another.
#[derive(Clone, Debug, Serialize)]
pub struct Blocker {
    /// Its process id, as pg_terminate_backend takes it.
    pub pid: i32,
    /// Its user. This and the following fields are None where the role may not see them.
    pub user: Option<String>,
    /// Its application_name.
    pub application: Option<String>,
    /// Its state: `active`, `idle in transaction`, …
    pub state: Option<String>,
    /// The age of its transaction, in seconds.
    pub transaction_seconds: Option<f64>,
    /// The first 200 characters of its last query.
    pub query: Option<String>,
}

impl Blocker {
    pub(crate) fn read(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            pid: row.try_get("pid")?,
            user: row.try_get("user_name")?,
            application: row.try_get("application")?,
            state: row.try_get("state")?,
            transaction_seconds: row.try_get("seconds")?,
            query: row.try_get("query")?,
        })
    }
}

impl Failure {
    /// The status that the command ends with.
    pub fn status(&self) -> Status {
        self.status
    }

    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }

    /// Marks the failure as one that only lacked time: the same command can continue.
    pub(crate) fn out_of_time(self) -> Self {
        Self {
            status: Status::Incomplete,
            out_of_time: true,
            ..self
        }
    }

    pub(crate) fn with_status(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            ..Self::default()
        }
    }

    /// Whether another attempt may succeed: after a lock timeout, a deadlock or a serialization failure.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self.sqlstate.as_deref(), Some("55P03" | "40P01" | "40001"))
    }

    /// Whether the history has the migration already, because another runner was faster.
    pub(crate) fn is_duplicate(&self) -> bool {
        self.file.is_none() && self.constraint.as_deref() == Some("history_pkey")
    }

    /// Whether a statement was cancelled, as statement_timeout does.
    pub(crate) fn is_timeout(&self) -> bool {
        self.sqlstate.as_deref() == Some("57014")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
            if let Some(line) = self.line {
                write!(f, "{line}:")?;
            }
            f.write_str(" ")?;
        }
        f.write_str(&self.message)?;
        for (name, text) in [
            ("SQLSTATE", &self.sqlstate),
            ("detail:", &self.detail),
            ("hint:", &self.hint),
        ] {
            if let Some(text) = text {
                write!(f, "; {name} {text}")?;
            }
        }
        for blocker in &self.blockers {
            let unknown = || "?".to_owned();
            let user = blocker.user.clone().unwrap_or_else(unknown);
            let state = blocker.state.clone().unwrap_or_else(unknown);
            write!(
                f,
                "; blocked by session {} of {user} ({state})",
                blocker.pid
            )?;
        }
        Ok(())
    }
}

/// Keeps everything that PostgreSQL reports: a person who migrates may see the data.
impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(reported) = error.as_db_error() else {
            return Error::from(error).into();
        };
        Self {
            message: reported.message().to_owned(),
            sqlstate: Some(reported.code().code().to_owned()),
            constraint: reported.constraint().map(ToOwned::to_owned),
            detail: reported.detail().map(ToOwned::to_owned),
            hint: reported.hint().map(ToOwned::to_owned),
            ..Self::default()
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(fault) | Error::Timeout(fault) | Error::Internal(fault) => Self {
                message: fault.to_string(),
                sqlstate: fault.sqlstate().map(ToOwned::to_owned),
                ..Self::default()
            },
            other => Self::new(format!("{other:?}")),
        }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}
