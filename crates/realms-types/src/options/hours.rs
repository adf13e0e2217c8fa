//! When a channel takes calls.

use jiff::{Timestamp as Instant, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Timestamp;

/// Windows of time in a zone. Outside of all of them a channel takes no calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// A zone's IANA name.
    #[schema(example = "Asia/Shanghai")]
    pub zone: String,
    /// At least one.
    pub windows: Vec<Window>,
}

/// From a time of day to another, the second not in it. One that ends before it begins lasts over
/// midnight; one that ends where it begins lasts a whole day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The days it begins on. Empty: every day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Weekday>,
    /// Such as `22:00`.
    #[schema(example = "22:00")]
    pub from: String,
    /// Such as `06:30`; `24:00` is the end of the day.
    #[schema(example = "06:30")]
    pub to: String,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

/// [`Hours`], ready to be asked.
#[derive(Debug, Clone)]
pub struct OpenHours {
    zone: TimeZone,
    windows: Vec<Span>,
}

/// A window in minutes of the day, with a bit for each day, Monday the lowest.
#[derive(Debug, Clone, Copy)]
struct Span {
    days: u8,
    from: i32,
    to: i32,
}

const DAY: i32 = 24 * 60;
const EVERY_DAY: u8 = 0b111_1111;

// === impl Hours ===

impl Hours {
    /// Reads the zone and the times; the error names the field under `hours`.
    pub fn compile(&self) -> Result<OpenHours, (String, String)> {
        let zone = TimeZone::get(&self.zone).map_err(|_| {
            ("zone".to_owned(), format!("`{}` is no time zone such as Asia/Shanghai", self.zone))
        })?;
        if self.windows.is_empty() {
            let message = "needs at least one window, or leave `hours` out".to_owned();
            return Err(("windows".to_owned(), message));
        }
        let span = |(index, window): (usize, &Window)| -> Result<Span, (String, String)> {
            let minutes = |field: &str, text: &str| {
                let path = format!("windows.{index}.{field}");
                minutes(text).ok_or((path, format!("`{text}` is no time of day such as 22:00")))
            };
            let from = minutes("from", &window.from)?;
            let days = window.days.iter().fold(0, |days, day| days | 1 << *day as u8);
            let days = if window.days.is_empty() { EVERY_DAY } else { days };
            Ok(Span { days, from: from % DAY, to: minutes("to", &window.to)? })
        };
        let windows = self.windows.iter().enumerate().map(span).collect::<Result<_, _>>()?;
        Ok(OpenHours { zone, windows })
    }
}

fn minutes(text: &str) -> Option<i32> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, most: i32| {
        let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>().ok().filter(|number| plain && *number <= most)
    };
    let total = number(hour, 24)? * 60 + number(minute, 59)?;
    (total <= DAY).then_some(total)
}

// === impl OpenHours ===

impl OpenHours {
    /// Whether calls are taken at this moment.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let Ok(instant) = Instant::from_microsecond(now.as_micros()) else { return true };
        let local = self.zone.to_datetime(instant);
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        let today = local.weekday().to_monday_zero_offset();
        self.windows.iter().any(|window| window.holds(today, minute))
    }
}

// === impl Span ===

impl Span {
    fn holds(self, today: i8, minute: i32) -> bool {
        let begins = |day: i8| self.days & (1 << day.rem_euclid(7)) != 0;
        if self.from < self.to {
            return begins(today) && (self.from..self.to).contains(&minute);
        }
        (begins(today) && minute >= self.from) || (begins(today - 1) && minute < self.to)
    }
}
