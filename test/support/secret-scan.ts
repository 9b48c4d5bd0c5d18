/** Looks for texts that must not be anywhere, byte by byte: as they are, and as encodings hide them. */

import { createHash } from "node:crypto";

/** A text that was looked for and is there. */
export interface Found {
  /** What kind of secret it is; several may be of one kind. */
  readonly kind: string;
  /** How it is written there: `plain`, `url`, `base64`, … */
  readonly form: string;
}

interface Needle extends Found {
  readonly bytes: Buffer;
}

/** A shorter one would be found by chance. */
const SHORTEST = 8;

export class SecretScan {
  /** By the first three bytes, as a number. */
  readonly #needles = new Map<number, Needle[]>();
  readonly #isFirst = new Uint8Array(1 << 24);
  readonly #known = new Set<string>();

  /** From now on `text` is looked for. @throws for one that is too short to be told from chance */
  add(kind: string, text: string): void {
    if (text.length < SHORTEST) throw new Error(`"${kind}" is too short to be looked for.`);
    if (this.#known.has(text)) return;
    this.#known.add(text);
    for (const [form, bytes] of formsOf(text)) {
      const first = bytes.readUIntBE(0, 3);
      this.#isFirst[first] = 1;
      this.#needles.set(first, [...(this.#needles.get(first) ?? []), { kind, form, bytes }]);
    }
  }

  /** How many texts are looked for. */
  get size(): number {
    return this.#known.size;
  }

  /** What is in it, each kind and form once. */
  find(content: string | Uint8Array): Found[] {
    const bytes =
      typeof content === "string"
        ? Buffer.from(content)
        : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const found = new Map<string, Found>();
    let three = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      three = ((three << 8) | (bytes[at] ?? 0)) & 0xffffff;
      if (this.#isFirst[three] !== 1 || at < 2) continue;
      for (const { kind, form, bytes: needle } of this.#needles.get(three) ?? []) {
        const start = at - 2;
        if (
          bytes.compare(needle, 0, needle.length, start, Math.min(start + needle.length, bytes.length)) === 0
        )
          found.set(`${kind} ${form}`, { kind, form });
      }
    }
    return [...found.values()];
  }
}

/** The verifiers (RFC 7636 4.1) of some challenges that stand in `bytes`, though nobody but their owner ever saw them. */
export function verifiersIn(bytes: Buffer, challenges: ReadonlySet<string>): string[] {
  const runs = bytes.toString("latin1").match(/[A-Za-z0-9_-]{43,}/g) ?? [];
  return runs.flatMap((run) =>
    Array.from({ length: run.length - 42 }, (_, at) => run.slice(at, at + 43)).filter((verifier) =>
      challenges.has(createHash("sha256").update(verifier).digest("base64url")),
    ),
  );
}

/** All at least three bytes long. */
function formsOf(text: string): (readonly [form: string, bytes: Buffer])[] {
  const forms: (readonly [string, Buffer])[] = [];
  const add = (form: string, bytes: Buffer): void => {
    if (!forms.some(([, known]) => known.equals(bytes))) forms.push([form, bytes]);
  };
  const plain = Buffer.from(text);
  const escaped = encodeURIComponent(text);
  add("plain", plain);
  add("json", Buffer.from(JSON.stringify(text).slice(1, -1)));
  add("html", Buffer.from(text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")));
  add("url", Buffer.from(escaped));
  add("url", Buffer.from(escaped.replaceAll(/%../g, (code) => code.toLowerCase())));
  add("url", Buffer.from(new URLSearchParams({ "": text }).toString().slice(1)));
  add("hex", Buffer.from(plain.toString("hex")));
  add("hex", Buffer.from(plain.toString("hex").toUpperCase()));
  add("utf-16", Buffer.from(text, "utf16le"));
  // What surrounds it decides where its first byte falls among three; only the digits that are its own count.
  for (const before of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(before), plain]);
    for (const encoding of ["base64", "base64url"] as const) {
      const whole = Math.floor((shifted.length * 8) / 6);
      add("base64", Buffer.from(shifted.toString(encoding).slice(Math.ceil((before * 8) / 6), whole)));
    }
  }
  return forms;
}
