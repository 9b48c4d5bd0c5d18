ALTER TABLE `bookings` ADD `calendars_as_of` integer;--> statement-breakpoint
ALTER TABLE `bookings` ADD `calendars_current` integer;