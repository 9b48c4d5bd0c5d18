import { expect, it } from "vitest";
import { html, linkTo } from "../../../../adapters/mail/letters/safe-html.ts";

it("what is put into HTML is text, in elements and in attributes", () => {
  const text = `<b title="x" lang='y'>&amp;`;
  const escaped = "&lt;b title=&quot;x&quot; lang=&#39;y&#39;&gt;&amp;amp;";
  expect(String(html`<p title="${text}">${text}</p>`)).toBe(`<p title="${escaped}">${escaped}</p>`);
});

it("HTML is put into HTML as it is, once or many times, and nothing as nothing", () => {
  const word = html`<b>${"&"}</b>`;
  expect(String(html`<p>${[word, word]}${word}${undefined}${false}</p>`)).toBe(
    "<p><b>&amp;</b><b>&amp;</b><b>&amp;</b></p>",
  );
});

it("what does not lead to the web is no link", () => {
  expect(String(linkTo({ label: "<here>", href: "https://cal.example/?a=1&b='2'" }, "color:inherit"))).toBe(
    '<a href="https://cal.example/?a=1&amp;b=%272%27" style="color:inherit">&lt;here&gt;</a>',
  );
  expect(String(linkTo({ label: "<here>", href: "javascript:alert(1)" }, ""))).toBe("&lt;here&gt;");
});
