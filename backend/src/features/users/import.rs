//! Users out of a file: all of them, or none.

use std::collections::{HashMap, HashSet};

use utoipa::IntoParams;
use uuid::Uuid;

use super::fields::{DisplayName, Email, Username};
use super::queries;
use super::service::{self, NewUser};
use crate::access::Act;
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::auth;
use crate::features::roles::{self, AssignableRole, RoleName};
use crate::http::import::{
    CellKind, ImportColumn, ImportOptions, ImportReport, ImportRow, LineError, Upload, take_flag,
};
use crate::http::json_body::read_object;
use crate::http::list::QueryString;
use crate::problem::{Code, FieldError, Problem};
use crate::request_body;

const COLUMNS: &[ImportColumn] = &[
    ImportColumn { name: "email", kind: CellKind::Text, required: true },
    ImportColumn { name: "username", kind: CellKind::Text, required: false },
    ImportColumn { name: "display_name", kind: CellKind::Text, required: false },
    ImportColumn { name: "active", kind: CellKind::Boolean, required: false },
    ImportColumn { name: "roles", kind: CellKind::List, required: false },
];

request_body! {
    /// One row of a file of users.
    struct ImportedUser {
        /// The address that identifies the user.
        email: Email,
        /// A second name to sign in by.
        username: Option<Username>,
        /// How the user is called on screens.
        display_name: Option<DisplayName>,
        /// Whether the user may sign in; `true` unless said otherwise.
        active: Option<bool>,
        /// The names of the user's roles.
        roles: Option<Vec<RoleName>>,
    }
}

/// What an import of users can be told besides.
#[derive(Clone, Copy, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UserImportOptions {
    /// Whether each user who may sign in is mailed an invitation to choose a password.
    #[param(default = false, nullable = false, required = false)]
    invite: bool,
}

impl ImportOptions for UserImportOptions {
    fn take(query: &mut QueryString) -> Result<Self, Problem> {
        Ok(Self { invite: take_flag(query, "invite")? })
    }
}

/// What a file holds, as far as the file alone tells.
pub(super) struct Import {
    dry_run: bool,
    options: UserImportOptions,
    /// How many rows there are, with those that could not be read.
    number: u64,
    rows: Vec<Row>,
    errors: Vec<LineError>,
}

struct Row {
    line: u64,
    user: NewUser,
    roles: Vec<RoleName>,
    email: String,
    username: Option<String>,
}

impl Import {
    /// Reads a file and notes what is wrong with it.
    pub(super) fn read(upload: &Upload<UserImportOptions>) -> Self {
        let (mut number, mut rows, mut errors) = (0, Vec::new(), Vec::new());
        for read in upload.rows(COLUMNS) {
            number += 1;
            match read.and_then(Row::new) {
                Ok(row) => rows.push(row),
                Err(found) => errors.extend(found),
            }
        }
        errors.extend(repeated(&rows));
        Self { dry_run: upload.dry_run, options: upload.options, number, rows, errors }
    }

    /// Creates the users, or finds out what would keep them from being created.
    ///
    /// # Errors
    /// `import_failed` if anything is wrong and it is no dry run; `privilege_escalation` for a role that permits more than the
    /// caller may do; `reauthentication_required` if it is no dry run and there are roles.
    pub(super) fn run(mut self, act: &mut Act<'_>) -> Result<ImportReport, Problem> {
        act.attempt("user.imported", Target::new("user", "", format!("a file of {} rows", self.number)));
        if !self.dry_run && self.rows.iter().any(|row| !row.roles.is_empty()) {
            act.require_fresh()?;
        }
        let roles = self.known_roles(act)?;
        let taken = self.what_is_taken(act, &roles)?;
        self.errors.extend(taken);
        self.errors.sort_by_key(|error| error.line);
        if self.errors.is_empty() && !self.dry_run {
            self.write(act, &roles)?;
        }
        let (dry_run, report) = (self.dry_run, self.into_report());
        if report.errors.is_empty() || dry_run { Ok(report) } else { Err(report.into_problem()) }
    }

    fn into_report(self) -> ImportReport {
        let wrong: HashSet<u64> = self.errors.iter().map(|error| error.line).collect();
        let created = self.rows.iter().filter(|row| !wrong.contains(&row.line)).count();
        let mut report = ImportReport {
            rows: self.number,
            created: u64::try_from(created).unwrap_or(u64::MAX),
            ..ImportReport::default()
        };
        report.note(self.errors);
        report
    }

