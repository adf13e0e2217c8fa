//! Buckets of time as people count it: hours and days of their time zone, whatever its clock does.

use jiff::{Zoned, tz::TimeZone};
use realms_types::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ConsoleError;

/// More than a chart can show.
const MOST: usize = 1_500;
const MINUTE: i64 = 60_000_000;

/// How long a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum Bucket {
    /// A minute.
    Minute,
    /// Five minutes.
    FiveMinutes,
    /// An hour of the time zone.
    Hour,
    /// A day of the time zone, from midnight to midnight: 23 to 25 hours.
    Day,
}

// === impl Bucket ===

impl Bucket {
    /// The shortest that draws a range well.
    pub(in crate::http) fn fitting(since: Timestamp, until: Timestamp) -> Self {
        let minutes = until.as_micros().saturating_sub(since.as_micros()) / MINUTE;
        match minutes {
            ..=120 => Self::Minute,
            121..=720 => Self::FiveMinutes,
            721..=11_520 => Self::Hour,
            _ => Self::Day,
        }
    }

    /// The first moments of the buckets that a range lies in, in order.
    pub(in crate::http) fn starts(
        self,
        since: Timestamp,
        until: Timestamp,
        zone: &TimeZone,
    ) -> Result<Vec<Timestamp>, ConsoleError> {
        let mut starts = Vec::new();
        let mut start = self.floor(since, zone)?;
        while start < until {
            if starts.len() == MOST {
                return Err(ConsoleError::Malformed(format!(
                    "query: that is more than {MOST} buckets: narrow the range or take longer ones"
                )));
            }
            starts.push(start);
            start = self.after(start, zone)?;
        }
        Ok(starts)
    }

    /// The start of the bucket that holds a moment.
    pub(in crate::http) fn floor(
        self,
        moment: Timestamp,
        zone: &TimeZone,
    ) -> Result<Timestamp, ConsoleError> {
        let even = |step: i64| {
            let micros = moment.as_micros();
            Ok(Timestamp::from_micros(micros - micros.rem_euclid(step)))
        };
        match self {
            Self::Minute => even(MINUTE),
            Self::FiveMinutes => even(5 * MINUTE),
            Self::Hour => {
                let past = i64::from(zoned(moment, zone)?.minute());
                let minute = moment.as_micros() - moment.as_micros().rem_euclid(MINUTE);
                let hour = Timestamp::from_micros(minute - past * MINUTE);
                // Where the clock moved within this hour, the hour began there.
                Ok(last_change(moment, zone)?.map_or(hour, |change| hour.max(change)))
            }
            Self::Day => Ok(micros(&zoned(moment, zone)?.start_of_day().map_err(beyond)?)),
        }
    }

    fn after(self, start: Timestamp, zone: &TimeZone) -> Result<Timestamp, ConsoleError> {
        let later = |minutes: i64| Timestamp::from_micros(start.as_micros() + minutes * MINUTE);
        match self {
            Self::Minute => Ok(later(1)),
            Self::FiveMinutes => Ok(later(5)),
            // Where the clock moves by half an hour the next local hour is nearer or farther.
            Self::Hour => Ok(self.floor(later(60), zone)?.max(later(30))),
            Self::Day => {
                let tomorrow = zoned(start, zone)?.tomorrow().map_err(beyond)?;
                Ok(micros(&tomorrow.start_of_day().map_err(beyond)?))
            }
        }
    }
}

/// When the clock of a time zone last changed, this moment included.
fn last_change(moment: Timestamp, zone: &TimeZone) -> Result<Option<Timestamp>, ConsoleError> {
    let next = jiff::Timestamp::from_microsecond(moment.as_micros().saturating_add(1));
    let change = zone.preceding(next.map_err(beyond)?).next();
    Ok(change.map(|change| Timestamp::from_micros(change.timestamp().as_microsecond())))
}

/// A time zone by its IANA name.
pub(in crate::http) fn time_zone(name: &str) -> Result<TimeZone, ConsoleError> {
    TimeZone::get(name).map_err(|_| {
        ConsoleError::Malformed(format!(
            "query: there is no time zone `{name}`: send one such as `Asia/Shanghai` or `UTC`"
        ))
    })
}

