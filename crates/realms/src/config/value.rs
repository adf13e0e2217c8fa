//! How a text becomes a typed configuration value, and how a value is shown again.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use ipnet::IpNet;
use realms_types::Secret;
use url::Url;

/// A configuration value that is written as one text.
pub(super) trait Value: Sized {
    /// Whether the value must never be shown.
    const SECRET: bool = false;

    /// Reads a text; an empty one means that nothing was said.
    fn read(text: &str) -> Result<Self, String>;

    /// The value fit to be shown; `None` when there is none. Reading it gives the same value,
    /// unless it is secret.
    fn show(&self) -> Option<String>;
}

/// A number of bytes, written `32MiB`, `64KiB`, `1GiB` or `1024`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(usize);

/// Networks as CIDRs. The whole address space is refused: a list that lets everybody in is a
/// mistake, not a choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Networks(Vec<IpNet>);

/// Files, with commas between their paths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files(Vec<PathBuf>);

/// What a log line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object for each line.
    Json,
    /// For people.
    Text,
}

/// What takes the place of a secret.
pub(super) const MASK: &str = "***";

/// No timeout may be longer: a limit of years is a mistyped unit.
const LONGEST: Duration = Duration::from_hours(24);

const SIZE_UNITS: [(&str, usize); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
const TIME_UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

// === impl Size ===

impl Size {
    /// The number of bytes.
    pub const fn bytes(self) -> usize {
        self.0
    }
}

impl Value for Size {
    fn read(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is not a size such as \"32MiB\", \"64KiB\" or \"1024\"");
        let (digits, unit) = SIZE_UNITS
            .iter()
            .find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit)))
            .unwrap_or((text, 1));
        let count = digits.trim_end().parse::<usize>().map_err(|_| refused())?;
        match count.checked_mul(unit) {
            Some(bytes) if bytes > 0 => Ok(Self(bytes)),
            _ => Err(refused()),
        }
    }

    fn show(&self) -> Option<String> {
        let unit = SIZE_UNITS.iter().find(|(_, unit)| self.0.is_multiple_of(*unit));
        Some(
            unit.map_or_else(
                || self.0.to_string(),
                |(name, unit)| format!("{}{name}", self.0 / unit),
            ),
        )
    }
}

// === impl Networks ===

impl Networks {
    /// The networks, in the order given.
    pub fn as_slice(&self) -> &[IpNet] {
        &self.0
    }
}

impl Value for Networks {
    fn read(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(network).collect::<Result<_, _>>().map(Self)
    }

    fn show(&self) -> Option<String> {
        let texts: Vec<String> = self.0.iter().map(IpNet::to_string).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let net = text
        .parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("`{text}` is not a network such as \"10.0.0.0/8\""))?;
    if net.prefix_len() == 0 {
        return Err(format!("`{text}` is every address there is: name the networks you mean"));
    }
    Ok(net.trunc())
}

// === impl Files ===

impl Files {
    /// The paths, in the order given.
    pub fn as_slice(&self) -> &[PathBuf] {
        &self.0
    }
}

impl Value for Files {
    fn read(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Ok(Self(parts.map(PathBuf::from).collect()))
    }

    fn show(&self) -> Option<String> {
        let texts: Vec<String> = self.0.iter().map(|path| path.display().to_string()).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }
}

// === addresses ===

/// An address to listen on, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listen(pub Option<SocketAddr>);

impl Value for Listen {
    fn read(text: &str) -> Result<Self, String> {
        if text == "off" { Ok(Self(None)) } else { SocketAddr::read(text).map(|to| Self(Some(to))) }
    }

    fn show(&self) -> Option<String> {
        Some(self.0.map_or_else(|| "off".to_owned(), |address| address.to_string()))
    }
}

// === other values ===

impl Value for LogFormat {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            _ => Err(format!("`{text}` is neither `json` nor `text`")),
        }
    }

    fn show(&self) -> Option<String> {
        Some(if *self == Self::Json { "json" } else { "text" }.to_owned())
    }
}

impl<T: Value> Value for Option<T> {
    const SECRET: bool = T::SECRET;

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(None) } else { T::read(text).map(Some) }
    }

    fn show(&self) -> Option<String> {
        self.as_ref().and_then(T::show)
    }
}

impl Value for Secret<String> {
    const SECRET: bool = true;

    fn read(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }

    fn show(&self) -> Option<String> {
        Some(MASK.to_owned())
    }
}

