-- Credentials that are accounts at a vendor: their tokens, who keeps them fresh, and what is left of
-- their quotas. The tokens move by compare-and-swap on `generation`, so that a refresh token is never
-- used twice; what calls report of quotas lies in rows of its own and never waits for them.

CREATE TABLE IF NOT EXISTS oauth_accounts (
    credential_id {{id}},
    account_id VARCHAR(128) NOT NULL,
    email VARCHAR(255),
    plan VARCHAR(64),
    user_id VARCHAR(128),
    subscription_until BIGINT,
    sealed_access TEXT NOT NULL,
    sealed_refresh TEXT NOT NULL,
    sealed_id_token TEXT,
    expires_at BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    cause VARCHAR(32),
    state_since BIGINT NOT NULL,
    refresh_at BIGINT NOT NULL,
    lease_owner BIGINT,
    lease_until BIGINT NOT NULL,
    sent_generation BIGINT,
    sent_at BIGINT,
    lost_generation BIGINT,
    last_refreshed_at BIGINT,
    last_error VARCHAR(500),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (credential_id) REFERENCES credentials (id) ON DELETE CASCADE
){{table}};

CREATE INDEX oauth_accounts_due ON oauth_accounts (state, refresh_at);

-- Log-ins that have begun at the vendor and not come back yet.
CREATE TABLE IF NOT EXISTS oauth_log_ins (
    id {{id}},
    state_hash VARCHAR(64) NOT NULL UNIQUE,
    sealed_verifier TEXT NOT NULL,
    actor VARCHAR(128) NOT NULL,
    channel_id BIGINT NOT NULL,
    credential_name VARCHAR(128) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (channel_id) REFERENCES channels (id) ON DELETE CASCADE
){{table}};

CREATE INDEX oauth_log_ins_expiry ON oauth_log_ins (expires_at);

-- What a vendor says is used up of an account, window by window.
CREATE TABLE IF NOT EXISTS quota_windows (
    credential_id BIGINT NOT NULL,
    name VARCHAR(16) NOT NULL,
    window_seconds BIGINT NOT NULL,
    used_ppm BIGINT NOT NULL,
    resets_at BIGINT,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (credential_id, name),
    FOREIGN KEY (credential_id) REFERENCES oauth_accounts (credential_id) ON DELETE CASCADE
){{clustered}};

-- When that was heard last, and what was heard of credits.
CREATE TABLE IF NOT EXISTS quota_reports (
    credential_id {{id}},
    seen_at BIGINT NOT NULL,
    polled_at BIGINT NOT NULL,
    poll_error VARCHAR(500),
    has_credits BOOLEAN,
    unlimited BOOLEAN,
    balance VARCHAR(64),
    FOREIGN KEY (credential_id) REFERENCES oauth_accounts (credential_id) ON DELETE CASCADE
){{table}};
