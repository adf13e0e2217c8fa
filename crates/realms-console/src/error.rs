//! Why the console does not do what was asked, by outcome.

use realms_catalog::Defect;
use realms_commerce::{CodeRefusal, CommerceError, PlanMistake};
use realms_identity::{IdentityError, ProviderError};
use realms_ledger::LedgerError;
use realms_relay::AccountError;
use realms_seal::SealError;
use realms_store::StoreError;
use realms_support::{DeskError, FileMistake};

use crate::{Code, Refusal};

/// What can go wrong. Messages are fit to be shown and never hold a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// A document is not in its format.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in characters.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A request cannot be read.
    #[error("{0}")]
    Malformed(String),
    /// A body is larger than it may be, in bytes.
    #[error("the body has more than {0} bytes")]
    TooLarge(usize),
    /// More is asked for than is given at once.
    #[error("{0}")]
    TooMany(String),
    /// The document can be read, but what it says cannot be: every reason, each with its object.
    #[error("{}", list(.0))]
    Invalid(Vec<String>),
    /// The configuration would have defects, so nothing was changed.
    #[error("{}", list(&defects(.0)))]
    Defective(Vec<Defect>),
    /// There is no such thing.
    #[error("there is no {0}")]
    NotFound(String),
    /// Something else is in the way.
    #[error("{0}")]
    Conflict(String),
    /// Nobody, or somebody unknown, asks.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// It is not for whoever asks.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Too many tries.
    #[error("too many tries: wait {0} seconds")]
    Throttled(u64),
    /// The store did not do it.
    #[error(transparent)]
    Store(StoreError),
    /// A secret cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A password cannot be hashed or checked now.
    #[error(transparent)]
    Identity(IdentityError),
    /// A refusal that clients act on by its code.
    #[error("{}", .0.detail)]
    Refused(Box<Refusal>),
    /// Something that should not happen.
    #[error("{0}")]
    Internal(String),
}

// === impl ConsoleError ===

impl From<StoreError> for ConsoleError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { what } => Self::NotFound(what),
            StoreError::Conflict { .. } | StoreError::InUse { .. } => {
                Self::Conflict(error.to_string())
            }
            other => Self::Store(other),
        }
    }
}

impl From<IdentityError> for ConsoleError {
    fn from(error: IdentityError) -> Self {
        let detail = error.to_string();
        let code = match error {
            IdentityError::Store(error) => return error.into(),
            IdentityError::Seal(error) => return error.into(),
            IdentityError::Throttled(seconds) => return Self::Throttled(seconds),
            IdentityError::Taken | IdentityError::LastWayIn | IdentityError::TooMany => {
                return Self::Conflict(detail);
            }
            IdentityError::EmailNeeded => {
                return Refusal::field("/email", "needed", detail).into();
            }
            IdentityError::UnknownInvite => {
                return Refusal::field("/invite", "unknown", detail).into();
            }
            IdentityError::Email(_) => {
                return Refusal::field("/email", "malformed", detail).into();
            }
            IdentityError::WrongCredentials | IdentityError::Passkey(_) => Code::WrongCredentials,
            IdentityError::WrongCode => Code::CodeWrong,
            IdentityError::ExpiredCode => Code::CodeExpired,
            IdentityError::UserDisabled => Code::UserDisabled,
            IdentityError::NotFresh => Code::ReauthenticationNeeded,
            IdentityError::RegistrationClosed => Code::RegistrationClosed,
            IdentityError::Denied(_)
            | IdentityError::Busy
            | IdentityError::Password(_)
            | IdentityError::UnreadableHash
            | IdentityError::UnknownIdentity
            | IdentityError::OAuth(_) => return Self::Identity(error),
        };
        Refusal::new(code, detail).into()
    }
}

impl From<LedgerError> for ConsoleError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Refused(refusal) => Self::Conflict(refusal.to_string()),
            LedgerError::Invalid(message) => Self::Invalid(vec![message]),
            LedgerError::Unavailable { .. } => {
                Self::Store(StoreError::Unavailable(error.to_string()))
            }
            LedgerError::Failed(message) => Self::Internal(message),
        }
    }
}

impl From<CommerceError> for ConsoleError {
    fn from(error: CommerceError) -> Self {
        let detail = error.to_string();
        match error {
            CommerceError::NotFound(what) => Self::NotFound(what.to_owned()),
            CommerceError::Code(refusal) => code_refused(refusal).into(),
            CommerceError::NotSold(_)
            | CommerceError::TopUp(_)
            | CommerceError::Order(_)
            | CommerceError::Over => Self::Conflict(detail),
            CommerceError::Plan(mistake) => plan_refused(mistake).into(),
            CommerceError::Notice(_) => Self::Malformed(detail),
            CommerceError::Gateway(_) => Self::Invalid(vec![detail]),
            CommerceError::Unconfirmed(_) => Self::Store(StoreError::Unavailable(detail)),
            CommerceError::Books(_) => Self::Internal(detail),
            CommerceError::Ledger(error) => error.into(),
            CommerceError::Store(error) => error.into(),
        }
    }
}

