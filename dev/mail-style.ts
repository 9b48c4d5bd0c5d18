/** How the mail sink's pages look. */

export const MAIL_STYLE = `
:root { color-scheme: light dark; --line: #dedbd2; --muted: #5a645f; --card: #fff; --page: #f7f6f2; --ink: #1d2421; --link: #0a5d50 }
@media (prefers-color-scheme: dark) {
  :root { --line: #303a35; --muted: #a3afa9; --card: #1a201d; --page: #121614; --ink: #e9eeeb; --link: #83dcc9 }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 3rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem }
h2 { font-size: 1rem; margin: 1.75rem 0 .5rem }
a { color: var(--link) }
.muted, dt { color: var(--muted) }
.list { list-style: none; margin: 1.25rem 0; padding: 0; border: 1px solid var(--line); border-radius: 12px; background: var(--card) }
.list li { display: grid; gap: 0 1rem; grid-template-columns: 1fr auto; padding: .75rem 1rem }
.list li + li { border-top: 1px solid var(--line) }
.subject { grid-column: 1 / -1; font-weight: 600 }
.badge { padding: .1rem .5rem; border: 1px solid var(--line); border-radius: 9px; color: var(--muted); font-size: .8rem; font-weight: 400 }
.empty { padding: 2rem; border: 1px dashed var(--line); border-radius: 12px; text-align: center }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem 1rem; margin: 1rem 0 }
dd { margin: 0 }
pre, iframe, details { width: 100%; margin: 0; border: 1px solid var(--line); border-radius: 12px; background: var(--card) }
pre { padding: 1rem; white-space: pre-wrap; font: .9rem/1.5 ui-monospace, monospace }
iframe { height: 28rem; resize: vertical; background: #fff; color-scheme: light }
details { margin-top: 1rem }
summary { padding: .75rem 1rem; cursor: pointer }
details pre { border: 0; padding-top: 0 }
@media (max-width: 30rem) { .list li { grid-template-columns: 1fr } }
`;
