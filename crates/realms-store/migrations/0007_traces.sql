-- Why a call went where it went, one row for each usage record: JSON that is never queried inside.

CREATE TABLE IF NOT EXISTS traces (
    record_id BIGINT NOT NULL PRIMARY KEY,
    trace TEXT NOT NULL
){{clustered}};
