//! Pages of a list: by keyset, with a cursor that only fits the query it came from.

use lambda_http::http::{HeaderValue, header::LINK};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::Row;
use utoipa::{IntoParams, ToSchema};

use crate::{
    Database, Parameters, Response, Result,
    cursor::Cursor,
    list::{self, Fields, Item, List},
    parameter::{Parameter, Within},
    response::{self, Caching},
    statement::{Bind, Statement},
};

const DEFAULT_LIMIT: i32 = 20;
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const PATH: &AsciiSet = &UNRESERVED.remove(b'/');
const PAGING: [&str; 4] = ["limit", "skip", "cursor", "count"];

/// What orders a list: the values of the last item of a page say where the next one begins.
pub trait Key: Serialize + DeserializeOwned {
    /// The values, in the order of [`Order::after`].
    fn values(&self) -> Vec<&dyn Bind>;
}

impl Key for i32 {
    fn values(&self) -> Vec<&dyn Bind> {
        vec![self]
    }
}

/// An order in which every item has its own place, so that no page repeats or hides one.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// ORDER BY.
    pub by: &'static str,
    /// The condition on what comes after a [`Key`], with a `$` for each of its values.
    pub after: &'static str,
}

/// Which page of a list is wanted. `K` is the key that orders the list.
pub struct Page<K> {
    limit: i64,
    /// How many rows to ask for: one more than the page has items tells whether there is a next.
    rows: i64,
    skip: i64,
    count: bool,
    fields: Vec<&'static str>,
    after: Option<K>,
    /// Path and filters, which the next page has too, as the start of its URL.
    base: String,
}

/// The parameters of every list that has pages, beside its [`Fields`].
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// The most items that a page has: 1 to 100, or 0 with `count=exact`, for the total alone.
    #[param(inline, example = 20)]
    pub limit: Option<Limit>,
    /// Items to leave out before the first page. Not with `cursor`.
    #[param(inline, example = 0)]
    pub skip: Option<Skip>,
    /// Where the page before ended, from its `next`. It only fits the query that it came from.
    #[param(inline)]
    pub cursor: Option<Cursor>,
    /// Count all items, of every page, as `total`. Nothing is counted unasked.
    #[param(inline)]
    pub count: Option<Count>,
}

/// How many items a page has at most.
pub type Limit = Within<0, 100>;
/// How many items are left out.
pub type Skip = Within<0, 10_000>;

/// How to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Count {
    /// Each item.
    Exact,
}

impl Parameter for Count {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "exact" => Ok(Self::Exact),
            _ => Err("must be exact".to_owned()),
        }
    }
}

/// The rows of a page, and one more where there is a next.
pub struct Found {
    /// The rows.
    pub rows: Vec<Row>,
    /// How many there are on all pages, where that was asked for.
    pub total: Option<i64>,
}

impl<K: Key> Page<K> {
    /// The first page, where nothing else is asked for.
    pub fn first() -> Self {
        Self {
            limit: DEFAULT_LIMIT.into(),
            rows: i64::from(DEFAULT_LIMIT) + 1,
            skip: 0,
            count: false,
            fields: vec![],
            after: None,
            base: String::new(),
        }
    }

    /// Takes [`Fields`] and [`Paging`] from the parameters. `fits` says whether a key is of
    /// the order that is asked for.
    pub fn take<T: Item>(parameters: &mut Parameters, fits: impl Fn(&K) -> bool) -> Self {
        let base = base(parameters);
        let fields = Fields::<T>::take(parameters);
        let count = parameters.take::<Count>("count").is_some();
        let limit = parameters
            .take("limit")
            .map_or(DEFAULT_LIMIT, |Within(limit): Limit| limit);
        if limit == 0 && !count {
            parameters.violate("limit", "must be 1 to 100, or 0 with count=exact", "0");
        }
        let skip = parameters.take("skip").map_or(0, |Within(skip): Skip| skip);
        let cursor = parameters.take::<Cursor>("cursor");
        let after = cursor.as_ref().and_then(|cursor| cursor.key(&base));
        let after = after.filter(fits);
        if let (Some(Cursor(text)), None) = (&cursor, &after) {
            let reason = "must be from the next of this same query: of no other, and unchanged";
            parameters.violate("cursor", reason, text);
        }
        if cursor.is_some() && parameters.has("skip") {
            parameters.violate("skip", "must not be given with cursor", &skip.to_string());
        }
        Self {
            limit: limit.into(),
            rows: i64::from(limit) + 1,
            skip: skip.into(),
            count,
            fields,
            after,
            base,
        }
    }

