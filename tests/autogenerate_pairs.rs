//! `revision --autogenerate` on pairs of schemas, in both directions.
//!
//! A folder of tests/autogenerate is a pair: a.sql and b.sql, with rows.sql for a.sql, renames.txt with
//! arguments of `--rename`, or refused.txt with what the error names. PAIRS=all tests every pair.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use local::paths::root;
use tokio::process::Command;

use crate::harness::{
    Database,
    migrations::{Finished, Folder, command},
    skip::skipped,
    stack,
};

/// Of how many pairs a normal run tests one.
const SHARE: usize = 36;

/// A program of PostgreSQL on a database, as the superuser.
pub async fn run(program: &str, database: &Database, arguments: &[&str]) -> Finished {
    let server = &stack().await.postgres;
    let mut command = Command::new(server.program(program).expect(program));
    command
        .args(arguments)
        .env("PGHOST", &server.host)
        .env("PGPORT", server.port.to_string())
        .env("PGSSLMODE", "verify-full")
        .env("PGSSLROOTCERT", &server.ca_file)
        .env("PGDATABASE", &database.name)
        .env("PGUSER", &server.user)
        .env("PGPASSWORD", &server.password)
        .stdin(Stdio::null());
    Finished::new(command.output().await.expect(program))
}

pub async fn load(database: &Database, file: &Path) -> Finished {
    let file = file.to_string_lossy();
    let arguments = [
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--file",
        &file,
    ];
    run("psql", database, &arguments).await
}

/// The schema as pg_dump writes it, but for the order of columns and of grants, which no statement sets.
pub async fn schema_of(database: &Database) -> String {
    let arguments = ["--schema-only", "--no-sync", "--exclude-schema=migrate"];
    let dump = run("pg_dump", database, &arguments).await.expect(0).text;
    let mut lines = Vec::new();
    let mut block = Vec::new();
    let is_noise =
        |line: &&str| line.is_empty() || line.starts_with("--") || line.contains("restrict ");
    for line in dump.lines().filter(|line| !is_noise(line)) {
        let is_sorted =
            line.starts_with("    ") || line.starts_with("GRANT ") || line.starts_with("REVOKE ");
        if !is_sorted {
            block.sort_unstable();
            lines.append(&mut block);
            lines.push(line.to_owned());
            continue;
        }
        block.push(without_name(line.trim_end_matches(',')));
    }
    block.sort_unstable();
    lines.append(&mut block);
    lines.join("\n")
}

/// A column without the name of its NOT NULL, which PostgreSQL has since version 18, and which is no
/// difference.
fn without_name(line: &str) -> String {
    let start = line
        .strip_suffix(" NOT NULL")
        .and_then(|rest| rest.rsplit_once(" CONSTRAINT "));
    start.map_or(line.to_owned(), |(start, _)| format!("{start} NOT NULL"))
}

/// The migrate command as the superuser, since only that one may make every kind of object.
pub async fn migrate(database: &Database, folder: &Folder, arguments: &[&str]) -> Finished {
    let server = &stack().await.postgres;
    let (user, password, port) = (&server.user, &server.password, server.port);
    let url = format!(
        "postgres://{user}:{password}@{}:{port}/{}",
        server.host, database.name
    );
    let ca_file = server.ca_file.to_string_lossy().into_owned();
    let environment = [
        ("DATABASE_URL".to_owned(), url),
        ("DB_CA_FILE".to_owned(), ca_file),
    ];
    let path = folder.path();
    let mut all = vec!["--dir", path.to_str().expect("UTF-8")];
    all.extend(arguments);
    let mut command = command(&environment, &all).await;
    Finished::new(command.output().await.expect("migrate runs"))
}

pub async fn autogenerate(
    database: &Database,
    folder: &Folder,
    schema: &Path,
    renames: &[String],
) -> Finished {
    let schema = schema.to_string_lossy();
    let mut arguments = vec![
        "revision",
        "--autogenerate",
        "-m",
        "change",
        "--schema",
        &schema,
    ];
    for rename in renames {
        arguments.extend(["--rename", rename]);
    }
    migrate(database, folder, &arguments).await
}

/// `schema.table.column=name` the other way round.
fn back(rename: &str) -> String {
    let (old, new) = rename.split_once('=').expect("a rename");
    let (above, name) = old.rsplit_once('.').expect("a qualified name");
    format!("{above}.{new}={name}")
}

