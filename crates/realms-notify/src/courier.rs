//! Carrying one notification to one target.

use std::time::Duration;

use realms_identity::{Language, Letter, MailError, Mailer};
use realms_types::{Secret, Timestamp, UserId};
use realms_upstream::{ConnectError, FetchError, FetchLimits, SendError as Unsent, Upstream};

use crate::{
    TargetSettings, Wording,
    message::{Envelope, refusal, request},
};

/// Why a notification was not taken. The words hold no address and no secret.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The settings of the target cannot be read, or make no request.
    #[error("the settings of the target cannot be used: enter them again")]
    Settings,
    /// Nobody is there, or nobody may be called there.
    #[error("it could not be reached: {0}")]
    Unreachable(String),
    /// It answered with an error.
    #[error("it answered with status {0}")]
    Status(u16),
    /// It answered that it does not take it.
    #[error("it did not take it: {0}")]
    Refused(String),
    /// The letter was not sent.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// Who was to be told has no address that is shown to be theirs.
    #[error("there is no proved e-mail address any more")]
    NoAddress,
    /// The target is gone, or switched off.
    #[error("the target is gone or switched off")]
    NoTarget,
}

/// As long as a person waits for a test, and as large as answers are.
const LIMITS: FetchLimits = FetchLimits { deadline: Duration::from_secs(10), bytes: 64 << 10 };

/// Whoever carries notifications outside.
#[derive(Debug, Clone)]
pub(crate) struct Courier {
    pub upstream: Upstream,
    pub for_users: Upstream,
    pub mailer: Mailer,
}

/// What users hear of an address that the policy refuses: what is behind it is nothing to be learnt here.
pub(crate) const NOT_CALLED: &str = "this address is not called from here";

// === impl SendError ===

impl SendError {
    /// Whether another try could go otherwise.
    pub(crate) const fn may_pass(&self) -> bool {
        !matches!(self, Self::Settings | Self::NoAddress | Self::NoTarget)
    }
}

// === impl Courier ===

impl Courier {
    /// The way to targets of somebody; of the site, without one.
    pub(crate) const fn way(&self, owner: Option<UserId>) -> &Upstream {
        if owner.is_some() { &self.for_users } else { &self.upstream }
    }

    /// Carries a notification of somebody to where settings say.
    pub(crate) async fn carry(
        &self,
        (owner, settings): (Option<UserId>, &TargetSettings),
        language: Language,
        envelope: &Envelope<'_>,
        now: Timestamp,
    ) -> Result<(), SendError> {
        if let TargetSettings::Email { to } = settings {
            return self.write(to, language, envelope.wording).await;
        }
        let request = request(settings, envelope, now).ok_or(SendError::Settings)?;
        let fetched = self.way(owner).fetch(request, LIMITS).await;
        let fetched = fetched.map_err(|error| unreachable(error, owner.is_some()))?;
        if !fetched.status.is_success() {
            return Err(SendError::Status(fetched.status.as_u16()));
        }
        refusal(settings.kind(), &fetched.body).map_or(Ok(()), |why| Err(SendError::Refused(why)))
    }

    /// Writes one letter to these addresses.
    pub(crate) async fn write(
        &self,
        to: &[String],
        language: Language,
        wording: &Wording,
    ) -> Result<(), SendError> {
        let mut text = format!("{}\n", wording.text);
        if let Some(link) = &wording.link {
            text = format!("{text}\n{link}\n");
        }
        let subject = wording.title.clone();
        let letter = Letter::Notification { subject, text: Secret::from(text) };
        Ok(self.mailer.send_now(to, language, letter).await?)
    }
}

/// What went wrong on the way, without the address: it may hold a token. Users do not hear what an address of a private
/// network is.
fn unreachable(error: FetchError, is_of_user: bool) -> SendError {
    SendError::Unreachable(match error {
        FetchError::Send(Unsent::Connect(ConnectError::Refused { .. })) if is_of_user => {
            NOT_CALLED.to_owned()
        }
        FetchError::Address => "the address is none".to_owned(),
        FetchError::Late(limit) => format!("no answer within {} s", limit.as_secs()),
        FetchError::Body(most) => format!("its answer broke off, or has more than {most} bytes"),
        FetchError::Send(error) => error.to_string(),
    })
}
