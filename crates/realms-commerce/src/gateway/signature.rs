//! Signatures of the form `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`.
//!
//! Stripe's scheme (<https://docs.stripe.com/webhooks#verify-manually>), which the generic webhook
//! borrows. There may be several `v1`, while a secret is being replaced; other schemes are passed over.

use aws_lc_rs::hmac;
use realms_types::{Secret, Timestamp};

use super::NoticeError;

/// How far apart the clocks may be; Stripe's own libraries allow as much, into the past.
const TOLERANCE_SECS: i64 = 300;
/// Signatures that are looked at.
const MOST: usize = 8;

/// Whether the body was signed with the secret about now.
pub(super) fn check(
    secret: &Secret<String>,
    header: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), NoticeError> {
    let (time, signatures) = parse(header)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes());
    let signed = [time.as_bytes(), b".", body].concat();
    // In constant time for each; how many there are is no secret.
    let genuine = signatures.iter().any(|one| hmac::verify(&key, &signed, one).is_ok());
    if !genuine {
        return Err(NoticeError::Forged);
    }
    let seconds: i64 = time.parse().map_err(|_| NoticeError::Unsigned)?;
    if seconds.abs_diff(now.as_secs()) > TOLERANCE_SECS.unsigned_abs() {
        return Err(NoticeError::Stale);
    }
    Ok(())
}

/// The header for a body, as a gateway makes it.
pub(super) fn sign(secret: &Secret<String>, body: &[u8], now: Timestamp) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes());
    let time = now.as_secs().to_string();
    let tag = hmac::sign(&key, &[time.as_bytes(), b".", body].concat());
    format!("t={time},v1={}", hex(tag.as_ref()))
}

fn parse(header: &str) -> Result<(&str, Vec<Vec<u8>>), NoticeError> {
    let (mut time, mut signatures) = (None, Vec::new());
    for part in header.split(',') {
        let (name, value) = part.trim().split_once('=').ok_or(NoticeError::Unsigned)?;
        match name {
            "t" if time.is_some() => return Err(NoticeError::Unsigned),
            "t" => time = Some(value).filter(|text| text.bytes().all(|b| b.is_ascii_digit())),
            "v1" if signatures.len() < MOST => signatures.extend(unhex(value)),
            _ => {}
        }
    }
    let time = time.filter(|text| !text.is_empty()).ok_or(NoticeError::Unsigned)?;
    if signatures.is_empty() { Err(NoticeError::Unsigned) } else { Ok((time, signatures)) }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|letter| letter.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits.filter(|digits| digits.len() == 64)?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    fn secret(text: &str) -> Secret<String> {
        Secret::from(text)
    }

    #[test]
    fn is_made_with_the_secret_about_now() {
        let good = sign(&secret("whsec_1"), b"{}", NOW);
        let check = |header: &str, at: i64| {
            super::check(&secret("whsec_1"), header, b"{}", Timestamp::from_secs(at))
        };
        let now = NOW.as_secs();
        assert_eq!(check(&good, now), Ok(()));
        assert_eq!(check(&good, now + 300), Ok(()));
        assert_eq!(check(&good, now - 300), Ok(()));
        assert_eq!(check(&good, now + 301), Err(NoticeError::Stale));
        assert_eq!(check(&good, now - 301), Err(NoticeError::Stale));
        let other = sign(&secret("whsec_2"), b"{}", NOW);
        assert_eq!(check(&other, now), Err(NoticeError::Forged));
        // While a secret is replaced there are two.
        let own = good.split_once(',').unwrap().1;
        assert_eq!(check(&format!("{other},{own},v0=zz"), now), Ok(()));
    }

    #[test]
    fn has_one_time_and_a_signature() {
        let good = sign(&secret("s"), b"", NOW);
        let (time, signature) = good.split_once(',').unwrap();
        for header in [
            "",
            time,
            signature,
            &format!("{time},{time},{signature}"),
            &format!("t=,{signature}"),
            &format!("t=+{},{signature}", NOW.as_secs()),
            &format!("{time},v1="),
            &format!("{time},v0={}", &signature[3..]),
            "t,v1",
        ] {
            let told = check(&secret("s"), header, b"", NOW);
            assert_eq!(told, Err(NoticeError::Unsigned), "{header}");
        }
    }

    /// RFC 4231, test case 2, keeps the hash honest.
    #[test]
    fn is_hmac_sha_256() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"Jefe");
        let tag = hmac::sign(&key, b"what do ya want for nothing?");
        let known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex(tag.as_ref()), known);
        assert_eq!(unhex(known).as_deref(), Some(tag.as_ref()));
    }
}
