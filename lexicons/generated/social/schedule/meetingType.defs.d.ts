import { l } from '@atproto/lex-schema';
declare const $nsid = "social.schedule.meetingType";
type $nsid = typeof $nsid;
export { $nsid };
/** One kind of meeting that others may ask for. Which of its slots are free is asked of the owner's broker. */
type Main = {
    $type: 'social.schedule.meetingType';
    /**
     * What the meeting is called, such as 'Coffee chat'. Plain text.
     */
    title: string;
    /**
     * What the meeting is for. Plain text.
     */
    description?: string;
    /**
     * The social.schedule.availability record, in the same repository, that says when this meeting may take place.
     */
    availability: l.AtUriString;
    /**
     * How long the meeting takes, unless its booker picks one of 'moreDurations'.
     */
    durationMinutes: number;
    /**
     * Other lengths, in minutes, that the booker may pick instead.
     */
    moreDurations?: number[];
    /**
     * Distance between the starts of two offered slots. When absent: the duration that is picked.
     */
    slotIntervalMinutes?: number;
    /**
     * Time before the meeting that no other meeting may take.
     */
    bufferBeforeMinutes?: number;
    /**
     * Time after the meeting that no other meeting may take.
     */
    bufferAfterMinutes?: number;
    /**
     * How long before its start a slot can be booked at the latest.
     */
    minimumNoticeMinutes?: number;
    /**
     * How many days ahead slots are offered, counted in local dates of the availability's zone.
     */
    horizonDays?: number;
    /**
     * How many such meetings take place on one local date at most. When absent: no limit.
     */
    maxPerDay?: number;
    /**
     * How many such meetings take place in one ISO week at most. When absent: no limit.
     */
    maxPerWeek?: number;
    /**
     * Where the meeting takes place. Public: leave it out and tell the booker later when it should not be.
     */
    location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
    /**
     * Whether the host confirms each booking. A value that a reader does not know means 'manual'.
     */
    approval?: 'manual' | 'automatic' | l.UnknownString;
    /**
     * Who may book: anyone, those who follow the host, those the host follows, or both at once. A reader that does not know the value must not offer the meeting.
     */
    bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
    /**
     * Whether it can be booked now.
     */
    active?: boolean;
    /**
     * When the record was first written.
     */
    createdAt: l.DatetimeString;
};
export type { Main };
/** One kind of meeting that others may ask for. Which of its slots are free is asked of the owner's broker. */
declare const main: l.RecordSchema<"tid", "social.schedule.meetingType", l.Validator<Omit<Main, "$type">, Omit<Main, "$type">>>;
export { main };
declare const $type = "social.schedule.meetingType";
type $type = typeof $type;
export { $type };
export declare const $isTypeOf: <TValue extends {
    $type?: unknown;
}>(value: TValue) => value is l.TypedRecord<"social.schedule.meetingType", TValue>;
export declare const $build: {
    (input: Omit<Omit<Main, "$type">, "$type">): {
        $type: "social.schedule.meetingType";
        title: string;
        description?: string;
        availability: l.AtUriString;
        durationMinutes: number;
        moreDurations?: number[];
        slotIntervalMinutes?: number;
        bufferBeforeMinutes?: number;
        bufferAfterMinutes?: number;
        minimumNoticeMinutes?: number;
        horizonDays?: number;
        maxPerDay?: number;
        maxPerWeek?: number;
        location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
        approval?: 'manual' | 'automatic' | l.UnknownString;
        bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
        active?: boolean;
        createdAt: l.DatetimeString;
    };
    (input: Omit<Omit<Main, "$type">, "$type">): {
        $type: "social.schedule.meetingType";
        title: string;
        description?: string;
        availability: l.AtUriString;
        durationMinutes: number;
        moreDurations?: number[];
        slotIntervalMinutes?: number;
        bufferBeforeMinutes?: number;
        bufferAfterMinutes?: number;
        minimumNoticeMinutes?: number;
        horizonDays?: number;
        maxPerDay?: number;
        maxPerWeek?: number;
        location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
        approval?: 'manual' | 'automatic' | l.UnknownString;
        bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
        active?: boolean;
        createdAt: l.DatetimeString;
    };
};
export declare const $assert: (input: unknown, options?: l.ValidateOptions) => asserts input is {
    $type: "social.schedule.meetingType";
    title: string;
    description?: string;
    availability: l.AtUriString;
    durationMinutes: number;
    moreDurations?: number[];
    slotIntervalMinutes?: number;
    bufferBeforeMinutes?: number;
    bufferAfterMinutes?: number;
    minimumNoticeMinutes?: number;
    horizonDays?: number;
    maxPerDay?: number;
    maxPerWeek?: number;
    location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
    approval?: 'manual' | 'automatic' | l.UnknownString;
    bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
    active?: boolean;
    createdAt: l.DatetimeString;
};
export declare const $check: (input: unknown, options?: l.ValidateOptions) => void;
export declare const $cast: <I>(input: I, options?: l.ValidateOptions) => I & {
    $type: "social.schedule.meetingType";
    title: string;
    description?: string;
    availability: l.AtUriString;
    durationMinutes: number;
    moreDurations?: number[];
    slotIntervalMinutes?: number;
    bufferBeforeMinutes?: number;
    bufferAfterMinutes?: number;
    minimumNoticeMinutes?: number;
    horizonDays?: number;
    maxPerDay?: number;
    maxPerWeek?: number;
    location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
    approval?: 'manual' | 'automatic' | l.UnknownString;
    bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
    active?: boolean;
    createdAt: l.DatetimeString;
};
export declare const $ifMatches: <I>(input: I, options?: l.ValidateOptions) => (I & {
    $type: "social.schedule.meetingType";
    title: string;
    description?: string;
    availability: l.AtUriString;
    durationMinutes: number;
    moreDurations?: number[];
    slotIntervalMinutes?: number;
    bufferBeforeMinutes?: number;
    bufferAfterMinutes?: number;
    minimumNoticeMinutes?: number;
    horizonDays?: number;
    maxPerDay?: number;
    maxPerWeek?: number;
    location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
    approval?: 'manual' | 'automatic' | l.UnknownString;
    bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
    active?: boolean;
    createdAt: l.DatetimeString;
}) | undefined;
export declare const $matches: <I>(input: I, options?: l.ValidateOptions) => input is I & {
    $type: "social.schedule.meetingType";
    title: string;
    description?: string;
    availability: l.AtUriString;
    durationMinutes: number;
    moreDurations?: number[];
    slotIntervalMinutes?: number;
    bufferBeforeMinutes?: number;
    bufferAfterMinutes?: number;
    minimumNoticeMinutes?: number;
    horizonDays?: number;
    maxPerDay?: number;
    maxPerWeek?: number;
    location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
    approval?: 'manual' | 'automatic' | l.UnknownString;
    bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
    active?: boolean;
    createdAt: l.DatetimeString;
};
export declare const $parse: (input: unknown, options?: l.ParseOptions) => {
    $type: "social.schedule.meetingType";
    title: string;
    description?: string;
    availability: l.AtUriString;
    durationMinutes: number;
    moreDurations?: number[];
    slotIntervalMinutes?: number;
    bufferBeforeMinutes?: number;
    bufferAfterMinutes?: number;
    minimumNoticeMinutes?: number;
    horizonDays?: number;
    maxPerDay?: number;
    maxPerWeek?: number;
    location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
    approval?: 'manual' | 'automatic' | l.UnknownString;
    bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
    active?: boolean;
    createdAt: l.DatetimeString;
};
export declare const $safeParse: (input: unknown, options?: l.ParseOptions) => l.ValidationResult<{
    $type: "social.schedule.meetingType";
    title: string;
    description?: string;
    availability: l.AtUriString;
    durationMinutes: number;
    moreDurations?: number[];
    slotIntervalMinutes?: number;
    bufferBeforeMinutes?: number;
    bufferAfterMinutes?: number;
    minimumNoticeMinutes?: number;
    horizonDays?: number;
    maxPerDay?: number;
    maxPerWeek?: number;
    location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
    approval?: 'manual' | 'automatic' | l.UnknownString;
    bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
    active?: boolean;
    createdAt: l.DatetimeString;
}>;
export declare const $validate: <I>(input: I, options?: l.ValidateOptions) => I & {
    $type: "social.schedule.meetingType";
    title: string;
    description?: string;
    availability: l.AtUriString;
    durationMinutes: number;
    moreDurations?: number[];
    slotIntervalMinutes?: number;
    bufferBeforeMinutes?: number;
    bufferAfterMinutes?: number;
    minimumNoticeMinutes?: number;
    horizonDays?: number;
    maxPerDay?: number;
    maxPerWeek?: number;
    location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
    approval?: 'manual' | 'automatic' | l.UnknownString;
    bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
    active?: boolean;
    createdAt: l.DatetimeString;
};
export declare const $safeValidate: <I>(input: I, options?: l.ValidateOptions) => l.ValidationResult<I & {
    $type: "social.schedule.meetingType";
    title: string;
    description?: string;
    availability: l.AtUriString;
    durationMinutes: number;
    moreDurations?: number[];
    slotIntervalMinutes?: number;
    bufferBeforeMinutes?: number;
    bufferAfterMinutes?: number;
    minimumNoticeMinutes?: number;
    horizonDays?: number;
    maxPerDay?: number;
    maxPerWeek?: number;
    location?: l.$Typed<Link> | l.$Typed<Text> | l.Unknown$TypedObject;
    approval?: 'manual' | 'automatic' | l.UnknownString;
    bookableBy?: 'anyone' | 'followers' | 'following' | 'mutuals' | l.UnknownString;
    active?: boolean;
    createdAt: l.DatetimeString;
}>;
/** A meeting at an address of its own, such as a video room. */
type Link = {
    $type?: 'social.schedule.meetingType#link';
    /**
     * Where to go. Readers show https, http, tel and sip addresses only.
     */
    uri: l.UriString;
};
export type { Link };
/** A meeting at an address of its own, such as a video room. */
declare const link: l.TypedObjectSchema<"social.schedule.meetingType#link", l.Validator<Link, Link>>;
export { link };
/** A place in words, such as 'the café at the station'. */
type Text = {
    $type?: 'social.schedule.meetingType#text';
    /**
     * The place. Plain text.
     */
    text: string;
};
export type { Text };
/** A place in words, such as 'the café at the station'. */
declare const text: l.TypedObjectSchema<"social.schedule.meetingType#text", l.Validator<Text, Text>>;
export { text };
