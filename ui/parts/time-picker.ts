/** A month of days and the free times of one of them, in the reader's zone. Keeps the reader's place while times come and go. */

import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MeetingTypeJson } from "../../worker/wire.ts";
import { localDate, longDate } from "../clock-format.ts";
import { useFreeTimes } from "../free-times.ts";
import type { Live } from "../live.ts";
import { addDays, addMonths, monthOf } from "../local-date.ts";
import { saysHostChanged } from "../refusal-meaning.ts";
import { shownDay } from "../shown-day.ts";
import { slotsByDate, type LabelledSlot } from "../slot-days.ts";
import { useViewerTime } from "../viewer-time.ts";
import { ClockToggle } from "./clock-toggle.ts";
import { DurationPicker } from "./duration-picker.ts";
import { EmptyMonth } from "./empty-month.ts";
import { MonthPicker } from "./month-picker.ts";
import { ErrorNotice, Notice } from "./notice.ts";
import { SlotList } from "./slot-list.ts";
import { ZoneSelect } from "./zone-select.ts";

interface TimePickerProps {
  /** DID of the host. */
  host: string;
  meetingType: MeetingTypeJson;
  /** The lengths to pick from, the shortest first. */
  durations: readonly number[];
  /** The length that is picked. */
  durationMinutes: number;
  live: Live;
  /** The uid of the booking that is to be moved. */
  moving?: string;
  /** RFC 3339; the time chosen before, to open at its day. */
  startFrom: string | undefined;
  /** Why the time chosen before cannot be had. */
  problem: string | undefined;
  /** Needed where there is more than one length. */
  onDuration?: (minutes: number) => void;
  onChoose: (slot: LabelledSlot & { end: string }) => void;
  /** Asks for the host again: what they offer is no longer as given here. */
  onStale: () => void;
}

/** How many empty months are skipped by itself before the reader pages. */
const SKIPPED_MONTHS = 3;

export function TimePicker(props: TimePickerProps) {
  const { host, meetingType, durations, durationMinutes, live, moving, startFrom, problem } = props;
  const { onDuration, onChoose, onStale } = props;
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

  const slots = useFreeTimes({ host, meetingType: meetingType.rkey, durationMinutes, month, moving }, live);
  useEffect(() => {
    if (slots.failure && saysHostChanged(slots.failure.error)) onStale();
  }, [slots.failure]);

  const days = useMemo(
    () => slotsByDate(slots.value?.slots ?? [], zone, hourCycle),
    [slots.value, zone, hourCycle],
  );
  const enabled = new Set([...days.keys()].filter((date) => monthOf(date) === month).toSorted());
  const isEmpty = slots.value !== undefined && enabled.size === 0;
  // What is on the page now is kept there while the same times are only asked for again.
  const about = `${month} ${durationMinutes} ${zone}`;
  const before = useRef<{ about: string; date: string } | undefined>(undefined);
  const looked = before.current?.about === about ? before.current.date : undefined;
  const shown = slots.value && shownDay({ picked, looked, enabled });
  useEffect(() => {
    before.current = shown && { about, date: shown.date };
  });

  useEffect(() => {
    if (!isEmpty || looked !== undefined || skipped.current >= SKIPPED_MONTHS || month >= maxMonth) return;
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
    onDuration?.(minutes);
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
        selected=${shown?.date}
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
          shown &&
          !isEmpty &&
          html`<${SlotList}
            heading=${longDate(shown.date).replace(/ \d{4}$/, "")}
            slots=${days.get(shown.date) ?? []}
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
