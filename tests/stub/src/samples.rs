//! Events that are known to be interesting.

use std::{env, fs, path::Path, process::Command};

use serde_json::Value;

use crate::{Case, Endpoint};

const ORDINARY: [&str; 20] = [
    "/films",
    "/films?limit=1&skip=2&count=exact&fields=film_id,title",
    "/films?q=dinosaur%20-robot&limit=2",
    "/films?title=a+b%2Bc&starts_with=%25&sort=-title&limit=1",
    "/films?rating=PG&rating=R,G&film_id=1,2,3&category=action&actor=2&language=english",
    "/films?release_year_min=1990&release_year_max=2010&length_min=1&streaming_available=true",
    "/films?sort=-release_year&limit=3",
    "/films?sort=rental_rate&limit=3",
    "/films/1",
    "/films/4",
    "/categories",
    "/categories/action/films?limit=2",
    "/categories/1/films?fields=title",
    "/customers/1/rentals?status=returned&limit=2",
    "/customers/1/rentals?from=2022-06-01&to=2022-07-01T00:00:00%2B02:00",
    "/health/db",
    "/",
    "/docs",
    "/docs/problems",
    "/openapi.json",
];

/// Requests as clients make them: those above, and one for each path of every endpoint.
pub fn ordinary_cases() -> Vec<Case> {
    let paths = Endpoint::ALL.iter().flat_map(|endpoint| endpoint.paths());
    let paths = paths.map(|path| {
        let segments = path
            .split('/')
            .map(|segment| match segment.starts_with('{') {
                true => "1",
                false => segment,
            });
        segments.collect::<Vec<_>>().join("/")
    });
    let ordinary = ORDINARY.iter().map(|url| (*url).to_owned());
    let urls = ordinary.chain(paths);
    urls.filter_map(|url| Case::get(&url)).collect()
}

/// The events of lambda_http's own tests, by the names of their files: of every kind that it
/// knows, of which HTTP APIs send one.
///
/// # Errors
/// When cargo does not say where lambda_http is, or a file cannot be read.
pub fn lambda_http_events() -> Result<Vec<(String, String)>, String> {
    let folder = folder_of("lambda_http")?.join("tests/data");
    let failed = |error| format!("cannot read {}: {error}", folder.display());
    let mut events = Vec::new();
    for entry in folder.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let event = fs::read_to_string(&path).map_err(failed)?;
            events.push((name.into_owned(), event));
        }
    }
    events.sort();
    Ok(events)
}

/// Where the source of a dependency is.
fn folder_of(package: &str) -> Result<std::path::PathBuf, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--manifest-path",
        ])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let manifest = packages
        .find(|found| found["name"] == package)
        .and_then(|found| Path::new(found["manifest_path"].as_str()?).parent());
    let folder = manifest.ok_or_else(|| format!("cargo knows no {package}"))?;
    Ok(folder.to_path_buf())
}
