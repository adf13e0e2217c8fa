-- Calls whose usage cannot be true, one row each from the moment their record is written, and what somebody decided
-- about them: nobody did as long as there is no time of it. What they are charged is in their record.

CREATE TABLE IF NOT EXISTS usage_reviews (
    record_id {{id}},
    decided_at BIGINT,
    decided_by VARCHAR(128),
    reason VARCHAR(500)
){{table}};

CREATE INDEX usage_reviews_decided ON usage_reviews (decided_at, record_id);

INSERT INTO usage_reviews (record_id)
    SELECT u.id FROM usage_records u
    LEFT JOIN usage_reviews r ON r.record_id = u.id
    WHERE u.billing = 'quarantined' AND r.record_id IS NULL;
