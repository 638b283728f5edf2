//! Pages of a list by keyset, with a cursor that is valid only for the query it came from.

use lambda_http::http::{HeaderValue, header::LINK};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use tokio_postgres::Row;

use super::{
    body::List,
    count::Count,
    cursor::Cursor,
    fields::{self, Fields, Item},
    order::{Ahead, Key, Order},
};
use crate::{
    Error, Parameters, Response, Result, Session,
    database::Select,
    http::{
        response::{self, Caching},
        types::Within,
    },
};

const DEFAULT_LIMIT: i32 = 20;
/// What a query string may contain unencoded.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// To skip up to this many items costs no more than a page of them.
const LARGEST_PAGE: i64 = 100;
const TOO_FAR: &str = "must be smaller with these filters, because the database would read too much: \
                       follow `next` to go on";
/// The parameters that are not part of the query that a cursor belongs to.
const PAGING: [&str; 4] = ["limit", "skip", "cursor", "count"];

/// The largest number of items on a page.
pub type Limit = Within<0, 100>;
/// The number of items to skip.
pub type Skip = Within<0, 10_000>;

/// The page that a request asks for. `K` is the key that orders the list.
pub struct Page<K> {
    limit: i64,
    /// How many rows to fetch: one more than the limit, to know whether there is a next page.
    rows: i64,
    skip: i64,
    count: Option<Count>,
    fields: Vec<&'static str>,
    after: Option<K>,
    path: String,
    /// The query string of the next page, without its paging.
    filters: String,
}

/// The rows of a page, and one more if there is a next one.
pub struct Found {
    /// The rows.
    pub rows: Vec<Row>,
    /// The number of rows on all pages, if it was asked for; `Some(None)` if it is not known.
    pub total: Option<Option<i64>>,
    /// Whether the total is an estimate.
    pub is_estimated: bool,
}

impl Found {
    /// Whether there may be no row on any page.
    pub fn is_empty(&self) -> bool {
        let is_counted = !self.is_estimated && !matches!(self.total, None | Some(Some(0)));
        self.rows.is_empty() && !is_counted
    }
}

impl<K: Key> Page<K> {
    /// Reads the parameters of a page. `fits` tells whether a key belongs to the requested order.
    pub fn read<T: Item>(parameters: &mut Parameters, fits: impl Fn(&K) -> bool) -> Self {
        let path = parameters.raw_path.to_owned();
        let filters = filters(parameters);
        let fields = Fields::<T>::read(parameters);
        let count = parameters.query("count");
        let limit = parameters.query("limit");
        let limit = limit.map_or(DEFAULT_LIMIT, |Within(limit): Limit| limit);
        if limit == 0 && count.is_none() {
            parameters.violate("limit", "must be 1 to 100, or 0 with count", "0");
        }
        let skip = parameters.query("skip");
        let skip = skip.map_or(0, |Within(skip): Skip| skip);
        let cursor = parameters.query::<Cursor>("cursor");
        let query = [&*path, "?", &*filters].concat();
        let after = cursor.as_ref().and_then(|cursor| cursor.key(&query));
        let after = after.filter(fits);
        if let (Some(Cursor(text)), None) = (&cursor, &after) {
            parameters.violate("cursor", "is not valid for this query", text);
        }
        if cursor.is_some() && parameters.has("skip") {
            parameters.violate("skip", "must not be sent with cursor", &skip.to_string());
        }
        Self {
            limit: limit.into(),
            rows: i64::from(limit) + 1,
            skip: skip.into(),
            count,
            fields,
            after,
            path,
            filters,
        }
    }

    /// Raises the limit to this many items, up to 100.
    pub fn raise_limit(&mut self, items: usize) {
        let items = i64::try_from(items).unwrap_or(i64::MAX);
        self.limit = self.limit.max(items.min(100));
        self.rows = self.limit + 1;
    }

    /// Where the previous page ended; None on the first page.
    pub fn after(&self) -> Option<&K> {
        self.after.as_ref()
    }

