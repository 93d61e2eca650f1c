//! `reeve users`.

use clap::Subcommand;
use uuid::Uuid;

use super::roles::role_name;
use super::{Context, Failure, output, refusal};
use crate::access::{Act, Authorized, UsersDelete, UsersWrite};
use crate::features::auth::EnteredPassword;
use crate::features::roles::RoleName;
use crate::features::users::{self, DisplayName, Email, NewUser, User, Username, normalize};
use crate::http::Precondition;
use crate::problem::Problem;
use crate::state::AppState;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Create a user
    Create {
        /// The user's email
        #[arg(value_parser = email)]
        email: Email,
        /// A second name to sign in by
        #[arg(long, value_parser = username)]
        username: Option<Username>,
        /// How the user is called on screens
        #[arg(long, value_parser = display_name)]
        display_name: Option<DisplayName>,
        /// A role to give; may be said several times
        #[arg(long = "role", value_name = "ROLE", value_parser = role_name)]
        roles: Vec<RoleName>,
        /// Create the user without a password: a person is mailed an invitation to choose one
        #[arg(long, conflicts_with = "password_stdin")]
        no_password: bool,
        /// Read the password from standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
        /// Create the user inactive
        #[arg(long)]
        inactive: bool,
    },
    /// List users
    List {
        /// Free text to look for
        #[arg(long, short, value_name = "TEXT")]
        query: Option<String>,
        /// A filter like `active:eq:true`; may be said several times
        #[arg(long = "filter", value_name = "FIELD:OP:VALUE")]
        filters: Vec<String>,
        /// The order, like `-created_at,email`
        #[arg(long)]
        sort: Option<String>,
        /// How many at most, up to 200
        #[arg(long, default_value_t = 25)]
        limit: u32,
        /// Which page
        #[arg(long, default_value_t = 1)]
        page: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one user
    Show(Named),
    /// Let a user sign in
    Activate(Named),
    /// Let a user no longer sign in, and end their sessions
    Deactivate(Named),
    /// Let in a user who has registered
    Approve(Named),
    /// Let a user try again at once who has failed to sign in too often
    Unlock(Named),
    /// End a user's sessions and have them choose a new password
    ResetAccess(Named),
    /// Set a user's password, and end their sessions
    SetPassword {
        #[command(flatten)]
        user: Named,
        /// Read the password from standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
        /// Have the user choose another one at the next sign-in
        #[arg(long)]
        must_change: bool,
    },
    /// Delete a user
    Delete {
        #[command(flatten)]
        user: Named,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
    /// Give a role to a user
    AddRole {
        #[command(flatten)]
        user: Named,
        /// The role
        #[arg(value_parser = role_name)]
        role: RoleName,
    },
    /// Take a role from a user
    RemoveRole {
        #[command(flatten)]
        user: Named,
        /// The role
        #[arg(value_parser = role_name)]
        role: RoleName,
    },
}

/// Whom a command is about.
#[derive(clap::Args)]
pub(super) struct Named {
    /// The user's email, username or id
    #[arg(value_name = "USER")]
    identifier: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(refusal)
}

fn username(text: &str) -> Result<Username, String> {
    Username::parse(text).map_err(refusal)
}

fn display_name(text: &str) -> Result<DisplayName, String> {
    DisplayName::parse(text).map_err(refusal)
}

pub(super) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let state = context.prepared_state().await?;
    match command {
        Command::Create { email, username, display_name, roles, no_password, password_stdin, inactive } => {
            let mut new = NewUser { username, display_name, active: !inactive, ..NewUser::person(email) };
            if !no_password {
                let entered = EnteredPassword::new(&output::password(password_stdin)?);
                new.password_hash = Some(users::hash_password(&state, &new, entered).await?);
            }
            let proof = Authorized::<UsersWrite>::operator();
            print(&[state.act(proof, move |act| users::create_and_invite(act, &new, &roles)).await?], false)
        }
        Command::List { query, filters, sort, limit, page, json } => {
            let parameters =
                [("q", query), ("sort", sort), ("limit", Some(limit.to_string())), ("page", Some(page.to_string()))];
            let given = parameters.into_iter().filter_map(|(name, value)| Some((name, value?)));
            let given = given.chain(filters.into_iter().map(|filter| ("filter", filter)));
            let found = users::find_page(&state, given).await?;
            if json {
                return output::json(&found);
            }
            print(&found.items, false)?;
            eprintln!(
                "{} of {}{}",
                found.items.len(),
                if found.total_is_estimate { "more than " } else { "" },
                found.total
            );
            Ok(())
        }
        Command::Show(user) => {
            let id = find(&state, &user).await?;
            let found = state.database.read(move |connection| users::find(connection, id)).await?;
            print(&[found.ok_or_else(Problem::not_found)?], user.json)
        }
        Command::Activate(user) => act(&state, user, users::activate).await,
        Command::Deactivate(user) => act(&state, user, users::deactivate).await,
        Command::Approve(user) => act(&state, user, users::approve).await,
        Command::Unlock(user) => act(&state, user, users::unlock).await,
        Command::ResetAccess(user) => act(&state, user, users::reset_access).await,
        Command::AddRole { user, role } => act(&state, user, move |act, id| users::add_role(act, id, &role)).await,
        Command::RemoveRole { user, role } => {
            act(&state, user, move |act, id| users::remove_role(act, id, &role)).await
        }
        Command::SetPassword { user, password_stdin, must_change } => {
            let id = find(&state, &user).await?;
            let entered = EnteredPassword::new(&output::password(password_stdin)?);
            Ok(users::set_password(&state, Authorized::<UsersWrite>::operator(), id, entered, must_change).await?)
        }
        Command::Delete { user, yes } => {
            let id = find(&state, &user).await?;
            output::confirm(&format!("Delete the user {}?", user.identifier), yes)?;
            let proof = Authorized::<UsersDelete>::operator();
            Ok(state.act(proof, move |act| users::delete(act, id, &Precondition::default())).await?)
        }
    }
}

async fn act<F>(state: &AppState, user: Named, work: F) -> Result<(), Failure>
where
    F: FnOnce(&mut Act<'_>, Uuid) -> Result<User, Problem> + Send + 'static,
{
    let id = find(state, &user).await?;
    let proof = Authorized::<UsersWrite>::operator();
    print(&[state.act(proof, move |act| work(act, id)).await?], user.json)
}

/// Whom a command is about: by id, email or username, whatever the case.
async fn find(state: &AppState, user: &Named) -> Result<Uuid, Failure> {
    if let Ok(id) = Uuid::try_parse(&user.identifier) {
        return Ok(id);
    }
    let identifier = normalize(&user.identifier);
    let found = state.database.read(move |connection| users::find_id_by_identifier(connection, &identifier)).await?;
    found.ok_or_else(|| Failure::new(format!("There is no user {}.", user.identifier)))
}

fn print(users: &[User], json: bool) -> Result<(), Failure> {
    if json {
        return output::json(&users);
    }
    let rows: Vec<_> = users
        .iter()
        .map(|user| {
            let state = match (user.approved, user.active) {
                (false, _) => "pending",
                (true, true) => "active",
                (true, false) => "inactive",
            };
            let username = user.username.clone().unwrap_or_default();
            [user.email.clone(), username, state.to_owned(), user.roles.join(" "), user.id.to_string()]
        })
        .collect();
    output::table(["EMAIL", "USERNAME", "STATE", "ROLES", "ID"], &rows)
}
