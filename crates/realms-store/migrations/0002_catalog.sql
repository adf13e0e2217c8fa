-- Channels, models, settings: what a snapshot of the catalogue is made of.

CREATE TABLE IF NOT EXISTS channels (
    id {{id}},
    name VARCHAR(128) NOT NULL UNIQUE,
    kind VARCHAR(16) NOT NULL,
    dialects VARCHAR(128) NOT NULL,
    priority BIGINT NOT NULL,
    weight BIGINT NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
){{table}};

CREATE TABLE IF NOT EXISTS endpoints (
    id {{id}},
    channel_id BIGINT NOT NULL,
    base_url VARCHAR(2048) NOT NULL,
    priority BIGINT NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (channel_id) REFERENCES channels (id) ON DELETE CASCADE
){{table}};

CREATE INDEX endpoints_channel ON endpoints (channel_id);

CREATE TABLE IF NOT EXISTS credentials (
    id {{id}},
    channel_id BIGINT NOT NULL,
    name VARCHAR(128) NOT NULL,
    sealed_secret TEXT NOT NULL,
    hint VARCHAR(16) NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (channel_id, name),
    FOREIGN KEY (channel_id) REFERENCES channels (id) ON DELETE CASCADE
){{table}};

CREATE TABLE IF NOT EXISTS channel_group_channels (
    group_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    PRIMARY KEY (group_id, channel_id),
    FOREIGN KEY (group_id) REFERENCES channel_groups (id) ON DELETE CASCADE,
    FOREIGN KEY (channel_id) REFERENCES channels (id) ON DELETE CASCADE
){{clustered}};

CREATE TABLE IF NOT EXISTS models (
    id {{id}},
    name VARCHAR(255) NOT NULL UNIQUE,
    owner VARCHAR(128) NOT NULL,
    enabled BOOLEAN NOT NULL,
    input_price BIGINT,
    output_price BIGINT,
    cache_read_price BIGINT,
    cache_write_5m_price BIGINT,
    cache_write_1h_price BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
){{table}};

CREATE TABLE IF NOT EXISTS bindings (
    id {{id}},
    channel_id BIGINT NOT NULL,
    model_id BIGINT NOT NULL,
    upstream_model VARCHAR(255) NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (channel_id, model_id),
    FOREIGN KEY (channel_id) REFERENCES channels (id) ON DELETE CASCADE,
    FOREIGN KEY (model_id) REFERENCES models (id) ON DELETE CASCADE
){{table}};

CREATE TABLE IF NOT EXISTS settings (
    name VARCHAR(128) NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at BIGINT NOT NULL
){{table}};
