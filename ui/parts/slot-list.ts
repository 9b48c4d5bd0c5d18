/** The free times of one day as buttons. */

import { html } from "htm/preact";
import type { LabelledSlot } from "../slot-days.ts";

interface SlotListProps {
  heading: string;
  slots: readonly LabelledSlot[];
  onChoose: (slot: LabelledSlot) => void;
}

export function SlotList({ heading, slots, onChoose }: SlotListProps) {
  return html`<section class="slots" aria-labelledby="slots-heading">
    <h2 id="slots-heading">${heading}</h2>
    <p class="visually-hidden" aria-live="polite">${slots.length} free times</p>
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
