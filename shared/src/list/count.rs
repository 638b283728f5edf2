//! The number of items on all pages.

use utoipa::ToSchema;

use crate::{Result, Session, database::Select, http::types::FromParameter};

/// A count ends here: more rows than these cost nothing.
const MOST: i64 = 5_000;

/// How to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Count {
    /// Every item, up to 5,000.
    Exact,
    /// As the planner estimates it from its statistics.
    Estimated,
}

impl FromParameter for Count {
    fn from_parameter(text: &str) -> Result<Self, String> {
        match text {
            "exact" => Ok(Self::Exact),
            "estimated" => Ok(Self::Estimated),
            _ => Err("must be exact or estimated".to_owned()),
        }
    }
}

impl Count {
    /// The number of rows that `counted` selects, or None if there are too many to count. An estimate
    /// is that of `estimated`; without it, the rows are counted all the same.
    pub(super) async fn of(
        self,
        session: &Session,
        counted: &Select<'_>,
        estimated: Option<&Select<'_>>,
    ) -> Result<Option<i64>> {
        match (self, estimated) {
            (Self::Estimated, Some(estimated)) => session.estimate(estimated).await.map(Some),
            _ => session.count(counted, MOST).await,
        }
    }
}
