//! Who somebody is here whom a provider names.

use super::callback::record;
use super::refusal::Refusal;
use super::roles;
use crate::access::{AccessChanges, Caller, Change};
use crate::config::OidcProvider;
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::auth::credentials;
use crate::features::auth::service::find_user;
use crate::features::identities::{self, NewIdentity};
use crate::features::users::{self, DisplayName, Email, NewUser, User};
use crate::oidc::Claims;
use crate::problem::Problem;
use crate::state::AppState;

/// The user who may sign in as the subject. An address alone makes nobody the same: whoever has it here links it themselves.
pub(super) fn resolve(
    state: &AppState,
    connection: &mut DbConnection,
    changes: &mut AccessChanges,
    caller: &Caller,
    provider: &OidcProvider,
    claims: &Claims,
    now: Timestamp,
) -> Result<Result<User, Refusal>, Problem> {
    let known = identities::find_by_subject(connection, provider.issuer.as_str(), &claims.subject)?;
    let user = match known {
        Some(identity) => {
            identities::touch(connection, &identity, claims.email.as_deref(), now)?;
            find_user(connection, identity.user_id())?
        }
        None => match provision(connection, caller, provider, claims, now)? {
            Ok(user) => user,
            Err(refusal) => {
                record(connection, caller, &provider.name, refusal, None, now)?;
                return Ok(Err(refusal));
            }
        },
    };
    let credentials = credentials::by_id(connection, user.id)?;
    let may_sign_in = credentials.is_some_and(|found| found.may_sign_in(state.settings.email_verification));
    if !may_sign_in {
        record(connection, caller, &provider.name, Refusal::NotAdmitted, Some(&user), now)?;
        return Ok(Err(Refusal::NotAdmitted));
    }
    roles::follow_claim(connection, state.settings.email_verification, provider, claims, &user)?;
    let after = find_user(connection, user.id)?;
    if after.roles != user.roles {
        changes.add(Change::User(user.id));
        let what = Changes::none().field("roles", &user.roles, &after.roles).field("provider", (), &provider.name);
        let event = Event::done("user.roles_changed", Target::user(&after), what).by(&after);
        audit::record(connection, caller, event, now)?;
    }
    let what = Changes::none().field("provider", (), &provider.name);
    let event = Event::done("identity.used", Target::user(&user), what).by(&user);
    audit::record(connection, caller, event, now)?;
    Ok(Ok(user))
}

/// Makes an account for somebody nobody knows, where the configuration wants that: approved, since it does.
fn provision(
    connection: &mut DbConnection,
    caller: &Caller,
    provider: &OidcProvider,
    claims: &Claims,
    now: Timestamp,
) -> Result<Result<User, Refusal>, Problem> {
    let email = claims.email.as_deref().filter(|_| claims.email_verified).and_then(|email| Email::parse(email).ok());
    if let Some(email) = &email
        && users::email_is_taken(connection, email)?
    {
        return Ok(Err(Refusal::NotLinked));
    }
    if !provider.provisioning {
        return Ok(Err(Refusal::Unknown));
    }
    let Some(email) = email else { return Ok(Err(Refusal::EmailUnverified)) };
    let display_name = claims.name.as_deref().and_then(|name| DisplayName::parse(name).ok());
    let new = NewUser { display_name, ..NewUser::person(email) };
    let user = users::create(connection, caller, "user.created", &new, now)?;
    roles::give_default_roles(connection, provider, &user)?;
    let issuer = provider.issuer.as_str();
    let new =
        NewIdentity { provider: &provider.name, issuer, subject: &claims.subject, email: claims.email.as_deref() };
    identities::link(connection, caller, &user, &new, now)?;
    Ok(Ok(user))
}
