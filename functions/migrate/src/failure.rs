//! Why a command could not do what it was asked.

use std::fmt;

use serde::Serialize;
use shared::{Error, tokio_postgres};
use tokio_postgres::Row;

use crate::report::Status;

/// What went wrong, and where.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Failure {
    /// What kind of end it is.
    #[serde(skip)]
    pub(crate) status: Status,
    /// Whether nothing but time was missing, so that the same command goes on.
    #[serde(skip)]
    pub(crate) out_of_time: bool,
    /// A sentence for a person.
    pub message: String,
    /// The file that it happened in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// PostgreSQL's error code.
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
    /// The sessions that were waited for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blockers: Vec<Blocker>,
}

/// A session that others wait for.
#[derive(Clone, Debug, Serialize)]
pub struct Blocker {
    /// Its process id, for pg_terminate_backend.
    pub pid: i32,
    /// Its user, application and state, as far as they may be seen.
    pub user: Option<String>,
    /// As it calls itself.
    pub application: Option<String>,
    /// `active`, `idle in transaction`, …
    pub state: Option<String>,
    /// How long its transaction has lasted.
    pub transaction_seconds: Option<f64>,
    /// Its last query, up to 200 characters.
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
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }

    /// There was no time for something; the same command goes on.
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

    /// Whether the same thing may work in a moment: a lock came too late, or a deadlock was broken.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.sqlstate.as_deref(), Some("55P03" | "40P01"))
    }

    /// The history has the migration already: another runner was faster.
    pub(crate) fn is_duplicate(&self) -> bool {
        self.file.is_none() && self.constraint.as_deref() == Some("history_pkey")
    }

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

/// With all that PostgreSQL says: who migrates may know it.
impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            return Error::from(error).into();
        };
        Self {
            message: said.message().to_owned(),
            sqlstate: Some(said.code().code().to_owned()),
            constraint: said.constraint().map(ToOwned::to_owned),
            detail: said.detail().map(ToOwned::to_owned),
            hint: said.hint().map(ToOwned::to_owned),
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
