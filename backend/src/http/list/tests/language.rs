//! The filter language by itself.

use proptest::prelude::*;

use super::super::filter::{Filter, Operator};
use super::super::{ListRequest, parse_filter};
use super::samples::{SAMPLES, encoded};
use crate::problem::Code;

fn any_filter() -> impl Strategy<Value = Filter> {
    let test = (".{1,6}", prop::sample::select(Operator::ALL), prop::collection::vec(".{0,6}", 1..4));
    let test = test.prop_map(|(field, operator, mut values)| {
        values.truncate(if operator.takes_nothing() {
            0
        } else if operator.takes_list() {
            4
        } else {
            1
        });
        Filter::Test { field, operator, values }
    });
    test.prop_recursive(4, 20, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Filter::All),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Filter::Any),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

/// Pieces of the language in any order.
fn nearly_a_filter() -> impl Strategy<Value = String> {
    let pieces = vec![
        "or(", "and(", "not(", "(", ")", ",", ":", "\"", "\"\"", "%", "%2C", "name", "eq", "in", "is_null", "number",
        "1", "ä", "\0",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(filter in any_filter()) {
        let has_nul = matches!(&filter, Filter::Test { field, .. } if field.contains('\0'));
        prop_assume!(!has_nul && !filter.to_string().contains('\0'));
        prop_assert_eq!(parse_filter(&filter.to_string()).unwrap(), filter);
    }

    #[test]
    fn anything_is_a_filter_or_a_problem(text in prop_oneof![".{0,60}".boxed(), nearly_a_filter().boxed()]) {
        if let Err(problem) = parse_filter(&text) {
            prop_assert_eq!(problem.code(), Code::InvalidFilter);
        }
        if let Err(problem) = ListRequest::parse(&SAMPLES, &format!("filter={}", encoded(&text)), &[]) {
            prop_assert_eq!(problem.code().status(), 400);
        }
    }

    #[test]
    fn any_query_string_is_a_request_or_a_problem(text in "\\PC{0,40}", name in prop::sample::select(vec!["limit", "cursor", "page", "sort", "q", "filter"])) {
        for query in [text.clone(), format!("{name}={text}"), format!("{name}={}", encoded(&text))] {
            if let Err(problem) = ListRequest::parse(&SAMPLES, &query, &[]) {
                prop_assert_eq!(problem.code().status(), 400);
            }
        }
    }
}

fn parsed(text: &str) -> Option<String> {
    parse_filter(text).ok().map(|filter| filter.to_string())
}

#[test]
fn the_language_is_the_documented_one() {
    let same = [
        "email:eq:a@b.example",
        "created_at:ge:2024-01-01T00:00:00Z",
        "name:eq:",
        "name:is_null",
        "or(a:eq:1,and(b:ne:2,not(c:in:(x,y))))",
        "name:contains:\"a, (b) \"\"c\"\"\"",
        "we%3Aird%2C%28%29%22%25 name:eq:1",
        "roles:in:(a,\"b,c\",)",
    ];
    for text in same {
        assert_eq!(parsed(text).as_deref(), Some(text));
    }
    let alike = [
        ("roles:in:a,b", "roles:in:(a,b)"),
        ("roles:in:\"a,b\",c", "roles:in:(\"a,b\",c)"),
        ("name:is_null:", "name:is_null"),
        ("name:not_null:true", "name:not_null"),
        ("name:eq:\"plain\"", "name:eq:plain"),
        ("name:eq:5\" tall", "name:eq:\"5\"\" tall\""),
    ];
    for (written, meant) in alike {
        assert_eq!(parsed(written).as_deref(), Some(meant));
    }
}

#[test]
fn what_is_not_in_the_language_is_refused() {
    let wrong = [
        "",
        "name",
        "name:",
        "name:eq",
        ":eq:1",
        "name:like:x",
        "name:EQ:x",
        "or()",
        "or(a:eq:1",
        "or(a:eq:1,)",
        "and()",
        "not()",
        "not(a:eq:1,b:eq:2)",
        "a:eq:1)",
        "a:eq:1,b:eq:2",
        "a:eq:x(y)",
        "a:eq:\"x",
        "a:eq:\"x\"y",
        "or(a:in:x,b:eq:1)",
        "a:in:(x",
        "a:is_null:false",
        "a%:eq:1",
        "a%zz:eq:1",
        "a%FF:eq:1",
        "a%00:eq:1",
        "(a:eq:1)",
        "a,b:eq:1",
    ];
    for text in wrong {
        assert!(parse_filter(text).is_err(), "{text}");
    }
}

/// A stack that overflows takes the whole server with it.
#[test]
fn hostile_nesting_and_size_are_refused() {
    let deep = format!("{}a:eq:1{}", "not(".repeat(100_000), ")".repeat(100_000));
    let wide = format!("or({}a:eq:1)", "a:eq:1,".repeat(100_000));
    let long = format!("a:in:{}", "1,".repeat(100_000));
    for text in [deep, "or(".repeat(100_000), wide, long] {
        assert_eq!(parse_filter(&text).unwrap_err().code(), Code::InvalidFilter);
    }
}
