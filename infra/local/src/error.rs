//! One line for a person: what was wrong, with which value, and what to do.

use std::fmt;

/// What went wrong, in one line.
pub struct Error(String);

/// A result whose error is one line for a person.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this one line.
    pub fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }
}

/// Adds to a failure what was attempted.
pub(crate) trait Context<T> {
    /// Puts `attempt()` before the message of the failure.
    fn context<S: fmt::Display>(self, attempt: impl FnOnce() -> S) -> Result<T>;
}

impl<T, E: std::error::Error> Context<T> for std::result::Result<T, E> {
    fn context<S: fmt::Display>(self, attempt: impl FnOnce() -> S) -> Result<T> {
        self.map_err(|error| {
            let mut line = format!("{}: {error}", attempt());
            let mut cause = error.source();
            while let Some(inner) = cause {
                // Some libraries repeat their cause in their own words already.
                let inner_line = inner.to_string();
                if !line.contains(&inner_line) {
                    line = format!("{line}: {inner_line}");
                }
                cause = inner.source();
            }
            Error(line)
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

// A test that ends with this error prints it by Debug.
impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
