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

type HtmlValue = string | SafeHtml | readonly SafeHtml[] | undefined | false;

/** A tagged template; for text and for attributes in double quotes. Of `href` only `linkTo` knows what may stand there. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): SafeHtml {
  return SafeHtml.of(strings, ...values);
}

/** A link, if it leads to the web; otherwise its words alone. */
export function linkTo(
  { label, href }: { readonly label: string; readonly href: string },
  style: string,
): SafeHtml {
  const address = webAddress(href);
  if (address === undefined) return html`${label}`;
  return html`<a href="${address}" style="${style}">${label}</a>`;
}

/** An http or https address as it is written out in full; undefined for everything else, such as `javascript:`. */
export function webAddress(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}

function markupOf(value: HtmlValue): string {
  if (value === undefined || value === false) return "";
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
