//! Whether the API keeps what its document promises: schemathesis with every check on, and a client
//! that is generated from the document. CONTRACT_EXAMPLES is how many requests schemathesis makes
//! of an operation; with it, both print as they go.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
};

use local::{
    paths,
    router::{self, Options, Router},
    tools::{self, Tools},
};
use serde_json::Value;
use tokio::process::Command;

use crate::harness::{Database, free_port, stack};

/// The operation with personal data.
const PERSONAL: &str = "rentals_by_customer";
const EXAMPLES: u32 = 20;

#[tokio::test]
async fn schemathesis_and_a_generated_client_find_nothing_wrong() {
    let database = Database::sample().await;
    let contract = Contract::new().await;
    let mut router = contract.router(&database, &[]).await;
    let examples = router::example_paths().expect("paths");
    router.ready(&examples).await.expect("functions");
    contract.client(&router.url).await;
    // The local stack requires no token, so its document does not either.
    contract
        .schemathesis(&contract.without_security(), &router.url, &[])
        .await;
    router.stop().await;

    let mut router = contract
        .router(&database, &[("AUTHORIZATION", "jwt")])
        .await;
    let rentals = "/customers/1/rentals".to_owned();
    router.ready(&[rentals]).await.expect("a function");
    let personal = ["--include-operation-id", PERSONAL];
    contract
        .schemathesis(&document(), &router.url, &personal)
        .await;
    router.stop().await;
}

fn document() -> PathBuf {
    paths::root().join("infra/openapi.json")
}

fn scripts() -> PathBuf {
    paths::root().join("tests/contract")
}

struct Contract {
    tools: Tools,
    router_tools: Tools,
    /// Where the generated client, the logs and the document without security go.
    folder: PathBuf,
    /// As `CONTRACT_EXAMPLES` has it.
    examples: Option<u32>,
}

impl Contract {
    async fn new() -> Self {
        let examples = env::var("CONTRACT_EXAMPLES").ok().map(|text| {
            let number = text.parse().ok().filter(|&number| number > 0);
            number.unwrap_or_else(|| {
                panic!("CONTRACT_EXAMPLES must be a whole number from 1, not `{text}`")
            })
        });
        let folder = paths::target().join("contract");
        fs::create_dir_all(&folder).expect("a folder");
        let directory = paths::target().join("contract-tools");
        let tools = tools::install(&directory, "contract").await;
        let router_tools = tools::install(&paths::tools(), "local").await;
        Self {
            tools: tools.expect("tools"),
            router_tools: router_tools.expect("tools"),
            folder,
            examples,
        }
    }

    /// A router whose thousands of log lines go to a file. It ignores changes of the code, which
    /// would stop a function.
    async fn router(&self, database: &Database, variables: &[(&str, &str)]) -> Router {
        let log = self.folder.join("functions.log");
        let log = File::options().create(true).append(true).open(log);
        let mut all = stack().await.variables();
        // Each function has its secret by its Cargo.toml, and a secret of the stack names another
        // database.
        let name = [("DB_NAME", database.name.as_str())];
        for (name, value) in name.iter().chain(variables) {
            all.retain(|(other, _)| other != name);
            all.push(((*name).to_owned(), (*value).to_owned()));
        }
        let options = Options {
            port: free_port(),
            variables: all,
            reloads: false,
            log: log.expect("a log file").into(),
        };
        Router::start(&self.router_tools, options).expect("a router")
    }

    fn without_security(&self) -> PathBuf {
        let text = fs::read_to_string(document()).expect("the document");
        let mut document: Value = serde_json::from_str(&text).expect("JSON");
        let paths = document["paths"].as_object_mut().into_iter().flatten();
        for operation in paths.filter_map(|(_, path)| path["get"].as_object_mut()) {
            operation.remove("security");
        }
        let open = self.folder.join("openapi.json");
        fs::write(&open, document.to_string()).expect("it is written");
        open
    }

    async fn schemathesis(&self, document: &Path, url: &str, more: &[&str]) {
        let examples = self.examples.unwrap_or(EXAMPLES).to_string();
        let mut schemathesis = self.command("schemathesis");
        schemathesis
            .env("SCHEMATHESIS_HOOKS", "hooks")
            .args(["run", "--no-color", "--continue-on-failure"])
            .args(["--checks", "all", "--max-examples", &examples])
            .args(["--url", url])
            .args(more)
            .arg(document);
        let printed = self.succeed(schemathesis).await;
        // A failed check is a failure above; a summary may have warnings, by chance.
        let is_complete = printed.is_none_or(|text| text.contains("✅  Stateful"));
        assert!(
            is_complete || !more.is_empty(),
            "stateful tests are missing"
        );
    }

    async fn client(&self, url: &str) {
        let mut generate = self.command("openapi-python-client");
        generate
            .args(["generate", "--overwrite", "--meta", "none"])
            .args(["--fail-on-warning", "--output-path"])
            .arg(self.folder.join("film_rentals"))
            .arg("--path")
            .arg(document());
        self.succeed(generate).await;
        let mut client = self.command("python");
        client.arg(scripts().join("client.py")).arg(url);
        let printed = self.succeed(client).await;
        assert!(
            printed.is_none_or(|text| text.contains("the generated client fetched 1000 films"))
        );
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.tools.program(name));
        // The generator calls a formatter that was installed with it.
        let mut search = self.tools.program("").into_os_string();
        search.push(":");
        search.push(env::var_os("PATH").unwrap_or_default());
        let modules = [scripts(), self.folder.clone()].map(|folder| folder.display().to_string());
        command
            .current_dir(&self.folder)
            .env("PATH", search)
            .env("PYTHONPATH", modules.join(":"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Returns what the command printed, unless that went to the terminal.
    async fn succeed(&self, mut command: Command) -> Option<String> {
        if self.examples.is_some() {
            let status = command.status().await.expect("it runs");
            assert!(status.success(), "{command:?}: {status}");
            return None;
        }
        let output = command.output().await.expect("it runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{printed}\n{error}");
        Some(printed)
    }
}
