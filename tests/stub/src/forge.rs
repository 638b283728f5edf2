//! Forged cursors.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Case;

/// The bytes of the hash that a cursor starts with.
const HASH: usize = 8;

/// Requests for the page `next` with forged cursors: one whose key is that of `case`, and one for
/// each value in the real key, with the key of `case` in place of that value.
///
/// Each cursor has the right hash, because the hash is not secret.
pub(crate) fn forge(case: &Case, next: &str) -> Option<Vec<Case>> {
    let (path, key) = (case.path()?, case.key.as_ref()?);
    let (query, cursor) = next.rsplit_once("cursor=")?;
    let (filters, _) = query.rsplit_once("limit=")?;
    let cursor = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let real: Value = serde_json::from_slice(cursor.get(HASH..)?).ok()?;
    let mut keys = vec![key.clone()];
    if let Ok(value) = serde_json::from_str(key) {
        keys.extend(replaced(&real, &value).iter().map(Value::to_string));
    }
    let cases = keys.iter().filter_map(|key| {
        let hashed = [path.as_bytes(), filters.as_bytes(), &[0], key.as_bytes()];
        let hash = Sha256::digest(hashed.concat());
        let cursor = [&hash[..HASH], key.as_bytes()].concat();
        case.with_query(&format!("{query}cursor={}", URL_SAFE_NO_PAD.encode(cursor)))
    });
    Some(cases.collect())
}

/// Copies of an object, each with `new` in place of one value.
fn replaced(object: &Value, new: &Value) -> Vec<Value> {
    let mut copies = Vec::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        for value in [vec![new.clone()], replaced(value, new)].concat() {
            let mut copy = object.clone();
            copy[name] = value;
            copies.push(copy);
        }
    }
    copies
}