    /// Makes the page long enough for this many items, up to 100.
    pub fn lengthen(&mut self, items: usize) {
        let items = i64::try_from(items).unwrap_or(i64::MAX);
        self.limit = self.limit.max(items.min(100));
        self.rows = self.limit + 1;
    }

    /// Where the page before ended; None on the first page.
    pub fn after(&self) -> Option<&K> {
        self.after.as_ref()
    }

    /// How many items come before the first page.
    pub fn skip(&self) -> i64 {
        self.skip
    }

    /// The statement of this page, of all that `filtered` selects.
    pub fn of<'a>(&'a self, filtered: &Statement<'a>, order: Order) -> Statement<'a> {
        let mut statement = filtered.clone();
        if let Some(key) = &self.after {
            statement.filter(order.after, &key.values());
        }
        statement.end(order.by, &[]);
        statement.end("LIMIT $ OFFSET $", &[&self.rows, &self.skip]);
        statement
    }

    /// Fetches this page of all that `filtered` selects.
    ///
    /// # Errors
    /// As [`Database::select`].
    pub async fn fetch<'a>(
        &'a self,
        database: &Database,
        filtered: &Statement<'a>,
        order: Order,
    ) -> Result<Found> {
        let total = match self.count {
            true => Some(database.count(filtered).await?),
            false => None,
        };
        let rows = match self.limit {
            0 => vec![],
            _ => database.select(&self.of(filtered, order)).await?,
        };
        Ok(Found { rows, total })
    }

    /// The response with these rows; `more` is what else its body says.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] when a row is not what `T` is read from.
    pub fn respond<T: Item>(
        self,
        found: Found,
        key: impl Fn(&T) -> K,
        more: impl Serialize,
        caching: Caching,
    ) -> Result<Response> {
        let limit = self.limit as usize;
        let has_next = limit > 0 && found.rows.len() > limit;
        let items = found.rows.into_iter().take(limit).map(T::try_from);
        let items = items.collect::<Result<Vec<T>>>()?;
        let last = items.last().filter(|_| has_next);
        let next = last.map(|item| self.next(&key(item))).transpose()?;
        let link = next.as_ref().map(|next| format!("<{next}>; rel=\"next\""));
        let total = found.total;
        let mut response = if self.fields.is_empty() {
            let list = List {
                items,
                next,
                total,
                more,
            };
            response::ok(&list, caching)?
        } else {
            let items = items.iter().map(|item| list::pick(item, &self.fields));
            let list = List {
                items: items.collect::<Result<Vec<_>>>()?,
                next,
                total,
                more,
            };
            response::ok(&list, caching)?
        };
        if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
            response.headers_mut().insert(LINK, link);
        }
        Ok(response)
    }

    fn next(&self, key: &K) -> Result<String> {
        let Cursor(cursor) = Cursor::new(key, &self.base)?;
        Ok(format!("{}limit={}&cursor={cursor}", self.base, self.limit))
    }
}

/// The path and the filters in one order, so that a query is the same however it is written.
fn base(parameters: &Parameters) -> String {
    let mut filters: Vec<_> = parameters.others(&PAGING).collect();
    filters.sort();
    let mut base = utf8_percent_encode(parameters.request().path(), PATH).to_string();
    base.push('?');
    for (name, value) in filters {
        for (text, end) in [(name, '='), (value, '&')] {
            base.extend(utf8_percent_encode(text, UNRESERVED));
            base.push(end);
        }
    }
    base
}
