//! What a role grants: permissions, and patterns in which `*` stands for any one segment.

use std::fmt;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::permission::{CATALOGUE, Permission};
use crate::http::Field;

/// `users:read`, `users:*`, `data:app.orders:update`, `data:app.*:read`, or `*` alone for everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(value_type = String, examples("users:read"), max_length = 300)]
pub struct PermissionPattern(String);

impl PermissionPattern {
    /// The pattern that covers everything.
    pub fn everything() -> Self {
        Self("*".to_owned())
    }

    /// Reads a pattern. `None` for what can't grant anything: a mistyped permission would otherwise be stored and never work.
    pub fn parse(text: &str) -> Option<Self> {
        let pattern = Self(text.to_owned());
        let segments: Vec<&str> = pattern.segments().collect();
        let is_data = matches!(segments[..], ["data", source, table, action]
            if is_source(source) && is_table(table) && matches!(action, "*" | "read" | "create" | "update" | "delete" | "export"));
        let known = is_data || text == "*" || CATALOGUE.iter().any(|entry| pattern.covers_name(entry.name));
        (known && text.len() <= 300).then_some(pattern)
    }

    /// A pattern out of the store, which holds only parsed ones.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether all that `other` covers is covered by this one too.
    pub fn covers(&self, other: &Self) -> bool {
        self.covers_name(&other.0)
    }

    /// What both this pattern and `other` cover, itself a pattern; `None` if that is nothing.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        if self.covers(other) {
            return Some(other.clone());
        }
        if other.covers(self) {
            return Some(self.clone());
        }
        let (mut own, mut others, mut common) = (self.segments(), other.segments(), Vec::new());
        loop {
            match (own.next(), others.next()) {
                (None, None) => break,
                (Some("*"), Some(segment)) | (Some(segment), Some("*")) => common.push(segment),
                (Some(own), Some(other)) if own == other => common.push(own),
                _ => return None,
            }
        }
        Some(Self(match common[..] {
            ["data", source, table, action] => format!("data:{source}.{table}:{action}"),
            _ => common.join(":"),
        }))
    }

    fn covers_name(&self, name: &str) -> bool {
        if self.0 == "*" {
            return true;
        }
        let (mut own, mut others) = (self.segments(), segments(name));
        loop {
            match (own.next(), others.next()) {
                (None, None) => return true,
                (Some("*"), Some(_)) => {}
                (Some(own), Some(other)) if own == other => {}
                _ => return false,
            }
        }
    }

    fn segments(&self) -> impl Iterator<Item = &str> {
        segments(&self.0)
    }
}

impl Field for PermissionPattern {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?;
        Self::parse(&text).ok_or_else(|| {
            let shown: String = text.chars().take(100).collect();
            ("unknown_permission", format!("There is no permission {shown}."))
        })
    }
}

impl fmt::Display for PermissionPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Segments end at each `:`, and in `data:SOURCE.TABLE:ACTION` at the first dot: what follows it is the table, schema and all.
fn segments(text: &str) -> impl Iterator<Item = &str> {
    let is_data = text.starts_with("data:");
    text.split(':').enumerate().flat_map(move |(position, segment)| {
        let (source, table) = match segment.split_once('.') {
            Some((source, table)) if is_data && position == 1 => (source, Some(table)),
            _ => (segment, None),
        };
        std::iter::once(source).chain(table)
    })
}

fn is_source(text: &str) -> bool {
    text == "*"
        || (text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_'))
}

fn is_table(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '%'))
    };
    text == "*" || text.split('.').count() <= 2 && text.split('.').all(plain)
}

/// All that one user is granted, over all of their roles.
#[derive(Clone, Debug, Default)]
pub struct PermissionSet {
    patterns: Vec<PermissionPattern>,
    /// One bit for each permission of the catalogue, so that a guard is one comparison.
    catalogue: u64,
}

impl PermissionSet {
    /// The union of patterns.
    pub fn new(mut patterns: Vec<PermissionPattern>) -> Self {
        patterns.sort();
        patterns.dedup();
        let catalogue = CATALOGUE
            .iter()
            .enumerate()
            .filter(|(_, entry)| patterns.iter().any(|pattern| pattern.covers_name(entry.name)))
            .fold(0, |bits, (index, _)| bits | 1 << index);
        Self { patterns, catalogue }
    }

    /// Everything.
    pub fn everything() -> Self {
        Self::new(vec![PermissionPattern::everything()])
    }

    /// Whether an operation that requires `P` may be done.
    pub fn allows<P: Permission>(&self) -> bool {
        self.catalogue & (1 << P::INDEX) != 0
    }

