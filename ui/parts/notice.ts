/** The small states every page has: loading, failed, empty, and what screen readers are told. */

import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Names the page in the tab, and moves a screen reader to its heading after a move within the application. */
export function PageTitle({ title, children }: { title: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · atproto Cal`;
  }, [title]);
  useEffect(() => {
    // On the first page of a visit the browser's own order is right.
    if (pagesShown > 0) heading.current?.focus({ preventScroll: true });
    if (pagesShown > 0) scrollTo(0, 0);
    pagesShown += 1;
  }, []);
  return html`<h1 ref=${heading} tabindex="-1">${children ?? title}</h1>`;
}

let pagesShown = 0;

/** Moves the focus to a heading once the button that had it is gone, so that a keyboard is not sent back to the top. */
export function focusHeading(find: () => HTMLElement | null | undefined): void {
  setTimeout(() => {
    if (document.activeElement === document.body || document.activeElement === null) find()?.focus();
  }, 0);
}

export function Loading({ label }: { label: string }) {
  return html`<p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>${label}…</p>`;
}

interface ErrorNoticeProps {
  message: string;
  onRetry?: () => void;
  children?: ComponentChildren;
}

export function ErrorNotice({ message, onRetry, children }: ErrorNoticeProps) {
  return html`<div class="notice notice-error" role="alert">
    <p>${message}</p>
    ${children}
    ${onRetry && html`<button type="button" class="button button-small" onClick=${onRetry}>Try again</button>`}
  </div>`;
}

export function Notice({
  tone = "info",
  children,
}: {
  tone?: "info" | "good" | "warn";
  children?: ComponentChildren;
}) {
  return html`<div class=${`notice notice-${tone}`} role="status">${children}</div>`;
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return html`<div class="empty">
    <p class="empty-title">${title}</p>
    ${children}
  </div>`;
}

/** Says something to screen readers without showing it. */
export function Announce({ text }: { text: string }) {
  return html`<p class="visually-hidden" aria-live="polite">${text}</p>`;
}