impl Value for SocketAddr {
    /// `:8080` is every address of this machine, as other servers read it.
    fn read(text: &str) -> Result<Self, String> {
        let everywhere = text.strip_prefix(':').and_then(|port| port.parse().ok());
        if let Some(port) = everywhere {
            return Ok(Self::from((Ipv4Addr::UNSPECIFIED, port)));
        }
        let text = text
            .strip_prefix("localhost:")
            .map_or(text.to_owned(), |port| format!("127.0.0.1:{port}"));
        text.parse().map_err(|_| {
            format!("`{text}` is not an address with a port such as \"127.0.0.1:8080\"")
        })
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Value for Duration {
    fn read(text: &str) -> Result<Self, String> {
        let refused = || {
            format!(
                "`{text}` is not a time such as \"90s\", \"500ms\" or \"10m\", above 0 and at most 24h"
            )
        };
        let unit_at = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(refused)?;
        let (digits, name) = text.split_at(unit_at);
        let unit = TIME_UNITS.iter().find(|(unit, _)| *unit == name.trim()).ok_or_else(refused)?;
        let millis = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(unit.1));
        match millis.map(Self::from_millis) {
            Some(time) if !time.is_zero() && time <= LONGEST => Ok(time),
            _ => Err(refused()),
        }
    }

    fn show(&self) -> Option<String> {
        let millis = u64::try_from(self.as_millis()).ok()?;
        let unit = TIME_UNITS.iter().rev().find(|(_, unit)| millis.is_multiple_of(*unit))?;
        Some(format!("{}{}", millis / unit.1, unit.0))
    }
}

impl Value for Url {
    fn read(text: &str) -> Result<Self, String> {
        let refused =
            || format!("`{text}` is not an address such as \"https://realms.example.org\"");
        let url = Self::parse(text).map_err(|_| refused())?;
        if matches!(url.scheme(), "http" | "https") && url.host().is_some() {
            Ok(url)
        } else {
            Err(refused())
        }
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Value for PathBuf {
    fn read(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }

    fn show(&self) -> Option<String> {
        Some(self.display().to_string())
    }
}

impl Value for String {
    fn read(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }

    fn show(&self) -> Option<String> {
        Some(self.clone())
    }
}

impl Value for bool {
    fn read(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "false" | "0" | "no" | "off" => Ok(false),
            _ => Err(format!("`{text}` is neither `true` nor `false`")),
        }
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Value for usize {
    fn read(text: &str) -> Result<Self, String> {
        match text.parse::<Self>() {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(format!("`{text}` is not a whole number above 0")),
        }
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn round_trip<T: Value>(text: &str) -> String {
        T::read(text).and_then(|value| T::read(&value.show().unwrap())).unwrap().show().unwrap()
    }

    #[test]
    fn values_read_back_what_they_show() {
        assert_eq!(round_trip::<Size>("32MiB"), "32MiB");
        assert_eq!(round_trip::<Size>("1048576"), "1MiB");
        assert_eq!(round_trip::<Size>("1000"), "1000");
        assert_eq!(round_trip::<Duration>("90s"), "90s");
        assert_eq!(round_trip::<Duration>("120s"), "2m");
        assert_eq!(round_trip::<Duration>("500ms"), "500ms");
        assert_eq!(round_trip::<SocketAddr>(":8080"), "0.0.0.0:8080");
        assert_eq!(round_trip::<SocketAddr>("localhost:1"), "127.0.0.1:1");
        assert_eq!(round_trip::<Networks>("10.1.2.3/8,::1"), "10.0.0.0/8, ::1/128");
        assert_eq!(round_trip::<Files>("/a/b.pem,c d.pem,"), "/a/b.pem, c d.pem");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for text in ["", "32MB", "-1", "0", "99999999999GiB"] {
            assert!(Size::read(text).is_err(), "{text:?}");
        }
        for text in ["", "90", "1.5s", "0s", "25h", "s", "5 years"] {
            assert!(Duration::read(text).is_err(), "{text:?}");
        }
        for text in ["0.0.0.0/0", "::/0", "*", "10.0.0.0/33", "example.org"] {
            assert!(Networks::read(text).is_err(), "{text:?}");
        }
        assert!(SocketAddr::read("8080").is_err());
        assert!(Url::read("ftp://example.org").is_err());
        assert!(bool::read("maybe").is_err());
        assert!(usize::read("0").is_err());
    }
}
