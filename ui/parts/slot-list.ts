/** The free times of one day as buttons. A keyboard that stood on a time which went is not sent back to the top. */

import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LabelledSlot } from "../slot-days.ts";

interface SlotListProps {
  heading: string;
  /** None: the last one went while the day was looked at. */
  slots: readonly LabelledSlot[];
  onChoose: (slot: LabelledSlot) => void;
}

export function SlotList({ heading, slots, onChoose }: SlotListProps) {
  const section = useRef<HTMLElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const hadFocus = section.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (hadFocus && !section.current?.contains(document.activeElement)) title.current?.focus();
  }, [slots]);

  return html`<section class="slots" aria-labelledby="slots-heading" ref=${section}>
    <h2 id="slots-heading" ref=${title} tabindex="-1">${heading}</h2>
    <p class="visually-hidden" aria-live="polite">${slots.length} free times</p>
    ${slots.length === 0 && html`<p class="empty-line">The last free time of this day has just gone.</p>`}
    <ul class="slot-list">
      ${slots.map(
        (slot) =>
          html`<li key=${slot.start}>
            <button type="button" class="slot" data-start=${slot.start} onClick=${() => onChoose(slot)}>
              ${slot.label}
            </button>
          </li>`,
      )}
    </ul>
  </section>`;
}
