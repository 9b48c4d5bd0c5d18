/** Builds ui/ into public/ (hashed JS and CSS, index.html, _headers) and fails when the booking page grows too heavy. Never watches or serves. */

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";

const root = join(import.meta.dirname, "..");
const publicFolder = join(root, "public");
const assetsFolder = join(publicFolder, "assets");

/** The page a stranger opens on a phone: its script and style together, gzipped. */
const BOOKING_PAGE_BUDGET_BYTES = 40 * 1024;

const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
].join("; ");

const HEADERS = `/*
  Content-Security-Policy: ${CONTENT_SECURITY_POLICY}
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
  Permissions-Policy: camera=(), microphone=(), geolocation=()

/assets/*
  Cache-Control: public, max-age=31536000, immutable
`;

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { app: "ui/main.ts", style: "ui/style/main.css" },
  outdir: "public/assets",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  metafile: true,
});

const outputs = metafile.outputs;
const script = outputOf("ui/main.ts");
const style = outputOf("ui/style/main.css");

const preloads = [...staticClosure(script)]
  .filter((file) => file !== script)
  .map((file) => `<link rel="modulepreload" href="${urlOf(file)}" />`);
const index = (await readFile(join(root, "ui/index.html"), "utf8"))
  .replace("<!-- preloads -->", preloads.join(""))
  .replace("/main.css", urlOf(style))
  .replace("/main.ts", urlOf(script));

await mkdir(publicFolder, { recursive: true });
await writeFile(join(publicFolder, "index.html"), index);
await writeFile(join(publicFolder, "_headers"), HEADERS);
await cp(join(root, "ui/static"), publicFolder, { recursive: true });

// Stale files go last, so that a server reading the folder never sees an index without its chunks.
const current = new Set(Object.keys(outputs).map((file) => basename(file)));
for (const file of await readdir(assetsFolder)) {
  if (!current.has(file)) await rm(join(assetsFolder, file), { force: true });
}

await report();

function outputOf(entryPoint: string): string {
  const found = Object.entries(outputs).find(([, output]) => output.entryPoint === entryPoint);
  if (!found) throw new Error(`esbuild made no output for ${entryPoint}`);
  return found[0];
}

function urlOf(file: string): string {
  return `/assets/${basename(file)}`;
}

/** The file and everything it imports before it can run. */
function staticClosure(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports: Metafile["outputs"][string]["imports"] = outputs[file]?.imports ?? [];
  for (const each of imports) if (each.kind === "import-statement") staticClosure(each.path, seen);
  return seen;
}

/** Prints what each page downloads, and throws when the booking page is over its budget. */
async function report(): Promise<void> {
  const pages = Object.entries(outputs).filter(([, output]) => output.entryPoint?.startsWith("ui/pages/"));
  for (const [file, output] of pages) {
    const files = new Set([...staticClosure(script), ...staticClosure(file), style]);
    let bytes = 0;
    for (const each of files) bytes += gzipSync(await readFile(join(root, each))).length;
    const page = basename(output.entryPoint ?? "", ".ts");
    console.log(`${page.padEnd(20)} ${(bytes / 1024).toFixed(1).padStart(6)} KB gzip`);
    if (page.startsWith("book") && bytes > BOOKING_PAGE_BUDGET_BYTES) {
      throw new Error(`${page} downloads ${bytes} bytes; its budget is ${BOOKING_PAGE_BUDGET_BYTES}`);
    }
  }
}