/// A moment on the clock of a time zone.
pub(in crate::http) fn zoned(moment: Timestamp, zone: &TimeZone) -> Result<Zoned, ConsoleError> {
    let moment = jiff::Timestamp::from_microsecond(moment.as_micros()).map_err(beyond)?;
    Ok(moment.to_zoned(zone.clone()))
}

/// A moment on a clock as a moment.
pub(in crate::http) fn micros(zoned: &Zoned) -> Timestamp {
    Timestamp::from_micros(zoned.timestamp().as_microsecond())
}

pub(in crate::http) fn beyond(_: jiff::Error) -> ConsoleError {
    ConsoleError::Malformed("query: that is beyond the calendar".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(bucket: Bucket, zone: &str, since: &str, until: &str) -> Vec<String> {
        let (since, until) = (since.parse().unwrap(), until.parse().unwrap());
        let zone = time_zone(zone).unwrap();
        let found = bucket.starts(since, until, &zone).unwrap();
        let shown =
            |start: &Timestamp| zoned(*start, &zone).unwrap().strftime("%d %H:%M %:z").to_string();
        found.iter().map(shown).collect()
    }

    #[test]
    fn days_go_from_midnight_to_midnight_when_clocks_change() {
        // Clocks go back on 1 November 2026 in New York: that day has 25 hours.
        assert_eq!(
            starts(Bucket::Day, "America/New_York", "2026-10-31T12:00:00Z", "2026-11-03T05:00:00Z"),
            ["31 00:00 -04:00", "01 00:00 -04:00", "02 00:00 -05:00"]
        );
        // Clocks go forward on 8 March: 23 hours.
        let march = Bucket::Day
            .starts(
                "2026-03-08T12:00:00Z".parse().unwrap(),
                "2026-03-09T12:00:00Z".parse().unwrap(),
                &time_zone("America/New_York").unwrap(),
            )
            .unwrap();
        assert_eq!(march[1].as_secs() - march[0].as_secs(), 23 * 3_600);
        // In Beirut midnight of 29 March 2026 does not exist.
        assert_eq!(
            starts(Bucket::Day, "Asia/Beirut", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"),
            ["28 00:00 +02:00", "29 01:00 +03:00", "30 00:00 +03:00"]
        );
    }

    #[test]
    fn hours_are_those_of_the_local_clock() {
        assert_eq!(
            starts(Bucket::Hour, "Asia/Kolkata", "2026-05-01T00:10:00Z", "2026-05-01T02:00:00Z"),
            ["01 05:00 +05:30", "01 06:00 +05:30", "01 07:00 +05:30"]
        );
        // The hour from one to two comes twice.
        assert_eq!(
            starts(
                Bucket::Hour,
                "America/New_York",
                "2026-11-01T05:30:00Z",
                "2026-11-01T07:30:00Z"
            ),
            ["01 01:00 -04:00", "01 01:00 -05:00", "01 02:00 -05:00"]
        );
        // Clocks go back by half an hour on 5 April 2026 at two o'clock.
        assert_eq!(
            starts(
                Bucket::Hour,
                "Australia/Lord_Howe",
                "2026-04-04T14:00:00Z",
                "2026-04-04T17:00:00Z"
            ),
            ["05 01:00 +11:00", "05 01:30 +10:30", "05 02:00 +10:30", "05 03:00 +10:30"]
        );
    }

    #[test]
    fn buckets_hold_every_moment_and_are_bounded() {
        for zone in
            ["UTC", "Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"]
        {
            let zone = time_zone(zone).unwrap();
            for bucket in [Bucket::Hour, Bucket::Day] {
                let since: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
                let until: Timestamp = "2026-04-20T00:00:00Z".parse().unwrap();
                let starts = bucket.starts(since, until, &zone).unwrap();
                assert!(starts[0] <= since && starts.is_sorted());
                assert!(starts.windows(2).all(|pair| pair[0] < pair[1]));
                for start in &starts {
                    assert_eq!(start.as_micros() % (15 * MINUTE), 0);
                }
            }
        }
        let (since, until) =
            ("2026-01-01T00:00:00Z".parse().unwrap(), "2026-02-01T00:00:00Z".parse().unwrap());
        assert!(Bucket::Minute.starts(since, until, &TimeZone::UTC).is_err());
        assert!(time_zone("Mars/Olympus").is_err());
        assert_eq!(Bucket::fitting(since, until), Bucket::Day);
    }
}
