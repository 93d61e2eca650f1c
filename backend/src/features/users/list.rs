//! The list of users: what it can be asked.

use std::sync::LazyLock;

use super::fields::normalize;
use super::model::User;
use super::queries;
use crate::http::list::{Field, ListRequest, ListSpec, Listed, Page};
use crate::problem::Problem;
use crate::state::AppState;

/// The list of all users.
pub(super) struct Users;

impl Listed for Users {
    fn spec() -> &'static ListSpec {
        // The whole table's size is kept by triggers.
        static SPEC: LazyLock<ListSpec> = LazyLock::new(|| describe("users", "users.id").row_count("users"));
        &SPEC
    }
}

/// As [`Users`], read as a whole.
pub(super) struct UsersExport;

impl Listed for UsersExport {
    const OTHERS: &'static [&'static str] = &["format"];
    const WHOLE: bool = true;

    fn spec() -> &'static ListSpec {
        Users::spec()
    }
}

/// The list of the users who have one role.
pub(crate) struct UsersOfRole;

impl Listed for UsersOfRole {
    fn spec() -> &'static ListSpec {
        // By the column of the join whose index on the role has it in order: no sorting, however many have the role.
        static SPEC: LazyLock<ListSpec> = LazyLock::new(|| describe("users_of_role", "user_roles.user_id"));
        &SPEC
    }
}

/// A page of users, for who asks by other means than HTTP; the parameters are those of `GET /users`.
///
/// # Errors
/// As `GET /users`.
pub async fn find_page(
    state: &AppState,
    parameters: impl IntoIterator<Item = (&'static str, String)>,
) -> Result<Page<User>, Problem> {
    let encode = |value: String| {
        value.bytes().flat_map(|byte| format!("%{byte:02X}").into_bytes()).map(char::from).collect::<String>()
    };
    let query: Vec<String> = parameters.into_iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let (request, _) = ListRequest::parse(Users::spec(), &query.join("&"), &[])?;
    Ok(state.database.read(move |connection| queries::list(connection, &request)).await?)
}

fn describe(name: &'static str, key: &'static str) -> ListSpec {
    let (email, username) = (Field::text("email"), Field::text("username"));
    let roles = Field::many(
        "roles",
        "SELECT 1 FROM user_roles INNER JOIN roles ON roles.id = user_roles.role_id WHERE user_roles.user_id = users.id",
    );
    ListSpec::new(name, Field::uuid("id").column(key))
        .field(Field::text("kind").column("users.kind"))
        .field(email.column("users.email").folded("users.email_normalized", normalize))
        .field(username.column("users.username").nullable().folded("users.username_normalized", normalize))
        .field(
            Field::text("display_name")
                .column("users.display_name")
                .nullable()
                .folded_or_empty("users.display_name_folded", normalize),
        )
        .field(Field::text("locale").column("users.locale").nullable())
        .field(Field::boolean("active").column("users.active"))
        .field(Field::boolean("approved").column("users.approved"))
        .field(Field::boolean("email_verified").column("users.email_verified"))
        .field(roles.column("roles.name_normalized").folded("roles.name_normalized", normalize))
        .field(Field::timestamp("created_at").column("users.created_at"))
        .field(Field::timestamp("updated_at").column("users.updated_at"))
        .field(Field::timestamp("last_login_at").column("users.last_login_at").nullable())
        .field(Field::text("last_login_ip").column("users.last_login_ip").nullable())
        .field(Field::timestamp("current_login_at").column("users.current_login_at").nullable())
        .field(Field::text("current_login_ip").column("users.current_login_ip").nullable())
        .field(Field::integer("login_count").column("users.login_count"))
        .field(Field::timestamp("locked_until").column("users.locked_until").nullable())
        .searched_in(Field::text("search_text").column("users.search_text").folded("users.search_text", normalize))
}
