//! How it begins; how it ends is a matter of sessions.

use uuid::Uuid;

use super::model::ImpersonationReason;
use crate::access::Act;
use crate::features::audit::{Changes, Target};
use crate::features::sessions::{self, Session};
use crate::features::users::{self, User, UserKind};
use crate::problem::{Code, Problem};

/// Begins a session in which the caller acts in the name of a user.
///
/// # Errors
/// `not_found`; `privilege_escalation` for a user who may do more than the caller; `impersonation_refused` for oneself, and for
/// whoever could not sign in as a person.
pub(super) fn begin(act: &mut Act<'_>, user_id: Uuid, reason: &ImpersonationReason) -> Result<Session, Problem> {
    let user = users::subject(act, "user.impersonated", user_id)?;
    let (Some(impersonator), Some(begun_from)) = (act.caller.user_id(), act.caller.session_id()) else {
        return Err(Problem::new(Code::Unauthenticated));
    };
    must_be_able_to_sign_in(act, &user)?;
    if impersonator == user_id {
        return Err(refused("Nobody acts in their own name by proxy"));
    }
    let longest = act.state.settings.impersonation_ttl;
    let origin = &act.caller.origin;
    let session =
        sessions::open_impersonation(act.connection, user_id, impersonator, begun_from, origin, longest, act.now)?;
    // What is done in that session is found by it.
    let changes = Changes::none().field("reason", (), &reason.0).field("session", (), session.id).field(
        "expires_at",
        (),
        session.expires_at,
    );
    act.record("user.impersonated", Target::user(&user), changes)?;
    Ok(session)
}

fn must_be_able_to_sign_in(act: &Act<'_>, user: &User) -> Result<(), Problem> {
    if user.kind == UserKind::Service {
        return Err(refused("A service account has no screens to be seen"));
    }
    let verified = act.state.settings.email_verification.is_satisfied(user.email_verified);
    if !user.active || !user.approved || !verified {
        return Err(refused("The user can't sign in themselves"));
    }
    Ok(())
}

fn refused(detail: &'static str) -> Problem {
    Problem::with_detail(Code::ImpersonationRefused, detail)
}
