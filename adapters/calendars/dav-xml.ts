/**
 * XML 1.0 with namespaces as WebDAV servers write it, read into a tree. No I/O, and no library: the one that knows namespaces (saxes, 28 KB
 * minified) stops at the control characters that servers hand on from people's events, the small one (@rgrove/parse-xml, 12 KB) knows no
 * namespaces, and neither bounds what it builds. There is no DTD here and no entity beyond XML's own, so nothing can expand or be fetched.
 */

export interface XmlElement {
  /** `""` for none. */
  readonly namespace: string;
  /** Without its prefix. */
  readonly name: string;
  /** By their names as written; namespace declarations are not among them. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own characters, without those of its children. */
  readonly text: string;
}

const MAX_DEPTH = 32;
/** A listing has about ten elements for each of its resources. */
const MAX_ELEMENTS = 300_000;
const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

const NAME = "[A-Za-z_\\u0080-\\uffff][A-Za-z0-9._\\-\\u0080-\\uffff]*";
const QUALIFIED_NAME = `(?:${NAME}:)?${NAME}`;
const START_TAG = new RegExp(
  `<(${QUALIFIED_NAME})((?:\\s+[^\\s=<>"'/]+\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`,
  "y",
);
const END_TAG = new RegExp(`</(${QUALIFIED_NAME})\\s*>`, "y");
const ATTRIBUTE = /\s+([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
  readonly qualifiedName: string;
  /** Namespaces by prefix, `""` for the default, as they are inside it. */
  readonly scope: ReadonlyMap<string, string>;
}

/**
 * The root element of a whole document. Undefined for what is not well-formed or breaks off, for a DOCTYPE, an entity that XML does not
 * have by itself, an undeclared prefix, and a tree too deep or too large for any answer of a server.
 */
export function parseXml(document: string): XmlElement | undefined {
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let at = document.startsWith("\uFEFF") ? 1 : 0;
  while (at < document.length) {
    const tag = document.indexOf("<", at);
    const textEnd = tag === -1 ? document.length : tag;
    if (textEnd > at && !addText(open.at(-1), decoded(document.slice(at, textEnd)))) {
      return undefined;
    }
    at = textEnd;
    if (tag === -1) {
      break;
    }
    if (document.startsWith("<!--", at) || document.startsWith("<?", at)) {
      at = after(document, document[at + 1] === "?" ? "?>" : "-->", at + 2);
    } else if (document.startsWith("<![CDATA[", at)) {
      const end = after(document, "]]>", at);
      if (end === -1 || !open.length) {
        return undefined;
      }
      addText(open.at(-1), document.slice(at + "<![CDATA[".length, end - "]]>".length));
      at = end;
    } else if (document.startsWith("</", at)) {
      END_TAG.lastIndex = at;
      const name = END_TAG.exec(document)?.[1];
      if (name === undefined || open.pop()?.qualifiedName !== name) {
        return undefined;
      }
      at = END_TAG.lastIndex;
    } else {
      // `<!DOCTYPE` and all that belongs into one is no start tag, and so is refused here.
      START_TAG.lastIndex = at;
      const match = START_TAG.exec(document);
      const element = match && elementOf(match[1]!, match[2]!, open.at(-1)?.scope ?? new Map());
      elements += 1;
      if (!element || elements > MAX_ELEMENTS || open.length === MAX_DEPTH) {
        return undefined;
      }
      if (open.length > 0) {
        open.at(-1)!.children.push(element);
      } else if (root === undefined) {
        root = element;
      } else {
        return undefined;
      }
      if (match[3] === "") {
        open.push(element);
      }
      at = START_TAG.lastIndex;
    }
    if (at === -1) {
      return undefined;
    }
  }
  return open.length === 0 ? root : undefined;
}

/** Whether the text may be there: outside the root element only white space may. */
function addText(element: OpenElement | undefined, text: string | undefined): boolean {
  if (element === undefined || text === undefined) {
    return text?.trim() === "";
  }
  element.text += text;
  return true;
}

function elementOf(
  qualifiedName: string,
  written: string,
  outer: ReadonlyMap<string, string>,
): OpenElement | undefined {
  const attributes = new Map<string, string>();
  const declared = new Map<string, string>();
  for (const [, name = "", inDouble, inSingle] of written.matchAll(ATTRIBUTE)) {
    const value = decoded(inDouble ?? inSingle ?? "");
    const isDeclaration = name === "xmlns" || name.startsWith("xmlns:");
    const target = isDeclaration ? declared : attributes;
    const key = isDeclaration ? name.slice("xmlns:".length) : name;
    if (value === undefined || target.has(key)) {
      return undefined;
    }
    target.set(key, value);
  }
  const scope = declared.size === 0 ? outer : new Map([...outer, ...declared]);
  const colon = qualifiedName.indexOf(":");
  const prefix = colon === -1 ? "" : qualifiedName.slice(0, colon);
  const namespace = prefix === "xml" ? XML_NAMESPACE : scope.get(prefix);
  if (namespace === undefined && prefix !== "") {
    return undefined;
  }
  return {
    namespace: namespace ?? "",
    name: qualifiedName.slice(colon + 1),
    attributes,
    children: [],
    text: "",
    qualifiedName,
    scope,
  };
}

/** Text with its entities resolved; undefined where one of them is not XML's own, or none at all. */
function decoded(text: string): string | undefined {
  if (!text.includes("&")) {
    return text;
  }
  let isSound = true;
  const resolved = text.replaceAll(/&([^;&]{0,10});?/g, (whole, entity: string) => {
    const character = whole.endsWith(";") ? characterOf(entity) : undefined;
    isSound &&= character !== undefined;
    return character ?? "";
  });
  return isSound ? resolved : undefined;
}

function characterOf(entity: string): string | undefined {
  const digits = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(entity);
  if (digits === null) {
    return ENTITIES.get(entity);
  }
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

function after(document: string, end: string, from: number): number {
  const found = document.indexOf(end, from);
  return found === -1 ? -1 : found + end.length;
}

/** The first child of that name. */
export function childOf(
  element: XmlElement | undefined,
  namespace: string,
  name: string,
): XmlElement | undefined {
  return element?.children.find((child) => child.name === name && child.namespace === namespace);
}

/** All children of that name, in order. */
export function childrenOf(
  element: XmlElement | undefined,
  namespace: string,
  name: string,
): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name && child.namespace === namespace) ?? [];
}

/** Any text as characters of an element or an attribute value. What XML cannot say at all is left out. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");
}
