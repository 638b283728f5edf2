//! Who is measured: a program, and the variables that it is started with.

use crate::scenario::Scenario;
use crate::settings::Settings;
use crate::{python, size};
use local::lambda::Function;
use local::{Error, Result, StackInfo, paths};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What a contender is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A function of this API, with unnamed statements.
    Unnamed,
    /// The same with DB_PREPARED=on.
    Prepared,
    /// The same function in another build, with unnamed statements.
    Baseline,
    /// The bare prototype with unnamed statements.
    Prototype,
    /// The bare prototype with a named statement.
    NamedPrototype,
    /// The service that this API replaces.
    Python,
    /// pgbench with unnamed statements.
    Pgbench,
    /// pgbench with a named statement.
    NamedPgbench,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Unnamed,
        Self::Prepared,
        Self::Baseline,
        Self::Prototype,
        Self::NamedPrototype,
        Self::Python,
        Self::Pgbench,
        Self::NamedPgbench,
    ];

    /// What tables and plots call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unnamed => "this API",
            Self::Prepared => "this API, prepared",
            Self::Baseline => "baseline",
            Self::Prototype => "prototype",
            Self::NamedPrototype => "prototype, prepared",
            Self::Python => "Python",
            Self::Pgbench => "pgbench",
            Self::NamedPgbench => "pgbench, prepared",
        }
    }
}

/// A program that is started as Lambda starts a function.
#[derive(Clone)]
pub struct Contender {
    /// What it is.
    pub kind: Kind,
    /// What is started.
    pub program: PathBuf,
    /// The variables to start it with.
    pub environment: Vec<(String, String)>,
    /// Bytes of the zip that is deployed.
    pub zip: Option<u64>,
}

/// The release build of a package of this workspace.
pub fn release(name: &str) -> PathBuf {
    paths::target().join("release").join(name)
}

/// Everything that answers this request.
///
/// # Errors
/// When a program cannot be read.
pub fn of(
    scenario: &Scenario,
    settings: &Settings,
    python: Option<&python::Service>,
    info: &StackInfo,
) -> Result<Vec<Contender>> {
    let function = scenario.function;
    let environment = info.environment(function)?;
    let new = |kind, program: &Path, variables: &[(&str, &str)]| -> Result<Contender> {
        Ok(Contender {
            kind,
            program: program.to_path_buf(),
            environment: with(&environment, variables),
            zip: Some(size::of_zip(program)?),
        })
    };
    let program = release(function);
    let mut contenders = vec![new(Kind::Unnamed, &program, &[])?];
    if scenario.has_database {
        contenders.push(new(Kind::Prepared, &program, &[("DB_PREPARED", "on")])?);
    }
    if let Some(folder) = &settings.baseline {
        contenders.push(new(Kind::Baseline, &folder.join(function), &[])?);
    }
    if let Some(query) = scenario.prototype {
        for (kind, statement) in [
            (Kind::Prototype, "unnamed"),
            (Kind::NamedPrototype, "named"),
        ] {
            let variables = [("QUERY", query), ("STATEMENT", statement)];
            contenders.push(new(kind, &release("prototype"), &variables)?);
        }
    }
    if let Some(python) = python.filter(|_| scenario.has_python) {
        contenders.push(python.contender(&environment));
    }
    Ok(contenders)
}

/// These variables, and more.
pub fn with(environment: &[(String, String)], more: &[(&str, &str)]) -> Vec<(String, String)> {
    let more = more
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    environment.iter().cloned().chain(more).collect()
}

impl Contender {
    /// The error with the contender's name.
    pub fn blame(&self, error: Error) -> Error {
        Error::new(format!("{}: {error}", self.kind.name()))
    }

    /// Starts it.
    ///
    /// # Errors
    /// When it does not become ready.
    pub async fn start(&self) -> Result<(Function, Duration)> {
        let function = Function::start(&self.program, &self.environment).await?;
        let ready = function.ready().await;
        let ready = ready.map_err(|error| Error::new(format!("it does not start: {error}")))?;
        Ok((function, ready))
    }
}

/// How long one request takes, from the event to the answer.
///
/// # Errors
/// When the answer is not 200.
pub async fn request(function: &Function, event: &[u8]) -> Result<Duration> {
    let event = event.to_vec();
    let started = Instant::now();
    let answer = function.invoke_raw(event).await;
    let took = started.elapsed();
    match answer {
        Ok(answer) if answer["statusCode"] == 200 => Ok(took),
        Ok(answer) => Err(Error::new(format!("the answer is not 200: {answer}"))),
        Err(error) => Err(Error::new(format!("no answer: {error}"))),
    }
}
