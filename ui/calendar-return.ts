/** What is said to somebody who comes back from Google. Pure. */

export interface ReturnNotice {
  readonly tone: "good" | "warn" | "error";
  readonly text: string;
}

/** For `?calendar=…` of the settings' address; undefined for whoever comes from elsewhere. */
export function returnNotice(search: string): ReturnNotice | undefined {
  const outcome = new URLSearchParams(search).get("calendar");
  switch (outcome) {
    case null:
      return undefined;
    case "connected":
      return {
        tone: "good",
        text: "Google Calendar is connected. Choose below which calendars block your time.",
      };
    case "denied":
      return { tone: "warn", text: "You said no at Google, so nothing was changed." };
    case "incomplete":
      return {
        tone: "warn",
        text: "At Google one of the boxes was not ticked. All that are shown there are needed: try again, and tick each of them.",
      };
    case "unreadable":
      return {
        tone: "error",
        text: "Google let us in, but your calendars could not be read, so nothing was changed. Try again in a few minutes.",
      };
    default:
      return {
        tone: "error",
        text: "Google did not let us in this time, and nothing was changed. Try again.",
      };
  }
}
