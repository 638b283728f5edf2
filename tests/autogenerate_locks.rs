//! Whether the requests of others go on while the files of `revision --autogenerate` are applied. With
//! LOCKS_ROWS, as in `make locks`, their waits are measured, beside those for one plain statement.

use std::{
    env,
    time::{Duration, Instant},
};

use crate::autogenerate_pairs::{autogenerate, migrate};
use crate::harness::{
    Database,
    migrations::Folder,
    traffic::{Load, Seen, Traffic},
};

const BASE: &str = "
CREATE TABLE shop (id integer PRIMARY KEY);
CREATE TABLE item (
    id bigint PRIMARY KEY, sold integer NOT NULL DEFAULT 0, code bigint, shop integer, size integer, year integer,
    brand integer, weight integer, name varchar(40), CONSTRAINT item_sold_check CHECK (sold >= 0) NOT VALID);
CREATE INDEX item_brand ON item (brand);
CREATE INDEX item_year ON item (year);
CREATE TABLE sale (id bigint NOT NULL, sold integer NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE sale_old (id bigint PRIMARY KEY, sold integer NOT NULL);
";

/// Which statements have a lock that keeps writers waiting, and read the table with it.
const PROBE: &str = "
CREATE TABLE probe (command text);
CREATE FUNCTION begin_probe() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_catalog.set_config('probe.scans', (
        SELECT json_object_agg(oid, pg_stat_get_xact_numscans(oid)) FROM pg_class WHERE relkind = 'r')::text, false);
END $$;
CREATE FUNCTION end_probe() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.probe SELECT DISTINCT current_query() FROM pg_locks
    WHERE pid = pg_backend_pid() AND locktype = 'relation'
        AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        AND relation IN ('public.item'::regclass, 'public.sale_old'::regclass)
        AND pg_stat_get_xact_numscans(relation)
            > (current_setting('probe.scans')::json ->> relation::text)::bigint;
END $$;
CREATE EVENT TRIGGER begin_probe ON ddl_command_start EXECUTE FUNCTION begin_probe();
CREATE EVENT TRIGGER end_probe ON ddl_command_end EXECUTE FUNCTION end_probe();
";

/// What keeps writers waiting until the table has been read.
#[derive(Clone, Copy, PartialEq)]
enum Blocks {
    Neither,
    Statement,
    /// The statement and the files, which have these words.
    Both(&'static str),
}
use Blocks::{Both, Neither, Statement};

/// A change, the table that it changes, and the statement that a person would write.
struct Change(&'static str, &'static str, &'static str, Blocks);

const CHANGES: [Change; 13] = [
    Change(
        "add an index",
        "item",
        "CREATE INDEX item_shop ON item (shop)",
        Statement,
    ),
    Change(
        "change an index",
        "item",
        "DROP INDEX item_brand; CREATE INDEX item_brand ON item (brand, shop)",
        Statement,
    ),
    Change("drop an index", "item", "DROP INDEX item_year", Neither),
    Change(
        "add a unique constraint",
        "item",
        "ALTER TABLE item ADD CONSTRAINT item_code_key UNIQUE (code)",
        Statement,
    ),
    Change(
        "add a foreign key",
        "item",
        "ALTER TABLE item ADD CONSTRAINT item_shop_fkey FOREIGN KEY (shop) REFERENCES shop",
        Statement,
    ),
    Change(
        "add a check",
        "item",
        "ALTER TABLE item ADD CONSTRAINT item_size_check CHECK (size > 0)",
        Statement,
    ),
    Change(
        "validate a check",
        "item",
        "ALTER TABLE item VALIDATE CONSTRAINT item_sold_check",
        Neither,
    ),
    Change(
        "set NOT NULL",
        "item",
        "ALTER TABLE item ALTER COLUMN code SET NOT NULL",
        Statement,
    ),
    Change(
        "add a column with a constant default",
        "item",
        "ALTER TABLE item ADD COLUMN stock integer NOT NULL DEFAULT 0",
        Neither,
    ),
    Change(
        "varchar(40) to text",
        "item",
        "ALTER TABLE item ALTER COLUMN name TYPE text",
        Neither,
    ),
    Change(
        "integer to bigint",
        "item",
        "ALTER TABLE item ALTER COLUMN weight TYPE bigint",
        Both("ALTER COLUMN weight TYPE bigint"),
    ),
    Change(
        "add a column with a volatile default",
        "item",
        "ALTER TABLE item ADD COLUMN token uuid DEFAULT gen_random_uuid()",
        Both("ADD COLUMN token uuid DEFAULT"),
    ),
    Change(
        "attach a partition",
        "sale_old",
        "ALTER TABLE sale ATTACH PARTITION sale_old FOR VALUES FROM (0) TO (1000000000)",
        Statement,
    ),
];

/// A database with rows.
async fn filled(rows: i64) -> Database {
    let database = Database::empty().await;
    database.execute(BASE).await;
    let fill = format!(
        "INSERT INTO shop SELECT generate_series(0, 99);
        INSERT INTO item SELECT n, 0, n, n % 100, 1, n % 50, n % 1000, 1, 'item number ' || n
            FROM generate_series(1, {rows}) AS n;
        INSERT INTO sale_old SELECT id, sold FROM item"
    );
    database.execute(&fill).await;
    database.execute("VACUUM ANALYZE").await;
    database
}

/// The files that lead to the base with these changes.
async fn generated(database: &Database, folder: &Folder, changes: &[Change]) {
    let statements = changes.iter().map(|change| format!("{};\n", change.2));
    let wanted = BASE.to_owned() + &statements.collect::<String>();
    let files = Folder::new(&[("schema.sql", &wanted)]);
    let schema = files.path().join("schema.sql");
    autogenerate(database, folder, &schema, &[]).await.expect(0);
}

async fn blocking(database: &Database) -> Vec<String> {
    let sql = "SELECT coalesce(array_agg(command), '{}') FROM probe";
    database.value(sql, &[]).await
}

#[tokio::test]
async fn no_writer_waits_for_a_scan_that_can_be_done_beside_it() {
    let (plain, split) = (filled(100).await, filled(100).await);
    plain.execute(PROBE).await;
    for Change(name, _, statement, blocks) in CHANGES {
        plain.execute(statement).await;
        let is_blocking = blocking(&plain).await.iter().any(|one| one == statement);
        assert_eq!(is_blocking, blocks != Neither, "{name}");
    }
    let folder = Folder::new(&[]);
    generated(&split, &folder, &CHANGES).await;
    split.execute(PROBE).await;
    migrate(&split, &folder, &["upgrade"]).await.expect(0);
    let found = blocking(&split).await;
    let known = CHANGES.iter().filter_map(|change| match change.3 {
        Both(words) => Some(words),
        _ => None,
    });
    let known: Vec<_> = known.collect();
    let is_known = |one: &String| known.iter().any(|words| one.contains(words));
    assert!(
        found.len() == known.len() && found.iter().all(is_known),
        "{found:#?}"
    );
}

/// Writes and reads a table beside some work. Returns how long that took, and what the two saw.
async fn beside(
    database: &Database,
    table: &str,
    rows: i64,
    work: impl Future<Output = ()>,
) -> (Duration, Vec<Seen>) {
    database.execute("CHECKPOINT").await;
    let load = |sql| Load {
        sql,
        after: None,
        span: rows,
    };
    let write = load(format!("UPDATE {table} SET sold = sold + 1 WHERE id = $1"));
    let read = load(format!("SELECT sold FROM {table} WHERE id = $1"));
    let traffic = Traffic::start(database, vec![write, read]).await;
    let started = Instant::now();
    work.await;
    let took = started.elapsed();
    (took, traffic.stop().await)
}

#[tokio::test]
async fn the_waits_of_others_are_measured() {
    let at_length = env::var("LOCKS_ROWS").ok();
    let rows = at_length
        .as_ref()
        .map_or(100, |rows| rows.parse().expect("a number of rows"));
    let count = if at_length.is_some() {
        CHANGES.len()
    } else {
        1
    };
    let (plain, split) = (filled(rows).await, filled(rows).await);
    let folder = Folder::new(&[]);
    println!("{rows} rows; seconds: the change, the longest wait of a writer and of a reader");
    println!(
        "{:38}{:>24}{:>24}",
        "", "generated files", "plain statement"
    );
    for (at, Change(name, table, statement, _)) in CHANGES[..count].iter().enumerate() {
        generated(&split, &folder, &CHANGES[..=at]).await;
        let upgrade = async {
            migrate(&split, &folder, &["upgrade"]).await.expect(0);
        };
        let ways = [
            beside(&split, table, rows, upgrade).await,
            beside(&plain, table, rows, plain.execute(statement)).await,
        ];
        let figures = ways.iter().map(|(took, seen)| {
            let [took, writer, reader] = [*took, seen[0].longest, seen[1].longest]
                .map(|time| format!("{:8.2}", time.as_secs_f64()));
            took + &writer + &reader
        });
        println!("{name:38}{}", figures.collect::<String>());
        let seen = ways.iter().flat_map(|(_, seen)| seen);
        for one in seen {
            assert!(one.requests > 0 && one.failed == 0, "{name}: {one:?}");
        }
    }
}
