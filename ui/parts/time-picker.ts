/** A month of days and the free times of one of them, in the reader's zone. Fetches a month at a time and keeps it fresh. */

import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { HostJson, MeetingTypeJson, SlotsJson } from "../../worker/wire.ts";
import { call, query } from "../api.ts";
import { localDate, longDate, monthName } from "../clock-format.ts";
import { useLoad, useRefresh } from "../load.ts";
import { addDays, addMonths, monthOf } from "../local-date.ts";
import { segment } from "../router.ts";
import { rangeOfMonth, slotsByDate, type LabelledSlot } from "../slot-days.ts";
import { useViewerTime } from "../viewer-time.ts";
import { ClockToggle } from "./clock-toggle.ts";
import { MonthPicker } from "./month-picker.ts";
import { ErrorNotice, Notice } from "./notice.ts";
import { SlotList } from "./slot-list.ts";
import { ZoneSelect } from "./zone-select.ts";

interface TimePickerProps {
  host: HostJson;
  meetingType: MeetingTypeJson;
  /** RFC 3339; the time chosen before, to open at its day. */
  startFrom: string | undefined;
  /** Why the time chosen before cannot be had. */
  problem: string | undefined;
  onChoose: (slot: LabelledSlot & { end: string }) => void;
}

/** How many empty months are skipped by itself before the reader pages. */
const SKIPPED_MONTHS = 3;

export function TimePicker({ host, meetingType, startFrom, problem, onChoose }: TimePickerProps) {
  const { zone, hourCycle, choose } = useViewerTime();
  const now = Date.now();
  const today = localDate(now, zone);
  const { horizonDays } = meetingType;
  const hostToday = localDate(now, meetingType.timeZone);
  const minMonth = monthOf(today);
  // Where it is later, so that the last offered time is within reach.
  const maxMonth = monthOf(addDays(hostToday > today ? hostToday : today, horizonDays));

  const openAt = startFrom ? localDate(Date.parse(startFrom), zone) : undefined;
  const [month, setMonth] = useState(openAt ? monthOf(openAt) : minMonth);
  const [picked, setPicked] = useState(openAt);
  const [paged, setPaged] = useState(false);
  const skipped = useRef(openAt ? SKIPPED_MONTHS : 0);
  const times = useRef<HTMLDivElement>(null);

  const range = rangeOfMonth(month);
  const path = `/api/hosts/${segment(host.did)}/slots${query({ meetingType: meetingType.rkey, ...range })}`;
  const slots = useLoad(path, () => call<SlotsJson>("GET", path));
  useRefresh(() => void slots.reload(), 30);

  const days = useMemo(
    () => slotsByDate(slots.value?.slots ?? [], zone, hourCycle),
    [slots.value, zone, hourCycle],
  );
  const enabled = new Set([...days.keys()].filter((date) => monthOf(date) === month).toSorted());
  const selected = picked !== undefined && enabled.has(picked) ? picked : [...enabled][0];
  const isEmpty = slots.value !== undefined && enabled.size === 0;

  useEffect(() => {
    if (!isEmpty || skipped.current >= SKIPPED_MONTHS || month >= maxMonth) return;
    skipped.current += 1;
    setMonth(addMonths(month, 1));
  }, [isEmpty, month]);

  // Paged through by itself from this month to the last one, and nothing was there.
  const nothingAtAll = isEmpty && month >= maxMonth && !paged && !openAt;
  const emptyTitle = nothingAtAll
    ? "There are no free times at the moment."
    : `No free times in ${monthName(month)}.`;

  const page = (next: string): void => {
    skipped.current = SKIPPED_MONTHS;
    setPaged(true);
    setMonth(next);
  };
  const pick = (date: string): void => {
    setPicked(date);
    // On a phone the times are below the month.
    if (matchMedia("(max-width: 46rem)").matches) {
      setTimeout(() => times.current?.scrollIntoView({ block: "nearest" }), 0);
    }
  };

  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The reader comes from the end of the form; what went wrong is said above the month.
    if (problem) top.current?.scrollIntoView({ block: "start" });
  }, [problem]);

  return html`<div class="time-picker" ref=${top}>
    ${problem && html`<${Notice} tone="warn"><p>${problem}</p><//>`}
    <div class="picker-columns">
      <${MonthPicker}
        month=${month}
        minMonth=${minMonth}
        maxMonth=${maxMonth}
        enabled=${enabled}
        selected=${selected}
        today=${today}
        loading=${slots.loading}
        onMonth=${page}
        onSelect=${pick}
      />
      <div class="picker-times" ref=${times}>
        ${slots.loading && html`<p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>Looking for free times…</p>`}
        ${slots.failure && html`<${ErrorNotice} message=${slots.failure.message} onRetry=${slots.reload} />`}
        ${
          isEmpty &&
          html`<div class="empty empty-small" role="status">
            <p class="empty-title">${emptyTitle}</p>
            ${
              month < maxMonth
                ? html`<button
                    type="button"
                    class="button button-small"
                    onClick=${() => page(addMonths(month, 1))}
                  >
                    Try ${monthName(addMonths(month, 1))}
                  </button>`
                : html`<p>
                    ${nothingAtAll ? "Come back later, or ask the host." : "This is as far ahead as times are offered."}
                  </p>`
            }
          </div>`
        }
        ${
          selected &&
          html`<${SlotList}
            heading=${longDate(selected).replace(/ \d{4}$/, "")}
            slots=${days.get(selected) ?? []}
            onChoose=${(slot: LabelledSlot) => onChoose({ ...slot, end: new Date(slot.endAt).toISOString() })}
          />`
        }
      </div>
      <div class="reader-time">
        <${ZoneSelect}
          id="reader-zone"
          label="Times are shown in"
          value=${zone}
          onValue=${(timeZone: string) => choose({ timeZone })}
        />
        <${ClockToggle} value=${hourCycle} onValue=${(next: "h12" | "h23") => choose({ hourCycle: next })} />
      </div>
    </div>
  </div>`;
}
