//! The images of the README, which `make images` writes to .github/images.

use std::{env, fmt::Write, fs, path::PathBuf};

use local::paths;

const COLUMNS: usize = 100;
const LINE_HEIGHT: usize = 18;
const CHARACTER_WIDTH: f64 = 7.85;

/// Writes an image to the folder IMAGES, or to target/images for a person to look at.
pub fn write(name: &str, image: impl AsRef<[u8]>) {
    let folder = env::var_os("IMAGES").map(|folder| paths::root().join(PathBuf::from(folder)));
    let folder = folder.unwrap_or_else(|| paths::target().join("images"));
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(name), image).expect("it is written");
}

/// A terminal with this text as SVG. It wraps long lines.
pub fn terminal(text: &str) -> String {
    let lines: Vec<String> = text.lines().flat_map(wrapped).collect();
    #[expect(clippy::cast_precision_loss, reason = "a number of characters")]
    let width = COLUMNS as f64 * CHARACTER_WIDTH + 32.0;
    let height = lines.len() * LINE_HEIGHT + 32;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1b1f24\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"13\" \
         fill=\"#d1d7e0\" style=\"white-space: pre\">\n"
    );
    for (number, line) in lines.iter().enumerate() {
        let y = 28 + number * LINE_HEIGHT;
        let color = match line.starts_with("$ ") {
            true => " fill=\"#7ee787\"",
            false => "",
        };
        let line = line
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let written = writeln!(svg, "<text x=\"16\" y=\"{y}\"{color}>{line}</text>");
        written.expect("a string takes everything");
    }
    svg + "</g>\n</svg>\n"
}

fn wrapped(line: &str) -> Vec<String> {
    let characters: Vec<char> = line.chars().collect();
    match characters.is_empty() {
        true => vec![String::new()],
        false => characters.chunks(COLUMNS).map(String::from_iter).collect(),
    }
}
