/** The authority's own tables: hand-written SQL, additive steps only, because old and new code overlap during a deploy. */

/** One step of the schema. Steps are never edited once shipped; a change is a new step at the end. */
interface SchemaStep {
  readonly id: number;
  readonly description: string;
  readonly sql: string;
}

/**
 * Two bookings conflict when one's core touches the other's padded period. `reach` bounds how far from its start any
 * stored booking can be felt, so that a narrow range of the index is looked at and never every booking.
 */
const OVERLAP = `
  SELECT 1 FROM bookings AS other
  WHERE other.uid <> NEW.uid
    AND other.status IN ('pending', 'confirmed')
    AND other.start_at > NEW.start_at - NEW.buffer_before_ms - (SELECT ms FROM reach)
    AND other.start_at < NEW.end_at + NEW.buffer_after_ms + (SELECT ms FROM reach)
    AND (
      (other.start_at < NEW.end_at + NEW.buffer_after_ms AND other.end_at > NEW.start_at - NEW.buffer_before_ms)
      OR
      (other.start_at - other.buffer_before_ms < NEW.end_at AND other.end_at + other.buffer_after_ms > NEW.start_at)
    )`;

const STEPS: readonly SchemaStep[] = [
  {
    id: 1,
    description: "bookings, their overlap guard, idempotency, records snapshot, outbox, timers",
    sql: `
      CREATE TABLE bookings (
        uid TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('pending', 'confirmed', 'declined', 'cancelled', 'expired')),
        start_at INTEGER NOT NULL,
        end_at INTEGER NOT NULL CHECK (end_at > start_at),
        buffer_before_ms INTEGER NOT NULL CHECK (buffer_before_ms >= 0),
        buffer_after_ms INTEGER NOT NULL CHECK (buffer_after_ms >= 0),
        booker_did TEXT NOT NULL,
        booking_json TEXT NOT NULL
      ) STRICT;
      CREATE INDEX bookings_blocking ON bookings (start_at) WHERE status IN ('pending', 'confirmed');
      CREATE INDEX bookings_pending ON bookings (start_at) WHERE status = 'pending';

      -- The longest padded length ever stored, kept by the database itself.
      CREATE TABLE reach (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), ms INTEGER NOT NULL) STRICT;
      INSERT INTO reach VALUES (1, 0);
      CREATE TRIGGER bookings_reach_insert AFTER INSERT ON bookings
      WHEN NEW.end_at - NEW.start_at + NEW.buffer_before_ms + NEW.buffer_after_ms > (SELECT ms FROM reach)
      BEGIN UPDATE reach SET ms = NEW.end_at - NEW.start_at + NEW.buffer_before_ms + NEW.buffer_after_ms; END;
      CREATE TRIGGER bookings_reach_update AFTER UPDATE ON bookings
      WHEN NEW.end_at - NEW.start_at + NEW.buffer_before_ms + NEW.buffer_after_ms > (SELECT ms FROM reach)
      BEGIN UPDATE reach SET ms = NEW.end_at - NEW.start_at + NEW.buffer_before_ms + NEW.buffer_after_ms; END;

      -- The second line of defence: no two bookings that block time may touch each other's padded period,
      -- whatever the code above decided.
      CREATE TRIGGER bookings_no_overlap_insert BEFORE INSERT ON bookings
      WHEN NEW.status IN ('pending', 'confirmed') AND EXISTS (${OVERLAP})
      BEGIN SELECT RAISE(ABORT, 'overlapping booking'); END;
      CREATE TRIGGER bookings_no_overlap_update BEFORE UPDATE ON bookings
      WHEN NEW.status IN ('pending', 'confirmed') AND EXISTS (${OVERLAP})
      BEGIN SELECT RAISE(ABORT, 'overlapping booking'); END;

      CREATE TABLE answers (
        caller_did TEXT NOT NULL,
        request_id TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        answer_json TEXT NOT NULL,
        answered_at INTEGER NOT NULL,
        PRIMARY KEY (caller_did, request_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX answers_by_age ON answers (answered_at);

      CREATE TABLE records_snapshot (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        records_json TEXT NOT NULL
      ) STRICT;

      CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        effect_id TEXT NOT NULL UNIQUE,
        booking_uid TEXT NOT NULL,
        effect_json TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        parked_at INTEGER
      ) STRICT;

      CREATE TABLE timers (
        kind TEXT PRIMARY KEY,
        due_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    id: 2,
    description: "bookings know their meeting type, whose limits they count for",
    // Generated from what is stored already, so code of the version before need not know the column.
    sql: `
      ALTER TABLE bookings ADD COLUMN meeting_type_rkey TEXT
        GENERATED ALWAYS AS (json_extract(booking_json, '$.meetingType.rkey')) VIRTUAL;
    `,
  },
  {
    id: 3,
    description: "pending bookings expire; holds; who is blocked and how long requests wait; the log",
    sql: `
      ALTER TABLE bookings ADD COLUMN expires_at INTEGER
        GENERATED ALWAYS AS (coalesce(json_extract(booking_json, '$.expiresAt'), start_at)) VIRTUAL;
      CREATE INDEX bookings_expiring ON bookings (expires_at) WHERE status = 'pending';
      CREATE INDEX bookings_waiting ON bookings (booker_did) WHERE status = 'pending';
      DROP INDEX bookings_pending;

      CREATE TABLE holds (
        id TEXT PRIMARY KEY,
        booker_did TEXT NOT NULL,
        meeting_type_rkey TEXT NOT NULL,
        start_at INTEGER NOT NULL,
        end_at INTEGER NOT NULL CHECK (end_at > start_at),
        buffer_before_ms INTEGER NOT NULL,
        buffer_after_ms INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE blocked (did TEXT PRIMARY KEY, handle TEXT NOT NULL, blocked_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE policy (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        pending_hours INTEGER NOT NULL CHECK (pending_hours > 0)
      ) STRICT;

      CREATE TABLE log (seq INTEGER PRIMARY KEY, entry_json TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
      CREATE TRIGGER log_is_not_changed BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
      CREATE TRIGGER log_is_not_cut BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    `,
  },
  {
    id: 4,
    description: "the outbox knows since when and why something waits; a daily reconciliation",
    // Hosts who have bookings get their first one at some time of the next day, so that they do not all come at once.
    sql: `
      ALTER TABLE outbox ADD COLUMN owed_at INTEGER;
      ALTER TABLE outbox ADD COLUMN last_error TEXT;
      ALTER TABLE outbox ADD COLUMN not_before INTEGER;

      INSERT OR IGNORE INTO timers (kind, due_at)
      SELECT 'reconcile', unixepoch() * 1000 + abs(random() % 86400000) WHERE EXISTS (SELECT 1 FROM bookings);
    `,
  },
  {
    id: 5,
    description: "the host's own calendars and their busy time",
    // Busy time in pieces of a day at most, so that the index finds what touches a range.
    sql: `
      CREATE TABLE calendar_connections (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        label TEXT NOT NULL,
        key_id TEXT NOT NULL,
        sealed BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('ok', 'failing', 'needs_reauth')),
        problem TEXT,
        as_of INTEGER NOT NULL,
        covers_until INTEGER NOT NULL,
        time_zone TEXT NOT NULL,
        events INTEGER NOT NULL,
        next_refresh_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        validators TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE busy (
        start_at INTEGER NOT NULL,
        connection_id TEXT NOT NULL,
        end_at INTEGER NOT NULL CHECK (end_at > start_at),
        PRIMARY KEY (start_at, connection_id, end_at)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX busy_by_connection ON busy (connection_id);
    `,
  },
  {
    id: 6,
    description:
      "connections have several calendars; bookings are written into one; what of it is owed goes its own way",
    // `busy.connection_id` holds the id of a calendar from here on. A connection of before is one with one calendar, which has its id.
    sql: `
      CREATE TABLE calendars (
        id TEXT PRIMARY KEY,
        connection_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        blocks INTEGER NOT NULL,
        is_writable INTEGER NOT NULL,
        takes_bookings INTEGER NOT NULL,
        problem TEXT,
        as_of INTEGER NOT NULL,
        covers_until INTEGER NOT NULL,
        time_zone TEXT NOT NULL,
        events INTEGER NOT NULL,
        validators TEXT
      ) STRICT, WITHOUT ROWID;
      INSERT INTO calendars
        SELECT id, id, 0, 1, 0, 0, NULL, as_of, covers_until, time_zone, events, validators FROM calendar_connections;

      CREATE TABLE written_bookings (
        booking_uid TEXT PRIMARY KEY,
        calendar_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        start_at INTEGER NOT NULL,
        end_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE silent_calendar_policy (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        on_silent TEXT NOT NULL CHECK (on_silent IN ('refuse', 'ask', 'trust'))
      ) STRICT;

      CREATE TABLE consents (
        state_hash TEXT PRIMARY KEY,
        verifier TEXT NOT NULL,
        connection_id TEXT,
        writes INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE push_channels (
        id TEXT PRIMARY KEY,
        calendar_id TEXT NOT NULL,
        connection_id TEXT NOT NULL,
        resource_id TEXT NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      ALTER TABLE outbox ADD COLUMN channel TEXT GENERATED ALWAYS AS (
        CASE json_extract(effect_json, '$.kind') WHEN 'write-calendar' THEN 'calendar' ELSE 'd1' END
      ) VIRTUAL;
      -- Partial, so that what is owed to D1 costs nothing for it.
      CREATE INDEX outbox_to_calendars ON outbox (booking_uid) WHERE channel = 'calendar';
    `,
  },
  {
    id: 7,
    description: "reminders yet to be sent of confirmed bookings",
    // Those of bookings made before are written down here, unless their time has passed.
    sql: `
      CREATE TABLE reminders (
        booking_uid TEXT NOT NULL,
        lead TEXT NOT NULL,
        start_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        PRIMARY KEY (booking_uid, lead)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX reminders_by_due ON reminders (due_at);

      INSERT INTO reminders (booking_uid, lead, start_at, due_at)
      SELECT uid, lead, start_at, start_at - lead_ms
      FROM bookings, (SELECT 'day' AS lead, 86400000 AS lead_ms UNION ALL SELECT 'hour', 3600000)
      WHERE status = 'confirmed' AND start_at - lead_ms > unixepoch() * 1000;
      INSERT OR IGNORE INTO timers (kind, due_at)
      SELECT 'remind', due_at FROM reminders ORDER BY due_at LIMIT 1;
    `,
  },
  {
    id: 8,
    description: "mail and webhooks go their own ways; who was invited, and what they answered",
    // A version before this one leaves alone what goes by a channel that it does not know.
    sql: `
      DROP INDEX outbox_to_calendars;
      ALTER TABLE outbox DROP COLUMN channel;
      ALTER TABLE outbox ADD COLUMN channel TEXT GENERATED ALWAYS AS (
        CASE json_extract(effect_json, '$.kind')
          WHEN 'write-calendar' THEN 'calendar'
          WHEN 'send-mail' THEN 'mail'
          WHEN 'ask-address' THEN 'mail'
          WHEN 'call-webhook' THEN 'webhook'
          ELSE 'd1'
        END
      ) VIRTUAL;
      CREATE INDEX outbox_to_calendars ON outbox (booking_uid) WHERE channel = 'calendar';
      CREATE INDEX outbox_to_mail ON outbox (booking_uid) WHERE channel = 'mail';
      CREATE INDEX outbox_to_webhooks ON outbox (booking_uid) WHERE channel = 'webhook';

      -- What the first try of a mail was made of, so that every other try is the same mail.
      ALTER TABLE outbox ADD COLUMN facts_json TEXT;

      CREATE TABLE invited (
        booking_uid TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('host', 'booker')),
        address TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        partstat TEXT NOT NULL,
        answered_at INTEGER,
        PRIMARY KEY (booking_uid, role)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE asked_addresses (
        asked_at INTEGER NOT NULL
      ) STRICT;
    `,
  },
  {
    id: 9,
    description: "webhooks and what was sent to them",
    sql: `
      CREATE TABLE webhooks (
        id TEXT PRIMARY KEY,
        key_id TEXT NOT NULL,
        sealed BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        is_on INTEGER NOT NULL,
        failing_since INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE webhook_deliveries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        webhook_id TEXT NOT NULL,
        type TEXT NOT NULL,
        booking_uid TEXT NOT NULL,
        body TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
        attempts INTEGER NOT NULL,
        tried_at INTEGER,
        status INTEGER,
        problem TEXT,
        UNIQUE (webhook_id, id)
      ) STRICT;
    `,
  },
];

/** Whether this object has ever stored anything. Asking creates nothing, so a made-up DID costs no storage. */
export function hasSchema(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'schema_steps'").toArray().length > 0;
}

/** Brings the tables up to date. Call inside `transactionSync`; safe to call again. */
export function applySchema(sql: SqlStorage): void {
  sql.exec(
    "CREATE TABLE IF NOT EXISTS schema_steps (id INTEGER PRIMARY KEY, description TEXT NOT NULL) STRICT",
  );
  const applied = new Set(
    sql
      .exec<{ id: number }>("SELECT id FROM schema_steps")
      .toArray()
      .map((row) => row.id),
  );
  for (const step of STEPS) {
    if (!applied.has(step.id)) {
      sql.exec(step.sql);
      sql.exec("INSERT INTO schema_steps (id, description) VALUES (?, ?)", step.id, step.description);
    }
  }
}
