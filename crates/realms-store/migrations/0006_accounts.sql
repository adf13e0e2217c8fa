-- How people prove who they are: verified addresses, one-time codes, second factors, passkeys,
-- identities at other sites; the tries at all of these; and what people set for themselves.

CREATE TABLE IF NOT EXISTS verified_emails (
    user_id BIGINT NOT NULL PRIMARY KEY,
    email VARCHAR(255) NOT NULL,
    verified_at BIGINT NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};

CREATE TABLE IF NOT EXISTS preferences (
    user_id BIGINT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};

CREATE TABLE IF NOT EXISTS totp_secrets (
    user_id BIGINT NOT NULL PRIMARY KEY,
    sealed_secret TEXT NOT NULL,
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};

CREATE TABLE IF NOT EXISTS recovery_codes (
    user_id BIGINT NOT NULL,
    hash VARCHAR(64) NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, hash),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{clustered}};

CREATE TABLE IF NOT EXISTS passkeys (
    id {{id}},
    user_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    credential_hash VARCHAR(64) NOT NULL UNIQUE,
    credential_id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    sign_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};

CREATE INDEX passkeys_user ON passkeys (user_id);

CREATE TABLE IF NOT EXISTS external_identities (
    id {{id}},
    user_id BIGINT NOT NULL,
    provider VARCHAR(32) NOT NULL,
    issuer VARCHAR(255) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    email VARCHAR(255),
    created_at BIGINT NOT NULL,
    UNIQUE (issuer, subject),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};

CREATE INDEX external_identities_user ON external_identities (user_id);

CREATE TABLE IF NOT EXISTS one_time_codes (
    id {{id}},
    subject_hash VARCHAR(64) NOT NULL UNIQUE,
    code_hash VARCHAR(64) NOT NULL,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
){{table}};

CREATE INDEX one_time_codes_expires ON one_time_codes (expires_at);

CREATE TABLE IF NOT EXISTS challenges (
    hash VARCHAR(64) NOT NULL PRIMARY KEY,
    kind VARCHAR(32) NOT NULL,
    user_id BIGINT,
    note VARCHAR(255) NOT NULL,
    tries BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};

CREATE INDEX challenges_expires ON challenges (expires_at);

CREATE TABLE IF NOT EXISTS guesses (
    bucket VARCHAR(64) NOT NULL,
    slot BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    PRIMARY KEY (bucket, slot)
){{clustered}};

CREATE INDEX guesses_made ON guesses (made_at);
