//! `local contract`: whether the API keeps what its document promises.

use super::router::{self, Options, Router};
use super::serve::temporary_stack;
use super::{free_port, run, stop_requested};
use local::process::{Running, guarded};
use local::stack::{DATABASE, StackInfo};
use local::tools::{self, Tools};
use local::{Error, Result, paths};
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// What only its own customer may read.
const PERSONAL: &str = "rentals_by_customer";

/// Checks a stack of its own with schemathesis, every check on, and with a generated client.
pub async fn contract(examples: u32) -> Result<()> {
    let tools = tools::install(&paths::tools()).await?;
    let contract_tools = paths::tools().with_file_name("contract-tools");
    let contract_tools = tools::install_contract(&contract_tools).await?;
    temporary_stack(stop_requested(), async |stack| {
        let info = stack.info().clone();
        tokio::select! {
            failure = stack.failed() => Err(failure),
            result = check(&tools, &contract_tools, &info, examples) => result,
        }
    })
    .await
}

async fn check(
    tools: &Tools,
    contract_tools: &Tools,
    info: &StackInfo,
    examples: u32,
) -> Result<()> {
    let contract = Contract::new(contract_tools, examples)?;
    router::build().await?;
    info.postgres.create_database(DATABASE, None).await?;
    run::migrate(info).await?;

    let mut router = Router::start(tools, info, contract.options(&[])?)?;
    for path in contract.paths() {
        router.ready(&path).await?;
    }
    contract.client(&router.url).await?;
    // Locally nothing is asked of a token, and so the document must not ask.
    let open = contract.without_security()?;
    contract.schemathesis(&open, &router.url, None).await?;
    router.stop().await;

    let jwt = [("AUTHORIZATION", "jwt")];
    let mut router = Router::start(tools, info, contract.options(&jwt)?)?;
    router.ready("/customers/1/rentals").await?;
    let document = document();
    let personal = Some(PERSONAL);
    contract
        .schemathesis(&document, &router.url, personal)
        .await?;
    router.stop().await;
    Ok(())
}

fn document() -> PathBuf {
    paths::root().join("infra/openapi.json")
}

struct Contract<'a> {
    tools: &'a Tools,
    folder: PathBuf,
    examples: u32,
    document: Value,
}

impl<'a> Contract<'a> {
    fn new(tools: &'a Tools, examples: u32) -> Result<Self> {
        let folder = paths::target().join("contract");
        fs::create_dir_all(&folder)
            .map_err(|error| Error::new(format!("cannot make {}: {error}", folder.display())))?;
        let failed = |error: String| Error::new(format!("{}: {error}", document().display()));
        let text = fs::read_to_string(document()).map_err(|error| failed(error.to_string()))?;
        let document = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            tools,
            folder,
            examples,
            document,
        })
    }

    /// A router whose log lines, thousands of them, go to a file. What somebody changes in the code
    /// meanwhile must not stop a function.
    fn options<'v>(&self, variables: &'v [(&'v str, &'v str)]) -> Result<Options<'v>> {
        let path = self.folder.join("functions.log");
        let log = File::options().create(true).append(true).open(&path);
        let log =
            log.map_err(|error| Error::new(format!("cannot write {}: {error}", path.display())))?;
        Ok(Options {
            port: free_port()?,
            variables,
            reloads: false,
            log: log.into(),
        })
    }

    /// Every path, with the examples of its parameters.
    fn paths(&self) -> Vec<String> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let examples = paths.map(|(path, item)| {
            let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
            parameters.fold(path.clone(), |path, parameter| {
                let name = parameter["name"].as_str().unwrap_or_default();
                let example = parameter["example"].to_string();
                path.replace(&format!("{{{name}}}"), example.trim_matches('"'))
            })
        });
        examples.collect()
    }

    fn without_security(&self) -> Result<PathBuf> {
        let mut document = self.document.clone();
        let paths = document["paths"].as_object_mut().into_iter().flatten();
        for operation in paths.filter_map(|(_, path)| path["get"].as_object_mut()) {
            operation.remove("security");
        }
        let open = self.folder.join("openapi.json");
        fs::write(&open, document.to_string())
            .map_err(|error| Error::new(format!("cannot write {}: {error}", open.display())))?;
        Ok(open)
    }

    async fn schemathesis(
        &self,
        document: &Path,
        url: &str,
        operation: Option<&str>,
    ) -> Result<()> {
        let mut schemathesis = self.command("schemathesis");
        schemathesis
            .env("SCHEMATHESIS_HOOKS", "hooks")
            .args([
                "run",
                "--no-color",
                "--checks",
                "all",
                "--continue-on-failure",
            ])
            .args(["--max-examples", &self.examples.to_string(), "--url", url]);
        if let Some(operation) = operation {
            schemathesis.args(["--include-operation-id", operation]);
        }
        succeed("schemathesis", schemathesis.arg(document)).await
    }

    async fn client(&self, url: &str) -> Result<()> {
        let package = self.folder.join("film_rentals");
        let mut generate = self.command("openapi-python-client");
        generate
            .args([
                "generate",
                "--overwrite",
                "--meta",
                "none",
                "--fail-on-warning",
            ])
            .arg("--output-path")
            .arg(package)
            .arg("--path")
            .arg(document());
        succeed("openapi-python-client", &mut generate).await?;
        let script = scripts().join("client.py");
        succeed(
            "the generated client",
            self.command("python").arg(script).arg(url),
        )
        .await
    }

    fn command(&self, name: &str) -> Command {
        let mut command = guarded("TERM", self.tools.program(name));
        // The generator calls a formatter that was installed with it.
        let mut search = self.tools.program("").into_os_string();
        search.push(":");
        search.push(std::env::var_os("PATH").unwrap_or_default());
        let modules = [scripts(), self.folder.clone()].map(|folder| folder.display().to_string());
        command
            .current_dir(&self.folder)
            .env("PATH", search)
            .env("PYTHONPATH", modules.join(":"))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

fn scripts() -> PathBuf {
    paths::root().join("infra/local/contract")
}

async fn succeed(name: &str, command: &mut Command) -> Result<()> {
    let status = Running::spawn(name, command)?.exited().await?;
    match status.success() {
        true => Ok(()),
        false => Err(Error::new(format!("{name} found what it says above"))),
    }
}