/// From one schema to the other and back.
async fn walk(pair: &Path, is_forward: bool) -> Result<(), String> {
    let (from, to) = if is_forward {
        ("a.sql", "b.sql")
    } else {
        ("b.sql", "a.sql")
    };
    let (live, wanted) = (Database::empty().await, Database::empty().await);
    let start = Database::empty().await;
    let step = |what: &str, finished: Finished| match finished.status {
        0 => Ok(finished),
        _ => Err(format!("{what}: {}{}", finished.text, finished.error)),
    };
    for (database, file) in [(&live, from), (&start, from), (&wanted, to)] {
        let loaded = load(database, &pair.join(file)).await;
        if loaded.error.contains("is not supported in this build") {
            skipped(&format!("{}: {}", pair.display(), loaded.error));
            return Ok(());
        }
        step("load", loaded)?;
    }
    let rows = pair.join("rows.sql");
    if is_forward && rows.exists() {
        step("rows", load(&live, &rows).await)?;
    }
    let renames = fs::read_to_string(pair.join("renames.txt")).unwrap_or_default();
    let mut renames: Vec<_> = renames.lines().map(ToOwned::to_owned).collect();
    if !is_forward {
        renames = renames.iter().rev().map(|rename| back(rename)).collect();
    }
    let folder = Folder::new(&[]);
    let generated = autogenerate(&live, &folder, &pair.join(to), &renames).await;
    if let Ok(named) = fs::read_to_string(pair.join("refused.txt"))
        && generated.status != 0
    {
        return match generated.error.contains(named.trim()) {
            true => Ok(()),
            false => Err(format!("`{}` is not in: {}", named.trim(), generated.error)),
        };
    }
    step("autogenerate", generated)?;
    step("upgrade", migrate(&live, &folder, &["upgrade"]).await)?;
    equal("up", &live, &wanted).await?;
    let again = step(
        "again",
        autogenerate(&live, &folder, &pair.join(to), &[]).await,
    )?;
    if !again.text.contains("the live schema is the one") {
        return Err(format!("a second run finds a difference: {}", again.text));
    }
    step(
        "downgrade",
        migrate(&live, &folder, &["downgrade", "base"]).await,
    )?;
    equal("down", &live, &start).await
}

/// PostgreSQL's own text of some checks and views changes when it is read again, so what the dumps load
/// as may be the same where the dumps are not.
async fn equal(what: &str, is: &Database, wanted: &Database) -> Result<(), String> {
    let (a, b) = (schema_of(is).await, schema_of(wanted).await);
    if a == b {
        return Ok(());
    }
    same(
        what,
        &schema_of(&reloaded(is).await).await,
        &schema_of(&reloaded(wanted).await).await,
    )
}

async fn reloaded(database: &Database) -> Database {
    let folder = Folder::new(&[]);
    let file = folder.path().join("dump.sql");
    let arguments = ["--schema-only", "--no-sync", "--exclude-schema=migrate"];
    let dump = run("pg_dump", database, &arguments).await.expect(0).text;
    fs::write(&file, dump).expect("a file");
    let copy = Database::empty().await;
    load(&copy, &file).await.expect(0);
    copy
}

fn same(what: &str, is: &str, wanted: &str) -> Result<(), String> {
    let only = |a: &str, b: &str| -> Vec<String> {
        let lines = a
            .lines()
            .filter(|line| !b.lines().any(|other| other == *line));
        lines.map(ToOwned::to_owned).collect()
    };
    match is == wanted {
        true => Ok(()),
        false => Err(format!(
            "{what}: too much: {:?}; missing: {:?}",
            only(is, wanted),
            only(wanted, is)
        )),
    }
}

fn folders() -> Vec<PathBuf> {
    let folders = fs::read_dir(root().join("tests/autogenerate")).expect("a folder");
    let paths = folders.map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<_> = paths.filter(|path| path.join("b.sql").exists()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are no pairs");
    match env::var("PAIRS").as_deref() {
        Ok("all") => paths,
        Ok(name) => paths
            .into_iter()
            .filter(|path| path.ends_with(name))
            .collect(),
        Err(_) => paths.into_iter().step_by(SHARE).collect(),
    }
}

#[tokio::test]
async fn pairs_are_migrated_both_ways() {
    let roles = root().join("tests/autogenerate/roles.sql");
    if roles.exists() {
        load(&Database::empty().await, &roles).await.expect(0);
    }
    let mut failed = Vec::new();
    let pairs = folders();
    let count = pairs.len();
    for pair in pairs {
        // Both directions at once: there are two cores.
        let both = tokio::join!(walk(&pair, true), walk(&pair, false));
        for (way, result) in [("a to b", both.0), ("b to a", both.1)] {
            if let Err(error) = result {
                failed.push(format!("{}, {way}: {error}", pair.display()));
            }
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {} ways failed:\n{}",
        failed.len(),
        2 * count,
        failed.join("\n")
    );
}
