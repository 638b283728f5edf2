//! Errors, named after what the client can do about them.

use std::{error::Error as StdError, fmt, io};

use serde::Serialize;
use tokio_postgres::error::SqlState;
use utoipa::ToSchema;

/// The result of a handler, and of most functions that it calls.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request fails.
#[derive(Debug)]
pub enum Error {
    /// 400: the request cannot be read at all.
    BadRequest(&'static str),
    /// 401: a token is required.
    Unauthorized,
    /// 403: the token does not allow this.
    Forbidden,
    /// 404: the named thing does not exist.
    NotFound(&'static str),
    /// 405: the API is read-only.
    MethodNotAllowed,
    /// 406: the Accept header excludes the only media type available.
    NotAcceptable(&'static str),
    /// 422: one or more parameters are invalid.
    Invalid(Invalid),
    /// 500: a defect of this service.
    Internal(Fault),
    /// 503: the same request may succeed in a moment.
    Unavailable(Fault),
    /// 504: the request took too long.
    Timeout(Fault),
}

impl Error {
    /// One invalid parameter, as [`Violation::new`] takes it.
    pub fn invalid(location: &'static str, name: &str, reason: &str, value: &str) -> Self {
        Self::Invalid(Invalid {
            detail: format!("{name} {reason}"),
            violations: vec![Violation::new(location, name, reason, value)],
        })
    }

    /// The fault to log, if the service or its database is to blame.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Internal(fault) | Self::Unavailable(fault) | Self::Timeout(fault) => Some(fault),
            _ => None,
        }
    }

    /// As [`Error::fault`].
    pub(crate) fn into_fault(self) -> Option<Fault> {
        match self {
            Self::Internal(fault) | Self::Unavailable(fault) | Self::Timeout(fault) => Some(fault),
            _ => None,
        }
    }

    /// Classifies a failure to connect: whatever the cause, the same request may succeed later.
    pub(crate) fn connect(error: tokio_postgres::Error) -> Self {
        let class = match error.code() {
            Some(state) => unavailable_class(state).unwrap_or("database"),
            None => connection_class(&error),
        };
        Self::Unavailable(Fault::new(class, error))
    }
}

/// The parameters that are invalid.
#[derive(Debug)]
pub struct Invalid {
    /// One sentence about all of them.
    pub detail: String,
    /// At most 20 violations, one for each name.
    pub violations: Vec<Violation>,
}

/// An invalid parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Violation {
    /// Where the parameter is: `path` or `query`.
    #[serde(rename = "in")]
    pub location: &'static str,
    /// The parameter's name.
    pub name: String,
    /// What is required of it. Reads as a sentence after the name: `must be 1 to 100`.
    pub reason: String,
    /// The value that was sent, truncated to 100 characters.
    pub value: String,
}

impl Violation {
    /// A violation by the parameter `name`, which was sent with `value`.
    pub fn new(location: &'static str, name: &str, reason: impl Into<String>, value: &str) -> Self {
        Self {
            location,
            name: truncate(name),
            reason: reason.into(),
            value: truncate(value),
        }
    }
}

/// The first 100 characters, so that a response cannot grow with what a client sends.
pub(crate) fn truncate(text: &str) -> String {
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A failure on our side. The class is safe to show to clients; the cause is only logged.
#[derive(Debug)]
pub struct Fault {
    /// A short, stable word: `connection_refused`, `timeout`, `tls`, ….
    pub class: &'static str,
    /// The underlying error, if there is one.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Fault {
    /// A fault of this class, with its cause.
    pub fn new(class: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = Some(source.into());
        Self { class, source }
    }

    /// PostgreSQL's SQLSTATE, if PostgreSQL reported the failure.
    pub fn sqlstate(&self) -> Option<&str> {
        Some(self.postgres()?.code()?.code())
    }

    fn postgres(&self) -> Option<&tokio_postgres::Error> {
        self.source.as_deref()?.downcast_ref()
    }
}

/// The class and its causes, outermost first, without values that a client sent: PostgreSQL quotes
/// those in messages of class 22 and 23, and in every DETAIL.
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
        if self.class == CHANNEL_BINDING {
            f.write_str(
                ": poolers and RDS Proxy do not offer it; set DB_CHANNEL_BINDING=prefer to \
                 connect without it",
            )?;
        }
        Ok(())
    }
}

/// The class of a server that does not offer the required channel binding.
const CHANNEL_BINDING: &str = "channel_binding";

/// Classifies a failed query by its SQLSTATE.
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
        if state.code().starts_with("22") {
            return Self::Invalid(Invalid {
                detail: "a parameter has a value that the database cannot represent".to_owned(),
                violations: vec![],
            });
        }
        match unavailable_class(state) {
            Some(class) => Self::Unavailable(Fault::new(class, error)),
            None => Self::Internal(Fault::new("query", error)),
        }
    }
}

/// The class of a SQLSTATE after which the same request may succeed.
fn unavailable_class(state: &SqlState) -> Option<&'static str> {
    let code = state.code();
    Some(match &code[..2] {
        "08" => "connection",
        "28" => "authentication",
        "3D" => "no_database",
        "53" => "overloaded",
        "57" if code.starts_with("57P") => "shutdown",
        "40" => "conflict",
        // After a failover, a former writer is read-only.
        "25" if *state == SqlState::READ_ONLY_SQL_TRANSACTION => "read_only",
        _ => return None,
    })
}

/// Whether the connection is gone, so that the query may succeed on another one.
pub(crate) fn is_dead(error: &tokio_postgres::Error) -> bool {
    match error.code().map(SqlState::code) {
        Some(code) => code.starts_with("08") || ["57P01", "57P02", "57P03"].contains(&code),
        None => connection_class(error) != "protocol",
    }
}

/// Whether a prepared statement is out of date or lost, so that preparing it again helps.
pub(crate) fn is_stale(error: &tokio_postgres::Error) -> bool {
    let Some(database) = error.as_db_error() else {
        return false;
    };
    match database.code().code() {
        "26000" | "42P05" => true,
        "0A000" => database.message().contains("cached plan"),
        _ => false,
    }
}

/// The class of a failure that PostgreSQL did not report, from its chain of causes.
fn connection_class(error: &tokio_postgres::Error) -> &'static str {
    if error.is_closed() {
        return "closed";
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        // tokio-postgres has no kind for it, only these words.
        if error.to_string() == "server did not use channel binding" {
            return CHANNEL_BINDING;
        }
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
