/** A searchable choice of time zone (ARIA combobox with a list). Holds only what is being typed. */

import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { offsetLabel } from "../clock-format.ts";
import { allZones, searchZones, zoneWithOffset } from "../zone-search.ts";

interface ZoneSelectProps {
  id: string;
  label: string;
  value: string;
  onValue: (zone: string) => void;
  hint?: string;
}

const SHOWN = 60;

export function ZoneSelect({ id, label, value, onValue, hint }: ZoneSelectProps) {
  const [typed, setTyped] = useState<string | undefined>();
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const zones = useMemo(allZones, []);
  const now = Date.now();
  const open = typed !== undefined;
  const choices = open ? searchZones(zones, typed, SHOWN) : [];

  useEffect(() => {
    if (open) list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active, typed]);

  const close = (): void => setTyped(undefined);
  const choose = (zone: string | undefined): void => {
    if (zone !== undefined) onValue(zone);
    close();
  };
  const search = (text: string): void => {
    setTyped(text);
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const move = moves[event.key];
    if (move !== undefined) {
      event.preventDefault();
      if (!open) search("");
      else setActive(Math.max(0, Math.min(choices.length - 1, active + move)));
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      choose(choices[active]?.zone);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  return html`<div class="field zone-select">
    <label for=${id}>${label}</label>
    <input
      ref=${input}
      id=${id}
      type="text"
      role="combobox"
      autocomplete="off"
      spellcheck=${false}
      aria-expanded=${open}
      aria-controls=${`${id}-list`}
      aria-autocomplete="list"
      aria-activedescendant=${open && choices.length > 0 ? `${id}-${active}` : undefined}
      aria-describedby=${hint ? `${id}-hint` : undefined}
      value=${open ? typed : zoneWithOffset(value, now)}
      placeholder=${zoneWithOffset(value, now)}
      onFocus=${() => input.current?.select()}
      onClick=${() => !open && search("")}
      onInput=${(event: { currentTarget: HTMLInputElement }) => search(event.currentTarget.value)}
      onKeyDown=${onKeyDown}
      onBlur=${close}
    />
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${
      open &&
      html`<ul ref=${list} id=${`${id}-list`} class="zone-list" role="listbox" aria-label=${label}>
        ${choices.map(
          ({ zone, label: name }, index) =>
            html`<li
              key=${zone}
              id=${`${id}-${index}`}
              role="option"
              aria-selected=${index === active}
              onMouseDown=${(event: MouseEvent) => {
                event.preventDefault();
                choose(zone);
              }}
            >
              <span>${name}</span><span class="zone-offset">${offsetLabel(now, zone)}</span>
            </li>`,
        )}
        ${choices.length === 0 && html`<li class="zone-none" role="presentation">No zone matches. Try a large city nearby.</li>`}
      </ul>`
    }
    ${open && html`<p class="visually-hidden" aria-live="polite">${choices.length} zones found</p>`}
  </div>`;
}
