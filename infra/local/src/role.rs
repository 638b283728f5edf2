//! The roles that log in to the database, and which of them a function has.

use crate::error::{Context, Error, Result};
use crate::paths;
use std::fs;
use toml::Value;

/// A role that logs in to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads films and categories, and which migrations have run.
    Catalogue,
    /// Reads rentals.
    Rentals,
    /// Owns the databases, and may make roles.
    Migrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Catalogue, Self::Rentals, Self::Migrator];

    /// Its name in PostgreSQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "interview_catalogue",
            Self::Rentals => "interview_rentals",
            Self::Migrator => "interview_migrator",
        }
    }

    /// The name of the secret with its password.
    pub fn secret_id(self) -> &'static str {
        match self {
            Self::Catalogue => "interview/catalogue",
            Self::Rentals => "interview/rentals",
            Self::Migrator => "interview/migrator",
        }
    }

    /// The role of a function, by the `DB_SECRET_ID` in its Cargo.toml, where the router reads it
    /// too. None for a function without a database.
    ///
    /// # Errors
    /// When Cargo.toml cannot be read, or names a secret that no role has.
    pub fn of(function: &str) -> Result<Option<Self>> {
        let path = paths::root()
            .join("functions")
            .join(function)
            .join("Cargo.toml");
        let whole = || format!("cannot read {}", path.display());
        let text = fs::read_to_string(&path).context(whole)?;
        let manifest: Value = toml::from_str(&text).context(whole)?;
        let keys = ["package", "metadata", "lambda", "env", "DB_SECRET_ID"];
        let secret_id = keys.iter().try_fold(&manifest, |value, key| value.get(key));
        let Some(secret_id) = secret_id.and_then(Value::as_str) else {
            return Ok(None);
        };
        let role = Self::ALL
            .into_iter()
            .find(|role| role.secret_id() == secret_id);
        match role {
            Some(role) => Ok(Some(role)),
            None => Err(Error::new(format!(
                "{}: no role has the secret {secret_id}",
                path.display()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn a_function_has_the_role_of_its_secret() {
        for (function, role) in [
            ("get-film", Some(Role::Catalogue)),
            ("rentals-by-customer", Some(Role::Rentals)),
            ("migrate", Some(Role::Migrator)),
            ("api-docs", None),
        ] {
            assert_eq!(Role::of(function).expect("a manifest"), role, "{function}");
        }
        Role::of("nothing").expect_err("no manifest");
    }
}
