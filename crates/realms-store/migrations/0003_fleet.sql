-- What the nodes share: counters of change, wrapped data keys, the registry of processes.

CREATE TABLE IF NOT EXISTS versions (
    name VARCHAR(32) NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
){{table}};

INSERT INTO versions (name, value) VALUES ('catalog', 1), ('identity', 1);

CREATE TABLE IF NOT EXISTS data_keys (
    id {{id}},
    purpose VARCHAR(32) NOT NULL,
    wrapped TEXT NOT NULL,
    created_at BIGINT NOT NULL
){{table}};

CREATE TABLE IF NOT EXISTS nodes (
    id {{id}},
    name VARCHAR(255) NOT NULL,
    started_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    version VARCHAR(64) NOT NULL,
    address VARCHAR(255) NOT NULL
){{table}};
