-- Money: entries of two or more postings whose sum is nothing, never changed and never deleted; what is
-- free and what is held of each account; holds; what is used of allowances; one hash for each day.
-- Amounts are nano-USD. No foreign keys to users and calls: the ledger outlives what it names.

CREATE TABLE IF NOT EXISTS ledger_accounts (
    id {{id}},
    kind VARCHAR(16) NOT NULL,
    owner_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (kind, owner_id)
){{table}};

INSERT INTO ledger_accounts (id, kind, owner_id, created_at) VALUES
    (-1, 'revenue', 0, 0),
    (-2, 'clearing', 0, 0),
    (-3, 'adjustments', 0, 0),
    (-4, 'promotions', 0, 0),
    (-5, 'upstream', 0, 0);

CREATE TABLE IF NOT EXISTS balances (
    account_id {{id}},
    available BIGINT NOT NULL,
    held BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT balances_held CHECK (held >= 0)
){{table}};

INSERT INTO balances (account_id, available, held, updated_at) VALUES
    (-1, 0, 0, 0),
    (-2, 0, 0, 0),
    (-3, 0, 0, 0),
    (-4, 0, 0, 0),
    (-5, 0, 0, 0);

CREATE TABLE IF NOT EXISTS ledger_entries (
    id {{id}},
    idem_key VARCHAR(128) NOT NULL UNIQUE,
    kind VARCHAR(16) NOT NULL,
    request_id VARCHAR(36),
    reference VARCHAR(255),
    actor VARCHAR(128),
    reason VARCHAR(500),
    day BIGINT NOT NULL,
    created_at BIGINT NOT NULL
){{table}};

CREATE INDEX ledger_entries_day ON ledger_entries (day, id);

CREATE INDEX ledger_entries_request ON ledger_entries (request_id);

CREATE TABLE IF NOT EXISTS ledger_postings (
    entry_id BIGINT NOT NULL,
    place BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (entry_id, place),
    CONSTRAINT ledger_postings_amount CHECK (amount <> 0)
){{clustered}};

CREATE INDEX ledger_postings_account ON ledger_postings (account_id, entry_id);

-- What was set aside for a call, and what it came to.
CREATE TABLE IF NOT EXISTS holds (
    request_id VARCHAR(36) NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL,
    node_id BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    amount BIGINT NOT NULL,
    from_balance BIGINT NOT NULL,
    tokens BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    metered BIGINT NOT NULL,
    metered_tokens BIGINT NOT NULL,
    settled BIGINT NOT NULL,
    settled_balance BIGINT NOT NULL,
    settled_tokens BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    draws TEXT,
    price TEXT,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
){{clustered}};

CREATE INDEX holds_lease ON holds (state, lease_until);

CREATE INDEX holds_account ON holds (account_id, created_at);

-- What is used of each allowance in its present window, and the pieces of time it leaves by.
CREATE TABLE IF NOT EXISTS allowances (
    name VARCHAR(128) NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL,
    used BIGINT NOT NULL,
    rolled_to BIGINT NOT NULL
){{clustered}};

CREATE INDEX allowances_account ON allowances (account_id);

CREATE TABLE IF NOT EXISTS allowance_buckets (
    name VARCHAR(128) NOT NULL,
    start_at BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (name, start_at)
){{clustered}};

-- The entries of a day and of all days before it, as one hash.
CREATE TABLE IF NOT EXISTS ledger_anchors (
    day {{id}},
    entries BIGINT NOT NULL,
    hash VARCHAR(64) NOT NULL,
    created_at BIGINT NOT NULL
){{table}};

{{refuse UPDATE ledger_entries}};

{{refuse DELETE ledger_entries}};

{{refuse UPDATE ledger_postings}};

{{refuse DELETE ledger_postings}};

{{refuse UPDATE ledger_anchors}};

{{refuse DELETE ledger_anchors}};
