/** The tables of an Account about e-mail. They come with the first address: asking about somebody leaves no trace of them. */

/** Addresses are in sealed texts only. Beside them are hashes under a key of this Account, by which two are told to be the same. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS mail_key (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    did TEXT NOT NULL,
    key_id TEXT NOT NULL,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS mail_address (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    address_hash TEXT NOT NULL,
    key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    refused_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS mail_wishes (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    reminders INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS mail_links (
    link_hash TEXT PRIMARY KEY,
    address_hash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('owed', 'sent', 'withheld', 'unwanted')),
    key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    asked_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS mail_link_times (asked_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS mail_outbox (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('link', 'unwanted', 'catch-up')),
    key_id TEXT,
    sealed BLOB,
    owed_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
`;

export function createMailSchema(sql: SqlStorage): void {
  sql.exec(SCHEMA);
}

export function hasMailSchema(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'mail_outbox'").toArray().length === 1;
}
