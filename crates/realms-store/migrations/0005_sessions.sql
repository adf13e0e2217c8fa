-- Who is signed in, who may administer by key, and who did what.

ALTER TABLE users ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;

ALTER TABLE settings ADD COLUMN updated_by VARCHAR(128);

CREATE TABLE IF NOT EXISTS sessions (
    id {{id}},
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    user_id BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    reauthenticated_at BIGINT,
    address VARCHAR(64) NOT NULL,
    user_agent VARCHAR(255) NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};

CREATE INDEX sessions_user ON sessions (user_id, id);

CREATE TABLE IF NOT EXISTS admin_keys (
    id {{id}},
    name VARCHAR(128) NOT NULL UNIQUE,
    key_hash VARCHAR(64) NOT NULL UNIQUE,
    hint VARCHAR(16) NOT NULL,
    scopes VARCHAR(255) NOT NULL,
    created_by VARCHAR(128) NOT NULL,
    created_by_id BIGINT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    expires_at BIGINT
){{table}};

CREATE TABLE IF NOT EXISTS audit_entries (
    id {{id}},
    at BIGINT NOT NULL,
    actor_kind VARCHAR(16) NOT NULL,
    actor VARCHAR(128) NOT NULL,
    address VARCHAR(64),
    user_agent VARCHAR(255),
    request_id VARCHAR(128),
    action VARCHAR(64) NOT NULL,
    object_kind VARCHAR(32),
    object VARCHAR(255),
    changes TEXT NOT NULL
){{table}};

CREATE INDEX audit_entries_actor ON audit_entries (actor, id);

CREATE INDEX audit_entries_action ON audit_entries (action, id);

CREATE INDEX audit_entries_object ON audit_entries (object_kind, object, id);
