//! Packs what the documentation's pages load into the binary: gzip is done here, once.

use std::{env, error::Error, fs, io::Write, path::Path};

use flate2::{Compression, write::GzEncoder};

/// What npm installs.
const PACKAGE: &str = "node_modules/swagger-ui-dist";

/// Each file, in the folder that it is in.
const ASSETS: [(&str, &str); 7] = [
    ("../../infra", "openapi.json"),
    ("src/page", "docs.css"),
    ("src/page", "icon.svg"),
    ("src/page", "initializer.js"),
    (PACKAGE, "swagger-ui-bundle.js"),
    // The notices of what is in the bundle; its first line names this file.
    (PACKAGE, "swagger-ui-bundle.js.LICENSE.txt"),
    (PACKAGE, "swagger-ui.css"),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={PACKAGE}");
    if !Path::new(PACKAGE).exists() {
        println!("cargo::error=Swagger UI is not installed: run `make assets`, then build again");
        return Ok(());
    }
    let target = env::var("OUT_DIR")?;
    let target = Path::new(&target);
    let mut source = String::from("&[\n");
    for (folder, name) in ASSETS {
        let path = Path::new(folder).join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        let packed = target.join(name).with_added_extension("gz");
        fs::write(&packed, pack(&fs::read(path)?)?)?;
        let media_type = media_type(name);
        source += &format!(
            "    Asset {{ name: {name:?}, media_type: {media_type:?}, packed: include_bytes!({packed:?}) }},\n"
        );
    }
    source += "]\n";
    fs::write(target.join("assets.rs"), source)?;
    Ok(())
}

fn pack(bytes: &[u8]) -> Result<Vec<u8>, std::io::Error> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
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
