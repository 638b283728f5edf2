//! Writes what the fuzzer begins with into a folder: `seeds FOLDER`.

use std::{env, fs, path::Path};

use fastrand::Rng;
use stub::{Case, Endpoint, lambda_http_events, ordinary_cases};

/// How many that are composed, and of how many bytes.
const COMPOSED: u64 = 64;
const LENGTH: usize = 256;

fn main() -> Result<(), String> {
    let folder = env::args_os().nth(1).ok_or("usage: seeds FOLDER")?;
    let folder = Path::new(&folder);
    let failed = |error| format!("cannot write to {}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(failed)?;
    for (number, seed) in seeds()?.into_iter().enumerate() {
        fs::write(folder.join(format!("seed-{number}")), seed).map_err(failed)?;
    }
    Ok(())
}

fn seeds() -> Result<Vec<Vec<u8>>, String> {
    let mut cases = ordinary_cases();
    for (_, event) in lambda_http_events()? {
        let endpoints = Endpoint::ALL.iter();
        cases.extend(endpoints.map(|endpoint| Case::new(*endpoint, &*event)));
    }
    let mut seeds: Vec<_> = cases.iter().map(Case::to_bytes).collect();
    seeds.extend((0..COMPOSED).map(composed));
    Ok(seeds)
}

fn composed(number: u64) -> Vec<u8> {
    let mut bytes = vec![0; LENGTH];
    Rng::with_seed(number).fill(&mut bytes);
    bytes[0] |= Case::COMPOSED;
    bytes
}
