/** Secrets at rest: AES-256-GCM under a named key, bound to their owner. Never stores anything and never logs. */

/** A secret that may be stored. */
export interface Sealed {
  /** Which of the configured keys opens it. */
  readonly keyId: string;
  /** 12 random bytes (the nonce, NIST SP 800-38D 8.2.2), then ciphertext and tag. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Sealer {
  /** The key that `seal` seals under. */
  readonly activeKeyId: string;
  /** Seals under the active key. `boundTo` says whose secret it is: it opens for the same owner only. */
  seal(text: string, boundTo: string): Promise<Sealed>;
  /** The secret, or `undefined` when its key was retired, its owner is another, or it was changed. */
  open(sealed: Sealed, boundTo: string): Promise<string | undefined>;
}

const NONCE_BYTES = 12;
const KEY_BYTES = 32;

/**
 * Reads `SEALING_KEYS`: `{"active": "<key id>", "keys": {"<key id>": "<32 bytes, base64url>"}}`. To rotate, add a key and make it the
 * active one; the old one must stay until whatever was sealed with it is sealed anew.
 * @throws Error when the setting is not that; the message never contains a key
 */
export function createSealer(sealingKeys: string): Sealer {
  const { active, keys } = parseSealingKeys(sealingKeys);
  return {
    activeKeyId: active,
    async seal(text, boundTo) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const key = await importKey(keys, active);
      const ciphertext = await crypto.subtle.encrypt(
        gcm(nonce, boundTo),
        key,
        new TextEncoder().encode(text),
      );
      const bytes = new Uint8Array(NONCE_BYTES + ciphertext.byteLength);
      bytes.set(nonce);
      bytes.set(new Uint8Array(ciphertext), NONCE_BYTES);
      return { keyId: active, bytes };
    },
    async open({ keyId, bytes }, boundTo) {
      if (!keys.has(keyId)) {
        return undefined;
      }
      const key = await importKey(keys, keyId);
      const nonce = bytes.slice(0, NONCE_BYTES);
      try {
        const text = await crypto.subtle.decrypt(gcm(nonce, boundTo), key, bytes.slice(NONCE_BYTES));
        return new TextDecoder().decode(text);
      } catch {
        return undefined;
      }
    },
  };
}

function gcm(iv: Uint8Array<ArrayBuffer>, boundTo: string): SubtleCryptoEncryptAlgorithm {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(boundTo) };
}

type Keys = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

async function importKey(keys: Keys, keyId: string): Promise<CryptoKey> {
  const bytes = keys.get(keyId);
  if (bytes === undefined) {
    throw new Error("SEALING_KEYS: the active key is missing");
  }
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function parseSealingKeys(setting: string): { active: string; keys: Keys } {
  const malformed = 'SEALING_KEYS must be {"active":"<key id>","keys":{"<key id>":"<32 bytes, base64url>"}}';
  let json: unknown;
  try {
    json = JSON.parse(setting);
  } catch {
    throw new Error(malformed);
  }
  if (!isRecord(json) || typeof json["active"] !== "string" || !isRecord(json["keys"])) {
    throw new Error(malformed);
  }
  const keys = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [keyId, encoded] of Object.entries(json["keys"])) {
    const bytes = typeof encoded === "string" ? fromBase64Url(encoded) : undefined;
    if (bytes?.byteLength !== KEY_BYTES) {
      throw new Error(malformed);
    }
    keys.set(keyId, bytes);
  }
  if (!keys.has(json["active"])) {
    throw new Error(malformed);
  }
  return { active: json["active"], keys };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
