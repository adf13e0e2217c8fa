-- Subscriptions in the hands of operators: how often their windows were emptied.

ALTER TABLE subscriptions ADD COLUMN resets BIGINT NOT NULL DEFAULT 0;

CREATE INDEX subscriptions_plan ON subscriptions (plan_id, ends_at);
