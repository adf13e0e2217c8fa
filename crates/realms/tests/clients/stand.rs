//! The set-up of every test here: client, tee, Realms, fake upstream; and what must have come
//! through it unchanged.

use std::path::Path;

use http::HeaderName;
use realms_dialect::{Part, decode_prompt};
use realms_store::UsageRecord;
use realms_testkit::{FakeUpstream, Received, Tee};
use realms_types::DialectId;
use serde_json::Value;

use crate::{bill::PRICES, realms::Realms, sandbox::Sandbox};

/// What clients know themselves by at Realms. No upstream may ever see it.
pub(crate) const CLIENT_KEY: &str = "sk_client-canary-5f1c0a97d2b64e38aa01c7e94b3d6f52";
/// What the vendor calls a model that has an alias; it shares no letter at either end with one.
pub(crate) const VENDOR_NAME: &str = "vendor-one";

/// Headers that belong to one connection or one account, and so stay behind at Realms.
const STAY_BEHIND: [&str; 9] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "host",
    "sec-fetch-mode",
    "x-api-key",
    "x-goog-api-key",
    "x-request-id",
];

/// The kind of channel that leads to upstreams of a dialect.
pub(crate) const fn kind_of(upstream: DialectId) -> &'static str {
    match upstream {
        DialectId::Responses | DialectId::Chat => "openai",
        DialectId::Messages => "anthropic",
        DialectId::Gemini => "gemini",
    }
}

/// What Realms is known by at the upstream, on the channel of this number.
pub(crate) fn upstream_key(channel: usize) -> String {
    format!("sk-upstream-0d9a4c-{channel}")
}

/// Realms between a client and one upstream.
pub(crate) struct Stand {
    pub(crate) sandbox: Sandbox,
    pub(crate) upstream: FakeUpstream,
    tee: Tee,
    realms: Realms,
}

/// What Realms is set up with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// The kind of its channels: `openai`, `anthropic` or `gemini`.
    pub(crate) kind: &'a str,
    /// The only dialect they speak; otherwise those of their kind.
    pub(crate) dialect: Option<DialectId>,
    /// What clients may name in `model`.
    pub(crate) models: &'a [&'a str],
    /// Whether the vendor calls them all [`VENDOR_NAME`].
    pub(crate) renamed: bool,
    /// How many channels lead to the upstream, tried in order; each has a key of its own.
    pub(crate) channels: usize,
}

// === impl Stand ===

impl Stand {
    pub(crate) async fn with(setting: Setting<'_>) -> Self {
        let upstream = FakeUpstream::start().await;
        let realms = Realms::start(&setting.manifest(&upstream.url())).await;
        let tee = Tee::before(realms.address()).await;
        Self { sandbox: Sandbox::new().await, upstream, tee, realms }
    }

    /// Where clients are sent.
    pub(crate) fn url(&self) -> String {
        self.tee.url()
    }

    /// What the client sent, in order.
    pub(crate) fn sent(&self) -> Vec<Received> {
        self.tee.requests()
    }

    /// Lets `python` or `node` run a driver of this folder, and gives the one line of JSON it prints.
    pub(crate) async fn drive(&self, program: &str, driver: &str) -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(driver);
        let environment = [
            ("BASE_URL", &*self.url()),
            ("KEY", CLIENT_KEY),
            ("MODEL", crate::MODEL),
            ("TOOL_MODEL", crate::TOOL_MODEL),
        ];
        let run = self.sandbox.run(program, &[path.to_str().unwrap()], &environment).await;
        run.expect_success().json()
    }

    /// Compares what the client sent with what arrived upstream: each call once, in order, its body
    /// the same but for the model's name, the key exchanged, every other header as it was.
    pub(crate) fn expect_faithful(&self, model: Option<&str>) {
        let sent = self.sent();
        let calls: Vec<_> = sent.iter().filter(|request| request.method == "POST").collect();
        let arrived = self.upstream.requests();
        assert_eq!(calls.len(), arrived.len(), "calls sent and calls arrived");
        for (sent, arrived) in calls.into_iter().zip(&arrived) {
            expect_same_target(sent, arrived, model);
            expect_same_body(sent, arrived, model);
            expect_same_headers(sent, arrived);
            assert_eq!(arrived.key(), upstream_key(0));
            assert!(!arrived.holds(CLIENT_KEY), "the client's key reached the upstream");
        }
        for request in &sent {
            assert_eq!(request.header("cookie"), "", "an upstream's cookie reached the client");
        }
    }

    /// Stops Realms and gives the usage records it has left, oldest first.
    pub(crate) async fn records(self) -> Vec<UsageRecord> {
        self.realms.stop().await
    }
}

