/**
 * XML 1.0 with namespaces as WebDAV servers write it, read into a tree. No I/O, and no library: the one that knows namespaces (saxes, 28 KB
 * minified) stops at the control characters that servers hand on from people's events, the small one (@rgrove/parse-xml, 12 KB) knows no
 * namespaces, and neither bounds what it builds. There is no DTD here and no entity beyond XML's own, so nothing can expand or be fetched.
 */

import { decoded } from "./xml-text.ts";

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
const MAX_ATTRIBUTES = 32;
/** Declared in one element and those around it. */
const MAX_NAMESPACES = 64;
const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

const NAME = "[A-Za-z_\\u0080-\\uffff][A-Za-z0-9._\\-\\u0080-\\uffff]*";
const QUALIFIED_NAME = `(?:${NAME}:)?${NAME}`;
// One piece of a tag each, so that no input makes one of them run long or deep.
const START_OF_TAG = new RegExp(`<(${QUALIFIED_NAME})`, "y");
const ATTRIBUTE = /\s+([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const END_OF_TAG = /\s*(\/?)>/y;
const END_TAG = new RegExp(`</(${QUALIFIED_NAME})\\s*>`, "y");

/** A namespace declaration and those around it, the innermost first. */
interface Scope {
  /** `""` for the default. */
  readonly prefix: string;
  readonly namespace: string;
  readonly outer: Scope | undefined;
  readonly size: number;
}

interface Growing extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

interface Open {
  readonly element: Growing;
  readonly qualifiedName: string;
  readonly scope: Scope | undefined;
}

interface StartTag extends Open {
  readonly isEmpty: boolean;
  /** Where the document goes on. */
  readonly end: number;
}

/**
 * The root element of a whole document. Undefined for what is not well-formed or breaks off, for a DOCTYPE, an entity that XML does not
 * have by itself, an undeclared prefix, and a tree too deep or too large for any answer of a server.
 */
export function parseXml(document: string): XmlElement | undefined {
  const open: Open[] = [];
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
      if (end === -1 || open.length === 0) {
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
      const start = startTagAt(document, at, open.at(-1)?.scope);
      elements += 1;
      if (start === undefined || elements > MAX_ELEMENTS || open.length === MAX_DEPTH) {
        return undefined;
      }
      const parent = open.at(-1);
      if (parent === undefined && root !== undefined) {
        return undefined;
      }
      parent?.element.children.push(start.element);
      root ??= start.element;
      if (!start.isEmpty) {
        open.push(start);
      }
      at = start.end;
    }
    if (at === -1) {
      return undefined;
    }
  }
  return open.length === 0 ? root : undefined;
}

/** Whether the text may be there: outside the root element only white space may. */
function addText(open: Open | undefined, text: string | undefined): boolean {
  if (open === undefined || text === undefined) {
    return text?.trim() === "";
  }
  open.element.text += text;
  return true;
}

function startTagAt(document: string, at: number, outer: Scope | undefined): StartTag | undefined {
  const qualifiedName = matchAt(START_OF_TAG, document, at)?.[1];
  if (qualifiedName === undefined) {
    return undefined;
  }
  const attributes = new Map<string, string>();
  const declared = new Set<string>();
  let scope = outer;
  let end = START_OF_TAG.lastIndex;
  for (let count = 0; ; count += 1) {
    const attribute = matchAt(ATTRIBUTE, document, end);
    if (attribute === undefined) {
      break;
    }
    end = ATTRIBUTE.lastIndex;
    const [, name = "", inDouble, inSingle] = attribute;
    const value = decoded(inDouble ?? inSingle ?? "");
    if (value === undefined || count === MAX_ATTRIBUTES || attributes.has(name) || declared.has(name)) {
      return undefined;
    }
    if (name === "xmlns" || name.startsWith("xmlns:")) {
      declared.add(name);
      const size = (scope?.size ?? 0) + 1;
      scope = { prefix: name.slice("xmlns:".length), namespace: value, outer: scope, size };
    } else {
      attributes.set(name, value);
    }
  }
  const close = matchAt(END_OF_TAG, document, end);
  const colon = qualifiedName.indexOf(":");
  const namespace = namespaceOf(colon === -1 ? "" : qualifiedName.slice(0, colon), scope);
  if (close === undefined || namespace === undefined || (scope?.size ?? 0) > MAX_NAMESPACES) {
    return undefined;
  }
  const name = qualifiedName.slice(colon + 1);
  return {
    element: { namespace, name, attributes, children: [], text: "" },
    qualifiedName,
    scope,
    isEmpty: close[1] === "/",
    end: END_OF_TAG.lastIndex,
  };
}

function matchAt(pattern: RegExp, document: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(document) ?? undefined;
}

function namespaceOf(prefix: string, scope: Scope | undefined): string | undefined {
  for (let inner = scope; inner !== undefined; inner = inner.outer) {
    if (inner.prefix === prefix) {
      return inner.namespace;
    }
  }
  return prefix === "" ? "" : prefix === "xml" ? XML_NAMESPACE : undefined;
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
