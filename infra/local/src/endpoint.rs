//! Writes the start of a new endpoint: its files, and its entries in the lists of endpoints.

use crate::error::{Context, Error, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The entries: a file, the start of the line that the entry goes before, and the entry.
const ENTRIES: [(&str, &str, &str); 6] = [
    (
        "Cargo.toml",
        "search-films = ",
        r#"NAME = { path = "functions/NAME" }"#,
    ),
    ("Cargo.toml", "\"/\" = ", r#""ROUTE" = "NAME""#),
    (
        "README.md",
        "| `GET /health/db`",
        "| `GET ROUTE` | NAME | one row |",
    ),
    (
        "infra/openapi/Cargo.toml",
        "search-films",
        "NAME.workspace = true",
    ),
    (
        "infra/openapi/src/endpoint.rs",
        "    api_docs: ",
        "    SNAKE: handler;",
    ),
    ("tests/main.rs", "mod tls;", "mod SNAKE;"),
];

const FILES: [(&str, &str); 5] = [
    (
        "functions/NAME/Cargo.toml",
        include_str!("endpoint/Cargo.toml.template"),
    ),
    (
        "functions/NAME/src/lib.rs",
        include_str!("endpoint/lib.rs.template"),
    ),
    (
        "functions/NAME/src/main.rs",
        include_str!("endpoint/main.rs.template"),
    ),
    (
        "functions/NAME/src/SNAKE.sql",
        include_str!("endpoint/query.sql.template"),
    ),
    ("tests/SNAKE.rs", include_str!("endpoint/test.rs.template")),
];

/// Words that cannot be the name of a module or of a variable.
#[rustfmt::skip]
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in",
    "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Writes the endpoint `name` for `GET route` into the project at `root`.
///
/// # Errors
/// When name or route are wrong or exist already, or a file lacks the place for an entry. Then
/// nothing has changed.
pub fn create(root: &Path, name: &str, route: &str) -> Result<()> {
    check_name(root, name)?;
    let parameter = check_route(root, route)?;
    let fill = |template: &str| fill(template, name, route, parameter);
    let mut writes = BTreeMap::new();
    for (file, before, entry) in ENTRIES {
        let text = match writes.remove(file) {
            Some(text) => text,
            None => read(root, file)?,
        };
        let place = text
            .find(&format!("\n{before}"))
            .ok_or_else(|| Error::new(format!("{file} has no line that starts with `{before}`")))?;
        let (start, end) = text.split_at(place + 1);
        writes.insert(file.to_owned(), [start, &fill(entry), "\n", end].concat());
    }
    writes.extend(FILES.map(|(file, template)| (fill(file), fill(template))));
    for (file, text) in writes {
        let path = root.join(file);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = written.and_then(|()| fs::write(&path, text));
        written.context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn read(root: &Path, file: &str) -> Result<String> {
    fs::read_to_string(root.join(file)).context(|| format!("cannot read {file}"))
}

fn fill(template: &str, name: &str, route: &str, parameter: &str) -> String {
    let with = |id: &str| route.replace(&format!("{{{parameter}}}"), id);
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    template
        .replace("NAME", name)
        .replace("SNAKE", &name.replace('-', "_"))
        .replace("PASCAL", &words.collect::<String>())
        .replace("ROUTE", route)
        .replace("PARAMETER", parameter)
        .replace("FOUND", &with("1"))
        .replace("MISSING", &with("0"))
}

/// Whether lower-case words, separated by `separator`, make up `name`.
fn is_name(name: &str, separator: char) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .split(separator)
            .all(|word| !word.is_empty() && word.chars().all(is_plain))
}

fn check_name(root: &Path, name: &str) -> Result<()> {
    let refused = |reason: &str| Err(Error::new(format!("NAME={name}: {reason}")));
    if !is_name(name, '-') {
        let line = format!("NAME must be in kebab case, such as get-actor, not `{name}`");
        return Err(Error::new(line));
    }
    if KEYWORDS.contains(&name) {
        return refused("this is a Rust keyword");
    }
    if read(root, "Cargo.toml")?.contains(&format!("\n{name} = ")) {
        return refused("Cargo.toml has a dependency with this name");
    }
    let snake = name.replace('-', "_");
    for path in [
        format!("functions/{name}"),
        format!("tests/{snake}.rs"),
        format!("tests/{snake}"),
    ] {
        if root.join(&path).exists() {
            return refused(&format!("{path} exists already"));
        }
    }
    Ok(())
}

/// The parameter of the route, if the route is right and new.
fn check_route<'a>(root: &Path, route: &'a str) -> Result<&'a str> {
    let wrong = || {
        Error::new(format!(
            "ROUTE must start with / and have one parameter in snake case, such as \
             /actors/{{actor_id}}, not `{route}`"
        ))
    };
    let segments = route.strip_prefix('/').ok_or_else(wrong)?.split('/');
    let mut parameters = Vec::new();
    for segment in segments {
        match parameter(segment) {
            Some(parameter) if is_name(parameter, '_') => parameters.push(parameter),
            None if is_name(segment, '-') => {}
            _ => return Err(wrong()),
        }
    }
    let [parameter] = parameters[..] else {
        return Err(wrong());
    };
    let refused = |reason: String| Err(Error::new(format!("ROUTE={route}: {reason}")));
    if KEYWORDS.contains(&parameter) {
        return refused(format!("the parameter `{parameter}` is a Rust keyword"));
    }
    if parameter == "session" {
        return refused("`session` is a name that the handler uses already".to_owned());
    }
    let manifest = read(root, "Cargo.toml")?;
    let routes = manifest
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.split('"').next());
    for known in routes {
        if shape(known) == shape(route) {
            return refused(format!("{known} is in the router already"));
        }
    }
    Ok(parameter)
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// A route without the names of its parameters.
fn shape(route: &str) -> Vec<Option<&str>> {
    let segments = route.split('/');
    let segments = segments.map(|segment| match parameter(segment) {
        Some(name) if !name.starts_with('*') => None,
        _ => Some(segment),
    });
    segments.collect()
}
