//! A connection pooler in transaction mode, which gives each transaction any server process: locks and
//! settings of a session do not last there.

use std::time::Duration;

use shared::tokio_postgres::Client;

use crate::{database::session::Session, failure::Failure};

const PID: &str = "SELECT pg_backend_pid() AS pid";
/// How often the processes are compared: other clients of a pooler may hold either of them.
const LOOKS: usize = 10;
/// How long the comparison may take.
const PATIENCE: Duration = Duration::from_secs(5);

impl Session<'_> {
    /// Looks for a pooler in transaction mode. In time, an idle one gives a second connection the server
    /// process of the first, and a busy one gives the first another.
    ///
    /// # Errors
    /// There is one.
    pub(crate) async fn refuse_pooler(&self) -> Result<(), Failure> {
        let limit = self
            .remaining()
            .map_or(PATIENCE, |left| PATIENCE.min(left / 2));
        let compared = tokio::time::timeout(limit, self.compare_processes()).await;
        compared.unwrap_or_else(|_| {
            self.say(
                "a second connection, to look for a connection pooler, did not answer in time",
            );
            Ok(())
        })
    }

    async fn compare_processes(&self) -> Result<(), Failure> {
        let other = match self.connector.client().await {
            Ok(other) => other,
            // Not a reason to fail: the process is compared before each statement, too.
            Err(error) => {
                let error = Failure::from(error);
                self.say(&format!(
                    "no second connection, to look for a connection pooler: {error}"
                ));
                return Ok(());
            }
        };
        for _ in 0..LOOKS {
            self.require_pid(pid(&self.client).await?)?;
            if pid(&other).await? == self.pid {
                return Err(pooler(format!(
                    "two connections share server process {}",
                    self.pid
                )));
            }
        }
        Ok(())
    }

    /// Compares the server process with the one that the session began with.
    pub(crate) fn require_pid(&self, now: i32) -> Result<(), Failure> {
        match now == self.pid {
            true => Ok(()),
            false => Err(pooler(format!(
                "the server process has changed from {} to {now}",
                self.pid
            ))),
        }
    }
}

async fn pid(client: &Client) -> Result<i32, Failure> {
    let row = client.query_typed_one(PID, &[]).await?;
    Ok(row.try_get("pid")?)
}

fn pooler(reason: String) -> Failure {
    Failure::new(format!(
        "the database is behind a connection pooler in transaction mode ({reason}), which loses the lock that keeps \
         other runners out: connect to PostgreSQL itself, or to a pooler in session mode"
    ))
}
