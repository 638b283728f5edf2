//! The versions of a secret in Secrets Manager. Errors never contain a value.

use std::collections::HashMap;

use aws_sdk_secretsmanager::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
};
use serde_json::{Map, Value};
use shared::RuntimeError;

pub const CURRENT: &str = "AWSCURRENT";
pub const PENDING: &str = "AWSPENDING";
pub const PREVIOUS: &str = "AWSPREVIOUS";

/// The fields of a secret's value. A new version keeps all but the password.
pub type Fields = Map<String, Value>;

/// The versions of one secret.
pub struct Versions {
    pub client: Client,
    pub secret_id: String,
}

impl Versions {
    /// The stages of each version, by the version's id.
    pub async fn stages(&self) -> Result<HashMap<String, Vec<String>>, RuntimeError> {
        let describe = self.client.describe_secret().secret_id(&self.secret_id);
        let answer = describe.send().await.map_err(|error| reason(&error))?;
        Ok(answer.version_ids_to_stages.unwrap_or_default())
    }

    /// The id of the version at this stage.
    pub async fn at(&self, stage: &str) -> Result<Option<String>, RuntimeError> {
        let stages = self.stages().await?.into_iter();
        let mut at_stage = stages.filter(|(_, stages)| stages.iter().any(|other| other == stage));
        Ok(at_stage.next().map(|(id, _)| id))
    }

    /// The value of a version, or `None` if it has none.
    pub async fn value(&self, id: &str) -> Result<Option<Fields>, RuntimeError> {
        let get = self.client.get_secret_value().secret_id(&self.secret_id);
        let text = match get.version_id(id).send().await {
            Ok(answer) => answer.secret_string.unwrap_or_default(),
            Err(error) if error.code() == Some("ResourceNotFoundException") => return Ok(None),
            Err(error) => return Err(reason(&error).into()),
        };
        // The parser's message would quote the secret.
        let fields = serde_json::from_str(&text);
        fields.map(Some).map_err(|_| {
            let secret = &self.secret_id;
            format!("version {id} of the secret {secret} is not a JSON object").into()
        })
    }

    /// Stores a value as the version `id` at AWSPENDING.
    pub async fn put_pending(&self, id: &str, fields: Fields) -> Result<(), RuntimeError> {
        let put = self.client.put_secret_value().secret_id(&self.secret_id);
        let put = put
            .client_request_token(id)
            .secret_string(Value::Object(fields).to_string())
            .version_stages(PENDING);
        put.send().await.map_err(|error| reason(&error))?;
        Ok(())
    }

    /// Moves a stage from one version to another, or takes it away.
    pub async fn move_stage(
        &self,
        stage: &str,
        from: Option<String>,
        to: Option<&str>,
    ) -> Result<(), RuntimeError> {
        let update = self
            .client
            .update_secret_version_stage()
            .secret_id(&self.secret_id)
            .version_stage(stage)
            .set_remove_from_version_id(from)
            .set_move_to_version_id(to.map(ToOwned::to_owned));
        update.send().await.map_err(|error| reason(&error))?;
        Ok(())
    }

    /// A random password of letters and digits.
    pub async fn random_password(&self) -> Result<String, RuntimeError> {
        let random = self.client.get_random_password();
        let random = random.password_length(40).exclude_punctuation(true);
        let answer = random.send().await.map_err(|error| reason(&error))?;
        let password = answer.random_password;
        password.ok_or_else(|| "Secrets Manager returned no random password".into())
    }
}

/// The code and the message of an error of Secrets Manager.
fn reason<E, R>(error: &SdkError<E, R>) -> String
where
    SdkError<E, R>: ProvideErrorMetadata + std::fmt::Display,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("Secrets Manager: {code}: {message}"),
        _ => format!("Secrets Manager: {error}"),
    }
}
