//! The tables as the code sees them: one module each, with the columns in their order.
//!
//! The truth is in `migrations/`. `setup_codes` and `sessions` have only hand-written statements; what
//! moves the column `users.epoch` has so too.

use sea_orm::{Iterable, RelationDef, RelationTrait};

/// Tables are joined in hand-written statements, so no entity declares a relation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NoRelation {}

impl Iterable for NoRelation {
    type Iterator = std::iter::Empty<Self>;

    fn iter() -> Self::Iterator {
        std::iter::empty()
    }
}

impl RelationTrait for NoRelation {
    fn def(&self) -> RelationDef {
        match *self {}
    }
}

/// Declares entities. Each gets `COLUMNS` and `into_values`, the raw material of bulk inserts.
macro_rules! entities {
    ($(
        $(#[$doc:meta])*
        $module:ident = $table:literal {
            $($(#[$attribute:meta])* $field:ident: $kind:ty,)+
        }
    )+) => {
        $(
            $(#[$doc])*
            pub(crate) mod $module {
                use sea_orm::{Value, entity::prelude::*};

                use crate::sql::Row;

                #[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
                #[sea_orm(table_name = $table)]
                pub(crate) struct Model {
                    $($(#[$attribute])* pub(crate) $field: $kind,)+
                }

                pub(crate) use super::NoRelation as Relation;

                impl ActiveModelBehavior for ActiveModel {}

                impl Row for Model {
                    const TABLE: &'static str = $table;
                    const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

                    fn into_values(self, values: &mut Vec<Value>) {
                        $(values.push(self.$field.into());)+
                    }
                }
            }
        )+
    };
}

entities! {
    /// Accounts of people.
    user = "users" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        username: String,
        email: Option<String>,
        password_hash: Option<String>,
        role: String,
        group_id: i64,
        enabled: bool,
        created_at: i64,
        updated_at: i64,
        epoch: i64,
        limits: Option<String>,
        budgets: Option<String>,
    }

    /// Groups of users.
    user_group = "user_groups" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        created_at: i64,
        updated_at: i64,
        multiplier_ppm: i64,
    }

    /// Which channel groups a user group may use, in order.
    user_group_channel_group = "user_group_channel_groups" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_group_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        channel_group_id: i64,
        position: i64,
    }

    /// Clients' secrets.
    api_key = "api_keys" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        name: String,
        key_hash: String,
        hash_alg: String,
        hint: String,
        sealed_copy: Option<String>,
        enabled: bool,
        revoked_at: Option<i64>,
        last_used_at: Option<i64>,
        created_at: i64,
        updated_at: i64,
        limits: Option<String>,
        rules: Option<String>,
        first_used_at: Option<i64>,
    }

    /// The channel groups an API key is bound to, in order.
    api_key_channel_group = "api_key_channel_groups" {
        #[sea_orm(primary_key, auto_increment = false)]
        api_key_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        channel_group_id: i64,
        position: i64,
    }

    /// Routes to vendors.
    channel = "channels" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        kind: String,
        dialects: String,
        priority: i64,
        weight: i64,
        enabled: bool,
        proxy: Option<String>,
        api_version: Option<String>,
        created_at: i64,
        updated_at: i64,
        limits: Option<String>,
        promoted: bool,
        options: Option<String>,
    }

    /// What clients are told about errors of upstreams.
    error_rule = "error_rules" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        priority: i64,
        enabled: bool,
        content: String,
        created_at: i64,
        updated_at: i64,
    }

    /// Base URLs of channels.
    endpoint = "endpoints" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        channel_id: i64,
        base_url: String,
        priority: i64,
        enabled: bool,
        created_at: i64,
        updated_at: i64,
    }

    /// Secrets of channels, sealed.
    credential = "credentials" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        channel_id: i64,
        name: String,
        sealed_secret: String,
        hint: String,
        enabled: bool,
        proxy: Option<String>,
        created_at: i64,
        updated_at: i64,
        limits: Option<String>,
    }

    /// The tree of channel groups.
    channel_group = "channel_groups" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        parent_id: Option<i64>,
        multiplier_ppm: i64,
        priority: i64,
        enabled: bool,
        created_at: i64,
        updated_at: i64,
        pinned_channel_id: Option<i64>,
    }

    /// Which channels are in which group.
    channel_group_channel = "channel_group_channels" {
        #[sea_orm(primary_key, auto_increment = false)]
        group_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        channel_id: i64,
    }

    /// What clients name.
    model = "models" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        owner: String,
        enabled: bool,
        input_price: Option<i64>,
        output_price: Option<i64>,
        cache_read_price: Option<i64>,
        cache_write_5m_price: Option<i64>,
        cache_write_1h_price: Option<i64>,
        price_source: Option<String>,
        priced_at: Option<i64>,
        created_at: i64,
        updated_at: i64,
        price_terms: Option<String>,
        price_version: i64,
    }

    /// Every price that models had.
    model_price = "model_prices" {
        #[sea_orm(primary_key, auto_increment = false)]
        model_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        version: i64,
        name: String,
        price: Option<String>,
        source: String,
        created_at: i64,
    }

    /// Which channel serves which model.
    binding = "bindings" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        channel_id: i64,
        model_id: i64,
        upstream_model: String,
        enabled: bool,
        created_at: i64,
        updated_at: i64,
    }

    /// Live settings.
    setting = "settings" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        value: String,
        updated_at: i64,
        updated_by: Option<String>,
    }

    /// One row per relayed call.
    usage_record = "usage_records" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        request_id: String,
        client_request_id: Option<String>,
        user_id: i64,
        api_key_id: i64,
        node_id: i64,
        dialect: String,
        operation: String,
        model: String,
        model_id: Option<i64>,
        upstream_model: Option<String>,
        answered_model: Option<String>,
        channel_id: Option<i64>,
        endpoint_id: Option<i64>,
        credential_id: Option<i64>,
        channel_group_id: Option<i64>,
        stream: bool,
        status: i32,
        outcome: String,
        origin: Option<String>,
        cause: Option<String>,
        started_at: i64,
        first_event_us: Option<i64>,
        duration_us: i64,
        request_bytes: i64,
        response_bytes: i64,
        input_tokens: i64,
        cache_read_tokens: i64,
        cache_write_5m_tokens: i64,
        cache_write_1h_tokens: i64,
        output_tokens: i64,
        reasoning_tokens: i64,
        audio_input_tokens: i64,
        audio_output_tokens: i64,
        tool_calls: i64,
        certainty: String,
        cost: Option<i64>,
        price: Option<String>,
        client_address: Option<String>,
        user_agent: Option<String>,
        client: String,
        session: Option<String>,
        cache_saved: Option<i64>,
        attempt_count: i32,
        mismatch: bool,
        billing: Option<String>,
    }

    /// The attempts of a call.
    attempt = "attempts" {
        #[sea_orm(primary_key, auto_increment = false)]
        record_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        sequence: i32,
        channel_id: i64,
        endpoint_id: i64,
        credential_id: i64,
        binding_id: Option<i64>,
        upstream_model: Option<String>,
        started_at: i64,
        headers_us: Option<i64>,
        duration_us: i64,
        status: Option<i32>,
        outcome: String,
        cause: Option<String>,
        scope: Option<String>,
        detail: Option<String>,
        bytes: i64,
        upstream_request_id: Option<String>,
    }

    /// How calls were decided.
    trace = "traces" {
        #[sea_orm(primary_key, auto_increment = false)]
        record_id: i64,
        trace: String,
    }

    /// Objects that live at an upstream and are found again by their owner.
    stored_object = "stored_objects" {
        #[sea_orm(primary_key, auto_increment = false)]
        kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        object_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        api_key_id: i64,
        channel_id: i64,
        endpoint_id: i64,
        credential_id: i64,
        upstream_model: String,
        model: String,
        created_at: i64,
    }

    /// Keys for the admin API.
    admin_key = "admin_keys" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        key_hash: String,
        hint: String,
        scopes: String,
        created_by: String,
        created_by_id: Option<i64>,
        created_at: i64,
        last_used_at: Option<i64>,
        expires_at: Option<i64>,
    }

    /// Who did what.
    audit_entry = "audit_entries" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        at: i64,
        actor_kind: String,
        actor: String,
        address: Option<String>,
        user_agent: Option<String>,
        request_id: Option<String>,
        action: String,
        object_kind: Option<String>,
        object: Option<String>,
        changes: String,
    }

    /// Counters that tell other nodes that something changed.
    version = "versions" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        value: i64,
    }

    /// Data keys, wrapped by the master key.
    data_key = "data_keys" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        purpose: String,
        wrapped: String,
        created_at: i64,
    }

    /// Running processes.
    node = "nodes" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        started_at: i64,
        last_seen_at: i64,
        version: String,
        address: String,
    }

    /// The address of a user that was shown to be theirs.
    verified_email = "verified_emails" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        email: String,
        verified_at: i64,
    }

    /// What people set for themselves, as a JSON object.
    preference = "preferences" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        value: String,
        updated_at: i64,
    }

    /// Secrets that authenticator apps share.
    totp_secret = "totp_secrets" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        sealed_secret: String,
        last_step: i64,
        created_at: i64,
        confirmed_at: Option<i64>,
    }

    /// Codes that stand in for a lost authenticator.
    recovery_code = "recovery_codes" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        hash: String,
        created_at: i64,
        used_at: Option<i64>,
    }

    /// Keys that devices keep for logging in.
    passkey = "passkeys" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        name: String,
        credential_hash: String,
        credential_id: String,
        public_key: String,
        sign_count: i64,
        created_at: i64,
        last_used_at: Option<i64>,
    }

    /// What users are at other sites.
    external_identity = "external_identities" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        provider: String,
        issuer: String,
        subject: String,
        email: Option<String>,
        created_at: i64,
    }

    /// Codes sent by mail, each the only one of its subject.
    one_time_code = "one_time_codes" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        subject_hash: String,
        code_hash: String,
        tries: i64,
        created_at: i64,
        expires_at: i64,
    }

    /// Changes of many objects at once.
    batch = "batches" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        owner: String,
        purpose: String,
        content: String,
        created_at: i64,
        expires_at: i64,
        done_at: Option<i64>,
        done_key: Option<String>,
        outcome: Option<String>,
    }

    /// What must come back within minutes, once.
    challenge = "challenges" {
        #[sea_orm(primary_key, auto_increment = false)]
        hash: String,
        kind: String,
        user_id: Option<i64>,
        note: String,
        tries: i64,
        expires_at: i64,
    }

    /// Tries, each in a slot of its bucket.
    guess = "guesses" {
        #[sea_orm(primary_key, auto_increment = false)]
        bucket: String,
        #[sea_orm(primary_key, auto_increment = false)]
        slot: i64,
        made_at: i64,
        ticket: i64,
    }

    /// Credentials that are accounts at a vendor.
    oauth_account = "oauth_accounts" {
        #[sea_orm(primary_key, auto_increment = false)]
        credential_id: i64,
        account_id: String,
        email: Option<String>,
        plan: Option<String>,
        user_id: Option<String>,
        subscription_until: Option<i64>,
        sealed_access: String,
        sealed_refresh: String,
        sealed_id_token: Option<String>,
        expires_at: i64,
        generation: i64,
        state: String,
        cause: Option<String>,
        state_since: i64,
        refresh_at: i64,
        lease_owner: Option<i64>,
        lease_until: i64,
        sent_generation: Option<i64>,
        sent_at: Option<i64>,
        lost_generation: Option<i64>,
        last_refreshed_at: Option<i64>,
        last_error: Option<String>,
        created_at: i64,
        updated_at: i64,
    }

    /// Log-ins at a vendor that have begun.
    oauth_log_in = "oauth_log_ins" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        state_hash: String,
        sealed_verifier: String,
        actor: String,
        channel_id: i64,
        credential_name: String,
        created_at: i64,
        expires_at: i64,
    }

    /// What is used up of an account.
    quota_window = "quota_windows" {
        #[sea_orm(primary_key, auto_increment = false)]
        credential_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        window_seconds: i64,
        used_ppm: i64,
        resets_at: Option<i64>,
        seen_at: i64,
    }

    /// When that was heard, and of credits.
    quota_report = "quota_reports" {
        #[sea_orm(primary_key, auto_increment = false)]
        credential_id: i64,
        seen_at: i64,
        polled_at: i64,
        poll_error: Option<String>,
        has_credits: Option<bool>,
        unlimited: Option<bool>,
        balance: Option<String>,
    }

    /// How tests of channels went.
    channel_test = "channel_tests" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        channel_id: i64,
        endpoint_id: Option<i64>,
        credential_id: Option<i64>,
        reason: String,
        depth: String,
        dialect: String,
        model: String,
        upstream_model: String,
        answered_model: Option<String>,
        streamed: bool,
        started_at: i64,
        first_event_us: Option<i64>,
        duration_us: i64,
        status: Option<i32>,
        outcome: String,
        cause: Option<String>,
        detail: Option<String>,
        input_seen: Option<i64>,
        output_seen: Option<i64>,
        input_counted: Option<i64>,
        output_counted: Option<i64>,
        tools_ok: Option<bool>,
        findings: String,
    }

    /// Which channel was tested by its schedule when, and by whom.
    channel_test_turn = "channel_test_turns" {
        #[sea_orm(primary_key, auto_increment = false)]
        channel_id: i64,
        tested_at: i64,
        lease_owner: Option<i64>,
        lease_until: i64,
    }

    /// Movements of money.
    ledger_entry = "ledger_entries" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        idem_key: String,
        kind: String,
        request_id: Option<String>,
        reference: Option<String>,
        actor: Option<String>,
        reason: Option<String>,
        day: i64,
        created_at: i64,
    }

    /// What they move, account by account.
    ledger_posting = "ledger_postings" {
        #[sea_orm(primary_key, auto_increment = false)]
        entry_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        place: i64,
        account_id: i64,
        amount: i64,
    }

    /// What is set aside for calls.
    hold = "holds" {
        #[sea_orm(primary_key, auto_increment = false)]
        request_id: String,
        account_id: i64,
        node_id: i64,
        state: String,
        amount: i64,
        from_balance: i64,
        tokens: i64,
        lease_until: i64,
        metered: i64,
        metered_tokens: i64,
        settled: i64,
        settled_balance: i64,
        settled_tokens: i64,
        refunded: i64,
        draws: Option<String>,
        price: Option<String>,
        created_at: i64,
        closed_at: Option<i64>,
        call_note: Option<String>,
    }

    /// What is used in a window of time.
    allowance = "allowances" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        account_id: i64,
        used: i64,
        rolled_to: i64,
    }

    /// One hash for each day of the ledger.
    ledger_anchor = "ledger_anchors" {
        #[sea_orm(primary_key, auto_increment = false)]
        day: i64,
        entries: i64,
        hash: String,
        created_at: i64,
    }

    /// Accounts at payment gateways.
    payment_channel = "payment_channels" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        kind: String,
        enabled: bool,
        test_mode: bool,
        gateway: Option<String>,
        sealed_secrets: String,
        last_notice_at: Option<i64>,
        last_notice: Option<String>,
        created_at: i64,
        updated_at: i64,
    }

    /// What subscriptions are of.
    plan = "plans" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        code: String,
        name: String,
        enabled: bool,
        user_groups: Option<String>,
        prices: Option<String>,
        terms: Option<String>,
        created_at: i64,
        updated_at: i64,
    }

    /// What people buy.
    order = "orders" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        kind: String,
        channel_id: i64,
        currency: String,
        amount: i64,
        test_mode: bool,
        value_paid: i64,
        value_bonus: i64,
        plan_id: Option<i64>,
        terms: Option<String>,
        deferred: bool,
        state: String,
        payment: Option<String>,
        attention: Option<String>,
        returned: i64,
        refunded: i64,
        decided_by: Option<String>,
        version: i64,
        created_at: i64,
        updated_at: i64,
    }

    /// What gateways told.
    payment_notice = "payment_notices" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        channel_id: i64,
        notice_id: String,
        topic: String,
        order_id: Option<i64>,
        payment: Option<String>,
        currency: Option<String>,
        amount: Option<i64>,
        outcome: String,
        received_at: i64,
    }

    /// Time of plans that people have.
    subscription = "subscriptions" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        plan_id: i64,
        order_id: Option<i64>,
        terms: Option<String>,
        starts_at: i64,
        ends_at: i64,
        ended_at: Option<i64>,
        resets: i64,
        created_at: i64,
    }

    /// Codes that are worth money or time.
    redemption_code = "redemption_codes" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        batch: String,
        code_hash: String,
        sealed_code: String,
        hint: String,
        amount: i64,
        plan_id: Option<i64>,
        terms: Option<String>,
        most_uses: i64,
        used: i64,
        expires_at: Option<i64>,
        enabled: bool,
        created_by: String,
        created_at: i64,
    }

    /// Who used which code.
    redemption_use = "redemption_uses" {
        #[sea_orm(primary_key, auto_increment = false)]
        code_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        used_at: i64,
    }
}
