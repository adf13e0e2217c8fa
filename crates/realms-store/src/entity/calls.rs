//! What became of calls.

entities! {
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
        upstream_cost: Option<i64>,
        image_input_tokens: i64,
        image_output_tokens: i64,
        images: i64,
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

    /// Calls whose usage cannot be true.
    usage_review = "usage_reviews" {
        #[sea_orm(primary_key, auto_increment = false)]
        record_id: i64,
        decided_at: Option<i64>,
        decided_by: Option<String>,
        reason: Option<String>,
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

    /// Calls made under an `Idempotency-Key`.
    idempotent_call = "idempotent_calls" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        key_hash: String,
        fingerprint: String,
        api_key_id: i64,
        request_id: String,
        node_id: i64,
        state: String,
        answer: Option<String>,
        created_at: i64,
        expires_at: i64,
    }
    /// Responses of upstreams that keep none.
    kept_response = "kept_responses" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        response_id: String,
        api_key_id: i64,
        content: Option<String>,
        created_at: i64,
        expires_at: i64,
    }
}
