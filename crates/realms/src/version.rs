//! What this program is.

use realms_types::Timestamp;

/// Its version.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The day it was built, `YYYY-MM-DD`.
pub(crate) fn build_date() -> String {
    let seconds = env!("REALMS_BUILT_AT").parse().unwrap_or(0);
    Timestamp::from_secs(seconds).to_string().chars().take(10).collect()
}
