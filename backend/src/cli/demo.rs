//! `reeve demo`.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::{Context, Failure};
use crate::access::{Act, Authorized, PermissionPattern, RolesWrite, UsersWrite};
use crate::db::Timestamp;
use crate::features::roles::{self, GrantedPermissions, NewRole, RoleDescription, RoleName};
use crate::features::users::{self, DisplayName, Email, NewUser, Username};
use crate::problem::Problem;
use crate::state::AppState;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// How many people to make
    #[arg(long, default_value_t = 10_000)]
    users: u32,
}

const ROLES: [(&str, &str, &[&str]); 4] = [
    ("editor", "Keeps the people", &["users:read", "users:write"]),
    ("support", "Helps people who can't sign in", &["users:read", "roles:read"]),
    ("auditor", "Sees who did what", &["audit:read", "users:read", "roles:read"]),
    ("owner", "Keeps people and roles", &["users:*", "roles:*", "audit:read"]),
];
const GIVEN_NAMES: [&str; 24] = [
    "Ada",
    "Alan",
    "Anita",
    "Barbara",
    "Brian",
    "Konrad",
    "Dorothy",
    "Edsger",
    "Frances",
    "Grace",
    "Hedy",
    "Ivan",
    "Jean",
    "Karen",
    "Leslie",
    "Margaret",
    "Niklaus",
    "Radia",
    "Robin",
    "Shafi",
    "Tim",
    "Tony",
    "Whitfield",
    "Yukihiro",
];
const FAMILY_NAMES: [&str; 20] = [
    "Archer", "Baker", "Carter", "Dyer", "Fletcher", "Fisher", "Gardner", "Hunter", "Joiner", "Mason", "Miller",
    "Potter", "Reeve", "Sawyer", "Shepherd", "Smith", "Taylor", "Thatcher", "Weaver", "Wright",
];
/// So many in one transaction.
const CHUNK: u32 = 500;
/// The first of them came so long ago.
const HISTORY: Duration = Duration::from_secs(365 * 86_400);

/// Fills the store. Done again it adds nothing that is there already.
pub(super) async fn run(context: &Context, arguments: Arguments) -> Result<(), Failure> {
    let state = context.prepared_state().await?;
    state.act(Authorized::<RolesWrite>::operator(), create_roles).await?;
    let progress = ProgressBar::new(u64::from(arguments.users));
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {eta}") {
        progress.set_style(style);
    }
    progress.set_message("people");
    for first in (0..arguments.users).step_by(CHUNK as usize) {
        let (last, all) = ((first + CHUNK).min(arguments.users), arguments.users);
        state.act(Authorized::<UsersWrite>::operator(), move |act| create_people(act, first..last, all)).await?;
        progress.set_position(u64::from(last));
    }
    progress.finish_and_clear();
    report(&state, arguments.users)
}

fn report(state: &AppState, people: u32) -> Result<(), Failure> {
    let roles: Vec<&str> = ROLES.iter().map(|(name, ..)| *name).collect();
    let text = format!("{people} people and the roles {} are in {}\n", roles.join(", "), state.database.url());
    super::output::text(text.as_bytes())
}

fn create_roles(act: &mut Act<'_>) -> Result<(), Problem> {
    for (name, description, permissions) in ROLES {
        let name = valid(RoleName::parse(name))?;
        if roles::find_by_name(act.connection, &name)?.is_some() {
            continue;
        }
        let permissions = permissions.iter().filter_map(|text| PermissionPattern::parse(text)).collect();
        let description = valid(RoleDescription::parse(description))?;
        roles::create(
            act,
            &NewRole { name, description, permissions: GrantedPermissions::new(permissions), mfa_required: false },
        )?;
    }
    Ok(())
}

fn create_people(act: &mut Act<'_>, numbers: std::ops::Range<u32>, all: u32) -> Result<(), Problem> {
    let now = act.now;
    for number in numbers {
        let new = person(number)?;
        let roles = match number % 40 {
            0 => vec!["owner"],
            1..=3 => vec!["editor", "auditor"],
            4..=9 => vec!["editor"],
            10..=15 => vec!["support"],
            _ => Vec::new(),
        };
        let roles: Vec<RoleName> =
            roles.into_iter().map(|name| valid(RoleName::parse(name))).collect::<Result<_, _>>()?;
        if users::email_is_taken(act.connection, &new.email)? {
            continue;
        }
        act.now = moment(now, number, all);
        users::create_with_roles(act, &new, &roles)?;
    }
    act.now = now;
    Ok(())
}

/// Somebody who comes out the same each time.
fn person(number: u32) -> Result<NewUser, Problem> {
    let index = number as usize;
    let given = GIVEN_NAMES[index * 7 % GIVEN_NAMES.len()];
    let family = FAMILY_NAMES[index * 11 / GIVEN_NAMES.len() % FAMILY_NAMES.len()];
    let name = format!("{}.{}{number}", given.to_lowercase(), family.to_lowercase());
    Ok(NewUser {
        username: if number.is_multiple_of(3) { Some(valid(Username::parse(&name))?) } else { None },
        display_name: Some(valid(DisplayName::parse(&format!("{given} {family}")))?),
        active: !number.is_multiple_of(17),
        approved: !number.is_multiple_of(53),
        ..NewUser::person(valid(Email::parse(&format!("{name}@example.com")))?)
    })
}

/// When the person of that number came: the last of them now, the first a year ago.
fn moment(now: Timestamp, number: u32, all: u32) -> Timestamp {
    now.minus(HISTORY.mul_f64(f64::from(all - number) / f64::from(all)))
}

fn valid<T>(parsed: Result<T, (&'static str, String)>) -> Result<T, Problem> {
    parsed.map_err(|(_, message)| Problem::internal(message))
}
