CREATE TABLE `bookings` (
	`id` text PRIMARY KEY NOT NULL,
	`sequence` integer NOT NULL,
	`host_did` text NOT NULL,
	`host_handle` text NOT NULL,
	`booker_did` text NOT NULL,
	`booker_handle` text NOT NULL,
	`availability_id` text NOT NULL,
	`meeting_type_id` text NOT NULL,
	`meeting_type_title` text NOT NULL,
	`start_time` integer NOT NULL,
	`end_time` integer NOT NULL,
	`buffer_before_minutes` integer NOT NULL,
	`buffer_after_minutes` integer NOT NULL,
	`time_zone` text NOT NULL,
	`status` text NOT NULL,
	`booker_email` text,
	`booker_note` text,
	`location_json` text,
	`created_at` integer NOT NULL,
	`confirmed_at` integer,
	`cancelled_at` integer,
	`cancelled_by` text,
	`reason` text,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `bookings_by_host` ON `bookings` (`host_did`,`start_time`,`id`);--> statement-breakpoint
CREATE INDEX `bookings_by_booker` ON `bookings` (`booker_did`,`start_time`,`id`);--> statement-breakpoint
CREATE TABLE `notifications` (
	`id` text PRIMARY KEY NOT NULL,
	`recipient_did` text NOT NULL,
	`kind` text NOT NULL,
	`booking_id` text NOT NULL,
	`other_handle` text NOT NULL,
	`meeting_title` text NOT NULL,
	`start_time` integer NOT NULL,
	`created_at` integer NOT NULL,
	`read_at` integer
);
--> statement-breakpoint
CREATE INDEX `notifications_by_recipient` ON `notifications` (`recipient_did`,`created_at`);--> statement-breakpoint
CREATE TABLE `user_settings` (
	`did` text PRIMARY KEY NOT NULL,
	`time_zone` text,
	`hour_cycle` text,
	`updated_at` integer NOT NULL
);
