//! One act of somebody who administers: what they may do is looked up once more where it counts, and the guard rails stand around it.

use std::sync::{Arc, OnceLock};

use diesel::QueryResult;
use uuid::Uuid;

use super::actor::Caller;
use super::authority::Authority;
use super::changes::AccessChanges;
use super::guard::Authorized;
use super::pattern::PermissionPattern;
use super::permission::Permission;
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::roles;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// The transaction that an act on users or roles runs in, on whose behalf.
pub struct Act<'a> {
    /// The connection, in the transaction.
    pub connection: &'a mut DbConnection,
    /// The changes of access that the act makes.
    pub changes: &'a mut AccessChanges,
    /// Who asks for it.
    pub caller: &'a Caller,
    /// When it happens.
    pub now: Timestamp,
    /// What the act needs besides: settings, and who sends mail.
    pub state: &'a AppState,
    authority: Authority,
    attempt: Option<Event>,
}

impl<'a> Act<'a> {
    fn new(
        state: &'a AppState,
        connection: &'a mut DbConnection,
        changes: &'a mut AccessChanges,
        caller: &'a Caller,
        now: Timestamp,
    ) -> QueryResult<Self> {
        let authority = Authority::of(connection, caller)?;
        Ok(Self { connection, changes, caller, now, state, authority, attempt: None })
    }

    /// Notes what is about to be tried: should a guard rail refuse it, this is what the audit trail will tell.
    pub fn attempt(&mut self, action: &'static str, target: Target) {
        self.attempt = Some(Event::refused(action, target));
    }

    /// Asks for a permission besides the one that the act began with.
    ///
    /// # Errors
    /// `permission_denied`.
    pub fn require<P: Permission>(&self) -> Result<(), Problem> {
        self.authority.require::<P>()
    }

    /// Asks for a recent proof of who the caller is.
    ///
    /// # Errors
    /// `reauthentication_required`, `impersonation_refused`.
    pub fn require_fresh(&self) -> Result<(), Problem> {
        self.caller.must_be_fresh(self.state)
    }

    /// Nobody gives, takes or changes what exceeds their own permissions.
    ///
    /// # Errors
    /// `privilege_escalation`.
    pub fn must_cover<'p>(&self, patterns: impl IntoIterator<Item = &'p PermissionPattern>) -> Result<(), Problem> {
        self.authority.must_cover(patterns)
    }

    /// Nobody acts on a user whose permissions exceed their own.
    ///
    /// # Errors
    /// `privilege_escalation`; `permission_denied` for an API key that is used on its owner, `impersonation_refused` for an
    /// impersonation on whose name it is in.
    pub fn must_cover_user(&mut self, user_id: Uuid) -> Result<(), Problem> {
        self.caller.must_not_reach_owner(user_id)?;
        self.authority.must_cover_user(self.connection, user_id)
    }

    /// Writes down that the act was done.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn record(&mut self, action: &'static str, target: Target, changes: Changes) -> QueryResult<()> {
        audit::record(self.connection, self.caller, Event::done(action, target, changes), self.now)
    }
}

impl AppState {
    /// Runs an act of whoever holds `P`, all or nothing. Acts happen one after another on all nodes, so that what is true
    /// when one of them looks is true until it commits.
    ///
    /// # Errors
    /// `permission_denied` if the caller has lost `P` meanwhile; `last_admin` if nobody could administer afterwards, whatever
    /// the act was; those of the act. What a guard rail refuses is written down as such.
    pub async fn act<P, T, F>(&self, proof: Authorized<P>, work: F) -> Result<T, Problem>
    where
        P: Permission,
        T: Send + 'static,
        F: FnOnce(&mut Act<'_>) -> Result<T, Problem> + Send + 'static,
    {
        self.perform(proof.into_caller(), require::<P>, work).await
    }

    /// Runs an act of somebody on what is their own, for which nobody needs a permission. All else is as for [`AppState::act`].
    ///
    /// # Errors
    /// Those of [`AppState::act`], but for `permission_denied`.
    pub async fn act_on_oneself<T, F>(&self, caller: Caller, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Act<'_>) -> Result<T, Problem> + Send + 'static,
    {
        self.perform(caller, |_| Ok(()), work).await
    }

    async fn perform<T, F>(
        &self,
        caller: Caller,
        require: fn(&Act<'_>) -> Result<(), Problem>,
        work: F,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Act<'_>) -> Result<T, Problem> + Send + 'static,
    {
        let (now, state) = (self.clock.now(), self.clone());
        let refusal = Arc::new(OnceLock::new());
        let (asking, refused) = (caller.clone(), Arc::clone(&refusal));
        let outcome = self
            .change_access(move |connection, changes| {
                let mut act = Act::new(&state, connection, changes, &asking, now)?;
                require(&act)?;
                let outcome = keeping_an_administrator(&mut act, work);
                if let (Err(problem), Some(event)) = (&outcome, act.attempt.take())
                    && problem.code().is_audited()
                {
                    // The transaction is about to be rolled back, and would take the event with it.
                    let _ = refused.set(event.because(problem.code()));
                }
                outcome
            })
            .await;
        if let Some(event) = refusal.get().cloned() {
            self.record_refusal(caller, event).await;
        }
        outcome
    }
}

fn require<P: Permission>(act: &Act<'_>) -> Result<(), Problem> {
    act.require::<P>()
}

/// Whatever an act does, somebody who may do everything must be able to sign in afterwards, if somebody could before.
fn keeping_an_administrator<T>(
    act: &mut Act<'_>,
    work: impl FnOnce(&mut Act<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let verification = act.state.settings.email_verification;
    let before = roles::has_active_administrator(act.connection, verification)?;
    let value = work(act)?;
    if before && !roles::has_active_administrator(act.connection, verification)? {
        return Err(Problem::new(Code::LastAdmin));
    }
    Ok(value)
}
