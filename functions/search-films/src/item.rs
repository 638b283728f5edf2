//! A film of the list, and how it was found.

use serde::{Deserialize, Serialize};
use shared::{Error, film::Film, list::Item, tokio_postgres::Row};
use utoipa::ToSchema;

/// A film of the list.
#[derive(Serialize, ToSchema)]
pub struct FoundFilm {
    /// The film.
    #[serde(flatten)]
    pub film: Film,
    /// How well the film matches `q`; higher is better. Comparable within one response only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, example = 0.69)]
    pub rank: Option<f32>,
}

/// How `q` found the films.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    /// They contain its words.
    Words,
    /// No film contains its words; these have similar titles.
    Similar,
}

/// Which of the films that have the words of `q` are on the pages of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ranked {
    /// All of them.
    All,
    /// The first ones that were found. The words are too common to rank, examine or filter all films
    /// that have them.
    Some,
}

/// The further fields of the list.
#[derive(Default, Serialize, ToSchema)]
pub struct Search {
    /// How `q` found the films. Only with `q`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub r#match: Option<Match>,
    /// Which films with the words of `q` are on the pages. Only if `match` is `words`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ranked: Option<Ranked>,
}

impl Search {
    pub(crate) fn of_words(is_part: bool) -> Self {
        let ranked = if is_part { Ranked::Some } else { Ranked::All };
        Self {
            r#match: Some(Match::Words),
            ranked: Some(ranked),
        }
    }

    pub(crate) fn of_similar() -> Self {
        Self {
            r#match: Some(Match::Similar),
            ranked: None,
        }
    }
}

impl Item for FoundFilm {
    const FIELDS: &'static [&'static str] = &{
        let mut fields = ["rank"; Film::FIELDS.len() + 1];
        let mut field = 0;
        while field < Film::FIELDS.len() {
            fields[field] = Film::FIELDS[field];
            field += 1;
        }
        fields
    };
}

impl TryFrom<Row> for FoundFilm {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let is_ranked = row.columns().iter().any(|column| column.name() == "rank");
        Ok(Self {
            rank: is_ranked.then(|| row.try_get("rank")).transpose()?,
            film: row.try_into()?,
        })
    }
}
