//! Every endpoint of the API.

use shared::{Request, Response, Result, Session};

/// An endpoint. A new one belongs here, in [`Endpoint::ALL`] and in each `match` below. Its session
/// is with the stub database, whether it needs one or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `search-films`
    SearchFilms,
    /// `get-film`
    GetFilm,
    /// `list-categories`
    ListCategories,
    /// `films-by-category`
    FilmsByCategory,
    /// `rentals-by-customer`
    RentalsByCustomer,
    /// `db-health`
    DbHealth,
    /// `api-docs`
    ApiDocs,
}

impl Endpoint {
    /// All of them. New ones at the end: the fuzzer's corpus has their places.
    pub const ALL: [Self; 7] = [
        Self::SearchFilms,
        Self::GetFilm,
        Self::ListCategories,
        Self::FilmsByCategory,
        Self::RentalsByCustomer,
        Self::DbHealth,
        Self::ApiDocs,
    ];

    /// Its paths, with their parameters in braces.
    pub fn paths(self) -> &'static [&'static str] {
        match self {
            Self::SearchFilms => &["/films"],
            Self::GetFilm => &["/films/{film_id}"],
            Self::ListCategories => &["/categories"],
            Self::FilmsByCategory => &["/categories/{category}/films"],
            Self::RentalsByCustomer => &["/customers/{customer_id}/rentals"],
            Self::DbHealth => &["/health/db"],
            Self::ApiDocs => &["/docs/{file}", "/docs", "/", "/openapi.json"],
        }
    }

    /// The names of its query's parameters.
    pub(crate) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::SearchFilms => &[
                "q",
                "title",
                "starts_with",
                "category",
                "actor",
                "language",
                "rating",
                "release_year",
                "release_year_min",
                "release_year_max",
                "length_min",
                "length_max",
                "streaming_available",
                "film_id",
                "sort",
                "fields",
                "limit",
                "skip",
                "cursor",
                "count",
            ],
            Self::FilmsByCategory => &["fields", "limit", "skip", "cursor", "count"],
            Self::RentalsByCustomer => &[
                "status", "from", "to", "fields", "limit", "skip", "cursor", "count",
            ],
            Self::GetFilm | Self::ListCategories | Self::DbHealth | Self::ApiDocs => &[],
        }
    }

    /// What its handler makes of a request.
    pub(crate) async fn handle(self, session: Session, request: Request) -> Result<Response> {
        match self {
            Self::SearchFilms => search_films::handler(session, request).await,
            Self::GetFilm => get_film::handler(session, request).await,
            Self::ListCategories => list_categories::handler(session, request).await,
            Self::FilmsByCategory => films_by_category::handler(session, request).await,
            Self::RentalsByCustomer => rentals_by_customer::handler(session, request).await,
            Self::DbHealth => db_health::handler(session, request).await,
            Self::ApiDocs => api_docs::handler(session, request).await,
        }
    }

    /// The endpoint that answers this path, and the path's parameters.
    pub(crate) fn of(path: &str) -> Option<(Self, Vec<(&'static str, &str)>)> {
        let mut all = Self::ALL.into_iter();
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
