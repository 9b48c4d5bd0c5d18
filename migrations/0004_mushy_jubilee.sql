ALTER TABLE `user_settings` ADD `remind_day_before` integer;--> statement-breakpoint
ALTER TABLE `user_settings` ADD `remind_hour_before` integer;