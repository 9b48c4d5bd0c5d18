/** D1's shape: a projection of what the authorities decided, and what belongs to no authority. No booking is decided from it. */

import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One row per booking, written by versioned upserts on `sequence`. All times are epoch milliseconds. */
export const bookings = sqliteTable(
  "bookings",
  {
    /** The booking's uid. */
    id: text("id").primaryKey(),
    sequence: integer("sequence").notNull(),
    hostDid: text("host_did").notNull(),
    hostHandle: text("host_handle").notNull(),
    bookerDid: text("booker_did").notNull(),
    bookerHandle: text("booker_handle").notNull(),
    availabilityId: text("availability_id").notNull(),
    meetingTypeId: text("meeting_type_id").notNull(),
    meetingTypeTitle: text("meeting_type_title").notNull(),
    startTime: integer("start_time").notNull(),
    endTime: integer("end_time").notNull(),
    bufferBeforeMinutes: integer("buffer_before_minutes").notNull(),
    bufferAfterMinutes: integer("buffer_after_minutes").notNull(),
    /** The host's zone. */
    timeZone: text("time_zone").notNull(),
    status: text("status", { enum: ["pending", "confirmed", "declined", "cancelled", "expired"] }).notNull(),
    bookerEmail: text("booker_email"),
    bookerNote: text("booker_note"),
    locationJson: text("location_json"),
    createdAt: integer("created_at").notNull(),
    /** Until when a pending one can be answered. */
    expiresAt: integer("expires_at"),
    confirmedAt: integer("confirmed_at"),
    rescheduledAt: integer("rescheduled_at"),
    rescheduledBy: text("rescheduled_by", { enum: ["host", "booker"] }),
    previousStart: integer("previous_start"),
    cancelledAt: integer("cancelled_at"),
    cancelledBy: text("cancelled_by", { enum: ["host", "booker"] }),
    reason: text("reason"),
    /** What was known of the host's calendars when the time was given: as of when, and whether that was current. */
    calendarsAsOf: integer("calendars_as_of"),
    calendarsCurrent: integer("calendars_current", { mode: "boolean" }),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    index("bookings_by_host").on(table.hostDid, table.startTime, table.id),
    index("bookings_by_booker").on(table.bookerDid, table.startTime, table.id),
  ],
);

/** What a person should be told in the app. The id is the effect's stable id, so a replay writes nothing twice. */
export const notifications = sqliteTable(
  "notifications",
  {
    id: text("id").primaryKey(),
    recipientDid: text("recipient_did").notNull(),
    kind: text("kind", {
      enum: [
        "booking.requested",
        "booking.confirmed",
        "booking.declined",
        "booking.cancelled",
        "booking.rescheduled",
        "booking.expired",
        "booking.conflict",
        "booking.reminder",
        "calendar.broken",
        "mail.bounced",
        "webhook.off",
      ],
    }).notNull(),
    /** Empty for what is about no booking. */
    bookingId: text("booking_id").notNull(),
    otherHandle: text("other_handle").notNull(),
    meetingTitle: text("meeting_title").notNull(),
    startTime: integer("start_time").notNull(),
    createdAt: integer("created_at").notNull(),
    readAt: integer("read_at"),
  },
  (table) => [index("notifications_by_recipient").on(table.recipientDid, table.createdAt)],
);

/** What a person chose about how they see things. */
export const userSettings = sqliteTable("user_settings", {
  did: text("did").primaryKey(),
  timeZone: text("time_zone"),
  hourCycle: text("hour_cycle", { enum: ["h12", "h23"] }),
  /** Null: never chosen, which is on. */
  remindDayBefore: integer("remind_day_before", { mode: "boolean" }),
  remindHourBefore: integer("remind_hour_before", { mode: "boolean" }),
  updatedAt: integer("updated_at").notNull(),
});

/** The secret address at which somebody subscribes to their own bookings: one for each person, by the hash of its token. */
export const bookingFeeds = sqliteTable("booking_feeds", {
  did: text("did").primaryKey(),
  tokenHash: text("token_hash").notNull().unique(),
  createdAt: integer("created_at").notNull(),
});

/** Links that went to addresses, so that nobody gets many. Addresses are here by a keyed hash only. */
export const addressLinks = sqliteTable(
  "address_links",
  {
    /** The hash of the link's token, so that a second try of the same mail counts once. */
    id: text("id").primaryKey(),
    addressHash: text("address_hash").notNull(),
    sentAt: integer("sent_at").notNull(),
  },
  (table) => [
    index("address_links_by_address").on(table.addressHash, table.sentAt),
    index("address_links_by_age").on(table.sentAt),
  ],
);

/** Addresses whose owner wants no mail from this broker, ever, by the same hash. */
export const unwantedAddresses = sqliteTable("unwanted_addresses", {
  addressHash: text("address_hash").primaryKey(),
  createdAt: integer("created_at").notNull(),
});

/** The key of these hashes: one, made once, sealed. Without SEALING_KEYS, D1 cannot be searched for addresses. */
export const addressPepper = sqliteTable("address_pepper", {
  id: integer("id").primaryKey(),
  keyId: text("key_id").notNull(),
  /** In base64url. */
  sealed: text("sealed").notNull(),
});
