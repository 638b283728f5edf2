//! Prepares the documentation's files: compresses them, puts a hash of the content into each name,
//! and writes these names into the pages.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::{Read, Write as _},
    path::PathBuf,
};

use flate2::{Compression, bufread::DeflateDecoder, write::GzEncoder};
use rawzip::{CompressionMethod, ZipArchive};
use sha2::{Digest, Sha256};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const OPENAPI: &str = "../../infra/openapi.json";
const FOLDER: &str = "src/files";
const PAGES: [&str; 2] = ["docs.html", "problems.html"];
const OWN: [&str; 3] = ["docs.css", "icon.svg", "initializer.js"];

/// The files used from Swagger UI's archive, and the names they get here.
///
/// The archive lacks the licences of the libraries inside the bundle. npm's package
/// swagger-ui-dist of the same version has them, as swagger-ui-bundle.js.LICENSE.txt.
const SWAGGER_UI: [(&str, &str); 4] = [
    ("dist/swagger-ui-bundle.js", "swagger-ui.js"),
    ("dist/swagger-ui.css", "swagger-ui.css"),
    ("LICENSE", "swagger-ui-license.txt"),
    ("NOTICE", "swagger-ui-notice.txt"),
];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed={OPENAPI}");
    println!("cargo::rerun-if-changed={FOLDER}");
    let folder = PathBuf::from(FOLDER);
    let target = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(target.join("openapi.json.gz"), gzip(&fs::read(OPENAPI)?)?)?;

    let mut files = swagger_ui()?;
    for name in OWN {
        files.push((name, fs::read(folder.join(name))?));
    }
    let mut names = Vec::new();
    let mut source = String::from("&[\n");
    for (name, content) in files {
        let path = target.join(name).with_added_extension("gz");
        fs::write(&path, gzip(&content)?)?;
        let hashed = hashed(name, &content)?;
        let media_type = media_type(name);
        writeln!(
            source,
            "File {{ name: {hashed:?}, media_type: {media_type:?}, gzip: include_bytes!({path:?}) }},"
        )?;
        names.push((name, hashed));
    }
    source += "]\n";
    fs::write(target.join("files.rs"), source)?;

    for page in PAGES {
        let html = fs::read_to_string(folder.join(page))?;
        fs::write(target.join(page), fill_in(html, &names)?)?;
    }
    Ok(())
}

/// Reads the files in [`SWAGGER_UI`]; returns the name and the content of each.
fn swagger_ui() -> Result<Vec<(&'static str, Vec<u8>)>> {
    let archive = ZipArchive::from_slice(SWAGGER_UI_VENDORED)?;
    let mut files = Vec::new();
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry()? {
        let path = entry.file_path().try_normalize()?;
        // Everything is in one folder, which is named after the version.
        let path = path.as_ref().split_once('/').map(|(_, path)| path);
        let Some((_, name)) = SWAGGER_UI.iter().find(|(wanted, _)| Some(*wanted) == path) else {
            continue;
        };
        let entry_data = archive.get_entry(entry.wayfinder())?;
        let reader: Box<dyn Read> = match entry.compression_method() {
            CompressionMethod::STORE => Box::new(entry_data.data()),
            _ => Box::new(DeflateDecoder::new(entry_data.data())),
        };
        let mut content = Vec::new();
        entry_data
            .verifying_reader(reader)
            .read_to_end(&mut content)?;
        files.push((*name, content));
    }
    match files.len() == SWAGGER_UI.len() {
        true => Ok(files),
        false => Err("a file is missing in the archive of Swagger UI".into()),
    }
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// `docs.css` as `docs.0123456789abcdef.css`: another content gets another name.
fn hashed(name: &str, content: &[u8]) -> Result<String> {
    let (stem, extension) = name.split_once('.').ok_or("a name without an extension")?;
    let mut hashed = format!("{stem}.");
    for byte in &Sha256::digest(content)[..8] {
        write!(hashed, "{byte:02x}")?;
    }
    Ok(format!("{hashed}.{extension}"))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

/// Replaces each `{docs.css}` with the name that has the hash.
fn fill_in(html: String, names: &[(&str, String)]) -> Result<String> {
    let filled = names.iter().fold(html, |html, (name, hashed)| {
        html.replace(&format!("{{{name}}}"), hashed)
    });
    match filled.contains('{') {
        true => Err(format!("a page names a file that is missing: {filled}").into()),
        false => Ok(filled),
    }
}
