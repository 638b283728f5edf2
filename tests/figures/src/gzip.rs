//! What compression saves and costs: the sizes of responses, and the function's own time, which is
//! `server-timing` without the database.

use local::lambda::Function;
use local::stack::StackInfo;
use local::{Error, Result};
use serde_json::{Value, json};

const REQUESTS: usize = 300;
const FILMS: [usize; 6] = [1, 3, 5, 10, 20, 100];

/// Prints a line for each length of a list of films.
pub async fn measure(info: &StackInfo) -> Result<()> {
    let environment = info.environment("search-films")?;
    let function = Function::start(&super::binary("search-films"), &environment).await?;
    println!(
        "\ngzip, for a list of films: bytes of the answer as Lambda passes it on, and its time without the database"
    );
    for films in FILMS {
        let mut event = super::event("/films", &format!("limit={films}"), &[]);
        let (plain, plain_time) = answers(&function, &event).await?;
        event["headers"]["accept-encoding"] = json!("gzip");
        let (packed, packed_time) = answers(&function, &event).await?;
        println!(
            "{films:>4} films  {plain:>6} -> {packed:>5} bytes  {plain_time:.3} -> {packed_time:.3} ms"
        );
    }
    function.stop().await;
    Ok(())
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
