//! Writes the start of a new endpoint: its files, and its entries in the lists of endpoints.

use crate::error::{Context, Error, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The endpoint to write.
struct Endpoint<'a> {
    /// In kebab case, such as `get-actor`.
    name: &'a str,
    /// With one parameter, such as `/actors/{actor_id}`.
    route: &'a str,
    parameter: &'a str,
}

/// An entry in a file: the line, and the start of the line that it goes before.
struct Entry {
    file: &'static str,
    line: String,
    before: &'static str,
}

/// Writes the endpoint `name` for `GET route` into the project at `root`.
///
/// # Errors
/// When name or route are wrong or exist already, or a file lacks the place for an entry. Then
/// nothing has changed.
pub fn create(root: &Path, name: &str, route: &str) -> Result<()> {
    let parameter = check(root, name, route)?;
    let endpoint = Endpoint {
        name,
        route,
        parameter,
    };
    let mut writes = BTreeMap::new();
    for Entry { file, line, before } in endpoint.entries() {
        let text = match writes.remove(file) {
            Some(text) => text,
            None => {
                fs::read_to_string(root.join(file)).context(|| format!("cannot read {file}"))?
            }
        };
        let place = text
            .find(&format!("\n{before}"))
            .ok_or_else(|| Error::new(format!("{file} has no line that starts with `{before}`")))?;
        let (start, end) = text.split_at(place + 1);
        writes.insert(file.to_owned(), [start, &line, "\n", end].concat());
    }
    writes.extend(endpoint.files());
    for (file, text) in writes {
        let path = root.join(file);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = written.and_then(|()| fs::write(&path, text));
        written.context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The parameter of the route, if name and route are right and new.
fn check<'a>(root: &Path, name: &str, route: &'a str) -> Result<&'a str> {
    let is_word = |word: &str, also: char| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.ends_with(|c: char| c.is_ascii_alphanumeric())
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == also)
    };
    if !is_word(name, '-') {
        let line = format!("NAME must be in kebab case, such as get-actor, not `{name}`");
        return Err(Error::new(line));
    }
    if root.join("functions").join(name).exists() {
        return Err(Error::new(format!(
            "NAME={name}: functions/{name} exists already"
        )));
    }
    let wrong = || {
        Error::new(format!(
            "ROUTE must start with / and have one parameter in snake case, such as \
             /actors/{{actor_id}}, not `{route}`"
        ))
    };
    let segments: Vec<&str> = route
        .strip_prefix('/')
        .ok_or_else(wrong)?
        .split('/')
        .collect();
    let mut parameters = Vec::new();
    for segment in segments {
        match segment
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            Some(parameter) if is_word(parameter, '_') => parameters.push(parameter),
            None if is_word(segment, '-') => {}
            _ => return Err(wrong()),
        }
    }
    let [parameter] = parameters[..] else {
        return Err(wrong());
    };
    let router =
        fs::read_to_string(root.join("Cargo.toml")).context(|| "cannot read Cargo.toml")?;
    if router.contains(&format!("\n\"{route}\" = ")) {
        return Err(Error::new(format!(
            "ROUTE={route} is in the router already"
        )));
    }
    Ok(parameter)
}

impl Endpoint<'_> {
    fn snake(&self) -> String {
        self.name.replace('-', "_")
    }

    fn pascal(&self) -> String {
        let words = self.name.split('-').map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        });
        words.collect()
    }

    fn entries(&self) -> [Entry; 8] {
        let (name, snake, route) = (self.name, self.snake(), self.route);
        let pascal = self.pascal();
        let entry = |file, before, line| Entry { file, line, before };
        [
            entry(
                "Cargo.toml",
                "search-films = ",
                format!("{name} = {{ path = \"functions/{name}\" }}"),
            ),
            entry(
                "Cargo.toml",
                "\"/\" = ",
                format!("\"{route}\" = \"{name}\""),
            ),
            entry(
                "README.md",
                "| `GET /health/db`",
                format!("| `GET {route}` | {name} | one row |"),
            ),
            entry(
                "infra/openapi/Cargo.toml",
                "search-films",
                format!("{name}.workspace = true"),
            ),
            entry(
                "infra/openapi/src/lib.rs",
                "        db_health::handler,",
                format!("        {snake}::handler,"),
            ),
            entry("tests/main.rs", "mod tls;", format!("mod {snake};")),
            entry(
                "tests/stub/Cargo.toml",
                "search-films",
                format!("{name}.workspace = true"),
            ),
            entry(
                "tests/stub/src/endpoint.rs",
                "    // New endpoints",
                format!("    {pascal}: {snake}, [\"{route}\"], [];"),
            ),
        ]
    }

    fn files(&self) -> [(String, String); 5] {
        let (name, snake) = (self.name, self.snake());
        let with = |id: &str| self.route.replace(&format!("{{{}}}", self.parameter), id);
        let fill = |template: &str| {
            template
                .replace("NAME", name)
                .replace("SNAKE", &snake)
                .replace("PASCAL", &self.pascal())
                .replace("ROUTE", self.route)
                .replace("PARAMETER", self.parameter)
                .replace("FOUND", &with("1"))
                .replace("MISSING", &with("0"))
        };
        [
            (
                format!("functions/{name}/Cargo.toml"),
                fill(include_str!("endpoint/Cargo.toml.template")),
            ),
            (
                format!("functions/{name}/src/lib.rs"),
                fill(include_str!("endpoint/lib.rs.template")),
            ),
            (
                format!("functions/{name}/src/main.rs"),
                fill(include_str!("endpoint/main.rs.template")),
            ),
            (
                format!("functions/{name}/src/{snake}.sql"),
                fill(include_str!("endpoint/query.sql.template")),
            ),
            (
                format!("tests/{snake}.rs"),
                fill(include_str!("endpoint/test.rs.template")),
            ),
        ]
    }
}
