//! Cursors that no page has given.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// The query string `next` of a page at `path`, with another key in its cursor and the hash that
/// belongs to it: the hash is not secret.
pub(crate) fn forge(path: &str, next: &str, key: &str) -> Option<String> {
    let (query, _) = next.rsplit_once("cursor=")?;
    let (filters, _) = query.rsplit_once("limit=")?;
    let hashed = [path.as_bytes(), filters.as_bytes(), &[0], key.as_bytes()];
    let hash = Sha256::digest(hashed.concat());
    let cursor = [&hash[..8], key.as_bytes()].concat();
    Some(format!("{query}cursor={}", URL_SAFE_NO_PAD.encode(cursor)))
}
