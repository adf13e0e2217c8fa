//! Credentials that are OAuth accounts: tokens, the one who keeps them fresh, log-ins, quotas.

mod account;
mod log_in;
mod quota;
mod refresh;

pub use account::{AccountGrant, AccountState, AccountTokens, LoginCause, OauthAccountRecord};
pub use log_in::LogInRecord;
pub use quota::{Credits, QuotaReport, QuotaWindow, QuotaWindowName};
pub use refresh::{NeverRefreshed, Refresher};
