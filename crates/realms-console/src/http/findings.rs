//! What an installation is not as it should be, each with what it is about and where it is mended.

use std::collections::BTreeMap;

use realms_catalog::{Catalog, Model};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Console, channel_status::ChannelStatus};
use crate::words;

/// Names in one finding.
const MOST_NAMES: usize = 5;
/// More records than this do not wait for a database that is well.
const MANY_WAITING: u64 = 4_096;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Finding {
    /// What tells it from others; the same as long as it lasts.
    pub(super) id: String,
    /// How bad it is.
    pub(super) severity: Severity,
    /// `channel_down`, `credential_failing`, `model_one_channel`, `model_no_channel`,
    /// `price_missing`, `plain_http`, `no_base_url`, `catalog_defect` or `spool`.
    #[schema(value_type = words::FindingKind)]
    pub(super) kind: &'static str,
    /// What belongs into the message.
    pub(super) params: BTreeMap<&'static str, String>,
    /// Where it is mended: a path of the console.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) link: Option<String>,
}

/// How bad something is, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Severity {
    /// Calls fail because of it.
    Error,
    /// Calls may fail because of it, or it costs something.
    Warning,
    /// It could be better.
    Info,
}

// === impl Console ===

impl Console {
    /// Everything that is not as it should be, the worst first.
    pub(super) fn findings(&self, channels: &[ChannelStatus]) -> Vec<Finding> {
        let catalog = self.0.catalog.snapshot();
        let mut findings: Vec<Finding> = channels.iter().flat_map(of_channel).collect();
        findings.extend(of_models(&catalog));
        findings.extend(of_address(&catalog));
        findings.extend(self.of_defects());
        findings.extend(self.of_records());
        findings.sort_by(|a, b| a.severity.cmp(&b.severity).then_with(|| a.id.cmp(&b.id)));
        findings
    }

    fn of_defects(&self) -> Option<Finding> {
        let defects = self.0.catalog.defects();
        let first = defects.first()?;
        let params = [("count", defects.len().to_string()), ("message", first.message.clone())];
        Some(Finding::new(Severity::Error, "catalog_defect", params))
    }

    fn of_records(&self) -> Option<Finding> {
        let status = self.0.relay.recorder.status();
        let severity = match (status.lost, status.waiting) {
            (1.., _) => Severity::Error,
            (0, MANY_WAITING..) => Severity::Warning,
            (0, _) => return None,
        };
        let params = [("lost", status.lost.to_string()), ("waiting", status.waiting.to_string())];
        Some(Finding::new(severity, "spool", params))
    }
}

// === impl Finding ===

impl Finding {
    fn new<const N: usize>(
        severity: Severity,
        kind: &'static str,
        params: [(&'static str, String); N],
    ) -> Self {
        Self { id: kind.to_owned(), severity, kind, params: params.into(), link: None }
    }

    fn at(self, link: impl Into<String>) -> Self {
        Self { link: Some(link.into()), ..self }
    }

    /// The same about one of many.
    fn of(self, name: &str) -> Self {
        Self { id: format!("{}:{name}", self.kind), ..self }
    }
}

fn of_channel(status: &ChannelStatus) -> Vec<Finding> {
    let name = &status.channel;
    let link = format!("/admin/channels/{name}");
    let mut findings = Vec::new();
    if matches!(status.state, "down" | "cooling_down") {
        let severity = if status.state == "down" { Severity::Error } else { Severity::Warning };
        let mut found =
            Finding::new(severity, "channel_down", [("channel", name.clone())]).of(name).at(&link);
        let more = [("reason", status.reason), ("cause", status.cause)];
        let known = more.into_iter().filter_map(|(key, word)| Some((key, word?.to_owned())));
        found.params.extend(known);
        found.params.extend(status.until.map(|until| ("until", until.to_string())));
        findings.push(found);
    }
    // A channel that is down for its only credential has one thing to mend, not two.
    let is_told = !findings.is_empty() && status.credentials.len() == 1;
    for credential in status.credentials.iter().filter(|_| !is_told) {
        let Some(cause) = credential.rest.cause.filter(|_| credential.enabled) else { continue };
        let params = [
            ("channel", name.clone()),
            ("credential", credential.name.clone()),
            ("cause", cause.to_owned()),
        ];
        let found = Finding::new(Severity::Warning, "credential_failing", params);
        findings.push(found.of(&format!("{name}/{}", credential.name)).at(&link));
    }
    findings
}

fn of_models(catalog: &Catalog) -> Vec<Finding> {
    let enabled = || catalog.models().filter(|model| model.enabled);
    let of =
        |is: fn(&Model) -> bool| enabled().filter(move |model| is(model)).map(|model| &*model.name);
    let many = catalog.channels().filter(|channel| channel.enabled).count() > 1;
    let one: Vec<&str> =
        if many { of(|model| model.bindings.len() == 1).collect() } else { Vec::new() };
    let none = of(|model| model.bindings.is_empty()).collect();
    let unpriced = of(|model| model.price.is_none() && !model.bindings.is_empty()).collect();
    [
        names(Severity::Warning, "model_no_channel", none),
        names(Severity::Warning, "price_missing", unpriced),
        names(Severity::Info, "model_one_channel", one),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// One finding about all these models; none about none.
fn names(severity: Severity, kind: &'static str, mut names: Vec<&str>) -> Option<Finding> {
    if names.is_empty() {
        return None;
    }
    let count = names.len();
    names.sort_unstable();
    names.truncate(MOST_NAMES);
    let params = [("count", count.to_string()), ("models", names.join(", "))];
    Some(Finding::new(severity, kind, params).at("/admin/models"))
}

fn of_address(catalog: &Catalog) -> Option<Finding> {
    let Some(address) = &catalog.settings().site_base_url else {
        return Some(Finding::new(Severity::Info, "no_base_url", []).at("/admin/settings"));
    };
    let local = matches!(address.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if address.scheme() == "https" || local {
        return None;
    }
    let params = [("address", address.to_string())];
    Some(Finding::new(Severity::Warning, "plain_http", params).at("/admin/settings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_models_are_one_finding_with_some_of_their_names() {
        assert_eq!(names(Severity::Info, "price_missing", Vec::new()), None);
        let found = names(Severity::Info, "price_missing", vec!["f", "e", "d", "c", "b", "a"]);
        let params = found.unwrap().params;
        assert_eq!((params["count"].as_str(), params["models"].as_str()), ("6", "a, b, c, d, e"));
    }
}