    /// As [`PermissionSet::allows`], for a permission that is only known by its name.
    pub fn allows_name(&self, name: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.covers_name(name))
    }

    /// Whether all of `patterns` lie within this set: nobody grants, or acts on somebody who has, more than their own.
    pub fn covers<'a>(&self, patterns: impl IntoIterator<Item = &'a PermissionPattern>) -> bool {
        patterns.into_iter().all(|wanted| self.patterns.iter().any(|own| own.covers(wanted)))
    }

    /// What both sets permit: whoever acts with less than all of their permissions may do no more than both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let common =
            self.patterns.iter().flat_map(|own| other.patterns.iter().filter_map(|wanted| own.intersection(wanted)));
        Self::new(common.collect())
    }

    /// The patterns, sorted.
    pub fn patterns(&self) -> &[PermissionPattern] {
        &self.patterns
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::permission::{RolesRead, UsersDelete, UsersRead};
    use super::*;

    fn set(patterns: &[&str]) -> PermissionSet {
        PermissionSet::new(patterns.iter().map(|text| PermissionPattern::parse(text).unwrap()).collect())
    }

    fn covers(own: &str, other: &str) -> bool {
        PermissionPattern::stored(own.into()).covers(&PermissionPattern::stored(other.into()))
    }

    #[test]
    fn a_star_stands_for_one_segment_and_alone_for_everything() {
        assert!(covers("users:*", "users:read"));
        assert!(!covers("users:*", "roles:read"));
        assert!(covers("*:read", "roles:read"));
        assert!(covers("*", "data:app.orders:update"));
        assert!(!covers("*:*", "data:app.orders:update"));
        assert!(covers("data:app.*:read", "data:app.orders:read"));
        assert!(covers("data:app.*:read", "data:app.audit.events:read"));
        assert!(!covers("data:app.*:read", "data:billing.orders:read"));
        assert!(covers("data:*.*:*", "data:app.*:read"));
    }

    #[test]
    fn what_is_narrower_never_covers_what_is_wider() {
        for (narrow, wide) in
            [("users:read", "users:*"), ("users:*", "*"), ("data:app.orders:*", "data:app.*:*"), ("*:*", "*")]
        {
            assert!(!covers(narrow, wide), "{narrow} must not cover {wide}");
        }
    }

    #[test]
    fn a_permission_that_could_never_apply_is_refused() {
        for text in
            ["", "users", "users:fly", "users:read:all", "data:App.x:read", "data:app:read", "data:app.x:fly", "**"]
        {
            assert_eq!(PermissionPattern::parse(text), None, "{text}");
        }
        for text in
            ["*", "users:read", "users:*", "*:delete", "data:app.orders:update", "data:*.*:read", "data:app.a%20b:read"]
        {
            assert!(PermissionPattern::parse(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_set_allows_what_any_of_its_patterns_covers() {
        let permissions = set(&["users:read", "*:delete"]);
        assert!(permissions.allows::<UsersRead>() && permissions.allows::<UsersDelete>());
        assert!(!permissions.allows::<RolesRead>());
        assert!(!PermissionSet::default().allows::<UsersRead>());
        assert!(PermissionSet::everything().allows::<RolesRead>());
    }

    const SAMPLES: &[&str] = &[
        "users:read",
        "users:write",
        "users:delete",
        "roles:read",
        "audit:read",
        "data:app.orders:read",
        "data:app.orders:update",
        "data:app.audit.events:read",
        "data:billing.orders:read",
        "data:billing.lines:export",
    ];

    fn pattern() -> impl Strategy<Value = PermissionPattern> {
        let administration =
            ("users|roles|\\*", "read|write|delete|\\*").prop_map(|(area, action)| format!("{area}:{action}"));
        let data = ("app|billing|\\*", "orders|lines|audit\\.events|\\*", "read|update|export|\\*")
            .prop_map(|(source, table, action)| format!("data:{source}.{table}:{action}"));
        let text = prop_oneof![1 => Just("*".to_owned()), 6 => administration, 8 => data];
        text.prop_filter_map("it could never apply", |text| PermissionPattern::parse(&text))
    }

    fn permission_set() -> impl Strategy<Value = PermissionSet> {
        prop::collection::vec(pattern(), 0..5).prop_map(PermissionSet::new)
    }

    proptest! {
        #[test]
        fn an_intersection_allows_what_both_sets_allow_and_nothing_else(left in permission_set(), right in permission_set()) {
            let both = left.intersection(&right);
            for name in SAMPLES {
                prop_assert_eq!(both.allows_name(name), left.allows_name(name) && right.allows_name(name), "{}", name);
            }
            prop_assert_eq!(both.catalogue, left.catalogue & right.catalogue);
            prop_assert!(left.covers(both.patterns()) && right.covers(both.patterns()));
        }

        #[test]
        fn an_intersection_keeps_every_pattern_that_both_sets_cover(left in permission_set(), right in permission_set(), wanted in pattern()) {
            let wanted = [wanted];
            let both = left.intersection(&right);
            prop_assert_eq!(both.covers(&wanted), left.covers(&wanted) && right.covers(&wanted));
        }
    }
}
