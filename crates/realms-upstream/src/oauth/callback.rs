//! What somebody pastes after they logged in: the address that their browser ended at.

use realms_types::Secret;
use url::form_urlencoded;

/// Nothing that a vendor sends back is longer.
const LONGEST: usize = 8 * 1024;

/// A log-in that went well.
#[derive(Debug)]
pub struct Callback {
    /// What is exchanged for tokens.
    pub code: Secret<String>,
    /// Which log-in it belongs to.
    pub state: Secret<String>,
}

/// Why what was pasted is none. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// No parameters.
    #[error(
        "this is not the address the log-in ended at: copy the whole address line of the browser, \
         it begins with http://localhost and holds code= and state="
    )]
    NotACallback,
    /// The vendor, or whoever sat at the browser, said no.
    #[error("the log-in was refused there: {error}{}", .description.as_deref().map(|text| format!(" ({text})")).unwrap_or_default())]
    Denied {
        /// The vendor's word: `access_denied`.
        error: String,
        /// The vendor's sentence.
        description: Option<String>,
    },
    /// A parameter is missing.
    #[error("the address has no `{0}`: copy all of it, to its end")]
    Missing(&'static str),
}

// === impl Callback ===

impl Callback {
    /// Reads an address, or only what follows its question mark.
    pub fn parse(pasted: &str) -> Result<Self, CallbackError> {
        let pasted = pasted.trim();
        if pasted.is_empty() || pasted.len() > LONGEST {
            return Err(CallbackError::NotACallback);
        }
        let query = pasted.split_once('?').map_or(pasted, |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        let value = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            let found = pairs.find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
        };
        if let Some(error) = value("error") {
            let short = |text: String| text.chars().take(200).collect::<String>();
            let description = value("error_description").map(short);
            return Err(CallbackError::Denied { error: short(error), description });
        }
        match (value("code"), value("state")) {
            (Some(code), Some(state)) => Ok(Self { code: code.into(), state: state.into() }),
            (Some(_), None) => Err(CallbackError::Missing("state")),
            (None, Some(_)) => Err(CallbackError::Missing("code")),
            (None, None) => Err(CallbackError::NotACallback),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_however_it_was_copied() {
        for pasted in [
            "http://localhost:1455/auth/callback?code=c%2F1&scope=openid+email&state=s",
            "  http://localhost:1455/auth/callback?state=s&code=c/1#done \n",
            "/auth/callback?code=c/1&state=s",
            "?code=c/1&state=s",
            "code=c/1&state=s",
        ] {
            let callback = Callback::parse(pasted).unwrap();
            assert_eq!(callback.code.reveal(), "c/1", "{pasted}");
            assert_eq!(callback.state.reveal(), "s", "{pasted}");
        }
    }

    #[test]
    fn what_is_none_says_what_to_do() {
        use CallbackError::{Missing, NotACallback};

        let denied = CallbackError::Denied {
            error: "access_denied".into(),
            description: Some("The user said no".into()),
        };
        for (pasted, expected) in [
            ("", NotACallback),
            ("hello", NotACallback),
            ("http://localhost:1455/auth/callback", NotACallback),
            ("http://localhost:1455/auth/callback?code=c", Missing("state")),
            ("http://localhost:1455/auth/callback?state=s&code=", Missing("code")),
            ("?error=access_denied&error_description=The+user+said+no&state=s", denied.clone()),
            (&"x".repeat(LONGEST + 1), NotACallback),
        ] {
            assert_eq!(Callback::parse(pasted).unwrap_err(), expected, "{pasted}");
        }
        assert_eq!(
            denied.to_string(),
            "the log-in was refused there: access_denied (The user said no)"
        );
    }
}
