//! `dump`, `revision --autogenerate` and `check --schema`.

use std::{env, fs, path::Path};

use local::paths::root;

use crate::autogenerate_pairs::{autogenerate, load, migrate, schema_of};
use crate::harness::{
    Database,
    migrations::{Finished, Folder},
};

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
async fn a_rename_to_what_nobody_wants_is_refused() {
    let database = Database::empty().await;
    database
        .execute("CREATE TABLE film (title text, year int)")
        .await;
    let wanted = "CREATE TABLE movie (name text, year int)";
    let (files, folder) = (Folder::new(&[("schema.sql", wanted)]), Folder::new(&[]));
    let schema = files.path().join("schema.sql");
    let table = "public.film=movie".to_owned();
    for (column, refused) in [
        ("public.film.title=label", Some("`public.movie.label`")),
        ("public.film.title=name", None),
    ] {
        let renames = [column.to_owned(), table.clone()];
        let said = autogenerate(&database, &folder, &schema, &renames).await;
        match refused {
            Some(words) => {
                let said = said.expect(1).error;
                let words = format!("--rename {column}: the wanted schema has no {words}");
                assert!(said.contains(&words), "`{words}` is not in: {said}");
            }
            None => drop(said.expect(0)),
        }
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
