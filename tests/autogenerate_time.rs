//! How long `check --schema` and `revision --autogenerate` take for many tables. `make tables` measures
//! it with two thousand.

use std::{env, fmt::Write, time::Instant};

use local::paths::root;

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
    let at_length = env::var("TABLES").ok();
    let tables = at_length
        .as_ref()
        .map_or(10, |tables| tables.parse().expect("a number of tables"));
    let files = Folder::new(&[
        ("live.sql", &schema(tables, false)),
        ("wanted.sql", &schema(tables, true)),
    ]);
    let [live, wanted] = ["live.sql", "wanted.sql"].map(|name| files.path().join(name));
    let (full, folder) = (Database::empty().await, Folder::new(&[]));
    load(&full, &live).await.expect(0);
    let path = live.to_string_lossy();
    let arguments = ["check", "--schema", &path];
    let check = migrate(&full, &folder, &arguments);
    timed(&format!("check --schema, of {tables} tables"), check)
        .await
        .expect(0);
    let changes = tables.div_ceil(10);
    let what = format!("revision --autogenerate, of {changes} changes in {tables} tables");
    let change = autogenerate(&full, &folder, &wanted, &[]);
    timed(&what, change).await.expect(0);
    migrate(&full, &folder, &["upgrade"]).await.expect(0);
    let sql = "SELECT count(*) FROM pg_attribute WHERE attname = 'year'";
    assert_eq!(full.value::<i64>(sql, &[]).await, changes as i64);
    if at_length.is_none() {
        return;
    }
    let (pagila, schema) = (Database::migrated().await, root().join("sql/schema.sql"));
    let path = schema.to_string_lossy();
    let arguments = ["check", "--schema", &path];
    timed("check --schema, of Pagila", pagila.run(&arguments))
        .await
        .expect(0);
}
