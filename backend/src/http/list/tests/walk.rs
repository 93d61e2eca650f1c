//! Walking through a list by cursor.

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::test_runner::Config;

use super::super::{ListRequest, in_memory};
use super::samples::{SAMPLES, ask, check, insert, load, sample, sort};

/// A row that a walk skips or shows twice is one that an export or a clean-up gets wrong.
#[test]
fn a_walk_meets_every_row_once_and_in_order_while_others_are_added() {
    let cases = (prop::collection::vec(sample(), 1..40), prop::collection::vec(sample(), 40), sort(), 1..8_i64);
    check(60, cases, |databases, (rows, latecomers, sort, limit)| {
        databases.fill(&rows);
        let expected = in_memory(&ask(&format!("limit=200&sort={sort}")), rows.clone()).unwrap();
        let expected: Vec<_> = expected.items.into_iter().map(|row| row.id).collect();
        let known: HashSet<_> = expected.iter().cloned().collect();
        for connection in &mut databases.connections {
            let mut latecomers = latecomers.iter();
            let mut query = format!("limit={limit}&sort={sort}");
            let (mut met, mut pages) = (Vec::new(), 0);
            loop {
                let page = load(connection, &ask(&query));
                prop_assert!(page.items.len() <= usize::try_from(limit).unwrap());
                met.extend(page.items);
                pages += 1;
                prop_assert!(pages < 200);
                let Some(cursor) = page.next_cursor else { break };
                query = format!("limit={limit}&sort={sort}&cursor={cursor}");
                latecomers.next().into_iter().for_each(|row| insert(connection, row));
            }
            let distinct: HashSet<_> = met.iter().collect();
            prop_assert_eq!(distinct.len(), met.len(), "a row was met twice");
            met.retain(|id| known.contains(id));
            prop_assert_eq!(&met, &expected);
        }
        Ok(())
    });
}

/// The lists in memory page by the same cursors.
#[test]
fn memory_is_walked_alike() {
    proptest!(Config { cases: 100, failure_persistence: None, ..Config::default() }, |(
        rows in prop::collection::vec(sample(), 1..40), sort in sort(), limit in 1..8_i64,
    )| {
        let whole = in_memory(&ask(&format!("limit=200&sort={sort}")), rows.clone()).unwrap();
        let (mut met, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = in_memory(&ask(&format!("limit={limit}&sort={sort}{cursor}")), rows.clone()).unwrap();
            met.extend(page.items.into_iter().map(|row| row.id));
            let Some(next) = page.next_cursor else { break };
            cursor = format!("&cursor={next}");
        }
        prop_assert_eq!(met, whole.items.into_iter().map(|row| row.id).collect::<Vec<_>>());
    });
}

#[test]
fn pages_by_number_and_by_cursor_are_the_same_pages() {
    check(30, prop::collection::vec(sample(), 11..12), |databases, rows| {
        databases.fill(&rows);
        for connection in &mut databases.connections {
            let first = load(connection, &ask("limit=4&sort=-moment,name"));
            prop_assert_eq!((first.total, first.total_is_estimate), (11, false));
            let cursor = first.next_cursor.unwrap();
            let by_cursor = load(connection, &ask(&format!("limit=4&sort=-moment,name&cursor={cursor}")));
            let by_number = load(connection, &ask("limit=4&sort=-moment,name&page=2"));
            prop_assert_eq!(&by_cursor.items, &by_number.items);
            prop_assert_eq!(by_cursor.total, 11);
            prop_assert_eq!(&by_cursor.next_cursor, &by_number.next_cursor);
            let last = load(connection, &ask("limit=4&sort=-moment,name&page=3"));
            prop_assert_eq!((last.items.len(), last.next_cursor, last.total), (3, None, 11));
            let beyond = load(connection, &ask("limit=4&sort=-moment,name&page=9"));
            prop_assert_eq!((beyond.items.len(), beyond.next_cursor, beyond.total), (0, None, 11));
        }
        Ok(())
    });
}

#[test]
fn a_large_list_is_counted_up_to_a_bound() {
    static FEW: std::sync::LazyLock<super::super::ListSpec> =
        std::sync::LazyLock::new(|| SAMPLES.clone().counted_up_to(5));
    check(1, prop::collection::vec(sample(), 12..13), |databases, rows| {
        databases.fill(&rows);
        let request = ListRequest::parse(&FEW, "limit=2", &[]).unwrap().0;
        for connection in &mut databases.connections {
            let page = load(connection, &request);
            prop_assert_eq!((page.total, page.total_is_estimate), (5, true));
        }
        Ok(())
    });
}

/// The size of a whole table comes from where it is kept, on every page.
#[test]
fn a_kept_count_is_exact_wherever_the_page_is() {
    static KEPT: std::sync::LazyLock<super::super::ListSpec> =
        std::sync::LazyLock::new(|| SAMPLES.clone().counted_up_to(5).row_count("samples"));
    check(1, prop::collection::vec(sample(), 12..13), |databases, rows| {
        databases.fill(&rows);
        for connection in &mut databases.connections {
            for (query, total) in [("", (12, false)), ("page=9", (12, false)), ("filter=id:not_null", (5, true))] {
                let page = load(connection, &ListRequest::parse(&KEPT, &format!("limit=2&{query}"), &[]).unwrap().0);
                prop_assert_eq!((page.total, page.total_is_estimate), total, "{}", query);
            }
        }
        Ok(())
    });
}
