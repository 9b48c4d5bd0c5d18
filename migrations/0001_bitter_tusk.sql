ALTER TABLE `bookings` ADD `expires_at` integer;--> statement-breakpoint
ALTER TABLE `bookings` ADD `rescheduled_at` integer;--> statement-breakpoint
ALTER TABLE `bookings` ADD `rescheduled_by` text;--> statement-breakpoint
ALTER TABLE `bookings` ADD `previous_start` integer;