//! `check` with a schema: has anybody changed the live one by hand?

use std::path::PathBuf;

use shared::config::Config;

use super::{Wanted, compare, print};
use crate::{engine::Engine, failure::Failure, report::Report, status::Status};

impl Engine {
    /// Fails with the statements that are missing, unless the live schema is the wanted one.
    pub(crate) async fn check_schema(
        &self,
        schema: Option<PathBuf>,
        scratch: Option<String>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        self.read(report).await?;
        let config = Config::from_env().map_err(|error| error.to_string())?;
        let wanted = Wanted {
            schema,
            scratch,
            ..Wanted::default()
        };
        let steps = compare(self, &config, &wanted, false).await?.steps;
        if steps.is_empty() {
            return Ok(());
        }
        report.detail("sql", print::script(&steps).trim_end());
        let message = format!(
            "the live schema is not the one that {} describes: these statements are missing",
            wanted.path()
        );
        Err(Failure::with_status(Status::Pending, message))
    }
}
