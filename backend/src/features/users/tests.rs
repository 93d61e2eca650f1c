//! The guard rails, whatever is done: a walk of random acts by random callers.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use uuid::Uuid;

use super::{Email, NewUser, User, UserChange};
use crate::access::{
    Account, Act, Actor, Authorized, Caller, Credential, PermissionPattern, PermissionSet, RequestOrigin, RolesDelete,
    RolesWrite, UsersDelete, UsersWrite,
};
use crate::clock::Clock;
use crate::config::{Document, Settings};
use crate::db::{Timestamp, users};
use crate::features::auth::AcceptedHash;
use crate::features::roles::{
    self, AssignableRole, GrantedPermissions, NewRole, RoleChange, RoleDescription, RoleName,
};
use crate::http::Precondition;
use crate::problem::Problem;
use crate::state::AppState;

const ROLES: [(&str, &[&str]); 4] = [
    ("helpdesk", &["users:*"]),
    ("keeper", &["roles:*", "users:read", "users:write"]),
    ("reader", &["users:read"]),
    ("nothing", &[]),
];
const GRANTS: [&[&str]; 4] = [&["*"], &["users:read"], &["users:*", "audit:read"], &[]];

/// What everybody may do and is: all that the guard rails are about.
type Snapshot = BTreeMap<Uuid, (User, PermissionSet)>;

#[derive(Clone, Debug)]
struct Step {
    caller: usize,
    deed: u8,
    subject: usize,
    role: usize,
    grant: usize,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..8_usize, 0..13_u8, 0..8_usize, 0..6_usize, 0..GRANTS.len());
    let step = step.prop_map(|(caller, deed, subject, role, grant)| Step { caller, deed, subject, role, grant });
    prop::collection::vec(step, 60)
}

fn patterns(texts: &[&str]) -> GrantedPermissions {
    GrantedPermissions::new(texts.iter().filter_map(|text| PermissionPattern::parse(text)).collect())
}

fn role_name(text: &str) -> RoleName {
    RoleName::parse(text).unwrap()
}

async fn populate(state: &AppState) {
    state
        .act(Authorized::<RolesWrite>::operator(), |act| {
            for (name, permissions) in ROLES {
                let (name, description) = (role_name(name), RoleDescription::default());
                roles::create(
                    act,
                    &NewRole { name, description, permissions: patterns(permissions), mfa_required: false },
                )?;
            }
            let people = ["admin", "admin", "helpdesk", "helpdesk", "keeper", "reader", "nothing"];
            for (index, role) in people.iter().enumerate() {
                let new = with_password(NewUser::person(Email::parse(&format!("person{index}@example.com")).unwrap()));
                super::create_with_roles(act, &new, &[role_name(role)])?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

async fn snapshot(state: &AppState) -> Snapshot {
    use diesel::prelude::*;
    let read = state.database.read(|connection| {
        let ids: Vec<String> = users::table.select(users::id).load(connection)?;
        let mut everybody = Snapshot::new();
        for id in ids.iter().filter_map(|id| Uuid::try_parse(id).ok()) {
            let granted = roles::grants_of_user(connection, id)?.into_iter().map(|(_, pattern)| pattern).collect();
            if let Some(user) = super::find(connection, id)? {
                everybody.insert(id, (user, PermissionSet::new(granted)));
            }
        }
        Ok(everybody)
    });
    read.await.unwrap()
}

fn caller(user: &User) -> Caller {
    let account = Account::new(user.clone(), PermissionSet::everything());
    let credential = Credential::Session { id: Uuid::nil(), auth_time: Timestamp::from_micros(0) };
    let actor = Actor { account: Arc::new(account), credential, impersonator: None };
    Caller::signed_in(actor, RequestOrigin::default())
}

/// Any role that there is, `admin` among them.
/// Somebody who could sign in: nobody ever asks whether the hash is one.
fn with_password(new: NewUser) -> NewUser {
    NewUser { password_hash: Some(AcceptedHash::of_nothing()), ..new }
}

fn pick_role(act: &mut Act<'_>, index: usize) -> Result<Option<AssignableRole>, Problem> {
    let names = ["admin", "helpdesk", "keeper", "reader", "nothing", "renamed"];
    Ok(roles::find_by_name(act.connection, &role_name(names[index]))?)
}

async fn take(state: &AppState, caller: Caller, subject: Uuid, step: Step) -> Result<(), Problem> {
    let any = Precondition::default();
    match step.deed {
        0 => state.act(user_write(caller), move |act| super::activate(act, subject).map(drop)).await,
        1 => state.act(user_write(caller), move |act| super::deactivate(act, subject).map(drop)).await,
        2 => state.act(user_write(caller), move |act| super::approve(act, subject).map(drop)).await,
        3 => {
            let proof = Authorized::<UsersDelete>::unproven(caller);
            state.act(proof, move |act| super::delete(act, subject, &any)).await
        }
        4 => {
            let change = UserChange { active: Some(step.grant.is_multiple_of(2)), ..UserChange::default() };
            state.act(user_write(caller), move |act| super::change(act, subject, &any, &change).map(drop)).await
        }
        5 => state.act(user_write(caller), move |act| super::reset_access(act, subject).map(drop)).await,
        6..=8 => {
            let give = move |act: &mut Act<'_>| {
                let Some(role) = pick_role(act, step.role)? else { return Ok(()) };
                let name = role_name(&role.name);
                match step.deed {
                    6 => super::add_role(act, subject, &name),
                    7 => super::remove_role(act, subject, &name),
                    _ => super::replace_roles(act, subject, &any, &[name]),
                }
                .map(drop)
            };
            state.act(user_write(caller), give).await
        }
        9 => {
            let create = move |act: &mut Act<'_>| {
                let Some(role) = pick_role(act, step.role)? else { return Ok(()) };
                let new =
                    with_password(NewUser::person(Email::parse(&format!("{}@example.com", Uuid::now_v7())).unwrap()));
                super::create_with_roles(act, &new, &[role_name(&role.name)]).map(drop)
            };
            state.act(user_write(caller), create).await
        }
        10 | 11 => {
            let change = move |act: &mut Act<'_>| {
                let Some(role) = pick_role(act, step.role)? else { return Ok(()) };
                let permissions = Some(patterns(GRANTS[step.grant]));
                let name = (step.deed == 11).then(|| role_name("renamed"));
                roles::change(act, role.id, &any, &RoleChange { name, permissions, ..RoleChange::default() }).map(drop)
            };
            state.act(Authorized::<RolesWrite>::unproven(caller), change).await
        }
        _ => {
            let delete = move |act: &mut Act<'_>| {
                let Some(role) = pick_role(act, step.role)? else { return Ok(()) };
                roles::delete(act, role.id, &any)
            };
            state.act(Authorized::<RolesDelete>::unproven(caller), delete).await
        }
    }
}

