//! Every endpoint of the API.

use shared::{Request, Response, Result, Session};

/// Makes [`Endpoint`] from one line for each endpoint: its crate, its paths, and the parameters of
/// its query.
macro_rules! endpoints {
    ($($endpoint:ident: $function:ident, [$($path:literal),*], [$($parameter:literal),*];)*) => {
        /// An endpoint. Its session is with the stub database, whether it needs one or not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is named after its function")]
        pub enum Endpoint {
            $($endpoint,)*
        }

        impl Endpoint {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$endpoint),*];

            /// Its paths, with their parameters in braces.
            pub fn paths(self) -> &'static [&'static str] {
                match self {
                    $(Self::$endpoint => &[$($path),*],)*
                }
            }

            /// The names of the parameters of its query.
            pub fn parameters(self) -> &'static [&'static str] {
                match self {
                    $(Self::$endpoint => &[$($parameter),*],)*
                }
            }

            /// Passes a request to its handler.
            pub(crate) async fn handle(
                self,
                session: Session,
                request: Request,
            ) -> Result<Response> {
                match self {
                    $(Self::$endpoint => $function::handler(session, request).await,)*
                }
            }
        }
    };
}

endpoints! {
    SearchFilms: search_films, ["/films"], [
        "q", "title", "starts_with", "category", "actor", "language", "rating", "release_year",
        "release_year_min", "release_year_max", "length_min", "length_max", "streaming_available",
        "film_id", "sort", "fields", "limit", "skip", "cursor", "count"
    ];
    GetFilm: get_film, ["/films/{film_id}"], [];
    ListCategories: list_categories, ["/categories"], [];
    FilmsByCategory: films_by_category, ["/categories/{category}/films"], [
        "fields", "limit", "skip", "cursor", "count"
    ];
    RentalsByCustomer: rentals_by_customer, ["/customers/{customer_id}/rentals"], [
        "status", "from", "to", "fields", "limit", "skip", "cursor", "count"
    ];
    DbHealth: db_health, ["/health/db"], [];
    ApiDocs: api_docs, ["/docs/{file}", "/docs", "/", "/openapi.json"], [];
    // New endpoints come last: the fuzzer's corpus has the places of the others.
}

impl Endpoint {
    /// The endpoint that answers this path, and the path's parameters.
    pub(crate) fn of(path: &str) -> Option<(Self, Vec<(&'static str, &str)>)> {
        let mut all = Self::ALL.iter().copied();
        all.find_map(|endpoint| {
            let mut paths = endpoint.paths().iter();
            let parameters = paths.find_map(|ours| parameters(ours, path))?;
            Some((endpoint, parameters))
        })
    }
}

/// The parameters that `ours` has in `theirs`, where that is such a path.
fn parameters<'a>(ours: &'static str, theirs: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
    let (ours, theirs) = (ours.split('/'), theirs.split('/'));
    if ours.clone().count() != theirs.clone().count() {
        return None;
    }
    let others = ours.zip(theirs).filter(|(ours, theirs)| ours != theirs);
    let named = others.map(|(name, value)| {
        let name = name.strip_prefix('{')?.strip_suffix('}')?;
        Some((name, value))
    });
    named.collect()
}
