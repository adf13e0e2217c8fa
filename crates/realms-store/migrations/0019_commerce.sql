-- What is sold and how it is paid: payment channels, plans, orders, what gateways told, subscriptions,
-- redemption codes. No foreign keys: what was paid outlives what it names.

CREATE TABLE IF NOT EXISTS payment_channels (
    id {{id}},
    name VARCHAR(128) NOT NULL UNIQUE,
    kind VARCHAR(16) NOT NULL,
    enabled BOOLEAN NOT NULL,
    test_mode BOOLEAN NOT NULL,
    gateway TEXT,
    sealed_secrets TEXT NOT NULL,
    last_notice_at BIGINT,
    last_notice VARCHAR(191),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
){{table}};

CREATE TABLE IF NOT EXISTS plans (
    id {{id}},
    code VARCHAR(64) NOT NULL UNIQUE,
    name VARCHAR(128) NOT NULL,
    enabled BOOLEAN NOT NULL,
    user_groups TEXT,
    prices TEXT,
    terms TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
){{table}};

CREATE TABLE IF NOT EXISTS orders (
    id {{id}},
    user_id BIGINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    channel_id BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    amount BIGINT NOT NULL,
    test_mode BOOLEAN NOT NULL,
    value_paid BIGINT NOT NULL,
    value_bonus BIGINT NOT NULL,
    plan_id BIGINT,
    terms TEXT,
    deferred BOOLEAN NOT NULL,
    state VARCHAR(16) NOT NULL,
    payment VARCHAR(191),
    attention VARCHAR(24),
    returned BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    decided_by VARCHAR(128),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (channel_id, payment),
    CONSTRAINT orders_amount CHECK (amount > 0),
    CONSTRAINT orders_refunded CHECK (refunded >= 0 AND refunded <= amount)
){{table}};

CREATE INDEX orders_user ON orders (user_id, id);

CREATE INDEX orders_state ON orders (state, id);

CREATE INDEX orders_attention ON orders (attention, id);

-- What gateways told, once each.
CREATE TABLE IF NOT EXISTS payment_notices (
    id {{id}},
    channel_id BIGINT NOT NULL,
    notice_id VARCHAR(191) NOT NULL,
    topic VARCHAR(191) NOT NULL,
    order_id BIGINT,
    payment VARCHAR(191),
    currency VARCHAR(3),
    amount BIGINT,
    outcome VARCHAR(24) NOT NULL,
    received_at BIGINT NOT NULL,
    UNIQUE (channel_id, notice_id)
){{table}};

CREATE INDEX payment_notices_payment ON payment_notices (channel_id, payment);

CREATE INDEX payment_notices_order ON payment_notices (order_id, id);

CREATE TABLE IF NOT EXISTS subscriptions (
    id {{id}},
    user_id BIGINT NOT NULL,
    plan_id BIGINT NOT NULL,
    order_id BIGINT UNIQUE,
    terms TEXT,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    ended_at BIGINT,
    created_at BIGINT NOT NULL
){{table}};

CREATE INDEX subscriptions_user ON subscriptions (user_id, ends_at);

CREATE TABLE IF NOT EXISTS redemption_codes (
    id {{id}},
    batch VARCHAR(128) NOT NULL,
    code_hash VARCHAR(64) NOT NULL UNIQUE,
    sealed_code TEXT NOT NULL,
    hint VARCHAR(8) NOT NULL,
    amount BIGINT NOT NULL,
    plan_id BIGINT,
    terms TEXT,
    most_uses BIGINT NOT NULL,
    used BIGINT NOT NULL,
    expires_at BIGINT,
    enabled BOOLEAN NOT NULL,
    created_by VARCHAR(128) NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT redemption_codes_used CHECK (used >= 0 AND used <= most_uses)
){{table}};

CREATE INDEX redemption_codes_batch ON redemption_codes (batch, id);

CREATE TABLE IF NOT EXISTS redemption_uses (
    code_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (code_id, user_id)
){{clustered}};

-- The entries of an order.
CREATE INDEX ledger_entries_reference ON ledger_entries (reference);
