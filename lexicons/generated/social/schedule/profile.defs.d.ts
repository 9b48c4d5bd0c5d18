import { l } from '@atproto/lex-schema';
declare const $nsid = "social.schedule.profile";
type $nsid = typeof $nsid;
export { $nsid };
/** Whoever has this record can be booked at the broker it names, and nowhere else. Naming another broker is how to move; deleting the record is how to stop. */
type Main = {
    $type: 'social.schedule.profile';
    /**
     * DID (did:web) of the broker that takes bookings for this person.
     */
    broker: l.DidString;
    /**
     * Whether brokers may show this person in a public directory.
     */
    listed?: boolean;
    /**
     * What this person can be met about, for a directory.
     */
    tags?: string[];
    /**
     * When the record was first written.
     */
    createdAt: l.DatetimeString;
};
export type { Main };
/** Whoever has this record can be booked at the broker it names, and nowhere else. Naming another broker is how to move; deleting the record is how to stop. */
declare const main: l.RecordSchema<"literal:self", "social.schedule.profile", l.Validator<Omit<Main, "$type">, Omit<Main, "$type">>>;
export { main };
declare const $type = "social.schedule.profile";
type $type = typeof $type;
export { $type };
export declare const $isTypeOf: <TValue extends {
    $type?: unknown;
}>(value: TValue) => value is l.TypedRecord<"social.schedule.profile", TValue>;
export declare const $build: {
    (input: Omit<Omit<Main, "$type">, "$type">): {
        $type: "social.schedule.profile";
        broker: l.DidString;
        listed?: boolean;
        tags?: string[];
        createdAt: l.DatetimeString;
    };
    (input: Omit<Omit<Main, "$type">, "$type">): {
        $type: "social.schedule.profile";
        broker: l.DidString;
        listed?: boolean;
        tags?: string[];
        createdAt: l.DatetimeString;
    };
};
export declare const $assert: (input: unknown, options?: l.ValidateOptions) => asserts input is {
    $type: "social.schedule.profile";
    broker: l.DidString;
    listed?: boolean;
    tags?: string[];
    createdAt: l.DatetimeString;
};
export declare const $check: (input: unknown, options?: l.ValidateOptions) => void;
export declare const $cast: <I>(input: I, options?: l.ValidateOptions) => I & {
    $type: "social.schedule.profile";
    broker: l.DidString;
    listed?: boolean;
    tags?: string[];
    createdAt: l.DatetimeString;
};
export declare const $ifMatches: <I>(input: I, options?: l.ValidateOptions) => (I & {
    $type: "social.schedule.profile";
    broker: l.DidString;
    listed?: boolean;
    tags?: string[];
    createdAt: l.DatetimeString;
}) | undefined;
export declare const $matches: <I>(input: I, options?: l.ValidateOptions) => input is I & {
    $type: "social.schedule.profile";
    broker: l.DidString;
    listed?: boolean;
    tags?: string[];
    createdAt: l.DatetimeString;
};
export declare const $parse: (input: unknown, options?: l.ParseOptions) => {
    $type: "social.schedule.profile";
    broker: l.DidString;
    listed?: boolean;
    tags?: string[];
    createdAt: l.DatetimeString;
};
export declare const $safeParse: (input: unknown, options?: l.ParseOptions) => l.ValidationResult<{
    $type: "social.schedule.profile";
    broker: l.DidString;
    listed?: boolean;
    tags?: string[];
    createdAt: l.DatetimeString;
}>;
export declare const $validate: <I>(input: I, options?: l.ValidateOptions) => I & {
    $type: "social.schedule.profile";
    broker: l.DidString;
    listed?: boolean;
    tags?: string[];
    createdAt: l.DatetimeString;
};
export declare const $safeValidate: <I>(input: I, options?: l.ValidateOptions) => l.ValidationResult<I & {
    $type: "social.schedule.profile";
    broker: l.DidString;
    listed?: boolean;
    tags?: string[];
    createdAt: l.DatetimeString;
}>;
