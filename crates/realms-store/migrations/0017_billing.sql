-- What became of the charge of a call: nothing where nobody pays for calls, and of calls older than this.

ALTER TABLE usage_records ADD COLUMN billing VARCHAR(16);

-- What is known of the call when it is held for, as JSON: its record, should nobody be left to write it.

ALTER TABLE holds ADD COLUMN call_note TEXT;
