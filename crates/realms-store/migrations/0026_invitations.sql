-- The code that each user invites with, and who came by one: what was promised then, what the inviter is given, and when
-- both were given theirs. Who is deleted leaves nothing: an invitation goes with who came by it, and outlives its inviter.

CREATE TABLE IF NOT EXISTS invitation_codes (
    user_id BIGINT NOT NULL PRIMARY KEY,
    code VARCHAR(16) NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
){{table}};

-- `earned` is decided once, before anything is given: nothing for who is switched off then.
CREATE TABLE IF NOT EXISTS invitations (
    invitee_id BIGINT NOT NULL PRIMARY KEY,
    inviter_id BIGINT,
    invited_at BIGINT NOT NULL,
    inviter_nano BIGINT NOT NULL,
    invitee_nano BIGINT NOT NULL,
    reward_after VARCHAR(16) NOT NULL,
    earned BIGINT,
    rewarded_at BIGINT,
    FOREIGN KEY (invitee_id) REFERENCES users (id) ON DELETE CASCADE,
    FOREIGN KEY (inviter_id) REFERENCES users (id) ON DELETE SET NULL
){{table}};

CREATE INDEX invitations_inviter ON invitations (inviter_id, invited_at);

CREATE INDEX invitations_waiting ON invitations (rewarded_at, invitee_id);
