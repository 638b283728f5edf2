//! Pages of a list: by keyset, with a cursor that only fits the query it came from.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use lambda_http::http::{HeaderValue, header::LINK};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use tokio_postgres::Row;

use crate::{
    Error, Fault, Request, Response, Result,
    request::{Parameter, Query, Text, Within},
    response,
};

const DEFAULT_LIMIT: i64 = 20;
const TAG: usize = 8;
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const PATH: &AsciiSet = &UNRESERVED.remove(b'/');
const PAGING: [&str; 3] = ["limit", "skip", "cursor"];

/// Which page of a list is wanted. `K` is the key that orders the list.
pub struct Page<K> {
    /// How many rows to ask for: one more than the page has items tells whether there is a next.
    pub rows: i64,
    /// How many items to leave out, 0 to 10,000.
    pub skip: i64,
    /// The key of the last item of the page before.
    pub after: Option<K>,
    /// Path and filters, which the next page has too, as the start of its URL.
    base: String,
}

/// The body of every list.
#[derive(Serialize)]
pub struct List<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The URL of the next page, relative to this API; null on the last.
    pub next: Option<String>,
}

impl<K: Serialize + DeserializeOwned> Page<K> {
    /// The first page, where nothing else is asked for.
    pub fn first() -> Self {
        Self {
            rows: DEFAULT_LIMIT + 1,
            skip: 0,
            after: None,
            base: String::new(),
        }
    }

    /// Takes `limit`, `skip` and `cursor` from the query of `request`.
    pub fn take(query: &mut Query, request: &Request) -> Self {
        let base = base(query, request);
        let limit = query
            .take("limit")
            .map_or(DEFAULT_LIMIT, |Within::<1, 100>(limit)| limit);
        let skip = query
            .take("skip")
            .map_or(0, |Within::<0, 10_000>(skip)| skip);
        let cursor = query.take::<Cursor>("cursor");
        let after = cursor.as_ref().and_then(|cursor| cursor.key(&base));
        if let (Some(Cursor(text)), None) = (&cursor, &after) {
            query.violate(
                "cursor",
                "must be one that this same query has answered with",
                text,
            );
        }
        if cursor.is_some() && query.has("skip") {
            query.violate("skip", "must not be given with cursor", &skip.to_string());
        }
        let rows = limit + 1;
        Self {
            rows,
            skip,
            after,
            base,
        }
    }

    /// The response with `rows`, up to [`Page::rows`] of the list.
    ///
    /// # Errors
    /// [`Error::Internal`] when a row is not what `T` is read from.
    pub fn respond<T>(self, rows: Vec<Row>, key: impl Fn(&T) -> K) -> Result<Response>
    where
        T: TryFrom<Row, Error = Error> + Serialize,
    {
        let limit = self.rows - 1;
        let more = rows.len() > limit as usize;
        let items = rows.into_iter().take(limit as usize).map(T::try_from);
        let items = items.collect::<Result<Vec<T>>>()?;
        let last = items.last().filter(|_| more);
        let next = last.map(|item| self.next(&key(item))).transpose()?;
        let link = next.as_ref().map(|next| format!("<{next}>; rel=\"next\""));
        let mut response = response::ok(&List { items, next })?;
        if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
            response.headers_mut().insert(LINK, link);
        }
        Ok(response)
    }

    fn next(&self, key: &K) -> Result<String> {
        let Cursor(cursor) = Cursor::new(key, &self.base)?;
        Ok(format!(
            "{}limit={}&cursor={cursor}",
            self.base,
            self.rows - 1
        ))
    }
}

/// The path and the filters in one order, so that a query is the same however it is written.
fn base(query: &Query, request: &Request) -> String {
    let mut filters: Vec<_> = query.others(&PAGING).collect();
    filters.sort();
    let mut base = utf8_percent_encode(request.path(), PATH).to_string();
    base.push('?');
    for (name, value) in filters {
        for (text, end) in [(name, '='), (value, '&')] {
            base.extend(utf8_percent_encode(text, UNRESERVED));
            base.push(end);
        }
    }
    base
}

/// Where a page ended: a hash over the query and the key, then the key, in base64url.
///
/// The hash is no secret. It tells a client that has cut a cursor, or moved it to another query,
/// that it is wrong; a forged one can do no more than another `skip`.
struct Cursor(String);

impl Cursor {
    fn new(key: &impl Serialize, base: &str) -> Result<Self> {
        let key = serde_json::to_vec(key)
            .map_err(|error| Error::Internal(Fault::new("serialise", error)))?;
        let mut bytes = tag(base, &key).to_vec();
        bytes.extend(key);
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    fn key<K: DeserializeOwned>(&self, base: &str) -> Option<K> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).ok()?;
        let (given, key) = bytes.split_at_checked(TAG)?;
        (given == tag(base, key)).then(|| serde_json::from_slice(key).ok())?
    }
}

impl Parameter for Cursor {
    fn parse(text: &str) -> Result<Self, String> {
        Text::parse(text).map(|Text(text)| Self(text))
    }
}

fn tag(base: &str, key: &[u8]) -> [u8; TAG] {
    let hash = Sha256::new()
        .chain_update(base)
        .chain_update([0])
        .chain_update(key)
        .finalize();
    let mut tag = [0; TAG];
    tag.copy_from_slice(&hash[..TAG]);
    tag
}
