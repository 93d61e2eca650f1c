use diesel::QueryResult;

use super::model::{Attention, Overview, Period, SignInsOfDay};
use crate::db::{DbConnection, Timestamp};
use crate::features::{sign_ins, users};
use crate::mail;

/// Puts the overview together. Nothing in it is counted by reading a whole table.
pub(super) fn overview(connection: &mut DbConnection, period: Period, now: Timestamp) -> QueryResult<Overview> {
    let users = users::counts(connection, now)?;
    let days = sign_ins::per_day(connection, period.days, now)?;
    let attention = Attention::of(&users, mail::delayed_count(connection)?, mail::failed_count(connection)?);
    Ok(Overview { users, sign_ins: days.into_iter().map(SignInsOfDay::from).collect(), attention })
}
