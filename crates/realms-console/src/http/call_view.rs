//! A relayed call as the console shows it: with names for its ids, and with no more of its way than
//! its reader may see.

use std::{collections::HashMap, sync::Arc};

use realms_catalog::Catalog;
use realms_relay::Client;
use realms_store::{ApiKeyName, AttemptRecord, UsageRecord};
use realms_types::{
    ApiKeyId, Cause, ChannelGroupId, ChannelId, CredentialId, EndpointId, Money, Origin, Scope,
    Timestamp, Usage, UserGroupId, UserId,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Console;
use crate::{ConsoleError, words};

/// One relayed call. Durations are in microseconds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct CallView {
    /// The record's id.
    pub(super) id: String,
    /// The id of the call.
    pub(super) request_id: String,
    /// The id the client gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client_request_id: Option<String>,
    /// When the request was read.
    #[schema(value_type = String, format = DateTime)]
    pub(super) started_at: Timestamp,
    /// Who called.
    pub(super) user_id: String,
    /// Their log-in name; left out when they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
    /// With which key.
    pub(super) api_key_id: String,
    /// Its name; left out when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) api_key: Option<String>,
    /// Its last characters; left out when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) api_key_hint: Option<String>,
    /// The client's dialect: `responses`, `chat`, `messages`, `gemini`.
    #[schema(value_type = words::Dialect)]
    pub(super) dialect: &'static str,
    /// What was asked for.
    pub(super) operation: String,
    /// The model as the client named it.
    pub(super) model: String,
    /// What the upstream was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) upstream_model: Option<String>,
    /// What the upstream said it used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answered_model: Option<String>,
    /// Whether the upstream said it used another model than it was asked for.
    pub(super) model_mismatch: bool,
    /// The channel of the last attempt; left out when the reader may not see channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) channel: Option<String>,
    /// The channel group that led there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) channel_group: Option<String>,
    /// Whether the client asked for a stream.
    pub(super) stream: bool,
    /// The status sent to the client.
    pub(super) status: u16,
    /// How it ended: `ok`, `refused`, `rejected`, `failed`, `broken`, `client_gone`.
    #[schema(value_type = words::Outcome)]
    pub(super) outcome: String,
    /// Whose fault a failure was: `client`, `realms`, `upstream`, `storage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Origin>)]
    pub(super) origin: Option<&'static str>,
    /// Why it failed, in one word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::AttemptCause>)]
    pub(super) cause: Option<&'static str>,
    /// Until the first meaningful event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_event_us: Option<i64>,
    /// Until the end.
    pub(super) duration_us: i64,
    /// Bytes of the client's body.
    pub(super) request_bytes: i64,
    /// Bytes sent to the client.
    pub(super) response_bytes: i64,
    /// LLM tokens in disjoint buckets.
    #[schema(value_type = UsageShape)]
    pub(super) usage: Usage,
    /// How they came to be known: `measured`, `estimated`, `none`.
    #[schema(value_type = words::UsageCertainty)]
    pub(super) certainty: &'static str,
    /// What became of its charge; left out where nobody pays for calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::CallBilling>)]
    pub(super) billing: Option<&'static str>,
    /// What it costs, in USD as a decimal string; left out where no price is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) cost_usd: Option<Money>,
    /// Where the client connected from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client_address: Option<String>,
    /// What the client calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_agent: Option<String>,
    /// The program that called, such as `Codex CLI 0.169.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client: Option<String>,
    /// Every try, in order.
    pub(super) attempts: Vec<AttemptView>,
}

/// One try of one candidate. Durations are in microseconds. Channel, endpoint, credential, the
/// upstream's words and its request id are left out when the reader may not see channels.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct AttemptView {
    /// The channel tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) channel: Option<String>,
    /// A letter for the channel: `A` for the first that was tried, `B` for the next.
    pub(super) label: String,
    /// The endpoint tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) endpoint_id: Option<String>,
    /// The credential tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credential_id: Option<String>,
    /// Its name; left out when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credential: Option<String>,
    /// What the upstream was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) upstream_model: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub(super) started_at: Timestamp,
    /// Until the response headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) headers_us: Option<i64>,
    /// Until its end.
    pub(super) duration_us: i64,
    /// The upstream's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    /// `accepted`, `retried`, `failed`, `cancelled`, `skipped`: passed over for a limit of its own, or
    /// `overtaken`: late to begin, and another one asked beside it answered first.
    #[schema(value_type = words::AttemptOutcome)]
    pub(super) outcome: String,
    /// Why it failed, in one word: also why the next was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::AttemptCause>)]
    pub(super) cause: Option<&'static str>,
    /// What the failure puts to rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::AttemptScope>)]
    pub(super) scope: Option<&'static str>,
    /// The upstream's words, scrubbed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
    /// Bytes read from the upstream.
    pub(super) bytes: i64,
    /// The upstream's own id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) upstream_request_id: Option<String>,
}

