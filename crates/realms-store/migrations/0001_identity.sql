-- Users, their groups and their API keys; channel groups, because both name them.

CREATE TABLE IF NOT EXISTS user_groups (
    id {{id}},
    name VARCHAR(64) NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
){{table}};

CREATE TABLE IF NOT EXISTS users (
    id {{id}},
    username VARCHAR(64) NOT NULL UNIQUE,
    email VARCHAR(255) UNIQUE,
    password_hash VARCHAR(255),
    role VARCHAR(16) NOT NULL,
    group_id BIGINT NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (group_id) REFERENCES user_groups (id)
){{table}};

CREATE INDEX users_role ON users (role);

CREATE TABLE IF NOT EXISTS channel_groups (
    id {{id}},
    name VARCHAR(64) NOT NULL UNIQUE,
    parent_id BIGINT,
    multiplier_ppm BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (parent_id) REFERENCES channel_groups (id)
){{table}};

CREATE TABLE IF NOT EXISTS user_group_channel_groups (
    user_group_id BIGINT NOT NULL,
    channel_group_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (user_group_id, channel_group_id),
    FOREIGN KEY (user_group_id) REFERENCES user_groups (id) ON DELETE CASCADE,
    FOREIGN KEY (channel_group_id) REFERENCES channel_groups (id)
){{clustered}};

CREATE TABLE IF NOT EXISTS api_keys (
    id {{id}},
    user_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    key_hash VARCHAR(64) NOT NULL UNIQUE,
    hash_alg VARCHAR(16) NOT NULL,
    hint VARCHAR(16) NOT NULL,
    sealed_copy TEXT,
    enabled BOOLEAN NOT NULL,
    revoked_at BIGINT,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (user_id, name),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};

CREATE TABLE IF NOT EXISTS api_key_channel_groups (
    api_key_id BIGINT NOT NULL,
    channel_group_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (api_key_id, channel_group_id),
    FOREIGN KEY (api_key_id) REFERENCES api_keys (id) ON DELETE CASCADE,
    FOREIGN KEY (channel_group_id) REFERENCES channel_groups (id)
){{clustered}};

CREATE TABLE IF NOT EXISTS setup_codes (
    hash VARCHAR(64) NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    used_at BIGINT
){{table}};
