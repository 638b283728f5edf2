//! The API in this process.

use std::time::Duration;

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use shared::{
    Database, Request, Service, Session,
    config::{Access, Authorization, Config, Origins, Source},
    http::response::JSON,
    tokio_postgres,
};
use tokio::time::Instant;

use crate::{Answer, Case, database, forge::forge, route::Route, verdict::judge};

/// The origin whose pages may read responses.
pub(crate) const ORIGIN: &str = "https://app.example.com";
/// The id of every invocation.
const INVOCATION: &str = "00000000-0000-4000-8000-000000000000";
const TIME: Duration = Duration::from_secs(8);

/// Every endpoint, on one stub database.
pub struct Api {
    database: Database,
    access: Access,
}

impl Api {
    /// Starts the database on the current runtime. The first request connects to it.
    ///
    /// # Errors
    /// When no port is free, or [`Database::new`] fails.
    pub async fn start() -> Result<Self, String> {
        let address = database::start().await.map_err(|error| error.to_string())?;
        let url = format!("postgres://stub@{address}/stub?sslmode=disable");
        let url = url
            .parse()
            .map_err(|error: tokio_postgres::Error| error.to_string())?;
        let access = Access {
            authorization: Authorization::default(),
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

    async fn respond(&self, case: &Case) -> ApiGatewayV2httpResponse {
        let handler = |session: Session, request: Request| case.endpoint.handle(session, request);
        let is_json = Route::of(case.endpoint).iter().all(|route| route.is_json);
        let (database, access) = (self.database.clone(), self.access.clone());
        Service::new(handler, database, access, is_json.then_some(JSON))
            .respond(&case.event, INVOCATION, Instant::now() + TIME)
            .await
    }

    async fn answer(&self, case: &Case) -> Result<Answer, String> {
        let mut response = self.respond(case).await;
        if [503, 504].contains(&response.status_code) {
            // A busy machine may exceed the time limit once. A defect does so again.
            response = self.respond(case).await;
        }
        judge(case, &response).map_err(|error| format!("{error}\n{case:?}"))
    }

    /// The answer to an event. Also requests the next page, which must exist, and pages with forged
    /// cursors, which must be answered like any event.
    ///
    /// # Errors
    /// The fault of a response, and the event.
    pub async fn check(&self, case: &Case) -> Result<Answer, String> {
        let answer = self.answer(case).await?;
        let Some(url) = answer.next() else {
            return Ok(answer);
        };
        if let Some(next) = case.with_query(url) {
            let page = self.answer(&next).await?;
            // The stub's page may have no rows, and then a customer may not exist.
            if ![200, 304, 404].contains(&page.status) {
                return Err(format!("the next page is {}\n{next:?}", page.status));
            }
        }
        for forged in forge(case, url).unwrap_or_default() {
            self.answer(&forged).await?;
        }
        Ok(answer)
    }
}
