//! Compresses the files that the pages load, so that the function never has to.

use std::{
    env,
    error::Error,
    fs,
    io::{Read, Write},
    path::Path,
};

use flate2::{Compression, bufread::DeflateDecoder, write::GzEncoder};
use rawzip::{CompressionMethod, ZipArchive};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const OPENAPI: &str = "../../infra/openapi.json";
const FOLDER: &str = "src/files";
const OWN: [&str; 3] = ["docs.css", "icon.svg", "initializer.js"];

/// What is taken from Swagger UI's archive, and the name that it is served under.
///
/// The archive lacks the notices of the libraries in the bundle. They are in npm's package
/// swagger-ui-dist of the same version, as swagger-ui-bundle.js.LICENSE.txt.
const SWAGGER_UI: [(&str, &str); 4] = [
    ("dist/swagger-ui-bundle.js", "swagger-ui.js"),
    ("dist/swagger-ui.css", "swagger-ui.css"),
    ("LICENSE", "swagger-ui-license.txt"),
    ("NOTICE", "swagger-ui-notice.txt"),
];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed={OPENAPI}");
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut files = swagger_ui()?;
    for name in OWN {
        files.push((name, fs::read(Path::new(FOLDER).join(name))?));
    }
    files.push(("openapi.json", fs::read(OPENAPI)?));
    let target = env::var("OUT_DIR")?;
    let target = Path::new(&target);
    let mut source = String::from("&[\n");
    for (name, content) in files {
        let packed = target.join(name).with_added_extension("gz");
        fs::write(&packed, pack(&content)?)?;
        let media_type = media_type(name);
        source += &format!(
            "    File {{ name: {name:?}, media_type: {media_type:?}, packed: include_bytes!({packed:?}) }},\n"
        );
    }
    source += "]\n";
    fs::write(target.join("files.rs"), source)?;
    Ok(())
}

/// Name and content of each file in [`SWAGGER_UI`].
fn swagger_ui() -> Result<Vec<(&'static str, Vec<u8>)>> {
    let archive = ZipArchive::from_slice(SWAGGER_UI_VENDORED)?;
    let mut found = Vec::new();
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry()? {
        let path = entry.file_path().try_normalize()?;
        // The archive has one folder, whose name has the version.
        let Some((_, path)) = path.as_ref().split_once('/') else {
            continue;
        };
        let Some((_, name)) = SWAGGER_UI.iter().find(|(wanted, _)| *wanted == path) else {
            continue;
        };
        let packed = archive.get_entry(entry.wayfinder())?;
        let mut content = Vec::new();
        match entry.compression_method() {
            CompressionMethod::STORE => packed
                .verifying_reader(packed.data())
                .read_to_end(&mut content)?,
            _ => packed
                .verifying_reader(DeflateDecoder::new(packed.data()))
                .read_to_end(&mut content)?,
        };
        found.push((*name, content));
    }
    match found.len() == SWAGGER_UI.len() {
        true => Ok(found),
        false => Err("the archive of Swagger UI lacks a file".into()),
    }
}

fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}
