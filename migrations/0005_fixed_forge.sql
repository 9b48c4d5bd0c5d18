CREATE TABLE `address_links` (
	`id` text PRIMARY KEY NOT NULL,
	`address_hash` text NOT NULL,
	`sent_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `address_links_by_address` ON `address_links` (`address_hash`,`sent_at`);--> statement-breakpoint
CREATE INDEX `address_links_by_age` ON `address_links` (`sent_at`);--> statement-breakpoint
CREATE TABLE `address_pepper` (
	`id` integer PRIMARY KEY NOT NULL,
	`key_id` text NOT NULL,
	`sealed` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `unwanted_addresses` (
	`address_hash` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL
);
