-- What users ask those who run the site: tickets, what was said in them, and their files. The files themselves lie
-- in a folder. No foreign keys: a ticket outlives who wrote it.

CREATE TABLE IF NOT EXISTS tickets (
    id {{id}},
    user_id BIGINT NOT NULL,
    subject VARCHAR(255) NOT NULL,
    category VARCHAR(16) NOT NULL,
    state VARCHAR(16) NOT NULL,
    request_id VARCHAR(64),
    assignee_id BIGINT,
    unread BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    closed_at BIGINT
){{table}};

CREATE INDEX tickets_user ON tickets (user_id, moved_at);

CREATE INDEX tickets_state ON tickets (state, moved_at);

CREATE TABLE IF NOT EXISTS ticket_messages (
    id {{id}},
    ticket_id BIGINT NOT NULL,
    author_id BIGINT,
    author VARCHAR(128) NOT NULL,
    by_staff BOOLEAN NOT NULL,
    internal BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
){{table}};

CREATE INDEX ticket_messages_ticket ON ticket_messages (ticket_id, id);

CREATE TABLE IF NOT EXISTS ticket_files (
    id {{id}},
    owner_id BIGINT NOT NULL,
    message_id BIGINT,
    ticket_id BIGINT,
    name VARCHAR(255) NOT NULL,
    media_type VARCHAR(64) NOT NULL,
    size BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
){{table}};

CREATE INDEX ticket_files_ticket ON ticket_files (ticket_id);

CREATE INDEX ticket_files_owner ON ticket_files (owner_id);

CREATE INDEX ticket_files_expiry ON ticket_files (expires_at);

CREATE TABLE IF NOT EXISTS canned_replies (
    name VARCHAR(64) NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL
){{table}};
