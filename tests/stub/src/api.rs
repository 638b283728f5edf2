//! The API in this process.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use std::time::Duration;

use shared::{
    Database, Request, Service, Session,
    config::{Access, Authorization, Config, Origins, Source},
    http::response::JSON,
    tokio_postgres,
};
use tokio::time::Instant;
use tokio_postgres::config::SslMode;

use crate::{Answer, Case, Endpoint, forge::forge, judge, server};

/// The origin whose pages may read answers.
pub(crate) const ORIGIN: &str = "https://app.example.com";
/// The id of every invocation.
const INVOCATION: &str = "00000000-0000-4000-8000-000000000000";

/// Every endpoint, on one stub database.
pub struct Api {
    database: Database,
    access: Access,
}

impl Api {
    /// Starts the database on the current runtime, and connects to it at the first request.
    ///
    /// # Errors
    /// When it has no port, or [`Database::new`] fails.
    pub async fn start() -> Result<Self, String> {
        let address = server::start().await.map_err(|error| error.to_string())?;
        let mut url = tokio_postgres::Config::new();
        url.host(address.ip().to_string())
            .port(address.port())
            .user("stub")
            .ssl_mode(SslMode::Disable);
        let access = Access {
            authorization: Authorization::Jwt,
            origins: Origins::These(vec![ORIGIN.to_owned()]),
        };
        let config = Config {
            access: access.clone(),
            ..Config::new(Source::Url(Box::new(url)))
        };
        let database = Database::new(config).await;
        let database = database.map_err(|error| format!("{error:?}"))?;
        Ok(Self { database, access })
    }

    /// The response to an event.
    pub async fn respond(&self, case: &Case) -> ApiGatewayV2httpResponse {
        let handler = |session: Session, request: Request| case.endpoint.handle(session, request);
        let media_type = (case.endpoint != Endpoint::ApiDocs).then_some(JSON);
        let (database, access) = (self.database.clone(), self.access.clone());
        let deadline = Instant::now() + Duration::from_secs(8);
        Service::new(handler, database, access, media_type)
            .respond(&case.event, INVOCATION, deadline)
            .await
    }

    /// The answer to an event.
    ///
    /// # Errors
    /// What is wrong with the response, whatever the event.
    pub async fn answer(&self, case: &Case) -> Result<Answer, String> {
        let mut response = self.respond(case).await;
        if [503, 504].contains(&response.status_code) {
            // The machine may have stood still for longer than the database may take to answer; a
            // defect of ours is there again.
            response = self.respond(case).await;
        }
        judge(case, &response)
    }

    /// The answer to an event, after which the page that it says is next must be there. Where the
    /// event forges a cursor of that, it must be taken or refused, as any event is.
    ///
    /// # Errors
    /// What is wrong with a response, and with which.
    pub async fn exercise(&self, case: &Case) -> Result<Answer, String> {
        let answer = self.told(case).await?;
        let Some(url) = answer.next() else {
            return Ok(answer);
        };
        if let Some(next) = case.next(url) {
            let page = self.told(&next).await?;
            // Its rows are as many as the stub likes, and a customer without any may not exist.
            if ![200, 304, 404].contains(&page.status) {
                return Err(format!("the next page is {}\n{next:?}", page.status));
            }
        }
        let key = case.key.as_ref();
        let forged = key.and_then(|key| forge(&case.path()?, url, key));
        if let Some(forged) = forged.and_then(|url| case.next(&url)) {
            self.told(&forged).await?;
        }
        Ok(answer)
    }

    async fn told(&self, case: &Case) -> Result<Answer, String> {
        let answer = self.answer(case).await;
        answer.map_err(|error| format!("{error}\n{case:?}"))
    }
}
