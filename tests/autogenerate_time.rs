//! How long `check --schema` and `revision --autogenerate` take for many tables. `make tables` measures
//! it with two thousand.

use std::{env, fmt::Write, fs, time::Instant};

use crate::autogenerate_pairs::{autogenerate, load, migrate};
use crate::harness::{
    Database,
    migrations::{Finished, Folder},
};

/// Tables with a key, an index, a foreign key and a comment; every tenth has one more column if `is_changed`.
fn schema(tables: usize, is_changed: bool) -> String {
    let mut sql = String::new();
    for n in 0..tables {
        let year = if is_changed && n % 10 == 0 {
            ", year integer"
        } else {
            ""
        };
        let other = n.saturating_sub(1);
        let table = writeln!(
            sql,
            "CREATE TABLE film_{n} (id bigint PRIMARY KEY, title text NOT NULL, price numeric(10, 2) DEFAULT 0,
                added timestamptz DEFAULT now(), other bigint REFERENCES film_{other}{year});
            CREATE INDEX film_{n}_other ON film_{n} (other);
            COMMENT ON TABLE film_{n} IS 'film number {n}';"
        );
        table.expect("text");
    }
    sql
}

/// Prints how long it took, and returns what it said.
async fn timed(what: &str, work: impl Future<Output = Finished>) -> Finished {
    let started = Instant::now();
    let finished = work.await;
    println!("{what}: {:.1} s", started.elapsed().as_secs_f64());
    finished
}

#[tokio::test]
async fn many_tables_are_compared_and_changed() {
    let tables =
        env::var("TABLES").map_or(20, |tables| tables.parse().expect("a number of tables"));
    let files = Folder::new(&[
        ("live.sql", &schema(tables, false)),
        ("wanted.sql", &schema(tables, true)),
    ]);
    let (live, wanted) = (
        files.path().join("live.sql"),
        files.path().join("wanted.sql"),
    );
    let (full, empty) = (Database::empty().await, Database::empty().await);
    load(&full, &live).await.expect(0);
    let folder = Folder::new(&[]);
    let path = live.to_string_lossy();
    let arguments = ["check", "--schema", &path];
    let check = migrate(&full, &folder, &arguments);
    let what = format!("check --schema, of {tables} tables");
    timed(&what, check).await.expect(0);
    let what = format!(
        "revision --autogenerate, of {} changes in {tables} tables",
        tables.div_ceil(10)
    );
    timed(&what, autogenerate(&full, &folder, &wanted, &[]))
        .await
        .expect(0);
    let ups = fs::read_dir(folder.path())
        .expect("a folder")
        .filter_map(|entry| {
            let path = entry.expect("an entry").path();
            path.to_string_lossy()
                .ends_with(".up.sql")
                .then(|| fs::read_to_string(&path).expect("a file"))
        });
    let statements: usize = ups
        .map(|up| up.matches("ADD COLUMN year integer").count())
        .sum();
    assert_eq!(statements, tables.div_ceil(10));
    let what = format!("revision --autogenerate, of {tables} new tables");
    timed(&what, autogenerate(&empty, &Folder::new(&[]), &live, &[]))
        .await
        .expect(0);
}
