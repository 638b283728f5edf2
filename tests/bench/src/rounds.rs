//! Contenders take turns, so that changes of the machine's speed affect all of them.

use crate::contender::{Contender, Kind, request};
use crate::figures::Figures;
use crate::pgbench::Pgbench;
use crate::proc;
use crate::scenario::Scenario;
use crate::settings::Settings;
use local::lambda::Function;
use local::{Error, Result};
use std::time::Duration;
use tokio_postgres::Client;

/// Starts every contender in each round, and sends it its first request.
///
/// # Errors
/// When one does not start, or does not answer 200.
pub async fn starts(
    scenario: &Scenario,
    settings: &Settings,
    contenders: &[Contender],
    figures: &mut [Figures],
) -> Result<()> {
    let event = scenario.event();
    for round in 0..settings.starts() {
        for (contender, figures) in contenders.iter().zip(&mut *figures) {
            if contender.kind == Kind::Python && round >= settings.slow_starts() {
                continue;
            }
            let blame = |error| contender.blame(error);
            let (function, ready) = contender.start().await.map_err(blame)?;
            let first = request(&function, &event).await.map_err(blame)?;
            figures.starts.push(ready);
            figures.firsts.push(first);
            function.stop().await;
        }
    }
    Ok(())
}

/// A running contender.
struct Runner<'a> {
    function: Function,
    backend: Option<u32>,
    cpu: [Option<Duration>; 2],
    figures: &'a mut Figures,
}

/// Sends warm requests to every contender, some in each round. The first round only warms up.
///
/// # Errors
/// When a contender does not answer 200.
pub async fn requests(
    scenario: &Scenario,
    settings: &Settings,
    contenders: &[Contender],
    pgbenches: &[Pgbench],
    figures: &mut [Figures],
    admin: &Client,
) -> Result<()> {
    let event = scenario.event();
    let (of_contenders, of_pgbenches) = figures.split_at_mut(contenders.len());
    let mut runners = Vec::new();
    for (contender, figures) in contenders.iter().zip(of_contenders) {
        let runner = Runner::start(contender, scenario, &event, figures, admin).await;
        runners.push(runner.map_err(|error| contender.blame(error))?);
    }
    for round in 0..=settings.rounds() {
        for runner in &mut runners {
            runner.turn(&event, settings.requests(), round > 0).await?;
        }
        for (pgbench, figures) in pgbenches.iter().zip(&mut *of_pgbenches) {
            let took = pgbench.turn(settings.requests()).await?;
            figures.warm.extend(took);
        }
    }
    for runner in runners {
        runner.finish().await;
    }
    Ok(())
}

impl<'a> Runner<'a> {
    /// Starts a contender, and finds its backend by its first request.
    async fn start(
        contender: &Contender,
        scenario: &Scenario,
        event: &[u8],
        figures: &'a mut Figures,
        admin: &Client,
    ) -> Result<Self> {
        let (function, _) = contender.start().await?;
        request(&function, event).await?;
        let backend = match scenario.has_database {
            true => Some(newest_backend(admin).await?),
            false => None,
        };
        Ok(Self {
            function,
            backend,
            cpu: [Some(Duration::ZERO); 2],
            figures,
        })
    }

    async fn turn(&mut self, event: &[u8], requests: usize, counts: bool) -> Result<()> {
        let before = self.cpu_time();
        let mut warm = Vec::with_capacity(requests);
        for _ in 0..requests {
            warm.push(request(&self.function, event).await?);
        }
        if counts {
            let after = self.cpu_time();
            for (index, total) in self.cpu.iter_mut().enumerate() {
                let spent = after[index].zip(before[index]);
                *total = spent
                    .zip(*total)
                    .map(|((after, before), total)| total + after.saturating_sub(before));
            }
            self.figures.warm.extend(warm);
        }
        Ok(())
    }

    /// The CPU time of function and backend so far.
    fn cpu_time(&self) -> [Option<Duration>; 2] {
        let backend = self.backend.and_then(proc::cpu_time);
        [proc::cpu_time(self.function.pid()), backend]
    }

    async fn finish(self) {
        let requests = u32::try_from(self.figures.warm.len()).unwrap_or(u32::MAX);
        let [own, backend] = self.cpu.map(|total| Some(total? / requests));
        self.figures.cpu = own;
        self.figures.backend_cpu = backend;
        self.figures.memory = proc::peak_memory(self.function.pid());
        self.function.stop().await;
    }
}

/// The process of the connection that a contender has opened last.
///
/// # Errors
/// When there is none.
pub async fn newest_backend(admin: &Client) -> Result<u32> {
    let sql = "SELECT pid FROM pg_stat_activity
        WHERE usename IN ('interview_catalogue', 'interview_rentals')
        ORDER BY backend_start DESC LIMIT 1";
    let pid = admin.query_one(sql, &[]).await;
    let pid = pid.and_then(|row| row.try_get::<_, i32>(0));
    let pid = pid.map_err(|error| Error::new(format!("cannot find the backend: {error}")))?;
    Ok(pid.unsigned_abs())
}
