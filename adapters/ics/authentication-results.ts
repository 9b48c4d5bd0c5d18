/** What the server that took a message in says about who sent it: Authentication-Results (RFC 8601). Pure, and throws on no input. */

/** Words of RFC 8601 2.7: `pass`, `fail`, `none` and so on. Absent where the server said nothing, or said two things. */
export interface SenderVerdicts {
  readonly dkim?: string;
  /** To look at, not to rely on. */
  readonly spf?: string;
  readonly dmarc?: string;
  /** Whether the sender is known to speak for the domain of the From address. */
  readonly isAuthenticated: boolean;
}

interface Finding {
  readonly method: string;
  readonly result: string;
  /** `header.from`, `header.d`, `smtp.mailfrom` and so on, in lower case. */
  readonly properties: ReadonlyMap<string, string>;
}

const NOTHING: SenderVerdicts = { isAuthenticated: false };

/**
 * Reads the topmost Authentication-Results of a message, and believes it only where its authserv-id is that of the server that took the
 * message in: servers put theirs on top, so everything beneath it, whatever it calls itself, may come from the sender (RFC 8601 7.1).
 *
 * A sender is authenticated by DMARC that passes for the very domain of From. Where that domain has no DMARC policy (`dmarc=none`), a DKIM
 * signature that passes for the domain, or for one above it, does as well (RFC 7489 3.1.1, without its list of public suffixes: nobody
 * signs as one of those). DMARC that fails, cannot be told, or is not spoken of is never made up for. Statements about SPF quote what the
 * sender chose, the name it greeted with and its local part; so nothing is believed from the first of them on.
 * @param fields the values of all its Authentication-Results, in the order they stand
 * @param fromDomain in lower case
 */
export function senderVerdicts(
  fields: readonly string[],
  authservId: string,
  fromDomain: string,
): SenderVerdicts {
  const [server = "", ...statements] = partsOf(fields[0] ?? "");
  // A version may stand behind it (RFC 8601 2.2).
  if (server.trim().split(/\s+/)[0]!.toLowerCase() !== authservId) {
    return NOTHING;
  }
  const findings = statements.map(findingOf).filter((finding) => finding !== undefined);
  const firstSpf = statements.findIndex((statement) => /^\s*spf\b/i.test(statement));
  const believed = statements
    .slice(0, firstSpf === -1 ? undefined : firstSpf)
    .map(findingOf)
    .filter((finding) => finding !== undefined);
  const dkim = believed.filter(({ method }) => method === "dkim");
  const dmarc = believed.filter(({ method }) => method === "dmarc");
  // Of HELO (RFC 7208 2.3) nobody speaks here.
  const spf = findings.filter(({ method, properties }) => method === "spf" && !properties.has("smtp.helo"));
  const [policy, ...more] = dmarc;
  return {
    ...given("dkim", dkim),
    ...given("spf", spf),
    ...given("dmarc", dmarc),
    isAuthenticated:
      policy !== undefined &&
      more.length === 0 &&
      (policy.result === "none"
        ? dkim.some((finding) => isSignedFor(finding, fromDomain))
        : policy.result === "pass" && policy.properties.get("header.from") === fromDomain),
  };
}

function given(method: "dkim" | "spf" | "dmarc", findings: readonly Finding[]): Partial<SenderVerdicts> {
  const results = new Set(findings.map(({ result }) => result));
  const [result] = results;
  return result === undefined || results.size > 1 ? {} : { [method]: result };
}

function isSignedFor({ result, properties }: Finding, fromDomain: string): boolean {
  const domain = properties.get("header.d");
  const isAbove = domain !== undefined && domain.includes(".") && fromDomain.endsWith(`.${domain}`);
  return result === "pass" && (domain === fromDomain || isAbove);
}

/**
 * `dmarc=pass (comment) header.from=example.com`. Undefined for what is no such thing, and for a statement with a quoted value: no
 * domain needs quotation marks.
 */
function findingOf(statement: string): Finding | undefined {
  const [first = "", ...rest] = statement.trim().toLowerCase().split(/\s+/);
  const match = /^([a-z0-9-]+)(?:\/\d+)?=([a-z]+)$/.exec(first);
  if (match === null || statement.includes('"')) {
    return undefined;
  }
  const properties = new Map<string, string>();
  for (const word of rest) {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(word) ?? [];
    // What is said twice is not said.
    if (name !== undefined) properties.set(name, properties.has(name) ? "" : (value ?? ""));
  }
  return { method: match[1]!, result: match[2]!, properties };
}

/**
 * Split at semicolons, without comments (RFC 5322 3.2.2), and not inside quotation marks. Empty for a field that no server writes: with
 * quotation marks in comments, or parentheses that do not match.
 */
function partsOf(field: string): string[] {
  const parts = [""];
  let depth = 0;
  let isQuoted = false;
  for (const character of field) {
    if (character === '"' && depth > 0) return [];
    if (character === '"') isQuoted = !isQuoted;
    if (character === "(" && !isQuoted) depth += 1;
    if (depth === 0 && !isQuoted && character === ";") parts.push("");
    else if (depth === 0) parts[parts.length - 1] += character;
    if (character === ")" && !isQuoted) depth -= 1;
    if (depth < 0) return [];
  }
  return depth === 0 && !isQuoted ? parts : [];
}
