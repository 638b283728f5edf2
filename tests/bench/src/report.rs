//! The page with everything: target/bench/index.html.

use crate::plots;
use crate::table::{Table, escape};
use local::{Error, Result, paths};
use std::fs;
use std::path::PathBuf;

const STYLE: &str = "body{font:15px/1.5 sans-serif;margin:2em auto;max-width:1400px;padding:0 1em}\
    table{border-collapse:collapse;font-size:14px}td,th{padding:2px 10px;text-align:left}\
    tr:nth-child(odd) td{background:#f4f6f8}.figure{text-align:right;font-variant-numeric:tabular-nums}\
    .plots{display:flex;flex-wrap:wrap;gap:1em}h2{margin-top:2em}";

/// The page, as far as it is written.
pub struct Report {
    body: String,
}

impl Report {
    /// A page that begins with this sentence.
    pub fn new(summary: &str) -> Self {
        let body = format!("<h1>Bench</h1>\n<p>{}</p>\n", escape(summary));
        Self { body }
    }

    /// Prints a table to the terminal, and adds it to the page.
    pub fn table(&mut self, table: &Table) {
        println!("\n{}", table.to_text());
        self.body += &table.to_html();
    }

    /// Adds plots to the page.
    pub fn plots(&mut self, plots: &[String]) {
        let (legend, plots) = (plots::legend(), plots.concat());
        self.body += &format!("{legend}<div class=\"plots\">\n{plots}\n</div>\n");
    }

    /// Writes the page, and returns where it is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(self) -> Result<PathBuf> {
        let folder = paths::target().join("bench");
        let file = folder.join("index.html");
        let page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Bench</title>\n\
             <style>{STYLE}</style>\n{}</html>\n",
            self.body
        );
        let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&file, page));
        written.map_err(|error| Error::new(format!("cannot write {}: {error}", file.display())))?;
        Ok(file)
    }
}
