//! Compiles the files of migrations/ into the binary.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?)
        .join("../../migrations")
        .canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let mut source = String::from("&[\n");
    // Not what a file manager or an editor leaves there.
    let is_sql = |file: &fs::DirEntry| file.path().extension().is_some_and(|end| end == "sql");
    for file in files.into_iter().filter(is_sql) {
        println!("cargo::rerun-if-changed={}", file.path().display());
        let (name, path) = (file.file_name(), file.path());
        source += &format!("    ({name:?}, include_str!({path:?})),\n");
    }
    source += "]\n";
    fs::write(
        Path::new(&env::var("OUT_DIR")?).join("migrations.rs"),
        source,
    )?;
    Ok(())
}
