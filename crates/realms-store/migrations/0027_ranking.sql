-- How people are shown to others in the ranking; who never chose is shown without a name.

CREATE TABLE IF NOT EXISTS ranking_choices (
    user_id BIGINT NOT NULL PRIMARY KEY,
    shown VARCHAR(16) NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};