/// How many results of tools a request brings back.
pub(crate) fn results_in(request: &Received) -> usize {
    let prompt = decode_prompt(request.dialect(), &request.body).unwrap();
    let pieces = prompt.turns.iter().flat_map(|turn| &turn.pieces);
    pieces.filter(|piece| matches!(piece.part, Part::Result(_))).count()
}

fn expect_same_target(sent: &Received, arrived: &Received, model: Option<&str>) {
    let path = match model {
        Some(model) => sent.path.replace(model, VENDOR_NAME),
        None => sent.path.clone(),
    };
    assert_eq!((&path, &sent.query), (&arrived.path, &arrived.query));
}

/// In the path's dialects the body carries no model, so nothing may differ there.
fn expect_same_body(sent: &Received, arrived: &Received, model: Option<&str>) {
    let (before, after) = difference(&sent.body, &arrived.body);
    let wanted = match model {
        Some(model) if !sent.path.contains(model) => (model, VENDOR_NAME),
        _ => ("", ""),
    };
    assert_eq!((&*before, &*after), wanted, "{} was changed", sent.path);
}

/// The one stretch in which two texts differ, as it stands in each.
fn difference(before: &[u8], after: &[u8]) -> (String, String) {
    let shorter = before.len().min(after.len());
    let head = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let ends = before.iter().rev().zip(after.iter().rev()).take(shorter - head);
    let tail = ends.take_while(|(one, other)| one == other).count();
    let middle = |text: &[u8]| String::from_utf8_lossy(&text[head..text.len() - tail]).into_owned();
    (middle(before), middle(after))
}

fn expect_same_headers(sent: &Received, arrived: &Received) {
    let stays = |name: &HeaderName| STAY_BEHIND.contains(&name.as_str());
    for (name, value) in sent.headers.iter().filter(|(name, _)| !stays(name)) {
        assert_eq!(Some(value), arrived.headers.get(name), "`{name}` of {}", sent.path);
    }
}

// === impl Setting ===

impl Setting<'_> {
    /// The whole configuration of this Realms.
    fn manifest(&self, upstream: &str) -> String {
        let channels = (0..self.channels).map(|number| self.channel(number, upstream));
        let models = self.models.iter().map(|name| model(name));
        format!(
            "version = 1\n{}{}{}",
            channels.collect::<String>(),
            models.collect::<String>(),
            people(),
        )
    }

    fn channel(&self, number: usize, upstream: &str) -> String {
        let kind = self.kind;
        let dialects = self.dialect.map(|one| format!("dialects = [\"{one}\"]\n"));
        let dialects = dialects.unwrap_or_default();
        let key = upstream_key(number);
        let priority = self.channels - number;
        let models: Vec<_> = self.models.iter().map(|name| self.binding(name)).collect();
        let models = models.join(", ");
        format!(
            r#"[[channel]]
name = "upstream-{number}"
kind = "{kind}"
{dialects}base_url = "{upstream}"
priority = {priority}
groups = ["default"]
credentials = [{{ name = "k1", key = "{key}" }}]
models = [{models}]
"#
        )
    }

    fn binding(&self, name: &str) -> String {
        if self.renamed {
            format!(r#"{{ name = "{name}", upstream = "{VENDOR_NAME}" }}"#)
        } else {
            format!(r#""{name}""#)
        }
    }
}

/// Who calls: a user with the key that clients have, and the groups.
pub(crate) fn people() -> String {
    format!(
        r#"[[channel_group]]
name = "default"
[[user_group]]
name = "default"
channel_groups = ["default"]
[[user]]
username = "ana"
email = "ana@example.org"
password = "correct horse battery staple"
role = "user"
group = "default"
[[api_key]]
user = "ana"
name = "laptop"
key = "{CLIENT_KEY}"
channel_groups = ["default"]
"#
    )
}

fn model(name: &str) -> String {
    format!(
        r#"[[model]]
name = "{name}"
{PRICES}"#
    )
}
