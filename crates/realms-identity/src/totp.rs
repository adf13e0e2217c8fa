//! Codes of authenticator apps: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which is
//! what every app can.

use aws_lc_rs::hmac;
use realms_seal::{random_bytes, same};
use realms_types::{Secret, Timestamp};
use url::form_urlencoded::byte_serialize;

/// Seconds of a step.
const STEP: i64 = 30;
/// Clocks may be so many steps apart.
const APART: i64 = 1;
/// A code is a number below this.
const MODULUS: u32 = 1_000_000;
/// RFC 4648.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an app and Realms share: 160 random bits.
#[derive(Debug, Clone)]
pub struct TotpSecret(Secret<Vec<u8>>);

// === impl TotpSecret ===

impl TotpSecret {
    /// A new secret.
    pub fn random() -> Self {
        Self(Secret::new(random_bytes::<20>().to_vec()))
    }

    /// One that was kept.
    pub const fn from_bytes(bytes: Secret<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// To be sealed and kept.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.reveal()
    }

    /// In base 32, to be typed into an app.
    pub fn to_text(&self) -> Secret<String> {
        let mut text = String::with_capacity(32);
        let (mut bits, mut held) = (0u32, 0u32);
        for byte in self.0.reveal() {
            bits = (bits << 8) | u32::from(*byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                text.push(char::from(BASE32[(bits >> held & 31) as usize]));
            }
        }
        Secret::from(text)
    }

    /// As a URI that apps read from a picture.
    /// <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>
    pub fn to_uri(&self, site: &str, username: &str) -> Secret<String> {
        let plain =
            |text: &str| byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
        let (site, username) = (plain(&site.replace(':', " ")), plain(username));
        let secret = self.to_text();
        Secret::from(format!(
            "otpauth://totp/{site}:{username}?secret={}&issuer={site}&algorithm=SHA1&digits=6&period=30",
            secret.reveal()
        ))
    }

    /// The step whose code this is, within one step of now. That no step is accepted twice is the
    /// store's business.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let current = now.as_secs().div_euclid(STEP);
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        (current - APART..=current + APART)
            .rfind(|step| same(self.code_at(*step).as_bytes(), code.as_bytes()))
    }

    /// The code of a step: RFC 4226.
    pub fn code_at(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.0.reveal());
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag[tag.len() - 1] & 15);
        let mut word = [0u8; 4];
        word.copy_from_slice(&tag[offset..offset + 4]);
        format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % MODULUS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(Secret::new(b"12345678901234567890".to_vec()))
    }

    /// RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().code_at(seconds / STEP), code);
        }
    }

    #[test]
    fn a_code_counts_one_step_around_its_own() {
        let code = secret().code_at(100);
        for (seconds, step) in
            [(2969, None), (2970, Some(100)), (3029, Some(100)), (3059, Some(100)), (3060, None)]
        {
            assert_eq!(secret().step_of(&code, Timestamp::from_secs(seconds)), step, "{seconds}");
        }
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(secret().step_of(&spaced, Timestamp::from_secs(3000)), Some(100));
        for wrong in ["", "0", "000000", "abcdef", "00000000000000000000"] {
            assert_eq!(secret().step_of(wrong, Timestamp::from_secs(3000)), None, "{wrong:?}");
        }
    }

    #[test]
    fn the_text_forms_are_what_apps_read() {
        assert_eq!(secret().to_text().reveal(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(TotpSecret::random().to_text().reveal().len(), 32);
        assert_eq!(
            secret().to_uri("Realms: home", "ana").reveal(),
            "otpauth://totp/Realms%20%20home:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Realms%20%20home&algorithm=SHA1&digits=6&period=30"
        );
    }
}
