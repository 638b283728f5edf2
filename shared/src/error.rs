//! What can go wrong, by what the client can do about it.

use std::{error::Error as StdError, fmt, io};

use deadpool_postgres::{PoolError, TimeoutType};
use serde::Serialize;
use tokio_postgres::error::SqlState;
use utoipa::ToSchema;

/// The result of a handler, and of most of what it calls.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request has no answer.
#[derive(Debug)]
pub enum Error {
    /// 400: the request cannot be read at all.
    BadRequest(&'static str),
    /// 422: the request can be read, and each of these is wrong in it.
    Invalid(Vec<Violation>),
    /// 401: it needs a token.
    Unauthorized,
    /// 403: its token does not allow this.
    Forbidden,
    /// 404: there is no such thing, by the name that a client knows it by.
    NotFound(&'static str),
    /// 405: the method is none that reads.
    MethodNotAllowed,
    /// 406: the client does not take the one media type that there is.
    NotAcceptable(String),
    /// 503: the same request may work in a moment.
    Unavailable(Fault),
    /// 504: it took longer than it may.
    Timeout(Fault),
    /// 500: a defect of ours.
    Internal(Fault),
}

/// One parameter that is wrong: where it stands, what it must be, and what came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Violation {
    /// Where the parameter stands: `path` or `query`.
    #[serde(rename = "in")]
    pub location: &'static str,
    /// The parameter's name.
    pub name: String,
    /// What it must be, to be read after its name: `must be 1 to 100`.
    pub reason: String,
    /// What came, cut after 100 characters.
    pub value: String,
}

impl Violation {
    /// A violation of the parameter `name`, with what came for it.
    pub fn new(location: &'static str, name: &str, reason: impl Into<String>, value: &str) -> Self {
        Self {
            location,
            name: shorten(name),
            reason: reason.into(),
            value: shorten(value),
        }
    }
}

pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 100;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A failure on our side: a class that is safe to show, and a cause that is only logged.
#[derive(Debug)]
pub struct Fault {
    /// A short, stable word: `connection_refused`, `timeout`, `tls`, …
    pub class: &'static str,
    /// What failed, where an error came with it.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Fault {
    /// A fault with its cause.
    pub fn new(class: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = Some(source.into());
        Self { class, source }
    }

    /// The SQLSTATE, where PostgreSQL answered with one.
    pub fn sqlstate(&self) -> Option<&str> {
        Some(self.postgres()?.code()?.code())
    }

    fn postgres(&self) -> Option<&tokio_postgres::Error> {
        self.source.as_deref()?.downcast_ref()
    }
}

/// The causes, outermost first, without what a client sent: PostgreSQL quotes values in its
/// messages of class 22 and 23, and in every DETAIL.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.class)?;
        if let Some(database) = self.postgres().and_then(tokio_postgres::Error::as_db_error) {
            return match &database.code().code()[..2] {
                "22" | "23" => Ok(()),
                _ => write!(f, ": {}", database.message()),
            };
        }
        let mut cause = self
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static));
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// A query failed: SQLSTATE says for whom.
impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(state) = error.code() else {
            let class = connection_class(&error);
            return match class {
                "protocol" => Self::Internal(Fault::new(class, error)),
                _ => Self::Unavailable(Fault::new(class, error)),
            };
        };
        if *state == SqlState::QUERY_CANCELED {
            return Self::Timeout(Fault::new("statement_timeout", error));
        }
        if *state == SqlState::CHARACTER_NOT_IN_REPERTOIRE
            || *state == SqlState::UNTRANSLATABLE_CHARACTER
        {
            return Self::BadRequest("a parameter has a character that the database cannot hold");
        }
        match unavailable_class(state) {
            Some(class) => Self::Unavailable(Fault::new(class, error)),
            None => Self::Internal(Fault::new("query", error)),
        }
    }
}

/// A connection could not be had: whatever the cause, the same request may work later.
impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        let class = match &error {
            PoolError::Timeout(TimeoutType::Wait) => "pool_exhausted",
            PoolError::Timeout(_) => "timeout",
            PoolError::Backend(backend) => match backend.code() {
                Some(state) => unavailable_class(state).unwrap_or("database"),
                None => connection_class(backend),
            },
            _ => "pool",
        };
        Self::Unavailable(match error {
            PoolError::Backend(backend) => Fault::new(class, backend),
            other => Fault::new(class, other),
        })
    }
}

/// The SQLSTATEs after which the same request may succeed, if it is sent again.
fn unavailable_class(state: &SqlState) -> Option<&'static str> {
    let code = state.code();
    Some(match &code[..2] {
        "08" => "connection",
        "28" => "authentication",
        "3D" => "no_database",
        "53" => "overloaded",
        "57" if code.starts_with("57P") => "shutdown",
        "40" => "conflict",
        // A failover leaves a former writer that only reads.
        "25" if *state == SqlState::READ_ONLY_SQL_TRANSACTION => "read_only",
        _ => return None,
    })
}

/// What failed where PostgreSQL has not answered, from the chain of causes.
fn connection_class(error: &tokio_postgres::Error) -> &'static str {
    if error.is_closed() {
        return "closed";
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            if error
                .get_ref()
                .is_some_and(|inner| inner.is::<rustls::Error>())
            {
                return "tls";
            }
            return match error.kind() {
                io::ErrorKind::ConnectionRefused => "connection_refused",
                io::ErrorKind::TimedOut => "timeout",
                _ => "connection",
            };
        }
        if error.is::<rustls::Error>() {
            return "tls";
        }
        cause = error.source();
    }
    "protocol"
}
