//! Where a page of a list ended, for the query that it came from and for no other.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use utoipa::{
    PartialSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

use crate::{Error, Fault, Result, parameter::Parameter};

const TAG: usize = 8;

/// A hash over the query and the key, then the key, in base64url.
///
/// The hash is no secret. It tells a client that has cut a cursor, or moved it to another query,
/// that it is wrong; a forged one can do no more than another `skip`.
pub struct Cursor(pub(crate) String);

impl Cursor {
    pub(crate) fn new(key: &impl Serialize, query: &str) -> Result<Self> {
        let key = serde_json::to_vec(key)
            .map_err(|error| Error::Internal(Fault::new("serialise", error)))?;
        let mut bytes = tag(query, &key).to_vec();
        bytes.extend(key);
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub(crate) fn key<K: DeserializeOwned>(&self, query: &str) -> Option<K> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).ok()?;
        let (given, key) = bytes.split_at_checked(TAG)?;
        (given == tag(query, key)).then(|| serde_json::from_slice(key).ok())?
    }
}

impl Parameter for Cursor {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

impl PartialSchema for Cursor {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[A-Za-z0-9_-]+$"))
            .into()
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
