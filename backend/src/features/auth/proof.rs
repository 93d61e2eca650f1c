//! What people prove themselves by, after the password or besides it.

use super::fields::{PresentedToken, RefreshDelivery};
use super::password_policy::EnteredPassword;
use crate::features::mfa::{Claim, Method, OneTimeCode};
use crate::features::passkeys::{Assertion, CeremonyToken, Presented, Purpose};
use crate::problem::{FieldError, Problem};
use crate::request_body;

request_body! {
    /// A proof of the second factor that signing in asked for.
    pub(super) struct SecondFactorProof {
        /// What signing in answered.
        challenge: PresentedToken,
        /// Which of the methods that it named.
        method: Method,
        /// The code, of any method but `passkey`.
        code: Option<OneTimeCode>,
        /// What the options for a passkey came with.
        ceremony: Option<CeremonyToken>,
        /// What the authenticator answered to them.
        credential: Option<Assertion>,
        /// Whether signing in on this browser is to ask for no second factor for a while; only with the refresh token in a cookie.
        trust_device: Option<bool>,
        /// How the refresh token is to be delivered; `body` if nothing is said.
        refresh: Option<RefreshDelivery>,
    }
}

request_body! {
    /// A proof that it is still the same person: the password, or else a method and a code, or what a passkey answered.
    #[schema(example = json!({"password": "correct horse battery staple"}))]
    pub(super) struct Proof {
        /// The password.
        password: Option<EnteredPassword>,
        /// What the code is of, or `passkey`.
        method: Option<Method>,
        /// The code.
        code: Option<OneTimeCode>,
        /// What the options for a passkey came with.
        ceremony: Option<CeremonyToken>,
        /// What the authenticator answered to them.
        credential: Option<Assertion>,
    }
}

impl Proof {
    /// What is presented.
    ///
    /// # Errors
    /// `validation_failed` unless it is one of the two.
    pub(super) fn into_presented(self) -> Result<PresentedProof, Problem> {
        let Self { password, method, code, ceremony, credential } = self;
        let is_claim = code.is_some() || (ceremony.is_some() && credential.is_some());
        match (password, method) {
            (Some(password), None) if code.is_none() && ceremony.is_none() && credential.is_none() => {
                Ok(PresentedProof::Password(password))
            }
            (None, Some(method)) if is_claim => {
                let claim = claim(method, code, ceremony, credential, Purpose::Reauthenticate)?;
                Ok(PresentedProof::SecondFactor(claim))
            }
            _ => {
                let message = "Send the password, or else a method and a code, or what a passkey answered.";
                Err(Problem::invalid(vec![FieldError::new("password", "required", message)]))
            }
        }
    }
}

/// What is claimed by a method: a code, or what a passkey answered for that very purpose.
///
/// # Errors
/// `validation_failed` unless it is what goes with the method, and nothing else.
pub(super) fn claim(
    method: Method,
    code: Option<OneTimeCode>,
    ceremony: Option<CeremonyToken>,
    credential: Option<Assertion>,
    purpose: Purpose,
) -> Result<Claim, Problem> {
    match (method, code, ceremony, credential) {
        (Method::Passkey, None, Some(ceremony), Some(credential)) => {
            Ok(Claim::Passkey(Box::new(Presented { purpose, ceremony, credential })))
        }
        (Method::Passkey, ..) => {
            let message = "Send the ceremony and what the authenticator answered.";
            Err(Problem::invalid(vec![FieldError::new("credential", "required", message)]))
        }
        (method, Some(code), None, None) => Ok(Claim::Code(method, code)),
        _ => Err(Problem::invalid(vec![FieldError::new("code", "required", "Send the code alone.")])),
    }
}

/// What somebody who is signed in proves themselves by.
pub(super) enum PresentedProof {
    Password(EnteredPassword),
    SecondFactor(Claim),
}
