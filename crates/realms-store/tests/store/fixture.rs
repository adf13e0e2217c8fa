//! Records that are whole, for tests to change what they are about.

use std::sync::Arc;

use realms_seal::{Keyring, MasterKey, Purpose};
use realms_store::{
    ApiKeyRecord, AttemptRecord, BindingRecord, ChannelGroupRecord, ChannelRecord,
    CredentialRecord, EndpointRecord, KeyHash, ModelRecord, PriceSource, Priced, Role, Store,
    UsageRecord, UserGroupRecord, UserRecord,
};
use realms_types::{
    ApiKeyId, Cause, Certainty, Chance, ChannelGroupId, ChannelId, ChannelKind, DialectId, Ids,
    ModelId, Money, NodeId, Ppm, Price, PriceTerms, Scope, Secret, SystemClock, Timestamp,
    UnitPrice, Usage, UserGroupId, UserId,
};

/// The moment at which everything in these tests happens.
pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_795_000_000_123_456);

pub(crate) fn ids() -> Ids {
    Ids::new(Arc::new(SystemClock), Chance::from_entropy())
}

pub(crate) async fn keyring(store: &Store) -> Keyring {
    store.unlock_keyring(MasterKey::random(), &ids(), NOW).await.unwrap()
}

pub(crate) fn channel(name: &str) -> ChannelRecord {
    ChannelRecord {
        limits: realms_types::Limits::NONE,
        promoted: false,
        id: ids().next(),
        name: name.to_owned(),
        kind: ChannelKind::Openai,
        dialects: vec![DialectId::Responses, DialectId::Chat],
        priority: 10,
        weight: 1,
        enabled: true,
        options: realms_types::ChannelOptions::default(),
        sealed_proxy: None,
        api_version: None,
        cost_multiplier: Ppm::from_parts(600_000),
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn endpoint(channel: ChannelId) -> EndpointRecord {
    EndpointRecord {
        id: ids().next(),
        channel_id: channel,
        base_url: "https://api.example.org/v1".to_owned(),
        priority: 0,
        enabled: true,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn credential(channel: ChannelId, secret: &str, keyring: &Keyring) -> CredentialRecord {
    let id = ids().next();
    let place = CredentialRecord::secret_place(id);
    CredentialRecord {
        limits: realms_types::Limits::NONE,
        id,
        channel_id: channel,
        name: "k1".to_owned(),
        sealed_secret: keyring.seal(Purpose::Upstream, place, secret.as_bytes()).unwrap(),
        hint: secret[secret.len() - 4..].to_owned(),
        enabled: true,
        sealed_proxy: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn model(name: &str) -> ModelRecord {
    let unit = |nano| UnitPrice::from_nano(nano).unwrap();
    ModelRecord {
        id: ids().next(),
        name: name.to_owned(),
        owner: "openai".to_owned(),
        enabled: true,
        price: Some(Price {
            input: unit(1_250_000_000),
            output: unit(10_000_000_000),
            cache_read: Some(unit(125_000_000)),
            cache_write_5m: None,
            cache_write_1h: Some(unit(0)),
            terms: Some(Box::new(PriceTerms {
                reasoning: Some(unit(7)),
                lanes: [("priority".to_owned(), Ppm::ONE)].into(),
                ..PriceTerms::default()
            })),
        }),
        priced: Some(Priced { source: PriceSource::Imported, at: NOW }),
        price_pinned: true,
        price_version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn binding(channel: ChannelId, model: ModelId) -> BindingRecord {
    BindingRecord {
        id: ids().next(),
        channel_id: channel,
        model_id: model,
        upstream_model: "gpt-5.2-2026".to_owned(),
        enabled: true,
        cost: Some(Price { output: UnitPrice::from_nano(7_000).unwrap(), ..Price::FREE }),
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn channel_group(name: &str, parent: Option<ChannelGroupId>) -> ChannelGroupRecord {
    ChannelGroupRecord {
        pinned_channel_id: None,
        id: ids().next(),
        name: name.to_owned(),
        parent_id: parent,
        multiplier: Ppm::from_parts(1_500_000).unwrap(),
        priority: 0,
        enabled: true,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn user_group(name: &str, channel_groups: Vec<ChannelGroupId>) -> UserGroupRecord {
    UserGroupRecord {
        id: ids().next(),
        name: name.to_owned(),
        channel_groups,
        multiplier: Ppm::ONE,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn user(username: &str, group: UserGroupId) -> UserRecord {
    UserRecord {
        limits: realms_types::Limits::NONE,
        budgets: Vec::new(),
        id: ids().next(),
        username: username.to_owned(),
        email: Some(format!("{}@example.org", username.to_lowercase())),
        password_hash: Some(Secret::from("$argon2id$v=19$hash")),
        role: Role::User,
        group_id: group,
        enabled: true,
        created_at: NOW,
        updated_at: NOW,
        epoch: 0,
    }
}

pub(crate) fn api_key(user: UserId, name: &str, hash: [u8; 32]) -> ApiKeyRecord {
    ApiKeyRecord {
        limits: realms_types::Limits::NONE,
        rules: realms_types::KeyRules::default(),
        multiplier: Ppm::ONE,
        first_used_at: None,
        id: ids().next(),
        user_id: user,
        name: name.to_owned(),
        hash: KeyHash::Hmac(hash),
        hint: "9xYz".to_owned(),
        sealed_copy: Some("v1.sealed".to_owned()),
        enabled: true,
        revoked_at: None,
        last_used_at: None,
        channel_groups: Vec::new(),
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A call of this user that failed once and then succeeded.
pub(crate) fn usage(user: UserId, key: ApiKeyId) -> UsageRecord {
    let ids = ids();
    let channel = ids.next();
    UsageRecord {
        id: ids.next(),
        request_id: ids.next_request(),
        client_request_id: Some("from-the-client".to_owned()),
        user_id: user,
        api_key_id: key,
        node_id: NodeId::new(7),
        dialect: DialectId::Responses,
        operation: "responses".to_owned(),
        model: "gpt-5.2".to_owned(),
        model_id: Some(ids.next()),
        upstream_model: Some("gpt-5.2-2026".to_owned()),
        answered_model: Some("gpt-5.2-2026-01".to_owned()),
        channel_id: Some(channel),
        endpoint_id: Some(ids.next()),
        credential_id: Some(ids.next()),
        channel_group_id: Some(ids.next()),
        stream: true,
        status: 200,
        outcome: "ok".to_owned(),
        origin: None,
        cause: None,
        started_at: NOW,
        first_event_us: Some(420_000),
        duration_us: 3_200_000,
        request_bytes: 1_234,
        response_bytes: 56_789,
        usage: Usage {
            input: 100,
            cache_read: 900,
            cache_write_5m: 3,
            cache_write_1h: 4,
            output: 50,
            reasoning: 20,
            audio_input: 1,
            audio_output: 2,
            image_input: 6,
            image_output: 7,
            tool_calls: 5,
            images: 3,
        },
        certainty: Certainty::Measured,
        cost: Some(Money::from_nano(738_000)),
        price: Some(r#"{"input":"1.25","multiplier":"1"}"#.to_owned()),
        attempts: vec![refused(0, ids.next()), accepted(1, channel)],
        trace: None,
        client_address: Some("203.0.113.9".to_owned()),
        user_agent: Some("codex_cli_rs/0.77".to_owned()),
        client: "codex_cli".to_owned(),
        session: Some("0199c0de-session".to_owned()),
        cache_saved: Some(Money::from_nano(1_012_500)),
        billing: None,
        upstream_cost: Some(Money::from_nano(442_800)),
        object: None,
    }
}

fn accepted(sequence: u16, channel: ChannelId) -> AttemptRecord {
    let ids = ids();
    AttemptRecord {
        sequence,
        channel_id: channel,
        endpoint_id: ids.next(),
        credential_id: ids.next(),
        binding_id: Some(ids.next()),
        upstream_model: Some("gpt-5.2-2026".to_owned()),
        started_at: NOW,
        headers_us: Some(300_000),
        duration_us: 3_000_000,
        status: Some(200),
        outcome: "accepted".to_owned(),
        cause: None,
        scope: None,
        detail: None,
        bytes: 56_000,
        upstream_request_id: Some("req_1".to_owned()),
    }
}

fn refused(sequence: u16, channel: ChannelId) -> AttemptRecord {
    AttemptRecord {
        status: Some(429),
        outcome: "retried".to_owned(),
        cause: Some(Cause::RateLimited),
        scope: Some(Scope::Credential),
        detail: Some("slow down".to_owned()),
        ..accepted(sequence, channel)
    }
}
