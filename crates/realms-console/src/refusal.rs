//! Refusals that clients act on by their code.

use std::collections::BTreeMap;

use http::StatusCode;

/// A refusal with a code that never changes its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which one.
    pub code: Code,
    /// What is wrong, and what to do.
    pub detail: String,
    /// Values that belong into the message, by name, for clients that write their own.
    pub params: BTreeMap<&'static str, String>,
    /// What is wrong with single fields of the body.
    pub fields: Vec<FieldMistake>,
    /// Where more is said: a path of the console or an address.
    pub help: Option<&'static str>,
}

/// What is wrong with one field of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMistake {
    /// The field as a JSON pointer, such as `/credentials/0/key`.
    pub pointer: String,
    /// What is wrong in one word.
    pub code: &'static str,
    /// What is wrong, and what would be right.
    pub detail: String,
}

/// Characters of a name that people give.
const LONGEST_NAME: usize = 64;

/// Refuses a name that is empty, long, or does not look like what it is: it is shown and logged.
pub(crate) fn check_name(pointer: &str, name: &str) -> Result<(), Refusal> {
    let is_sound = !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && name.trim() == name
        && !name.chars().any(char::is_control);
    if is_sound {
        return Ok(());
    }
    let detail = format!("1 to {LONGEST_NAME} characters, no blank at either end");
    Err(Refusal::field(pointer, "invalid", detail))
}

/// Characters of a reason that people give.
const LONGEST_REASON: usize = 200;

/// Refuses a reason that is empty or long: the audit log keeps it.
pub(crate) fn check_reason(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() || reason.chars().count() > LONGEST_REASON {
        let detail = format!("1 to {LONGEST_REASON} characters");
        return Err(Refusal::field("/reason", "invalid", detail));
    }
    Ok(())
}

/// Which refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Single fields cannot be what they are.
    Invalid,
    /// It is not for whoever asks.
    Forbidden,
    /// The object changed since it was read.
    Changed,
    /// It is for those who proved who they are a short time ago.
    ReauthenticationNeeded,
    /// What this belongs to is switched off.
    FeatureOff,
    /// There is no copy of the key, or keys are not to be shown.
    NotRevealable,
    /// The password is right, and a second proof is asked for.
    SecondFactorNeeded,
    /// The name or the password is wrong.
    WrongCredentials,
    /// The password is right, and the user is switched off.
    UserDisabled,
    /// Nobody may sign up.
    RegistrationClosed,
    /// A code that was sent or shown is wrong.
    CodeWrong,
    /// A code that was sent or shown is too old or was used.
    CodeExpired,
    /// What was looked at was looked at too long ago, or is not there.
    Expired,
    /// Too much at once.
    Throttled,
    /// Whoever asks has as many API keys as they may.
    TooManyKeys,
    /// Nobody has this API key.
    UnknownKey,
    /// An app that nobody knows sent somebody here.
    UnknownClient,
    /// An app asks for somebody to be sent where it never said they would be.
    RedirectMismatch,
}

// === impl Refusal ===

impl Refusal {
    /// A refusal with nothing but its code and a sentence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            params: BTreeMap::new(),
            fields: Vec::new(),
            help: None,
        }
    }

    /// The same with a value for the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.params.insert(name, value.into());
        self
    }

    /// A body with one field that cannot be what it is.
    pub fn field(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        let (pointer, detail) = (pointer.into(), detail.into());
        let whole = format!("{pointer}: {detail}");
        let fields = vec![FieldMistake { pointer, code, detail }];
        Self { fields, ..Self::new(Code::Invalid, whole) }
    }
}

// === impl Code ===

impl Code {
    /// The word in a problem.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Forbidden => "forbidden",
            Self::Changed => "changed",
            Self::ReauthenticationNeeded => "reauthentication_needed",
            Self::FeatureOff => "feature_off",
            Self::NotRevealable => "not_revealable",
            Self::SecondFactorNeeded => "second_factor_needed",
            Self::WrongCredentials => "wrong_credentials",
            Self::UserDisabled => "user_disabled",
            Self::RegistrationClosed => "registration_closed",
            Self::CodeWrong => "code_wrong",
            Self::CodeExpired => "code_expired",
            Self::Expired => "expired",
            Self::Throttled => "throttled",
            Self::TooManyKeys => "too_many_keys",
            Self::UnknownKey => "unknown_key",
            Self::UnknownClient => "unknown_client",
            Self::RedirectMismatch => "redirect_mismatch",
        }
    }

    /// The status it is sent with.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Invalid | Self::RedirectMismatch => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Changed => StatusCode::PRECONDITION_FAILED,
            Self::FeatureOff | Self::UnknownKey | Self::UnknownClient => StatusCode::NOT_FOUND,
            Self::NotRevealable | Self::TooManyKeys => StatusCode::CONFLICT,
            Self::Expired => StatusCode::GONE,
            Self::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Self::SecondFactorNeeded
            | Self::WrongCredentials
            | Self::CodeWrong
            | Self::CodeExpired => StatusCode::UNAUTHORIZED,
            Self::Forbidden
            | Self::ReauthenticationNeeded
            | Self::UserDisabled
            | Self::RegistrationClosed => StatusCode::FORBIDDEN,
        }
    }
}
