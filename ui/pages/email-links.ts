/** The pages to which links in mails lead, in one chunk: one more would split what the booking page loads into more files. */

export { EmailConfirmPage } from "./email-confirm.ts";
export { EmailUnsubscribePage } from "./email-unsubscribe.ts";
