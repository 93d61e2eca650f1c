//! Second factors: what somebody has besides their password, and how they prove it (NIST SP 800-63B, section 3.1).

mod administration;
mod enrolment;
mod handlers;
mod model;
mod proof;
mod queries;
mod recovery_code;
mod requirement;
mod totp;

pub use administration::remove_of_user;
pub(crate) use enrolment::remove_all;
pub(crate) use model::{Method, OneTimeCode};
pub(crate) use proof::{Claim, Proof, judge};
pub(crate) use requirement::{is_required, methods_of, must_be_proved};

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .service(handlers::get)
        .service(handlers::begin_totp)
        .service(handlers::confirm_totp)
        .service(handlers::delete_totp)
        .service(handlers::replace_recovery_codes)
        .service(handlers::delete_of_user);
}
