//! The endpoints of the API.

use std::{fmt, pin::Pin};

use shared::{Request, Response, Result, Session};
use utoipa::OpenApi;

type Handled = Pin<Box<dyn Future<Output = Result<Response>> + Send>>;

/// A function with a route, in this process.
#[derive(Clone, Copy)]
pub struct Endpoint {
    /// The name of its crate, such as `get_film`.
    pub name: &'static str,
    handler: fn(Session, Request) -> Handled,
    document: fn() -> utoipa::openapi::OpenApi,
}

/// Makes [`Endpoint::ALL`] from the crate of each function and the operations it documents.
macro_rules! endpoints {
    ($($function:ident: $($operation:ident),+;)+) => {
        impl Endpoint {
            /// Every endpoint.
            pub const ALL: &[Self] = &[$(Self {
                name: stringify!($function),
                handler: |session, request| Box::pin($function::handler(session, request)),
                document: || {
                    #[derive(OpenApi)]
                    #[openapi(paths($($function::$operation),+))]
                    struct Document;
                    Document::openapi()
                },
            }),+];
        }
    };
}

endpoints! {
    search_films: handler;
    get_film: handler;
    list_categories: handler;
    films_by_category: handler;
    rentals_by_customer: handler;
    db_health: handler;
    api_docs: home, docs, file, document;
}

impl Endpoint {
    /// Passes a request to the handler.
    ///
    /// # Errors
    /// Those of the handler.
    pub async fn handle(self, session: Session, request: Request) -> Result<Response> {
        (self.handler)(session, request).await
    }

    /// The paths, such as `/films/{film_id}`.
    pub fn paths(self) -> Vec<String> {
        self.document().paths.paths.into_keys().collect()
    }

    /// The part of the OpenAPI document that its code has.
    pub(crate) fn document(self) -> utoipa::openapi::OpenApi {
        (self.document)()
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}
