//! One act on many users: on all of them, or on none.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::bodies::{BulkAct, BulkAction};
use super::{administration, role_assignment};
use crate::access::{Act, UsersDelete};
use crate::features::roles::RoleName;
use crate::http::Precondition;
use crate::problem::{Code, FieldError, Problem};

/// A bulk act whose parts fit together.
pub(super) struct Bulk {
    act: Each,
    ids: BTreeSet<Uuid>,
}

enum Each {
    Activate,
    Deactivate,
    Approve,
    Delete,
    AddRole(RoleName),
    RemoveRole(RoleName),
}

impl Bulk {
    /// Checks that there is somebody to act on, and a role exactly where one is needed.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(super) fn new(body: BulkAct) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        if body.ids.is_empty() {
            errors.push(FieldError::new("ids", "required", "At least one id is needed."));
        }
        let act = match (body.action, body.role) {
            (BulkAction::Activate, None) => Some(Each::Activate),
            (BulkAction::Deactivate, None) => Some(Each::Deactivate),
            (BulkAction::Approve, None) => Some(Each::Approve),
            (BulkAction::Delete, None) => Some(Each::Delete),
            (BulkAction::AddRole, Some(role)) => Some(Each::AddRole(role)),
            (BulkAction::RemoveRole, Some(role)) => Some(Each::RemoveRole(role)),
            (BulkAction::AddRole | BulkAction::RemoveRole, None) => {
                errors.push(FieldError::new("role", "required", "This action needs a role."));
                None
            }
            (_, Some(_)) => {
                errors.push(FieldError::new("role", "not_applicable", "This action takes no role."));
                None
            }
        };
        match act {
            Some(act) if errors.is_empty() => Ok(Self { act, ids: body.ids.into_iter().collect() }),
            _ => Err(Problem::invalid(errors)),
        }
    }

    /// Does it. Answers how many users there were to act on.
    ///
    /// # Errors
    /// `not_found` with the id of one that does not exist; `reauthentication_required` for giving and taking roles; those of
    /// the act on each.
    pub(super) fn run(&self, act: &mut Act<'_>) -> Result<usize, Problem> {
        if matches!(self.act, Each::Delete) {
            act.require::<UsersDelete>()?;
        }
        if matches!(self.act, Each::AddRole(_) | Each::RemoveRole(_)) {
            act.require_fresh()?;
        }
        for id in &self.ids {
            self.run_on(act, *id).map_err(|problem| match problem.code() {
                Code::NotFound => Problem::with_detail(Code::NotFound, format!("There is no user {id}")),
                _ => problem,
            })?;
        }
        Ok(self.ids.len())
    }

    fn run_on(&self, act: &mut Act<'_>, id: Uuid) -> Result<(), Problem> {
        match &self.act {
            Each::Activate => administration::activate(act, id).map(drop),
            Each::Deactivate => administration::deactivate(act, id).map(drop),
            Each::Approve => administration::approve(act, id).map(drop),
            Each::Delete => administration::delete(act, id, &Precondition::default()),
            Each::AddRole(name) => role_assignment::add(act, id, name).map(drop),
            Each::RemoveRole(name) => role_assignment::remove(act, id, name).map(drop),
        }
    }
}
