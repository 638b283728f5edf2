//! Every event has a response: never a panic, and never a 5xx. The stub stands for the database, so
//! that ten thousand events take seconds.

use std::{collections::BTreeMap, time::Instant};

use arbitrary::{Arbitrary, Unstructured};
use fastrand::Rng;
use stub::{Api, Case, Endpoint, lambda_http_events};

/// Bytes that replace another: the end of a text, of a line and of an object, one that JSON does not
/// allow, a sign, a digit, and one that is not UTF-8.
const BYTES: [u8; 7] = [b'"', b'\n', b'}', 0, b'+', b'9', 0xFF];
const SEED: u64 = 20_260_701;
/// `make fuzz` runs a million in some minutes.
const EVENTS: usize = 20_000;
const LONGEST: usize = 600;

/// Prints the event that caused a panic.
struct Trying<'a>(&'a str, &'a Case);

impl Drop for Trying<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}: {:?}", self.0, self.1);
        }
    }
}

/// The status of the response to an event.
async fn status(api: &Api, name: &str, case: &Case) -> i64 {
    let trying = Trying(name, case);
    let answer = api.check(case).await;
    let answer = answer.unwrap_or_else(|error| panic!("{error}"));
    drop(trying);
    answer.status
}

#[tokio::test]
async fn every_event_of_lambda_http_has_a_response_from_every_endpoint() {
    let api = Api::start().await.expect("the stub starts");
    let events = lambda_http_events().expect("the events of lambda_http");
    assert_eq!(events.len(), 18);
    for (name, event) in events {
        for endpoint in Endpoint::ALL {
            status(&api, &name, &Case::new(*endpoint, &*event)).await;
        }
    }
}

#[tokio::test]
async fn every_event_of_lambda_http_has_a_response_whichever_byte_is_wrong() {
    let api = Api::start().await.expect("the stub starts");
    let mut endpoints = Endpoint::ALL.iter().cycle();
    let started = Instant::now();
    let mut tried = 0;
    for (name, event) in lambda_http_events().expect("the events of lambda_http") {
        for mutant in mutants(event.as_bytes()) {
            let endpoint = endpoints.next().expect("an endpoint");
            let event = String::from_utf8_lossy(&mutant);
            status(&api, &name, &Case::new(*endpoint, event)).await;
            tried += 1;
        }
    }
    println!("{tried} mutated events in {:?}", started.elapsed());
    assert!(tried > 10_000, "{tried}");
}

/// The event with each byte wrong in one way: missing, doubled, or replaced. The fuzzer tries the
/// others.
fn mutants(event: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..event.len()).map(move |place| {
        let (before, after) = (&event[..place], &event[place + 1..]);
        let byte = event[place];
        let instead = match place % (BYTES.len() + 2) {
            0 => vec![],
            1 => vec![byte, byte],
            number => vec![BYTES[number - 2]],
        };
        [before, &instead, after].concat()
    })
}

#[tokio::test]
async fn random_events_have_responses() {
    let api = Api::start().await.expect("the stub starts");
    let mut random = Rng::with_seed(SEED);
    let started = Instant::now();
    let mut statuses: BTreeMap<i64, usize> = BTreeMap::new();
    for number in 0..EVENTS {
        let mut bytes = vec![0; random.usize(..LONGEST)];
        random.fill(&mut bytes);
        // One in sixteen is nothing but bytes; the others are composed.
        if let Some(first) = bytes.first_mut().filter(|_| number % 16 > 0) {
            *first |= 0x80;
        }
        let case = Case::arbitrary(&mut Unstructured::new(&bytes)).expect("a case");
        let name = format!("event {number} of seed {SEED}");
        let status = status(&api, &name, &case).await;
        *statuses.entry(status).or_default() += 1;
    }
    println!("random events in {:?}: {statuses:?}", started.elapsed());
    // Enough of them succeed, and every kind of response occurs.
    assert!(statuses.get(&200) > Some(&(EVENTS / 5)), "{statuses:?}");
    for status in [204, 304, 307, 400, 401, 403, 404, 405, 406, 422] {
        assert!(statuses.contains_key(&status), "{status}: {statuses:?}");
    }
}

#[tokio::test]
async fn a_forged_cursor_is_taken_or_refused() {
    let api = Api::start().await.expect("the stub starts");
    let rentals = |moment| format!(r#"{{"rental_date":"{moment}","rental_id":1}}"#);
    let films = |value| format!(r#"{{"found_by":null,"value":{value},"film_id":1}}"#);
    let keys = [
        rentals("2022-05-24T22:53:30Z"),
        rentals("0000-01-01T00:00:00Z"),
        rentals("9999-12-31T23:59:59-23:59"),
        rentals("0000-01-01T00:00:00+23:59"),
        films(r#"{"Rate":"4.99"}"#),
        films(r#"{"Rate":"1e999"}"#),
        films(r#"{"Title":"\u0000"}"#),
        "2147483648".to_owned(),
    ];
    let mut forged = 0;
    for list in [
        "customers/1/rentals?",
        "films?sort=rental_rate&",
        "films?sort=title&",
    ] {
        for skip in 0..8 {
            let case = Case::get(&format!("/{list}limit=1&skip={skip}")).expect("an endpoint");
            for key in &keys {
                let key = Some(key.clone());
                let case = Case {
                    key,
                    ..case.clone()
                };
                let answer = api.check(&case).await.expect("an answer");
                forged += usize::from(answer.next().is_some());
            }
        }
    }
    assert!(forged > 3 * keys.len(), "{forged}");
}
