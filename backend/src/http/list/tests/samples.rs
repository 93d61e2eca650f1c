//! A table with a column of every kind, nulls in all that may have them, and letters that databases fold differently.

use std::cell::RefCell;
use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde::Serialize;
use uuid::Uuid;

use super::super::{Field, ListRequest, ListSpec, Page, Terms, fold};
use crate::db::{DbConnection, Timestamp};

diesel::table! {
    samples (id) {
        id -> Text,
        name -> Nullable<Text>,
        name_folded -> Nullable<Text>,
        title -> Nullable<Text>,
        title_folded -> Text,
        plain -> Nullable<Text>,
        texts -> Text,
        flag -> Nullable<Bool>,
        number -> Nullable<BigInt>,
        moment -> Nullable<BigInt>,
        sure -> Bool,
    }
}

diesel::table! {
    sample_tags (sample_id, tag) {
        sample_id -> Text,
        tag -> Text,
    }
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Sample {
    pub(super) id: String,
    pub(super) name: Option<String>,
    /// The name once more, found by other means.
    pub(super) folded: Option<String>,
    pub(super) title: Option<String>,
    pub(super) plain: Option<String>,
    pub(super) flag: Option<bool>,
    pub(super) number: Option<i64>,
    pub(super) moment: Option<Timestamp>,
    pub(super) sure: bool,
    pub(super) tags: Vec<String>,
}

pub(super) static SAMPLES: LazyLock<ListSpec> = LazyLock::new(|| {
    let by_column =
        |field: Field, column: &'static str| field.indexed("SELECT samples.id AS key FROM samples WHERE", column);
    let by_parts = |field: Field| {
        let keys = "SELECT sample_numbers.sample_id AS key FROM sample_trigrams \
                    INNER JOIN sample_numbers ON sample_numbers.number = sample_trigrams.rowid WHERE sample_trigrams MATCH";
        field.found_by_parts(keys, "samples.texts")
    };
    // The rows that are not sure are those that the index doesn't know yet.
    let by_terms = |prefix, column| {
        let keys = "SELECT sample_numbers.sample_id AS key FROM sample_terms \
                    INNER JOIN sample_numbers ON sample_numbers.number = sample_terms.rowid WHERE sample_terms MATCH";
        Terms::new(prefix, keys, "SELECT samples.id AS key FROM samples WHERE NOT samples.sure AND", column)
    };
    let name = Field::text("name").column("samples.name").nullable().folded("samples.name_folded", fold);
    let title = Field::text("title").column("samples.title").nullable().folded_or_empty("samples.title_folded", fold);
    ListSpec::new("samples", Field::uuid("id").column("samples.id"))
        .field(by_parts(by_column(name, "samples.name_folded")))
        .field(by_parts(by_column(title, "samples.title_folded")))
        .field(Field::text("plain").column("samples.plain").nullable().found_by_terms(by_terms("p", "samples.plain")))
        .field(Field::boolean("flag").column("samples.flag").nullable())
        .field(by_column(Field::integer("number").column("samples.number").nullable(), "samples.number"))
        .field(
            Field::text("folded")
                .column("samples.name")
                .nullable()
                .folded("samples.name_folded", fold)
                .found_by_terms(by_terms("n", "samples.name_folded")),
        )
        .field(Field::timestamp("moment").column("samples.moment").nullable())
        .field(by_column(Field::boolean("sure").column("samples.sure"), "samples.sure"))
        .field(
            Field::many("tags", "SELECT 1 FROM sample_tags WHERE sample_tags.sample_id = samples.id")
                .column("sample_tags.tag")
                .indexed("SELECT sample_tags.sample_id AS key FROM sample_tags WHERE", "sample_tags.tag"),
        )
});

const TABLES: &str = "
    CREATE TABLE samples (
        id TEXT{C} PRIMARY KEY, name TEXT{C}, name_folded TEXT{C}, title TEXT{C}, title_folded TEXT{C} NOT NULL, plain TEXT{C},
        texts TEXT{C} NOT NULL,
        flag BOOLEAN, number BIGINT, moment BIGINT, sure BOOLEAN NOT NULL);
    CREATE INDEX samples_by_name ON samples (COALESCE(name_folded, ''), id);
    CREATE INDEX samples_by_number ON samples (COALESCE(number, 0), id);
    CREATE TABLE row_counts (table_name TEXT, row_count BIGINT);
    INSERT INTO row_counts VALUES ('samples', 12);
    CREATE TABLE sample_tags (sample_id TEXT{C}, tag TEXT{C}, PRIMARY KEY (sample_id, tag));";

/// As the migrations make it for the users.
const TRIGRAMS: &str = "
    CREATE VIRTUAL TABLE sample_trigrams USING fts5(
        texts, content = '', columnsize = 0, detail = 'none', tokenize = 'trigram case_sensitive 1');
    CREATE VIRTUAL TABLE sample_terms USING fts5(terms, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii');
    CREATE TABLE sample_numbers (number INTEGER NOT NULL PRIMARY KEY, sample_id TEXT NOT NULL UNIQUE);
    CREATE TRIGGER samples_added AFTER INSERT ON samples
    BEGIN
        INSERT INTO sample_numbers (sample_id) VALUES (NEW.id);
        INSERT INTO sample_trigrams (rowid, texts) SELECT number, NEW.texts FROM sample_numbers WHERE sample_id = NEW.id;
        INSERT INTO sample_terms (rowid, terms)
            SELECT number, COALESCE('p' || hex(NEW.plain), '') || COALESCE(' n' || hex(NEW.name_folded), '')
            FROM sample_numbers WHERE sample_id = NEW.id AND NEW.sure;
    END;
    CREATE TRIGGER samples_removed AFTER DELETE ON samples
    BEGIN
        INSERT INTO sample_trigrams (sample_trigrams, rowid, texts)
            SELECT 'delete', number, OLD.texts FROM sample_numbers WHERE sample_id = OLD.id;
        INSERT INTO sample_terms (sample_terms, rowid, terms)
            SELECT 'delete', number, COALESCE('p' || hex(OLD.plain), '') || COALESCE(' n' || hex(OLD.name_folded), '')
            FROM sample_numbers WHERE sample_id = OLD.id AND OLD.sure;
        DELETE FROM sample_numbers WHERE sample_id = OLD.id;
    END;";

/// A connection to every database that is to be had, with the tables empty.
pub(super) struct Databases {
    pub(super) connections: Vec<DbConnection>,
    _folder: tempfile::TempDir,
}

impl Databases {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.db");
        let mut sqlite = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        sqlite.batch_execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY").unwrap();
        sqlite.batch_execute(&TABLES.replace("{C}", "")).unwrap();
        sqlite.batch_execute(TRIGRAMS).unwrap();
        let mut connections = vec![DbConnection::Sqlite(sqlite)];
        if let Ok(url) = std::env::var("REEVE_TEST_POSTGRES_URL") {
            let mut postgres = PgConnection::establish(&url).unwrap();
            // Temporary tables are gone with the connection, and no other test sees them.
            let tables = TABLES.replace("{C}", " COLLATE \"C\"").replace("CREATE TABLE", "CREATE TEMPORARY TABLE");
            postgres.batch_execute(&tables).unwrap();
            connections.push(DbConnection::Postgres(postgres));
        }
        Self { connections, _folder: folder }
    }

    pub(super) fn fill(&mut self, rows: &[Sample]) {
        for connection in &mut self.connections {
            connection.batch_execute("DELETE FROM samples; DELETE FROM sample_tags").unwrap();
            for row in rows {
                insert(connection, row);
            }
        }
    }
}

pub(super) fn insert(connection: &mut DbConnection, row: &Sample) {
    diesel::insert_into(samples::table)
        .values((
            samples::id.eq(&row.id),
            samples::name.eq(&row.name),
            samples::name_folded.eq(row.name.as_deref().map(fold)),
            samples::title.eq(&row.title),
            samples::title_folded.eq(row.title.as_deref().map(fold).unwrap_or_default()),
            samples::plain.eq(&row.plain),
            samples::texts.eq([&row.name, &row.title]
                .into_iter()
                .flatten()
                .map(|text| fold(text))
                .collect::<Vec<_>>()
                .join("\n")),
            samples::flag.eq(row.flag),
            samples::number.eq(row.number),
            samples::moment.eq(row.moment.map(Timestamp::as_micros)),
            samples::sure.eq(row.sure),
        ))
        .execute(connection)
        .unwrap();
    for tag in &row.tags {
        let values = (sample_tags::sample_id.eq(&row.id), sample_tags::tag.eq(tag));
        diesel::insert_into(sample_tags::table).values(values).execute(connection).unwrap();
    }
}

/// The ids of a page as the database gives it.
pub(super) fn load(connection: &mut DbConnection, request: &ListRequest) -> Page<String> {
    request.load(connection, samples::table, samples::id).unwrap()
}

pub(super) fn ask(query: &str) -> ListRequest {
    ListRequest::parse(&SAMPLES, query, &[]).unwrap().0
}

pub(super) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

/// Checks `cases` random values of a strategy on all databases.
pub(super) fn check<S: Strategy>(
    cases: u32,
    strategy: S,
    test: impl Fn(&mut Databases, S::Value) -> Result<(), TestCaseError>,
) {
    let databases = RefCell::new(Databases::new());
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner.run(&strategy, |value| test(&mut databases.borrow_mut(), value)).unwrap();
}

/// Short texts of letters whose case, width or meaning to `LIKE` could be got wrong.
pub(super) fn text() -> impl Strategy<Value = String> + Clone {
    let letters = prop::sample::select("aAbBäÄßςσΣİıſ%_\\'\"(),|~: \u{301}é\u{10ffff}".chars().collect::<Vec<_>>());
    // Long enough for trigrams, and of so few letters that they are often found.
    let few = prop::sample::select("aAb%_\"".chars().collect::<Vec<_>>());
    let texts = prop_oneof![prop::collection::vec(letters, 0..4), prop::collection::vec(few, 0..9)];
    texts.prop_map(|letters| letters.into_iter().collect())
}

pub(super) fn number() -> impl Strategy<Value = i64> + Clone {
    prop_oneof![4 => -3..4_i64, 1 => Just(i64::MAX), 1 => Just(i64::MIN)]
}

pub(super) fn moment() -> impl Strategy<Value = Timestamp> + Clone {
    (-3..4_i64).prop_map(|micros| Timestamp::from_micros(micros * 500_000))
}

pub(super) fn sample() -> impl Strategy<Value = Sample> {
    let texts = (prop::option::of(text()), prop::option::of(text()), prop::option::of(text()));
    let others =
        (prop::option::of(any::<bool>()), prop::option::of(number()), prop::option::of(moment()), any::<bool>());
    let tags = prop::collection::btree_set(text(), 0..3).prop_map(|tags| tags.into_iter().collect());
    (any::<u128>(), texts, others, tags).prop_map(|(id, (name, title, plain), (flag, number, moment, sure), tags)| {
        let (id, folded) = (Uuid::from_u128(id).to_string(), name.clone());
        Sample { id, name, folded, title, plain, flag, number, moment, sure, tags }
    })
}

/// An order of one to four fields.
pub(super) fn sort() -> impl Strategy<Value = String> {
    let fields =
        prop::sample::subsequence(vec!["name", "title", "plain", "flag", "number", "moment", "sure", "id"], 1..=4);
    (fields.prop_shuffle(), any::<u8>()).prop_map(|(fields, directions)| {
        let signs = (0..fields.len()).map(|index| if directions >> index & 1 == 1 { "-" } else { "" });
        fields.iter().zip(signs).map(|(field, sign)| format!("{sign}{field}")).collect::<Vec<_>>().join(",")
    })
}
