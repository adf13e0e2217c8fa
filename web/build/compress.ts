import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const worthCompressing = /\.(?:js|css|html|svg|json|txt)$/;

/** JavaScript a first visit loads, gzipped: past this the build fails. */
const entryBudgetBytes = 140_000;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Writes `.br` and `.gz` beside each text asset, and holds the entry to its budget. */
export function compress(): Plugin {
  let folder = "dist";
  let javascriptBytes = 0;
  return {
    name: "realms-compress",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    async closeBundle() {
      for (const path of await readdir(folder, { recursive: true })) {
        if (!worthCompressing.test(path)) continue;
        const gzipped = await compressFile(join(folder, path));
        if (path.endsWith(".js")) javascriptBytes += gzipped;
      }
      if (javascriptBytes > entryBudgetBytes) {
        throw new Error(`the entry is ${javascriptBytes} bytes gzipped, over ${entryBudgetBytes}`);
      }
    },
  };
}

/** Writes the compressed copies that are smaller than the file; returns the gzipped size. */
async function compressFile(path: string): Promise<number> {
  const plain = await readFile(path);
  const gzipped = await zip(plain, { level: 9 });
  const brotlied = await brotli(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  });
  if (gzipped.length < plain.length) await writeFile(`${path}.gz`, gzipped);
  if (brotlied.length < plain.length) await writeFile(`${path}.br`, brotlied);
  return gzipped.length;
}
