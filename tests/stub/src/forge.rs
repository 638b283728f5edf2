//! Cursors that no page has given.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// The URL of a next page with another key in its cursor, whose hash fits: it is no secret.
pub(crate) fn forge(next: &str, key: &str) -> Option<String> {
    let (url, _) = next.rsplit_once("cursor=")?;
    let (base, _) = url.rsplit_once("limit=")?;
    let hash = Sha256::digest([base.as_bytes(), &[0], key.as_bytes()].concat());
    let cursor = [&hash[..8], key.as_bytes()].concat();
    Some(format!("{url}cursor={}", URL_SAFE_NO_PAD.encode(cursor)))
}