    /// Fetches this page of all that `filtered` selects.
    ///
    /// # Errors
    /// As [`Session::select`]; [`Error::Invalid`] if to skip so many rows of a costly statement would
    /// take too long.
    pub async fn fetch<'a>(
        &'a self,
        session: &Session,
        filtered: &Select<'a>,
        order: Order,
    ) -> Result<Found> {
        self.fetch_counted(session, filtered, Some(filtered), order)
            .await
    }

    /// As [`Page::fetch`]. An estimated total is that of `estimated`, or otherwise exact.
    ///
    /// # Errors
    /// As [`Page::fetch`].
    pub async fn fetch_counted<'a>(
        &'a self,
        session: &Session,
        filtered: &Select<'a>,
        estimated: Option<&Select<'a>>,
        order: Order,
    ) -> Result<Found> {
        let total = match self.count {
            Some(count) => Some(count.of(session, filtered, estimated).await?),
            None => None,
        };
        let rows = match self.limit == 0 || total == Some(Some(0)) {
            true => vec![],
            false => self.rows(session, filtered, order).await?,
        };
        Ok(Found {
            rows,
            total,
            is_estimated: self.count == Some(Count::Estimated) && estimated.is_some(),
        })
    }

    /// This page of a list that is known to have no items.
    pub fn empty(&self) -> Found {
        Found {
            rows: vec![],
            total: self.count.map(|_| Some(0)),
            is_estimated: false,
        }
    }

    async fn rows<'a>(
        &'a self,
        session: &Session,
        filtered: &Select<'a>,
        mut order: Order,
    ) -> Result<Vec<Row>> {
        if let Some(ahead) = order.ahead {
            let rows = session.select(&self.ahead(filtered, order, ahead)).await?;
            if i64::try_from(rows.len()).is_ok_and(|rows| rows == self.rows) {
                return Ok(rows);
            }
            order.by = ahead.unindexed;
        }
        let select = self.of(filtered, order);
        if self.skip > LARGEST_PAGE && session.is_too_costly(&select).await? {
            let skip = self.skip.to_string();
            return Err(Error::invalid("query", "skip", TOO_FAR, &skip));
        }
        session.select(&select).await
    }

    /// The statement of this page.
    fn of<'a>(&'a self, filtered: &Select<'a>, order: Order) -> Select<'a> {
        let mut select = filtered.clone();
        if self.skip == 0 {
            select.at_once();
        }
        if let Some(key) = &self.after {
            select.filter(order.after, &key.values());
        }
        select.order(order.by);
        select.end("LIMIT $1 OFFSET $2", &[&self.rows, &self.skip]);
        select
    }

    /// As [`Page::of`], of those rows only that come next in the order.
    fn ahead<'a>(&'a self, filtered: &Select<'a>, order: Order, ahead: Ahead) -> Select<'a> {
        let mut next = Select::new(ahead.select);
        next.column(ahead.place);
        if let Some(key) = &self.after {
            next.filter(order.after, &key.values());
        }
        next.order(order.by);
        next.end("LIMIT 10000", &[]);
        let mut select = filtered.clone();
        select.from(ahead.from, &[("{ahead}", &next)]);
        select.order(order.by);
        select.find_in_order(ahead.by);
        select.end("LIMIT $1 OFFSET $2", &[&self.rows, &self.skip]);
        select
    }

    /// Responds with the rows of this page; `more` are further fields of the body.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] when a row cannot be read as a `T`.
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
        let response = if self.fields.is_empty() {
            let list = List {
                items,
                next,
                total,
                more,
            };
            response::ok(&list, caching)?
        } else {
            let items = items.iter().map(|item| fields::pick(item, &self.fields));
            let list = List {
                items: items.collect::<Result<Vec<_>>>()?,
                next,
                total,
                more,
            };
            response::ok(&list, caching)?
        };
        Ok(
            match link.and_then(|link| HeaderValue::try_from(link).ok()) {
                Some(link) => response.with_header(LINK, link),
                None => response,
            },
        )
    }

    /// A query string only, so that the URL is right whatever comes before the path.
    fn next(&self, key: &K) -> Result<String> {
        let query = [&*self.path, "?", &*self.filters].concat();
        let Cursor(cursor) = Cursor::new(key, &query)?;
        let (filters, limit) = (&self.filters, self.limit);
        Ok(format!("?{filters}limit={limit}&cursor={cursor}"))
    }
}

/// The filters in one order, so that a query is the same however it is written.
fn filters(parameters: &Parameters) -> String {
    let mut filters: Vec<_> = parameters.others(&PAGING).collect();
    filters.sort();
    let mut query = String::new();
    for (name, value) in filters {
        for (text, end) in [(name, '='), (value, '&')] {
            query.extend(utf8_percent_encode(text, UNRESERVED));
            query.push(end);
        }
    }
    query
}
