-- What all keys of a user together may spend: JSON that is never queried inside; absent: as much as there
-- is. Those of a key are among its rules.

ALTER TABLE users ADD COLUMN budgets TEXT;
