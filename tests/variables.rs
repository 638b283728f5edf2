//! The variables: .env.example, the README's tables and the code have the same.

use std::{collections::BTreeSet, fs};

use local::paths;

/// Variables that Lambda sets, or AWS documents for all of its SDKs.
const OF_AWS: [&str; 7] = [
    "AWS_ENDPOINT_URL_LAMBDA",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_MAX_CONCURRENCY",
    "AWS_LAMBDA_RUNTIME_API",
];
/// Variables of the local stack, which several files read.
const OF_THE_LOCAL_STACK: [&str; 3] = ["LOCAL_DIR", "PG_BIN", "PORT"];

fn read(file: &str) -> String {
    fs::read_to_string(paths::root().join(file)).expect(file)
}

fn is_variable(text: &str) -> bool {
    text.len() > 3 && text.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// The variables between these characters.
fn between(text: &str, quote: char) -> BTreeSet<String> {
    let variables = text.split(quote).filter(|part| is_variable(part));
    variables.map(ToOwned::to_owned).collect()
}

#[test]
fn the_example_and_the_readme_have_every_variable_that_the_code_reads() {
    let code = ["config.rs", "config/access.rs"].map(|file| read(&format!("shared/src/{file}")));
    let mut read_by_code = between(&code.concat(), '"');
    read_by_code.retain(|name| !OF_AWS.contains(&name.as_str()));
    read_by_code.extend(OF_THE_LOCAL_STACK.map(ToOwned::to_owned));

    let example = read(".env.example");
    let lines = example.lines().filter_map(|line| line.split_once('='));
    let names = lines.map(|(name, _)| name.trim_start_matches("# ").to_owned());
    assert_eq!(names.collect::<BTreeSet<_>>(), read_by_code, ".env.example");

    let readme = read("README.md");
    let rows = readme.lines().filter(|line| line.starts_with("| `"));
    let columns = rows.filter_map(|row| row.split('|').nth(1));
    let documented = columns.flat_map(|column| between(column, '`'));
    assert_eq!(
        documented.collect::<BTreeSet<_>>(),
        read_by_code,
        "README.md"
    );
}
