//! The service that this API replaces, in tests/bench/python.

use crate::contender::{Contender, Kind, request, with};
use crate::scenario;
use crate::size;
use local::process::{guarded, output};
use local::{Result, StackInfo, paths, tools};
use std::path::PathBuf;

/// What Lambda's image for Python has already, and what no deployment contains.
const NOT_DEPLOYED: [&str; 6] = [
    "boto",
    "pip",
    "s3transfer",
    "setuptools",
    "_distutils",
    "uv",
];

/// The installed service.
pub struct Service {
    python: PathBuf,
    bootstrap: PathBuf,
    zip: Option<u64>,
}

/// Installs what the service needs from PyPI, and tries it; nothing, with the reason on standard
/// error, where that fails.
pub async fn install(info: &StackInfo) -> Option<Service> {
    match try_to_install(info).await {
        Ok(service) => Some(service),
        Err(error) => {
            eprintln!("the Python service is skipped: {error}");
            None
        }
    }
}

async fn try_to_install(info: &StackInfo) -> Result<Service> {
    eprintln!("installing the Python service …");
    let directory = paths::target().join("bench-tools");
    let python = tools::install(&directory, "bench").await?.program("python");
    // A deployment has compiled modules too.
    let mut compile = guarded("KILL", &python);
    compile
        .args(["-m", "compileall", "-q"])
        .arg(directory.join("lib"));
    output("compiling Python's modules", &mut compile).await?;
    let mut find = guarded("KILL", &python);
    find.args([
        "-c",
        "import sysconfig; print(sysconfig.get_path('purelib'))",
    ]);
    let packages = output("python", &mut find).await?.stdout;
    let packages = PathBuf::from(String::from_utf8_lossy(&packages).trim());
    let service = Service {
        zip: Some(size::of_folder(&packages, &NOT_DEPLOYED)?),
        bootstrap: paths::root().join("tests/bench/python/bootstrap"),
        python,
    };
    let environment = info.environment(scenario::SEARCH.function)?;
    let (function, _) = service.contender(&environment).start().await?;
    request(&function, &scenario::SEARCH.event()).await?;
    function.stop().await;
    Ok(service)
}

impl Service {
    /// The service with these variables.
    pub fn contender(&self, environment: &[(String, String)]) -> Contender {
        let python = self.python.to_string_lossy();
        let variables = [
            ("BENCH_PYTHON", &*python),
            ("AWS_LAMBDA_FUNCTION_NAME", "python"),
            ("AWS_DEFAULT_REGION", "eu-central-1"),
        ];
        Contender {
            kind: Kind::Python,
            program: self.bootstrap.clone(),
            environment: with(environment, &variables),
            zip: self.zip,
        }
    }
}
