//! Categories, actors and languages, which a filter names or gives by id.

use shared::{
    Result, Session,
    database::{Bind, Select, Sql},
    http::types::{FromParameter, NameOrId, escape_like},
    sql,
};

const FIND_NAMES: Sql = sql!("find_names.sql");

/// A category, an actor or a language: by ids, or by a name that stands for ids.
pub(crate) enum Named {
    /// The ids.
    Ids(Vec<i32>),
    /// What to find the ids by.
    Name(String),
}

impl FromParameter for Named {
    fn from_parameter(text: &str) -> Result<Self, String> {
        Ok(match NameOrId::from_parameter(text)? {
            NameOrId::Id(id) => Self::Ids(vec![id]),
            NameOrId::Name(name) => Self::Name(name),
        })
    }
}

/// As [`Named`]; the name is a LIKE pattern for names that contain a text.
pub(crate) struct NamedInPart(pub(crate) Named);

impl FromParameter for NamedInPart {
    fn from_parameter(text: &str) -> Result<Self, String> {
        Ok(Self(match Named::from_parameter(text)? {
            Named::Name(name) => Named::Name(format!("%{}%", escape_like(&name))),
            ids @ Named::Ids(_) => ids,
        }))
    }
}

/// The columns of `find_names.sql`.
const COLUMNS: [&str; 3] = ["category_ids", "actor_ids", "language_ids"];

/// Replaces the names of a category, an actor and a language by their ids, in one query if there is
/// any name. The planner then knows how many films each id has.
pub(crate) async fn resolve(session: &Session, named: [Option<&mut Named>; 3]) -> Result<()> {
    let name = |named: &Option<&mut Named>| match named {
        Some(Named::Name(name)) => name.clone(),
        _ => String::new(),
    };
    let names = [&named[0], &named[1], &named[2]].map(name);
    if names.iter().all(String::is_empty) {
        return Ok(());
    }
    let [category, actor, language] = &names;
    let row = session
        .query_one(FIND_NAMES, &[category, actor, language])
        .await?;
    let found = named.into_iter().zip(COLUMNS);
    for (named, column) in found {
        if let Some(named @ Named::Name(_)) = named {
            *named = Named::Ids(row.try_get(column)?);
        }
    }
    Ok(())
}

impl Named {
    /// Whether nothing has this name.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Self::Ids(ids) if ids.is_empty())
    }

    /// Adds the condition `one` for one id, or `any` for several. `$1` stands for them, and `$2`, … for
    /// `more`.
    pub(crate) fn restrict<'a>(
        &'a self,
        films: &mut Select<'a>,
        one: &'static str,
        any: &'static str,
        more: &'a [i32],
    ) {
        // `resolve` leaves no name.
        let Self::Ids(ids) = self else {
            return films.filter("false", &[]);
        };
        let (condition, id): (_, &dyn Bind) = match &ids[..] {
            [id] => (one, id),
            _ => (any, ids),
        };
        let mut parameters = vec![id];
        parameters.extend(more.iter().map(|value| value as &dyn Bind));
        films.filter(condition, &parameters);
    }
}
