//! Time-based one-time passwords, as authenticator applications make them (RFC 6238): SHA-1, six digits, thirty seconds.
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::crypto::random_bytes;
use crate::db::Timestamp;
use crate::problem::Problem;

/// As many as SHA-1 makes use of (RFC 4226, section 4).
const SECRET_LENGTH: usize = 20;
/// So many steps before and after the present one are taken, for clocks that are not quite right.
const SKEW: u16 = 1;

/// What makes the codes; wiped when it is dropped.
pub(super) struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    pub(super) fn generate() -> Self {
        Self(Zeroizing::new(random_bytes::<SECRET_LENGTH>().to_vec()))
    }

    pub(super) fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As people type it.
    pub(super) fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(Secret::from(self.0.to_vec()).to_base32())
    }

    /// What an authenticator reads out of the picture.
    ///
    /// # Errors
    /// When the names can't stand in it.
    pub(super) fn otpauth_uri(&self, product: &str, account: &str) -> Result<Zeroizing<String>, Problem> {
        // A colon separates the two in the label.
        let builder =
            self.builder().with_issuer(Some(product.replace(':', " "))).with_account_name(account.replace(':', " "));
        Ok(Zeroizing::new(builder.build().and_then(|totp| totp.to_url()).map_err(Problem::internal)?))
    }

    /// The time step that a code belongs to, if it is right at that time.
    pub(super) fn matching_step(&self, code: &str, now: Timestamp) -> Result<Option<i64>, Problem> {
        // There are no steps before 1970.
        let Ok(micros) = u64::try_from(now.as_micros()) else { return Ok(None) };
        let totp: Totp = self.builder().build().map_err(Problem::internal)?;
        let step = totp.check(code, micros / MICROS);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    fn builder(&self) -> Builder {
        Builder::new().with_secret(self.0.to_vec()).with_skew(SKEW)
    }
}

/// Microseconds in a second.
const MICROS: u64 = 1_000_000;

/// A picture of a text that telephones read.
///
/// # Errors
/// When the text is too long for one.
pub(super) fn qr_svg(text: &str) -> Result<String, Problem> {
    let code = QrCode::new(text.as_bytes()).map_err(Problem::internal)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let secret = TotpSecret(Zeroizing::new(b"12345678901234567890".to_vec()));
        // The RFC's examples have eight digits; six are the last six of them (RFC 4226, section 5.3).
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(secret.matching_step(code, at(seconds)).unwrap(), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_right_one_step_early_and_late_and_no_longer() {
        let secret = TotpSecret(Zeroizing::new(b"12345678901234567890".to_vec()));
        let step = |seconds| secret.matching_step("287082", at(seconds)).unwrap();
        assert_eq!([step(29), step(30), step(59), step(89), step(90)], [Some(1), Some(1), Some(1), Some(1), None]);
        assert_eq!(step(-1_000), None);
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let secret = TotpSecret(Zeroizing::new(b"12345678901234567890".to_vec()));
        for code in ["", "28708", "2870822", "28708a", "-87082", "+87082", "２８７０８２", "00287082"] {
            assert_eq!(secret.matching_step(code, at(59)).unwrap(), None, "{code}");
        }
    }

    #[test]
    fn any_product_and_any_account_can_stand_in_the_uri() {
        let secret = TotpSecret::generate();
        let uri = secret.otpauth_uri("Acme: the admin & more", "ann+x@example.com").unwrap();
        assert!(uri.starts_with("otpauth://totp/"), "{}", *uri);
        assert!(uri.contains(&*secret.to_base32()));
        assert!(qr_svg(&uri).unwrap().contains("<svg"));
    }
}
