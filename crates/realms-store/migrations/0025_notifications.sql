-- What people are told of, where, and what became of it. The owner 0 is the site; the target 0 is the proved address
-- of the owner. What happened and its deliveries are written with what made it happen, so neither is without the other.

CREATE TABLE IF NOT EXISTS notification_targets (
    id {{id}},
    owner_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    language VARCHAR(8) NOT NULL,
    hint VARCHAR(255) NOT NULL,
    sealed_settings TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (owner_id, name)
){{table}};

CREATE TABLE IF NOT EXISTS notification_rules (
    owner_id BIGINT NOT NULL,
    event VARCHAR(32) NOT NULL,
    enabled BOOLEAN NOT NULL,
    email BOOLEAN NOT NULL,
    targets TEXT,
    threshold BIGINT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (owner_id, event)
){{clustered}};

CREATE INDEX notification_rules_event ON notification_rules (event);

CREATE TABLE IF NOT EXISTS notifications (
    id {{id}},
    owner_id BIGINT NOT NULL,
    idem_key VARCHAR(128) NOT NULL UNIQUE,
    facts TEXT NOT NULL,
    created_at BIGINT NOT NULL
){{table}};

CREATE INDEX notifications_owner ON notifications (owner_id, id);

CREATE INDEX notifications_age ON notifications (created_at);

-- `next_at` is also the lease: whoever takes a delivery moves it on, and what nobody finishes comes up again.
CREATE TABLE IF NOT EXISTS notification_deliveries (
    notification_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    error VARCHAR(500),
    done_at BIGINT,
    PRIMARY KEY (notification_id, target_id)
){{clustered}};

CREATE INDEX notification_deliveries_due ON notification_deliveries (state, next_at);

CREATE INDEX notification_deliveries_owner ON notification_deliveries (owner_id, notification_id, target_id);

CREATE INDEX notification_deliveries_target ON notification_deliveries (target_id, notification_id);

-- What came to a point and was told: told again only after it was better in between.
CREATE TABLE IF NOT EXISTS notification_marks (
    event VARCHAR(32) NOT NULL,
    owner_id BIGINT NOT NULL,
    subject VARCHAR(96) NOT NULL,
    raised_at BIGINT NOT NULL,
    PRIMARY KEY (event, owner_id, subject)
){{clustered}};
