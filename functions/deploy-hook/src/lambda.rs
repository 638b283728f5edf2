//! The operation Invoke of Lambda's API. Its SDK would take half a minute to compile.

use std::time::SystemTime;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use shared::config;

use crate::http::Http;

const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Why an invocation has no result.
pub enum InvokeError {
    /// Another attempt may succeed: Lambda is busy or cannot be reached.
    Busy(String),
    /// Lambda refuses the request.
    Refused(String),
    /// The function returned this error, crashed or ran out of time.
    Function(Value),
}

/// Invokes a function and waits for its result. This sends one request and has no time limit.
pub async fn invoke(http: &Http, function: &str, event: &Value) -> Result<Value, InvokeError> {
    let body = Bytes::from(event.to_string());
    let request = signed(function, body).await.map_err(InvokeError::Refused)?;
    let response = http.send(request).await.map_err(InvokeError::Busy)?;
    if !response.status().is_success() {
        return Err(refusal(&response));
    }
    let result = serde_json::from_slice(response.body());
    match response.headers().contains_key("x-amz-function-error") {
        true => Err(InvokeError::Function(result.unwrap_or_default())),
        false => result.map_err(|_| InvokeError::Refused("the result is not JSON".to_owned())),
    }
}

fn refusal(response: &Response<Bytes>) -> InvokeError {
    let status = response.status();
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let message = body["Message"].as_str().or(body["message"].as_str());
    let kind = text(response.headers(), "x-amzn-errortype");
    let message = format!(
        "Lambda answered {status} {kind}: {}",
        message.unwrap_or("no message")
    );
    match status {
        // Lambda says CONFLICT of a function that is being created or changed.
        StatusCode::TOO_MANY_REQUESTS | StatusCode::CONFLICT => InvokeError::Busy(message),
        _ if status.is_server_error() => InvokeError::Busy(message),
        _ => InvokeError::Refused(message),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// The request, signed with the credentials of this function.
async fn signed(function: &str, body: Bytes) -> Result<Request<Full<Bytes>>, String> {
    let arn: Vec<_> = function.split(':').collect();
    let ["arn", partition, "lambda", region, ..] = arn[..] else {
        return Err(format!("Function must be an ARN, not `{function}`"));
    };
    let endpoint = config::lambda_endpoint().unwrap_or_else(|| {
        let domain = match partition {
            "aws-cn" => "amazonaws.com.cn",
            _ => "amazonaws.com",
        };
        format!("https://lambda.{region}.{domain}")
    });
    let name = utf8_percent_encode(function, &RESERVED);
    let url = format!("{endpoint}/2015-03-31/functions/{name}/invocations");

    let credentials = EnvironmentVariableCredentialsProvider::new();
    let credentials = credentials.provide_credentials().await;
    let identity = credentials.map_err(|error| error.to_string())?.into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("lambda")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| error.to_string())?;
    let signable = SignableRequest::new("POST", &url, [].into_iter(), SignableBody::Bytes(&body));
    let signature = signable.and_then(|request| sign(request, &parameters.into()));
    let (instructions, _) = signature.map_err(|error| error.to_string())?.into_parts();
    let mut request = Request::post(&url)
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(body))
        .map_err(|error| error.to_string())?;
    instructions.apply_to_request_http1x(&mut request);
    Ok(request)
}
