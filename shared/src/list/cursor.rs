//! Where a page ended, for the query that it belongs to and no other.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::{Error, Fault, Result, http::types::FromParameter};

const TAG: usize = 8;

/// A hash over query and key, then the key, in base64url.
///
/// The hash is not secret. It detects cursors that were cut or sent with another query. A forged
/// cursor can do no more than another `skip`, or let a search with filters cost more.
pub struct Cursor(pub(super) String);

impl Cursor {
    pub(super) fn new(key: &impl Serialize, query: &str) -> Result<Self> {
        let key = serde_json::to_vec(key)
            .map_err(|error| Error::Internal(Fault::new("serialise", error)))?;
        let mut bytes = tag(query, &key).to_vec();
        bytes.extend(key);
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub(super) fn key<K: DeserializeOwned>(&self, query: &str) -> Option<K> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).ok()?;
        let (sent, key) = bytes.split_at_checked(TAG)?;
        (sent == tag(query, key)).then(|| serde_json::from_slice(key).ok())?
    }
}

impl FromParameter for Cursor {
    fn from_parameter(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

fn tag(query: &str, key: &[u8]) -> [u8; TAG] {
    let hash = Sha256::new()
        .chain_update(query)
        .chain_update([0])
        .chain_update(key)
        .finalize();
    let mut tag = [0; TAG];
    tag.copy_from_slice(&hash[..TAG]);
    tag
}
