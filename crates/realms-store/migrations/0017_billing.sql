-- What became of the charge of a call: nothing where nobody pays for calls, and of calls older than this.

ALTER TABLE usage_records ADD COLUMN billing VARCHAR(16);
