//! One folder a feature: its routes, its rules, its SQL.

pub mod users;
