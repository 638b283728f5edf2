//! Ranges of years and lengths, by the expressions of the orders.
//!
//! An order has an index on its expression, in which a number stands for an unknown value. A range by
//! the same expression is a part of that index.

use shared::{database::Select, http::types::Within};

/// The conditions on a column.
pub(crate) struct Range {
    known: &'static str,
    equals: &'static str,
    at_least: &'static str,
    at_most: &'static str,
}

macro_rules! range {
    ($column:literal, $expression:literal) => {
        Range {
            known: concat!($column, " IS NOT NULL"),
            equals: concat!($expression, " = $1"),
            at_least: concat!($expression, " >= $1"),
            at_most: concat!($expression, " <= $1"),
        }
    };
}

pub(crate) const YEAR_UP: Range = range!("film.release_year", "coalesce(film.release_year, 9999)");
pub(crate) const YEAR_DOWN: Range = range!("film.release_year", "coalesce(film.release_year, 0)");
pub(crate) const LENGTH_UP: Range = range!("film.length", "coalesce(film.length::integer, 32768)");
pub(crate) const LENGTH_DOWN: Range = range!("film.length", "coalesce(film.length, -1)");

/// A value, a least and a most.
pub(crate) type Bounds<'a, const FROM: i32, const TO: i32> = [&'a Option<Within<FROM, TO>>; 3];

impl Range {
    /// Adds the conditions for the bounds that there are.
    pub(crate) fn restrict<'a, const FROM: i32, const TO: i32>(
        &self,
        films: &mut Select<'a>,
        bounds: Bounds<'a, FROM, TO>,
    ) {
        let conditions = [self.equals, self.at_least, self.at_most];
        let mut is_bounded = false;
        for (condition, bound) in conditions.into_iter().zip(bounds) {
            if let Some(Within(value)) = bound {
                films.filter(condition, &[value]);
                is_bounded = true;
            }
        }
        if is_bounded {
            films.filter(self.known, &[]);
        }
    }
}
