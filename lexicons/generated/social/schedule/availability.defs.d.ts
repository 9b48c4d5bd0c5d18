import { l } from '@atproto/lex-schema';
declare const $nsid = "social.schedule.availability";
type $nsid = typeof $nsid;
export { $nsid };
/** One named set of hours. It says when somebody is willing to meet, never whether they are free: busy time and bookings are not public. */
type Main = {
    $type: 'social.schedule.availability';
    /**
     * What its owner calls it, such as 'Working hours'.
     */
    name: string;
    /**
     * IANA time zone name, such as 'Europe/Lisbon'. Every date and wall time of this record is local to it.
     */
    timeZone: string;
    /**
     * The windows of an ordinary week. Windows that overlap or touch are one. Empty: only the dates in 'overrides'.
     */
    weekly: WeeklyWindow[];
    /**
     * Dates that differ from the ordinary week, each date at most once.
     */
    overrides?: DateOverride[];
    /**
     * The first local date 'YYYY-MM-DD' on which these hours hold. When absent: since ever.
     */
    from?: string;
    /**
     * The last local date 'YYYY-MM-DD' on which these hours hold. When absent: for ever.
     */
    until?: string;
    /**
     * The social.schedule.availability record, in the same repository and without an 'insteadOf' of its own, in whose place these hours hold on their dates: summer hours instead of the usual ones. Where several hold on one date, the one that began last does. The 'overrides' of the record in whose place they hold still count, except on dates that are in the 'overrides' of this one.
     */
    insteadOf?: l.AtUriString;
    /**
     * When the record was first written.
     */
    createdAt: l.DatetimeString;
};
export type { Main };
/** One named set of hours. It says when somebody is willing to meet, never whether they are free: busy time and bookings are not public. */
declare const main: l.RecordSchema<"tid", "social.schedule.availability", l.Validator<Omit<Main, "$type">, Omit<Main, "$type">>>;
export { main };
declare const $type = "social.schedule.availability";
type $type = typeof $type;
export { $type };
export declare const $isTypeOf: <TValue extends {
    $type?: unknown;
}>(value: TValue) => value is l.TypedRecord<"social.schedule.availability", TValue>;
export declare const $build: {
    (input: Omit<Omit<Main, "$type">, "$type">): {
        $type: "social.schedule.availability";
        name: string;
        timeZone: string;
        weekly: WeeklyWindow[];
        overrides?: DateOverride[];
        from?: string;
        until?: string;
        insteadOf?: l.AtUriString;
        createdAt: l.DatetimeString;
    };
    (input: Omit<Omit<Main, "$type">, "$type">): {
        $type: "social.schedule.availability";
        name: string;
        timeZone: string;
        weekly: WeeklyWindow[];
        overrides?: DateOverride[];
        from?: string;
        until?: string;
        insteadOf?: l.AtUriString;
        createdAt: l.DatetimeString;
    };
};
export declare const $assert: (input: unknown, options?: l.ValidateOptions) => asserts input is {
    $type: "social.schedule.availability";
    name: string;
    timeZone: string;
    weekly: WeeklyWindow[];
    overrides?: DateOverride[];
    from?: string;
    until?: string;
    insteadOf?: l.AtUriString;
    createdAt: l.DatetimeString;
};
export declare const $check: (input: unknown, options?: l.ValidateOptions) => void;
export declare const $cast: <I>(input: I, options?: l.ValidateOptions) => I & {
    $type: "social.schedule.availability";
    name: string;
    timeZone: string;
    weekly: WeeklyWindow[];
    overrides?: DateOverride[];
    from?: string;
    until?: string;
    insteadOf?: l.AtUriString;
    createdAt: l.DatetimeString;
};
export declare const $ifMatches: <I>(input: I, options?: l.ValidateOptions) => (I & {
    $type: "social.schedule.availability";
    name: string;
    timeZone: string;
    weekly: WeeklyWindow[];
    overrides?: DateOverride[];
    from?: string;
    until?: string;
    insteadOf?: l.AtUriString;
    createdAt: l.DatetimeString;
}) | undefined;
export declare const $matches: <I>(input: I, options?: l.ValidateOptions) => input is I & {
    $type: "social.schedule.availability";
    name: string;
    timeZone: string;
    weekly: WeeklyWindow[];
    overrides?: DateOverride[];
    from?: string;
    until?: string;
    insteadOf?: l.AtUriString;
    createdAt: l.DatetimeString;
};
export declare const $parse: (input: unknown, options?: l.ParseOptions) => {
    $type: "social.schedule.availability";
    name: string;
    timeZone: string;
    weekly: WeeklyWindow[];
    overrides?: DateOverride[];
    from?: string;
    until?: string;
    insteadOf?: l.AtUriString;
    createdAt: l.DatetimeString;
};
export declare const $safeParse: (input: unknown, options?: l.ParseOptions) => l.ValidationResult<{
    $type: "social.schedule.availability";
    name: string;
    timeZone: string;
    weekly: WeeklyWindow[];
    overrides?: DateOverride[];
    from?: string;
    until?: string;
    insteadOf?: l.AtUriString;
    createdAt: l.DatetimeString;
}>;
export declare const $validate: <I>(input: I, options?: l.ValidateOptions) => I & {
    $type: "social.schedule.availability";
    name: string;
    timeZone: string;
    weekly: WeeklyWindow[];
    overrides?: DateOverride[];
    from?: string;
    until?: string;
    insteadOf?: l.AtUriString;
    createdAt: l.DatetimeString;
};
export declare const $safeValidate: <I>(input: I, options?: l.ValidateOptions) => l.ValidationResult<I & {
    $type: "social.schedule.availability";
    name: string;
    timeZone: string;
    weekly: WeeklyWindow[];
    overrides?: DateOverride[];
    from?: string;
    until?: string;
    insteadOf?: l.AtUriString;
    createdAt: l.DatetimeString;
}>;
/** A range of wall time on some days of the week. It belongs to the day on which it starts. */
type WeeklyWindow = {
    $type?: 'social.schedule.availability#weeklyWindow';
    /**
     * The days of the week on which the window starts.
     */
    days: ('mo' | 'tu' | 'we' | 'th' | 'fr' | 'sa' | 'su' | l.UnknownString)[];
    /**
     * Local wall time 'HH:MM', 00:00 to 23:59.
     */
    start: string;
    /**
     * Local wall time 'HH:MM', 00:00 to 24:00, exclusive. At or before 'start' it means the following date.
     */
    end: string;
};
export type { WeeklyWindow };
/** A range of wall time on some days of the week. It belongs to the day on which it starts. */
declare const weeklyWindow: l.TypedObjectSchema<"social.schedule.availability#weeklyWindow", l.Validator<WeeklyWindow, WeeklyWindow>>;
export { weeklyWindow };
/** Replaces all windows that start on one date. Without windows that date is closed. */
type DateOverride = {
    $type?: 'social.schedule.availability#dateOverride';
    /**
     * Local date 'YYYY-MM-DD'.
     */
    date: string;
    /**
     * The windows that start on this date instead of the ordinary ones.
     */
    windows: Window[];
};
export type { DateOverride };
/** Replaces all windows that start on one date. Without windows that date is closed. */
declare const dateOverride: l.TypedObjectSchema<"social.schedule.availability#dateOverride", l.Validator<DateOverride, DateOverride>>;
export { dateOverride };
/** A range of wall time that starts on a given date. */
type Window = {
    $type?: 'social.schedule.availability#window';
    /**
     * Local wall time 'HH:MM', 00:00 to 23:59.
     */
    start: string;
    /**
     * Local wall time 'HH:MM', 00:00 to 24:00, exclusive. At or before 'start' it means the following date.
     */
    end: string;
};
export type { Window };
/** A range of wall time that starts on a given date. */
declare const window: l.TypedObjectSchema<"social.schedule.availability#window", l.Validator<Window, Window>>;
export { window };
