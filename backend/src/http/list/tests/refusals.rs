//! What a list refuses, with which code, and that nothing a caller sends becomes a fault of the database.

use proptest::prelude::*;

use super::super::cursor;
use super::super::{ListRequest, fold};
use super::samples::{Databases, SAMPLES, ask, check, encoded, load, sort};
use crate::problem::Code;

fn refused(query: &str) -> Code {
    ListRequest::parse(&SAMPLES, query, &[]).map(|_| ()).expect_err(query).code()
}

#[test]
fn each_parameter_has_its_code() {
    for limit in ["0", "201", "-1", "x", "", "1.5", "%2B5", "99999999999999999999"] {
        assert_eq!(refused(&format!("limit={limit}")), Code::InvalidLimit, "{limit}");
    }
    for page in ["0", "-1", "x", "", "9223372036854775807"] {
        assert_eq!(refused(&format!("page={page}")), Code::InvalidPage, "{page}");
    }
    for cursor in ["", "x", "AAAA", "AAAAAAAAAAAAAAAA", "%C3%A4"] {
        assert_eq!(refused(&format!("cursor={cursor}")), Code::InvalidCursor, "{cursor}");
    }
    for sort in ["", "nothing", "name,", "name,name", "-name,name", "--name", "%2Bname", "tags", "name%2520", "NAME"] {
        assert_eq!(refused(&format!("sort={sort}")), Code::InvalidSort, "{sort}");
    }
    for filter in [
        "nothing:eq:1",
        "number:eq:x",
        "number:eq:",
        "number:eq:1.0",
        "number:eq:9223372036854775808",
        "flag:eq:1",
        "flag:lt:true",
        "number:contains:1",
        "moment:eq:yesterday",
        "moment:starts_with:2024",
        "id:eq:1",
        "tags:lt:a",
        "number:in:(1,x)",
        "sure:eq:TRUE",
    ] {
        assert_eq!(refused(&format!("filter={}", encoded(filter))), Code::InvalidFilter, "{filter}");
    }
    assert_eq!(refused("limitt=1"), Code::InvalidParameter);
    assert_eq!(refused("q=a&q=b"), Code::InvalidParameter);
    assert_eq!(refused(&format!("q={}", "a+".repeat(20))), Code::InvalidParameter);
    assert_eq!(refused("sort=name&sort=name"), Code::InvalidSort);
    assert!(ListRequest::parse(&SAMPLES, "format=csv", &["format"]).is_ok());
    assert_eq!(
        ListRequest::parse_whole(&SAMPLES, "limit=5", &[]).map(|_| ()).unwrap_err().code(),
        Code::InvalidParameter
    );
}

/// A cursor holds for its list in its order, and no other.
#[test]
fn a_cursor_of_another_order_is_refused() {
    let request = ask("sort=name");
    let foreign = cursor::write("samples", &request.sort, "x|y");
    assert!(ListRequest::parse(&SAMPLES, &format!("sort=name&cursor={foreign}"), &[]).is_ok());
    for sort in ["-name", "title", "name,title", "id"] {
        assert_eq!(refused(&format!("sort={sort}&cursor={foreign}")), Code::InvalidCursor);
    }
    let other_list = cursor::write("others", &request.sort, "x|y");
    assert_eq!(refused(&format!("sort=name&cursor={other_list}")), Code::InvalidCursor);
    assert!(matches!(refused(&format!("sort=name&cursor={foreign}&page=1")), Code::InvalidPage));
}

/// Whoever forges a cursor gets some page or a 400: never a fault of the database.
#[test]
fn a_forged_position_is_harmless() {
    let piece = prop_oneof![
        Just("|".to_owned()),
        Just("1".to_owned()),
        Just("true".to_owned()),
        Just("\0".to_owned()),
        ".{0,3}"
    ];
    let cases = (sort(), prop::collection::vec(piece, 0..9));
    check(300, cases, |databases, (sort, pieces)| {
        let forged = cursor::write("samples", &ask(&format!("sort={sort}")).sort, &pieces.concat());
        if let Ok((request, _)) = ListRequest::parse(&SAMPLES, &format!("sort={sort}&cursor={forged}"), &[]) {
            databases
                .connections
                .iter_mut()
                .for_each(|connection| assert!(load(connection, &request).items.is_empty()));
        }
        Ok(())
    });
}

/// The largest request that is taken is one that both databases can run.
#[test]
fn the_largest_requests_can_be_run() {
    let mut databases = Databases::new();
    let tests = "title:starts_with:a,".repeat(98);
    let values = "abcdefgh,".repeat(400);
    let longest = "%".repeat(4_000);
    let deep = format!("{}name:eq:a{}", "not(".repeat(16), ")".repeat(16));
    for filter in [
        format!("or({tests}tags:ne:a)"),
        format!("and({tests}tags:ne:a)"),
        format!("name:in:({values}x)"),
        format!("plain:in:({values}x)"),
        format!("plain:contains:{longest}"),
        deep,
    ] {
        let filter = format!("filter={}&", encoded(&filter));
        let query = format!("{}q={}", filter.repeat(32), "a+".repeat(16));
        let request = ask(&query);
        databases.connections.iter_mut().for_each(|connection| assert!(load(connection, &request).items.is_empty()));
    }
    assert_eq!(fold("A"), "a");
}
