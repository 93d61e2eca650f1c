//! What the same machine does without Reeve: fixed answers, and bare queries through the same pool.
//!
//! `GET /api/v1/me` answers fixed JSON. `GET /api/v1/users` and `/users/{id}` run the queries that Reeve runs for them, and
//! then answer fixed JSON too: nobody is authenticated or authorized, nothing is logged, parsed or serialized.

use std::error::Error;
use std::net::TcpListener;

use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use reeve::db::{Database, DatabaseUrl, DbConnection, KeepPrepared, padded, roles, user_roles, users};
use reeve::features::users::UserRow;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The answers, as large as Reeve's.
#[derive(Clone)]
struct Answers {
    me: web::Bytes,
    list: web::Bytes,
    user: web::Bytes,
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, me, list, user] = arguments.as_slice() else {
        return Err("usage: limits DATABASE_URL BYTES_OF_ME BYTES_OF_LIST BYTES_OF_USER".into());
    };
    let cores = std::thread::available_parallelism()?.get();
    // As many threads and connections as Reeve has.
    let database = Database::start(&DatabaseUrl::parse(url)?, (cores * 2).clamp(4, 16))?;
    let answers = Answers { me: json_of(me.parse()?), list: json_of(list.parse()?), user: json_of(user.parse()?) };
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("The limit listens on http://{}", listener.local_addr()?);
    let app = move || {
        App::new()
            .app_data(web::Data::new(database.clone()))
            .app_data(web::Data::new(answers.clone()))
            .route("/api/v1/me", web::get().to(fixed))
            .route("/api/v1/users", web::get().to(bare_list))
            .route("/api/v1/users/{id}", web::get().to(bare_user))
    };
    HttpServer::new(app).workers(cores).listen(listener)?.run().await?;
    Ok(())
}

/// A JSON text of so many bytes.
fn json_of(bytes: usize) -> web::Bytes {
    format!("\"{}\"", "x".repeat(bytes.saturating_sub(2))).into()
}

fn json(body: &web::Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(body.clone())
}

async fn fixed(answers: web::Data<Answers>) -> HttpResponse {
    json(&answers.me)
}

async fn bare_list(database: web::Data<Database>, answers: web::Data<Answers>) -> Result<HttpResponse, Box<dyn Error>> {
    let rows = database.read(list).await?;
    Ok(if rows.is_empty() { HttpResponse::NotFound().finish() } else { json(&answers.list) })
}

async fn bare_user(
    database: web::Data<Database>,
    answers: web::Data<Answers>,
    id: web::Path<String>,
) -> Result<HttpResponse, Box<dyn Error>> {
    let id = id.into_inner();
    let found = database.read(move |connection| user(connection, &id)).await?;
    Ok(if found.is_none() { HttpResponse::NotFound().finish() } else { json(&answers.user) })
}

/// Runs a query on the database's own connection, as Reeve does with those that it runs all the time.
macro_rules! natively {
    ($connection:expr, |$native:ident| $query:expr) => {
        match $connection {
            DbConnection::Postgres($native) => $query,
            DbConnection::Sqlite($native) => $query,
        }
    };
}

type PlacedUser = (UserRow, String, i64);

fn list(connection: &mut DbConnection) -> QueryResult<Vec<PlacedUser>> {
    let place = sql::<Text>("CAST(users.created_at AS TEXT) || '|' || CAST(users.id AS TEXT)");
    let count = sql::<BigInt>("(SELECT row_count FROM row_counts WHERE table_name = 'users')");
    let rows: Vec<PlacedUser> = users::table
        .order((users::created_at, users::id))
        .limit(26)
        .select((UserRow::as_select(), place, count))
        .keep_prepared()
        .load(connection)?;
    let ids: Vec<&str> = rows.iter().take(25).map(|(row, ..)| row.id.as_str()).collect();
    let _: Vec<(String, String)> = natively!(connection, |native| {
        user_roles::table
            .inner_join(roles::table)
            .filter(user_roles::user_id.eq_any(padded(&ids)))
            .select((user_roles::user_id, roles::name))
            .keep_prepared()
            .load(native)
    })?;
    Ok(rows)
}

fn user(connection: &mut DbConnection, id: &str) -> QueryResult<Option<UserRow>> {
    let row = natively!(connection, |native| users::table.find(id).select(UserRow::as_select()).first(native));
    let row = row.optional()?;
    let names = user_roles::table.inner_join(roles::table).filter(user_roles::user_id.eq(id)).select(roles::name);
    let _: Vec<String> = natively!(connection, |native| names.load(native))?;
    Ok(row)
}
