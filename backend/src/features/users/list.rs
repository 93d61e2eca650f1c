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
        static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
            // In the order in which they came, which is nearly that of the key, and has its own index for a range of it.
            describe("users", "users.id").row_count("users").sorted_by("created_at")
        });
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

/// The users whose texts have these trigrams; only SQLite is asked so.
const BY_TRIGRAMS: &str = "SELECT user_numbers.user_id AS key FROM user_trigrams \
     INNER JOIN user_numbers ON user_numbers.number = user_trigrams.rowid WHERE user_trigrams MATCH";
/// The users whose columns fit.
const BY_COLUMN: &str = "SELECT users.id AS key FROM users WHERE";
const BY_ROLE: &str = "SELECT user_roles.user_id AS key FROM user_roles \
     INNER JOIN roles ON roles.id = user_roles.role_id WHERE";

fn describe(name: &'static str, key: &'static str) -> ListSpec {
    let by_parts = |field: Field| field.found_by_parts(BY_TRIGRAMS, "users.search_text");
    let by_column = |field: Field, column: &'static str| field.indexed(BY_COLUMN, column);
    let flag = |name: &'static str, column: &'static str| by_column(Field::boolean(name).column(column), column);
    let email = Field::text("email").column("users.email").folded("users.email_normalized", normalize);
    let username = Field::text("username").column("users.username").nullable().sorted_as("users.username_sorted");
    let username = username.folded("users.username_normalized", normalize);
    let display_name = Field::text("display_name").column("users.display_name").nullable();
    let display_name = display_name.folded_or_empty("users.display_name_folded", normalize);
    let last_login_at = Field::timestamp("last_login_at").column("users.last_login_at").nullable();
    let search_text = Field::text("search_text").column("users.search_text").folded("users.search_text", normalize);
    let roles = Field::many(
        "roles",
        "SELECT 1 FROM user_roles INNER JOIN roles ON roles.id = user_roles.role_id WHERE user_roles.user_id = users.id",
    );
    ListSpec::new(name, Field::uuid("id").column(key))
        .field(Field::text("kind").column("users.kind"))
        .field(by_parts(email).unique(BY_COLUMN, "users.email_normalized"))
        .field(by_parts(username).unique(BY_COLUMN, "users.username_normalized"))
        .field(by_parts(by_column(display_name, "users.display_name_folded")))
        .field(Field::text("locale").column("users.locale").nullable())
        .field(flag("active", "users.active"))
        .field(flag("approved", "users.approved"))
        .field(flag("email_verified", "users.email_verified"))
        .field(
            roles
                .column("roles.name_normalized")
                .folded("roles.name_normalized", normalize)
                .indexed(BY_ROLE, "roles.name_normalized"),
        )
        .field(by_column(Field::timestamp("created_at").column("users.created_at"), "users.created_at"))
        .field(Field::timestamp("updated_at").column("users.updated_at"))
        .field(last_login_at.sorted_as("users.last_login_sorted"))
        .field(Field::text("last_login_ip").column("users.last_login_ip").nullable())
        .field(Field::timestamp("current_login_at").column("users.current_login_at").nullable())
        .field(Field::text("current_login_ip").column("users.current_login_ip").nullable())
        .field(Field::integer("login_count").column("users.login_count"))
        .field(by_column(
            Field::timestamp("locked_until").column("users.locked_until").nullable(),
            "users.locked_until",
        ))
        .field(Field::boolean("mfa_enabled").column("users.mfa_enabled"))
        .searched_in(by_parts(search_text))
}