    /// The roles that the file names and that exist, by their normalized names.
    fn known_roles(&self, act: &mut Act<'_>) -> Result<HashMap<String, AssignableRole>, Problem> {
        let mut known = HashMap::new();
        let mut unknown = HashSet::new();
        for name in self.rows.iter().flat_map(|row| &row.roles) {
            let normalized = name.normalized();
            if known.contains_key(&normalized) || unknown.contains(&normalized) {
                continue;
            }
            match roles::find_by_name(act.connection, name)? {
                Some(role) => {
                    act.must_cover(&role.permissions)?;
                    known.insert(normalized, role);
                }
                None => _ = unknown.insert(normalized),
            }
        }
        Ok(known)
    }

    fn what_is_taken(
        &self,
        act: &mut Act<'_>,
        roles: &HashMap<String, AssignableRole>,
    ) -> Result<Vec<LineError>, Problem> {
        let emails: Vec<&str> = self.rows.iter().map(|row| row.email.as_str()).collect();
        let usernames: Vec<&str> = self.rows.iter().filter_map(|row| row.username.as_deref()).collect();
        let (taken_emails, taken_usernames) = queries::taken_names(act.connection, &emails, &usernames)?;
        let mut errors = Vec::new();
        for row in &self.rows {
            if taken_emails.contains(&row.email) {
                errors.push(row.error("email", Code::EmailTaken, Code::EmailTaken.title()));
            }
            if row.username.as_ref().is_some_and(|username| taken_usernames.contains(username)) {
                errors.push(row.error("username", Code::UsernameTaken, Code::UsernameTaken.title()));
            }
            for name in row.roles.iter().filter(|name| !roles.contains_key(&name.normalized())) {
                errors.push(row.error("roles", Code::UnknownRole, format!("There is no role {}.", name.as_str())));
            }
        }
        Ok(errors)
    }

    fn write(&self, act: &mut Act<'_>, roles: &HashMap<String, AssignableRole>) -> Result<(), Problem> {
        let ids: Vec<Uuid> = self.rows.iter().map(|_| Uuid::now_v7()).collect();
        let users: Vec<_> = self.rows.iter().zip(&ids).map(|(row, id)| row.user.row(*id, act.now)).collect();
        queries::insert(act.connection, &users).map_err(service::taken)?;
        let (mut given, mut events) = (Vec::new(), Vec::new());
        for (row, id) in self.rows.iter().zip(&ids) {
            let mut theirs: Vec<&AssignableRole> =
                row.roles.iter().filter_map(|name| roles.get(&name.normalized())).collect();
            theirs.sort_by(|left, right| left.name.cmp(&right.name));
            theirs.dedup_by_key(|role| role.id);
            given.extend(theirs.iter().map(|role| (*id, role.id)));
            events.push(row.event(*id, &theirs));
        }
        roles::give_all(act.connection, &given)?;
        audit::record_all(act.connection, act.caller, &events, act.now)?;
        if self.options.invite {
            for id in ids {
                let user = service::find_written(act.connection, id)?;
                auth::invite(act.state, act.connection, &user, act.now)?;
            }
        }
        Ok(())
    }
}

impl Row {
    fn new(row: ImportRow) -> Result<Self, Vec<LineError>> {
        let line = row.line;
        let read: ImportedUser = read_object(row.fields).map_err(|problem| ImportRow::errors_of(line, &problem))?;
        let (email, username) = (read.email.normalized(), read.username.as_ref().map(Username::normalized));
        let user = NewUser {
            username: read.username,
            display_name: read.display_name,
            active: read.active.unwrap_or(true),
            ..NewUser::person(read.email)
        };
        Ok(Self { line, user, roles: read.roles.unwrap_or_default(), email, username })
    }

    fn error(&self, field: &str, code: Code, message: impl Into<std::borrow::Cow<'static, str>>) -> LineError {
        LineError::of_field(self.line, FieldError::new(field, code.as_str(), message))
    }

    fn event(&self, id: Uuid, roles: &[&AssignableRole]) -> Event {
        let names: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
        let changes = Changes::none()
            .field("email", (), self.user.email.as_str())
            .field("username", (), self.user.username.as_ref().map(Username::as_str))
            .field("display_name", (), self.user.display_name.as_ref().map(DisplayName::as_str))
            .field("active", (), self.user.active)
            .field("approved", (), self.user.approved)
            .field("roles", [(); 0], names);
        Event::done("user.created", Target::new("user", id, self.user.email.as_str()), changes)
    }
}

/// Names that occur in the file more than once.
fn repeated(rows: &[Row]) -> Vec<LineError> {
    let (mut emails, mut usernames, mut errors) = (HashMap::new(), HashMap::new(), Vec::new());
    for row in rows {
        if let Some(first) = emails.insert(row.email.as_str(), row.line) {
            errors.push(row.error("email", Code::EmailTaken, format!("Line {first} has the same email.")));
        }
        let username = row.username.as_deref();
        if let Some(first) = username.and_then(|username| usernames.insert(username, row.line)) {
            errors.push(row.error("username", Code::UsernameTaken, format!("Line {first} has the same username.")));
        }
    }
    errors
}
