CREATE TABLE `booking_feeds` (
	`did` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `booking_feeds_token_hash_unique` ON `booking_feeds` (`token_hash`);