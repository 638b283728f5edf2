//! Who may read responses.

use std::sync::Arc;

use super::{ConfigError, Variables, variable};

/// Who may read responses. The default allows as little as possible.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// AUTHORIZATION: who may read personal data.
    pub authorization: Authorization,
    /// CORS_ORIGINS: the origins whose pages may read responses.
    pub origins: Origins,
}

/// Who may read personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// Clients with a token that API Gateway's JWT authorizer has verified and that allows it.
    Jwt {
        /// CUSTOMER_CLAIM: the claim that holds the customer's id.
        customer_claim: Arc<str>,
        /// RENTALS_SCOPE: the scope that may read every customer's rentals.
        rentals_scope: Arc<str>,
    },
    /// Everybody. Only the local stack sets this, and it is refused in Lambda.
    None,
}

impl Access {
    /// Reads the environment of this process, for a function without a database.
    ///
    /// # Errors
    /// As [`super::Config::from_env`].
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut variables = Variables::new(&variable);
        let access = variables.access();
        variables.finish(access)
    }
}

impl Authorization {
    /// Tokens with these names, by default `customer_id` and `rentals:read`.
    fn jwt(customer_claim: Option<String>, rentals_scope: Option<String>) -> Self {
        Self::Jwt {
            customer_claim: customer_claim.map_or_else(|| "customer_id".into(), Arc::from),
            rentals_scope: rentals_scope.map_or_else(|| "rentals:read".into(), Arc::from),
        }
    }
}

impl Default for Authorization {
    fn default() -> Self {
        Self::jwt(None, None)
    }
}

/// The origins whose pages may read responses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origins {
    /// None but the API's own.
    #[default]
    None,
    /// Every origin. Browsers send no credentials to such an API by themselves.
    Any,
    /// These origins, as browsers write them: `https://app.example.com`.
    These(Vec<String>),
}

impl Variables<'_> {
    pub(super) fn access(&mut self) -> Access {
        let jwt = self.jwt();
        let choices = [("jwt", jwt.clone()), ("none", Authorization::None)];
        let authorization = self.choice("AUTHORIZATION", choices).unwrap_or(jwt);
        if authorization == Authorization::None && self.is_in_lambda() {
            let error = "AUTHORIZATION must not be none in Lambda: it opens personal data";
            self.errors.push(error.to_owned());
        }
        let origins = (self.get)("CORS_ORIGINS").map(|text| Origins::parse(&text));
        let origins = match origins {
            None => Origins::None,
            Some(Ok(origins)) => origins,
            Some(Err(error)) => {
                self.errors.push(format!("CORS_ORIGINS {error}"));
                Origins::None
            }
        };
        Access {
            authorization,
            origins,
        }
    }

    fn jwt(&mut self) -> Authorization {
        let scope = (self.get)("RENTALS_SCOPE");
        // Spaces separate the scopes of a token.
        if let Some(scope) = scope.as_ref().filter(|scope| scope.contains(' ')) {
            let error = format!("RENTALS_SCOPE must be one scope without spaces, not `{scope}`");
            self.errors.push(error);
        }
        Authorization::jwt((self.get)("CUSTOMER_CLAIM"), scope)
    }
}

impl Origins {
    /// Reads `*`, or a comma-separated list of origins.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let origins = text.split(',').map(|origin| {
            let origin = origin.trim().to_ascii_lowercase();
            let host = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"));
            match host {
                Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ', '*']) => {
                    Ok(origin)
                }
                _ => Err(format!(
                    "must be * or a comma-separated list of origins such as \
                     https://app.example.com, not `{origin}`"
                )),
            }
        });
        origins.collect::<Result<_, _>>().map(Self::These)
    }
}
