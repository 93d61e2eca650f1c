//! Whole files, over more rows than are read at once.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::body::to_bytes;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde::Serialize;

use super::{ExportFile, Format, export};
use crate::db::{Database, DatabaseUrl, roles};
use crate::http::list::{Field, ListRequest, ListSpec};

static ROLES: LazyLock<ListSpec> =
    LazyLock::new(|| ListSpec::new("roles", Field::uuid("id")).field(Field::text("name")).sorted_by("-name"));

#[derive(Serialize, Queryable, Selectable)]
struct Role {
    name: String,
    description: String,
    protected: bool,
}

/// A store with so many roles.
async fn store(number: usize, folder: &tempfile::TempDir) -> Database {
    let url = format!("sqlite://{}", folder.path().join("store.db").display());
    let database = Database::start(&DatabaseUrl::parse(&url).unwrap(), 1).unwrap();
    let fill = format!(
        "CREATE TABLE roles (id TEXT PRIMARY KEY, name TEXT, description TEXT, protected BOOLEAN);
         INSERT INTO roles WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {number})
         SELECT printf('%05d', n), printf('%03d', n / 2), '=' || n, n = 1 FROM numbers WHERE {number} > 0"
    );
    database.administer(move |connection| Ok(connection.batch_execute(&fill)?)).await.unwrap();
    database
}

async fn file(database: &Database, query: &'static str, format: Format) -> HttpResponse {
    let request = ListRequest::parse_whole(&ROLES, query, &[]).unwrap().0;
    let file = ExportFile { name: "roles", columns: &["name", "description", "protected"], format };
    export(database, request, file, |connection, request| {
        request.load_chunk::<_, _, Role>(connection, roles::table, Role::as_select())
    })
    .await
    .unwrap()
}

async fn body(response: HttpResponse) -> Vec<u8> {
    to_bytes(response.into_body()).await.map_err(|_| ()).unwrap().to_vec()
}

#[actix_web::test]
async fn every_row_is_in_the_file_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    // One more than two chunks, each of which reads one row beyond its limit.
    for number in [0, 1, 501, 1_003] {
        let database = store(number, &folder).await;
        let csv = String::from_utf8(body(file(&database, "", Format::Csv).await).await).unwrap();
        let lines: Vec<_> = csv.lines().collect();
        assert_eq!(lines[0], "name,description,protected");
        assert_eq!(lines.len(), number + 1);
        for (line, n) in lines[1..].iter().zip((1..=number).rev()) {
            assert_eq!(*line, format!("{:03},'={n},{}", n / 2, n == 1));
        }
        let json: Vec<serde_json::Value> =
            serde_json::from_slice(&body(file(&database, "sort=id", Format::Json).await).await).unwrap();
        assert_eq!(json.len(), number);
        let ndjson =
            String::from_utf8(body(file(&database, "filter=name:ne:250", Format::Ndjson).await).await).unwrap();
        let of_250 = (1..=number).filter(|n| n / 2 == 250).count();
        assert_eq!(ndjson.lines().count(), number - of_250);
        std::fs::remove_file(folder.path().join("store.db")).unwrap();
    }
}

#[actix_web::test]
async fn a_workbook_is_one_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let database = store(1_003, &folder).await;
    let response = file(&database, "", Format::Xlsx).await;
    assert_eq!(response.headers().get(CONTENT_DISPOSITION).unwrap(), "attachment; filename=\"roles.xlsx\"");
    assert_eq!(response.headers().get(CONTENT_TYPE).unwrap(), Format::Xlsx.content_type());
    let bytes = body(response).await;
    if let Ok(path) = std::env::var("KEEP_XLSX") {
        std::fs::write(path, &bytes).unwrap();
    }
    assert!(bytes.starts_with(b"PK") && bytes.len() > 10_000);
}
