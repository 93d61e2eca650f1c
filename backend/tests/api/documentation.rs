//! What the documentation says of the tests is so.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The file that a module is in: `a/b.rs`, or `a/b/mod.rs`.
fn source_of(folder: &Path, modules: &[&str]) -> Option<String> {
    let path = modules.iter().fold(folder.to_owned(), |path, module| path.join(module));
    fs::read_to_string(path.with_extension("rs")).or_else(|_| fs::read_to_string(path.join("mod.rs"))).ok()
}

fn is_a_test(name: &str) -> bool {
    let root = root();
    let (folder, name) = match name.strip_prefix("unit::") {
        Some(rest) => (root.join("backend/src"), rest),
        None => (root.join("backend/tests/api"), name),
    };
    let mut modules: Vec<_> = name.split("::").collect();
    let test = modules.pop().unwrap();
    source_of(&folder, &modules).is_some_and(|source| source.contains(&format!("fn {test}(")))
}

#[test]
fn every_test_that_the_security_page_relies_on_exists() {
    let page = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let spans: BTreeSet<_> = page.split('`').skip(1).step_by(2).collect();
    let tests: Vec<_> =
        spans.iter().filter(|span| span.contains("::")).filter(|span| **span != "module::test").collect();
    let browser: Vec<_> =
        spans.iter().filter(|span| span.starts_with("frontend/e2e/") && span.ends_with(".ts")).collect();
    assert!(tests.len() > 30 && browser.len() > 2, "the page names hardly any tests");
    let missing: Vec<_> = tests.into_iter().filter(|name| !is_a_test(name)).collect();
    assert!(missing.is_empty(), "no tests: {missing:?}");
    let missing: Vec<_> = browser.into_iter().filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "no files: {missing:?}");
}