impl From<DeskError> for ConsoleError {
    fn from(error: DeskError) -> Self {
        let detail = error.to_string();
        match error {
            DeskError::NotFound(what) => Self::NotFound(what.to_owned()),
            DeskError::Closed => Self::Conflict(detail),
            DeskError::Full(_) => Self::TooMany(detail),
            DeskError::Text(field, detail) => {
                Refusal::field(format!("/{field}"), "invalid", detail).into()
            }
            DeskError::File(mistake) => file_refused(mistake).into(),
            DeskError::Attachment(at) => {
                Refusal::field(format!("/files/{at}"), "unknown", detail).into()
            }
            DeskError::Folder(cause) => {
                tracing::error!(%cause, "the folder of tickets cannot be used");
                Self::Store(StoreError::Unavailable(detail))
            }
            DeskError::Store(error) => error.into(),
        }
    }
}

impl From<ProviderError> for ConsoleError {
    fn from(error: ProviderError) -> Self {
        let detail = error.to_string();
        match error {
            ProviderError::App(mistake) => {
                Refusal::field(mistake.pointer, "invalid", mistake.detail).into()
            }
            ProviderError::Full => Self::TooMany(detail),
            ProviderError::TooManyKeys => Refusal::new(Code::TooManyKeys, detail).into(),
            ProviderError::NotFound(app) => Self::NotFound(format!("OAuth app `{app}`")),
            ProviderError::NoSecret => Self::Conflict(detail),
            ProviderError::UnknownClient => Refusal::new(Code::UnknownClient, detail).into(),
            ProviderError::RedirectMismatch => Refusal::new(Code::RedirectMismatch, detail).into(),
            ProviderError::Twice(_) => Self::Malformed(detail),
            ProviderError::Store(error) => error.into(),
        }
    }
}

/// Why a file is not taken, in one word.
fn file_refused(mistake: FileMistake) -> Refusal {
    let word = match mistake {
        FileMistake::Name => "name",
        FileMistake::Empty => "empty",
        FileMistake::Large => "too_large",
        FileMistake::Kind => "kind",
        FileMistake::Content => "content",
    };
    Refusal::field("/file", word, mistake.to_string())
}

/// Why a plan cannot be sold, by the field that is in the way.
fn plan_refused(mistake: PlanMistake) -> Refusal {
    let pointer = match mistake {
        PlanMistake::Code => "/code",
        PlanMistake::Name => "/name",
        PlanMistake::Price(_) => "/prices",
        PlanMistake::Terms => "/terms",
    };
    Refusal::field(pointer, "invalid", mistake.to_string())
}

/// Why a code gives nothing, by the field that is in the way.
fn code_refused(refusal: CodeRefusal) -> Refusal {
    let (pointer, word) = match refusal {
        CodeRefusal::Unknown => ("/code", "unknown"),
        CodeRefusal::Expired => ("/code", "expired"),
        CodeRefusal::UsedUp => ("/code", "used_up"),
        CodeRefusal::Yours => ("/code", "used_by_you"),
        CodeRefusal::ChooseStart => ("/start", "needed"),
        CodeRefusal::Form => ("/code", "malformed"),
        CodeRefusal::Empty => ("/amount_usd", "invalid"),
    };
    Refusal::field(pointer, word, refusal.to_string())
}

impl From<AccountError> for ConsoleError {
    fn from(error: AccountError) -> Self {
        let detail = error.to_string();
        match error {
            AccountError::Store(error) => error.into(),
            AccountError::Seal(error) => error.into(),
            AccountError::NotFound(_) => Self::NotFound(detail.replacen("there is no ", "", 1)),
            AccountError::OtherAccount { .. }
            | AccountError::Present { .. }
            | AccountError::NeedsLogin => Self::Conflict(detail),
            AccountError::Callback(_) => Refusal::field("/address", "malformed", detail).into(),
            AccountError::UnknownLogIn => Refusal::new(Code::Expired, detail).into(),
            AccountError::NotYours => Refusal::new(Code::Forbidden, detail).into(),
            AccountError::TooMany => Refusal::new(Code::Throttled, detail).into(),
            AccountError::Pasted(_) => Refusal::field("/refresh_token", "refused", detail).into(),
            AccountError::NoAccount => Refusal::field("/id_token", "needed", detail).into(),
            AccountError::Token(_) | AccountError::Usage(_) => {
                Refusal::new(Code::Invalid, detail).with("failure", "vendor").into()
            }
        }
    }
}

impl From<Refusal> for ConsoleError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

fn list(reasons: &[String]) -> String {
    match reasons {
        [only] => only.clone(),
        _ => format!("{} mistakes:\n  {}", reasons.len(), reasons.join("\n  ")),
    }
}

fn defects(defects: &[Defect]) -> Vec<String> {
    defects
        .iter()
        .map(|defect| format!("{} `{}`: {}", defect.table, defect.name, defect.message))
        .collect()
}
