//! Writes the events that the fuzzer starts with into a folder: `seeds FOLDER`.

use std::{env, error::Error, fs, path::PathBuf};

use fastrand::Rng;
use stub::{Case, Endpoint, lambda_http_events, ordinary_cases};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("usage: seeds FOLDER")?);
    let mut cases = ordinary_cases();
    for (_, event) in lambda_http_events()? {
        let endpoints = Endpoint::ALL.iter();
        cases.extend(endpoints.map(|endpoint| Case::new(*endpoint, &*event)));
    }
    let mut seeds: Vec<_> = cases.iter().map(Case::to_bytes).collect();
    seeds.extend((0..64).map(composed));
    fs::create_dir_all(&folder)?;
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number}")), seed)?;
    }
    Ok(())
}

fn composed(number: u64) -> Vec<u8> {
    let mut bytes = vec![0; 256];
    Rng::with_seed(number).fill(&mut bytes);
    bytes[0] |= Case::COMPOSED;
    bytes
}
