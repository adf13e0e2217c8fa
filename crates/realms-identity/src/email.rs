//! Addresses of people.

use lettre::Address;

/// The longest that SMTP carries.
const LONGEST: usize = 254;

/// What was given is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an e-mail address such as `ana@example.org`")]
pub struct BadEmail;

/// An address in the form it is kept in: lower case, without blanks around it.
pub fn read_email(text: &str) -> Result<String, BadEmail> {
    let email = text.trim().to_lowercase();
    if email.len() > LONGEST || email.chars().any(char::is_control) {
        return Err(BadEmail);
    }
    email.parse::<Address>().map_err(|_| BadEmail)?;
    Ok(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_in_lower_case() {
        assert_eq!(read_email(" Ana@Example.ORG ").as_deref(), Ok("ana@example.org"));
        for bad in
            ["", "ana", "@example.org", "ana@", "a b@example.org", "ana@example.org\nBcc: x@y.z"]
        {
            assert_eq!(read_email(bad), Err(BadEmail), "{bad:?}");
        }
        assert_eq!(read_email(&format!("{}@example.org", "a".repeat(250))), Err(BadEmail));
    }
}
