//! How people prove who they are, and what they set for themselves.

mod challenge;
mod external_identity;
mod guess;
mod one_time_code;
mod passkey;
mod preferences;
mod purge;
mod ranking_choice;
mod recovery_code;
mod totp;
mod verified_email;

pub use challenge::ChallengeRecord;
pub use external_identity::ExternalIdentityRecord;
pub use guess::{Bucket, Claim};
pub use one_time_code::{CodeTry, OneTimeCodeRecord};
pub use passkey::PasskeyRecord;
pub use totp::TotpRecord;
