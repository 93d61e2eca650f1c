//! What the databases do with a page: the list of a million users is read from an index, or its pages take seconds.

use std::marker::PhantomData;
use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Integer, Text};

use super::super::{Field, ListRequest, ListSpec, fold};
use crate::db::{DbBackend, DbConnection, migrate, users};

static USERS: LazyLock<ListSpec> = LazyLock::new(|| {
    let username = Field::text("username").column("users.username").nullable().sorted_as("users.username_sorted");
    let display_name = Field::text("display_name").column("users.display_name").nullable();
    let last_login_at = Field::timestamp("last_login_at").column("users.last_login_at").nullable();
    ListSpec::new("users", Field::uuid("id").column("users.id"))
        .field(Field::text("email").column("users.email").folded("users.email_normalized", fold))
        .field(username.folded("users.username_normalized", fold))
        .field(display_name.folded_or_empty("users.display_name_folded", fold))
        .field(Field::boolean("approved").column("users.approved"))
        .field(Field::timestamp("created_at").column("users.created_at"))
        .field(last_login_at.sorted_as("users.last_login_sorted"))
        .sorted_by("-created_at")
});

/// `EXPLAIN` of a query, answered in rows of `Row`.
#[derive(QueryId)]
struct Explain<Q, Row> {
    words: &'static str,
    query: Q,
    row: PhantomData<Row>,
}

impl<Q, Row> Query for Explain<Q, Row> {
    type SqlType = Row;
}

impl<Q, Row> RunQueryDsl<DbConnection> for Explain<Q, Row> {}

impl<Q: QueryFragment<DbBackend>, Row> QueryFragment<DbBackend> for Explain<Q, Row> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DbBackend>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql(self.words);
        self.query.walk_ast(out.reborrow())
    }
}

fn plan(connection: &mut DbConnection, request: &ListRequest) -> String {
    let path = request.access_path(connection).unwrap();
    let query = users::table.select(users::email).filter(request.predicate(path)).order(request.ordering()).limit(26);
    let lines = if matches!(connection, DbConnection::Sqlite(_)) {
        let explain =
            Explain::<_, (Integer, Integer, Integer, Text)> { words: "EXPLAIN QUERY PLAN ", query, row: PhantomData };
        let lines: Vec<(i32, i32, i32, String)> = explain.load(connection).unwrap();
        lines.into_iter().map(|(_, _, _, line)| line).collect::<Vec<_>>()
    } else {
        Explain::<_, Text> { words: "EXPLAIN ", query, row: PhantomData }.load(connection).unwrap()
    };
    lines.join("\n")
}

/// Whether the plan begins in the middle of an index instead of at its start.
fn is_range(plan: &str, index: &str) -> bool {
    // SQLite has the order of emails also from the constraint that makes them unique.
    if index == "users_by_email" && is_range(plan, "sqlite_autoindex_users_2") {
        return true;
    }
    plan.contains(&format!("SEARCH users USING INDEX {index} ("))
        || (plan.contains(&format!("using {index} on users")) && plan.contains("Index Cond"))
}

#[test]
fn users_are_read_in_order_from_an_index_wherever_the_page_begins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plans.db");
    let mut connections = vec![DbConnection::Sqlite(SqliteConnection::establish(path.to_str().unwrap()).unwrap())];
    if let Ok(url) = std::env::var("REEVE_TEST_POSTGRES_URL") {
        let mut postgres = PgConnection::establish(&url).unwrap();
        // A schema of its own, and plans as for a large table, although this one is empty.
        let schema = format!("plans_{}", std::process::id());
        postgres.batch_execute(&format!("CREATE SCHEMA {schema}; SET search_path = {schema}")).unwrap();
        postgres.batch_execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off").unwrap();
        connections.push(DbConnection::Postgres(postgres));
    }
    for connection in &mut connections {
        migrate(connection).unwrap();
        for (sort, index) in [
            ("created_at", "users_by_created_at"),
            ("email", "users_by_email"),
            ("username", "users_by_username"),
            ("display_name", "users_by_display_name"),
            ("last_login_at", "users_by_last_login_at"),
        ] {
            for sign in ["", "-"] {
                let mut request = ListRequest::parse(&USERS, &format!("sort={sign}{sort}"), &[]).unwrap().0;
                let first = plan(connection, &request);
                assert!(
                    (first.contains(index) || sort == "email") && !first.contains("B-TREE") && !first.contains("Sort"),
                    "{sort}: {first}"
                );
                request.go_on_after("1|x").unwrap();
                let later = plan(connection, &request);
                assert!(
                    is_range(&later, index) && !later.contains("B-TREE") && !later.contains("Sort"),
                    "{sort}: {later}"
                );
            }
        }
        let waiting = ListRequest::parse(&USERS, "filter=approved:eq:false", &[]).unwrap().0;
        let waiting = plan(connection, &waiting);
        assert!(waiting.contains("users_awaiting_approval"), "{waiting}");
    }
    for connection in &mut connections {
        if matches!(connection, DbConnection::Postgres(_)) {
            connection.batch_execute(&format!("DROP SCHEMA plans_{} CASCADE", std::process::id())).unwrap();
        }
    }
}
