-- Realms as an OAuth 2 provider: apps of others, what users let them do, and the codes and tokens that stand for it.
-- Of every secret there is a keyed hash alone.

CREATE TABLE IF NOT EXISTS oauth_apps (
    id {{id}},
    name VARCHAR(64) NOT NULL UNIQUE,
    publisher VARCHAR(64) NOT NULL,
    homepage VARCHAR(500),
    redirect_uris TEXT,
    scopes VARCHAR(64) NOT NULL,
    secret_hash VARCHAR(64),
    secret_hint VARCHAR(16),
    old_secret_hash VARCHAR(64),
    old_secret_until BIGINT,
    access_token_s BIGINT NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
){{table}};

CREATE TABLE IF NOT EXISTS oauth_grants (
    id {{id}},
    app_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    scopes VARCHAR(64) NOT NULL,
    remembered BOOLEAN NOT NULL,
    api_key_id BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (app_id, user_id),
    FOREIGN KEY (app_id) REFERENCES oauth_apps (id) ON DELETE CASCADE,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};

CREATE INDEX oauth_grants_user ON oauth_grants (user_id);

CREATE TABLE IF NOT EXISTS oauth_codes (
    hash VARCHAR(64) NOT NULL PRIMARY KEY,
    grant_id BIGINT NOT NULL,
    family BIGINT NOT NULL,
    scopes VARCHAR(64) NOT NULL,
    redirect_uri VARCHAR(500) NOT NULL,
    challenge VARCHAR(64),
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    FOREIGN KEY (grant_id) REFERENCES oauth_grants (id) ON DELETE CASCADE
){{table}};

CREATE INDEX oauth_codes_grant ON oauth_codes (grant_id);

CREATE INDEX oauth_codes_expiry ON oauth_codes (expires_at);

CREATE TABLE IF NOT EXISTS oauth_tokens (
    hash VARCHAR(64) NOT NULL PRIMARY KEY,
    grant_id BIGINT NOT NULL,
    family BIGINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    scopes VARCHAR(64) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    FOREIGN KEY (grant_id) REFERENCES oauth_grants (id) ON DELETE CASCADE
){{table}};

CREATE INDEX oauth_tokens_grant ON oauth_tokens (grant_id);

CREATE INDEX oauth_tokens_family ON oauth_tokens (family);

CREATE INDEX oauth_tokens_expiry ON oauth_tokens (expires_at);
