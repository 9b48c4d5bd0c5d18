/** A month of days and the free times of one of them, in the reader's zone. Fetches a month at a time and keeps it fresh. */

import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { HostJson, MeetingTypeJson, SlotsJson } from "../../worker/wire.ts";
import { call, query } from "../api.ts";
import { localDate, longDate } from "../clock-format.ts";
import { durationsOf } from "../duration-choice.ts";
import { useLoad, useRefresh } from "../load.ts";
import { addDays, addMonths, monthOf } from "../local-date.ts";
import { segment } from "../router.ts";
import { rangeOfMonth, slotsByDate, type LabelledSlot } from "../slot-days.ts";
import { useViewerTime } from "../viewer-time.ts";
import { ClockToggle } from "./clock-toggle.ts";
import { DurationPicker } from "./duration-picker.ts";
import { EmptyMonth } from "./empty-month.ts";
import { MonthPicker } from "./month-picker.ts";
import { ErrorNotice, Notice } from "./notice.ts";
import { SlotList } from "./slot-list.ts";
import { ZoneSelect } from "./zone-select.ts";

interface TimePickerProps {
  host: HostJson;
  meetingType: MeetingTypeJson;
  /** The length that is picked. */
  durationMinutes: number;
  /** RFC 3339; the time chosen before, to open at its day. */
  startFrom: string | undefined;
  /** Why the time chosen before cannot be had. */
  problem: string | undefined;
  onDuration: (minutes: number) => void;
  onChoose: (slot: LabelledSlot & { end: string }) => void;
  /** Asks for the host again: they changed the lengths meanwhile. */
  onStale: () => void;
}

/** How many empty months are skipped by itself before the reader pages. */
const SKIPPED_MONTHS = 3;

export function TimePicker(props: TimePickerProps) {
  const { host, meetingType, durationMinutes, startFrom, problem, onDuration, onChoose, onStale } = props;
  const { zone, hourCycle, choose } = useViewerTime();
  const now = Date.now();
  const today = localDate(now, zone);
  const { horizonDays } = meetingType;
  const hostToday = localDate(now, meetingType.timeZone);
  const minMonth = monthOf(today);
  // Where it is later, so that the last offered time is within reach.
  const maxMonth = monthOf(addDays(hostToday > today ? hostToday : today, horizonDays));
  const durations = durationsOf(meetingType);

  const openAt = startFrom ? localDate(Date.parse(startFrom), zone) : undefined;
  const [month, setMonth] = useState(openAt ? monthOf(openAt) : minMonth);
  const [picked, setPicked] = useState(openAt);
  const [paged, setPaged] = useState(false);
  const skipped = useRef(openAt ? SKIPPED_MONTHS : 0);
  const times = useRef<HTMLDivElement>(null);

  const range = rangeOfMonth(month);
  const asked = { meetingType: meetingType.rkey, durationMinutes: String(durationMinutes), ...range };
  const path = `/api/hosts/${segment(host.did)}/slots${query(asked)}`;
  const slots = useLoad(path, () => call<SlotsJson>("GET", path));
  useRefresh(() => void slots.reload(), 30);
  useEffect(() => {
    if (slots.failure?.error === "DurationNotOffered") onStale();
  }, [slots.failure]);

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
  const nothingAtAll = isEmpty && month >= maxMonth && !paged && picked === undefined;

  const page = (next: string): void => {
    skipped.current = SKIPPED_MONTHS;
    setPaged(true);
    setMonth(next);
  };
  const pick = (date: string): void => {
    setPicked(date);
    // For another length this day may have no times; then the reader decides where to look.
    skipped.current = SKIPPED_MONTHS;
    // On a phone the times are below the month.
    if (matchMedia("(max-width: 46rem)").matches) {
      setTimeout(() => times.current?.scrollIntoView({ block: "nearest" }), 0);
    }
  };

  const pickDuration = (minutes: number): void => {
    if (!paged && picked === undefined) {
      // This month was come to by itself, for the other length.
      skipped.current = 0;
      setMonth(minMonth);
    }
    onDuration(minutes);
  };

  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The reader comes from the end of the form; what went wrong is said above the month.
    if (problem) top.current?.scrollIntoView({ block: "start" });
  }, [problem]);

  return html`<div class="time-picker" ref=${top}>
    ${problem && html`<${Notice} tone="warn"><p>${problem}</p><//>`}
    <${DurationPicker} durations=${durations} value=${durationMinutes} onValue=${pickDuration} />
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
          html`<${EmptyMonth}
            month=${month}
            maxMonth=${maxMonth}
            nothingAtAll=${nothingAtAll}
            hasOtherLengths=${durations.length > 1}
            onMonth=${page}
          />`
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
