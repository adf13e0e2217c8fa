//! Ranges of time and the time zone they are counted in.

use std::time::Duration;

use jiff::tz::TimeZone;
use realms_store::UsageFilter;
use realms_types::Timestamp;

use super::buckets::time_zone;
use crate::{ConsoleError, http::Console};

/// The range of a chart when nothing is said.
const DAY: Duration = Duration::from_hours(24);

/// A time zone with the moment at which it was asked for.
#[derive(Debug, Clone)]
pub(in crate::http) struct Zone {
    /// The time zone.
    pub(in crate::http) zone: TimeZone,
    /// Now.
    pub(in crate::http) now: Timestamp,
}

// === impl Console ===

impl Console {
    /// The time zone that was asked for, else that of the site, else UTC.
    pub(in crate::http) fn zone(&self, asked: Option<&str>) -> Result<Zone, ConsoleError> {
        let catalog = self.0.catalog.snapshot();
        let of_site = catalog.settings().time_zone.as_str();
        let zone = match asked {
            Some(name) => time_zone(name)?,
            // A site whose zone this machine does not know still shows its numbers.
            None => time_zone(of_site).unwrap_or(TimeZone::UTC),
        };
        Ok(Zone { zone, now: self.0.editor.clock.now() })
    }
}

/// Sets the ends of a range that were left out: until now, for a day.
pub(super) fn complete(filter: &mut UsageFilter, now: Timestamp) -> (Timestamp, Timestamp) {
    let until = *filter.until.get_or_insert(now);
    let since = *filter.since.get_or_insert(until - DAY);
    (since, until)
}
