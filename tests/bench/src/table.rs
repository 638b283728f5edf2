//! Tables, for a terminal and for a page.

use std::fmt::Write;
use std::time::Duration;

/// What stands for a figure that there is not.
const NONE: &str = "–";

/// A table: names to the left, figures to the right.
pub struct Table {
    /// What it shows.
    pub title: String,
    /// What to know about it.
    pub note: String,
    /// How many of the first columns are names.
    pub names: usize,
    /// The names of the columns.
    pub header: Vec<String>,
    /// The cells of each row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows, whose first column has names.
    pub fn new(title: &str, header: &[&str]) -> Self {
        Self {
            title: title.to_owned(),
            note: String::new(),
            names: 1,
            header: header.iter().map(|&name| name.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// For a terminal.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n\n", self.title);
        for row in [&self.header].into_iter().chain(&self.rows) {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let width = self.width(column);
                let cell = match column < self.names {
                    true => format!("{cell:<width$}  "),
                    false => format!("{cell:>width$}  "),
                };
                line += &cell;
            }
            text += line.trim_end();
            text.push('\n');
        }
        if !self.note.is_empty() {
            let _ = writeln!(text, "\n{}", self.note);
        }
        text
    }

    fn width(&self, column: usize) -> usize {
        let rows = [&self.header].into_iter().chain(&self.rows);
        let widths = rows.filter_map(|row| row.get(column));
        widths
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    }

    /// For a page.
    pub fn to_html(&self) -> String {
        let mut html = format!("<h2>{}</h2>\n<table>\n<tr>", escape(&self.title));
        for (column, name) in self.header.iter().enumerate() {
            let _ = write!(html, "<th{}>{}</th>", self.class(column), escape(name));
        }
        html += "</tr>\n";
        for row in &self.rows {
            html += "<tr>";
            for (column, cell) in row.iter().enumerate() {
                let _ = write!(html, "<td{}>{}</td>", self.class(column), escape(cell));
            }
            html += "</tr>\n";
        }
        html += "</table>\n";
        if !self.note.is_empty() {
            let _ = writeln!(html, "<p>{}</p>", escape(&self.note));
        }
        html
    }

    fn class(&self, column: usize) -> &'static str {
        match column < self.names {
            true => "",
            false => " class=\"figure\"",
        }
    }
}

/// Text as HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A duration in milliseconds.
pub fn milliseconds(duration: Option<Duration>) -> String {
    number(duration.map(|duration| duration.as_secs_f64() * 1e3), 2)
}

/// Bytes in megabytes.
pub fn megabytes(bytes: Option<u64>) -> String {
    #[expect(clippy::cast_precision_loss, reason = "it is shown with one decimal")]
    number(bytes.map(|bytes| bytes as f64 / 1e6), 1)
}

/// A number with so many decimals.
pub fn number(number: Option<f64>, decimals: usize) -> String {
    number.map_or(NONE.to_owned(), |number| format!("{number:.decimals$}"))
}
