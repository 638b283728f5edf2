//! `dump`, `revision --autogenerate` and `check --schema`, on pairs of schemas in both directions.
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
    stack,
};

/// Of how many pairs a normal run tests one.
const SHARE: usize = 72;

/// A program of PostgreSQL on a database, as the superuser.
async fn run(program: &str, database: &Database, arguments: &[&str]) -> Finished {
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

async fn load(database: &Database, file: &Path) -> Finished {
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
async fn schema_of(database: &Database) -> String {
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
        block.push(line.trim_end_matches(',').to_owned());
    }
    block.sort_unstable();
    lines.append(&mut block);
    lines.join("\n")
}

/// The migrate command as the superuser, since only that one may make every kind of object.
async fn migrate(database: &Database, folder: &Folder, arguments: &[&str]) -> Finished {
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

async fn autogenerate(
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
    load(&live, &pair.join(from)).await.expect(0);
    load(&start, &pair.join(from)).await.expect(0);
    load(&wanted, &pair.join(to)).await.expect(0);
    let rows = pair.join("rows.sql");
    if is_forward && rows.exists() {
        load(&live, &rows).await.expect(0);
    }
    let renames = fs::read_to_string(pair.join("renames.txt")).unwrap_or_default();
    let mut renames: Vec<_> = renames.lines().map(ToOwned::to_owned).collect();
    if !is_forward {
        renames = renames.iter().rev().map(|rename| back(rename)).collect();
    }
    let folder = Folder::new(&[]);
    let step = |what: &str, finished: Finished| match finished.status {
        0 => Ok(finished),
        _ => Err(format!("{what}: {}{}", finished.text, finished.error)),
    };
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

#[tokio::test]
async fn a_dump_of_the_migrated_schema_rebuilds_it() {
    let (database, copy) = (Database::migrated().await, Database::empty().await);
    let folder = Folder::new(&[]);
    let script = migrate(&database, &folder, &["dump"]).await.expect(0).text;
    folder.write("schema.sql", &script);
    load(&copy, &folder.path().join("schema.sql"))
        .await
        .expect(0);
    assert_eq!(schema_of(&copy).await, schema_of(&database).await);
    folder.remove("schema.sql");
    let again = migrate(&copy, &folder, &["dump"]).await.expect(0).text;
    assert_eq!(again, script);
}

#[tokio::test]
async fn schema_sql_is_what_the_migrations_make() {
    let database = Database::migrated().await;
    let file = root().join("sql/schema.sql");
    let script = database.run(&["dump"]).await.expect(0).text;
    if env::var_os("SCHEMA").is_some() {
        fs::write(&file, &script).expect("a file");
    }
    let kept = fs::read_to_string(&file).expect("sql/schema.sql");
    assert!(
        kept == script,
        "sql/schema.sql is not what the migrations make: run `make schema`"
    );
    let schema = file.to_string_lossy();
    database
        .run(&["check", "--schema", &schema])
        .await
        .expect(0);
}

#[tokio::test]
async fn drift_is_printed_with_exit_status_2() {
    let (database, folder) = (Database::empty().await, Folder::new(&[]));
    let schema = folder.path().join("schema.sql");
    let check = ["check", "--schema", &schema.to_string_lossy()];
    fs::write(&schema, "CREATE TABLE film (title text);").expect("a file");
    database.execute("CREATE TABLE film (title text)").await;
    database
        .execute("ALTER TABLE film OWNER TO interview_migrator")
        .await;
    database.run(&check).await.expect(0);
    database
        .execute("ALTER TABLE film ADD COLUMN year integer")
        .await;
    let found = database.run(&check).await.expect(2);
    assert!(
        found
            .text
            .contains("ALTER TABLE public.film DROP COLUMN year"),
        "{}",
        found.text
    );
}

#[tokio::test]
async fn what_cannot_be_compared_is_refused_in_words() {
    let database = Database::empty().await;
    for (schema, words) in [
        (
            "CREATE TABLE a ();\nCREATE TABLE b (id nothing);",
            "schema.sql:2: type \"nothing\" does not exist; SQLSTATE 42704",
        ),
        ("SELECT 1;\nCREATE TABL a ();", "schema.sql:2: syntax error"),
        (
            "CREATE TABLE a ();\nALTER TABLE a OWNER TO nobody_at_all;",
            "schema.sql:2: role \"nobody_at_all\" does not exist",
        ),
        (
            "CREATE EXTENSION nothing;",
            "schema.sql:1: extension \"nothing\" is not available",
        ),
        (
            "CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int);",
            "operator public.===(integer,integer)",
        ),
    ] {
        let (files, folder) = (Folder::new(&[("schema.sql", schema)]), Folder::new(&[]));
        let said = autogenerate(&database, &folder, &files.path().join("schema.sql"), &[]).await;
        let said = said.expect(1).error;
        assert!(said.contains(words), "`{words}` is not in: {said}");
    }
}

#[tokio::test]
async fn a_pending_migration_is_applied_first() {
    let (database, folder) = (Database::empty().await, Folder::three());
    let said = autogenerate(&database, &folder, Path::new("/dev/null"), &[])
        .await
        .expect(2);
    assert!(
        said.error.contains("is pending: apply it with `upgrade`"),
        "{}",
        said.error
    );
}

#[tokio::test]
async fn an_interrupt_drops_the_scratch_databases() {
    let (database, folder) = (Database::empty().await, Folder::new(&[]));
    let files = Folder::new(&[("schema.sql", "SELECT pg_sleep(60);")]);
    let schema = files.path().join("schema.sql");
    let arguments = [
        "revision",
        "--autogenerate",
        "-m",
        "x",
        "--schema",
        &schema.to_string_lossy(),
    ];
    let child = database.spawn_in(&folder, &arguments).await;
    let pid = child.id().expect("it runs");
    let asleep = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'migrate\\_scratch\\_%\\_{pid}\\_%' AND query LIKE '%pg_sleep%'"
    );
    while database.value::<i64>(&asleep, &[]).await == 0 {
        tokio::task::yield_now().await;
    }
    let process = rustix::process::Pid::from_raw(pid as i32).expect("a process");
    rustix::process::kill_process(process, rustix::process::Signal::INT).expect("a signal");
    let said = Finished::new(child.wait_with_output().await.expect("an end")).expect(1);
    assert!(said.error.contains("interrupted"), "{}", said.error);
    let left = format!(
        "SELECT count(*) FROM pg_database WHERE datname LIKE 'migrate\\_scratch\\_%\\_{pid}\\_%'"
    );
    assert_eq!(database.value::<i64>(&left, &[]).await, 0);
}

#[tokio::test]
async fn a_table_with_rows_is_changed_in_three_parts() {
    let (database, folder) = (Database::empty().await, Folder::new(&[]));
    let pair = root().join("tests/autogenerate/written-in-three-parts");
    load(&database, &pair.join("a.sql")).await.expect(0);
    autogenerate(&database, &folder, &pair.join("b.sql"), &[])
        .await
        .expect(0);
    let mut ups: Vec<_> = fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    ups.retain(|path| path.to_string_lossy().ends_with(".up.sql"));
    ups.sort();
    let texts: Vec<_> = ups
        .iter()
        .map(|path| fs::read_to_string(path).expect("a file"))
        .collect();
    for (at, words) in [
        (
            0,
            "ADD CONSTRAINT film_year_check CHECK ((year > 1888)) NOT VALID",
        ),
        (0, "REFERENCES public.studio(studio_id) NOT VALID"),
        (0, "CHECK (film_id IS NOT NULL) NOT VALID"),
        (1, "-- migrate: no-transaction"),
        (1, "VALIDATE CONSTRAINT film_year_check"),
        (1, "CREATE UNIQUE INDEX CONCURRENTLY film_pkey"),
        (1, "DROP INDEX CONCURRENTLY public.film_year_idx"),
        (1, "CREATE INDEX CONCURRENTLY film_title_idx_new"),
        (2, "ALTER COLUMN film_id SET NOT NULL"),
        (
            2,
            "ADD CONSTRAINT film_pkey PRIMARY KEY USING INDEX film_pkey",
        ),
        (
            2,
            "ALTER INDEX public.film_title_idx_new RENAME TO film_title_idx",
        ),
    ] {
        assert!(
            texts[at].contains(words),
            "`{words}` is not in {}:\n{}",
            ups[at].display(),
            texts[at]
        );
    }
}
