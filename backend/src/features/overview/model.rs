use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::Serialize;
use utoipa::ToSchema;

use crate::features::sign_ins::DayCount;
use crate::features::users::UserCounts;
use crate::http::list::QueryString;
use crate::problem::{Code, Problem};

const DEFAULT_DAYS: i64 = 30;
const MOST_DAYS: i64 = 365;

/// How many days are looked back on, today among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) days: i64,
}

impl Period {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut query = QueryString::parse(query)?;
        let days = match query.take("days", Code::InvalidParameter)? {
            Some(text) => number(&text).filter(|days| (1..=MOST_DAYS).contains(days)).ok_or_else(|| {
                let detail = format!("`days` is a whole number from 1 to {MOST_DAYS}");
                Problem::with_detail(Code::InvalidParameter, detail)
            })?,
            None => DEFAULT_DAYS,
        };
        query.finish()?;
        Ok(Self { days })
    }
}

/// Digits alone: `str::parse` would also take a sign.
fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

impl FromRequest for Period {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::parse(request.query_string()))
    }
}

/// How things stand.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Overview {
    /// How many users there are.
    pub(super) users: UserCounts,
    /// The days, the earliest first and today last, each of them in UTC.
    pub(super) sign_ins: Vec<SignInsOfDay>,
    /// What somebody should look after; what there is nothing of is left out.
    pub(super) attention: Vec<Attention>,
}

/// The sign-ins of one day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SignInsOfDay {
    /// The day, in UTC.
    #[schema(format = Date, examples("2024-11-24"))]
    date: String,
    /// How many signed in.
    #[schema(examples(120))]
    ok: i64,
    /// How many were refused. While attempts are refused because there were too many, one a minute counts.
    #[schema(examples(3))]
    refused: i64,
}

impl From<DayCount> for SignInsOfDay {
    fn from(count: DayCount) -> Self {
        Self { date: count.day.date(), ok: count.ok, refused: count.refused }
    }
}

/// Something that somebody should look after.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Attention {
    /// What it is.
    kind: AttentionKind,
    /// How many there are.
    #[schema(examples(4))]
    count: i64,
}

/// What somebody should look after.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AttentionKind {
    /// Users who wait for somebody to let them in.
    ApprovalsPending,
    /// Users who can't sign in for a while, because somebody has guessed at their passwords.
    AccountsLocked,
    /// Mails that were tried to no avail, and will be again.
    MailDelayed,
    /// Mails that were given up: `reeve mail list` shows them.
    MailFailed,
}

impl Attention {
    /// What there is anything of.
    pub(super) fn of(counts: &UserCounts, mail_delayed: i64, mail_failed: i64) -> Vec<Self> {
        let kinds = [
            (AttentionKind::ApprovalsPending, counts.pending),
            (AttentionKind::AccountsLocked, counts.locked),
            (AttentionKind::MailDelayed, mail_delayed),
            (AttentionKind::MailFailed, mail_failed),
        ];
        kinds.into_iter().filter(|(_, count)| *count > 0).map(|(kind, count)| Self { kind, count }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_from_one_day_to_a_year() {
        for (query, days) in [("", 30), ("days=1", 1), ("days=365", 365), ("days=007", 7)] {
            assert_eq!(Period::parse(query).unwrap().days, days);
        }
        for query in
            ["days=0", "days=366", "days=-1", "days=%2B5", "days=", "days=x", "days=1.5", "days=1&days=2", "day=1"]
        {
            assert_eq!(Period::parse(query).unwrap_err().code(), Code::InvalidParameter, "{query}");
        }
    }
}