/// LLM tokens in disjoint buckets; `reasoning`, audio and images are parts of them.
#[expect(dead_code, reason = "the form of `realms_types::Usage`, which knows nothing of OpenAPI")]
#[derive(ToSchema)]
#[schema(as = Usage)]
pub(super) struct UsageShape {
    /// Input neither read from a cache nor written to one.
    input: u64,
    /// Input read from the vendor's cache.
    cache_read: u64,
    /// Input written to the vendor's cache for 5 minutes.
    cache_write_5m: u64,
    /// Input written to the vendor's cache for an hour.
    cache_write_1h: u64,
    /// All generated tokens, reasoning included.
    output: u64,
    /// The part of `output` spent on reasoning.
    reasoning: u64,
    /// The part of the input that was audio.
    audio_input: u64,
    /// The part of the output that was audio.
    audio_output: u64,
    /// The part of the input that was images.
    image_input: u64,
    /// The part of the output that was images.
    image_output: u64,
    /// Server-side tool calls the vendor bills by the piece.
    tool_calls: u64,
    /// Images that were made, where the answer tells it for sure.
    images: u64,
}

/// The names behind the ids of some calls, and how much of their way the reader may see.
pub(super) struct CallNames {
    catalog: Arc<Catalog>,
    users: HashMap<UserId, String>,
    api_keys: HashMap<ApiKeyId, ApiKeyName>,
    channels: bool,
}

/// Letters for channels in the order in which they are first named: A, B, …, Z, AA, AB, ….
#[derive(Debug, Default)]
pub(super) struct Labels {
    seen: Vec<ChannelId>,
}

// === impl Console ===

impl Console {
    /// The names of these calls. Without `channels` their views do not say through which channels they
    /// went.
    pub(super) async fn call_names(
        &self,
        calls: &[UsageRecord],
        channels: bool,
    ) -> Result<CallNames, ConsoleError> {
        let reader = self.0.editor.store.read();
        Ok(CallNames {
            catalog: self.0.catalog.snapshot(),
            users: reader.usernames(calls.iter().map(|call| call.user_id)).await?,
            api_keys: reader.api_key_names(calls.iter().map(|call| call.api_key_id)).await?,
            channels,
        })
    }
}

// === impl CallNames ===

impl CallNames {
    /// A call as its reader may see it.
    pub(super) fn view(&self, call: UsageRecord) -> CallView {
        self.view_labelled(call, &mut Labels::default())
    }

    /// A call as its reader may see it, with letters that go on from there.
    pub(super) fn view_labelled(&self, call: UsageRecord, labels: &mut Labels) -> CallView {
        let key = self.api_keys.get(&call.api_key_id);
        let mismatch = call.is_mismatch();
        let attempts = call.attempts.into_iter().map(|attempt| self.attempt(attempt, labels));
        CallView {
            attempts: attempts.collect(),
            model_mismatch: mismatch,
            client: call.user_agent.as_deref().map(client).filter(|name| !name.is_empty()),
            id: call.id.to_string(),
            request_id: call.request_id.to_string(),
            client_request_id: call.client_request_id,
            started_at: call.started_at,
            user_id: call.user_id.to_string(),
            user: self.users.get(&call.user_id).cloned(),
            api_key_id: call.api_key_id.to_string(),
            api_key: key.map(|key| key.name.clone()),
            api_key_hint: key.map(|key| key.hint.clone()),
            dialect: call.dialect.as_str(),
            operation: call.operation,
            model: call.model,
            upstream_model: call.upstream_model,
            answered_model: call.answered_model,
            channel: call.channel_id.and_then(|id| self.channel(id)),
            channel_group: call.channel_group_id.map(|id| self.channel_group(id)),
            stream: call.stream,
            status: call.status,
            outcome: call.outcome,
            origin: call.origin.map(Origin::as_str),
            cause: call.cause.map(Cause::as_str),
            first_event_us: call.first_event_us,
            duration_us: call.duration_us,
            request_bytes: call.request_bytes,
            response_bytes: call.response_bytes,
            usage: call.usage,
            certainty: call.certainty.as_str(),
            billing: call.billing.map(realms_types::Billing::as_str),
            cost_usd: call.cost,
            client_address: call.client_address,
            user_agent: call.user_agent,
        }
    }