fn user_write(caller: Caller) -> Authorized<UsersWrite> {
    Authorized::unproven(caller)
}

fn same(before: &User, after: &User) -> bool {
    before.entity_tag() == after.entity_tag()
}

/// What must hold after any act that was done.
fn judge(before: &Snapshot, after: &Snapshot, actor: Uuid, step: &Step) {
    let able = |(user, _): &(User, PermissionSet)| {
        user.active && user.approved && user.roles.iter().any(|role| role == "admin")
    };
    assert!(after.values().any(able), "nobody can administer after {step:?}");
    let (_, own) = &before[&actor];
    if let Some((_, now)) = after.get(&actor) {
        assert!(own.covers(now.patterns()), "{step:?} gave its caller more: {own:?}, {now:?}");
    }
    for (id, (was, had)) in before.iter().filter(|(id, _)| **id != actor) {
        let has = after.get(id).map(|(_, has)| has.clone()).unwrap_or_default();
        let lost = had.patterns().iter().filter(|pattern| !has.patterns().contains(pattern));
        let gained = has.patterns().iter().filter(|pattern| !had.patterns().contains(pattern));
        assert!(own.covers(lost.chain(gained)), "{step:?} moved more than its caller has: {own:?}, {had:?}, {has:?}");
        // The acts on users, and not those on the roles that they have.
        let touched = step.deed < 9 && after.get(id).is_none_or(|(is, _)| !same(was, is));
        assert!(!touched || own.covers(had.patterns()), "{step:?} touched a stronger user: {own:?}, {had:?}");
    }
    for (id, (_, has)) in after.iter().filter(|(id, _)| !before.contains_key(id)) {
        assert!(own.covers(has.patterns()), "{step:?} created {id} stronger than its caller: {own:?}, {has:?}");
    }
}

async fn walk(url: &str, steps: Vec<Step>) {
    let settings = Settings { database_url: crate::db::DatabaseUrl::parse(url).unwrap(), ..settings() };
    let state = AppState::new(settings, 0, Clock::default()).unwrap();
    state.prepare().await.unwrap();
    populate(&state).await;
    let mut before = snapshot(&state).await;
    for step in steps {
        let pick = |index: usize| before.keys().nth(index % before.len()).copied().unwrap();
        let (actor, subject) = (pick(step.caller), pick(step.subject));
        let outcome = take(&state, caller(&before[&actor].0), subject, step.clone()).await;
        let after = snapshot(&state).await;
        match outcome {
            Ok(()) => judge(&before, &after, actor, &step),
            Err(problem) => {
                let unchanged = before.len() == after.len()
                    && before.iter().all(|(id, (user, _))| after.get(id).is_some_and(|(now, _)| same(user, now)));
                assert!(unchanged, "{step:?} was refused ({problem}) and yet changed something");
                assert_ne!(problem.code().status(), 500, "{step:?}: {problem:?}");
            }
        }
        before = after;
    }
}

fn settings() -> Settings {
    Settings::from_document(&Document::read_all(None, std::iter::empty()).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_walk_of_acts_escalates_or_leaves_nobody_to_administer(steps in steps()) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        actix_web::rt::System::new().block_on(walk(&url, steps));
    }
}
