//! A real browser without a window: Chromium, led by chromedriver.

use std::{
    env,
    error::Error,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use fantoccini::{
    Client, ClientBuilder, Locator, elements::Element, error::CmdError,
    wd::WebDriverCompatibleCommand,
};
use hyper_util::client::legacy::connect::HttpConnector;
use local::process::{Running, guarded};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::skip::skipped;

/// Other tests run at the same time, and other builds.
const WITHIN: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);

const CHROMIUM: [&str; 4] = ["chromium", "google-chrome", "chromium-browser", "chrome"];
/// No window, no sandbox (root has none), nothing that asks the network by itself, and no QUIC.
const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--window-size=1280,1600",
];

/// A browser with a new profile. It ends with this value, however that comes.
pub struct Browser {
    client: Client,
    // Chromium is a child of the driver, and gone before its folder is.
    _driver: Running,
    _folder: TempDir,
}

impl Browser {
    /// Starts one, or returns None (and a word) where Chromium or its driver is missing.
    pub async fn start() -> Option<Self> {
        let chromium = program("CHROMIUM", &CHROMIUM, None);
        let driver = program(
            "CHROMEDRIVER",
            &["chromedriver"],
            env::var_os("CHROMEWEBDRIVER").map(PathBuf::from),
        );
        let (Some(chromium), Some(driver)) = (chromium, driver) else {
            skipped(
                "there is no Chromium or no chromedriver here (apt install chromium chromium-driver)",
            );
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let (driver, url) = start_driver(&driver, folder.path()).await;
        let mut flags = FLAGS.map(ToOwned::to_owned).to_vec();
        let profile = folder.path().join("profile");
        flags.push(format!("--user-data-dir={}", profile.display()));
        let capabilities = json!({
            "goog:chromeOptions": { "binary": chromium, "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let capabilities = capabilities.as_object().cloned().unwrap_or_default();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&url)
            .await
            .expect("Chromium starts");
        Some(Self {
            client,
            _driver: driver,
            _folder: folder,
        })
    }

    /// Goes to this page.
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.expect("a page");
    }

    /// Clicks on the first element of this selector, as soon as there is one to click on.
    pub async fn click(&self, selector: &str) {
        let click = async || Ok(self.element(selector).await?.click().await?);
        self.until(selector, click).await;
    }

    /// Waits until the first element of this selector has a text with these words, and returns it.
    pub async fn text_with(&self, selector: &str, words: &str) -> String {
        let text = async || {
            let text = self.element(selector).await?.text().await?;
            match text.contains(words) {
                true => Ok(text),
                false => Err(format!("it says: {text}").into()),
            }
        };
        self.until(selector, text).await
    }

    async fn element(&self, selector: &str) -> Result<Element, CmdError> {
        self.client.find(Locator::Css(selector)).await
    }

    /// Does something until it works: a page that is being made lacks or moves elements.
    async fn until<T>(&self, what: &str, act: impl AsyncFn() -> Result<T, Box<dyn Error>>) -> T {
        let started = Instant::now();
        loop {
            match act().await {
                Ok(value) => return value,
                Err(error) if started.elapsed() > WITHIN => {
                    panic!("{what}: {error}\n{:#?}", self.errors().await)
                }
                Err(_) => tokio::time::sleep(POLL).await,
            }
        }
    }

    /// The URL of everything that the page has loaded.
    pub async fn resources(&self) -> Vec<String> {
        let script = "return performance.getEntriesByType('resource').map(entry => entry.name)";
        let names = self.client.execute(script, vec![]).await;
        serde_json::from_value(names.expect("names")).expect("texts")
    }

    /// The errors that the console has had since it was asked last: those of scripts and of loading,
    /// and whatever the page's policy has not let pass. Warnings are none: Swagger UI warns of every
    /// format of numbers, for which it has no field of its own.
    pub async fn errors(&self) -> Vec<Value> {
        let entries = self.client.issue_cmd(BrowserLog).await.expect("a log");
        let entries = entries.as_array().expect("entries").iter();
        let errors = entries.filter(|entry| entry["level"] == "SEVERE");
        errors.cloned().collect()
    }

    /// A picture of what a person would see, as PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("a picture")
    }

    /// Ends it in order.
    pub async fn close(self) {
        let Self {
            client,
            _driver: driver,
            _folder: folder,
        } = self;
        client.close().await.expect("Chromium ends");
        driver.stop().await;
        folder.close().expect("the folder is removed");
    }
}

/// chromedriver, and the URL that it listens on; what it and Chromium write is in the folder.
async fn start_driver(program: &Path, folder: &Path) -> (Running, String) {
    let mut command = guarded("TERM", program);
    // It dies of the signal, which the guarding shell would tell everybody.
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command.arg("--port=0").env("TMPDIR", folder);
    let mut driver = Running::spawn("chromedriver", &mut command).expect("chromedriver starts");
    let mut lines = BufReader::new(driver.stdout().expect("a pipe")).lines();
    while let Some(line) = lines.next_line().await.expect("a line") {
        // It says first that it is starting on port 0, and then which one the system gave it.
        let port = line.rsplit_once("successfully on port ");
        if let Some((_, port)) = port {
            let port = port.trim_end_matches('.');
            return (driver, format!("http://127.0.0.1:{port}"));
        }
    }
    panic!("chromedriver ended without a port");
}

/// The one that a variable names, or the first of these names in a folder or on the PATH.
fn program(variable: &str, names: &[&str], folder: Option<PathBuf>) -> Option<PathBuf> {
    if let Some(path) = env::var_os(variable) {
        return Some(path.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = folder.into_iter().chain(env::split_paths(&path)).collect();
    let candidates = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.into_iter().find(|path| path.is_file())
}

/// chromedriver's own command for the browser's console.
#[derive(Debug)]
struct BrowserLog;

impl WebDriverCompatibleCommand for BrowserLog {
    fn endpoint(
        &self,
        base: &Url,
        session: Option<&str>,
    ) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}
