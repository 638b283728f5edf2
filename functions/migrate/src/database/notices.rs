//! What the statements of a migration raise: RAISE NOTICE and WARNING, and notices of PostgreSQL itself.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use shared::{OnNotice, tokio_postgres::error::DbError};

/// How many notices a report has at most.
const MOST: usize = 100;
/// How many characters of a notice are kept.
const LONGEST: usize = 500;

/// A message that a statement raised without failing.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// The file of the statement.
    pub file: String,
    /// The first line of the statement, from 1: the last statement where COMMIT has raised it.
    pub line: usize,
    /// `NOTICE`, `WARNING` or `INFO`; `LOG` and `DEBUG` where a migration asks for them.
    pub severity: String,
    /// The first 500 characters of the message.
    pub message: String,
}

/// The notices of a session.
#[derive(Clone, Default)]
pub(crate) struct Notices(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    /// The file and line of the statement that runs; None while the engine's own statements run.
    place: Option<(String, usize)>,
    notices: Vec<Notice>,
    omitted: usize,
}

impl Notices {
    /// Receives the notices of a connection.
    pub fn receiver(&self) -> OnNotice {
        let notices = self.clone();
        Arc::new(move |notice| notices.kept().add(notice))
    }

    /// Keeps what is raised from now on, as raised by the statement at this place.
    pub fn begin(&self, file: &str, line: usize) {
        self.kept().place = Some((file.to_owned(), line));
    }

    /// Ignores what is raised from now on.
    pub fn end(&self) {
        self.kept().place = None;
    }

    /// Adds a warning of the engine itself about the statement at this place.
    pub fn warn(&self, file: &str, line: usize, message: String) {
        self.kept().push(Notice {
            file: file.to_owned(),
            line,
            severity: "WARNING".to_owned(),
            message,
        });
    }

    /// Takes the notices, and how many more there were.
    pub fn take(&self) -> (Vec<Notice>, usize) {
        let Kept {
            notices, omitted, ..
        } = std::mem::take(&mut *self.kept());
        (notices, omitted)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn add(&mut self, notice: &DbError) {
        let Some((file, line)) = self.place.clone() else {
            return;
        };
        let severity = notice
            .parsed_severity()
            .map(|severity| severity.to_string());
        self.push(Notice {
            file,
            line,
            severity: severity.unwrap_or_else(|| notice.severity().to_owned()),
            message: shortened(notice.message()),
        });
    }

    fn push(&mut self, notice: Notice) {
        match self.notices.len() == MOST {
            true => self.omitted += 1,
            false => self.notices.push(notice),
        }
    }
}

fn shortened(message: &str) -> String {
    match message.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.to_owned(),
    }
}
