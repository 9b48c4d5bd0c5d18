/** What a letter is made of, before it is text or HTML. */

export interface Link {
  readonly label: string;
  /** Only what leads to the web becomes a link. */
  readonly href: string;
}

export interface Fact {
  readonly label: string;
  /** One line. */
  readonly value: string;
  /** Where the value leads, if it is a link. */
  readonly href?: string;
}

export interface Quote {
  readonly label: string;
  /** Some lines. */
  readonly text: string;
}

/** All texts are plain. Those of other people stand in `facts` and `quotes` only, and elsewhere as far as they are names. */
export interface LetterParts {
  readonly subject: string;
  readonly heading: string;
  readonly facts: readonly Fact[];
  /** Our own words: a paragraph each. */
  readonly paragraphs: readonly string[];
  /** What somebody wrote: set apart, so that it is not taken for our own words. */
  readonly quotes: readonly Quote[];
  /** The first one is what the reader most likely wants. */
  readonly actions: readonly Link[];
  /** Small print. */
  readonly footer: readonly string[];
  readonly footerLink?: Link;
}
