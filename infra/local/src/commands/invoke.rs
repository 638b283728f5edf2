//! `local invoke`: one event to one function of the running stack.

use super::State;
use local::{Error, Result, paths};
use serde_json::Value;
use std::io::{self, Write};

/// Hands the event to the function and prints its answer.
pub async fn invoke(function: &str, event: &str) -> Result<()> {
    if function.is_empty() || event.is_empty() {
        let usage = r#"make invoke FUNCTION=migrate EVENT='{"command":"current"}'"#;
        return Err(Error::new(format!("FUNCTION or EVENT is missing: {usage}")));
    }
    let event: Value = serde_json::from_str(event)
        .map_err(|error| Error::new(format!("EVENT is not JSON: {error}: {event}")))?;
    // The router takes any binary for a function, and the other functions suffer when it is none.
    let functions = paths::functions()?;
    if !functions.iter().any(|name| name == function) {
        return Err(Error::new(format!(
            "there is no function {function}: the functions are {}",
            functions.join(", ")
        )));
    }
    let State { port, .. } = State::read()?;
    let url = format!("http://127.0.0.1:{port}/2015-03-31/functions/{function}/invocations");
    let unreachable = |error| {
        Error::new(format!(
            "the router at port {port} does not answer: {error}"
        ))
    };
    let response = reqwest::Client::new()
        .post(url)
        .json(&event)
        .send()
        .await
        .map_err(unreachable)?;
    let status = response.status();
    let text = response.text().await.map_err(unreachable)?;
    let answer: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
    if !status.is_success() || answer.get("errorMessage").is_some() {
        return Err(Error::new(format!("{function}: {}", reason(&answer))));
    }
    // The reader may have ended already, as `head` does.
    let _ = writeln!(io::stdout(), "{answer:#}");
    Ok(())
}

/// The message of a function's error or of the router's.
fn reason(answer: &Value) -> String {
    let words = ["errorMessage", "detail", "title"]
        .iter()
        .find_map(|key| answer[key].as_str());
    words.map_or_else(|| answer.to_string(), str::to_owned)
}