    /// The name of a channel, if the reader may see it. One that is gone is shown by its id.
    pub(super) fn channel(&self, id: ChannelId) -> Option<String> {
        let name = || {
            let found = self.catalog.find_channel(id);
            found.map_or_else(|| id.to_string(), |channel| channel.name.clone())
        };
        self.channels.then(name)
    }

    /// The name of a channel group. One that is gone is shown by its id.
    pub(super) fn channel_group(&self, id: ChannelGroupId) -> String {
        self.catalog.group_name(id).map_or_else(|| id.to_string(), str::to_owned)
    }

    /// The name of a user group. One that is gone is shown by its id.
    pub(super) fn user_group(&self, id: UserGroupId) -> String {
        let found = self.catalog.find_user_group(id);
        found.map_or_else(|| id.to_string(), |group| group.name.clone())
    }

    /// The host of an endpoint, if it still is and the reader may see it.
    pub(super) fn endpoint(&self, channel: ChannelId, id: EndpointId) -> Option<String> {
        let url = &self.catalog.find_channel(channel)?.find_endpoint(id)?.base_url;
        let host = url.host_str()?;
        let text = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        self.channels.then_some(text)
    }

    /// Whether the reader may see through which channels calls went.
    pub(super) const fn shows_channels(&self) -> bool {
        self.channels
    }

    /// The name of a credential, if it still is and the reader may see it.
    pub(super) fn credential(&self, channel: ChannelId, id: CredentialId) -> Option<String> {
        let found = self.catalog.find_channel(channel)?.find_credential(id)?;
        self.channels.then(|| found.name.clone())
    }

    /// What a credential is called, whichever channel it belongs to.
    pub(super) fn credential_anywhere(&self, id: CredentialId) -> Option<String> {
        let found = self.catalog.channels().find_map(|channel| channel.find_credential(id))?;
        self.channels.then(|| found.name.clone())
    }

    fn attempt(&self, attempt: AttemptRecord, labels: &mut Labels) -> AttemptView {
        let shown = self.channels;
        AttemptView {
            label: labels.of(attempt.channel_id),
            channel: self.channel(attempt.channel_id),
            endpoint_id: shown.then(|| attempt.endpoint_id.to_string()),
            credential_id: shown.then(|| attempt.credential_id.to_string()),
            credential: self.credential(attempt.channel_id, attempt.credential_id),
            upstream_model: attempt.upstream_model,
            started_at: attempt.started_at,
            headers_us: attempt.headers_us,
            duration_us: attempt.duration_us,
            status: attempt.status,
            outcome: attempt.outcome,
            cause: attempt.cause.map(Cause::as_str),
            scope: attempt.scope.map(Scope::as_str),
            detail: attempt.detail.filter(|_| shown),
            bytes: attempt.bytes,
            upstream_request_id: attempt.upstream_request_id.filter(|_| shown),
        }
    }
}

/// What a program is called for people, with its version.
fn client(user_agent: &str) -> String {
    Client::read(user_agent).to_string()
}

// === impl Labels ===

impl Labels {
    /// The letter of a channel.
    pub(super) fn of(&mut self, channel: ChannelId) -> String {
        let place = self.seen.iter().position(|seen| *seen == channel).unwrap_or_else(|| {
            self.seen.push(channel);
            self.seen.len() - 1
        });
        letters(place)
    }
}

/// 0 is `A`, 25 is `Z`, 26 is `AA`.
fn letters(place: usize) -> String {
    let mut rest = place;
    let mut reversed = String::new();
    loop {
        let letter = u8::try_from(rest % 26).unwrap_or(0);
        reversed.push(char::from(b'A' + letter));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => return reversed.chars().rev().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_go_by_first_use() {
        let mut labels = Labels::default();
        let of = [7, 3, 7, 9].map(|id| labels.of(ChannelId::new(id)));
        assert_eq!(of, ["A", "B", "A", "C"]);
    }

    #[test]
    fn letters_never_end() {
        let some = [0, 25, 26, 51, 52, 701, 702].map(letters);
        assert_eq!(some, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
