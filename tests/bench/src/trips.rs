//! Round trips to the database, as a relay counts them.

use crate::contender::{Contender, request};
use local::stack::DATABASE;
use local::trips::Trips;
use local::{Result, Role, StackInfo};

const WARM_REQUESTS: usize = 10;

/// A relay in front of PostgreSQL.
pub struct Relay(Trips);

impl Relay {
    /// Starts it, with a secret for each role that leads through it.
    ///
    /// # Errors
    /// When no port is free, or a secret cannot be put.
    pub async fn start(info: &StackInfo) -> Result<Self> {
        let trips = Trips::start(info.postgres.port).await?;
        let mut through = info.clone();
        through.postgres.port = trips.port;
        for role in [Role::Catalogue, Role::Rentals] {
            let name = relayed(role.secret_id());
            through.put_role_secret(&name, DATABASE, role).await?;
        }
        Ok(Self(trips))
    }

    /// The round trips of a contender from its start to its first answer, and of a warm request.
    ///
    /// # Errors
    /// When it does not start, or does not answer 200.
    pub async fn measure(&self, contender: &Contender, event: &[u8]) -> Result<[f64; 2]> {
        let mut contender = contender.clone();
        for (name, value) in &mut contender.environment {
            if name == "DB_SECRET_ID" {
                *value = relayed(value);
            }
        }
        self.0.take();
        let (function, _) = contender.start().await?;
        request(&function, event).await?;
        let cold = self.0.take();
        for _ in 0..WARM_REQUESTS {
            request(&function, event).await?;
        }
        let warm = self.0.take();
        function.stop().await;
        #[expect(clippy::cast_precision_loss, reason = "they are few")]
        let trips = [cold as f64, warm as f64 / WARM_REQUESTS as f64];
        Ok(trips)
    }
}

fn relayed(secret: &str) -> String {
    ["relayed/", secret].concat()
}
