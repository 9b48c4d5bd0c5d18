/** HTML in which every text of anybody is escaped, because nothing else can be put into it. No I/O. */

/** Only `html` makes one. */
export class SafeHtml {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }

  /** The template's own text is markup; what is put into it is text, unless it is SafeHtml already. */
  static of(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): SafeHtml {
    const parts = strings.map((text, index) => (index === 0 ? "" : markupOf(values[index - 1])) + text);
    return new SafeHtml(parts.join(""));
  }
}

type HtmlValue = string | SafeHtml | readonly SafeHtml[] | undefined;

/** A tagged template. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): SafeHtml {
  return SafeHtml.of(strings, ...values);
}

function markupOf(value: HtmlValue): string {
  if (value === undefined) return "";
  if (value instanceof SafeHtml) return value.toString();
  return typeof value === "string" ? escaped(value) : value.map(String).join("");
}

/** In text and in quoted attributes alike. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
