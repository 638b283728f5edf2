//! The answer to CloudFormation.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Uri};
use http_body_util::Full;
use serde_json::{Value, json};
use shared::{RuntimeError, telemetry};
use tokio::time::{Instant, sleep, timeout};

use crate::http::Http;

/// What the resource is called for all of its life. Another id would make CloudFormation take it for
/// a replacement, and delete the one before.
const PHYSICAL_ID: &str = "migrations";
/// CloudFormation takes an answer of 4,096 bytes, and escapes may double these.
const LONGEST_REASON: usize = 1000;
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// An answer without its result.
pub struct Answer {
    url: Uri,
    body: Value,
}

impl Answer {
    /// The answer to an event. An event may lack anything but its URL.
    ///
    /// # Errors
    /// The event has no such URL, so that there is nobody to answer.
    pub fn to(event: &Value) -> Result<Self, RuntimeError> {
        let url = event["ResponseURL"].as_str();
        let url = url.and_then(|url| url.parse().ok());
        let url = url.filter(|url: &Uri| url.scheme().is_some());
        let url = url.ok_or("the event has no ResponseURL, so CloudFormation gets no answer")?;
        let body = json!({
            "PhysicalResourceId": PHYSICAL_ID,
            "StackId": event["StackId"],
            "RequestId": event["RequestId"],
            "LogicalResourceId": event["LogicalResourceId"],
        });
        Ok(Self { url, body })
    }

    /// Puts the answer, again and again until `end` while the server or the network fails.
    pub async fn send(
        mut self,
        http: &Http,
        result: &Result<String, String>,
        end: Instant,
    ) -> Result<(), RuntimeError> {
        let (status, reason) = match result {
            Ok(summary) => ("SUCCESS", summary),
            Err(reason) => ("FAILED", reason),
        };
        self.body["Status"] = status.into();
        self.body["Reason"] = shortened(reason).into();
        let body = Bytes::from(self.body.to_string());
        let mut pause = Duration::from_millis(100);
        loop {
            let error = match timeout(ATTEMPT, self.put(http, body.clone())).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err((error, false))) => return Err(error.into()),
                Ok(Err((error, true))) => error,
                Err(late) => late.to_string(),
            };
            if Instant::now() + pause >= end {
                return Err(format!("CloudFormation got no answer: {error}").into());
            }
            telemetry::line(&format!("CloudFormation has no answer yet: {error}"));
            sleep(pause).await;
            pause = (pause * 2).min(ATTEMPT);
        }
    }

    /// Puts the answer once. An error says whether another attempt may succeed.
    async fn put(&self, http: &Http, body: Bytes) -> Result<(), (String, bool)> {
        // The URL is signed without a content type, and whoever has it could answer. So no error
        // quotes it.
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::PUT;
        *request.uri_mut() = self.url.clone();
        let response = http.send(request).await.map_err(|error| (error, true))?;
        match response.status() {
            status if status.is_success() => Ok(()),
            status => Err((
                format!("its URL answered {status}"),
                !status.is_client_error(),
            )),
        }
    }
}

/// The text without control characters, and no longer than CloudFormation takes.
fn shortened(text: &str) -> String {
    let mut short: String = text.replace(char::is_control, " ");
    if short.len() > LONGEST_REASON {
        short.truncate(short.floor_char_boundary(LONGEST_REASON));
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_REASON, shortened};

    #[test]
    fn a_reason_is_short_and_has_no_control_characters() {
        assert_eq!(shortened("a\nb\0c"), "a b c");
        let long = shortened(&"é".repeat(LONGEST_REASON));
        assert!(
            long.len() <= LONGEST_REASON + '…'.len_utf8(),
            "{}",
            long.len()
        );
    }
}
