//! `GET /categories/{category}/films`: the films of a category, by film_id.

use shared::{
    Error, Request, Response, Result, Session,
    database::{Bind, Select, Sql},
    documentation::Paging,
    film::{self, Film},
    http::{
        response::Caching,
        types::{NameOrId, escape_like},
    },
    list::{Fields, List, Nothing, Page},
    sql,
};

const FIND_BY_ID: Sql = sql!("find_by_id.sql");
const FIND_BY_NAME: Sql = sql!("find_by_name.sql");
/// EXISTS, so that a film in several of these categories is returned once.
const IN_CATEGORY_ID: &str = "EXISTS (
    SELECT FROM film_category
    WHERE film_category.film_id = film.film_id AND film_category.category_id = $1)";
/// The first condition is decided once. Without it, an unknown name has every film looked up.
const IN_CATEGORY_NAMED: &str = concat!(
    "EXISTS (SELECT FROM category WHERE lower(name) = lower($1) OR name ILIKE $2)
  AND EXISTS (
    SELECT FROM film_category
    WHERE film_category.film_id = film.film_id AND film_category.category_id = ANY (ARRAY (",
    include_str!("find_by_name.sql"),
    ")))"
);

/// List the films of a category
///
/// The category is an id, a name in any case, or otherwise a part of names: `tion` means Action and
/// Animation. Each film is returned once.
#[utoipa::path(
    get, path = "/categories/{category}/films", operation_id = "films_by_category", tag = "films",
    params(
        ("category" = inline(NameOrId), Path, description = "An id, a name, or a part of names.", example = "action"),
        Fields<Film>,
        Paging,
    ),
    responses((status = 200, description = "A page of films, by film_id.", body = List<Film>))
)]
pub async fn handler(session: Session, request: Request) -> Result<Response> {
    let (category, page) = request.read(|parameters| {
        let category: NameOrId = parameters.path("category");
        (category, Page::read::<Film>(parameters, |_: &i32| true))
    })?;
    let category = Category::from(category);
    let mut films = Select::new(film::SELECT);
    films.filter(category.condition(), &category.values());
    let found = page.fetch(&session, &films, film::BY_ID).await?;
    if found.is_empty()
        && session
            .query(category.find(), &category.values())
            .await?
            .is_empty()
    {
        return Err(Error::NotFound("category"));
    }
    let key = |film: &Film| film.film_id;
    page.respond(found, key, Nothing {}, Caching::Minute)
}

/// What the path says of a category.
enum Category {
    Id(i32),
    /// The name, and a LIKE pattern for names that contain it.
    Named(String, String),
}

impl From<NameOrId> for Category {
    fn from(category: NameOrId) -> Self {
        match category {
            NameOrId::Id(id) => Self::Id(id),
            NameOrId::Name(name) => {
                let pattern = format!("%{}%", escape_like(&name));
                Self::Named(name, pattern)
            }
        }
    }
}

impl Category {
    fn condition(&self) -> &'static str {
        match self {
            Self::Id(_) => IN_CATEGORY_ID,
            Self::Named(..) => IN_CATEGORY_NAMED,
        }
    }

    fn find(&self) -> Sql<'static> {
        match self {
            Self::Id(_) => FIND_BY_ID,
            Self::Named(..) => FIND_BY_NAME,
        }
    }

    fn values(&self) -> Vec<&dyn Bind> {
        match self {
            Self::Id(id) => vec![id],
            Self::Named(name, pattern) => vec![name, pattern],
        }
    }
}
