//! What compression saves and costs: the sizes of responses, and the function's own time, which is
//! `server-timing` without the database.

use crate::contender::release;
use crate::scenario::{SEARCH, event};
use crate::table::{Table, number};
use local::lambda::Function;
use local::{Error, Result, StackInfo};
use serde_json::{Value, json};

const REQUESTS: usize = 300;
const FILMS: [usize; 6] = [1, 3, 5, 10, 20, 100];

/// A table with a row for each length of a list of films.
///
/// # Errors
/// When search-films does not answer.
pub async fn measure(info: &StackInfo) -> Result<Table> {
    let environment = info.environment(SEARCH.function)?;
    let function = Function::start(&release(SEARCH.function), &environment).await?;
    let header = ["films", "plain bytes", "by gzip", "plain ms", "by gzip"];
    let mut table = Table::new("gzip", &header);
    table.note =
        "Bytes of the answer as Lambda passes it on, and its time without the database.".to_owned();
    for films in FILMS {
        let mut event = event("/films", &format!("limit={films}"), &[]);
        let (plain, plain_time) = answers(&function, &event).await?;
        event["headers"]["accept-encoding"] = json!("gzip");
        let (packed, packed_time) = answers(&function, &event).await?;
        let times = [plain_time, packed_time].map(|time| number(Some(time), 3));
        let [plain_time, packed_time] = times;
        let sizes = [films, plain, packed].map(|size| size.to_string());
        table
            .rows
            .push(sizes.into_iter().chain([plain_time, packed_time]).collect());
    }
    function.stop().await;
    Ok(table)
}

/// The size of the answer's body as JSON, and the median of its time without the database, in ms.
async fn answers(function: &Function, event: &Value) -> Result<(usize, f64)> {
    let mut size = 0;
    let mut times = Vec::with_capacity(REQUESTS);
    for _ in 0..REQUESTS {
        let answer = function.invoke(event.clone()).await;
        let answer = answer.map_err(|error| Error::new(format!("search-films: {error}")))?;
        size = answer["body"].to_string().len();
        times.push(own_time(&answer).ok_or_else(|| Error::new(format!("no timing: {answer}")))?);
    }
    times.sort_by(f64::total_cmp);
    Ok((size, times[REQUESTS / 2]))
}

fn own_time(answer: &Value) -> Option<f64> {
    let timing = answer["headers"]["server-timing"].as_str()?;
    let part = |name: &str| -> Option<f64> {
        let part = timing.split(", ").find_map(|part| part.strip_prefix(name));
        part?.parse().ok()
    };
    Some(part("total;dur=")? - part("db;dur=")?)
}
