// Holds a build to its budgets: what a first visit loads, each later piece, the styles. Reads Vite's manifest and moves
// it out of dist, so that it is not served.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Kilobytes of 1000 bytes, gzipped. */
const budgets = {
  entry: { warn: 125, fail: 140 },
  chunk: { warn: 60, fail: 60 },
  styles: { warn: 25, fail: 25 },
  everything: { warn: 900, fail: 900 },
};

const made = join("dist", ".vite", "manifest.json");
const kept = join("node_modules", ".vite", "manifest.json");
if (existsSync(made)) {
  mkdirSync(join("node_modules", ".vite"), { recursive: true });
  renameSync(made, kept);
  rmSync(join("dist", ".vite"), { recursive: true });
}

/** @type {Record<string, { file: string, isEntry?: boolean, imports?: string[], css?: string[] }>} */
const manifest = JSON.parse(readFileSync(kept, "utf8"));
const zipped = new Map();
const size = (file) => {
  if (!zipped.has(file)) {
    const bytes = gzipSync(readFileSync(join("dist", file)), { level: 9 }).length;
    zipped.set(file, bytes / 1000);
  }
  return zipped.get(file);
};

/** The pieces that a piece cannot run without. */
function closure(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const next of manifest[key]?.imports ?? []) closure(next, found);
  return found;
}

const entries = Object.keys(manifest).filter((key) => manifest[key].isEntry);
const first = new Set(entries.flatMap((key) => [...closure(key)]));
const scripts = [...new Set(Object.values(manifest).map(({ file }) => file))].filter((file) =>
  file.endsWith(".js"),
);
const styles = [...new Set(Object.values(manifest).flatMap(({ css = [] }) => css))];
const total = (files) => files.reduce((sum, file) => sum + size(file), 0);

const findings = [
  ["entry", total([...first].map((key) => manifest[key].file)), budgets.entry],
  ["styles", total(styles), budgets.styles],
  ["everything", total(scripts), budgets.everything],
  ...Object.entries(manifest)
    .filter(([key, { file }]) => !first.has(key) && file.endsWith(".js"))
    .map(([, { file }]) => [file, size(file), budgets.chunk]),
];

/** Files of scripts that a page needs before it can be used, the languages' texts left out. */
const mostFiles = 18;

let failed = false;
for (const key of Object.keys(manifest)) {
  const layout = /^src\/routes\/(_\w+)\/.*tsr-split=component/.exec(key)?.[1];
  if (layout === undefined) continue;
  const needed = Object.keys(manifest).filter((one) => one.startsWith(`src/routes/${layout}.tsx`));
  const files = [...entries, ...needed, key].flatMap((one) => [...closure(one)]);
  const count = new Set(files.map((one) => manifest[one].file)).size;
  if (count > mostFiles) {
    failed = true;
    process.stderr.write(`over budget: ${key} needs ${count} files, at most ${mostFiles}\n`);
  }
}
for (const [name, kilobytes, { warn, fail }] of findings) {
  const text = `${name}: ${kilobytes.toFixed(1)} kB gzipped`;
  if (kilobytes > fail) {
    failed = true;
    process.stderr.write(`over budget: ${text}, at most ${fail}\n`);
  } else if (kilobytes > warn) {
    process.stderr.write(`near its budget: ${text}, better below ${warn}\n`);
  } else if (["entry", "styles", "everything"].includes(name)) {
    process.stdout.write(`${text}\n`);
  }
}
process.exitCode = failed ? 1 : 0;
