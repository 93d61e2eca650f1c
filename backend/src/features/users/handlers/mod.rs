//! The routes of users, by what they are about.

pub(super) mod bulk;
pub(super) mod records;
pub(super) mod roles;
pub(super) mod state;
pub(super) mod transfer;

use super::model::User;
use crate::http::{JsonReply, json_with_tag};
use crate::problem::Problem;

fn reply(user: &User) -> Result<JsonReply, Problem> {
    json_with_tag(user, &user.entity_tag())
}
