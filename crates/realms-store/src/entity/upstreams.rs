//! Where calls go: channels with their parts, models, accounts at vendors, tests.

entities! {
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
        cost_multiplier_ppm: Option<i64>,
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
        price_pinned: bool,
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

    /// How prices are kept up with a list elsewhere: one row.
    price_sync = "price_syncs" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        revision: i64,
        lease_owner: Option<i64>,
        lease_until: i64,
        etag: Option<String>,
        etag_version: i64,
        outcome: Option<String>,
        waiting: Option<String>,
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
        cost_price: Option<String>,
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
}
