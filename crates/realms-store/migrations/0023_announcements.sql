-- What those who run the site tell its users, and who has read it. A publishing time that is left out makes a draft;
-- an array of user groups that is left out means everyone.

CREATE TABLE IF NOT EXISTS announcements (
    id {{id}},
    severity VARCHAR(16) NOT NULL,
    pinned BOOLEAN NOT NULL,
    must_acknowledge BOOLEAN NOT NULL,
    user_groups TEXT,
    title_en VARCHAR(255),
    body_en TEXT,
    title_zh VARCHAR(255),
    body_zh TEXT,
    publish_at BIGINT,
    expires_at BIGINT,
    created_by VARCHAR(128) NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
){{table}};

CREATE INDEX announcements_published ON announcements (publish_at);

CREATE TABLE IF NOT EXISTS announcement_reads (
    announcement_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, user_id)
){{table}};

CREATE INDEX announcement_reads_user ON announcement_reads (user_id);
