//! `db/schema.rs` and the two folders of migrations say the same, and every migration can be undone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::harness::{EmptyStore, Kind, Server, Store};

/// Column name to kind and whether it may be null.
type Columns = BTreeMap<String, (String, bool)>;
type Tables = BTreeMap<String, Columns>;

fn migrations(kind: Kind) -> PathBuf {
    let folder = if kind == Kind::Sqlite { "sqlite" } else { "postgres" };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(folder)
}

fn names(kind: Kind) -> BTreeSet<String> {
    let entries = std::fs::read_dir(migrations(kind)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    nullable: bool,
}

fn introspect(store: &Store) -> Tables {
    let columns: Vec<Column> = match store.kind {
        Kind::Sqlite => diesel::sql_query(
            // Its indexes of trigrams and terms, and what they are made of, are SQLite's alone.
            "SELECT tables.name AS table_name, columns.name AS name, lower(columns.type) AS kind, \
                    columns.\"notnull\" = 0 AS nullable \
             FROM pragma_table_list AS tables, pragma_table_xinfo(tables.name) AS columns \
             WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
               AND tables.name NOT IN ('user_numbers') AND (tables.name, columns.name) <> ('audit_events', 'terms')",
        )
        .load(&mut store.open_sqlite())
        .unwrap(),
        Kind::Postgres => diesel::sql_query(
            "SELECT table_name::text, column_name::text AS name, lower(data_type)::text AS kind, is_nullable = 'YES' AS nullable \
             FROM information_schema.columns WHERE table_schema = 'public'",
        )
        .load(&mut PgConnection::establish(&store.url).unwrap())
        .unwrap(),
    };
    let mut tables = Tables::new();
    for column in columns {
        tables.entry(column.table_name).or_default().insert(column.name, (column.kind, column.nullable));
    }
    tables.remove("__diesel_schema_migrations");
    if store.kind == Kind::Sqlite {
        tables.values_mut().for_each(merge_integers);
    }
    tables
}

/// SQLite has one kind of whole number, and a key that counts by itself has to be called INTEGER.
fn merge_integers(columns: &mut Columns) {
    columns.values_mut().filter(|(kind, _)| kind == "bigint").for_each(|(kind, _)| "integer".clone_into(kind));
}

/// The tables in the text of `schema.rs`, as this kind of database calls the kinds of their columns.
fn declared(kind: Kind) -> Tables {
    let text = include_str!("../../src/db/schema.rs");
    let mut tables = Tables::new();
    for block in text.split("diesel::table! {").skip(1) {
        let (head, rest) = block.split_once('{').unwrap();
        let name = head.split_whitespace().next().unwrap().to_owned();
        let columns = rest.split_once('}').unwrap().0;
        let columns = columns.lines().filter_map(|line| line.trim().trim_end_matches(',').split_once(" -> "));
        let columns = columns.map(|(name, kind)| {
            let nullable = kind.starts_with("Nullable<");
            let kind = kind.trim_start_matches("Nullable<").trim_end_matches('>');
            let kind = match kind {
                "Text" => "text",
                "Bool" => "boolean",
                "BigInt" => "bigint",
                "Integer" => "integer",
                other => panic!("{other} is a kind of column that this test does not know yet"),
            };
            (name.to_owned(), (kind.to_owned(), nullable))
        });
        tables.insert(name, columns.collect());
    }
    assert!(tables.len() > 5);
    if kind == Kind::Sqlite {
        tables.values_mut().for_each(merge_integers);
    }
    tables
}

#[test]
fn both_databases_have_the_same_history_and_every_step_can_be_taken_back() {
    assert_eq!(names(Kind::Sqlite), names(Kind::Postgres), "the folders hold different migrations");
    for kind in [Kind::Sqlite, Kind::Postgres] {
        for name in names(kind) {
            for file in ["up.sql", "down.sql"] {
                let path = migrations(kind).join(&name).join(file);
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                assert!(!text.trim().is_empty(), "{} is missing or empty", path.display());
            }
        }
    }
}

both_databases! {
    fn the_code_believes_in_exactly_the_tables_that_the_migrations_make(store: std::sync::Arc<Store>) {
        let (declared, made) = (declared(store.kind), introspect(&store));
        assert_eq!(
            declared.keys().collect::<Vec<_>>(),
            made.keys().collect::<Vec<_>>(),
            "db/schema.rs (left) names other tables than the migrations make (right)"
        );
        for (table, columns) in &declared {
            assert_eq!(columns, &made[table], "db/schema.rs (left) and the migrations (right) differ in {table}");
        }
    }

    fn taking_every_step_back_leaves_nothing_and_the_steps_can_be_taken_again(empty: EmptyStore) {
        let store = &empty.0;
        let run = |file: &str, names: Vec<String>| {
            for name in names {
                let sql = std::fs::read_to_string(migrations(store.kind).join(&name).join(file)).unwrap();
                match store.kind {
                    Kind::Sqlite => store.open_sqlite().batch_execute(&sql),
                    Kind::Postgres => PgConnection::establish(&store.url).unwrap().batch_execute(&sql),
                }
                .unwrap_or_else(|error| panic!("{name}/{file}: {error}"));
            }
        };
        let forwards: Vec<_> = names(store.kind).into_iter().collect();
        let backwards: Vec<_> = forwards.iter().rev().cloned().collect();
        run("up.sql", forwards.clone());
        assert_eq!(introspect(store), declared(store.kind));
        run("down.sql", backwards);
        assert_eq!(introspect(store), Tables::new());
        let left = match store.kind {
            Kind::Sqlite => store.texts("SELECT name AS value FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'"),
            Kind::Postgres => store.texts("SELECT proname::text AS value FROM pg_proc WHERE pronamespace = 'public'::regnamespace"),
        };
        assert_eq!(left, Vec::<String>::new(), "the way back leaves something behind");
        run("up.sql", forwards);
        assert_eq!(introspect(store), declared(store.kind));
    }

    fn two_processes_that_start_together_on_an_empty_store_both_come_up(empty: EmptyStore) {
        let store = &empty.0;
        let servers: Vec<_> = std::thread::scope(|scope| {
            let starting: Vec<_> = (0..3).map(|_| scope.spawn(|| Server::start(store, &[]))).collect();
            starting.into_iter().map(|server| server.join().unwrap()).collect()
        });
        for server in &servers {
            server.stranger().get("/health/ready").expect(200);
        }
        let keys: BTreeSet<_> = servers.iter().map(|server| server.stranger().get("/.well-known/jwks.json").text()).collect();
        assert_eq!(keys.len(), 1, "the processes sign with different keys");
    }

    fn what_happened_can_not_be_rewritten(server: Server) {
        server.admin();
        let store = &server.store;
        let events = || store.texts("SELECT action AS value FROM audit_events ORDER BY seq");
        let before = events();
        assert!(!before.is_empty());
        for sql in ["UPDATE audit_events SET actor_email = 'x'", "DELETE FROM audit_events"] {
            let refused = match store.kind {
                Kind::Sqlite => store.open_sqlite().batch_execute(sql),
                Kind::Postgres => PgConnection::establish(&store.url).unwrap().batch_execute(sql),
            };
            assert!(refused.is_err(), "{sql} was let through");
        }
        assert_eq!(events(), before);
    }
}
