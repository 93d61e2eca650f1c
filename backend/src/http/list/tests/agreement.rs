//! The databases and the memory give the same answers to the same questions.

use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use proptest::prelude::*;

use super::super::filter::{Filter, Operator};
use super::super::{ListRequest, ListSpec, fold, in_memory};
use super::samples::{SAMPLES, ask, check, encoded, load, moment, number, sample, sort, text};

const FIELDS: [&str; 9] = ["name", "folded", "title", "plain", "tags", "number", "moment", "flag", "sure"];

/// A test of the samples whose operator and values suit the field.
fn test() -> impl Strategy<Value = Filter> {
    let values = (text(), number(), moment(), any::<bool>());
    let of_kind = |field: &str, (text, number, moment, flag): (String, i64, _, bool)| match field {
        "number" => number.to_string(),
        "moment" => ToString::to_string(&moment),
        "flag" | "sure" => flag.to_string(),
        _ => text,
    };
    let parts =
        (prop::sample::select(&FIELDS[..]), prop::sample::select(Operator::ALL), prop::collection::vec(values, 1..4));
    parts.prop_filter_map("the operator suits the field", move |(field, operator, values)| {
        if !SAMPLES.find(field)?.accepts(operator) {
            return None;
        }
        let number = if operator.takes_nothing() {
            0
        } else if operator.takes_list() {
            values.len()
        } else {
            1
        };
        let values = values.into_iter().take(number).map(|value| of_kind(field, value)).collect();
        Some(Filter::Test { field: field.to_owned(), operator, values })
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    test().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Filter::All),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Filter::Any),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

/// An index that finds too little hides rows from whoever looks for them.
#[test]
fn whatever_part_of_a_text_is_looked_for_it_is_found() {
    let place = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let cases = (prop::collection::vec(sample(), 1..20), prop::collection::vec(place, 20));
    check(12, cases, |databases, (rows, places)| {
        databases.fill(&rows);
        for (row, from, to) in places {
            let row = row.get(&rows);
            for (field, text) in [("name", &row.name), ("title", &row.title)] {
                let letters: Vec<char> = text.as_deref().map(fold).unwrap_or_default().chars().collect();
                let (from, to) = (from.index(letters.len() + 1), to.index(letters.len() + 1));
                let part: String = letters[from.min(to)..from.max(to)].iter().collect();
                let end: String = letters[from..].iter().collect();
                for (operator, value) in [("contains", part), ("ends_with", end)].into_iter().filter(|_| text.is_some())
                {
                    let filter = Filter::Test {
                        field: field.to_owned(),
                        operator: Operator::parse(operator).unwrap(),
                        values: vec![value],
                    };
                    let request = ask(&format!("limit=200&filter={}", encoded(&filter.to_string())));
                    for connection in &mut databases.connections {
                        prop_assert!(load(connection, &request).items.contains(&row.id), "{} in {:?}", filter, text);
                    }
                }
            }
        }
        Ok(())
    });
}

/// A large list may be counted in part, but never for more than it is, nor for less than it shows.
#[test]
fn the_total_of_a_large_list_is_exact_or_says_that_it_is_not() {
    static LARGE: LazyLock<ListSpec> = LazyLock::new(|| SAMPLES.clone().gathered_up_to(2).row_count("samples"));
    let question = (prop::collection::vec(filter(), 1..3), prop::option::of(text()));
    let cases = (prop::collection::vec(sample(), 0..30), prop::collection::vec(question, 20));
    check(12, cases, |databases, (rows, questions)| {
        databases.fill(&rows);
        for connection in &mut databases.connections {
            connection.batch_execute("UPDATE row_counts SET row_count = 1000000").unwrap();
        }
        for (filters, search) in questions {
            let mut parameters = vec!["limit=5".to_owned()];
            parameters.extend(filters.iter().map(|filter| format!("filter={}", encoded(&filter.to_string()))));
            parameters.extend(search.iter().map(|search| format!("q={}", encoded(search))));
            let request = ListRequest::parse(&LARGE, &parameters.join("&"), &[]).unwrap().0;
            let expected = in_memory(&request, rows.clone()).unwrap();
            let ids: Vec<_> = expected.items.iter().map(|row| row.id.clone()).collect();
            for connection in &mut databases.connections {
                let found = load(connection, &request);
                prop_assert_eq!(&found.items, &ids, "{:?} {:?}", &filters, &search);
                let shown = i64::try_from(ids.len()).unwrap() + i64::from(found.next_cursor.is_some());
                prop_assert!((shown..=expected.total).contains(&found.total), "{:?} {:?}", &filters, &search);
                prop_assert!(found.total_is_estimate || found.total == expected.total);
            }
        }
        Ok(())
    });
}

static NEVER_FEW: LazyLock<ListSpec> = LazyLock::new(|| SAMPLES.clone().gathered_up_to(2));

/// A filter that one database reads differently shows other people's rows there.
#[test]
fn databases_and_memory_agree_on_every_filter_and_order() {
    let question = (prop::collection::vec(filter(), 0..3), prop::option::of(text()), sort());
    let cases = (prop::collection::vec(sample(), 0..30), prop::collection::vec(question, 40));
    check(24, cases, |databases, (rows, questions)| {
        databases.fill(&rows);
        for (filters, search, sort) in questions {
            let mut parameters = vec![format!("limit=20&sort={sort}")];
            parameters.extend(filters.iter().map(|filter| format!("filter={}", encoded(&filter.to_string()))));
            parameters.extend(search.iter().map(|search| format!("q={}", encoded(search))));
            let parameters = parameters.join("&");
            let expected = in_memory(&ask(&parameters), rows.clone()).unwrap();
            let ids: Vec<_> = expected.items.iter().map(|row| row.id.clone()).collect();
            // Whether what an index finds is few or plenty, it must not matter.
            for spec in [&*SAMPLES, &*NEVER_FEW] {
                let request = ListRequest::parse(spec, &parameters, &[]).unwrap().0;
                for connection in &mut databases.connections {
                    let found = load(connection, &request);
                    prop_assert_eq!(&found.items, &ids, "{:?} {:?} {}", &filters, &search, &sort);
                    prop_assert_eq!(found.total, expected.total);
                }
            }
        }
        Ok(())
    });
}
